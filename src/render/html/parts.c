/* Text and ids of the HTML writer; html.c, blocks.c and table.c stand above. */
#include "render/html/parts.h"

#include <assert.h>

#include "render/escape.h"

void
html_parts_raw(struct html_job *j, const char *markup)
{
    buf_puts(j->out, markup);
}

void
html_parts_element(struct html_job *j, const char *tag, const char *cls, struct str text)
{
    buf_fmt(j->out, cls ? "<%s class=\"%s\">" : "<%s>", tag, cls);
    html_escape_put(j->out, text);
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
