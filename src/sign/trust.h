/* Whom a verification trusts: certificates, revocation lists and the time they are judged at.
 * What:   for the room only. A chain is built by OpenSSL up to a certificate of the trust file (which
 *         may be the signer's own); validity is judged at the time that is proven, else at the
 *         verifier's; purposes, strength and revocation of every certificate on the way are looked at.
 * Owner:  texts live in the arena.
 * Units:  seconds since 1970 UTC; CLOCK_NONE = no time is proven.
 * Errors: a reason in words, NULL = trusted.
 * See:    doc/verify.md, RFC 5280, RFC 3161 */
#ifndef SIGN_TRUST_H
#define SIGN_TRUST_H

#include "sign/inner.h"
#include "sign/revoked.h"

enum trust_use {
    TRUST_SIGNER,  /* of documents */
    TRUST_STAMPER, /* of time stamps: RFC 3161 §2.3 */
};

/* NULL, or why the certificate is not trusted to have done this at that time. more: certificates that
 * came with the signature. */
const char *trust_judge(const struct sign_trust *t, X509 *cert, STACK_OF(X509) * more,
                        enum trust_use use, int64_t proven_at, struct arena *a);
/* The same trust for one file, which may carry revocation data of its own; freed with sign_trust_free, before t. */
struct sign_trust *trust_for_file(const struct sign_trust *t, struct diag *d);
/* Where what the file carries is added. */
struct revoked_sources *trust_revoked(struct sign_trust *t);
/* NULL, or why the certificate is not for signing documents: its extended key usage is another. */
const char *trust_wrong_purpose(X509 *cert);

struct stamp {
    int64_t at;          /* as the token states */
    struct str by;       /* subject of the authority's certificate */
    const char *because; /* why it is not trusted; NULL = it is, or no trust was given */
};

/* Checks a time stamp token (DER) over the bytes of two pieces: NULL, or why it does not hold. Then
 * *ret says whose it is, and whether t (NULL = not asked) trusts the authority. */
const char *stamp_check(struct str token, const struct sign_pieces *pieces,
                        const struct sign_trust *t, struct arena *a, struct stamp *ret);

#endif
