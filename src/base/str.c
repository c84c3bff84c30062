/* Views of bytes; the words below buf.c (which builds text) and utf8.c (which judges it). */
#include "base/str.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool
str_ieqc(struct str a, const char *b)
{
    return a.len == strlen(b) && strncasecmp(a.s, b, a.len) == 0;
}

static bool
is_same_byte(char a, char b, bool any_case)
{
    return a == b || (any_case && tolower((unsigned char)a) == tolower((unsigned char)b));
}

bool
str_glob(struct str s, struct str pattern, bool any_case)
{
    size_t i = 0, k = 0, star = SIZE_MAX, from = 0;
    while (i < s.len) {
        if (k < pattern.len && pattern.s[k] == '*') {
            star = k++;
            from = i;
        } else if (k < pattern.len && is_same_byte(pattern.s[k], s.s[i], any_case)) {
            k++;
            i++;
        } else if (star != SIZE_MAX) { /* the star takes one more */
            k = star + 1;
            i = ++from;
        } else {
            return false;
        }
    }
    while (k < pattern.len && pattern.s[k] == '*')
        k++;
    return k == pattern.len;
}

int
str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.s, b.s, n) : 0;
    if (c)
        return c;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool
str_starts(struct str a, const char *prefix)
{
    size_t n = strlen(prefix);
    return a.len >= n && memcmp(a.s, prefix, n) == 0;
}

bool
str_ends(struct str a, const char *suffix)
{
    size_t n = strlen(suffix);
    return a.len >= n && memcmp(a.s + a.len - n, suffix, n) == 0;
}

long
str_find(struct str a, const char *needle)
{
    assert(needle);
    const char *p = a.len ? memmem(a.s, a.len, needle, strlen(needle)) : NULL;
    return p ? (long)(p - a.s) : -1;
}

struct str
str_trim(struct str a)
{
    while (a.len && isspace((unsigned char)a.s[0]))
        a.s++, a.len--;
    while (a.len && isspace((unsigned char)a.s[a.len - 1]))
        a.len--;
    return a;
}

struct str
str_cut(struct str *rest, char sep)
{
    assert(rest);
    const char *p = rest->len ? memchr(rest->s, sep, rest->len) : NULL;
    struct str head = *rest;
    if (!p) {
        *rest = str_n(rest->s + rest->len, 0);
        return head;
    }
    head.len = (size_t)(p - rest->s);
    rest->s += head.len + 1;
    rest->len -= head.len + 1;
    return head;
}

/* Levenshtein's distance by two rows of his table, with neighbours that changed places as one mistake, which they are to
 * who types (optimal string alignment); STR_MAX_WORD + 1 for words that are longer than that. */
enum { STR_MAX_WORD = 255 };

static size_t
distance(struct str a, struct str b)
{
    size_t row[STR_MAX_WORD + 1], before[STR_MAX_WORD + 1] = {0};
    if (a.len > STR_MAX_WORD || b.len > STR_MAX_WORD)
        return STR_MAX_WORD + 1;
    for (size_t k = 0; k <= b.len; k++)
        row[k] = k;
    for (size_t i = 0; i < a.len; i++) {
        size_t above_left = row[0];
        row[0] = i + 1;
        size_t two_before = 0; /* before[k - 1], which this row has taken the place of */
        for (size_t k = 0; k < b.len; k++) {
            size_t change = above_left + !is_same_byte(a.s[i], b.s[k], true);
            size_t put = row[k] + 1, take = row[k + 1] + 1;
            size_t least = put < take ? put : take, swapped = two_before + 1;
            bool is_swap = i && k && is_same_byte(a.s[i], b.s[k - 1], true) &&
                           is_same_byte(a.s[i - 1], b.s[k], true);
            two_before = before[k];
            before[k] = above_left;
            above_left = row[k + 1];
            row[k + 1] = change < least ? change : least;
            if (is_swap && swapped < row[k + 1])
                row[k + 1] = swapped;
        }
    }
    return row[b.len];
}

struct str
str_nearest(struct str word, const struct str *known, size_t n)
{
    struct str best = str_c("");
    size_t least = SIZE_MAX;
    assert(known || n == 0);
    for (size_t i = 0; i < n; i++) {
        size_t longer = known[i].len > word.len ? known[i].len : word.len;
        size_t far = distance(word, known[i]);
        if (known[i].len == 0 || far >= least || far * 5 > longer * 2)
            continue;
        least = far;
        best = known[i];
    }
    return best;
}

bool
str_to_i64(struct str a, int64_t *ret)
{
    char tmp[24];
    if (a.len == 0 || a.len >= sizeof tmp || isspace((unsigned char)a.s[0]))
        return false;
    memcpy(tmp, a.s, a.len); /* strtoll wants a NUL, which a piece of a line has not */
    tmp[a.len] = 0;
    char *end;
    errno = 0;
    long long v = strtoll(tmp, &end, 10);
    if (errno || *end || (size_t)(end - tmp) != a.len)
        return false;
    *ret = v;
    return true;
}

bool
str_to_double(struct str a, double *ret)
{
    char tmp[64];
    if (a.len == 0 || a.len >= sizeof tmp)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (!strchr("0123456789+-.eE", a.s[i]) || !a.s[i])
            return false;
    memcpy(tmp, a.s, a.len);
    tmp[a.len] = 0;
    char *end;
    double v = strtod(tmp, &end);
    if (*end || end == tmp)
        return false;
    *ret = v;
    return true;
}
