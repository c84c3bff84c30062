/* One value as CEF, LEEF and ECS want it, of records and of results alike. Below cef.c, leef.c, ecs.c and
 * result_text.c, result_json.c, which say what each value is called. */
#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include "audit/encoders.h"
#include "base/utf8.h"

enum { MAX_KEYWORD = 1024 }; /* of ECS: ignore_above of every keyword in the schema */

int
encode_ip_version(struct str s)
{
    struct in6_addr address;
    char text[INET6_ADDRSTRLEN + 1];
    if (!s.len || s.len >= sizeof text || memchr(s.s, 0, s.len))
        return 0;
    memcpy(text, s.s, s.len);
    text[s.len] = 0;
    return inet_pton(AF_INET, text, &address) == 1    ? 4
           : inet_pton(AF_INET6, text, &address) == 1 ? 6
                                                      : 0;
}

/* In an extension a backslash, an equals sign and line ends are escaped, a bar is not. */
void
encode_cef_value(struct buf *out, struct str v)
{
    for (size_t i = 0; i < v.len; i++) {
        char c = v.s[i];
        if (c == '\n' || c == '\r')
            buf_puts(out, c == '\n' ? "\\n" : "\\r");
        else if (c == '\\' || c == '=')
            buf_fmt(out, "\\%c", c);
        else
            buf_putc(out, c);
    }
}

/* LEEF has no escapes: what would end the value is written by its number. */
void
encode_leef_value(struct buf *out, struct str v, char delimiter)
{
    assert(delimiter);
    for (size_t i = 0; i < v.len; i++) {
        if (v.s[i] == delimiter)
            buf_fmt(out, "⟨U+%04X⟩", (unsigned)delimiter);
        else
            buf_putc(out, v.s[i]);
    }
}

/* Up to MAX_KEYWORD characters, the last of them the mark of a text that was cut. */
struct str
encode_keyword(struct str s, struct arena *a)
{
    size_t at = 0, cut = 0, n_characters = 0;
    while (at < s.len && n_characters < MAX_KEYWORD) {
        uint32_t cp;
        int n = utf8_next(s.s + at, s.len - at, &cp);
        n_characters += cp > 0xffff ? 2 : 1; /* as Java counts */
        at += n > 0 ? (size_t)n : 1;
        if (n_characters < MAX_KEYWORD)
            cut = at;
    }
    assert(cut <= at && cut <= s.len);
    bool is_cut = at < s.len || n_characters > MAX_KEYWORD;
    return is_cut ? arena_fmt(a, "%.*s…", STR_ARG(str_n(s.s, cut))) : s;
}
