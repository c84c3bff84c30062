/* Names of encodings.
 * What:   the encodings of agents that can be read, by the names that writers and settings use.
 * Owner:  constant texts; charset_list allocates in the given arena.
 * Units:  none.
 * Errors: none: an unknown name has no converter.
 * See:    ingest/encoding.h, which converts; the WHATWG Encoding Standard, section 4.2 */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include "base/arena.h"

/* What iconv(3) calls an encoding of that name; NULL = none that can be read. UTF-8 is not among
 * them. */
const char *charset_converter(struct str name);
/* The converter of the i-th encoding of the table; NULL behind the last. */
const char *charset_converter_at(size_t i);
/* True for names of UTF-8 and of its part ASCII. */
bool charset_is_utf8(struct str name);
/* True for names of UTF-16 and UCS-2. */
bool charset_is_utf16(struct str name);
/* True for names of ISO-8859-1. */
bool charset_is_latin1(struct str name);
/* True for an encoding that fallback-encoding may name: one of bytes. */
bool charset_may_be_forced(struct str name);
/* "UTF-8, UTF-16, …" for messages; without these two when only what may be forced is asked for. */
struct str charset_list(struct arena *a, bool may_be_forced);

#endif
