/* Base64 (RFC 4648 §4), strict both ways.
 * What:   encoding and decoding by OpenSSL; decoding takes exactly what encoding writes: no line
 *         breaks, no missing padding, no stray bits.
 * Owner:  results live in the arena.   Units: bytes.
 * Errors: decoding returns false. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/arena.h"

/* The text of n bytes. */
struct str base64_encode(struct arena *a, const void *p, size_t n);
/* The bytes of a text; false when it is none. */
bool base64_decode(struct arena *a, struct str text, struct str *ret);

#endif
