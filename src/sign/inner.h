/* Inside of the room: the signer, what its files share, and releases of OpenSSL's handles.
 * What:   not for use outside src/sign.
 * Owner:  AUTO() at the end of the scope; texts live in the arena.
 * Units:  none.
 * Errors: key_openssl_fail puts OpenSSL's own words into the diag. */
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
    STACK_OF(X509) * chain; /* further certificates, may be NULL */
};

enum cms_kind {
    CMS_PLAIN,   /* CAdES beside a file: signing-time is there */
    CMS_PADES,   /* ETSI.CAdES.detached in a PDF: signing-time is forbidden */
    CMS_ACROBAT, /* adbe.pkcs7.detached in a PDF: signing-certificate-v2 may be missing */
};

enum { CMS_MAX_ATTRIBUTES = 32, CMS_MAX_ATTRIBUTES_SIZE = 65535 };

enum { KEY_STRENGTH = 112 /* bits, NIST SP 800-57: RSA of 2048, P-224 */ };

AUTO_DEFINE(EVP_PKEY *, EVP_PKEY_free)
AUTO_DEFINE(X509 *, X509_free)
AUTO_DEFINE(BIO *, BIO_free_all)
AUTO_DEFINE(CMS_ContentInfo *, CMS_ContentInfo_free)
AUTO_DEFINE(EVP_MD_CTX *, EVP_MD_CTX_free)
AUTO_DEFINE(X509_STORE *, X509_STORE_free)
AUTO_DEFINE(X509_STORE_CTX *, X509_STORE_CTX_free)

/* Releases a list of certificates and the certificates. */
static inline void
sign_certs_free_auto(STACK_OF(X509) * *p)
{
    sk_X509_pop_free(*p, X509_free);
}

/* In key_certificate.c. Records "what: OpenSSL's reason" and clears OpenSSL's queue; always -1. */
int key_openssl_fail(struct diag *d, enum diag_code code, const char *what);
/* Describes a certificate. */
void key_describe(X509 *cert, struct arena *a, struct sign_certificate *ret);
/* NULL, or why the certificate may not sign documents: its key is weak or its keyUsage is another.
 */
const char *key_unfit(X509 *cert);
/* NULL, or why nothing may be encrypted for the certificate. In sealed.c. */
const char *sealed_unfit_to_receive(X509 *cert);
/* Adds a receiver to an envelope: RSAES-OAEP with SHA-256, or ECDH. */
bool sealed_add_receiver(CMS_ContentInfo *cms, X509 *cert);
/* Detached CMS over a digest. */
int cms_make(const struct sign_signer *s, const struct sha256_digest *digest, enum cms_kind kind,
             struct arena *a, struct str *ret, struct diag *d);
/* The DER of the signed attributes as SET OF, which is what is signed (RFC 5652 §5.4). */
struct str cms_encode_attributes(CMS_SignerInfo *si, struct arena *a);
/* A store of the PEM certificates in path (NULL = an empty one). In verify_trust.c. */
int verify_cms_store(const char *path, X509_STORE **ret, struct diag *d);
struct sign_pieces { /* what a signature is over: one piece after the other */
    struct str v[2];
    bool is_mapped; /* a file: its pages may leave memory when they were digested */
};

/* Checks a CMS over the bytes of two pieces. known: a time that newer time stamps
 * prove. */
void verify_cms_pieces(struct str cms, const struct sign_pieces *pieces, enum cms_kind kind,
                       const struct sign_trust *trust, const struct sign_proof *known,
                       struct arena *a, struct sign_verdict *ret);
/* Cuts a CMS in BER off *rest and writes it as DER; false = it is none. */
bool cms_to_der(struct str *rest, struct arena *a, struct str *ret);
/* The digest over both pieces. In pieces.c. */
bool sign_digest_pieces(const EVP_MD *md, const struct sign_pieces *pieces, unsigned char *ret,
                        unsigned *ret_n);

#endif
