/* Making detached CMS (RFC 5652) with signing-certificate-v2 (RFC 5035), as CAdES and PAdES want
 * it; pades.c puts it into PDFs, verify_cms.c is the way back. The signature is made here over the
 * DER of the signed attributes, because OpenSSL would add signing-time, which PAdES (ETSI EN 319
 * 142-1) forbids. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sign/inner.h"

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

struct attribute {
    unsigned char *p;
    size_t n;
};

static int
by_bytes(const void *a, const void *b)
{
    const struct attribute *x = a, *y = b;
    int c = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return c ? c : x->n < y->n ? -1 : x->n > y->n;
}

/* Tag and length in DER (X.690 §10.1): the shortest form there is. */
static size_t
put_set_head(unsigned char *to, size_t len)
{
    assert(len < 65536);
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
struct str
cms_encode_attributes(CMS_SignerInfo *si, struct arena *a)
{
    struct attribute list[CMS_MAX_ATTRIBUTES];
    int n = CMS_signed_get_attr_count(si);
    size_t total = 0, used;
    assert(n > 0 && n <= CMS_MAX_ATTRIBUTES);
    for (int i = 0; i < n; i++) {
        list[i].p = NULL;
        int len = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &list[i].p);
        assert(len > 0);
        list[i].n = (size_t)len;
        total += list[i].n;
    }
    assert(total <= CMS_MAX_ATTRIBUTES_SIZE);
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

int
cms_make(const struct sign_signer *s, const struct sha256_digest *digest, enum cms_kind kind,
         struct arena *a, struct str *ret, struct diag *d)
{
    assert(s && s->key && s->cert);
    unsigned flags = CMS_PARTIAL | CMS_BINARY | CMS_DETACHED;
    AUTO(CMS_ContentInfo_free_auto)
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, s->chain, NULL, flags);
    CMS_SignerInfo *si = cms ? CMS_add1_signer(cms, s->cert, s->key, EVP_sha256(),
                                               flags | CMS_CADES | CMS_NOSMIMECAP)
                             : NULL;
    bool is_signed = si && add_attributes(si, digest, kind == CMS_PLAIN) &&
                     put_signature(si, s->key, cms_encode_attributes(si, a), a);
    unsigned char *der = NULL;
    int n = is_signed ? i2d_CMS_ContentInfo(cms, &der) : 0;
    if (n <= 0)
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot sign");
    *ret = arena_str(a, str_n((const char *)der, (size_t)n));
    OPENSSL_free(der);
    return 0;
}

int
sign_cms(const struct sign_signer *s, struct str bytes, struct arena *a, struct str *ret,
         struct diag *d)
{
    assert(s);
    struct sha256_digest digest = sha256_of(bytes);
    return cms_make(s, &digest, CMS_PLAIN, a, ret, d);
}
