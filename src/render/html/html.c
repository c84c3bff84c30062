/* The HTML edition: one file, nothing from the network, readable without script and style.
 * The skeleton is templates/html/page.html; its {{names}} are filled here in one pass, so that
 * nothing a host sends is ever looked at for names. */
#include <assert.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/embed.h"
#include "render/escape.h"
#include "render/font/font.h"
#include "render/html/parts.h"
#include "render/pages.h"
#include "render/renderers.h"

#define PAGE_WIDTH_PT 625.0 /* 68rem: the page's width without its margins */

static struct str template(const char *name)
{
    const struct embed_file *f = embed_find(name);
    assert(f); /* built into the program */
    return str_n(f->data, f->len);
}

/* ---- the policy ---- */

static void
put_source(struct html_job *j, const char *directive, struct str bytes)
{
    assert(bytes.len > 0);
    struct sha256_digest d = sha256_of(bytes);
    struct str hash = base64_encode(j->a, d.b, sizeof d.b);
    buf_fmt(j->out, "%s 'sha256-%.*s'; ", directive, STR_ARG(hash));
}

static void
put_policy(struct html_job *j)
{
    html_parts_raw(j, "default-src 'none'; ");
    put_source(j, "style-src", template("templates/html/style.css"));
    put_source(j, "script-src", template("templates/html/report.js"));
    html_parts_raw(j, "img-src data:; base-uri 'none'; form-action 'none'");
}

/* ---- pieces of the page ---- */

static void
put_lang(struct html_job *j)
{
    html_escape_put(j->out, j->r->lang->code);
}

static void
put_title(struct html_job *j)
{
    html_escape_put(j->out, j->r->title);
    if (j->r->subtitle.len) {
        html_parts_raw(j, " – ");
        html_escape_put(j->out, j->r->subtitle);
    }
}

static void
put_tool(struct html_job *j)
{
    html_escape_put(j->out, j->r->tool);
}

static void
put_style(struct html_job *j)
{
    buf_str(j->out, template("templates/html/style.css"));
}

static void
put_script(struct html_job *j)
{
    buf_str(j->out, template("templates/html/report.js"));
}

/* The script's words: it must be the same bytes in every language because of the policy. */
static void
put_words(struct html_job *j)
{
    static const char *const names[] = {"sort", "filter", "filter_count", "open_all", "close_all"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str key = arena_fmt(j->a, "html.%s", names[i]);
        struct str attr = arena_fmt(j->a, "data-%s", names[i]);
        html_parts_attr(j, attr.s, html_parts_lang(j, key.s));
    }
}

static void
put_skip(struct html_job *j)
{
    html_escape_put(j->out, html_parts_lang(j, "html.skip"));
}

static void
put_cover(struct html_job *j)
{
    const struct render_cover c = render_cover_pairs(j->r, j->a);
    html_parts_raw(j, "<header class=\"cover\"><div class=\"wrap\">");
    html_parts_element(j, "p", "org", j->r->organisation);
    html_parts_element(j, "h1", NULL, j->r->title);
    html_parts_element(j, "p", "sub", j->r->subtitle);
    html_parts_raw(j, "</div></header>\n<div class=\"wrap front\">");
    html_parts_paragraphs(j, "opening", j->r->lead);
    html_parts_raw(j, "<div class=\"cols c45 facts\">");
    html_parts_pairs(j, "pairs", c.left.v, c.left.n);
    html_parts_pairs(j, "pairs", c.right.v, c.right.n);
    html_parts_raw(j, "</div></div>\n");
}

static void
put_control(struct html_job *j)
{
    if (j->r->control.n == 0)
        return;
    html_parts_raw(j, "<section class=\"wrap\" id=\"control\">");
    html_parts_element(j, "h2", NULL, html_parts_lang(j, "control.title"));
    html_parts_pairs(j, "pairs", j->r->control.v, j->r->control.n);
    /* whole, to be copied; assay audit verify --expect finds it by its id */
    if (j->r->checkpoint.note.len) {
        html_parts_raw(j, "<details><summary>");
        html_escape_put(j->out, html_parts_lang(j, "html.checkpoint"));
        html_parts_raw(j, "</summary><pre id=\"" REPORT_CHECKPOINT_ID "\" tabindex=\"0\">");
        html_escape_put(j->out, j->r->checkpoint.note);
        html_parts_raw(j, "</pre></details>\n");
    }
    html_parts_raw(j, "</section>\n");
}

/* Contents and sections must agree on ids: both number repeated keys in the same order. */
static struct str
section_id(struct html_job *j, size_t i)
{
    return html_parts_id(j, "s-", str_c(j->r->sections.v[i].key));
}

static void
put_contents(struct html_job *j)
{
    struct map *ids = j->ids;
    j->ids = map_new(j->a);
    html_parts_raw(j, "<nav class=\"wrap\" id=\"contents\" aria-labelledby=\"contents-h\">"
                      "<h2 id=\"contents-h\">");
    html_escape_put(j->out, html_parts_lang(j, "contents"));
    html_parts_raw(j, "</h2><ol>\n");
    for (size_t i = 0; i < j->r->sections.n; i++) {
        struct str id = section_id(j, i);
        buf_fmt(j->out, "<li><a href=\"#%.*s\">", STR_ARG(id));
        html_escape_put(j->out, j->r->sections.v[i].title);
        html_parts_raw(j, "</a></li>\n");
    }
    html_parts_raw(j, "</ol></nav>\n");
    j->ids = ids;
}

static void
put_main(struct html_job *j)
{
    struct str *ids = ARENA_ARRAY(j->a, struct str, j->r->sections.n + 1);
    for (size_t i = 0; i < j->r->sections.n; i++)
        ids[i] = section_id(j, i);
    for (size_t i = 0; i < j->r->sections.n; i++) {
        const struct report_section *s = &j->r->sections.v[i];
        buf_fmt(j->out, "<section id=\"%.*s\"%s>", STR_ARG(ids[i]),
                s->new_page ? " class=\"new\"" : "");
        html_parts_element(j, "h2", NULL, s->title);
        html_blocks_put(j, s);
        html_parts_raw(j, "</section>\n");
    }
}

static void
put_foot(struct html_job *j)
{
    html_parts_element(j, "span", NULL, render_foot_id(j->r, j->a));
    html_parts_element(j, "span", NULL, render_foot_dataset(j->r, j->a));
    html_parts_raw(j, "<a href=\"#contents\">");
    html_escape_put(j->out, html_parts_lang(j, "html.top"));
    html_parts_raw(j, "</a>");
}

/* ---- the page ---- */

static const struct {
    const char *name;
    void (*put)(struct html_job *j);
} pieces[] = {
    {"lang", put_lang},       {"title", put_title},       {"tool", put_tool},
    {"policy", put_policy},   {"style", put_style},       {"script", put_script},
    {"words", put_words},     {"skip", put_skip},         {"cover", put_cover},
    {"control", put_control}, {"contents", put_contents}, {"main", put_main},
    {"foot", put_foot},
};

static void
put_piece(struct html_job *j, struct str name)
{
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (str_eqc(name, pieces[i].name)) {
            pieces[i].put(j);
            return;
        }
    assert(!"page.html names a piece that does not exist");
}

static void
put_page(struct html_job *j)
{
    struct str rest = template("templates/html/page.html");
    for (long at; (at = str_find(rest, "{{")) >= 0;) {
        buf_add(j->out, rest.s, (size_t)at);
        rest = str_n(rest.s + at + 2, rest.len - (size_t)at - 2);
        long end = str_find(rest, "}}");
        assert(end > 0);
        put_piece(j, str_n(rest.s, (size_t)end));
        rest = str_n(rest.s + end + 2, rest.len - (size_t)end - 2);
    }
    buf_str(j->out, rest);
}

static int
write_html(const struct report *r, const struct render_options *o, struct arena *a,
           struct render_files *ret, struct diag *d)
{
    assert(r->lang && r->lang->code.len);
    struct render_pages pages;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    if (render_pages_make(r, o, false, a, &pages, ret, d) != 0)
        return -1;
    struct html_job j = {.r = &pages.report, .a = a, .out = &out, .ids = map_new(a), .width_pt = PAGE_WIDTH_PT};
    if (font_init(o->font_dirs, render_n_font_dirs(o), d) != 0) /* charts measure their texts */
        return -1;
    put_page(&j);
    if (buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "the HTML report is larger than 4 GiB");
    render_add_file(ret, &html_renderer, o, STR(""), arena_str(a, buf_view(&out)), a);
    return 0;
}

const struct renderer html_renderer = {
    .name = "html",
    .suffix = "html",
    .media_type = "text/html; charset=utf-8",
    .write = write_html,
};
