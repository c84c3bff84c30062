/* Detached CMS (RFC 5652) with signing-certificate-v2 (RFC 5035), as CAdES and PAdES want it; and
 * its verification, one check after the other, each with a message of its own. The signature is
 * made by hand over the DER of the signed attributes, because OpenSSL would add signing-time, which
 * PAdES (ETSI EN 319 142-1) forbids. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pem.h>

#include "base/clock.h"
#include "base/file.h"
#include "sign/inner.h"

enum { MAX_ATTRIBUTES = 16, MAX_TRUST_FILE = 1 << 24 };

/* ---- signing ---- */

static int
add_attributes(CMS_SignerInfo *si, const struct sha256_digest *digest, bool with_time)
{
    ASN1_TIME *now = with_time ? X509_gmtime_adj(NULL, 0) : NULL;
    int ok = CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                         OBJ_nid2obj(NID_pkcs7_data), -1) &&
             CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING,
                                         digest->b, SHA256_SIZE) &&
             (!now || CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime, now->type, now, -1));
    ASN1_TIME_free(now);
    return ok;
}

struct der {
    unsigned char *p;
    size_t n;
};

static int
by_bytes(const void *a, const void *b)
{
    const struct der *x = a, *y = b;
    int c = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return c ? c : x->n < y->n ? -1 : x->n > y->n;
}

static size_t
put_set_head(unsigned char *to, size_t len)
{
    size_t n = 0;
    to[n++] = 0x31;
    if (len >= 256) {
        to[n++] = 0x82;
        to[n++] = (unsigned char)(len >> 8);
    } else if (len >= 128) {
        to[n++] = 0x81;
    }
    to[n++] = (unsigned char)len;
    return n;
}

/* The DER of SET OF: elements in order of their bytes (X.690 §11.6). */
static struct str
encode_attributes(CMS_SignerInfo *si, struct arena *a)
{
    struct der list[MAX_ATTRIBUTES];
    int n = CMS_signed_get_attr_count(si);
    size_t total = 0, used;
    assert(n > 0 && n <= MAX_ATTRIBUTES);
    for (int i = 0; i < n; i++) {
        list[i].p = NULL;
        int len = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &list[i].p);
        assert(len > 0);
        list[i].n = (size_t)len;
        total += list[i].n;
    }
    assert(total < 65536);
    qsort(list, (size_t)n, sizeof *list, by_bytes);
    unsigned char *out = arena_alloc(a, total + 8);
    used = put_set_head(out, total);
    for (int i = 0; i < n; i++) {
        memcpy(out + used, list[i].p, list[i].n);
        used += list[i].n;
        OPENSSL_free(list[i].p);
    }
    return str_n((const char *)out, used);
}

static int
put_signature(CMS_SignerInfo *si, EVP_PKEY *key, struct str attributes, struct arena *a)
{
    size_t n = 0;
    AUTO(EVP_MD_CTX_free_auto) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const unsigned char *tbs = (const unsigned char *)attributes.s;
    if (!ctx || EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) <= 0 ||
        EVP_DigestSign(ctx, NULL, &n, tbs, attributes.len) <= 0)
        return 0;
    unsigned char *sig = arena_alloc(a, n);
    return EVP_DigestSign(ctx, sig, &n, tbs, attributes.len) > 0 &&
           ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(si), sig, (int)n);
}

static int
to_der(CMS_ContentInfo *cms, struct arena *a, struct str *ret)
{
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);
    if (n <= 0)
        return 0;
    *ret = arena_str(a, str_n((const char *)der, (size_t)n));
    OPENSSL_free(der);
    return 1;
}

int
sign_cms_digest(const struct sign_signer *s, const struct sha256_digest *digest, bool with_time,
                struct arena *a, struct str *ret, struct diag *d)
{
    unsigned flags = CMS_PARTIAL | CMS_BINARY | CMS_DETACHED;
    AUTO(CMS_ContentInfo_free_auto)
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, s->chain, NULL, flags);
    CMS_SignerInfo *si = cms ? CMS_add1_signer(cms, s->cert, s->key, EVP_sha256(),
                                               flags | CMS_CADES | CMS_NOSMIMECAP)
                             : NULL;
    if (!si || !add_attributes(si, digest, with_time) ||
        !put_signature(si, s->key, encode_attributes(si, a), a) || !to_der(cms, a, ret))
        return sign_openssl_fail(d, DIAG_INTERNAL, "cannot sign");
    return 0;
}

int
sign_cms(const struct sign_signer *s, struct str bytes, struct arena *a, struct str *ret,
         struct diag *d)
{
    struct sha256_digest digest = sha256_of(bytes);
    return sign_cms_digest(s, &digest, true, a, ret, d);
}

/* ---- verifying ---- */

X509_STORE *
sign_trust_store(const char *path, struct diag *d)
{
    struct str text;
    X509_STORE *store = X509_STORE_new();
    if (!store || !path)
        return store;
    if (file_slurp(path, MAX_TRUST_FILE, d->arena, &text, d) != 0) {
        X509_STORE_free(store);
        return NULL;
    }
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(text.s, (int)text.len);
    for (X509 *c; in && (c = PEM_read_bio_X509(in, NULL, NULL, NULL)); X509_free(c))
        X509_STORE_add_cert(store, c);
    ERR_clear_error();
    return store;
}

/* The time that counts for the certificate: now, as no time stamp proves another. */
static bool
is_trusted(X509_STORE *store, X509 *cert, STACK_OF(X509) *others, struct arena *a,
           struct str *ret_why)
{
    AUTO(X509_STORE_CTX_free_auto) X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    if (!ctx || !X509_STORE_CTX_init(ctx, store, cert, others))
        return false;
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(ctx), X509_V_FLAG_PARTIAL_CHAIN);
    if (X509_verify_cert(ctx) == 1)
        return true;
    const char *why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
    *ret_why = str_c(arena_strdup(a, why));
    return false;
}

static int64_t
signing_time(CMS_SignerInfo *si)
{
    struct tm tm;
    int at = CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *attr = at >= 0 ? CMS_signed_get_attr(si, at) : NULL;
    ASN1_TYPE *v = attr ? X509_ATTRIBUTE_get0_type(attr, 0) : NULL;
    bool is_time = v && (v->type == V_ASN1_UTCTIME || v->type == V_ASN1_GENERALIZEDTIME);
    return is_time && ASN1_TIME_to_tm((const ASN1_TIME *)v->value.ptr, &tm) ? (int64_t)timegm(&tm)
                                                                            : CLOCK_NONE;
}

/* RFC 5035: the attribute must name the very certificate that verifies the signature. */
static bool
names_signer(CMS_SignerInfo *si, X509 *signer)
{
    ASN1_STRING *der = CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2),
                                                   -3, V_ASN1_SEQUENCE);
    const unsigned char *p = der ? ASN1_STRING_get0_data(der) : NULL;
    ESS_SIGNING_CERT_V2 *ess = p ? d2i_ESS_SIGNING_CERT_V2(NULL, &p, ASN1_STRING_length(der)) : NULL;
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool ok = ess && chain && sk_X509_push(chain, signer) > 0 &&
              OSSL_ESS_check_signing_certs(NULL, ess, chain, 1) == 1;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(ess);
    return ok;
}

/* Everything that must hold before the signature itself is looked at; NULL = it does. */
static const char *
check_shape(CMS_ContentInfo *cms, CMS_SignerInfo **ret_si, X509 **ret_signer)
{
    X509_ALGOR *digest, *sig;
    EVP_PKEY *key;
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
        return "RFC 5652 §5: it is no SignedData";
    if (CMS_is_detached(cms) != 1)
        return "the signature is not detached";
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return "want exactly one signer";
    *ret_si = sk_CMS_SignerInfo_value(signers, 0);
    CMS_set1_signers_certs(cms, NULL, 0);
    CMS_SignerInfo_get0_algs(*ret_si, &key, ret_signer, &digest, &sig);
    if (!*ret_signer)
        return "the signer's certificate is not in the signature";
    int nid = OBJ_obj2nid(digest->algorithm);
    if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
        return "the digest algorithm is not SHA-2";
    if (!names_signer(*ret_si, *ret_signer))
        return "signing-certificate-v2 (RFC 5035) does not name the signer's certificate";
    return NULL;
}

int
sign_verify_cms(struct str cms_bytes, struct str bytes, const char *trust_path, struct arena *a,
                struct sign_verdict *ret, struct diag *d)
{
    CMS_SignerInfo *si = NULL;
    X509 *signer = NULL;
    struct sign_verdict v = {.reason = STR(""), .claimed_at = CLOCK_NONE};
    const unsigned char *p = (const unsigned char *)cms_bytes.s;
    AUTO(CMS_ContentInfo_free_auto)
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)cms_bytes.len);
    if (!cms)
        return sign_openssl_fail(d, DIAG_BAD_DATA, "the signature is no CMS");
    AUTO(X509_STORE_free_auto) X509_STORE *store = sign_trust_store(trust_path, d);
    if (!store)
        return diag_context(d, "trusted certificates");
    const char *broken = check_shape(cms, &si, &signer);
    if (signer)
        sign_describe_x509(signer, a, &v.signer);
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(bytes.s, (int)bytes.len);
    unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY;
    if (!broken && CMS_verify(cms, NULL, store, in, NULL, flags) != 1)
        broken = "the signature does not fit these bytes: they were changed after signing";
    ERR_clear_error();
    v.valid = !broken;
    v.reason = str_c(broken);
    if (v.valid) {
        STACK_OF(X509) *others = CMS_get1_certs(cms);
        v.trusted = is_trusted(store, signer, others, a, &v.reason);
        v.claimed_at = signing_time(si);
        sk_X509_pop_free(others, X509_free);
    }
    *ret = v;
    return 0;
}
