/* Charts drawn on any canvas: pie, lines over time, horizontal bars.
 * What:   as /doc/reports/charts.md shows: labels at line ends, failed dashed or hatched as well as
 *         coloured, axes from zero, few grid lines, at most six slices from twelve o'clock.
 * Owner:  none.   Units: points.   Errors: none (the canvas keeps its own). */
#ifndef RENDER_CHART_CHART_H
#define RENDER_CHART_CHART_H

#include "model/report.h"
#include "render/canvas/canvas.h"

/* The height in points a chart wants at a width. */
double chart_height(const struct report_chart *ch, double width);
/* Draws the chart over the whole canvas. */
void chart_draw(const struct report_chart *ch, const struct lang *lang, struct canvas *c);

#endif
