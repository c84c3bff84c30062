/* Pages: layout draws here; pdf_haru.c and pdf_file.c write what comes out. */
#include "render/pdf_page.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/font_embed.h"
#include "render/pdf_parts.h"

/* ---- life ---- */

struct pdf_page *
pdf_page_loose(struct pdf_doc *doc, double height)
{
    struct pdf_page *p = ARENA_NEW(doc->arena, struct pdf_page);
    p->doc = doc;
    p->height = height;
    p->ops = buf_init(BUF_MAX_DEFAULT);
    p->colour = PDF_NO_COLOUR;
    return p;
}

void
pdf_page_done(struct pdf_page *p)
{
    buf_done(&p->ops);
    free(p->marks);
    p->marks = NULL;
    p->cap = 0;
}

struct pdf_page *
pdf_page_new(struct pdf_doc *doc)
{
    struct pdf_page *p = pdf_page_loose(doc, doc->facts->height);
    p->haru = pdf_haru_page_new(doc->haru, doc->facts->width, doc->facts->height);
    *VEC_PUSH(doc->arena, &doc->pages) = p;
    p->number = doc->pages.n;
    p->foot_id = pdf_file_reserve(doc->file);
    p->key = pdf_tag_key(doc, pdf_file_reserve(doc->file));
    return p;
}

size_t
pdf_page_number(const struct pdf_page *p)
{
    return p->number;
}

double
pdf_page_height(const struct pdf_page *p)
{
    return p->height;
}

/* The parents of the page's marked contents, in their order. */
static void
put_parents(struct pdf_page *p)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_putc(&b, '[');
    for (size_t i = 0; i < p->n_marks; i++) {
        pdf_file_put_ref(&b, p->marks[i]);
        buf_putc(&b, ' ');
    }
    buf_putc(&b, ']');
    pdf_file_object(p->doc->file, p->doc->parents.v[p->key], buf_view(&b));
}

void
pdf_page_end(struct pdf_page *p)
{
    assert(!p->marked && !p->ended);
    p->ended = true;
    if (p->haru) {
        pdf_file_stream(p->doc->file, pdf_haru_content_id(p->haru), "", buf_view(&p->ops));
        pdf_haru_page_write(p->doc->haru, p->haru, p->doc->resources_id, p->foot_id, p->key,
                            p->plain);
        put_parents(p);
    }
    pdf_page_done(p);
}

void
pdf_page_foot_begin(struct pdf_page *p)
{
    assert(p->ended);
    p->ops = buf_init(BUF_MAX_DEFAULT);
    p->colour = PDF_NO_COLOUR;
    p->font = NULL;
}

void
pdf_page_foot_end(struct pdf_page *p)
{
    assert(!p->marked);
    pdf_file_stream(p->doc->file, p->foot_id, "", buf_view(&p->ops));
    pdf_page_done(p);
}

/* ---- marks ---- */

void
pdf_page_mark(struct pdf_page *p, struct pdf_elem *e)
{
    assert(!p->marked && !p->ended);
    p->marked = true;
    if (!p->haru)
        return;
    buf_putc(&p->ops, '/');
    buf_puts(&p->ops, e->type);
    buf_puts(&p->ops, "<</MCID ");
    buf_num(&p->ops, p->n_marks);
    buf_puts(&p->ops, ">>BDC\n");
    pdf_tag_kid(e, PDF_KID_CONTENT, (uint32_t)p->n_marks, pdf_haru_page_id(p->haru));
    if (p->n_marks == p->cap) {
        p->cap = p->cap ? 2 * p->cap : 64;
        p->marks = mem_realloc(p->marks, p->cap * sizeof *p->marks);
    }
    p->marks[p->n_marks++] = e->id;
}

void
pdf_page_artifact(struct pdf_page *p, const char *type)
{
    assert(!p->marked);
    p->marked = true;
    buf_puts(&p->ops, "/Artifact<</Type/");
    buf_puts(&p->ops, type);
    buf_puts(&p->ops, ">>BDC\n");
}

void
pdf_page_unmark(struct pdf_page *p)
{
    assert(p->marked);
    p->marked = false;
    buf_puts(&p->ops, "EMC\n");
}

/* ---- drawing ---- */

static void
put_num(struct pdf_page *p, double v, char behind)
{
    pdf_file_put_num(&p->ops, v);
    buf_putc(&p->ops, behind);
}

static void
set_colour(struct pdf_page *p, uint32_t rgb)
{
    if (p->colour == rgb)
        return;
    assert(rgb <= 0xffffff);
    p->colour = rgb;
    for (int shift = 16; shift >= 0; shift -= 8)
        put_num(p, (rgb >> shift & 255) / 255.0, ' ');
    buf_puts(&p->ops, "rg\n");
}

void
pdf_page_rect(struct pdf_page *p, double x, double y, double w, double h, uint32_t colour)
{
    assert(p->marked || !p->haru);
    assert(isfinite(x + y + w + h));
    set_colour(p, colour);
    put_num(p, x, ' ');
    put_num(p, p->height - y - h, ' ');
    put_num(p, w, ' ');
    put_num(p, h, ' ');
    buf_puts(&p->ops, "re f\n");
}

struct buf *
pdf_page_operators(struct pdf_page *p)
{
    p->colour = PDF_NO_COLOUR;
    p->font = NULL;
    return &p->ops;
}

/* ---- text ---- */

/* An array of TJ under way. */
struct show {
    struct pdf_page *page;
    struct pdf_font *font;
    double size;
    bool open; /* "[<" was written */
};

static void
end_show(struct show *s)
{
    if (s->open)
        buf_puts(&s->page->ops, ">]TJ\n");
    s->open = false;
}

static void
begin_show(struct show *s)
{
    if (!s->open)
        buf_puts(&s->page->ops, "[<");
    s->open = true;
}

/* Moves by points; numbers of TJ move to the left. */
static void
move(struct show *s, double pt)
{
    double thousandths = -pt * 1000 / s->size;
    if (fabs(thousandths) < 0.5)
        return;
    begin_show(s);
    buf_putc(&s->page->ops, '>');
    pdf_file_put_num(&s->page->ops, thousandths);
    buf_putc(&s->page->ops, '<');
}

static void
put_glyph(struct show *s, const struct font_glyph *g)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf *b = &s->page->ops;
    assert(g->id <= 0xffff && g->id < s->font->face->n_glyphs);
    char code[4] = {hex[g->id >> 12 & 15], hex[g->id >> 8 & 15], hex[g->id >> 4 & 15],
                    hex[g->id & 15]};
    if (g->dy != 0) {
        end_show(s);
        pdf_file_put_num(b, g->dy);
        buf_puts(b, " Ts\n");
    }
    move(s, g->dx);
    begin_show(s);
    buf_add(b, code, sizeof code);
    move(s, g->advance - g->dx - font_embed_width(s->font->face, g->id) * s->size / 1000);
    if (g->dy != 0) {
        end_show(s);
        buf_puts(b, "0 Ts\n");
    }
}

static void
begin_actual(struct show *s, struct str text)
{
    end_show(s);
    buf_puts(&s->page->ops, "/Span<</ActualText");
    pdf_file_put_text(&s->page->ops, text);
    buf_puts(&s->page->ops, ">>BDC\n");
}

static void
end_actual(struct show *s)
{
    end_show(s);
    buf_puts(&s->page->ops, "EMC\n");
}

/* The bytes that the glyphs i .. n - 1 of one cluster stand for. */
static struct str
cluster_text(const struct font_run *r, size_t i, size_t n)
{
    size_t from = r->glyphs[i].cluster, to = r->text.len;
    if (n < r->n_glyphs && r->glyphs[n].cluster > from)
        to = r->glyphs[n].cluster;
    else if (i > 0 && r->glyphs[i - 1].cluster > from)
        to = r->glyphs[i - 1].cluster; /* right to left */
    assert(from < to && to <= r->text.len);
    return str_n(r->text.s + from, to - from);
}

/* Glyphs of one cluster. When they do not tell their text by themselves, it is written beside. */
static void
put_cluster(struct show *s, const struct font_run *r, size_t from, size_t to)
{
    struct str text = cluster_text(r, from, to);
    bool told = to - from == 1;
    for (size_t i = from; i < to; i++)
        told = pdf_font_use(s->page->doc, s->font, r->glyphs[i].id, text) && told;
    bool actual = !told && !r->actual.len;
    if (actual)
        begin_actual(s, text);
    for (size_t i = from; i < to; i++)
        put_glyph(s, &r->glyphs[i]);
    if (actual)
        end_actual(s);
}

static void
set_font(struct pdf_page *p, const struct pdf_font *f, double size)
{
    if (p->font == f && p->size == size)
        return;
    p->font = f;
    p->size = size;
    buf_puts(&p->ops, "/F");
    buf_num(&p->ops, f->number);
    buf_putc(&p->ops, ' ');
    put_num(p, size, ' ');
    buf_puts(&p->ops, "Tf\n");
}

static void
put_run(struct show *s, const struct font_run *r)
{
    struct pdf_font *f = pdf_font_of(s->page->doc, r->face);
    if (f != s->font) {
        end_show(s);
        s->font = f;
        set_font(s->page, f, s->size);
    }
    if (r->actual.len)
        begin_actual(s, r->actual);
    for (size_t i = 0, to; i < r->n_glyphs; i = to) {
        for (to = i + 1; to < r->n_glyphs && r->glyphs[to].cluster == r->glyphs[i].cluster;)
            to++;
        put_cluster(s, r, i, to);
    }
    if (r->actual.len)
        end_actual(s);
}

void
pdf_page_text(struct pdf_page *p, double x, double baseline, double size_pt, uint32_t colour,
              const struct font_text *text)
{
    struct show s = {.page = p, .size = size_pt};
    assert((p->marked || !p->haru) && size_pt > 0);
    if (text->n_runs == 0)
        return;
    set_colour(p, colour);
    buf_puts(&p->ops, "BT\n");
    put_num(p, x, ' ');
    put_num(p, p->height - baseline, ' ');
    buf_puts(&p->ops, "Td\n");
    for (size_t i = 0; i < text->n_runs; i++)
        put_run(&s, &text->runs[i]);
    end_show(&s);
    buf_puts(&p->ops, "ET\n");
}

/* ---- links ---- */

void
pdf_page_link(struct pdf_page *p, const double box[4], struct pdf_page *to, double to_y,
              struct str says, struct pdf_elem *link)
{
    const double rect[4] = {box[0], p->height - box[1] - box[3], box[0] + box[2],
                            p->height - box[1]};
    assert(!p->ended);
    if (!p->haru || !to->haru)
        return;
    uint32_t key = pdf_tag_key(p->doc, link->id);
    uint32_t id =
        pdf_haru_link(p->doc->haru, p->haru, rect, to->haru, to->height - to_y, says, key);
    pdf_tag_kid(link, PDF_KID_OBJECT, id, pdf_haru_page_id(p->haru));
}
