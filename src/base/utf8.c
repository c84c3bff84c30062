/* Text from hosts made fit for people; ingest repairs, writers make visible. */
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

static bool
is_tail(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* The table of RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
int
utf8_next(const char *s, size_t len, uint32_t *ret)
{
    assert(len > 0);
    const unsigned char c = (unsigned char)s[0];
    int n = c < 0x80                ? 1
            : c >= 0xc2 && c < 0xe0 ? 2
            : c >= 0xe0 && c < 0xf0 ? 3
            : c >= 0xf0 && c < 0xf5 ? 4
                                    : 0;
    if (n == 0 || (size_t)n > len)
        return 0;
    uint32_t cp = n == 1 ? c : c & (0xffu >> (n + 1));
    for (int i = 1; i < n; i++) {
        if (!is_tail(s[i]))
            return 0;
        cp = cp << 6 | ((unsigned char)s[i] & 0x3f);
    }
    if ((n == 3 && cp < 0x800) || (n == 4 && (cp < 0x10000 || cp > 0x10ffff)) ||
        (cp >= 0xd800 && cp < 0xe000))
        return 0;
    *ret = cp;
    return n;
}

int
utf8_put(char *out, uint32_t cp)
{
    assert(cp <= 0x10ffff);
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    int n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (int i = n - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)((0xf00 >> n) | cp);
    return n;
}

bool
utf8_valid(struct str s)
{
    uint32_t cp;
    size_t i = 0;
    for (uint64_t w; i + 8 <= s.len; i += 8) { /* the ASCII beginning, eight bytes at a time */
        memcpy(&w, s.s + i, 8);
        if (w & 0x8080808080808080u)
            break;
    }
    while (i < s.len) {
        int n = utf8_next(s.s + i, s.len - i, &cp);
        if (n == 0)
            return false;
        i += (size_t)n;
    }
    return true;
}

struct str
utf8_repair(struct arena *a, struct str s)
{
    if (s.len == 0 || (utf8_valid(s) && !memchr(s.s, 0, s.len)))
        return s;
    AUTO_BUF b = buf_init(s.len * 3 + 1);
    bool in_bad = false;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        bool good = n && cp;
        if (good)
            buf_add(&b, s.s + i, (size_t)n);
        else if (!in_bad)
            buf_puts(&b, "\xef\xbf\xbd");
        in_bad = !good;
        i += n ? (size_t)n : 1;
    }
    return arena_str(a, buf_view(&b));
}

struct str
utf8_cut(struct str s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max && is_tail(s.s[max]))
        max--;
    return str_n(s.s, max);
}

struct str
utf8_fit(struct arena *a, struct str s, size_t max)
{
    static const char mark[] = "\xe2\x80\xa6";
    assert(max >= sizeof mark);
    if (s.len == 0)
        return STR("");
    s = utf8_repair(a, s);
    if (s.len <= max)
        return s;
    s = utf8_cut(s, max - (sizeof mark - 1));
    return arena_fmt(a, "%.*s%s", STR_ARG(s), mark);
}

/* Controls but tab and line feed; marks of the direction of writing, which can show a text in
 * another order than it has; separators of lines and paragraphs; the byte order mark. */
bool
utf8_is_unsafe(uint32_t cp)
{
    if (cp < 0x20)
        return cp != '\t' && cp != '\n';
    return (cp >= 0x7f && cp < 0xa0) || cp == 0x061c || cp == 0x200e || cp == 0x200f ||
           (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff;
}

struct range {
    uint32_t first, last;
};

/* The ranges ascend: most of what is asked for stands before the first. */
static bool
is_in(const struct range *r, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n && cp >= r[i].first; i++)
        if (cp <= r[i].last)
            return true;
    return false;
}

/* Unicode 15: default ignorable code points, and blanks (Zs) but U+0020 and U+3000. */
bool
utf8_is_hidden(uint32_t cp)
{
    static const struct range hidden[] = {
        {0xa0, 0xa0},       {0xad, 0xad},       {0x34f, 0x34f},    {0x115f, 0x1160},
        {0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},  {0x2000, 0x200f},
        {0x202f, 0x202f},   {0x205f, 0x206f},   {0x2800, 0x2800},  {0x3164, 0x3164},
        {0xfe00, 0xfe0f},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},  {0xfffe, 0xffff},
        {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
    return cp == '\t' || cp == '\n' || utf8_is_unsafe(cp) ||
           is_in(hidden, sizeof hidden / sizeof *hidden, cp);
}

/* Combining marks (Mn, Me) of the scripts in which they stand on any letter. */
bool
utf8_is_mark(uint32_t cp)
{
    static const struct range marks[] = {
        {0x300, 0x36f},   {0x483, 0x489},    {0x591, 0x5bd},   {0x5bf, 0x5bf},   {0x5c1, 0x5c2},
        {0x5c4, 0x5c5},   {0x5c7, 0x5c7},    {0x610, 0x61a},   {0x64b, 0x65f},   {0x670, 0x670},
        {0x6d6, 0x6dc},   {0x6df, 0x6e4},    {0x6e7, 0x6e8},   {0x6ea, 0x6ed},   {0x711, 0x711},
        {0x730, 0x74a},   {0x7eb, 0x7f3},    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20f0},
        {0x2de0, 0x2dff}, {0x302a, 0x302d},  {0x3099, 0x309a}, {0xa66f, 0xa672}, {0xa674, 0xa67d},
        {0xfe20, 0xfe2f}, {0x1d165, 0x1d169}};
    return is_in(marks, sizeof marks / sizeof *marks, cp);
}

/* Unicode 15: East Asian Wide and Fullwidth, in ranges that hold what is not assigned between them, too. */
static bool
is_wide(uint32_t cp)
{
    static const struct range wide[] = {
        {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
        {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97c},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
        {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff}, {0x1f300, 0x1f64f},
        {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};
    return is_in(wide, sizeof wide / sizeof *wide, cp);
}

size_t
utf8_columns(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int len = utf8_next(s.s + i, s.len - i, &cp);
        n += !len || !utf8_is_mark(cp);
        n += len && is_wide(cp);
        i += len ? (size_t)len : 1;
    }
    return n;
}

/* How far a name was read: what is drawn depends on what stands before. */
struct name_place {
    bool has_base; /* a character that marks can stand on is before */
    int n_marks;   /* that stand on it */
    bool was_blank;
};

static bool
must_be_spelled(struct name_place *p, uint32_t cp, bool is_last)
{
    enum { HEAP = 3, BRACKET = 0x27e8 };
    bool is_blank = cp == ' ' || cp == 0x3000, is_mark = utf8_is_mark(cp);
    bool hides = utf8_is_hidden(cp) || cp == BRACKET || (is_blank && (p->was_blank || is_last)) ||
                 (is_mark && (!p->has_base || ++p->n_marks > HEAP));
    p->was_blank = is_blank;
    if (!is_mark) {
        p->has_base = !hides && !is_blank;
        p->n_marks = 0;
    }
    return hides;
}

/* Of visible ASCII, with single blanks in between: what nearly all names are, and nothing in it can be spelled. */
static bool
is_plain(struct str s)
{
    bool was_blank = true;
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] < 0x20 || s.s[i] > 0x7e || (was_blank && s.s[i] == ' '))
            return false;
        was_blank = s.s[i] == ' ';
    }
    return !was_blank;
}

struct str
utf8_name(struct arena *a, struct str s)
{
    if (is_plain(s))
        return arena_str(a, s);
    AUTO_BUF b = buf_init(s.len * 16 + 1);
    struct name_place p = {.was_blank = true};
    s = utf8_repair(a, s);
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        assert(n > 0);
        if (must_be_spelled(&p, cp, i + (size_t)n == s.len))
            buf_fmt(&b, "\xe2\x9f\xa8U+%04X\xe2\x9f\xa9", (unsigned)cp);
        else
            buf_add(&b, s.s + i, (size_t)n);
        i += (size_t)n;
    }
    return arena_str(a, buf_view(&b));
}

enum { ONE_LINE = 1, SPELL_HIDDEN = 2 };

static struct str
make_visible(struct arena *a, struct str s, int how)
{
    AUTO_BUF b = buf_init(s.len * 16 + 1);
    s = utf8_repair(a, s);
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        assert(n > 0);
        bool is_kept = cp == '\n' || cp == '\t';
        if ((how & ONE_LINE) && (cp == '\n' || cp == '\r' || cp == '\t'))
            buf_putc(&b, ' ');
        else if (cp == '\r' && i + 1 < s.len && s.s[i + 1] == '\n')
            ; /* CRLF is one line end */
        else if (utf8_is_unsafe(cp) || ((how & SPELL_HIDDEN) && !is_kept && utf8_is_hidden(cp)))
            buf_fmt(&b, "\xe2\x9f\xa8U+%04X\xe2\x9f\xa9", (unsigned)cp);
        else
            buf_add(&b, s.s + i, (size_t)n);
        i += (size_t)n;
    }
    return arena_str(a, buf_view(&b));
}

struct str
utf8_visible(struct arena *a, struct str s)
{
    return make_visible(a, s, 0);
}

struct str
utf8_one_line(struct arena *a, struct str s)
{
    return make_visible(a, s, ONE_LINE);
}

struct str
utf8_spelled(struct arena *a, struct str s)
{
    return make_visible(a, s, SPELL_HIDDEN);
}
