/* The signature fields of a PDF's form, and the signature dictionaries in them.
 * What:   the catalogue's /AcroForm, its /Fields and their /Kids (ISO 32000-1 §12.7), as the newest
 *         revision has them.
 * Owner:  everything lives in the file's bytes and arena.
 * Units:  byte offsets.
 * Errors: DIAG_BAD_DATA naming the rule broken. */
#ifndef SIGN_PDF_FORM_H
#define SIGN_PDF_FORM_H

#include "sign/pdf_file.h"

struct pdf_field {
    struct str name;          /* full: parents' names and its own, dots between them */
    struct pdf_object object; /* number 0: written into /Fields itself */
    struct str v;             /* /V, empty = not signed */
};

struct pdf_fields {
    VEC(struct pdf_field) list;
};

struct pdf_signature { /* what a signature dictionary says */
    int64_t range[4];
    struct str hex; /* /Contents between < and > */
    struct str sub_filter, time;
};

/* All signature fields; none is no failure. */
int pdf_form_fields(struct pdf_file *f, struct pdf_fields *ret, struct diag *d);
/* Reads the signature in a field and holds its /ByteRange to the rules; NULL or what is broken. */
const char *pdf_form_signature(struct pdf_file *f, const struct pdf_field *field,
                               struct pdf_signature *ret);

#endif
