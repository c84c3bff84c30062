/* Drawing at places of a page, or not at all while only the height is wanted. The other files of the room
 * come before, pdf/page.c and pdf/tag.c after. */
#include <assert.h>
#include <math.h>

#include "render/layout/layout.h"
#include "render/pdf/text.h"

const struct layout_style layout_h1 = {FONT_BOLD, 19, 24, PALETTE_INK, false};
const struct layout_style layout_h2 = {FONT_BOLD, 12, 16, PALETTE_INK, false};
const struct layout_style layout_lead = {FONT_REGULAR, 10.6, 16, PALETTE_INK, false};
const struct layout_style layout_body = {FONT_REGULAR, 9.2, 13.4, PALETTE_INK, false};
const struct layout_style layout_bold = {FONT_BOLD, 9.2, 13.4, PALETTE_INK, false};
const struct layout_style layout_soft = {FONT_REGULAR, 9.2, 13.4, PALETTE_SOFT, false};
const struct layout_style layout_note = {FONT_REGULAR, 7.8, 11, PALETTE_SOFT, false};
const struct layout_style layout_head = {FONT_BOLD, 7.4, 10, PALETTE_SOFT, false};
const struct layout_style layout_code = {FONT_MONO, 8, 11.6, PALETTE_INK, false};
const struct layout_style layout_furniture = {FONT_REGULAR, 7, 10, PALETTE_SOFT, false};
const struct layout_style layout_value = {FONT_BOLD, 17, 21, PALETTE_INK, false};

/* ---- measuring ---- */

struct layout_dry
layout_dry_begin(struct layout *l)
{
    struct layout_dry was = {l->y, l->dry};
    l->dry = true;
    return was;
}

double
layout_dry_end(struct layout *l, struct layout_dry was)
{
    assert(l->dry && l->y >= was.y);
    double high = l->y - was.y;
    l->y = was.y;
    l->dry = was.dry;
    return high;
}

/* ---- elements ---- */

struct pdf_elem *
layout_open(struct layout *l, const char *type)
{
    struct pdf_elem *outer = l->parent;
    assert(l->dry || outer);
    if (!l->dry)
        l->parent = pdf_tag_open(l->doc, outer, type);
    return outer;
}

void
layout_close(struct layout *l, struct pdf_elem *outer)
{
    if (l->dry)
        return;
    assert(l->parent != outer);
    pdf_tag_close(l->doc, l->parent);
    l->parent = outer;
}

void
layout_tag_text(struct layout *l, const char *key, struct str text)
{
    if (!l->dry)
        pdf_tag_text(l->parent, key, text);
}

void
layout_tag_scope(struct layout *l, const char *scope)
{
    if (!l->dry)
        pdf_tag_scope(l->parent, scope);
}

void
layout_mark(struct layout *l)
{
    if (!l->dry)
        pdf_page_mark(l->page, l->parent);
}

void
layout_artifact(struct layout *l, const char *type)
{
    if (!l->dry)
        pdf_page_artifact(l->page, type);
}

void
layout_unmark(struct layout *l)
{
    if (!l->dry)
        pdf_page_unmark(l->page);
}

/* ---- shapes ---- */

static void
draw(struct layout *l, double x, double y, const struct layout_style *s, struct str text)
{
    const struct pdf_text_look look = {s->font, s->size, s->colour};
    /* of Noto Sans (ascent 1.069, descent 0.293 em), in the middle of the leading */
    double baseline = y + s->leading / 2 + (1.069 - 0.293) / 2 * s->size;
    assert(l->page);
    pdf_text_line(l->page, x, baseline, &look, text);
}

void
layout_line(struct layout *l, double x, double y, const struct layout_style *s, struct str text)
{
    if (!l->dry && text.len)
        draw(l, x, y, s, text);
}

void
layout_line_right(struct layout *l, double x, double y, const struct layout_style *s,
                  struct str text)
{
    struct str seen = text; /* the space at the end is for those who extract the text */
    if (l->dry || text.len == 0)
        return;
    while (!str_starts(text, FONT_LEFTWARD) && seen.len && seen.s[seen.len - 1] == ' ')
        seen.len--;
    draw(l, x - layout_width(s, seen), y, s, text);
}

double
layout_width(const struct layout_style *s, struct str text)
{
    return font_width(s->font, s->size, text);
}

void
layout_rect(struct layout *l, double x, double y, double w, double h, uint32_t colour)
{
    if (!l->dry)
        pdf_page_rect(l->page, x, y, w, h, colour);
}

void
layout_rule(struct layout *l, double x, double y, double w, double thick, uint32_t colour)
{
    if (!l->dry)
        pdf_page_rule(l->page, x, y - thick / 2, w, thick, colour);
}
