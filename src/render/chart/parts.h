/* What the kinds of charts share: sizes of type, wrapped labels, values, colours of text.
 * What:   inside of render/chart only: chart.c asks the kinds, and the kinds ask parts.c.
 * Owner:  texts live in the canvas's arena.
 * Units:  points.   Errors: none.   See: render/chart/chart.h */
#ifndef RENDER_CHART_PARTS_H
#define RENDER_CHART_PARTS_H

#include "render/chart/chart.h"

#define CHART_AXIS_PT  7.0
#define CHART_LABEL_PT 7.8
#define CHART_LINE_PT  9.4 /* distance of lines of labels */

enum { CHART_MAX_LABEL_LINES = 3 };

struct chart_job {
    const struct report_chart *ch;
    const struct lang *lang;
    struct canvas *c;
};

/* Lines of a label; beyond CHART_MAX_LABEL_LINES it ends in "…" (the data table has it whole). */
struct chart_label {
    struct str line[CHART_MAX_LABEL_LINES];
    size_t n;
    double width; /* of the widest line */
};

/* Breaks a label at spaces, or between any characters when it must. */
struct chart_label chart_parts_wrap(struct arena *a, double size_pt, bool bold, struct str s,
                                    double width);
/* Draws the lines of a label, the first one's baseline at y. */
void chart_parts_label(struct canvas *c, double x, double y, double size_pt, bool bold,
                       uint32_t colour, enum canvas_anchor anchor, const struct chart_label *l);
/* The colour of text about a series. */
uint32_t chart_parts_ink(enum chart_role role);
/* A filled rectangle. */
void chart_parts_rect(struct canvas *c, double x, double y, double w, double h,
                      struct canvas_paint p);
/* "no data", in the middle. */
void chart_parts_empty(const struct chart_job *j);

/* Each kind: wanted height, and drawing. */
double chart_pie_height(const struct report_chart *ch, double width);
/* Draws a pie with its legend when the canvas is wide enough. */
void chart_pie_draw(const struct chart_job *j);
/* The disc of one point of a chart of pies; a ring when there is nothing in it (pie.c). */
void chart_pie_disc(const struct chart_job *j, size_t point, double cx, double cy, double r);
/* Swatch, sign and word of a series, the word's baseline at y (pie.c). */
void chart_pie_legend(const struct chart_job *j, size_t series, double x, double y, double width);
/* Height of several pies. */
double chart_pies_height(const struct report_chart *ch, double width);
/* Draws a small pie for each point, three a row, and one legend. */
void chart_pies_draw(const struct chart_job *j);
/* Height of a line chart. */
double chart_lines_height(double width);
/* Draws lines over time or categories. */
void chart_lines_draw(const struct chart_job *j);
/* Height of a bar chart: by the number of bars and the lines of their labels. */
double chart_bars_height(const struct report_chart *ch, double width);
/* Draws horizontal bars, stacked when there are several series. */
void chart_bars_draw(const struct chart_job *j);

#endif
