/* A name as one segment of the path of an address.
 * What:   all but letters, digits, "-", "." and "_" is percent-encoded, a slash as well.
 * Owner:  the arena.   Units: bytes.   Errors: none.
 * See:    RFC 3986 §2 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/arena.h"

/* The segment. */
struct str url_segment(struct arena *a, struct str name);

#endif
