/* What the files of the PDF writer share: the insides of document, page, element and font.
 * What:   inside of pdf_*.c only.
 * Owner:  the document; its arena lives as long.
 * Units:  points.   Errors: none.   See: render/pdf/doc.h */
#ifndef RENDER_PDF_PARTS_H
#define RENDER_PDF_PARTS_H

#include "render/font/parts.h"
#include "render/pdf/file.h"
#include "render/pdf/haru.h"
#include "render/pdf/page.h"
#include "render/pdf/tag.h"

#define PDF_NO_COLOUR 0xffffffffu

enum pdf_kid_kind { PDF_KID_ELEM, PDF_KID_CONTENT, PDF_KID_OBJECT };

struct pdf_kid {
    uint32_t value; /* object number or number of marked content */
    uint32_t page;  /* object number of its page */
    enum pdf_kid_kind kind;
};

struct pdf_elem {
    uint32_t id, parent;
    const char *type;
    struct buf entries; /* further entries of the dictionary */
    struct pdf_kid *kids;
    size_t n_kids, cap;
    struct pdf_elem *next; /* in the list of unused ones */
};

struct pdf_font {
    const struct font_face *face;
    uint32_t id;
    struct str *texts; /* one a glyph: what it says; .s NULL = not used */
    uint32_t *used;
    size_t n_used, cap;
    struct pdf_font *next;
    unsigned number; /* "F<number>" */
};

struct pdf_page {
    struct pdf_doc *doc;
    struct pdf_haru_page *haru; /* NULL: the look of a field */
    struct buf ops;
    struct buf rules; /* that wait, all of a colour */
    uint32_t rules_colour;
    double height;
    size_t number;
    uint32_t key, foot_id;
    uint32_t *marks; /* the element of every marked content */
    size_t n_marks, cap;
    bool marked, ended, plain;
    uint32_t colour; /* set last in the content, or PDF_NO_COLOUR */
    const struct pdf_font *font;
    double size;
};

/* A file inside: its specification. */
struct pdf_attached {
    struct str name;
    uint32_t id;
};

struct pdf_doc {
    const struct pdf_doc_facts *facts;
    struct arena *arena;
    struct pdf_file *file;
    struct pdf_haru *haru;
    uint32_t resources_id, tree_id, field_id;
    struct pdf_elem *root, *unused;
    struct buf closing; /* the element that is being written */
    VEC(struct pdf_page *) pages;
    VEC(uint32_t) parents; /* the parent tree: an object a key */
    struct pdf_font *fonts, *by_face[FONT_MAX_FACES];
    unsigned n_fonts;
    struct pdf_lines *lines; /* drawn before, text.c */
    VEC(struct pdf_attached) attached;
};

/* Adds a child to an open element. */
void pdf_tag_kid(struct pdf_elem *e, enum pdf_kid_kind kind, uint32_t value, uint32_t page);
/* The next key of the parent tree, which leads to an object. */
uint32_t pdf_tag_key(struct pdf_doc *doc, uint32_t object);
/* Writes tree root and parent tree. */
void pdf_tag_end(struct pdf_doc *doc);

/* The document's font of a face. */
struct pdf_font *pdf_font_of(struct pdf_doc *doc, const struct font_face *face);
/* Notes the use of a glyph; false when the glyph already says another text. */
bool pdf_font_use(struct pdf_doc *doc, struct pdf_font *f, uint32_t glyph, struct str text);
/* Writes all fonts. */
int pdf_font_end(struct pdf_doc *doc, struct diag *d);

/* Metadata, output intent and viewer preferences into the catalog. */
void pdf_meta_put(struct pdf_doc *doc);
/* "D:20261125143305Z", as ISO 32000-1 §7.9.4 writes a time. */
struct str pdf_meta_date(struct arena *a, int64_t t);

/* Writes the catalog's lists of attached files. */
void pdf_attach_end(struct pdf_doc *doc);

/* Forgets the lines that were drawn before. */
void pdf_text_forget(struct pdf_doc *doc);

/* Sets the colour that is drawn with. */
void pdf_page_colour(struct pdf_page *p, uint32_t rgb);
/* A page without a place in the document. */
struct pdf_page *pdf_page_loose(struct pdf_doc *doc, double height);
/* Frees its buffers. */
void pdf_page_done(struct pdf_page *p);

#endif
