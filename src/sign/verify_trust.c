/* Chains and purposes: whether a certificate that made a signature is one that the trust
 * file leads to. verify_cms.c asks for signers, verify_stamp.c for authorities of time stamps; revoked.c
 * knows who is revoked. */
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "sign/trust.h"

AUTO_DEFINE(EXTENDED_KEY_USAGE *, EXTENDED_KEY_USAGE_free)

enum { MAX_TRUST_FILE = 1 << 24, AUTH_LEVEL = 2 /* 112 bits, no SHA-1 */, OID_TEXT = 80 };

struct sign_trust {
    X509_STORE *store;
    struct revoked_sources revoked;
    int64_t now;
};

/* ---- loading ---- */

void
sign_warm(void)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
    EVP_Digest("", 0, digest, NULL, EVP_sha256(), NULL);
    ERR_clear_error();
}

int
verify_cms_store(const char *path, X509_STORE **ret, struct diag *d)
{
    struct str text = STR("");
    int n = 0;
    AUTO(X509_STORE_free_auto) X509_STORE *store = X509_STORE_new();
    if (!store)
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot make a certificate store");
    if (path && file_slurp(path, MAX_TRUST_FILE, d->arena, &text, d) != 0)
        return diag_context(d, "trusted certificates");
    AUTO(BIO_free_all_auto) BIO *in = path ? BIO_new_mem_buf(text.s, (int)text.len) : NULL;
    for (X509 *c; in && (c = PEM_read_bio_X509(in, NULL, NULL, NULL)); X509_free(c))
        n += X509_STORE_add_cert(store, c);
    ERR_clear_error(); /* the end of the file is no error */
    if (path && n == 0) {
        diag_fail(d, DIAG_CONFIG, "trusted certificates: there is no PEM certificate");
        return diag_at(d, "%s", path);
    }
    *ret = AUTO_TAKE(store);
    return 0;
}

/* PEM, any number of them among other things, or one in DER. */
static int
add_crls(struct sign_trust *t, const char *path, bool must_have, struct diag *d)
{
    struct str text;
    int n = sk_X509_CRL_num(t->revoked.given);
    if (file_slurp(path, MAX_TRUST_FILE, d->arena, &text, d) != 0)
        return diag_context(d, "revocation lists");
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(text.s, (int)text.len);
    for (X509_CRL *c; in && (c = PEM_read_bio_X509_CRL(in, NULL, NULL, NULL));)
        if (!sk_X509_CRL_push(t->revoked.given, c))
            X509_CRL_free(c);
    const unsigned char *p = (const unsigned char *)text.s;
    X509_CRL *der =
        n == sk_X509_CRL_num(t->revoked.given) ? d2i_X509_CRL(NULL, &p, (long)text.len) : NULL;
    if (der && !sk_X509_CRL_push(t->revoked.given, der))
        X509_CRL_free(der);
    ERR_clear_error();
    if (must_have && n == sk_X509_CRL_num(t->revoked.given)) {
        diag_fail(d, DIAG_CONFIG, "revocation lists: there is none in PEM or DER");
        return diag_at(d, "%s", path);
    }
    return 0;
}

int
sign_trust_load(const char *path, const char *crl_path, int64_t now, struct sign_trust **ret,
                struct diag *d)
{
    assert(path && ret);
    struct sign_trust *t = mem_alloc(sizeof *t);
    *t = (struct sign_trust){.now = now};
    if (!revoked_init(&t->revoked) || verify_cms_store(path, &t->store, d) != 0 ||
        add_crls(t, path, false, d) != 0 || (crl_path && add_crls(t, crl_path, true, d) != 0)) {
        if (d->first.code == DIAG_IO || d->first.code == DIAG_TOO_BIG)
            d->first.code = DIAG_CONFIG;
        sign_trust_free(t);
        return -1;
    }
    X509_VERIFY_PARAM *p = X509_STORE_get0_param(t->store);
    X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_auth_level(p, AUTH_LEVEL);
    *ret = t;
    return 0;
}

void
sign_trust_free(struct sign_trust *t)
{
    if (!t)
        return;
    X509_STORE_free(t->store);
    revoked_done(&t->revoked);
    free(t);
}

struct sign_trust *
trust_for_file(const struct sign_trust *t, struct diag *d)
{
    struct sign_trust *own = mem_alloc(sizeof *own);
    *own = (struct sign_trust){.store = t->store, .now = t->now};
    X509_STORE_up_ref(own->store);
    bool ok = revoked_init(&own->revoked);
    for (int i = 0; ok && i < sk_X509_CRL_num(t->revoked.given); i++) {
        X509_CRL *list = sk_X509_CRL_value(t->revoked.given, i);
        ok = sk_X509_CRL_push(own->revoked.given, list) > 0;
        if (ok)
            X509_CRL_up_ref(list);
    }
    if (ok)
        return own;
    key_openssl_fail(d, DIAG_INTERNAL, "revocation lists");
    sign_trust_free(own);
    return NULL;
}

struct revoked_sources *
trust_revoked(struct sign_trust *t)
{
    return &t->revoked;
}

/* ---- purposes ---- */

/* What may stand in the extended key usage of who signs documents; none at all allows everything. */
static const char *const signer_oids[] = {
    "2.5.29.37.0",             /* any */
    "1.3.6.1.5.5.7.3.36",      /* documentSigning, RFC 9336 */
    "1.3.6.1.5.5.7.3.4",       /* emailProtection: what openssl and NSS ask for */
    "1.3.6.1.4.1.311.10.3.12", /* document signing of Microsoft */
    "1.2.840.113583.1.1.5",    /* of Adobe */
    NULL,
};

static const char *const stamper_oids[] = {"1.3.6.1.5.5.7.3.8", "2.5.29.37.0", NULL};

/* has_any of the list stands in the certificate's extended key usage, or there is none. */
static bool
allows(X509 *cert, const char *const *oids)
{
    int critical;
    AUTO(EXTENDED_KEY_USAGE_free_auto)
    EXTENDED_KEY_USAGE *eku = X509_get_ext_d2i(cert, NID_ext_key_usage, &critical, NULL);
    if (!eku)
        return critical == -1; /* there is none; else it cannot be read, or is there twice */
    for (int i = 0; i < sk_ASN1_OBJECT_num(eku); i++) {
        char text[OID_TEXT] = "";
        OBJ_obj2txt(text, sizeof text, sk_ASN1_OBJECT_value(eku, i), 1);
        for (size_t k = 0; oids[k]; k++)
            if (strcmp(text, oids[k]) == 0)
                return true;
    }
    return false;
}

const char *
trust_wrong_purpose(X509 *cert)
{
    return allows(cert, signer_oids)
               ? NULL
               : "wrong purpose: the certificate's extendedKeyUsage is not for signing documents";
}

/* RFC 3161 §2.3: time stamps and nothing else, and said as critical. */
static bool
is_stamper(X509 *cert)
{
    int critical;
    AUTO(EXTENDED_KEY_USAGE_free_auto)
    EXTENDED_KEY_USAGE *eku = X509_get_ext_d2i(cert, NID_ext_key_usage, &critical, NULL);
    return eku && critical == 1 && sk_ASN1_OBJECT_num(eku) == 1 &&
           OBJ_obj2nid(sk_ASN1_OBJECT_value(eku, 0)) == NID_time_stamp;
}

/* The anchor itself is trusted by the operator, whatever it says of itself, unless it is the signer. */
static const char *
check_purposes(STACK_OF(X509) * chain, enum trust_use use, struct arena *a)
{
    const char *const *oids = use == TRUST_SIGNER ? signer_oids : stamper_oids;
    X509 *leaf = sk_X509_value(chain, 0);
    assert(leaf);
    if (use == TRUST_STAMPER && !is_stamper(leaf))
        return "wrong purpose: RFC 3161 §2.3: the authority's certificate is not for time stamps "
               "alone";
    if (use == TRUST_SIGNER && trust_wrong_purpose(leaf))
        return trust_wrong_purpose(leaf);
    for (int i = 1; i + 1 < sk_X509_num(chain); i++) {
        struct sign_certificate c;
        if (allows(sk_X509_value(chain, i), oids))
            continue;
        key_describe(sk_X509_value(chain, i), a, &c);
        return arena_fmt(a, "wrong purpose: %.*s may not issue such certificates",
                         STR_ARG(c.subject))
            .s;
    }
    return NULL;
}

/* ---- the chain ---- */

static const char *
chain_words(X509_STORE_CTX *ctx, int64_t at, bool is_proven, struct arena *a)
{
    int error = X509_STORE_CTX_get_error(ctx);
    struct sign_certificate c = {.subject = STR("a certificate"), .issuer = STR("")};
    X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
    struct str when =
        arena_fmt(a, "%.*s, %s", STR_ARG(clock_iso(a, at)),
                  is_proven ? "the proven time" : "now: no time stamp proves another time");
    if (cert)
        key_describe(cert, a, &c);
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: /* an authority of that name is trusted, but it is another */
        return arena_fmt(a, "unknown issuer: no trusted certificate leads to %.*s, issued by %.*s",
                         STR_ARG(c.subject), STR_ARG(c.issuer))
            .s;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return arena_fmt(a, "expired: %.*s was valid until %.*s (judged at %.*s)",
                         STR_ARG(c.subject), STR_ARG(clock_date(a, c.not_after)), STR_ARG(when))
            .s;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return arena_fmt(a, "not yet valid: %.*s is valid from %.*s (judged at %.*s)",
                         STR_ARG(c.subject), STR_ARG(clock_date(a, c.not_before)), STR_ARG(when))
            .s;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return arena_fmt(a, "weak key: that of %.*s", STR_ARG(c.subject)).s;
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return arena_fmt(a, "weak hash: the certificate of %.*s is signed with it",
                         STR_ARG(c.subject))
            .s;
    default:
        return arena_fmt(a, "%s: %.*s", X509_verify_cert_error_string(error), STR_ARG(c.subject)).s;
    }
}

const char *
trust_judge(const struct sign_trust *t, X509 *cert, STACK_OF(X509) * more, enum trust_use use,
            int64_t proven_at, struct arena *a)
{
    int64_t at = proven_at == CLOCK_NONE ? t->now : proven_at;
    assert(cert);
    AUTO(X509_STORE_CTX_free_auto) X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    if (!ctx || !X509_STORE_CTX_init(ctx, t->store, cert, more))
        return "the certificate cannot be checked";
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), (time_t)at);
    if (X509_verify_cert(ctx) != 1)
        return chain_words(ctx, at, proven_at != CLOCK_NONE, a);
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);
    assert(sk_X509_num(chain) > 0);
    const char *why = check_purposes(chain, use, a);
    return why ? why : revoked_check(&t->revoked, chain, proven_at, a);
}

int64_t
sign_trust_now(const struct sign_trust *t)
{
    return t->now;
}
