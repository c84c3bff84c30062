/* Text on a page.
 * What:   shaped text, and lines by their text: one that was drawn before is neither shaped nor
 *         spelled again, as most lines of a long table return.
 * Owner:  the document keeps lines that were drawn, up to some megabytes.
 * Units:  points; y grows downwards from the top; colours 0xRRGGBB.
 * Errors: sticky in the document.   See: ISO 32000-1 §9 */
#ifndef RENDER_PDF_TEXT_H
#define RENDER_PDF_TEXT_H

#include "render/font/font.h"
#include "render/pdf/page.h"

struct pdf_text_look {
    enum font_style font;
    double size;
    uint32_t colour;
};

/* A shaped line. */
void pdf_text_shaped(struct pdf_page *p, double x, double baseline, double size_pt, uint32_t colour,
                     const struct font_text *text);
/* A line of text that begins at x. */
void pdf_text_line(struct pdf_page *p, double x, double baseline, const struct pdf_text_look *look,
                   struct str text);

#endif
