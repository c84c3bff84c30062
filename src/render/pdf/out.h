/* The bytes of a PDF, behind the back of whoever makes its objects.
 * What:   objects are written in the order they are put. A thread deflates and writes them while
 *         the next page is being laid out; at most a few wait. Where no thread can be had, or after
 *         pdf_out_wait(), each is written at once: the bytes are the same.
 * Owner:  pdf_out_free() ends the thread and frees; what is put is copied.
 * Units:  bytes; places are offsets in the file.
 * Errors: DIAG_INTERNAL (zlib); "too big" is sticky, pdf_out_bad().   See: render/pdf/file.h */
#ifndef RENDER_PDF_OUT_H
#define RENDER_PDF_OUT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/sha256.h"

enum pdf_out_kind {
    PDF_OUT_PLAIN,   /* an object as it is */
    PDF_OUT_STREAM,  /* a stream as it is */
    PDF_OUT_DEFLATED /* a stream that is to be compressed */
};

struct pdf_out;

struct pdf_out_place {
    uint32_t id;
    uint64_t at;
};

/* An empty file of at most max bytes that begins with head; NULL = failed. */
struct pdf_out *pdf_out_new(const char *head, size_t max, struct diag *d);
/* Frees; NULL is allowed. */
void pdf_out_free(struct pdf_out *o);
/* Writes an object, now or soon; entries are further ones of a stream's dictionary. */
void pdf_out_put(struct pdf_out *o, uint32_t id, enum pdf_out_kind kind, struct str entries,
                 struct str bytes);
/* Waits until everything that was put is written. */
void pdf_out_wait(struct pdf_out *o);
/* The file, which may be added to. Only after pdf_out_wait(). */
struct buf *pdf_out_bytes(struct pdf_out *o);
/* Where objects stand, in their order. Only after pdf_out_wait(). */
const struct pdf_out_place *pdf_out_places(const struct pdf_out *o, size_t *ret_n);
/* The hash of all objects so far. Once, and only after pdf_out_wait(). */
struct sha256_digest pdf_out_hash(struct pdf_out *o);
/* True when something did not fit. Only after pdf_out_wait(). */
bool pdf_out_bad(const struct pdf_out *o);

#endif
