/* Inside of the room: the signer, and releases of OpenSSL's handles.
 * What:   not for use outside src/sign.   Owner: AUTO() at the end of the scope.
 * Units:  none.   Errors: sign_openssl_fail puts OpenSSL's own words into the diag. */
#ifndef SIGN_INNER_H
#define SIGN_INNER_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/auto.h"
#include "sign/sign.h"

struct sign_signer {
    EVP_PKEY *key;
    X509 *cert;
    STACK_OF(X509) *chain; /* further certificates, may be NULL */
};

AUTO_DEFINE(EVP_PKEY *, EVP_PKEY_free)
AUTO_DEFINE(X509 *, X509_free)
AUTO_DEFINE(BIO *, BIO_free_all)
AUTO_DEFINE(CMS_ContentInfo *, CMS_ContentInfo_free)
AUTO_DEFINE(EVP_MD_CTX *, EVP_MD_CTX_free)
AUTO_DEFINE(X509_STORE *, X509_STORE_free)
AUTO_DEFINE(X509_STORE_CTX *, X509_STORE_CTX_free)

/* Records "what: OpenSSL's reason" and clears OpenSSL's queue; always -1. */
int sign_openssl_fail(struct diag *d, enum diag_code code, const char *what);
/* Describes a certificate. */
void sign_describe_x509(X509 *cert, struct arena *a, struct sign_certificate *ret);
/* Detached CMS over a digest; with_time adds signing-time (PAdES forbids it). */
int sign_cms_digest(const struct sign_signer *s, const struct sha256_digest *digest, bool with_time,
                    struct arena *a, struct str *ret, struct diag *d);
/* A store of the PEM certificates in path; NULL with the diag set when it cannot be read. */
X509_STORE *sign_trust_store(const char *path, struct diag *d);

#endif
