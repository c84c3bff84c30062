/* Folding the texts of a benchmark: the quick way gives what the plain rule gives. */
#include "ingest/readers/xccdf/xccdf.h"

#include "check.h"

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The rule, one byte after the other: blanks become one, or at most two line ends. */
static struct str
fold_plainly(struct arena *a, struct str s, bool multi_line)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        size_t newlines = 0, from = i;
        for (; i < s.len && is_blank(s.s[i]); i++)
            newlines += multi_line && s.s[i] == '\n';
        if (i == from)
            out[n++] = s.s[i++];
        else if (n && i < s.len && newlines == 0)
            out[n++] = ' ';
        else if (n && i < s.len)
            for (size_t k = 0; k < newlines && k < 2; k++)
                out[n++] = '\n';
    }
    out[n] = 0;
    return str_n(out, n);
}

static void
check_fold(struct arena *a, struct str s, bool multi_line)
{
    struct diag d = diag_init(a);
    struct xccdf_env e = {.a = a, .d = &d};
    struct xccdf_text t = xccdf_text_init();
    xccdf_text_add(&t, s);
    struct str got = xccdf_text_take(&t, &e, 1000, multi_line, "text");
    struct str want = fold_plainly(a, s, multi_line);
    CHECK_STR(got, want.s);
    buf_done(&t.buf);
}

static void
test_random(void)
{
    static const char letters[] = "abcdefgh!~  \n \t\x01\x1f";
    unsigned seed = 1;
    for (int round = 0; round < 30000; round++) {
        struct arena *a = arena_new();
        char text[64];
        size_t n = 0, len = (size_t)round % 60;
        for (; n < len; n++) {
            seed = seed * 1103515245 + 12345;
            text[n] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        text[n] = 0;
        check_fold(a, str_n(text, n), round & 1);
        arena_free(a);
    }
}

int
main(void)
{
    test_random();
    return CHECK_DONE();
}
