/* As much of a PDF as sealing and checking need: the tail, dictionaries, one form field.
 * What:   reads files by ISO 32000-1 §7.5: last startxref, trailer or cross-reference stream. Values
 *         are given as the bytes that stand in the file.
 * Owner:  everything points into the given bytes.
 * Units:  byte offsets.
 * Errors: DIAG_BAD_DATA naming what is missing. Nothing is believed that is not checked. */
#ifndef SIGN_PDF_H
#define SIGN_PDF_H

#include "base/diag.h"

struct pdf_tail {
    size_t startxref;  /* offset of the newest cross-reference section */
    bool is_stream;    /* a cross-reference stream instead of a table */
    int64_t size;      /* /Size */
    struct str root, info, id; /* values as written; info and id may be empty */
};

struct pdf_object {
    int64_t number, generation;
    struct str dict; /* from << to >> */
};

struct pdf_signature { /* what a signature dictionary says */
    int64_t range[4];
    struct str contents_hex; /* between < and > */
    struct str sub_filter, time; /* /SubFilter name without slash; /M text */
};

/* Reads the end of the file. */
int pdf_tail_read(struct str pdf, struct pdf_tail *ret, struct diag *d);
/* The value of a key of a dictionary (at its top level), or empty. */
struct str pdf_dict_get(struct str dict, const char *key);
/* The dictionary that begins at offset at ("<<"), or empty. */
struct str pdf_dict_at(struct str pdf, size_t at);
/* The newest plain object that is a signature field of that name. */
int pdf_find_field(struct str pdf, const char *name, struct pdf_object *ret, struct diag *d);
/* The signature dictionary whose /ByteRange stands next at or after *at; moves *at behind it.
 * 1 = found, 0 = no more, -1 = a /ByteRange that breaks the rules. */
int pdf_next_signature(struct str pdf, size_t *at, struct pdf_signature *ret, struct diag *d);

#endif
