/* Lists and responses against the certificates of a chain. verify_trust.c asks when a chain is there;
 * pdf_dss.c adds what a PDF carries. */
#include "sign/revoked.h"

#include <assert.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/clock.h"

AUTO_DEFINE(OCSP_RESPONSE *, OCSP_RESPONSE_free)
AUTO_DEFINE(OCSP_CERTID *, OCSP_CERTID_free)

bool
revoked_init(struct revoked_sources *s)
{
    *s = (struct revoked_sources){.given = sk_X509_CRL_new_null(),
                                  .carried = sk_X509_CRL_new_null(),
                                  .answers = sk_OCSP_BASICRESP_new_null()};
    return s->given && s->carried && s->answers;
}

void
revoked_done(struct revoked_sources *s)
{
    sk_X509_CRL_pop_free(s->given, X509_CRL_free);
    sk_X509_CRL_pop_free(s->carried, X509_CRL_free);
    sk_OCSP_BASICRESP_pop_free(s->answers, OCSP_BASICRESP_free);
    *s = (struct revoked_sources){0};
}

void
revoked_add_list(struct revoked_sources *s, struct str der)
{
    const unsigned char *p = (const unsigned char *)der.s;
    X509_CRL *list = d2i_X509_CRL(NULL, &p, (long)der.len);
    if (list && !sk_X509_CRL_push(s->carried, list))
        X509_CRL_free(list);
    ERR_clear_error();
}

void
revoked_add_answer(struct revoked_sources *s, struct str der)
{
    const unsigned char *p = (const unsigned char *)der.s;
    AUTO(OCSP_RESPONSE_free_auto) OCSP_RESPONSE *r = d2i_OCSP_RESPONSE(NULL, &p, (long)der.len);
    OCSP_BASICRESP *basic = r ? OCSP_response_get1_basic(r) : NULL;
    if (basic && !sk_OCSP_BASICRESP_push(s->answers, basic))
        OCSP_BASICRESP_free(basic);
    ERR_clear_error();
}

static int64_t
seconds_of(const ASN1_TIME *t)
{
    struct tm tm;
    return t && ASN1_TIME_to_tm(t, &tm) ? (int64_t)timegm(&tm) : CLOCK_NONE;
}

/* A revocation after the proven time leaves the signature as it is; without a proven one it could have
 * been made at any time. */
static bool
counts(int64_t at, int64_t proven_at)
{
    return proven_at == CLOCK_NONE || at == CLOCK_NONE || at <= proven_at;
}

static const char *
tell(X509 *cert, int64_t at, const char *source, struct arena *a)
{
    struct sign_certificate c;
    key_describe(cert, a, &c);
    return arena_fmt(a, "revoked: %.*s was revoked on %.*s%s", STR_ARG(c.subject),
                     STR_ARG(clock_date(a, at)), source)
        .s;
}

/* ---- lists ---- */

/* The list must be the issuer's. Where the chain ends below the issuer its key is not at hand; then the
 * operator's word is taken that this list belongs here. */
static bool
is_list_of(X509_CRL *crl, X509 *cert, X509 *issuer, bool is_given)
{
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(cert)) != 0)
        return false;
    if (!issuer)
        return is_given;
    return (X509_get_key_usage(issuer) & KU_CRL_SIGN) &&
           X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
}

static const char *
check_lists(STACK_OF(X509_CRL) * lists, bool is_given, X509 *cert, X509 *issuer, int64_t proven_at,
            struct arena *a)
{
    for (int k = 0; k < sk_X509_CRL_num(lists); k++) {
        X509_REVOKED *r = NULL;
        X509_CRL *crl = sk_X509_CRL_value(lists, k);
        if (!is_list_of(crl, cert, issuer, is_given) || X509_CRL_get0_by_cert(crl, &r, cert) != 1 ||
            !r)
            continue;
        int64_t at = seconds_of(X509_REVOKED_get0_revocationDate(r));
        if (counts(at, proven_at))
            return tell(cert, at, is_given ? "" : ", says a list that the file carries", a);
    }
    return NULL;
}

/* ---- responses ---- */

/* RFC 6960 §4.2.2.2: signed by the issuer himself, or by whom he made a certificate for answering. */
static bool
is_answer_of(OCSP_BASICRESP *answer, X509 *issuer)
{
    X509 *signer = NULL;
    STACK_OF(X509) *more = sk_X509_new_null();
    bool ok = more && sk_X509_push(more, issuer) > 0 &&
              OCSP_basic_verify(answer, more, NULL, OCSP_NOVERIFY) == 1 &&
              OCSP_resp_get0_signer(answer, &signer, more) == 1;
    if (ok && X509_cmp(signer, issuer) != 0)
        ok = (X509_get_extension_flags(signer) & EXFLAG_XKUSAGE) &&
             (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) &&
             X509_check_issued(issuer, signer) == X509_V_OK &&
             X509_verify(signer, X509_get0_pubkey(issuer)) == 1;
    sk_X509_free(more);
    return ok && EVP_PKEY_get_security_bits(X509_get0_pubkey(signer)) >= KEY_STRENGTH;
}

/* A response names certificates by hashes of their issuer, made in a way of its own. */
static bool
is_about(const OCSP_SINGLERESP *single, X509 *cert, X509 *issuer)
{
    ASN1_OBJECT *md = NULL;
    OCSP_CERTID *id = (OCSP_CERTID *)(uintptr_t)OCSP_SINGLERESP_get0_id(single);
    const EVP_MD *hash =
        OCSP_id_get0_info(NULL, &md, NULL, NULL, id) == 1 ? EVP_get_digestbyobj(md) : NULL;
    AUTO(OCSP_CERTID_free_auto)
    OCSP_CERTID *want = hash ? OCSP_cert_to_id(hash, cert, issuer) : NULL;
    return want && OCSP_id_cmp(want, id) == 0;
}

static const char *
check_answers(STACK_OF(OCSP_BASICRESP) * answers, X509 *cert, X509 *issuer, int64_t proven_at,
              struct arena *a)
{
    for (int k = 0; issuer && k < sk_OCSP_BASICRESP_num(answers); k++) {
        OCSP_BASICRESP *answer = sk_OCSP_BASICRESP_value(answers, k);
        for (int i = 0; i < OCSP_resp_count(answer); i++) {
            ASN1_GENERALIZEDTIME *when = NULL;
            OCSP_SINGLERESP *single = OCSP_resp_get0(answer, i);
            if (OCSP_single_get0_status(single, NULL, &when, NULL, NULL) !=
                    V_OCSP_CERTSTATUS_REVOKED ||
                !is_about(single, cert, issuer) || !counts(seconds_of(when), proven_at) ||
                !is_answer_of(answer, issuer))
                continue;
            return tell(cert, seconds_of(when), ", says an OCSP response that the file carries", a);
        }
    }
    return NULL;
}

const char *
revoked_check(const struct revoked_sources *s, STACK_OF(X509) * chain, int64_t proven_at,
              struct arena *a)
{
    int n = sk_X509_num(chain);
    const char *why = NULL;
    assert(n > 0);
    for (int i = 0; i < n && !why; i++) {
        X509 *cert = sk_X509_value(chain, i);
        X509 *issuer = i + 1 < n ? sk_X509_value(chain, i + 1) : NULL;
        why = check_lists(s->given, true, cert, issuer, proven_at, a);
        if (!why)
            why = check_lists(s->carried, false, cert, issuer, proven_at, a);
        if (!why)
            why = check_answers(s->answers, cert, issuer, proven_at, a);
    }
    ERR_clear_error();
    return why;
}
