/* A report on pages: cover, control, contents, sections. pdf.c comes before; the other files of the room
 * lay out what stands inside, and none of them calls back. */
#include "render/layout/layout.h"

#include <assert.h>

#include "render/layout/cell.h"
#include "render/renderers.h"

#define MARGIN_LEFT    (22 * LAYOUT_MM)
#define MARGIN_RIGHT   (18 * LAYOUT_MM)
#define MARGIN_TOP     (24 * LAYOUT_MM)
#define MARGIN_BOTTOM  (20 * LAYOUT_MM)
#define MUCH_OF_PAGE   0.4
#define MOST_OF_PAGE   0.55
#define LITTLE_OF_PAGE 0.25

/* ---- sections ---- */

/* Would the end of a section stand alone on the next page, when all of it could stand there? */
static bool
leaves_little(struct layout *l, const struct report_section *s, double above)
{
    double page = l->bottom - l->top, high = above + layout_blocks_height(l, s);
    double left = high - (l->bottom - l->y);
    return left > 0 && left < page * LITTLE_OF_PAGE && high <= page;
}

static void
put_section(struct layout *l, const struct report_section *s)
{
    struct str title = render_text(s->title, l->a);
    const double above = 26, below = 4;
    bool first = l->targets.n == 0;
    /* a page that has hardly begun is filled, whatever the section would like */
    double filled = (l->y - l->top) / (l->bottom - l->top);
    bool is_begun = filled > MUCH_OF_PAGE;
    double head = above + layout_h1.leading + below;
    if (first || (s->new_page && is_begun) ||
        (filled > MOST_OF_PAGE && leaves_little(l, s, head))) {
        layout_break(l);
    } else {
        layout_need(l, head + layout_blocks_lead(l, s));
        l->y += l->y > l->top ? above : 0;
    }
    struct pdf_elem *outer = layout_open(l, "Sect");
    *VEC_PUSH(l->a, &l->targets) = (struct layout_target){.section = s, .page = l->page, .y = l->y};
    l->outline = pdf_doc_outline(l->doc, NULL, title, l->page, l->y - 6);
    layout_paragraph(l, &layout_h1, "H1", title, l->w, below);
    layout_blocks(l, s);
    layout_close(l, outer);
}

/* ---- all ---- */

void
layout_report(const struct report *r, struct pdf_doc *doc, double page_width, double page_height,
              struct arena *a)
{
    struct layout l = {.r = r,
                       .doc = doc,
                       .a = a,
                       .scratch = arena_new(),
                       .page_width = page_width,
                       .page_height = page_height,
                       .left = MARGIN_LEFT,
                       .width = page_width - MARGIN_LEFT - MARGIN_RIGHT,
                       .top = MARGIN_TOP,
                       .bottom = page_height - MARGIN_BOTTOM,
                       .parent = pdf_doc_root(doc)};
    l.x = l.left;
    l.w = l.width;
    assert(l.width > 0 && l.bottom > l.top && l.parent);
    layout_cover(&l);
    layout_control(&l);
    layout_contents_reserve(&l);
    for (size_t i = 0; i < r->sections.n; i++)
        put_section(&l, &r->sections.v[i]);
    if (l.page)
        pdf_page_end(l.page);
    l.page = NULL;
    layout_contents_fill(&l);
    size_t n = 0;
    struct pdf_page *const *pages = pdf_doc_pages(doc, &n);
    for (size_t i = 0; i < n; i++) {
        pdf_page_foot_begin(pages[i]);
        layout_foot(&l, pages[i], n);
        pdf_page_foot_end(pages[i]);
    }
    layout_cell_forget(&l);
    arena_free(l.scratch);
}
