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

static struct str
make_visible(struct arena *a, struct str s, bool one_line)
{
    AUTO_BUF b = buf_init(s.len * 16 + 1);
    s = utf8_repair(a, s);
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        assert(n > 0);
        if (one_line && (cp == '\n' || cp == '\r' || cp == '\t'))
            buf_putc(&b, ' ');
        else if (cp == '\r' && i + 1 < s.len && s.s[i + 1] == '\n')
            ; /* CRLF is one line end */
        else if (utf8_is_unsafe(cp))
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
    return make_visible(a, s, false);
}

struct str
utf8_one_line(struct arena *a, struct str s)
{
    return make_visible(a, s, true);
}
