/* Revocation: what lists (RFC 5280 §5) and OCSP responses (RFC 6960) say of a chain.
 * What:   for the room only. Lists are the operator's, or carried by the file that is judged (/DSS of a
 *         PDF), as responses are. What a file carries can come from anybody: it counts when the issuer
 *         of the certificate signed it, or who answers for him (§4.2.2.2), and only to say that a
 *         certificate is revoked. OpenSSL's own look at lists is not used: it compares with the time of
 *         the list and not with that of the signature, so that a list fetched later, or a revocation
 *         after the stamp, would count against it.
 * Owner:  the stacks own what is in them; texts live in the arena.
 * Units:  seconds since 1970 UTC; CLOCK_NONE = no time is proven.
 * Errors: a reason in words, NULL = nothing says that one is revoked.
 * See:    doc/verify.md */
#ifndef SIGN_REVOKED_H
#define SIGN_REVOKED_H

#include <openssl/ocsp.h>

#include "sign/inner.h"

DEFINE_STACK_OF(OCSP_BASICRESP)

struct revoked_sources {
    STACK_OF(X509_CRL) * given, *carried;
    STACK_OF(OCSP_BASICRESP) * answers; /* carried */
};

/* Empty stacks; false when there is no memory. */
bool revoked_init(struct revoked_sources *s);
/* Frees; of all zeros, too. */
void revoked_done(struct revoked_sources *s);
/* Adds what a file carries, in DER; what cannot be read is left out, as what is not there. */
void revoked_add_list(struct revoked_sources *s, struct str der);
/* The same of an OCSP response. */
void revoked_add_answer(struct revoked_sources *s, struct str der);
/* NULL, or which certificate of the chain (signer first) was revoked at the proven time; without one, by
 * whatever is known. */
const char *revoked_check(const struct revoked_sources *s, STACK_OF(X509) * chain,
                          int64_t proven_at, struct arena *a);

#endif
