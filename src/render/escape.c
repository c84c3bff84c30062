/* Escaping for html/ and canvas/svg.c; every text passes here on its way out. */
#include "render/escape.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

static const char *
escape_reference(uint32_t cp)
{
    switch (cp) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Length of the ASCII bytes at s that need nothing. */
static size_t
escape_plain_length(const char *s, size_t len)
{
    size_t i = 0;
    assert(s || len == 0);
    while (i < len && ((s[i] >= 0x20 && s[i] < 0x7f) || s[i] == '\n' || s[i] == '\t') &&
           !escape_reference((unsigned char)s[i]))
        i++;
    return i;
}

static void
escape_char(struct buf *out, uint32_t cp, struct str bytes)
{
    const char *ref = escape_reference(cp);
    if (ref)
        buf_puts(out, ref);
    else if (utf8_is_unsafe(cp) || cp == 0xfffe || cp == 0xffff)
        buf_fmt(out, "\xe2\x9f\xa8U+%04X\xe2\x9f\xa9", (unsigned)cp);
    else
        buf_str(out, bytes);
}

void
html_escape_put(struct buf *out, struct str s)
{
    bool in_bad = false;
    for (size_t i = 0; i < s.len;) {
        size_t run = escape_plain_length(s.s + i, s.len - i);
        buf_add(out, s.s + i, run);
        i += run;
        in_bad = in_bad && run == 0;
        if (i == s.len)
            break;
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        bool good = n && cp;
        if (!good && !in_bad)
            buf_puts(out, "\xef\xbf\xbd");
        else if (good && !(cp == '\r' && i + 1 < s.len && s.s[i + 1] == '\n'))
            escape_char(out, cp, str_n(s.s + i, (size_t)n));
        in_bad = !good;
        i += n ? (size_t)n : 1;
    }
}

void
html_escape_id(struct buf *out, struct str s)
{
    if (s.len == 0)
        buf_putc(out, '-');
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        bool ascii =
            n && cp && cp < 0x80 &&
            strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", (int)cp);
        /* Spaces beyond ASCII end an id as little as letters do, but would not be seen. */
        bool letter = n && cp >= 0xc0 && !utf8_is_unsafe(cp) && !(cp >= 0x2000 && cp < 0x3001);
        if (ascii || letter)
            buf_add(out, s.s + i, (size_t)n);
        else
            buf_putc(out, '-');
        i += n ? (size_t)n : 1;
    }
}
