/* Immutable byte strings with a length.
 * What:   struct str points at bytes that somebody else owns, most often an arena. When it came
 *         from this file or an arena it is NUL-terminated behind len; text of hosts may hold any
 *         byte, so use len and not strlen. An empty str has a non-NULL pointer.
 * Owner:  never frees; lives as long as what it points into.
 * Units:  len = bytes without the NUL.   Errors: none. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *s; /* never NULL once set by STR(), str_c() or an arena */
    size_t len;    /* bytes, without the NUL */
};

/* A str of a string literal, usable as an initialiser. */
#define STR(lit) ((struct str){.s = (lit), .len = sizeof(lit) - 1})
/* The same inside a static table. */
#define STR_INIT(lit)                                                                              \
    {                                                                                              \
        .s = (lit), .len = sizeof(lit) - 1                                                         \
    }
/* The two arguments of "%.*s". */
#define STR_ARG(x) (int)(x).len, (x).s ? (x).s : ""

/* The next four are asked for every element and attribute of every file: here, so that the length
 * of a literal is known when the program is compiled. */

/* Wraps len bytes at s. */
static inline struct str
str_n(const char *s, size_t len)
{
    assert(s || len == 0);
    return (struct str){.s = s ? s : "", .len = len};
}

/* Wraps a C string; NULL becomes the empty str. */
static inline struct str
str_c(const char *s)
{
    return str_n(s, s ? strlen(s) : 0);
}

/* True when a and b hold the same bytes. */
static inline bool
str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
}

/* True when a holds the bytes of the C string b. */
static inline bool
str_eqc(struct str a, const char *b)
{
    return str_eq(a, str_c(b));
}

/* The same, ASCII letters compared without case. */
bool str_ieqc(struct str a, const char *b);
/* Whether the whole of s fits a pattern in which * stands for any bytes, none included; any_case: ASCII
 * letters without case. Goes back to the last * only, so that it takes the product of the lengths at
 * most. */
bool str_glob(struct str s, struct str pattern, bool any_case);
/* Byte order: < 0, 0, > 0 as memcmp, the shorter first on a common prefix. */
int str_cmp(struct str a, struct str b);
/* True when a begins with the C string prefix. */
bool str_starts(struct str a, const char *prefix);
/* True when a ends with the C string suffix. */
bool str_ends(struct str a, const char *suffix);
/* Position of the first needle in a, or -1. */
long str_find(struct str a, const char *needle);
/* a without ASCII white space at both ends. */
struct str str_trim(struct str a);
/* Cuts the piece before the next sep off *rest and returns it (whole rest when there is none). */
struct str str_cut(struct str *rest, char sep);
/* Which of n known words somebody probably meant who wrote `word`: the one with the fewest bytes to put, take
 * away, change or swap with the next one, ASCII letters without case; at most two of five may differ.
 * Empty = none is near. */
struct str str_nearest(struct str word, const struct str *known, size_t n);
/* Parses a whole decimal integer; returns false and leaves *ret alone on anything else. */
bool str_to_i64(struct str a, int64_t *ret);
/* Parses a whole decimal number in the C locale; returns false on anything else. */
bool str_to_double(struct str a, double *ret);

#endif
