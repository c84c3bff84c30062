/* What stands before the sections: cover, document control with the field for the seal. layout.c calls
 * it, draw.c draws. */
#include <assert.h>
#include <math.h>

#include "base/utf8.h"
#include "render/layout/layout.h"
#include "render/pdf/text.h"
#include "render/renderers.h"

#define BAND_PT      (64 * LAYOUT_MM)
#define COVER_GAP_PT (9 * LAYOUT_MM)
#define FIELD_W_PT   (92 * LAYOUT_MM)

static const struct layout_style cover_org = {FONT_REGULAR, 8.4, 12, 0xdae5e9, false};
static const struct layout_style cover_title = {FONT_BOLD, 27, 33, PALETTE_PAPER, false};
static const struct layout_style cover_sub = {FONT_REGULAR, 10.6, 16, 0xdae5e9, false};
static const struct layout_style cover_lead = {FONT_REGULAR, 13, 19, PALETTE_INK, false};

/* ---- cover ---- */

/* The lines of a text in an element of its own; returns the y below. */
static double
put_lines(struct layout *l, const char *type, const struct layout_style *s, double y,
          const struct layout_lines *lines)
{
    if (lines->v.n == 0)
        return y;
    struct pdf_elem *outer = layout_open(l, type);
    layout_mark(l);
    for (size_t i = 0; i < lines->v.n; i++, y += s->leading)
        layout_line(l, l->left, y, s, lines->v.v[i]);
    layout_unmark(l);
    layout_close(l, outer);
    return y;
}

static struct layout_lines
wrapped(struct layout *l, const struct layout_style *s, struct str text)
{
    struct layout_lines none = {0};
    return text.len ? layout_wrap_even(l->a, s, render_text(text, l->a), l->width) : none;
}

/* The band grows when the title is long. Returns its height. */
static double
put_band(struct layout *l)
{
    const struct layout_lines org = wrapped(l, &cover_org, l->r->organisation);
    const struct layout_lines title = wrapped(l, &cover_title, l->r->title);
    const struct layout_lines sub = wrapped(l, &cover_sub, l->r->subtitle);
    double text = (double)org.v.n * cover_org.leading + (double)title.v.n * cover_title.leading +
                  (double)sub.v.n * cover_sub.leading + 4 * LAYOUT_MM;
    double height = fmax(BAND_PT, text + 40 * LAYOUT_MM);
    double y = 24 * LAYOUT_MM;
    layout_artifact(l, "Layout");
    layout_rect(l, 0, 0, l->page_width, height, PALETTE_ACCENT);
    layout_unmark(l);
    y = put_lines(l, "P", &cover_org, y, &org) + 4 * LAYOUT_MM;
    y = put_lines(l, "H1", &cover_title, y, &title);
    put_lines(l, "P", &cover_sub, y + 2, &sub);
    return height;
}

void
layout_cover(struct layout *l)
{
    assert(!l->dry);
    l->page = pdf_page_new(l->doc);
    l->fixed = true; /* a cover is one page */
    struct pdf_elem *outer = layout_open(l, "Sect");
    l->x = l->left;
    l->w = l->width;
    l->y = put_band(l) + 14 * LAYOUT_MM;
    layout_paragraphs(l, &cover_lead, "P", l->r->lead, 140 * LAYOUT_MM, 12 * LAYOUT_MM);
    const struct render_cover pairs = render_cover_pairs(l->r, l->a);
    double w = (l->width - COVER_GAP_PT) / 2, y = l->y;
    l->w = w;
    layout_pairs(l, pairs.left.v, pairs.left.n);
    l->x = l->left + w + COVER_GAP_PT;
    l->y = y;
    layout_pairs(l, pairs.right.v, pairs.right.n);
    layout_close(l, outer);
    pdf_page_end(l->page);
    l->page = NULL;
    l->fixed = false;
    l->x = l->left;
    l->w = l->width;
}

/* ---- document control ---- */

/* A line in the look of the field, whose origin is its own corner. */
static double
put_look_line(struct layout *l, struct pdf_page *look, const struct layout_style *s, double y,
              struct str text)
{
    double x = 5 * LAYOUT_MM;
    const struct layout_lines lines =
        layout_wrap(l->scratch, s, render_text(text, l->scratch), FIELD_W_PT - x - 6);
    for (size_t i = 0; i < lines.v.n; i++, y += s->leading) {
        const struct font_text t = font_shape(s->font, s->size, lines.v.v[i], l->scratch);
        if (look)
            pdf_text_shaped(look, x, y + s->leading * 0.75, s->size, s->colour, &t);
    }
    return y;
}

/* What the field shows; look NULL: only its height. */
static double
put_look(struct layout *l, struct pdf_page *look)
{
    bool sealed = l->r->signer.len > 0;
    struct str who = sealed ? LANG(l->r->lang, l->a, "pdf.seal_by", {"signer", l->r->signer})
                            : layout_text(l, "pdf.seal_none");
    double y = put_look_line(l, look, &layout_bold, 8, who);
    if (sealed)
        y = put_look_line(l, look, &layout_note, y + 2, layout_text(l, "pdf.seal_how"));
    return y + 8;
}

/* The empty signature field that sealing fills. */
static void
put_field(struct layout *l)
{
    struct pdf_doc_field f = {.name = RENDER_SIGNATURE_FIELD,
                              .says = layout_text(l, "pdf.seal_field"),
                              .width = FIELD_W_PT,
                              .height = put_look(l, NULL)};
    struct pdf_elem *outer = NULL;
    layout_need(l, 8 * LAYOUT_MM + layout_h2.leading + 6 + f.height);
    l->y += 8 * LAYOUT_MM;
    outer = layout_open(l, "H2");
    layout_mark(l);
    layout_line(l, l->x, l->y, &layout_h2, layout_text(l, "pdf.seal"));
    layout_unmark(l);
    layout_close(l, outer);
    l->y += layout_h2.leading + 6;
    f.x = l->x;
    f.y = l->y;
    struct pdf_page *look = pdf_doc_field_begin(l->doc, &f);
    pdf_page_rect(look, 0, 0, f.width, f.height, 0xf4f6f8);
    pdf_page_rect(look, 0, 0, 2.2, f.height, PALETTE_ACCENT);
    put_look(l, look);
    outer = layout_open(l, "Form");
    pdf_doc_field_end(l->doc, &f, look, l->page, l->parent);
    layout_close(l, outer);
    l->y += f.height + 6;
}

void
layout_control(struct layout *l)
{
    layout_break(l);
    struct pdf_elem *outer = layout_open(l, "Sect");
    struct str title = layout_text(l, "control.title");
    pdf_doc_outline(l->doc, NULL, title, l->page, l->y);
    layout_paragraph(l, &layout_h1, "H1", title, l->w, 4 * LAYOUT_MM);
    layout_pairs(l, l->r->control.v, l->r->control.n);
    put_field(l);
    layout_close(l, outer);
}
