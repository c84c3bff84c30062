/* Authorities and certificates for the tests of trust, made in memory. */
#ifndef TESTS_CERTS_H
#define TESTS_CERTS_H

#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/arena.h"
#include "base/buf.h"

struct certs_one {
    X509 *cert;
    EVP_PKEY *key;
};

static const char certs_ca[] = "basicConstraints=critical,CA:TRUE|keyUsage=critical,keyCertSign,cRLSign";
static const char certs_leaf[] = "keyUsage=critical,digitalSignature,nonRepudiation";
static const char certs_stamper[] =
    "keyUsage=critical,digitalSignature|extendedKeyUsage=critical,timeStamping";
static const char certs_responder[] =
    "keyUsage=critical,digitalSignature|extendedKeyUsage=OCSPSigning";

static inline void
certs_want(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "cannot make %s\n", what);
    abort();
}

/* Extensions as openssl's settings name them, | between them. */
static inline void
certs_extend(X509 *cert, X509 *issuer, const char *extensions)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    for (struct str rest = str_c(extensions); rest.len;) {
        char name[64], value[128];
        struct str value_of = str_cut(&rest, '|'), name_of = str_cut(&value_of, '=');
        snprintf(name, sizeof name, "%.*s", STR_ARG(name_of));
        snprintf(value, sizeof value, "%.*s", STR_ARG(value_of));
        X509_EXTENSION *e = X509V3_EXT_conf(NULL, &ctx, name, value);
        certs_want(e && X509_add_ext(cert, e, -1) == 1, name);
        X509_EXTENSION_free(e);
    }
}

/* A P-256 key and its certificate, from one second to another; by NULL = it signs itself. */
static inline struct certs_one
certs_issue(const char *name, const struct certs_one *by, const char *extensions, int64_t from,
            int64_t to)
{
    static long serial = 100;
    struct certs_one c = {X509_new(), EVP_EC_gen("P-256")};
    certs_want(c.cert && c.key, "a key");
    X509_NAME *subject = X509_get_subject_name(c.cert);
    X509_set_version(c.cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c.cert), ++serial);
    ASN1_TIME_set(X509_getm_notBefore(c.cert), (time_t)from);
    ASN1_TIME_set(X509_getm_notAfter(c.cert), (time_t)to);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(c.cert, by ? X509_get_subject_name(by->cert) : subject);
    X509_set_pubkey(c.cert, c.key);
    certs_extend(c.cert, by ? by->cert : c.cert, extensions);
    certs_want(X509_sign(c.cert, by ? by->key : c.key, EVP_sha256()) > 0, name);
    return c;
}

static inline void
certs_free(struct certs_one *c)
{
    X509_free(c->cert);
    EVP_PKEY_free(c->key);
}

/* A list of an authority that says of one certificate (NULL = of none) that it was revoked then. */
static inline X509_CRL *
certs_list(X509 *issuer, EVP_PKEY *key, X509 *revoked, int64_t at)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *when = ASN1_TIME_set(NULL, (time_t)at);
    X509_CRL_set_version(list, 1);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer));
    X509_CRL_set1_lastUpdate(list, when);
    X509_CRL_set1_nextUpdate(list, when);
    if (revoked) {
        X509_REVOKED *r = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(r, X509_get_serialNumber(revoked));
        X509_REVOKED_set_revocationDate(r, when);
        X509_CRL_add0_revoked(list, r);
    }
    X509_CRL_sort(list);
    certs_want(X509_CRL_sign(list, key, EVP_sha256()) > 0, "a list");
    ASN1_TIME_free(when);
    return list;
}

/* What an i2d function of OpenSSL writes, in the arena. */
#define CERTS_DER(a, i2d, value)                                                                   \
    certs_der_taken(a, (int (*)(const void *, unsigned char **))(i2d), value)

static inline struct str
certs_der_taken(struct arena *a, int (*i2d)(const void *, unsigned char **), const void *value)
{
    unsigned char *der = NULL;
    int n = i2d(value, &der);
    certs_want(n > 0, "DER");
    struct str s = arena_str(a, str_n((const char *)der, (size_t)n));
    OPENSSL_free(der);
    return s;
}

/* Certificates and lists as PEM, for a trust file. */
static inline struct str
certs_pem(struct arena *a, X509 *const *certs, size_t n, X509_CRL *list)
{
    char *text;
    BIO *out = BIO_new(BIO_s_mem());
    for (size_t i = 0; i < n; i++)
        PEM_write_bio_X509(out, certs[i]);
    if (list)
        PEM_write_bio_X509_CRL(out, list);
    long len = BIO_get_mem_data(out, &text);
    struct str s = arena_str(a, str_n(text, (size_t)len));
    BIO_free(out);
    return s;
}

#endif
