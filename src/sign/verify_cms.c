/* Checking detached CMS: one check after the other, each with a message of its own. First the
 * shape, by DER where OpenSSL has no getter, then the certificates, then the digest and the
 * signature. verify_pdf.c hands in what a PDF holds, sign_verify_cms what stands beside a file. */
#include <assert.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "sign/der.h"
#include "sign/trust.h"

enum {
    MAX_CERTIFICATES = 20,
    DER_INTEGER = 0x02,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT_0 = 0xa0, /* [0] EXPLICIT or constructed */
};

struct check {
    CMS_ContentInfo *cms;
    enum cms_kind kind;
    STACK_OF(X509) * certs;
    CMS_SignerInfo *si;
    X509 *signer;
    const EVP_MD *md;
    struct str sid, attributes; /* DER of the signer's name and of the signed attributes, inside */
    const ASN1_STRING *token;   /* a time stamp over the signature; NULL = none */
};

/* ---- the outside, in DER ---- */

/* The AlgorithmIdentifier of a SHA-2 digest has no parameters, or NULL (RFC 5754 §2). */
static bool
is_bare_algorithm(struct str inside)
{
    struct der oid, null;
    if (!der_want(&inside, V_ASN1_OBJECT, &oid))
        return false;
    return !inside.len ||
           (der_want(&inside, V_ASN1_NULL, &null) && !null.inside.len && !inside.len);
}

static const char *
check_certificate_set(struct str *rest)
{
    struct der set, cert;
    int n = 0;
    if (!rest->len || (unsigned char)rest->s[0] != DER_CONTEXT_0)
        return "RFC 5652 §5.1: it carries no certificates";
    if (!der_next(rest, &set))
        return "RFC 5652 §5.1: the certificates are no DER";
    while (set.inside.len)
        if (!der_want(&set.inside, DER_SEQUENCE, &cert) || ++n > MAX_CERTIFICATES)
            return "RFC 5652 §10.2.2: a certificate is not X.509, or there are more than 20";
    return NULL;
}

static bool
is_version(struct str *rest, char version)
{
    struct der v;
    return der_want(rest, DER_INTEGER, &v) && v.inside.len == 1 && v.inside.s[0] == version;
}

/* RFC 5652 §5.3: SignerInfo; its digestAlgorithm is the third element. */
static const char *
check_signer_der(struct check *c, struct str set, struct str digest_algorithm)
{
    struct der info, sid, digest, attributes;
    if (!der_want(&set, DER_SEQUENCE, &info) || set.len)
        return "RFC 5652 §5.3: want exactly one signer";
    if (!is_version(&info.inside, 1))
        return "RFC 5652 §5.3: the signer's version is not 1";
    if (!der_want(&info.inside, DER_SEQUENCE, &sid))
        return "RFC 5652 §5.3: the signer is not named by issuer and serial number";
    if (!der_want(&info.inside, DER_SEQUENCE, &digest) || !str_eq(digest.whole, digest_algorithm))
        return "RFC 5652 §5.3: the signer's digest algorithm is not the one announced";
    if (!der_want(&info.inside, DER_CONTEXT_0, &attributes))
        return "RFC 5652 §5.3: there are no signed attributes";
    c->sid = sid.inside;
    c->attributes = attributes.inside;
    return NULL;
}

/* RFC 5652 §3 and §5.1, as far as PAdES and CAdES-BES leave a choice: none. */
static const char *
check_der(struct check *c, struct str bytes)
{
    struct der info, oid, explicit, data, algorithms, content, algorithm, signers;
    if (!der_want(&bytes, DER_SEQUENCE, &info))
        return "X.690 §10.1: it is no DER";
    if (bytes.len)
        return "bytes follow the end of the CMS";
    if (!der_want(&info.inside, V_ASN1_OBJECT, &oid) ||
        !der_want(&info.inside, DER_CONTEXT_0, &explicit) || info.inside.len ||
        !der_want(&explicit.inside, DER_SEQUENCE, &data) || explicit.inside.len)
        return "RFC 5652 §3: it is no ContentInfo";
    if (!is_version(&data.inside, 1))
        return "RFC 5652 §5.1: its version is not 1";
    if (!der_want(&data.inside, DER_SET, &algorithms) ||
        !der_want(&algorithms.inside, DER_SEQUENCE, &algorithm) || algorithms.inside.len ||
        !is_bare_algorithm(algorithm.inside))
        return "RFC 5652 §5.1: want exactly one digest algorithm, without parameters";
    if (!der_want(&data.inside, DER_SEQUENCE, &content) ||
        !der_want(&content.inside, V_ASN1_OBJECT, &oid) || content.inside.len)
        return "RFC 5652 §5.2: the signature is not detached";
    const char *why = check_certificate_set(&data.inside);
    if (why)
        return why;
    if (!der_want(&data.inside, DER_SET, &signers) || data.inside.len)
        return "RFC 5652 §5.1: revocation lists or other things stand beside the signers";
    return check_signer_der(c, signers.inside, algorithm.whole);
}

/* ---- algorithms and attributes ---- */

/* SHA-2 with the kind of key that the certificate has, and without parameters that could weaken
 * it: what another verifier would take for something else is refused. */
static const char *
check_algorithms(struct check *c)
{
    X509_ALGOR *digest, *sig;
    const ASN1_OBJECT *oid;
    int parameters, nid_md, nid_key;
    CMS_SignerInfo_get0_algs(c->si, NULL, NULL, &digest, &sig);
    int md = OBJ_obj2nid(digest->algorithm);
    if (md != NID_sha256 && md != NID_sha384 && md != NID_sha512)
        return "the digest algorithm is not SHA-2";
    c->md = EVP_get_digestbynid(md);
    X509_ALGOR_get0(&oid, &parameters, NULL, sig);
    int nid = OBJ_obj2nid(oid), type = EVP_PKEY_get_base_id(X509_get0_pubkey(c->signer));
    if (nid != NID_rsassaPss && parameters != V_ASN1_UNDEF && parameters != V_ASN1_NULL)
        return "RFC 5754 §3: the signature algorithm has parameters";
    if (type == EVP_PKEY_RSA && (nid == NID_rsaEncryption || nid == NID_rsassaPss))
        return NULL;
    if (!OBJ_find_sigid_algs(nid, &nid_md, &nid_key) || nid_md != md || nid_key != type ||
        (type == EVP_PKEY_EC && parameters != V_ASN1_UNDEF))
        return "RFC 5754 §3: the signature algorithm fits neither the key nor the digest";
    return NULL;
}

/* The value of a signed attribute that must be there once, with one value of that type. */
static const ASN1_STRING *
only_value(CMS_SignerInfo *si, int nid, int type)
{
    assert(si);
    int at = CMS_signed_get_attr_by_NID(si, nid, -1);
    X509_ATTRIBUTE *attr = at >= 0 ? CMS_signed_get_attr(si, at) : NULL;
    if (!attr || CMS_signed_get_attr_by_NID(si, nid, at) >= 0 || X509_ATTRIBUTE_count(attr) != 1)
        return NULL;
    return X509_ATTRIBUTE_get0_data(attr, 0, type, NULL);
}

static bool
has_attribute(CMS_SignerInfo *si, int nid)
{
    return CMS_signed_get_attr_by_NID(si, nid, -1) >= 0;
}

/* RFC 5035: the attribute must name the very certificate that verifies the signature. */
static bool
names_signer(CMS_SignerInfo *si, X509 *signer)
{
    const ASN1_STRING *der = only_value(si, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
    const unsigned char *p = der ? ASN1_STRING_get0_data(der) : NULL;
    ESS_SIGNING_CERT_V2 *ess =
        p ? d2i_ESS_SIGNING_CERT_V2(NULL, &p, ASN1_STRING_length(der)) : NULL;
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool ok = ess && chain && sk_X509_push(chain, signer) > 0 &&
              OSSL_ESS_check_signing_certs(NULL, ess, chain, 1) == 1;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(ess);
    return ok;
}

/* The signature is over the DER of the attributes: what stands here must be that DER. */
static bool
is_der_of_attributes(const struct check *c, struct arena *a)
{
    struct der set;
    int n = CMS_signed_get_attr_count(c->si);
    if (n < 1 || n > CMS_MAX_ATTRIBUTES || c->attributes.len > CMS_MAX_ATTRIBUTES_SIZE)
        return false;
    struct str want = cms_encode_attributes(c->si, a);
    return der_next(&want, &set) && str_eq(set.inside, c->attributes);
}

/* Each of them once, each as its standard has it: of two of a kind every reader could believe
 * another one. */
static const char *
check_attributes(const struct check *c, struct arena *a)
{
    if (!is_der_of_attributes(c, a))
        return "RFC 5652 §5.4: the signed attributes are no DER, or too many";

    int at = CMS_signed_get_attr_by_NID(c->si, NID_pkcs9_contentType, -1);
    X509_ATTRIBUTE *type = at >= 0 ? CMS_signed_get_attr(c->si, at) : NULL;
    const ASN1_OBJECT *oid =
        type && X509_ATTRIBUTE_count(type) == 1 &&
                CMS_signed_get_attr_by_NID(c->si, NID_pkcs9_contentType, at) < 0
            ? (const ASN1_OBJECT *)X509_ATTRIBUTE_get0_data(type, 0, V_ASN1_OBJECT, NULL)
            : NULL;
    if (!oid || OBJ_cmp(oid, CMS_get0_eContentType(c->cms)) != 0)
        return "RFC 5652 §11.1: content-type is missing, double or another";
    if (OBJ_obj2nid(oid) != NID_pkcs7_data)
        return "RFC 5652 §5.2: the content is not of the type id-data";
    if (!only_value(c->si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING))
        return "RFC 5652 §11.2: message-digest is missing or double";
    if (c->kind == CMS_PADES && has_attribute(c->si, NID_pkcs9_signingTime))
        return "EN 319 142-1 §6.3: signing-time is forbidden in a PDF";
    if ((c->kind != CMS_ACROBAT || has_attribute(c->si, NID_id_smime_aa_signingCertificateV2)) &&
        !names_signer(c->si, c->signer))
        return "RFC 5035: signing-certificate-v2 does not name the signer's certificate";
    return NULL;
}

/* Whoever passes the file on can add these. One time stamp over the signature is the only thing that
 * belongs there. */
static const char *
check_unsigned(struct check *c)
{
    int n = CMS_unsigned_get_attr_count(c->si);
    for (int i = 0; i < n; i++) {
        X509_ATTRIBUTE *attr = CMS_unsigned_get_attr(c->si, i);
        int nid = OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attr));
        if (c->kind == CMS_PLAIN || nid != NID_id_smime_aa_timeStampToken)
            return "an attribute that the signature does not cover was added";
        if (c->token || X509_ATTRIBUTE_count(attr) != 1)
            return "the signature has more than one time stamp";
        c->token = X509_ATTRIBUTE_get0_data(attr, 0, V_ASN1_SEQUENCE, NULL);
        if (!c->token)
            return "the time stamp in the signature is no token";
    }
    return NULL;
}

/* ---- certificates ---- */

/* What else is carried must lead up from the signer: each further certificate issued another one,
 * and signatures between those that are here hold. */
static const char *
check_certificates(const struct check *c)
{
    int n = sk_X509_num(c->certs);
    for (int i = 0; i < n; i++) {
        X509 *upper = sk_X509_value(c->certs, i);
        bool is_used = X509_cmp(upper, c->signer) == 0;
        for (int k = 0; k < n; k++) {
            X509 *lower = sk_X509_value(c->certs, k);
            if (X509_NAME_cmp(X509_get_subject_name(upper), X509_get_issuer_name(lower)) != 0)
                continue;
            if (X509_verify(lower, X509_get0_pubkey(upper)) != 1)
                return "a certificate was not issued by the one that carries its issuer's name";
            is_used = is_used || i != k;
        }
        if (!is_used)
            return "a certificate is carried that does not belong to the signer";
    }
    return NULL;
}

/* OpenSSL compares names without regard to case; here the bytes must be the same. */
static bool
is_named_exactly(struct str sid, X509 *signer)
{
    struct der name, serial;
    const unsigned char *der;
    size_t n;
    return der_next(&sid, &name) && der_want(&sid, DER_INTEGER, &serial) && !sid.len &&
           X509_NAME_get0_der(X509_get_issuer_name(signer), &der, &n) &&
           str_eq(name.whole, str_n((const char *)der, n));
}

/* The only one; its certificate must be carried along, as nothing is fetched from anywhere. */
static const char *
find_signer(struct check *c)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(c->cms);
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return "RFC 5652 §5.3: want exactly one signer";
    c->si = sk_CMS_SignerInfo_value(signers, 0);
    CMS_set1_signers_certs(c->cms, NULL, 0);
    CMS_SignerInfo_get0_algs(c->si, NULL, &c->signer, NULL, NULL);
    if (!c->signer)
        return "the signer's certificate is not in the signature";
    if (!is_named_exactly(c->sid, c->signer))
        return "RFC 5652 §5.3: the signer's issuer is not written as in the certificate";
    return X509_get0_pubkey(c->signer) ? NULL : "the signer's key cannot be read";
}

/* ---- digest and signature ---- */

/* pieces: what stands before and behind the hole of a PDF; of other files the second one is empty.
 */
static const char *
check_bytes(const struct check *c, const struct sign_pieces *pieces)
{
    unsigned char got[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    const ASN1_STRING *want = only_value(c->si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
    assert(want && c->md);
    if (!sign_digest_pieces(c->md, pieces, got, &n))
        return "the digest cannot be computed";
    if (ASN1_STRING_length(want) != (int)n || memcmp(ASN1_STRING_get0_data(want), got, n) != 0)
        return "changed after signing: the digest of the bytes is not the signed one";
    return CMS_SignerInfo_verify(c->si) == 1 ? NULL : "the signature does not fit the signer's key";
}

/* From the form to the meaning: nothing is asked of OpenSSL before the bytes are known to be plain
 * DER, which its lenient parser would not say. */
static const char *
check_all(struct check *c, struct str bytes, const struct sign_pieces *pieces, struct arena *a)
{
    const char *why = check_der(c, bytes);
    const unsigned char *p = (const unsigned char *)bytes.s;
    if (why)
        return why;
    c->cms = d2i_CMS_ContentInfo(NULL, &p, (long)bytes.len);
    if (!c->cms)
        return "RFC 5652: the CMS cannot be read";
    if (OBJ_obj2nid(CMS_get0_type(c->cms)) != NID_pkcs7_signed)
        return "RFC 5652 §5: it is no SignedData";
    c->certs = CMS_get1_certs(c->cms);
    why = find_signer(c);
    if (!why)
        why = key_unfit(c->signer);
    if (!why)
        why = check_algorithms(c);
    if (!why)
        why = check_attributes(c, a);
    if (!why)
        why = check_unsigned(c);
    if (!why)
        why = check_certificates(c);
    return why ? why : check_bytes(c, pieces);
}

/* ---- times and trust ---- */

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

/* The time stamp in the signature, which moves the proven time back to its own; one of something else
 * makes the signature worth nothing, one of an unknown authority proves nothing. */
static const char *
check_stamp(const struct check *c, const struct sign_trust *t, struct arena *a, struct stamp *ret)
{
    const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(c->si);
    const struct sign_pieces pieces = {
        .v = {str_n((const char *)ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)),
              STR("")}};
    assert(c->token);
    const char *why = stamp_check(
        str_n((const char *)ASN1_STRING_get0_data(c->token), (size_t)ASN1_STRING_length(c->token)),
        &pieces, t, a, ret);
    return why ? arena_fmt(a, "the time stamp in the signature: %s", why).s : NULL;
}

/* The signature holds: of when and by whom. */
static void
judge(const struct check *c, const struct sign_trust *t, const struct sign_proof *known,
      struct arena *a, struct sign_verdict *v)
{
    struct stamp stamp = {.at = CLOCK_NONE};
    const char *why = c->token ? check_stamp(c, t, a, &stamp) : NULL;
    v->claimed_at = signing_time(c->si);
    v->valid = !why;
    if (why || !t) {
        v->reason = str_c(why ? why : SIGN_NO_TRUST);
        return;
    }
    v->proof = *known;
    if (c->token && !stamp.because && (known->at == CLOCK_NONE || stamp.at < known->at))
        v->proof = (struct sign_proof){.at = stamp.at, .by = stamp.by};
    why = stamp.because ? stamp.because
                        : trust_judge(t, c->signer, c->certs, TRUST_SIGNER, v->proof.at, a);
    v->trusted = !why;
    v->reason = str_c(why);
}

/* ---- the door ---- */

bool
cms_to_der(struct str *rest, struct arena *a, struct str *ret)
{
    unsigned char *der = NULL;
    const unsigned char *p = (const unsigned char *)rest->s;
    AUTO(CMS_ContentInfo_free_auto)
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)rest->len);
    int n = cms ? i2d_CMS_ContentInfo(cms, &der) : 0;
    ERR_clear_error();
    if (n <= 0)
        return false;
    *ret = arena_str(a, str_n((const char *)der, (size_t)n));
    OPENSSL_free(der);
    size_t used = (size_t)((const char *)p - rest->s);
    *rest = str_n(rest->s + used, rest->len - used);
    return true;
}

void
verify_cms_pieces(struct str cms, const struct sign_pieces *pieces, enum cms_kind kind,
                  const struct sign_trust *trust, const struct sign_proof *known, struct arena *a,
                  struct sign_verdict *ret)
{
    struct check c = {.kind = kind};
    struct sign_verdict v = {
        .reason = STR(""), .claimed_at = CLOCK_NONE, .proof = {.at = CLOCK_NONE, .by = STR("")}};
    const char *why = check_all(&c, cms, pieces, a);
    v.reason = str_c(why);
    v.signer.subject = v.signer.issuer = v.signer.serial_hex = v.signer.sha256_hex = STR("");
    if (c.signer)
        key_describe(c.signer, a, &v.signer);
    if (!why)
        judge(&c, trust, known, a, &v);
    assert(v.trusted || v.reason.len);
    assert(v.valid || !v.trusted);
    ERR_clear_error();
    sk_X509_pop_free(c.certs, X509_free);
    CMS_ContentInfo_free(c.cms);
    *ret = v;
}

int
sign_verify_cms(struct str cms, struct str bytes, const struct sign_trust *trust, struct arena *a,
                struct sign_verdict *ret, struct diag *d)
{
    struct der first;
    struct str rest = cms;
    const struct sign_pieces pieces = {.v = {bytes, STR("")}};
    const struct sign_proof none = {.at = CLOCK_NONE, .by = STR("")};
    if (!der_want(&rest, DER_SEQUENCE, &first))
        return diag_fail(d, DIAG_BAD_DATA, "the signature is no CMS in DER, or is cut short");
    verify_cms_pieces(cms, &pieces, CMS_PLAIN, trust, &none, a, ret);
    return 0;
}
