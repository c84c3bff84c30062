/* The key that seals reports.
 * What:   loaded or described from what the settings name: PKCS#12, or certificate and key in PEM.
 * Owner:  the caller frees it with sign_signer_free; texts live in the arena of the diag.
 * Units:  none.
 * Errors: those of sign_load_pem and sign_load_p12, and of the passphrase's file.
 * See:    doc/man/assay.conf.5, "sign" */
#ifndef JOB_SIGNER_H
#define JOB_SIGNER_H

#include "settings/config.h"
#include "sign/sign.h"

/* The signer that the settings name; *ret is NULL when they say sign = no. */
int signer_load(const struct config *c, struct sign_signer **ret, struct diag *d);
/* Its certificate; c->sign must be on. */
int signer_describe(const struct config *c, struct sign_certificate *ret, struct diag *d);
/* The same in words: whose it is and how long it is valid. */
int signer_text(const struct config *c, struct arena *a, struct str *ret, struct diag *d);

#endif
