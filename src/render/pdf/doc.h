/* A tagged PDF under way: PDF/A-3a and PDF/UA-1 by construction.
 * What:   the document, its metadata and its signature field. Pages are in page.h, structure
 *         elements in tag.h. Same calls, same bytes.
 * Owner:  pdf_doc_free() frees the document and what belongs to it; the result is in the arena.
 * Units:  points; y grows downwards from the top of the page, as in layout.
 * Errors: DIAG_INTERNAL, DIAG_TOO_BIG from pdf_doc_end().   See: doc/decisions/0003-pdf.md */
#ifndef RENDER_PDF_DOC_H
#define RENDER_PDF_DOC_H

#include "base/diag.h"

struct pdf_doc;
struct pdf_page;
struct pdf_elem;

struct pdf_doc_facts {
    struct str title, subject, author, tool;
    struct str lang; /* "en" */
    int64_t created; /* seconds UTC */
    double width, height;
};

struct pdf_doc_field {
    const char *name; /* of the signature field */
    struct str says;  /* for screen readers */
    double x, y, width, height;
};

/* An empty document, NULL = failed; facts must live as long. */
struct pdf_doc *pdf_doc_new(const struct pdf_doc_facts *facts, struct diag *d);
/* Frees; NULL is allowed. */
void pdf_doc_free(struct pdf_doc *doc);
/* The element all others stand in. */
struct pdf_elem *pdf_doc_root(struct pdf_doc *doc);
/* An entry of the outline that leads to a place; parent NULL = top level. Returns a handle. */
void *pdf_doc_outline(struct pdf_doc *doc, void *parent, struct str title, struct pdf_page *page,
                      double y);
/* All pages in their order. */
struct pdf_page *const *pdf_doc_pages(const struct pdf_doc *doc, size_t *ret_n);
/* Begins what the empty signature field shows; drawn on as on a page of its size. */
struct pdf_page *pdf_doc_field_begin(struct pdf_doc *doc, const struct pdf_doc_field *field);
/* Puts the field on its page, as the content of an element of type Form. */
void pdf_doc_field_end(struct pdf_doc *doc, const struct pdf_doc_field *field,
                       struct pdf_page *look, struct pdf_page *page, struct pdf_elem *form);
/* Attaches a file of text (an associated file, ISO 19005-3, 6.8); says: what it is. It is not
 * compressed, so that it can be found without a PDF reader. */
void pdf_doc_attach(struct pdf_doc *doc, const char *name, struct str says, struct str bytes);
/* Attaches the data of a table as CSV. */
void pdf_doc_attach_data(struct pdf_doc *doc, const char *name, struct str says, struct str bytes);
/* Closes what is open and gives the bytes. Every page has been ended. */
int pdf_doc_end(struct pdf_doc *doc, struct arena *a, struct str *ret, struct diag *d);

#endif
