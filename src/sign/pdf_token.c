/* The lowest layer of reading PDF; pdf_file.c finds objects with it, pdf_form.c fields. */
#include "sign/pdf_token.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/buf.h"

static bool
is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool
is_delimiter(char c)
{
    return is_space(c) || strchr("()<>[]{}/%", c);
}

size_t
pdf_skip(struct str s, size_t at)
{
    for (; at < s.len; at++) {
        if (s.s[at] == '%')
            while (at + 1 < s.len && s.s[at + 1] != '\n' && s.s[at + 1] != '\r')
                at++;
        else if (!is_space(s.s[at]))
            break;
    }
    return at;
}

bool
pdf_stands(struct str s, size_t at, const char *word)
{
    size_t n = strlen(word);
    return at <= s.len && s.len - at >= n && memcmp(s.s + at, word, n) == 0;
}

bool
pdf_number(struct str s, size_t *at, int64_t *ret)
{
    size_t from = pdf_skip(s, *at), i = from;
    while (i < s.len && i - from < 18 && isdigit((unsigned char)s.s[i]))
        i++;
    bool ends = i == s.len || is_delimiter(s.s[i]);
    if (i == from || !ends || !str_to_i64(str_n(s.s + from, i - from), ret))
        return false;
    *at = i;
    return true;
}

/* ---- the ends of things; 0 = it has none ---- */

static size_t
end_of_string(struct str s, size_t at)
{
    int depth = 0;
    assert(s.s[at] == '(');
    for (; at < s.len; at++) {
        if (s.s[at] == '\\')
            at++;
        else if (s.s[at] == '(')
            depth++;
        else if (s.s[at] == ')' && --depth == 0)
            return at + 1;
    }
    return 0;
}

static size_t
end_of_token(struct str s, size_t at)
{
    assert(at < s.len);
    if (s.s[at] == '(')
        return end_of_string(s, at);
    if (pdf_stands(s, at, "<<") || pdf_stands(s, at, ">>"))
        return at + 2;
    if (s.s[at] == '<') {
        const char *p = memchr(s.s + at, '>', s.len - at);
        return p ? (size_t)(p - s.s) + 1 : 0;
    }
    size_t i = at + 1;
    if (s.s[at] != '/' && is_delimiter(s.s[at]))
        return i;
    while (i < s.len && !is_delimiter(s.s[i]))
        i++;
    return i;
}

/* Counts brackets instead of calling itself: how deep a value nests is up to whoever made the
 * file. */
static size_t
end_of_value(struct str s, size_t at)
{
    int depth = 0;
    do {
        at = pdf_skip(s, at);
        if (at >= s.len)
            return 0;
        if (pdf_stands(s, at, "<<") || s.s[at] == '[')
            depth++;
        else if (pdf_stands(s, at, ">>") || s.s[at] == ']')
            depth--;
        at = end_of_token(s, at);
        if (!at || depth < 0 || depth > PDF_DEPTH_MAX)
            return 0;
    } while (depth > 0);
    return at;
}

struct str
pdf_value(struct str s, size_t at)
{
    int64_t ignored;
    at = pdf_skip(s, at);
    if (at >= s.len)
        return STR("");
    if (s.len - at > PDF_VALUE_MAX)
        s.len = at + PDF_VALUE_MAX;
    size_t ref = at, end = end_of_value(s, at);
    if (pdf_number(s, &ref, &ignored) && pdf_number(s, &ref, &ignored)) {
        ref = pdf_skip(s, ref);
        if (pdf_stands(s, ref, "R") && (ref + 1 == s.len || is_delimiter(s.s[ref + 1])))
            end = ref + 1;
    }
    assert(end <= s.len);
    return end ? str_n(s.s + at, end - at) : STR("");
}

/* ---- dictionaries and arrays ---- */

struct pdf_members
pdf_walk(struct str value)
{
    struct pdf_members m = {.inside = STR("")};
    size_t edge = pdf_stands(value, 0, "<<") ? 2 : pdf_stands(value, 0, "[") ? 1 : 0;
    if (edge && value.len >= 2 * edge)
        m.inside = str_n(value.s + edge, value.len - 2 * edge);
    return m;
}

bool
pdf_next_element(struct pdf_members *m, struct str *ret)
{
    assert(m->at <= m->inside.len);
    struct str v = pdf_value(m->inside, m->at);
    if (!v.len)
        return false;
    m->at = (size_t)(v.s - m->inside.s) + v.len;
    *ret = v;
    return true;
}

bool
pdf_next_member(struct pdf_members *m, struct str *ret_key, struct str *ret_value)
{
    return pdf_next_element(m, ret_key) && ret_key->s[0] == '/' && pdf_next_element(m, ret_value);
}

bool
pdf_is_dict(struct str value)
{
    struct str k, v;
    struct pdf_members m = pdf_walk(value);
    size_t end = 0;
    while (pdf_next_member(&m, &k, &v))
        end = m.at;
    return pdf_stands(value, 0, "<<") && pdf_skip(m.inside, end) == m.inside.len;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
pdf_is_name(struct str value, const char *name)
{
    size_t i = 1;
    if (!value.len || value.s[0] != '/')
        return false;
    for (; i < value.len && *name; name++) {
        int c = (unsigned char)value.s[i++];
        if (c == '#' && i + 2 <= value.len && hex_digit(value.s[i]) >= 0 &&
            hex_digit(value.s[i + 1]) >= 0) {
            c = hex_digit(value.s[i]) * 16 + hex_digit(value.s[i + 1]);
            i += 2;
        }
        if (c != (unsigned char)*name)
            return false;
    }
    return i == value.len && !*name;
}

struct str
pdf_get(struct str dict, const char *key)
{
    struct str k, v;
    struct pdf_members m = pdf_walk(pdf_stands(dict, 0, "<<") ? dict : STR(""));
    while (pdf_next_member(&m, &k, &v))
        if (pdf_is_name(k, key))
            return str_eqc(v, "null") ? STR("") : v;
    return STR("");
}

int
pdf_count(struct str dict, const char *key)
{
    int n = 0;
    struct str k, v;
    struct pdf_members m = pdf_walk(pdf_stands(dict, 0, "<<") ? dict : STR(""));
    while (pdf_next_member(&m, &k, &v))
        n += pdf_is_name(k, key);
    return n;
}

bool
pdf_is_int(struct str value, int64_t *ret)
{
    size_t at = 0;
    return pdf_number(value, &at, ret) && at == value.len;
}

bool
pdf_is_ref(struct str value, int64_t *ret_number, int64_t *ret_generation)
{
    size_t at = 0;
    return pdf_number(value, &at, ret_number) && pdf_number(value, &at, ret_generation) &&
           pdf_stands(value, pdf_skip(value, at), "R");
}

/* ---- text ---- */

static char
unescape(struct str s, size_t *i)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    assert(*i < s.len);
    char c = s.s[*i];
    const char *p = c ? strchr(from, c) : NULL;
    if (p)
        return to[p - from];
    if (c < '0' || c > '7')
        return c;
    int v = 0;
    size_t end = *i + 3;
    for (; *i < end && *i < s.len && s.s[*i] >= '0' && s.s[*i] <= '7'; ++*i)
        v = v * 8 + (s.s[*i] - '0');
    --*i;
    return (char)v;
}

static void
put_hex(struct buf *out, struct str s)
{
    int high = -1;
    for (size_t i = 0; i < s.len; i++) {
        int v = hex_digit(s.s[i]);
        if (v < 0)
            continue;
        if (high >= 0)
            buf_putc(out, (char)(high * 16 + v));
        high = high >= 0 ? -1 : v;
    }
    if (high >= 0)
        buf_putc(out, (char)(high * 16));
}

struct str
pdf_text(struct str value, struct arena *a)
{
    AUTO_BUF b = buf_init(PDF_VALUE_MAX);
    if (value.len < 2)
        return STR("");
    struct str inside = str_n(value.s + 1, value.len - 2);
    for (size_t i = 0; value.s[0] == '(' && i < inside.len; i++) {
        bool is_escape = inside.s[i] == '\\' && i + 1 < inside.len;
        if (is_escape)
            i++;
        buf_putc(&b, is_escape ? unescape(inside, &i) : inside.s[i]);
    }
    if (value.s[0] == '<')
        put_hex(&b, inside);
    if (b.len < 2 || memcmp(b.data, "\xfe\xff", 2) != 0)
        return arena_str(a, buf_view(&b));
    size_t n = 0;
    for (size_t i = 2; i + 1 < b.len; i += 2)
        b.data[n++] = b.data[i] == 0 ? b.data[i + 1] : '?';
    return arena_str(a, str_n(b.data, n));
}
