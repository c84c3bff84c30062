/* One drawing surface for charts, with three back ends: PDF vectors, SVG text, cairo PNG.
 * What:   y grows downwards, origin top left. Paths are recorded and written at paint time (PDF
 *         forbids colour operators inside a path). Text is real text in every back end.
 * Owner:  the back end owns its state; a canvas lives for one chart.
 * Units:  points (1/72 inch); colours 0xRRGGBB; angles in radians, 0 = twelve o'clock, clockwise.
 * Errors: sticky in the back end.   See: render/chart/chart.h */
#ifndef RENDER_CANVAS_CANVAS_H
#define RENDER_CANVAS_CANVAS_H

#include <stdint.h>

#include "base/arena.h"

enum canvas_anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct canvas_paint {
    uint32_t fill;                  /* colour, used when has_fill */
    uint32_t stroke;                /* colour, used when width_pt > 0 */
    double width_pt;                /* stroke width; 0 = none */
    bool has_fill, dashed, hatched; /* hatched: white diagonals over the fill */
};

struct canvas {
    double width, height; /* points */
    struct arena *arena;
    void *ctx; /* of the back end */
    void (*move_to)(struct canvas *c, double x, double y);
    void (*line_to)(struct canvas *c, double x, double y);
    /* Arc around (cx, cy) from angle a0 to a1, joined to the path by a line. */
    void (*arc)(struct canvas *c, double cx, double cy, double r, double a0, double a1);
    void (*close)(struct canvas *c);
    void (*paint)(struct canvas *c, struct canvas_paint p); /* ends the path */
    void (*text)(struct canvas *c, double x, double baseline_y, double size_pt, bool bold,
                 uint32_t colour, enum canvas_anchor anchor, struct str s);
    /* Width of a text in points, the same in every back end (HarfBuzz metrics of Noto Sans). */
    double (*text_width)(struct canvas *c, double size_pt, bool bold, struct str s);
};

/* The text_width of every back end that draws with the fonts of font.h. */
double canvas_text_width(struct canvas *c, double size_pt, bool bold, struct str s);

#endif
