/* Text and ids of the HTML writer; html.c, blocks.c and table.c stand above. */
#include "render/html/parts.h"

#include <assert.h>

#include "base/utf8.h"
#include "render/escape.h"

enum {
    LONG_WORD = 20,  /* letters after which a word may break */
    LONG_OTHER = 40, /* in scripts whose letters join or stack: only what is no word any more */
};

void
html_parts_raw(struct html_job *j, const char *markup)
{
    buf_puts(j->out, markup);
}

/* Letters behind which a line may end anyway: spaces, hyphens, and what is written without spaces. */
static bool
is_break(uint32_t cp)
{
    return cp <= ' ' || cp == '-' || cp == 0x200b || (cp >= 0x2e80 && cp < 0xa4d0) ||
           (cp >= 0xf900 && cp < 0xfb00) || (cp >= 0xff00 && cp < 0xfff0) ||
           (cp >= 0x20000 && cp < 0x40000);
}

/* Nothing is put between a letter and its marks. */
static bool
is_mark(uint32_t cp)
{
    return (cp >= 0x300 && cp < 0x370) || (cp >= 0x1ab0 && cp < 0x1b00) ||
           (cp >= 0x1dc0 && cp < 0x1e00) || (cp >= 0x200c && cp < 0x2010) ||
           (cp >= 0x20d0 && cp < 0x2100) || (cp >= 0xfe00 && cp < 0xfe30);
}

/* Browsers make a column as wide as its longest word. With places to break, that is LONG_WORD letters
 * and no column squeezes its neighbours; a style that breaks anywhere would break short words, too. */
void
html_parts_text(struct html_job *j, struct str text)
{
    size_t begin = 0;
    int run = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t cp = 0;
        int n = utf8_next(text.s + i, text.len - i, &cp);
        bool joins = cp >= 0x530 && cp < 0x10000;
        if (n && run >= (joins ? LONG_OTHER : LONG_WORD) && !is_break(cp) && !is_mark(cp)) {
            html_escape_put(j->out, str_n(text.s + begin, i - begin));
            html_parts_raw(j, "<wbr>");
            begin = i;
            run = 0;
        }
        run = n && is_break(cp) ? 0 : run + 1;
        i += n ? (size_t)n : 1;
    }
    html_escape_put(j->out, str_n(text.s + begin, text.len - begin));
}

void
html_parts_element(struct html_job *j, const char *tag, const char *cls, struct str text)
{
    buf_fmt(j->out, cls ? "<%s class=\"%s\">" : "<%s>", tag, cls);
    html_parts_text(j, text);
    buf_fmt(j->out, "</%s>", tag);
}

void
html_parts_attr(struct html_job *j, const char *name, struct str value)
{
    buf_fmt(j->out, " %s=\"", name);
    html_escape_put(j->out, value);
    buf_putc(j->out, '"');
}

struct str
html_parts_id(struct html_job *j, const char *prefix, struct str key)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, prefix);
    html_escape_id(&b, key);
    struct str base = arena_str(j->a, buf_view(&b)), id = base;
    for (unsigned n = 2; map_get_index(j->ids, id) >= 0; n++)
        id = arena_fmt(j->a, "%.*s-%u", STR_ARG(base), n);
    map_put_index(j->ids, id, 0);
    return id;
}

void
html_parts_paragraphs(struct html_job *j, const char *cls, struct str text)
{
    while (text.len) {
        long at = str_find(text, "\n\n");
        struct str one = at < 0 ? text : str_n(text.s, (size_t)at);
        size_t used = at < 0 ? text.len : (size_t)at + 2;
        if (str_trim(one).len)
            html_parts_element(j, "p", cls, str_trim(one));
        text = str_n(text.s + used, text.len - used);
    }
}

struct str
html_parts_lang(const struct html_job *j, const char *key)
{
    return lang_get(j->r->lang, key);
}

void
html_parts_pairs(struct html_job *j, const char *cls, const struct report_pair *v, size_t n)
{
    assert(n == 0 || v);
    buf_fmt(j->out, "<dl class=\"%s\">", cls);
    for (size_t i = 0; i < n; i++) {
        html_parts_raw(j, "<div>");
        html_parts_element(j, "dt", NULL, v[i].label);
        html_parts_element(j, "dd", v[i].mono ? "mono" : NULL, v[i].value);
        html_parts_raw(j, "</div>");
    }
    html_parts_raw(j, "</dl>\n");
}
