/* The file of a PDF: numbered objects, written as soon as they are known.
 * What:   small objects are packed into compressed object streams; streams and what the seal has to
 *         find are written plainly; an xref stream ends the file. Nothing of a finished page stays
 *         in memory but its bytes in the file.
 * Owner:  pdf_file_done() frees, the finished bytes too.
 * Units:  object ids from 1.
 * Errors: DIAG_TOO_BIG above PDF_FILE_MAX (doc.c: PDF_FILE_MAX_IDS), DIAG_INTERNAL (zlib).
 * See:    ISO 32000-1:2008, 7.5; doc/decisions/0003-pdf.md */
#ifndef RENDER_PDF_FILE_H
#define RENDER_PDF_FILE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/vec.h"

#define PDF_FILE_MAX     ((size_t)1 << 31)
#define PDF_FILE_MAX_IDS 8388607 /* ISO 19005-3, 6.1.13 */

struct pdf_place {  /* where an object stands */
    uint64_t at;    /* offset in the file, or id of the object stream */
    uint32_t index; /* in the object stream */
    uint32_t kind;  /* 0 = reserved, 1 = plain, 2 = in an object stream */
};

struct pdf_out; /* the bytes, render/pdf/out.h */

struct pdf_file {
    struct arena *arena;
    struct pdf_out *out;
    struct buf pack, pack_head; /* objects that wait, and their numbers */
    uint32_t pack_id, n_packed;
    VEC(struct pdf_place) places; /* [id] */
};

/* Starts a file. */
int pdf_file_start(struct pdf_file *f, struct arena *a, struct diag *d);
/* Frees what the file holds outside of the arena. */
void pdf_file_done(struct pdf_file *f);
/* A new object id; it must be written once. */
uint32_t pdf_file_reserve(struct pdf_file *f);
/* The id the next object will get; libharu's list of objects goes on from it (haru.c). */
uint32_t pdf_file_next_id(const struct pdf_file *f);
/* Reserves all ids below next. */
void pdf_file_set_next_id(struct pdf_file *f, uint32_t next);
/* True when the object was written. */
bool pdf_file_has(const struct pdf_file *f, uint32_t id);
/* Writes an object into an object stream. */
void pdf_file_object(struct pdf_file *f, uint32_t id, struct str body);
/* Writes an object as it is, where the seal's incremental update can replace it. */
void pdf_file_plain(struct pdf_file *f, uint32_t id, struct str body);
/* Writes a compressed stream; entries are further ones of its dictionary ("/Type/XObject…"). */
void pdf_file_stream(struct pdf_file *f, uint32_t id, const char *entries, struct str bytes);
/* The same, not compressed (metadata has to be readable without a PDF reader). */
void pdf_file_open_stream(struct pdf_file *f, uint32_t id, const char *entries, struct str bytes);
/* Ends the file: xref, trailer with root, info and an ID made of the content. */
int pdf_file_finish(struct pdf_file *f, uint32_t root, uint32_t info, struct str *ret,
                    struct diag *d);

/* Appends a reference to an object: "12 0 R". */
void pdf_file_put_ref(struct buf *b, uint32_t id);
/* Appends a number with at most three decimals, none that are zero. */
void pdf_file_put_num(struct buf *b, double v);
/* Appends <FEFF…>: a text as UTF-16 in hex; one longer than a string may be ends in "…". */
void pdf_file_put_text(struct buf *b, struct str s);
/* Appends the UTF-16BE hex digits of a text, without brackets and mark. */
void pdf_file_put_utf16(struct buf *b, struct str s);

#endif
