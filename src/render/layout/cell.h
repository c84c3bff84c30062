/* What stands in a cell of a table: its look, its extent, its lines.
 * What:   most texts of a long list return in row after row and table after table, so what was
 *         found out about one is kept under its text. columns.c asks for extents,
 *         table.c for lines.
 * Owner:  the layout keeps some megabytes; a cell lasts until layout_cell_tidy() is called or the
 *         arena is freed that it may have been made in.
 * Units:  points.   Errors: none.   See: render/layout/layout.h */
#ifndef RENDER_LAYOUT_CELL_H
#define RENDER_LAYOUT_CELL_H

#include "render/layout/layout.h"

struct layout_extent {
    double least;   /* what numbers and short words cannot do without */
    double min;     /* no word is broken, a hash has three lines */
    double natural; /* nothing wraps */
};

struct layout_cell;

/* The cell of a row; made in the arena when it is not one that may return. */
struct layout_cell *layout_cell_of(struct layout *l, const struct report_row *row, size_t col,
                                   struct arena *a);
/* Its look. */
struct layout_style layout_cell_style(const struct layout_cell *c);
/* The width it would have. */
struct layout_extent layout_cell_extent(struct layout_cell *c);
/* Its lines at a width. */
struct layout_lines layout_cell_lines(struct layout_cell *c, double width);
/* No cell is in use: forgets them when they have become too many. */
void layout_cell_tidy(struct layout *l);
/* Forgets all. */
void layout_cell_forget(struct layout *l);

#endif
