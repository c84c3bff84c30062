/* Text of XCCDF elements: XHTML flattened, blanks folded, DISA's escaped markup cut. Below
 * rules.c and result.c. */
#include "ingest/readers/xccdf/xccdf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/take.h"

/* Raw text that is kept before folding: blanks may be half of it. */
#define MAX_RAW ((size_t)4 * LIMIT_TEXT)

struct xccdf_text
xccdf_text_init(void)
{
    return (struct xccdf_text){.buf = buf_init(MAX_RAW + LIMIT_TEXT)};
}

void
xccdf_text_add(struct xccdf_text *t, struct str s)
{
    size_t room = t->buf.len < MAX_RAW ? MAX_RAW - t->buf.len : 0;
    if (s.len > room) {
        t->cut = true;
        s = utf8_cut(s, room);
    }
    buf_str(&t->buf, s);
}

void
xccdf_text_element(struct xccdf_text *t, struct str name, bool ends)
{
    static const char *const blocks[] = {"p", "li", "div", "pre", "ul", "ol", "tr", "h1", "h2"};
    if (str_eqc(name, "br") && !ends)
        xccdf_text_add(t, STR("\n"));
    if (!t->buf.len || t->buf.data[t->buf.len - 1] == '\n')
        return;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (str_eqc(name, blocks[i]))
            xccdf_text_add(t, STR("\n"));
}

void
xccdf_text_value(struct xccdf_text *t, struct str idref)
{
    long at = str_find(idref, "_value_");
    size_t from = at < 0 ? 0 : (size_t)at + strlen("_value_");
    xccdf_text_add(t, STR("{"));
    xccdf_text_add(t, str_n(idref.s + from, idref.len - from));
    xccdf_text_add(t, STR("}"));
}

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One blank, or at most two line ends. */
static size_t
put_gap(char *s, size_t n, size_t newlines)
{
    if (newlines == 0)
        s[n++] = ' ';
    for (size_t k = 0; k < newlines && k < 2; k++)
        s[n++] = '\n';
    return n;
}

/* A mask that is 0 when no byte of w is zero. */
static uint64_t
zero_bytes(uint64_t w)
{
    const uint64_t ones = UINT64_MAX / 0xff;
    return (w - ones) & ~w & ones << 7;
}

/* Length of a beginning that folding leaves alone: no control and no two blanks in a row. Looks at
 * eight bytes at a time, because a benchmark is half a megabyte of texts, and goes on by seven: the
 * last of them is the first of the next pair. May stop too early, never too late. */
static size_t
plain_run(const char *s, size_t len)
{
    const uint64_t blanks = UINT64_MAX / 0xff * ' ', top_bits = UINT64_MAX / 0xff << 7;
    size_t i = 0;
    for (uint64_t w; i + sizeof w <= len; i += sizeof w - 1) {
        memcpy(&w, s + i, sizeof w);
        uint64_t is_blank_at = zero_bytes(w ^ blanks);
        if (((w - blanks) & ~w & top_bits) || (is_blank_at & is_blank_at << 8))
            break;
    }
    return i;
}

/* Folds blanks in place; line ends stay as single ones (at most one empty line) or become blanks. */
static struct str
fold(char *s, size_t len, bool multi_line)
{
    size_t n = 0, i = 0;
    while (i < len) {
        size_t run = n && !is_blank(s[i]) ? plain_run(s + i, len - i) : 0;
        if (run && n != i)
            memmove(s + n, s + i, run);
        n += run;
        i += run;
        if (!is_blank(s[i])) {
            s[n++] = s[i++];
            continue;
        }
        size_t newlines = 0;
        for (; i < len && is_blank(s[i]); i++)
            newlines += s[i] == '\n' && multi_line;
        if (n && i < len)
            n = put_gap(s, n, newlines);
    }
    assert(n <= len);
    return str_n(s, n);
}

struct str
xccdf_text_take(struct xccdf_text *t, const struct xccdf_env *e, size_t max, bool multi_line,
                const char *field)
{
    struct str folded = fold(t->buf.data, t->buf.len, multi_line);
    struct str out = take_text(e->a, folded, max, str_c(field), e->d);
    if (t->cut && folded.len <= max) { /* mostly blanks: else the text itself is over the limit */
        diag_warn(e->d, DIAG_WARN_TEXT, str_c(field), "longer than %zu bytes, cut", MAX_RAW);
        out = arena_fmt(e->a, "%.*s \xe2\x80\xa6 [cut]", STR_ARG(out));
    }
    buf_cut(&t->buf, 0);
    t->cut = false;
    return out;
}

struct str
xccdf_text_disa(struct str s, const char *tag)
{
    char open[64], close[64];
    snprintf(open, sizeof open, "<%s>", tag);
    snprintf(close, sizeof close, "</%s>", tag);
    long from = str_find(s, open);
    if (from < 0)
        return s;
    struct str rest = str_n(s.s + from + strlen(open), s.len - (size_t)from - strlen(open));
    long to = str_find(rest, close);
    return str_trim(to < 0 ? rest : str_n(rest.s, (size_t)to));
}
