/* Pages: layout draws here; haru.c and file.c write what comes out. */
#include "render/pdf/page.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/pdf/parts.h"

/* ---- life ---- */

struct pdf_page *
pdf_page_loose(struct pdf_doc *doc, double height)
{
    struct pdf_page *p = ARENA_NEW(doc->arena, struct pdf_page);
    p->doc = doc;
    p->height = height;
    p->ops = buf_init(BUF_MAX_DEFAULT);
    p->rules = buf_init(BUF_MAX_DEFAULT);
    p->colour = PDF_NO_COLOUR;
    return p;
}

void
pdf_page_done(struct pdf_page *p)
{
    buf_done(&p->ops);
    buf_done(&p->rules);
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

/* The rules that wait, as one artifact. */
static void
put_rules(struct pdf_page *p)
{
    if (p->rules.len == 0)
        return;
    pdf_page_artifact(p, "Layout");
    pdf_page_colour(p, p->rules_colour);
    buf_str(&p->ops, buf_view(&p->rules));
    pdf_page_unmark(p);
    buf_cut(&p->rules, 0);
}

void
pdf_page_end(struct pdf_page *p)
{
    assert(!p->marked && !p->ended);
    put_rules(p);
    p->ended = true;
    if (p->haru) {
        pdf_file_stream(p->doc->file, pdf_haru_content_id(p->haru), "", buf_view(&p->ops));
        pdf_haru_page_write(p->doc->haru, p->haru, p->doc->resources_id, p->foot_id, p->key,
                            p->plain);
        AUTO_BUF parents = buf_init(BUF_MAX_DEFAULT); /* of the marked contents, in their order */
        buf_putc(&parents, '[');
        for (size_t i = 0; i < p->n_marks; i++) {
            pdf_file_put_ref(&parents, p->marks[i]);
            buf_putc(&parents, ' ');
        }
        buf_putc(&parents, ']');
        pdf_file_object(p->doc->file, p->doc->parents.v[p->key], buf_view(&parents));
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
    put_rules(p);
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

void
pdf_page_colour(struct pdf_page *p, uint32_t rgb)
{
    if (p->colour == rgb)
        return;
    assert(rgb <= 0xffffff);
    p->colour = rgb;
    for (int shift = 16; shift >= 0; shift -= 8) {
        pdf_file_put_num(&p->ops, (rgb >> shift & 255) / 255.0);
        buf_putc(&p->ops, ' ');
    }
    buf_puts(&p->ops, "rg\n");
}

static void
put_box(const struct pdf_page *p, struct buf *b, double x, double y, double w, double h)
{
    const double box[4] = {x, p->height - y - h, w, h};
    assert(isfinite(x + y + w + h));
    for (int i = 0; i < 4; i++) {
        pdf_file_put_num(b, box[i]);
        buf_putc(b, ' ');
    }
    buf_puts(b, "re f\n"); /* one by one: readers sharpen a single box, not one of many */
}

void
pdf_page_rect(struct pdf_page *p, double x, double y, double w, double h, uint32_t colour)
{
    assert(p->marked || !p->haru);
    pdf_page_colour(p, colour);
    put_box(p, &p->ops, x, y, w, h);
}

void
pdf_page_rule(struct pdf_page *p, double x, double y, double w, double h, uint32_t colour)
{
    assert(!p->marked);
    if (p->rules_colour != colour)
        put_rules(p);
    p->rules_colour = colour;
    put_box(p, &p->rules, x, y, w, h);
}

struct buf *
pdf_page_operators(struct pdf_page *p)
{
    p->colour = PDF_NO_COLOUR;
    p->font = NULL;
    return &p->ops;
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
