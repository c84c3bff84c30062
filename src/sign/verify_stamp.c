/* Time stamp tokens (RFC 3161) inside of signatures and as signatures of a PDF. verify_cms.c and
 * verify_pdf.c hand them in with the bytes they must be over; trust in the authority is verify_trust.c's. */
#include <assert.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/ts.h>

#include "base/clock.h"
#include "sign/trust.h"

AUTO_DEFINE(TS_TST_INFO *, TS_TST_INFO_free)
AUTO_DEFINE(ESS_SIGNING_CERT *, ESS_SIGNING_CERT_free)
AUTO_DEFINE(ESS_SIGNING_CERT_V2 *, ESS_SIGNING_CERT_V2_free)

enum { SKEW = 300 /* seconds that the verifier's clock may be behind */ };

static bool
is_sha2(int nid)
{
    return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

/* The digest in the token is that of the very bytes. */
static const char *
check_imprint(TS_TST_INFO *info, const struct sign_pieces *pieces)
{
    unsigned char got[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    const ASN1_OBJECT *oid;
    TS_MSG_IMPRINT *m = TS_TST_INFO_get_msg_imprint(info);
    X509_ALGOR_get0(&oid, NULL, NULL, TS_MSG_IMPRINT_get_algo(m));
    const ASN1_OCTET_STRING *want = TS_MSG_IMPRINT_get_msg(m);
    if (!is_sha2(OBJ_obj2nid(oid)))
        return "the time stamp's digest is not SHA-2";
    if (!sign_digest_pieces(EVP_get_digestbyobj(oid), pieces, got, &n))
        return "the digest cannot be computed";
    if (ASN1_STRING_length(want) != (int)n || memcmp(ASN1_STRING_get0_data(want), got, n) != 0)
        return "the time stamp is of something else";
    return NULL;
}

/* RFC 5816: the token names the certificate that signed it, so that no other of the same key counts. */
static bool
names_certificate(CMS_SignerInfo *si, X509 *signer)
{
    const ASN1_STRING *v1 = CMS_signed_get0_data_by_OBJ(
        si, OBJ_nid2obj(NID_id_smime_aa_signingCertificate), -3, V_ASN1_SEQUENCE);
    const ASN1_STRING *v2 = CMS_signed_get0_data_by_OBJ(
        si, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2), -3, V_ASN1_SEQUENCE);
    const unsigned char *p1 = v1 ? ASN1_STRING_get0_data(v1) : NULL;
    const unsigned char *p2 = v2 ? ASN1_STRING_get0_data(v2) : NULL;
    AUTO(ESS_SIGNING_CERT_free_auto)
    ESS_SIGNING_CERT *ess = p1 ? d2i_ESS_SIGNING_CERT(NULL, &p1, ASN1_STRING_length(v1)) : NULL;
    AUTO(ESS_SIGNING_CERT_V2_free_auto)
    ESS_SIGNING_CERT_V2 *ess2 =
        p2 ? d2i_ESS_SIGNING_CERT_V2(NULL, &p2, ASN1_STRING_length(v2)) : NULL;
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool ok = (ess || ess2) && chain && sk_X509_push(chain, signer) > 0 &&
              OSSL_ESS_check_signing_certs(ess, ess2, chain, 1) == 1;
    sk_X509_free(chain);
    return ok;
}

/* The signature of the token, by the certificate that it carries. */
static const char *
check_signature(CMS_ContentInfo *cms, X509 **ret_signer)
{
    X509_ALGOR *digest;
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    if (sk_CMS_SignerInfo_num(infos) != 1)
        return "the time stamp wants exactly one signer";
    CMS_SignerInfo *si = sk_CMS_SignerInfo_value(infos, 0);
    if (CMS_verify(cms, NULL, NULL, NULL, NULL, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1)
        return "the time stamp's signature does not hold, or its certificate is not in it";
    CMS_SignerInfo_get0_algs(si, NULL, ret_signer, &digest, NULL);
    assert(*ret_signer);
    if (!is_sha2(OBJ_obj2nid(digest->algorithm)))
        return "the digest algorithm of the time stamp is not SHA-2";
    if (key_unfit(*ret_signer))
        return "the time stamp's certificate has a weak key, or one that is not for signatures";
    return names_certificate(si, *ret_signer)
               ? NULL
               : "RFC 5816: the time stamp does not name its authority's certificate";
}

static const char *
read_info(CMS_ContentInfo *cms, TS_TST_INFO **ret)
{
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
        OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_id_smime_ct_TSTInfo)
        return "it is no time stamp token";
    ASN1_OCTET_STRING **content = CMS_get0_content(cms);
    const unsigned char *p = content && *content ? ASN1_STRING_get0_data(*content) : NULL;
    *ret = p ? d2i_TS_TST_INFO(NULL, &p, ASN1_STRING_length(*content)) : NULL;
    return *ret ? NULL : "RFC 3161 §2.4.2: the time stamp states nothing";
}

/* The authority at the time it states; a time to come proves nothing. */
static void
judge_authority(const struct sign_trust *t, CMS_ContentInfo *cms, X509 *signer, struct arena *a,
                struct stamp *ret)
{
    STACK_OF(X509) *certs = CMS_get1_certs(cms);
    const char *why = ret->at > sign_trust_now(t) + SKEW
                          ? "it states a time to come"
                          : trust_judge(t, signer, certs, TRUST_STAMPER, ret->at, a);
    if (why)
        ret->because = arena_fmt(a, "the time stamp's authority is not trusted: %s", why).s;
    sk_X509_pop_free(certs, X509_free);
}

const char *
stamp_check(struct str token, const struct sign_pieces *pieces, const struct sign_trust *t,
            struct arena *a, struct stamp *ret)
{
    struct tm tm;
    struct sign_certificate c;
    X509 *signer = NULL;
    const unsigned char *p = (const unsigned char *)token.s, *end = p + token.len;
    AUTO(TS_TST_INFO_free_auto) TS_TST_INFO *info = NULL;
    AUTO(CMS_ContentInfo_free_auto)
    CMS_ContentInfo *cms =
        token.len < INT32_MAX ? d2i_CMS_ContentInfo(NULL, &p, (long)token.len) : NULL;
    if (!cms || p != end)
        return "the time stamp cannot be read";
    const char *why = read_info(cms, &info);
    if (!why)
        why = check_imprint(info, pieces);
    if (!why)
        why = check_signature(cms, &signer);
    if (!why && ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm) != 1)
        why = "the time stamp states no time";
    if (why)
        return why;
    key_describe(signer, a, &c);
    *ret = (struct stamp){.at = (int64_t)timegm(&tm), .by = c.subject};
    if (t)
        judge_authority(t, cms, signer, a, ret);
    ERR_clear_error();
    return NULL;
}
