/* The mail of a report. job/report.c calls it when the other files are sealed; page.c writes the HTML. */
#include "render/mail/mail.h"

#include <assert.h>

#include "base/mime.h"
#include "base/sha256.h"
#include "base/url.h"
#include "base/utf8.h"
#include "render/canvas/png.h"
#include "render/chart/chart.h"
#include "render/font/font.h"
#include "render/mail/parts.h"
#include "render/renderers.h"

#define CHART_PT    300.0
#define CHART_EDGE  4.0
#define CHART_SCALE 3.6 /* 1,110 pixels: sharp in 544 of a mail */

enum { MAX_TEXT = 1 << 20, MAX_MAIL = 16 << 20 };

/* ---- what is picked ---- */

/* The first key figures and the first chart, of lines before any other, in reading order. */
static void
mail_pick(struct mail_job *j, const struct report_section *s)
{
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        if (b->type == BLOCK_FIGURES && !j->figures && b->figures.n)
            j->figures = b;
        if (b->type == BLOCK_CHART &&
            (!j->chart || (j->chart->kind != CHART_LINES && b->chart->kind == CHART_LINES)))
            j->chart = b->chart;
        if (b->type == BLOCK_COLUMNS) {
            mail_pick(j, b->left);
            mail_pick(j, b->right);
        }
    }
}

static int
mail_paint(const struct mail_job *j, struct str *ret, struct diag *d)
{
    const struct render_options *o = j->options->render;
    if (font_init(o->font_dirs, render_n_font_dirs(o), d) != 0)
        return -1;
    struct canvas *c = canvas_png_new(j->arena, CHART_PT, chart_height(j->chart, CHART_PT),
                                      CHART_EDGE, CHART_EDGE, CHART_SCALE);
    chart_draw(j->chart, j->report->lang, c);
    return canvas_png_done(c, ret, d);
}

/* ---- sentences ---- */

/* Where the report is, what seals it and how it is checked. */
static struct str
mail_paper(const struct mail_job *j, const struct render_file *f)
{
    const struct mail_options *o = j->options;
    const struct lang *l = j->report->lang;
    struct arena *a = j->arena;
    struct str kb = arena_fmt(a, "%zu", (f->bytes.len + 999) / 1000);
    struct str size = lang_number(l, a, kb);
    const char *key = o->is_attached ? "mail.attached" : o->link.len ? "mail.linked" : "mail.kept";
    struct sha256_digest h = sha256_of(f->bytes);
    struct str url = arena_fmt(a, "%.*s/%.*s", STR_ARG(o->link), STR_ARG(url_segment(a, f->name)));
    struct str where = LANG(l, a, key, {"name", f->name}, {"size", size}, {"url", url},
                            {"dir", o->dir}, {"host", o->host});
    struct str seal = j->report->signer.len
                          ? LANG(l, a, "mail.sealed", {"signer", j->report->signer})
                          : lang_get(l, "mail.unsealed");
    struct str hash = LANG(l, a, "mail.hash", {"hash", sha256_hex(a, &h)});
    struct str check = LANG(l, a, "mail.check", {"name", f->name});
    return arena_fmt(a, "%.*s, %.*s\n%.*s\n%.*s", STR_ARG(where), STR_ARG(seal), STR_ARG(hash),
                     STR_ARG(check));
}

/* ---- the text ---- */

static void
mail_put_line(const struct mail_job *j, struct buf *out, const char *before, struct str text)
{
    buf_fmt(out, "%s%.*s\n", before, STR_ARG(utf8_one_line(j->arena, text)));
}

static void
mail_put_list(const struct mail_job *j, struct buf *out, const char *key, const struct str *v,
              size_t n)
{
    if (n)
        mail_put_line(j, out, "\n", lang_get(j->report->lang, key));
    for (size_t i = 0; i < n; i++)
        mail_put_line(j, out, "- ", v[i]);
}

static void
mail_put_figures(const struct mail_job *j, struct buf *out)
{
    const struct lang *l = j->report->lang;
    for (size_t i = 0; j->figures && i < j->figures->figures.n; i++) {
        const struct report_figure *f = &j->figures->figures.v[i];
        const char *key = f->detail.len ? "mail.figure.detail" : "mail.figure";
        mail_put_line(j, out, i ? "" : "\n",
                      LANG(l, j->arena, key, {"label", f->label}, {"value", f->value},
                           {"detail", f->detail}));
    }
}

static void
mail_put_text(const struct mail_job *j, struct buf *out)
{
    const struct report *r = j->report;
    mail_put_line(j, out, "", r->title);
    mail_put_line(j, out, "", mail_reference(j));
    struct str owner = mail_owner(j);
    if (owner.len)
        mail_put_line(j, out, "", owner);
    if (r->is_provisional)
        mail_put_line(j, out, "", lang_get(r->lang, "mail.provisional"));
    mail_put_line(j, out, "\n", r->lead);
    mail_put_figures(j, out);
    if (j->chart)
        mail_put_line(j, out, "\n", LANG(r->lang, j->arena, "mail.chart", {"alt", j->chart->alt}));
    mail_put_list(j, out, "mail.worse", r->brief.worse.v, r->brief.worse.n);
    mail_put_list(j, out, "mail.missing", r->brief.missing.v, r->brief.missing.n);
    for (size_t i = 0; i < j->options->n_papers; i++)
        buf_fmt(out, "\n%.*s\n", STR_ARG(j->papers[i]));
}

/* ---- the parts ---- */

static void
mail_put_part(struct buf *out, struct str boundary, const char *type, const char *encoding)
{
    buf_fmt(out, "\r\n--%.*s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n",
            STR_ARG(boundary), type, encoding);
}

static void
mail_put_body(const struct mail_job *j, struct str text, struct str page, struct str png,
              struct buf *out)
{
    struct str whole = arena_fmt(j->arena, "%.*s\n%.*s", STR_ARG(text), STR_ARG(page));
    struct str both = mime_boundary(j->arena, "forms", whole);
    struct str related = mime_boundary(j->arena, "page", whole);
    buf_puts(out, MAIL_HEAD_END "Content-Type: multipart/alternative");
    mime_put_parameter(out, "boundary", both);
    buf_puts(out, "\r\n");
    mail_put_part(out, both, "text/plain; charset=utf-8", "quoted-printable");
    buf_puts(out, "\r\n");
    mime_put_quoted(out, text);
    buf_fmt(out, "\r\n--%.*s\r\nContent-Type: multipart/related;\r\n type=\"text/html\"",
            STR_ARG(both));
    mime_put_parameter(out, "boundary", related);
    buf_puts(out, "\r\n");
    mail_put_part(out, related, "text/html; charset=utf-8", "quoted-printable");
    buf_puts(out, "\r\n");
    mime_put_quoted(out, page);
    if (png.len) {
        mail_put_part(out, related, "image/png", "base64");
        buf_puts(out, "Content-ID: <" MAIL_CHART_ID ">\r\n"
                      "Content-Disposition: inline; filename=\"chart.png\"\r\n\r\n");
        mime_put_base64(out, png);
    }
    buf_fmt(out, "\r\n--%.*s--\r\n\r\n--%.*s--\r\n", STR_ARG(related), STR_ARG(both));
}

int
mail_render(const struct report *r, const struct mail_options *o, struct arena *a,
            struct render_files *ret, struct diag *d)
{
    struct mail_job j = {.report = r, .options = o, .arena = a};
    AUTO_BUF text = buf_init(MAX_TEXT), page = buf_init(MAX_TEXT), out = buf_init(MAX_MAIL);
    struct str png = STR("");
    assert(o->render->file_stem.len);
    for (size_t i = 0; i < r->sections.n; i++)
        mail_pick(&j, &r->sections.v[i]);
    if (j.chart && mail_paint(&j, &png, d) != 0)
        return diag_context(d, "the chart of the mail");
    j.papers = ARENA_ARRAY(a, struct str, o->n_papers + 1);
    for (size_t i = 0; i < o->n_papers; i++)
        j.papers[i] = mail_paper(&j, &o->papers[i]);
    mail_put_text(&j, &text);
    mail_put_page(&j, &page);
    mime_put_text(&out, "Subject",
                  LANG(r->lang, a, "mail.subject", {"title", r->title}, {"subtitle", r->subtitle}));
    mime_put_text(&out, MAIL_OUTER "Subject", lang_get(r->lang, "mail.encrypted"));
    for (size_t i = 0; i < o->n_papers && o->is_attached; i++)
        buf_fmt(&out, MAIL_ATTACH ": %.*s\r\n", STR_ARG(url_segment(a, o->papers[i].name)));
    mail_put_body(&j, buf_view(&text), buf_view(&page), png, &out);
    if (buf_bad(&text) || buf_bad(&page) || buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "the mail of the report is larger than %d bytes", MAX_MAIL);
    *VEC_PUSH(a, &ret->files) = (struct render_file){
        .name = arena_fmt(a, "%.*s.eml", STR_ARG(o->render->file_stem)),
        .media_type = STR(MAIL_MEDIA_TYPE),
        .bytes = buf_give(&out, a)};
    return 0;
}
