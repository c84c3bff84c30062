/* A chart as a PNG picture, for slides and mails.
 * What:   title above, the same drawing as in the report below, on white.
 * Owner:  the bytes live in the arena.
 * Units:  scale in pixels a point: 2 suits screens, 4 suits slides; 0.5 to 8.
 * Errors: DIAG_CONFIG (fonts missing), DIAG_TOO_BIG (scale), DIAG_INTERNAL (cairo). */
#ifndef RENDER_CHART_PNG_H
#define RENDER_CHART_PNG_H

#include "base/diag.h"
#include "model/report.h"

/* Draws the chart. */
int render_chart_png(const struct report_chart *ch, const struct lang *lang, double scale,
                     struct arena *a, struct str *ret_bytes, struct diag *d);
/* Every chart of the report in reading order (also inside columns), prev NULL = first. */
const struct report_chart *render_chart_next(const struct report *r,
                                             const struct report_chart *prev);

#endif
