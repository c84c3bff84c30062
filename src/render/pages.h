/* What of a report people read on pages, and what stands in data files of the same report.
 * What:   tables that are data (the list of files received), and in PDF those with more rows than
 *         pages should carry, are cut there: the table says how many of how many rows it shows and
 *         in which CSV file all are, with its SHA-256. The file is written beside the report; a PDF
 *         carries it inside, too.
 * Owner:  the arena; what is not cut is shared with the report.
 * Units:  rows.   Errors: DIAG_TOO_BIG (of a CSV file).
 * See:    doc/reports/sections.md (long tables) */
#ifndef RENDER_PAGES_H
#define RENDER_PAGES_H

#include "render/render.h"

struct render_attachment { /* a data file that a cut table names */
    struct str name, title, bytes;
};

struct render_pages {
    struct report report; /* with cut tables in place of long ones */
    VEC(struct render_attachment) data;
};

/* Cuts; with_long: also tables that are merely long. The data files are appended to files. */
int render_pages_make(const struct report *r, const struct render_options *o, bool with_long,
                      struct arena *a, struct render_pages *ret, struct render_files *files,
                      struct diag *d);

#endif
