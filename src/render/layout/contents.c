/* The table of contents: its pages are set aside before the sections and filled behind them, when
 * the numbers of the pages are known. */
#include <assert.h>

#include "base/utf8.h"
#include "render/layout/layout.h"

#define NUMBER_PT 42.0 /* room for the number of a page */
#define ROW_PAD   3.6

struct contents {
    struct pdf_elem *section;
    VEC(struct pdf_page *) pages;
    double y;    /* where the heading stands on the first page */
    bool shares; /* that page has document control above, and its running head */
};

static double
first_row(const struct contents *c)
{
    return c->y + layout_h1.leading + 4 * LAYOUT_MM;
}

static struct layout_lines
title_lines(struct layout *l, const struct report_section *s, struct arena *a)
{
    return layout_wrap(a, &layout_body, utf8_one_line(a, s->title), l->width - NUMBER_PT);
}

static double
row_height(const struct layout_lines *lines)
{
    size_t n = lines->v.n ? lines->v.n : 1;
    return (double)n * layout_body.leading + 2 * ROW_PAD;
}

static void
add_page(struct layout *l, struct contents *c)
{
    *VEC_PUSH(l->a, &c->pages) = pdf_page_new(l->doc);
}

static void
reserve_pages(struct layout *l, struct contents *c)
{
    c->y = l->top;
    add_page(l, c);
    double y = first_row(c);
    for (size_t i = 0; i < l->r->sections.n; i++) {
        const struct layout_lines lines = title_lines(l, &l->r->sections.v[i], l->a);
        if (y + row_height(&lines) > l->bottom) {
            add_page(l, c);
            y = l->top;
        }
        y += row_height(&lines);
    }
}

void
layout_contents_reserve(struct layout *l)
{
    struct contents *c = ARENA_NEW(l->a, struct contents);
    double rows = 0;
    assert(!l->dry && !l->contents);
    l->contents = c;
    c->section = pdf_tag_open(l->doc, l->parent, "Sect");
    for (size_t i = 0; i < l->r->sections.n; i++) {
        const struct layout_lines lines = title_lines(l, &l->r->sections.v[i], l->a);
        rows += row_height(&lines);
    }
    /* the rest of the page of document control is taken when all fits there */
    c->y = l->y + 12 * LAYOUT_MM;
    c->shares = l->page && first_row(c) + rows <= l->bottom;
    if (c->shares) {
        *VEC_PUSH(l->a, &c->pages) = l->page;
        l->page = NULL; /* ended when it is filled */
    } else {
        reserve_pages(l, c);
    }
    pdf_doc_outline(l->doc, NULL, layout_text(l, "contents"), c->pages.v[0], c->y);
}

/* ---- filling ---- */

/* Title, number and the link over both. */
static void
put_row(struct layout *l, const struct layout_target *t, const struct layout_lines *lines)
{
    struct str number = arena_fmt(l->scratch, "%zu", pdf_page_number(t->page));
    double y = l->y + ROW_PAD;
    struct pdf_elem *toc = layout_open(l, "TOCI"), *item = layout_open(l, "Link");
    layout_mark(l);
    for (size_t i = 0; i < lines->v.n; i++, y += layout_body.leading) {
        bool last = i + 1 == lines->v.n; /* the number follows: not glued to the title */
        struct str line = lines->v.v[i];
        layout_line(l, l->left, y, &layout_body,
                    last ? arena_fmt(l->scratch, "%.*s ", STR_ARG(line)) : line);
    }
    layout_line_right(l, l->left + l->width, l->y + ROW_PAD, &layout_soft, number);
    layout_unmark(l);
    const double box[4] = {l->left, l->y, l->width, row_height(lines)};
    struct str says =
        LANG(l->r->lang, l->scratch, "pdf.link",
             {"title", utf8_one_line(l->scratch, t->section->title)}, {"page", number});
    pdf_page_link(l->page, box, t->page, t->y, utf8_cut(says, 2000), l->parent);
    layout_close(l, item);
    layout_close(l, toc);
    l->y += row_height(lines);
    layout_rule(l, l->left, l->y, l->width, 0.4, PALETTE_HAIRLINE);
}

static void
begin_page(struct layout *l, const struct contents *c, size_t *next)
{
    if (l->page)
        pdf_page_end(l->page);
    assert(*next < c->pages.n); /* as many as were set aside */
    l->page = c->pages.v[(*next)++];
    l->y = *next == 1 ? c->y : l->top;
    if (*next > 1 || !c->shares)
        layout_running_head(l);
}

void
layout_contents_fill(struct layout *l)
{
    const struct contents *c = l->contents;
    struct pdf_elem *outer = l->parent;
    size_t next = 0;
    assert(c && l->targets.n == l->r->sections.n);
    l->page = NULL;
    l->parent = c->section;
    begin_page(l, c, &next);
    struct pdf_elem *section = layout_open(l, "H1");
    layout_mark(l);
    layout_line(l, l->left, l->y, &layout_h1, layout_text(l, "contents"));
    layout_unmark(l);
    layout_close(l, section);
    l->y = first_row(c);
    section = layout_open(l, "TOC");
    for (size_t i = 0; i < l->targets.n; i++) {
        const struct layout_lines lines = title_lines(l, l->targets.v[i].section, l->a);
        if (l->y + row_height(&lines) > l->bottom)
            begin_page(l, c, &next);
        put_row(l, &l->targets.v[i], &lines);
    }
    layout_close(l, section);
    pdf_page_end(l->page);
    l->page = NULL;
    assert(next == c->pages.n);
    layout_close(l, outer);
}
