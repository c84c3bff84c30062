/* Canvas that writes SVG with real text.
 * What:   one <svg role=img> with title and description. Colours of the palette are written as
 *         presentation attributes and as classes (f-… fills, s-… strokes), so that the drawing is
 *         right alone and a page's style sheet can turn it dark. Ids begin with the given id.
 * Owner:  canvas_svg_done() frees the canvas's buffers; the result lives in the arena.
 * Units:  points, as the canvas; width and height attributes in px at the HTML scale.
 * Errors: none.   See: render/canvas/canvas.h, templates/html/style.css */
#ifndef RENDER_CANVAS_SVG_H
#define RENDER_CANVAS_SVG_H

#include "render/canvas/canvas.h"

/* CSS pixels of a point: 9.2 pt of the printed report are 1rem (16 px) on screen. */
#define CANVAS_SVG_PX_PER_PT (16.0 / 9.2)

/* An empty drawing; id must be unique in the document. */
struct canvas *canvas_svg_new(struct arena *a, double width, double height, struct str id,
                              struct str title, struct str alt);
/* The finished <svg>…</svg>. */
struct str canvas_svg_done(struct canvas *c);

#endif
