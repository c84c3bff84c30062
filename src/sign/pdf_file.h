/* Finding the objects of a PDF: cross-reference tables and streams, updates, object streams.
 * What:   reads from the end as ISO 32000-1 §7.5 says: startxref, then every section by /Prev. Rows
 *         are looked up where they stand, so opening costs nothing per object.
 * Owner:  everything lives in the given bytes and the arena.
 * Units:  byte offsets; object numbers up to PDF_NUMBER_MAX.
 * Errors: DIAG_BAD_DATA naming the rule broken, DIAG_TOO_BIG past the budget for unpacked bytes.
 *         Nothing is repaired and nothing is guessed: a signature must be read in one way only. */
#ifndef SIGN_PDF_FILE_H
#define SIGN_PDF_FILE_H

#include "base/diag.h"
#include "sign/pdf_token.h"

enum { PDF_NUMBER_MAX = 8388607 /* Annex C */ };

struct pdf_run { /* consecutive object numbers of one section */
    int64_t first, n;
    const char *rows;
    unsigned char width[3]; /* all 0: a table's rows of 20 bytes */
};

struct pdf_object {
    int64_t number, generation; /* 0 0 for a value that is no object of its own */
    struct str value;
    bool is_packed; /* from an object stream: value is not a part of the file's bytes */
};

struct pdf_pack { /* an object stream, unpacked */
    int64_t number, n, first;
    struct str bytes;
};

struct pdf_file {
    struct str bytes;
    struct arena *arena;
    size_t startxref;         /* of the newest section */
    bool is_stream;           /* that is a cross-reference stream */
    struct str trailer;       /* dictionary of the newest section */
    int64_t next_number;      /* above every number in use */
    size_t budget;            /* bytes that may still be unpacked */
    VEC(struct pdf_run) runs; /* newest first */
    VEC(size_t) seen;         /* offsets of sections read */
    VEC(struct pdf_pack) packs;
};

/* Reads all cross-reference sections. */
int pdf_open(struct str bytes, struct arena *a, struct pdf_file *ret, struct diag *d);
/* The newest state of an object. */
int pdf_object(struct pdf_file *f, int64_t number, struct pdf_object *ret, struct diag *d);
/* Follows a reference; a value that is none is returned as it is. */
int pdf_resolve(struct pdf_file *f, struct str value, struct pdf_object *ret, struct diag *d);

/* The bytes of a stream as they stand in the file. The object must not come from an object stream. */
int pdf_raw_stream(struct pdf_file *f, const struct pdf_object *o, struct str *ret, struct diag *d);
/* The bytes of a stream, unpacked. The object must not come from an object stream. */
int pdf_stream(struct pdf_file *f, const struct pdf_object *o, struct str *ret, struct diag *d);

/* Undoes /Filter and /DecodeParms of a stream (none or FlateDecode with predictor) and takes what
 * comes out from the budget. In pdf_filter.c. */
int pdf_decode(struct str dict, struct str raw, struct arena *a, size_t *budget, struct str *ret,
               struct diag *d);

#endif
