/* One page: operators, marked content, links; text is in text.h.
 * What:   everything drawn stands between pdf_page_mark or pdf_page_artifact and pdf_page_unmark.
 *         An ended page is written; only its foot, which needs the number of pages, may follow.
 * Owner:  the document.
 * Units:  points; y grows downwards from the top; colours 0xRRGGBB.
 * Errors: sticky in the document.   See: ISO 32000-1 §8, §9 */
#ifndef RENDER_PDF_PAGE_H
#define RENDER_PDF_PAGE_H

#include "render/pdf/doc.h"

/* Adds a page at the end. */
struct pdf_page *pdf_page_new(struct pdf_doc *doc);
/* Its number, from 1. */
size_t pdf_page_number(const struct pdf_page *p);
/* Writes the page. */
void pdf_page_end(struct pdf_page *p);
/* Begins the second content of an ended page; everything in it is an artifact. */
void pdf_page_foot_begin(struct pdf_page *p);
/* Writes it. */
void pdf_page_foot_end(struct pdf_page *p);

/* What follows belongs to the element. */
void pdf_page_mark(struct pdf_page *p, struct pdf_elem *e);
/* What follows is furniture: "Pagination" or "Layout". */
void pdf_page_artifact(struct pdf_page *p, const char *type);
/* Ends either. */
void pdf_page_unmark(struct pdf_page *p);

/* A filled rectangle. */
void pdf_page_rect(struct pdf_page *p, double x, double y, double w, double h, uint32_t colour);
/* The same as an artifact of its own, not between a mark and its end. Rules of a colour are drawn
 * together, at the latest when the page ends. */
void pdf_page_rule(struct pdf_page *p, double x, double y, double w, double h, uint32_t colour);
/* The buffer of operators, for canvas/pdf.c; colours and fonts are unknown afterwards. */
struct buf *pdf_page_operators(struct pdf_page *p);
/* Height of the page. */
double pdf_page_height(const struct pdf_page *p);
/* A link to a place of another page, as the content of an element of type Link. */
void pdf_page_link(struct pdf_page *p, const double box[4], struct pdf_page *to, double to_y,
                   struct str says, struct pdf_elem *link);

#endif
