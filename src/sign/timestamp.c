/* RFC 3161 over OpenSSL's TS. ledger/anchor.c asks the authority and keeps what it says. */
#include "sign/timestamp.h"

#include <assert.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ts.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/sha256.h"
#include "sign/inner.h"

AUTO_DEFINE(TS_REQ *, TS_REQ_free)
AUTO_DEFINE(TS_RESP *, TS_RESP_free)
AUTO_DEFINE(TS_MSG_IMPRINT *, TS_MSG_IMPRINT_free)
AUTO_DEFINE(TS_VERIFY_CTX *, TS_VERIFY_CTX_free)
AUTO_DEFINE(X509_ALGOR *, X509_ALGOR_free)
AUTO_DEFINE(ASN1_INTEGER *, ASN1_INTEGER_free)
AUTO_DEFINE(ASN1_OBJECT *, ASN1_OBJECT_free)
AUTO_DEFINE(BIGNUM *, BN_free)

static int
no_memory(struct diag *d)
{
    return key_openssl_fail(d, DIAG_INTERNAL, "time stamp");
}

/* ---- requests ---- */

static int
set_imprint(TS_REQ *q, struct str bytes, struct diag *d)
{
    struct sha256_digest h = sha256_of(bytes);
    AUTO(TS_MSG_IMPRINT_free_auto) TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
    AUTO(X509_ALGOR_free_auto) X509_ALGOR *alg = X509_ALGOR_new();
    if (!m || !alg || !X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) ||
        !TS_MSG_IMPRINT_set_algo(m, alg) || !TS_MSG_IMPRINT_set_msg(m, h.b, SHA256_SIZE) ||
        !TS_REQ_set_msg_imprint(q, m))
        return no_memory(d);
    return 0;
}

/* An answer that somebody recorded earlier has another one. */
static int
set_nonce(TS_REQ *q, struct diag *d)
{
    unsigned char random[16];
    env_random(random, sizeof random);
    random[0] = (unsigned char)((random[0] & 0x7f) | 0x40);
    AUTO(BN_free_auto) BIGNUM *n = BN_bin2bn(random, sizeof random, NULL);
    AUTO(ASN1_INTEGER_free_auto) ASN1_INTEGER *i = n ? BN_to_ASN1_INTEGER(n, NULL) : NULL;
    return i && TS_REQ_set_nonce(q, i) ? 0 : no_memory(d);
}

static int
set_policy(TS_REQ *q, struct str policy, struct diag *d)
{
    if (!policy.len)
        return 0;
    AUTO(ASN1_OBJECT_free_auto)
    ASN1_OBJECT *o = OBJ_txt2obj(arena_str(d->arena, policy).s, 1);
    if (!o || !TS_REQ_set_policy_id(q, o)) {
        ERR_clear_error();
        return diag_fail(d, DIAG_CONFIG, "tsa-policy: \"%.*s\" is no object identifier",
                         STR_ARG(policy));
    }
    return 0;
}

int
timestamp_request(struct str bytes, struct str policy, struct arena *a, struct str *ret,
                  struct diag *d)
{
    unsigned char *der = NULL;
    AUTO(TS_REQ_free_auto) TS_REQ *q = TS_REQ_new();
    if (!q || !TS_REQ_set_version(q, 1) || !TS_REQ_set_cert_req(q, 1))
        return no_memory(d);
    if (set_imprint(q, bytes, d) != 0 || set_nonce(q, d) != 0 || set_policy(q, policy, d) != 0)
        return -1;
    int n = i2d_TS_REQ(q, &der);
    if (n <= 0)
        return no_memory(d);
    *ret = arena_str(a, str_n((char *)der, (size_t)n));
    OPENSSL_free(der);
    return 0;
}

/* ---- answers ---- */

/* What an authority says when it gives no token. */
static int
refused(TS_RESP *r, struct diag *d)
{
    AUTO(BIO_free_all_auto) BIO *b = BIO_new(BIO_s_mem());
    char *text = NULL;
    long n = b && TS_STATUS_INFO_print_bio(b, TS_RESP_get_status_info(r)) > 0
                 ? BIO_get_mem_data(b, &text)
                 : 0;
    struct str s = arena_str(d->arena, str_n(text ? text : "", n > 0 ? (size_t)n : 0));
    for (size_t i = 0; i < s.len; i++)
        if (s.s[i] == '\n')
            ((char *)(uintptr_t)s.s)[i] = ' ';
    return diag_fail(d, DIAG_VERIFY, "the authority gives no time stamp: %.*s", STR_ARG(s));
}

static bool
read_time(const ASN1_GENERALIZEDTIME *t, int64_t *ret)
{
    struct tm tm;
    return t && ASN1_TIME_to_tm(t, &tm) == 1 &&
           clock_from_civil((struct clock_civil){.year = tm.tm_year + 1900,
                                                 .month = tm.tm_mon + 1,
                                                 .day = tm.tm_mday,
                                                 .hour = tm.tm_hour,
                                                 .minute = tm.tm_min,
                                                 .second = tm.tm_sec > 59 ? 59 : tm.tm_sec},
                            ret);
}

static struct str
hex_serial(const TS_TST_INFO *info, struct arena *a)
{
    AUTO(BN_free_auto) BIGNUM *n = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), NULL);
    char *hex = n ? BN_bn2hex(n) : NULL;
    struct str s = arena_str(a, str_c(hex ? hex : ""));
    OPENSSL_free(hex);
    return s;
}

static struct str
subject_of(TS_RESP *r, struct arena *a)
{
    struct sign_certificate c = {.subject = STR("")};
    PKCS7 *p7 = TS_RESP_get_token(r);
    STACK_OF(X509) *signers = p7 ? PKCS7_get0_signers(p7, NULL, 0) : NULL;
    if (signers && sk_X509_num(signers) > 0)
        key_describe(sk_X509_value(signers, 0), a, &c);
    sk_X509_free(signers);
    ERR_clear_error();
    return c.subject;
}

/* The context owns both from then on, and frees the imprint that it had of a query. OpenSSL 3.4 has
 * names which say so, and deprecates the older ones: nobody else calls either. */
static void
give(TS_VERIFY_CTX *ctx, X509_STORE *store, unsigned char *imprint)
{
    assert(store && imprint);
#if OPENSSL_VERSION_NUMBER >= 0x30400000L
    TS_VERIFY_CTX_set0_store(ctx, store);
    TS_VERIFY_CTX_set0_imprint(ctx, imprint, SHA256_SIZE);
#else
    TS_VERIFY_CTX_set_store(ctx, store);
    TS_VERIFY_CTX_set_imprint(ctx, imprint, SHA256_SIZE);
#endif
}

/* query NULL = none at hand: no nonce to compare. */
static int
check(TS_RESP *r, TS_REQ *query, struct str bytes, X509_STORE *store, struct arena *a,
      struct sign_stamp *ret, struct diag *d)
{
    AUTO(X509_STORE_free_auto) X509_STORE *mine = store;
    TS_TST_INFO *info = TS_RESP_get_tst_info(r);
    if (!info)
        return refused(r, d);
    if (!read_time(TS_TST_INFO_get_time(info), &ret->at))
        return diag_fail(d, DIAG_VERIFY, "the time stamp states no time");
    AUTO(TS_VERIFY_CTX_free_auto)
    TS_VERIFY_CTX *ctx = query ? TS_REQ_to_TS_VERIFY_CTX(query, NULL) : TS_VERIFY_CTX_new();
    if (!ctx)
        return no_memory(d);
    struct sha256_digest h = sha256_of(bytes);
    unsigned char *imprint = OPENSSL_memdup(h.b, SHA256_SIZE); /* of the bytes, not of the query */
    if (!imprint)
        return no_memory(d);
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(mine), (time_t)ret->at);
    give(ctx, AUTO_TAKE(mine), imprint);
    TS_VERIFY_CTX_add_flags(ctx, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNATURE);
    if (TS_RESP_verify_response(ctx, r) != 1)
        return key_openssl_fail(d, DIAG_VERIFY, "the time stamp does not hold");
    ret->serial_hex = hex_serial(info, a);
    ret->by = subject_of(r, a);
    return 0;
}

static int
check_bytes(struct str answer, TS_REQ *query, struct str bytes, const char *ca, struct arena *a,
            struct sign_stamp *ret, struct diag *d)
{
    X509_STORE *store = NULL;
    const unsigned char *p = (const unsigned char *)answer.s, *end = p + answer.len;
    AUTO(TS_RESP_free_auto)
    TS_RESP *r = answer.len < INT32_MAX ? d2i_TS_RESP(NULL, &p, (long)answer.len) : NULL;
    *ret = (struct sign_stamp){.by = STR(""), .serial_hex = STR("")};
    if (!r || p != end) {
        ERR_clear_error();
        return diag_fail(d, DIAG_VERIFY, "not an answer of RFC 3161");
    }
    if (verify_cms_store(ca, &store, d) != 0)
        return -1;
    return check(r, query, bytes, store, a, ret, d);
}

int
timestamp_accept(struct str answer, struct str request, struct str bytes, const char *ca,
                 struct arena *a, struct sign_stamp *ret, struct diag *d)
{
    const unsigned char *p = (const unsigned char *)request.s;
    AUTO(TS_REQ_free_auto) TS_REQ *q = d2i_TS_REQ(NULL, &p, (long)request.len);
    assert(q); /* our own */
    return check_bytes(answer, q, bytes, ca, a, ret, d);
}

int
timestamp_verify(struct str answer, struct str bytes, const char *ca, struct arena *a,
                 struct sign_stamp *ret, struct diag *d)
{
    return check_bytes(answer, NULL, bytes, ca, a, ret, d);
}
