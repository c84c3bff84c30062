/* The validation data of a PDF: /DSS of the catalogue (ISO 32000-2 §12.8.4.3, ETSI EN 319 142-1 §5.4.2).
 * What:   revocation lists and OCSP responses that the newest revision carries, in /CRLs and /OCSPs and
 *         in the entries of /VRI. Anybody may have put them there.
 * Owner:  the sources own what is added.
 * Units:  none.
 * Errors: none: what cannot be read is left out, and what goes beyond the file's budget. */
#ifndef SIGN_PDF_DSS_H
#define SIGN_PDF_DSS_H

#include "sign/pdf_file.h"
#include "sign/revoked.h"

/* Adds what the file carries. */
void pdf_dss_read(struct pdf_file *f, struct revoked_sources *to);

#endif
