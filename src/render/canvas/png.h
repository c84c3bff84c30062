/* Canvas that paints with cairo into a PNG.
 * What:   a white image at a scale of pixels a point. Text is filled outlines of the glyphs
 *         font_shape() gives, so it is the same on every machine that has the fonts.
 * Owner:  canvas_png_done() frees what cairo holds; it must be called once.
 * Units:  points; scale in pixels a point.
 * Errors: DIAG_INTERNAL when cairo refuses (its status is sticky).   See: render/chart/picture.c */
#ifndef RENDER_CANVAS_PNG_H
#define RENDER_CANVAS_PNG_H

#include "base/diag.h"
#include "render/canvas/canvas.h"

/* An empty drawing of width x height inside an image with `margin` points around it and `top`
 * points above it (for a title, at negative y). */
struct canvas *canvas_png_new(struct arena *a, double width, double height, double margin,
                              double top, double scale);
/* The PNG's bytes. */
int canvas_png_done(struct canvas *c, struct str *ret_bytes, struct diag *d);

#endif
