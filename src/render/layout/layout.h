/* Laying a report out on pages: what the files of the room share.
 * What:   a column is filled from the top; helpers draw at places of the page. While `dry` nothing
 *         is drawn and no page ends, so that the height of anything is what drawing it dry adds to
 *         y. Elements: layout_open() makes a new l->parent and returns the outer one, which
 *         layout_close() brings back.
 * Owner:  texts and lines live in the arena they were made in; what is taken from `scratch` lasts
 *         until layout_break.
 * Units:  points; y grows downwards from the top of the page.
 * Errors: sticky in the document.   See: doc/decisions/0003-pdf.md */
#ifndef RENDER_LAYOUT_LAYOUT_H
#define RENDER_LAYOUT_LAYOUT_H

#include "model/report.h"
#include "render/font/font.h"
#include "render/palette.h"
#include "render/pdf/page.h"
#include "render/pdf/tag.h"
#include "render/render.h"

#define LAYOUT_MM (72 / 25.4)

struct layout_style {
    enum font_style font;
    double size, leading;
    uint32_t colour;
    bool
        is_foreign; /* a host's text: its first letter says which way it runs, else left to right */
};

extern const struct layout_style layout_h1, layout_h2, layout_lead, layout_body, layout_bold,
    layout_soft, layout_note, layout_head, layout_code, layout_furniture, layout_value;

struct layout_target { /* where a section begins */
    const struct report_section *section;
    struct pdf_page *page;
    double y;
};

struct layout_lines {
    VEC(struct str) v; /* each with one space where it was broken at spaces */
};

struct layout_measured { /* the table whose columns were measured last */
    const struct report_table *table;
    double width, *widths;
};

struct layout {
    const struct report *r;
    struct pdf_doc *doc;
    struct arena *a, *scratch;
    double page_width, page_height;
    double left, width, top, bottom; /* the frame inside the margins; bottom is a y */
    struct pdf_page *page;
    double x, w, y; /* the column under way: y is the next free place */
    double start;   /* where the column began: no gap is left above what stands there */
    struct pdf_elem *parent;
    bool dry, fixed;    /* fixed: inside columns, no page may end */
    double tail;        /* height of what must not stand alone on the page behind this block */
    bool after_heading; /* a heading stands above that no table or chart has used yet */
    struct str heading; /* its text */
    void *outline;      /* of the section */
    VEC(struct layout_target) targets;
    struct layout_measured measured;
    void *contents;             /* of contents.c: the pages set aside */
    struct layout_cells *cells; /* of cell.c: those that may return */
};

/* ---- drawing (draw.c) ---- */

/* Opens an element below l->parent and makes it l->parent; returns the outer one. */
struct pdf_elem *layout_open(struct layout *l, const char *type);
/* Closes l->parent; outer is l->parent again. */
void layout_close(struct layout *l, struct pdf_elem *outer);
/* What is drawn until layout_unmark belongs to l->parent. */
void layout_mark(struct layout *l);
/* What is drawn until layout_unmark is furniture: "Layout", "Pagination". */
void layout_artifact(struct layout *l, const char *type);
/* Ends either. */
void layout_unmark(struct layout *l);
/* One line whose box begins at y. */
void layout_line(struct layout *l, double x, double y, const struct layout_style *s,
                 struct str text);
/* The same, ending at x. */
void layout_line_right(struct layout *l, double x, double y, const struct layout_style *s,
                       struct str text);
/* Width of a line. */
double layout_width(const struct layout_style *s, struct str text);
/* A filled rectangle; between a mark and its end. */
void layout_rect(struct layout *l, double x, double y, double w, double h, uint32_t colour);
/* A rule from x at y, an artifact of its own; not between a mark and its end. */
void layout_rule(struct layout *l, double x, double y, double w, double thick, uint32_t colour);
/* An open element's text entry or raw entries; nothing while dry. */
void layout_tag_text(struct layout *l, const char *key, struct str text);
/* A heading of columns or rows. */
void layout_tag_scope(struct layout *l, const char *scope);

/* ---- measuring ---- */

struct layout_dry { /* what was before: the filling went on from y, dry or not */
    double y;
    bool dry;
};

/* From here on nothing is drawn; pairs may stand inside of others. */
struct layout_dry layout_dry_begin(struct layout *l);
/* How far the column was filled since then. It is filled from where it was, as it was. */
double layout_dry_end(struct layout *l, struct layout_dry was);

/* ---- pages (pages.c) ---- */

/* Ends the page and begins the next with its running head. */
void layout_break(struct layout *l);
/* Makes sure that height fits below y, or begins a page; nothing while dry or fixed. */
void layout_need(struct layout *l, double height);
/* The running head of l->page (an artifact). */
void layout_running_head(struct layout *l);
/* The foot of page n of all, drawn between pdf_page_foot_begin and pdf_page_foot_end. */
void layout_foot(struct layout *l, struct pdf_page *page, size_t all);
/* A text of templates/lang. */
struct str layout_text(const struct layout *l, const char *key);

/* ---- text (wrap.c, paragraph.c) ---- */

/* Breaks a text into lines of at most width; newlines break always, long words anywhere, words of
 * scripts without spaces where they are torn least. Lines from right to left begin with FONT_LEFTWARD. */
struct layout_lines layout_wrap(struct arena *a, const struct layout_style *s, struct str text,
                                double width);
/* The same number of lines, all about as long: for headings. */
struct layout_lines layout_wrap_even(struct arena *a, const struct layout_style *s, struct str text,
                                     double width);
/* Width of the longest word that is not broken gladly. */
double layout_word_width(const struct layout_style *s, struct str text);
/* Paragraphs (cut at empty lines) as elements of a type, filled into the column, at most
 * max_width wide; gap below. Headings (H1 …) have lines of about the same length. */
void layout_paragraphs(struct layout *l, const struct layout_style *s, const char *type,
                       struct str text, double max_width, double gap);
/* The same for one text whose line ends stay (code). */
void layout_paragraph(struct layout *l, const struct layout_style *s, const char *type,
                      struct str text, double max_width, double gap);

/* ---- blocks ---- */

/* All blocks of a section (blocks.c). */
void layout_blocks(struct layout *l, const struct report_section *s);
/* Height of the first blocks that must stand together with what is above them. */
double layout_blocks_lead(struct layout *l, const struct report_section *s);
/* Height of all blocks of a section; more than a page when it has a long table. */
double layout_blocks_height(struct layout *l, const struct report_section *s);
/* Label and value, line by line with hairlines (blocks.c). */
void layout_pairs(struct layout *l, const struct report_pair *v, size_t n);
/* One table with its notes (table.c). */
void layout_table(struct layout *l, const struct report_table *t);
/* Height of caption, head and first row: what must stand together. */
double layout_table_lead(struct layout *l, const struct report_table *t);
/* Widths of a table's columns without the gaps between (columns.c). */
void layout_columns(struct layout *l, const struct report_table *t, double *ret_widths);
/* Gap between columns. */
#define LAYOUT_COLUMN_GAP 9.0

/* ---- front (front.c) ---- */

/* The cover, which has no running head: draws on a new page and ends it. */
void layout_cover(struct layout *l);
/* Document control and the signature field: begins with layout_break, fills the page. */
void layout_control(struct layout *l);
/* Adds as many pages as the table of contents needs, opens its elements and leaves them open. */
void layout_contents_reserve(struct layout *l);
/* Fills them when all sections stand (l->targets), with links, and ends the pages. */
void layout_contents_fill(struct layout *l);
/* ---- all (layout.c) ---- */

/* Lays the report out in the document; pages are ended. */
void layout_report(const struct report *r, struct pdf_doc *doc, double page_width,
                   double page_height, struct arena *a);

#endif
