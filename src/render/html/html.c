/* The HTML edition: one file, nothing from the network, readable without script and style; a long
 * report goes on in further files, which the first one names. The skeleton is templates/html/page.html; its {{names}} are filled here in one pass, so that
 * nothing a host sends is ever looked at for names. */
#include <assert.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/embed.h"
#include "base/url.h"
#include "base/utf8.h"
#include "render/escape.h"
#include "render/font/font.h"
#include "render/html/parts.h"
#include "render/number.h"
#include "render/pages.h"
#include "render/renderers.h"

#define PAGE_WIDTH_PT 625.0 /* 68rem: the page's width without its margins */

/* What lies in which file: pieces from begin[i] up to begin[i + 1]. */
struct html_files {
    html_units units;
    size_t n, *begin;
    struct str stem, *section_ids;
};

static struct str template(const char *name)
{
    const struct embed_file *f = embed_find(name);
    assert(f); /* built into the program */
    return str_n(f->data, f->len);
}

/* ---- files ---- */

/* The name of a file as an address; of the first one, and of the others "<stem>.part-2.html" … */
static struct str
file_address(struct html_job *j, size_t part)
{
    struct str stem = url_segment(j->a, j->files->stem);
    if (part)
        return arena_fmt(j->a, "%.*s.part-%zu.html", STR_ARG(stem), part + 1);
    return arena_fmt(j->a, "%.*s.html", STR_ARG(stem));
}

/* The file in which a section begins. */
static size_t
file_of_section(const struct html_files *f, size_t section)
{
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = f->begin[i]; k < f->begin[i + 1]; k++)
            if (f->units.v[k].section == section)
                return i;
    assert(!"a section that is in no file");
    return 0;
}

static struct str
part_text(struct html_job *j, const char *key, size_t part)
{
    return LANG(j->r->lang, j->a, key, {"n", number_int(j->r->lang, j->a, (int64_t)part + 1)},
                {"of", number_int(j->r->lang, j->a, (int64_t)j->files->n)});
}

static void
put_link(struct html_job *j, struct str to, struct str text)
{
    html_parts_raw(j, "<a");
    html_parts_attr(j, "href", to);
    html_parts_raw(j, ">");
    html_parts_text(j, text);
    html_parts_raw(j, "</a>");
}

/* Which parts there are, and what begins in each. */
static void
put_parts(struct html_job *j)
{
    const struct html_files *f = j->files;
    if (f->n == 1)
        return;
    html_parts_element(j, "p", "text", part_text(j, "html.parts", 0));
    html_parts_raw(j, "<ul class=\"parts\">\n");
    for (size_t i = 0; i < f->n; i++) {
        html_parts_raw(j, "<li>");
        put_link(j, file_address(j, i), part_text(j, "html.part", i));
        size_t last = SIZE_MAX;
        for (size_t k = f->begin[i]; k < f->begin[i + 1]; k++) {
            if (f->units.v[k].section == last)
                continue;
            last = f->units.v[k].section;
            html_parts_raw(j, k == f->begin[i] ? ": " : " · ");
            html_parts_text(j, j->r->sections.v[last].title);
        }
        html_parts_raw(j, "</li>\n");
    }
    html_parts_raw(j, "</ul>\n");
}

/* What the filter over all files needs; the others lead to it. */
static void
put_find(struct html_job *j)
{
    const struct html_files *f = j->files;
    if (f->n == 1 || j->lists->n == 0)
        return;
    if (j->part) {
        html_parts_raw(j, "<p>");
        put_link(j, arena_fmt(j->a, "%.*s#contents", STR_ARG(file_address(j, 0))),
                 html_parts_lang(j, "html.find"));
        html_parts_raw(j, "</p>\n");
        return;
    }
    size_t *file_of = ARENA_ARRAY(j->a, size_t, f->units.n + 1);
    struct str *files = ARENA_ARRAY(j->a, struct str, f->n);
    for (size_t i = 0; i < f->n; i++) {
        files[i] = file_address(j, i);
        for (size_t k = f->begin[i]; k < f->begin[i + 1]; k++)
            file_of[k] = i;
    }
    html_find_put(j, file_of, files, f->n);
}

/* ---- the foot of printed pages ---- */

/* A text as a string of CSS: all but letters and digits by number, so that nothing ends it. */
static void
put_css_string(struct buf *out, struct str s)
{
    struct str rest = s;
    buf_putc(out, '"');
    for (uint32_t cp; rest.len;) {
        int n = utf8_next(rest.s, rest.len, &cp);
        if (!n || !cp)
            cp = 0xfffd;
        bool plain = (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
                     (cp >= 'a' && cp <= 'z') || cp == ' ';
        if (plain)
            buf_putc(out, (char)cp);
        else
            buf_fmt(out, "\\%06x", (unsigned)cp);
        rest = str_n(rest.s + (n ? n : 1), rest.len - (size_t)(n ? n : 1));
    }
    buf_putc(out, '"');
}

/* "Page 3 of 12" with counters of CSS for the two numbers, wherever the language puts them. */
static void
put_css_page(struct html_job *j, struct buf *out)
{
    struct str text =
        LANG(j->r->lang, j->a, "html.page", {"page", STR("\1")}, {"pages", STR("\2")});
    for (size_t begin = 0, i = 0; i <= text.len; i++) {
        if (i < text.len && text.s[i] != '\1' && text.s[i] != '\2')
            continue;
        if (i > begin)
            put_css_string(out, str_n(text.s + begin, i - begin));
        if (i < text.len)
            buf_puts(out, text.s[i] == '\1' ? " counter(page) " : " counter(pages) ");
        begin = i + 1;
    }
}

/* The report, its classification and its period stand on every page of paper, as in the PDF. */
static struct str
paper_style(struct html_job *j)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct str id = render_foot_id(j->r, j->a);
    if (j->files->n > 1)
        id = arena_fmt(j->a, "%.*s · %zu/%zu", STR_ARG(id), j->part + 1, j->files->n);
    buf_puts(&out, "@page { @bottom-left { content: ");
    put_css_string(&out, id);
    buf_puts(&out, "; } @bottom-center { content: ");
    put_css_string(&out, render_text(j->r->period_text, j->a));
    buf_puts(&out, "; } @bottom-right { content: ");
    put_css_page(j, &out);
    buf_puts(&out, "; } }");
    return arena_str(j->a, buf_view(&out));
}

/* ---- the policy ---- */

static void
put_source(struct html_job *j, const char *directive, struct str bytes)
{
    assert(bytes.len > 0);
    struct sha256_digest d = sha256_of(bytes);
    struct str hash = base64_encode(j->a, d.b, sizeof d.b);
    buf_fmt(j->out, "%s 'sha256-%.*s'", directive, STR_ARG(hash));
}

static void
put_policy(struct html_job *j)
{
    html_parts_raw(j, "default-src 'none'; ");
    put_source(j, "style-src", template("templates/html/style.css"));
    put_source(j, "", paper_style(j));
    put_source(j, "; script-src", template("templates/html/report.js"));
    html_parts_raw(j, "; img-src data:; base-uri 'none'; form-action 'none'");
}

static void
put_paper(struct html_job *j)
{
    buf_str(j->out, paper_style(j));
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
    static const char *const names[] = {"sort",     "filter",    "filter_count", "status",
                                        "group",    "agent",     "all",          "more",
                                        "open_all", "close_all", "find",         "check"};
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
    html_parts_raw(j, "<header><div class=\"cover\"><div class=\"wrap\">");
    html_parts_element(j, "p", "org", j->r->organisation);
    html_parts_element(j, "h1", NULL, j->r->title);
    html_parts_element(j, "p", "sub", j->r->subtitle);
    if (j->files->n > 1)
        html_parts_element(j, "p", "sub", part_text(j, "html.part_of", j->part));
    html_parts_raw(j, "</div></div>\n");
    if (j->part) { /* the rest of it stands in the first file */
        html_parts_raw(j, "</header>\n");
        return;
    }
    html_parts_raw(j, "<div class=\"wrap front\">");
    html_parts_paragraphs(j, "opening", j->r->lead);
    html_parts_raw(j, "<div class=\"cols c45 facts\">");
    html_parts_pairs(j, "pairs", c.left.v, c.left.n);
    html_parts_pairs(j, "pairs", c.right.v, c.right.n);
    html_parts_raw(j, "</div></div></header>\n");
}

static void
put_control(struct html_job *j)
{
    if (j->r->control.n == 0 || j->part)
        return;
    html_parts_raw(j, "<section class=\"wrap\" id=\"control\" aria-labelledby=\"control-h\">"
                      "<h2 id=\"control-h\">");
    html_parts_text(j, html_parts_lang(j, "control.title"));
    html_parts_raw(j, "</h2>");
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

static void
put_contents(struct html_job *j)
{
    const struct html_files *f = j->files;
    html_parts_raw(j, "<nav class=\"wrap\" id=\"contents\" aria-labelledby=\"contents-h\">"
                      "<h2 id=\"contents-h\">");
    html_escape_put(j->out, html_parts_lang(j, "contents"));
    html_parts_raw(j, "</h2>");
    if (j->part == 0) {
        html_parts_raw(j, "<ol>\n");
        for (size_t i = 0; i < j->r->sections.n; i++) {
            size_t file = file_of_section(f, i);
            struct str to = file ? file_address(j, file) : STR("");
            html_parts_raw(j, "<li>");
            put_link(j, arena_fmt(j->a, "%.*s#%.*s", STR_ARG(to), STR_ARG(f->section_ids[i])),
                     j->r->sections.v[i].title);
            html_parts_raw(j, "</li>\n");
        }
        html_parts_raw(j, "</ol>");
    }
    put_parts(j);
    put_find(j);
    html_parts_raw(j, "</nav>\n");
}

/* A section that goes on in this file says so, and has its id where it begins. */
static void
put_section_head(struct html_job *j, size_t section, bool begins)
{
    const struct report_section *s = &j->r->sections.v[section];
    struct str id = j->files->section_ids[section], title = s->title;
    if (begins)
        buf_fmt(j->out, "<section id=\"%.*s\"%s>", STR_ARG(id),
                s->new_page ? " class=\"new\"" : "");
    else {
        html_parts_raw(j, "<section>");
        title = arena_fmt(j->a, "%.*s – %.*s", STR_ARG(title),
                          STR_ARG(html_parts_lang(j, "continued")));
    }
    html_parts_element(j, "h2", NULL, title);
}

static void
put_main(struct html_job *j)
{
    const struct html_files *f = j->files;
    for (size_t k = f->begin[j->part]; k < f->begin[j->part + 1]; k++) {
        size_t section = f->units.v[k].section;
        if (k == f->begin[j->part] || f->units.v[k - 1].section != section)
            put_section_head(j, section, k == 0 || f->units.v[k - 1].section != section);
        buf_str(j->out, f->units.v[k].markup);
        if (k + 1 == f->begin[j->part + 1] || f->units.v[k + 1].section != section)
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
    {"lang", put_lang},     {"title", put_title},     {"tool", put_tool},
    {"policy", put_policy}, {"style", put_style},     {"paper", put_paper},
    {"script", put_script}, {"words", put_words},     {"skip", put_skip},
    {"cover", put_cover},   {"control", put_control}, {"contents", put_contents},
    {"main", put_main},     {"foot", put_foot},
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

/* Lays the pieces into files, none of them larger than most unless one piece alone is. */
static void
settle_files(struct html_job *j, struct html_files *f, size_t most)
{
    size_t used = 0;
    f->begin = ARENA_ARRAY(j->a, size_t, f->units.n + 2);
    f->n = 1;
    for (size_t k = 0; k < f->units.n; k++) {
        size_t len = f->units.v[k].markup.len;
        if (used && used + len > most) {
            f->begin[f->n++] = k;
            used = 0;
        }
        used += len;
    }
    f->begin[f->n] = f->units.n;
}

/* The pieces, and how many bytes they are. */
static size_t
make_pieces(struct html_job *j, struct html_files *f, size_t most)
{
    size_t all = 0;
    j->ids = map_new(j->a);
    f->section_ids = ARENA_ARRAY(j->a, struct str, j->r->sections.n + 1);
    for (size_t i = 0; i < j->r->sections.n; i++)
        f->section_ids[i] = html_parts_id(j, "s-", str_c(j->r->sections.v[i].key));
    f->units = (html_units){0};
    *j->lists = (html_lists){0};
    html_units_make(j, most / 4, &f->units);
    for (size_t i = 0; i < f->units.n; i++)
        all += f->units.v[i].markup.len;
    return all;
}

/* The content of the sections, in pieces no larger than a quarter of a file when it takes several. */
static void
make_content(struct html_job *j, struct html_files *f, size_t most)
{
    j->written = map_new(j->a);
    if (make_pieces(j, f, most) > most) {
        struct arena *first = j->a;
        const html_units whole = f->units;
        j->a = arena_new();
        j->whole = &whole;
        make_pieces(j, f, most);
        j->whole = NULL;
        j->written = NULL;
        arena_free(first);
    }
    settle_files(j, f, most);
}

static int
write_parts(struct html_job *j, struct html_files *files, const struct render_options *o,
            struct arena *a, struct render_files *ret, struct diag *d)
{
    make_content(j, files, o->html_part_bytes ? o->html_part_bytes : HTML_PART_BYTES);
    for (j->part = 0; j->part < files->n; j->part++) {
        put_page(j);
        if (buf_bad(j->out))
            return diag_fail(d, DIAG_TOO_BIG, "the HTML report is larger than 4 GiB");
        render_add_file(ret, &html_renderer, o,
                        j->part ? arena_fmt(a, ".part-%zu", j->part + 1) : STR(""),
                        buf_give(j->out, a), a);
    }
    return 0;
}

static int
write_html(const struct report *r, const struct render_options *o, struct arena *a,
           struct render_files *ret, struct diag *d)
{
    assert(r->lang && r->lang->code.len);
    struct render_pages pages;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    if (render_pages_make(r, o, false, a, &pages, ret, d) != 0 ||
        font_init(o->font_dirs, render_n_font_dirs(o), d) != 0) /* charts measure their texts */
        return -1;
    struct html_files files = {.stem = o->file_stem};
    html_lists lists = {0};
    struct html_job j = {.r = &pages.report,
                         .a = arena_new(),
                         .row = arena_new(),
                         .out = &out,
                         .width_pt = PAGE_WIDTH_PT,
                         .files = &files,
                         .lists = &lists};
    int rc = write_parts(&j, &files, o, a, ret, d);
    arena_free(j.row);
    arena_free(j.a);
    return rc;
}

const struct renderer html_renderer = {
    .name = "html",
    .suffix = "html",
    .media_type = "text/html; charset=utf-8",
    .write = write_html,
};
