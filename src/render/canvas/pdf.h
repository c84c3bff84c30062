/* Canvas that draws into a page of the PDF.
 * What:   vectors and real text at a place of the page; the caller has marked it as the content of
 *         a Figure. Every painting restores the state of graphics it found.
 * Owner:  canvas_pdf_done() frees the path; nothing else to release.
 * Units:  points; x and y of the page's top left.
 * Errors: those of the page.   See: render/canvas/canvas.h, render/pdf/page.h */
#ifndef RENDER_CANVAS_PDF_H
#define RENDER_CANVAS_PDF_H

#include "render/canvas/canvas.h"
#include "render/pdf/page.h"

/* A drawing of width x height whose top left corner stands at (x, y). */
struct canvas *canvas_pdf_new(struct arena *a, struct pdf_page *page, double x, double y,
                              double width, double height);
/* Ends the drawing. */
void canvas_pdf_done(struct canvas *c);

#endif
