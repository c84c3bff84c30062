/* The words of a PDF: values, dictionaries, references, cut out of the bytes where they stand.
 * What:   ISO 32000-1 §7.2–7.3 as far as signatures need it. Nothing is copied or changed but the
 *         text of strings.
 * Owner:  results point into the given bytes.
 * Units:  byte offsets; at most PDF_VALUE_MAX bytes a value.
 * Errors: an empty str or false: there is no such thing. */
#ifndef SIGN_PDF_TOKEN_H
#define SIGN_PDF_TOKEN_H

#include <stdint.h>

#include "base/arena.h"

enum { PDF_VALUE_MAX = 1 << 20, PDF_DEPTH_MAX = 64 };

struct pdf_members { /* a walk over a dictionary or an array */
    struct str inside;
    size_t at;
};

/* The first position at or after at that is neither white space nor comment. */
size_t pdf_skip(struct str s, size_t at);
/* True when the word stands at offset at. */
bool pdf_stands(struct str s, size_t at, const char *word);
/* Takes an unsigned decimal number at or after *at and moves behind it. */
bool pdf_number(struct str s, size_t *at, int64_t *ret);
/* The whole value that begins at or after at; empty when it does not end or is too large. */
struct str pdf_value(struct str s, size_t at);
/* Starts a walk over the inside of <<…>> or […]; over nothing when the value is neither. */
struct pdf_members pdf_walk(struct str value);
/* The next key and value of a dictionary; false at the end or at what is no member. */
bool pdf_next_member(struct pdf_members *m, struct str *ret_key, struct str *ret_value);
/* The next element of an array. */
bool pdf_next_element(struct pdf_members *m, struct str *ret);
/* True when the value is a dictionary of nothing but keys and values. */
bool pdf_is_dict(struct str value);
/* The value of a key, the first when it is there more than once; empty when missing or null. */
struct str pdf_get(struct str dict, const char *key);
/* How often a key stands in the dictionary. */
int pdf_count(struct str dict, const char *key);
/* True when the value is the name (given without slash; #xx is understood). */
bool pdf_is_name(struct str value, const char *name);
/* The whole value is an unsigned integer. */
bool pdf_is_int(struct str value, int64_t *ret);
/* The whole value is "n g R". */
bool pdf_is_ref(struct str value, int64_t *ret_number, int64_t *ret_generation);
/* The bytes of a literal or hex string; UTF-16 becomes ASCII where it is, '?' where it is not. */
struct str pdf_text(struct str value, struct arena *a);

#endif
