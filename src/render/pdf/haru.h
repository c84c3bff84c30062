/* libharu, and nothing of it elsewhere: documents, pages, outlines, links.
 * What:   libharu keeps the objects, the page tree and the outline; file.h writes them, so that
 *         a finished page leaves memory. What libharu cannot do (fonts, tags, PDF/A) is written by
 *         the other pdf_*.c and referred to by number.
 * Owner:  pdf_haru_free() frees all; pages and outlines belong to the document.
 * Units:  points, origin bottom left.
 * Errors: sticky; pdf_haru_end() says so (DIAG_INTERNAL).
 * See:    doc/decisions/0003-pdf.md */
#ifndef RENDER_PDF_HARU_H
#define RENDER_PDF_HARU_H

#include "render/pdf/file.h"

struct pdf_haru;
struct pdf_haru_page;    /* libharu's page */
struct pdf_haru_outline; /* libharu's outline */

/* A document whose objects go into the file. */
struct pdf_haru *pdf_haru_new(struct pdf_file *f);
/* Frees; NULL is allowed. */
void pdf_haru_free(struct pdf_haru *h);

/* Adds a page at the end; NULL when libharu refuses. */
struct pdf_haru_page *pdf_haru_page_new(struct pdf_haru *h, double width, double height);
/* Object number of a page. */
uint32_t pdf_haru_page_id(const struct pdf_haru_page *p);
/* Object number of its content, to be written with pdf_file_stream. */
uint32_t pdf_haru_content_id(const struct pdf_haru_page *p);
/* A link over a rectangle (left, bottom, right, top) of a page to a place on another; returns its
 * object number. `key` is its entry in the parent tree. */
uint32_t pdf_haru_link(struct pdf_haru *h, struct pdf_haru_page *from, const double rect[4],
                       struct pdf_haru_page *to, double top, struct str says, uint32_t key);
/* Adds an annotation written elsewhere. */
void pdf_haru_annotation(struct pdf_haru *h, struct pdf_haru_page *p, uint32_t id);
/* Writes a finished page: its resources, a second content, its key in the parent tree. plain: by
 * itself, for signing. */
void pdf_haru_page_write(struct pdf_haru *h, struct pdf_haru_page *p, uint32_t resources,
                         uint32_t second_content, uint32_t key, bool plain);

/* An entry of the outline below parent (NULL = top). */
struct pdf_haru_outline *pdf_haru_outline_new(struct pdf_haru *h, struct pdf_haru_outline *parent,
                                              struct str title, struct pdf_haru_page *to,
                                              double top);
/* An entry of the information dictionary. */
void pdf_haru_info(struct pdf_haru *h, const char *key, struct str text);
/* An entry of the catalog: a reference to an object … */
void pdf_haru_catalog_ref(struct pdf_haru *h, const char *key, uint32_t id);
/* … or a text. */
void pdf_haru_catalog_text(struct pdf_haru *h, const char *key, struct str text);
/* Writes all that is left; gives the numbers of the catalog and the information dictionary. */
int pdf_haru_end(struct pdf_haru *h, uint32_t *ret_root, uint32_t *ret_info, struct diag *d);

#endif
