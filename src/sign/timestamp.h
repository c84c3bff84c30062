/* Time-stamp tokens: an authority's word that bytes existed at a time.
 * What:   requests and answers of RFC 3161 over SHA-256, with a nonce. A token holds when its
 *         imprint is that of the bytes, its signature is by a certificate that was issued for
 *         nothing but time stamps (critical extended key usage) and ends at a trusted one, at the
 *         time that the token states.
 * Owner:  bytes live in the arena.
 * Units:  seconds since 1970 UTC.
 * Errors: DIAG_VERIFY (refused by the authority, or does not hold), DIAG_CONFIG (policy, trusted
 *         certificates), DIAG_INTERNAL (OpenSSL).
 * See:    RFC 3161 §2.4, RFC 5816; doc/audit-anchor.md */
#ifndef SIGN_TIMESTAMP_H
#define SIGN_TIMESTAMP_H

#include "base/diag.h"

struct sign_stamp {
    int64_t at;
    struct str by; /* subject of the authority's certificate */
    struct str serial_hex;
};

/* A request (DER) for the bytes; policy: dotted OID, empty = the authority's own. */
int timestamp_request(struct str bytes, struct str policy, struct arena *a, struct str *ret,
                      struct diag *d);
/* Checks the answer (DER) against the request that it was asked with, and against the bytes. */
int timestamp_accept(struct str answer, struct str request, struct str bytes, const char *ca,
                     struct arena *a, struct sign_stamp *ret, struct diag *d);
/* Checks an answer that was kept. ca: PEM file of trusted certificates. */
int timestamp_verify(struct str answer, struct str bytes, const char *ca, struct arena *a,
                     struct sign_stamp *ret, struct diag *d);

#endif
