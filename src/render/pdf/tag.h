/* The structure tree: what the marks on the pages mean to those who cannot see them.
 * What:   elements are opened below an open parent and closed; a closed one is written at once, so
 *         that a list of a hundred thousand cells costs no memory. Closing does not have to follow
 *         the order of opening: the table of contents stays open until its pages are known.
 * Owner:  the document; an element must not be used after it was closed.
 * Units:  none.
 * Errors: none.   See: ISO 32000-1:2008, 14.7; ISO 14289-1 */
#ifndef RENDER_PDF_TAG_H
#define RENDER_PDF_TAG_H

#include "render/pdf/doc.h"

/* Opens an element of a standard type ("P", "Table" …); parent NULL = the root of the tree. */
struct pdf_elem *pdf_tag_open(struct pdf_doc *doc, struct pdf_elem *parent, const char *type);
/* Adds an entry with a text to its dictionary: "Alt", "ActualText", "Lang". */
void pdf_tag_text(struct pdf_elem *e, const char *key, struct str text);
/* Says that a TH heads its "Column" or "Row". */
void pdf_tag_scope(struct pdf_elem *e, const char *scope);
/* Says where a Figure stands on page p: x, y, width, height. */
void pdf_tag_box(struct pdf_elem *e, const struct pdf_page *p, const double box[4]);
/* Writes the element; its children are closed. */
void pdf_tag_close(struct pdf_doc *doc, struct pdf_elem *e);

#endif
