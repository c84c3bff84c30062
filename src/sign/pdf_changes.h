/* What an update of a PDF changed: two revisions of one file compared value by value.
 * What:   everything that the catalogue and the document information lead to. Object numbers,
 *         cross-references and what nothing leads to do not count. Allowed is what signing and
 *         archiving need: validation data (/DSS, /Extensions), what fills a signature field that was
 *         empty, and new signature fields that show nothing.
 * Owner:  texts live in the arena of the newer revision.
 * Units:  none.
 * Errors: none: what cannot be read counts as changed.
 * See:    doc/verify.md; ISO 32000-1 §12.8.2.2 has the same idea for certifications */
#ifndef SIGN_PDF_CHANGES_H
#define SIGN_PDF_CHANGES_H

#include "sign/pdf_file.h"

/* NULL, or where the first difference is that may not be and what it is. was is a revision of is: its
 * bytes are the beginning of the other's. */
const char *pdf_changes(struct pdf_file *was, struct pdf_file *is);

#endif
