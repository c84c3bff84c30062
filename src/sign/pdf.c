/* Reading just enough PDF; below pades.c (sealing) and verify_pdf.c. */
#include "sign/pdf.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { TAIL_SIZE = 2048, MAX_DEPTH = 64, MAX_DICT = 1 << 20, MAX_SIGNATURES = 100 };

static bool
is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool
is_delimiter(char c)
{
    return is_space(c) || (c && strchr("()<>[]{}/%", c));
}

static size_t
skip_space(struct str s, size_t at)
{
    while (at < s.len && is_space(s.s[at]))
        at++;
    return at;
}

static bool
stands_at(struct str s, size_t at, const char *word)
{
    size_t n = strlen(word);
    return at <= s.len && s.len - at >= n && memcmp(s.s + at, word, n) == 0;
}

/* An unsigned number at *at; moves behind it. */
static bool
take_number(struct str s, size_t *at, int64_t *ret)
{
    size_t from = skip_space(s, *at), i = from;
    while (i < s.len && i - from < 18 && isdigit((unsigned char)s.s[i]))
        i++;
    if (i == from || !str_to_i64(str_n(s.s + from, i - from), ret))
        return false;
    *at = i;
    return true;
}

/* ---- one token, so that strings and nested things are passed over whole ---- */

static size_t
end_of_string(struct str s, size_t at)
{
    int depth = 0;
    for (; at < s.len; at++) {
        if (s.s[at] == '\\')
            at++;
        else if (s.s[at] == '(')
            depth++;
        else if (s.s[at] == ')' && --depth == 0)
            return at + 1;
    }
    return s.len;
}

static size_t
end_of_token(struct str s, size_t at)
{
    if (s.s[at] == '(')
        return end_of_string(s, at);
    if (stands_at(s, at, "<<") || stands_at(s, at, ">>"))
        return at + 2;
    if (s.s[at] == '<') {
        const char *p = memchr(s.s + at, '>', s.len - at);
        return p ? (size_t)(p - s.s) + 1 : s.len;
    }
    if (s.s[at] == '[' || s.s[at] == ']')
        return at + 1;
    size_t i = at + 1;
    while (i < s.len && !is_delimiter(s.s[i]))
        i++;
    return i;
}

/* The end of the value that begins at `at`: a token, an array, a dictionary or "n g R". */
static size_t
end_of_value(struct str s, size_t at)
{
    int depth = 0;
    int64_t ignored;
    do {
        at = skip_space(s, at);
        if (at >= s.len)
            return s.len;
        if (stands_at(s, at, "<<") || s.s[at] == '[')
            depth++;
        else if (stands_at(s, at, ">>") || s.s[at] == ']')
            depth--;
        at = end_of_token(s, at);
    } while (depth > 0 && depth < MAX_DEPTH);
    size_t ref = at;
    if (take_number(s, &ref, &ignored) && stands_at(s, skip_space(s, ref), "R"))
        return skip_space(s, ref) + 1;
    return at;
}

struct str
pdf_dict_at(struct str pdf, size_t at)
{
    if (!stands_at(pdf, at, "<<"))
        return STR("");
    struct str s = str_n(pdf.s, pdf.len - at > MAX_DICT ? at + MAX_DICT : pdf.len);
    int depth = 0;
    for (size_t i = at; i < s.len;) {
        i = skip_space(s, i);
        if (i >= s.len)
            break;
        depth += stands_at(s, i, "<<") ? 1 : stands_at(s, i, ">>") ? -1 : 0;
        i = end_of_token(s, i);
        if (depth == 0)
            return str_n(pdf.s + at, i - at);
    }
    return STR("");
}

struct str
pdf_dict_get(struct str dict, const char *key)
{
    size_t at = 2;
    if (dict.len < 4)
        return STR("");
    struct str inside = str_n(dict.s, dict.len - 2);
    while ((at = skip_space(inside, at)) < inside.len) {
        size_t name_end = end_of_token(inside, at), value = skip_space(inside, name_end);
        struct str name = str_n(inside.s + at, name_end - at);
        if (value >= inside.len)
            break;
        size_t end = end_of_value(inside, value);
        if (name.s[0] == '/' && str_eqc(str_n(name.s + 1, name.len - 1), key))
            return str_n(inside.s + value, end - value);
        at = name.s[0] == '/' ? end : name_end;
    }
    return STR("");
}

/* ---- the tail ---- */

static int
find_startxref(struct str pdf, size_t *ret, struct diag *d)
{
    static const char word[] = "startxref";
    size_t from = pdf.len > TAIL_SIZE ? pdf.len - TAIL_SIZE : 0, found = 0;
    int64_t offset;
    for (size_t i = from; i + sizeof word < pdf.len; i++)
        if (stands_at(pdf, i, word))
            found = i + sizeof word - 1;
    if (!found || !take_number(pdf, &found, &offset) || offset <= 0 || (size_t)offset >= pdf.len)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: no startxref at the end: is the file complete?");
    *ret = (size_t)offset;
    return 0;
}

/* The trailer's dictionary behind a table; the table itself is of no interest here. */
static struct str
table_trailer(struct str pdf, size_t at)
{
    const char *p = memmem(pdf.s + at, pdf.len - at, "trailer", 7);
    return p ? pdf_dict_at(pdf, skip_space(pdf, (size_t)(p - pdf.s) + 7)) : STR("");
}

static struct str
stream_trailer(struct str pdf, size_t at)
{
    int64_t n;
    if (!take_number(pdf, &at, &n) || !take_number(pdf, &at, &n))
        return STR("");
    at = skip_space(pdf, at);
    return stands_at(pdf, at, "obj") ? pdf_dict_at(pdf, skip_space(pdf, at + 3)) : STR("");
}

int
pdf_tail_read(struct str pdf, struct pdf_tail *ret, struct diag *d)
{
    struct pdf_tail t = {0};
    size_t at = 0;
    if (!str_starts(pdf, "%PDF-"))
        return diag_fail(d, DIAG_BAD_DATA, "not a PDF: it does not begin with %%PDF-");
    if (find_startxref(pdf, &t.startxref, d) != 0)
        return -1;
    t.is_stream = !stands_at(pdf, t.startxref, "xref");
    struct str dict = t.is_stream ? stream_trailer(pdf, t.startxref)
                                  : table_trailer(pdf, t.startxref);
    struct str size = pdf_dict_get(dict, "Size");
    t.root = pdf_dict_get(dict, "Root");
    t.info = pdf_dict_get(dict, "Info");
    t.id = pdf_dict_get(dict, "ID");
    if (!t.root.len || !take_number(size, &at, &t.size) || t.size < 2 || t.size > INT32_MAX)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: the trailer has no /Root or /Size");
    *ret = t;
    return 0;
}

/* ---- the field ---- */

/* The "n g obj" whose dictionary holds the position at. */
static bool
object_around(struct str pdf, size_t at, struct pdf_object *ret)
{
    size_t low = at > MAX_DICT ? at - MAX_DICT : 0;
    for (size_t i = at; i > low + 3; i--) {
        if (stands_at(pdf, i, "endobj"))
            return false;
        if (!stands_at(pdf, i, " obj"))
            continue;
        size_t n = i;
        while (n > low && (isdigit((unsigned char)pdf.s[n - 1]) || pdf.s[n - 1] == ' '))
            n--;
        size_t head = n;
        ret->dict = pdf_dict_at(pdf, skip_space(pdf, i + 4));
        return take_number(pdf, &head, &ret->number) && take_number(pdf, &head, &ret->generation) &&
               ret->dict.len && ret->dict.s + ret->dict.len > pdf.s + at;
    }
    return false;
}

int
pdf_find_field(struct str pdf, const char *name, struct pdf_object *ret, struct diag *d)
{
    char text[80];
    bool found = false;
    snprintf(text, sizeof text, "(%s)", name);
    for (size_t at = 0; at < pdf.len;) {
        const char *p = memmem(pdf.s + at, pdf.len - at, text, strlen(text));
        if (!p)
            break;
        struct pdf_object o;
        at = (size_t)(p - pdf.s);
        if (object_around(pdf, at, &o) && str_eqc(pdf_dict_get(o.dict, "T"), text) &&
            str_eqc(pdf_dict_get(o.dict, "FT"), "/Sig")) {
            *ret = o;
            found = true; /* the last one is the newest */
        }
        at++;
    }
    if (!found)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: no signature field \"%s\"", name);
    return 0;
}

/* ---- signatures ---- */

/* The dictionary around a position, by the nearest "<<" whose end lies behind it. */
static struct str
dict_around(struct str pdf, size_t at)
{
    size_t low = at > MAX_DICT ? at - MAX_DICT : 0;
    for (size_t i = at; i > low; i--) {
        struct str dict = stands_at(pdf, i, "<<") ? pdf_dict_at(pdf, i) : STR("");
        if (dict.len && dict.s + dict.len > pdf.s + at)
            return dict;
    }
    return STR("");
}

static int
parse_range(struct str value, int64_t range[4])
{
    size_t at = 1;
    for (int i = 0; i < 4; i++)
        if (!value.len || !take_number(value, &at, &range[i]))
            return -1;
    return 0;
}

/* ISO 32000-1 §12.8.1: two pieces, the first from byte 0, the hole exactly the /Contents string. */
static const char *
check_range(struct str pdf, const struct pdf_signature *s)
{
    const int64_t *r = s->range;
    int64_t len = (int64_t)pdf.len;
    if (r[0] != 0 || r[1] <= 0 || r[2] <= r[1] || r[3] < 0 || r[2] > len || r[3] > len - r[2])
        return "/ByteRange does not lie inside the file";
    if (!s->contents_hex.len || pdf.s + r[1] + 1 != s->contents_hex.s ||
        pdf.s + r[2] - 1 != s->contents_hex.s + s->contents_hex.len)
        return "the hole of /ByteRange is not the /Contents string";
    return NULL;
}

int
pdf_next_signature(struct str pdf, size_t *at, struct pdf_signature *ret, struct diag *d)
{
    static const char key[] = "/ByteRange";
    const char *p = *at < pdf.len ? memmem(pdf.s + *at, pdf.len - *at, key, sizeof key - 1) : NULL;
    struct pdf_signature s = {.contents_hex = STR("")};
    if (!p)
        return 0;
    *at = (size_t)(p - pdf.s) + sizeof key - 1;
    struct str dict = dict_around(pdf, (size_t)(p - pdf.s));
    struct str contents = pdf_dict_get(dict, "Contents"), sub = pdf_dict_get(dict, "SubFilter");
    if (contents.len > 2 && contents.s[0] == '<')
        s.contents_hex = str_n(contents.s + 1, contents.len - 2);
    s.sub_filter = sub.len ? str_n(sub.s + 1, sub.len - 1) : STR("");
    s.time = pdf_dict_get(dict, "M");
    const char *broken = parse_range(pdf_dict_get(dict, "ByteRange"), s.range) != 0
                             ? "/ByteRange is not four numbers"
                             : check_range(pdf, &s);
    if (broken)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: %s", broken);
    *ret = s;
    return 1;
}
