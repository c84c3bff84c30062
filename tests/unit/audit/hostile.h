/* What hosts can put into any text: every control character, bidirectional overrides, broken UTF-8,
 * and the characters that log formats give a meaning to. */
#ifndef TESTS_AUDIT_HOSTILE_H
#define TESTS_AUDIT_HOSTILE_H

#include "base/arena.h"
#include "base/vec.h"

struct hostile {
    VEC(struct str) list;
};

#define HOSTILE_TEXTS                                                                              \
    {                                                                                              \
        "", " ", "\t", "\n", "\r\n", "\"", "\\", "\\\\", "\\\"", "]", "[", "=", "|", "\\n", "\\]", \
            "\\=", "a=b", "a|b", "a]b", "trailing blank ", "trailing blanks   ", " leading",       \
            "a\r\nb", "a\n\nb", "a\rb", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9",        \
            "\xe2\x80\xae"                                                                         \
            "txt.exe",                                                                             \
            "\xe2\x81\xa6x\xe2\x81\xa9",                                                           \
            "\xef\xbb\xbf"                                                                         \
            "bom",                                                                                 \
            "\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe3\x81", "a\xffz",      \
            "\xf0\x9f\x94\x92", "\xe6\x97\xa5\xe6\x9c\xac", "<13>1 - - - - - -",                   \
            "\"] [x@1 a=\"b\"", "CEF:0|a|b|c|d|e|9|x=y", " suser=root", "x suser=root act=none",   \
            "\n<110>1 2026-01-01T00:00:00Z h assay - - -", "{\"leaf\":1}", "\",\"seq\":7,\"",      \
            "\\u0000", "%s%n", "$(id)", "'; DROP TABLE audit_log; --", "\x1b[31mred\x1b[0m",       \
            "ends with backslash\\", "ends with two\\\\", "=\\=|\\|]", "cs1Label=x",               \
    }

/* All of them, each C0 control (NUL too) between letters, and one of a megabyte. */
static inline struct hostile
hostile_all(struct arena *a)
{
    static const char *const texts[] = HOSTILE_TEXTS;
    struct hostile h = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *VEC_PUSH(a, &h.list) = str_c(texts[i]);
    for (int c = 0; c < 32; c++) {
        char *s = arena_alloc(a, 4);
        s[0] = 'a', s[1] = (char)c, s[2] = 'z';
        *VEC_PUSH(a, &h.list) = str_n(s, 3);
    }
    size_t n = 1 << 20;
    char *big = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++)
        big[i] = "ab\"\\\n]=|\x01z"[i % 10];
    *VEC_PUSH(a, &h.list) = str_n(big, n);
    return h;
}

#endif
