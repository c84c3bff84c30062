/* A file that was put into a PDF, by its name.
 * What:   the catalogue's /Names /EmbeddedFiles (ISO 32000-1 §7.11.4), one level of /Kids included,
 *         as the newest revision has them.
 * Owner:  the bytes live in the arena.
 * Units:  bytes.
 * Errors: DIAG_BAD_DATA naming the rule broken, or that there is no such file. */
#ifndef SIGN_PDF_ATTACHMENT_H
#define SIGN_PDF_ATTACHMENT_H

#include "base/diag.h"

/* The bytes of the attached file of that name. */
int sign_pdf_attachment(struct str pdf, const char *name, struct arena *a, struct str *ret,
                        struct diag *d);

#endif
