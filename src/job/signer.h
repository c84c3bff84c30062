/* The key that seals reports.
 * What:   loaded or described from what the settings name: PKCS#12, or certificate and key in PEM.
 * Owner:  the caller frees it with sign_signer_free; texts live in the arena of the diag.
 * Units:  seconds since 1970 UTC of the real clock; days.
 * Errors: those of sign_load_pem and sign_load_p12, and of the passphrase's file; DIAG_CONFIG for a
 *         certificate that is not valid now.
 * See:    doc/man/assay.conf.5, "sign" */
#ifndef JOB_SIGNER_H
#define JOB_SIGNER_H

#include "settings/config.h"
#include "sign/sign.h"

enum { SIGNER_WARN_DAYS = 30 };

/* The signer that the settings name; *ret is NULL when they say sign = no. */
int signer_load(const struct config *c, struct sign_signer **ret, struct diag *d);
/* The same, to seal now: its certificate must be valid, and one that ends soon is a warning. */
int signer_load_to_seal(const struct config *c, struct sign_signer **ret, struct diag *d);
/* Whole days until the certificate ends, 0 = it has. */
int64_t signer_days_left(const struct sign_certificate *c, int64_t now);
/* Its certificate; c->sign must be on. */
int signer_describe(const struct config *c, struct sign_certificate *ret, struct diag *d);
/* The same in words: whose it is and how long it is valid; one that is not valid is a failure. */
int signer_text(const struct config *c, struct arena *a, struct str *ret, struct diag *d);

#endif
