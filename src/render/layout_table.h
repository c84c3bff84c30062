/* What layout_table.c and layout_columns.c share.
 * What:   how a cell looks.
 * Owner:  none.   Units: points.   Errors: none.   See: render/layout.h */
#ifndef RENDER_LAYOUT_TABLE_H
#define RENDER_LAYOUT_TABLE_H

#include "render/layout.h"

/* The style of a cell of a row. */
struct layout_style layout_table_style(const struct report_row *row, const struct report_cell *c);

#endif
