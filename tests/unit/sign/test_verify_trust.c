/* Whom a trust file trusts, at which time, for what; and what lists and responses say of them. */
#include <openssl/ocsp.h>

#include "base/clock.h"
#include "certs.h"
#include "pdf_make.h"
#include "sign/trust.h"

enum { DAY = 86400 };

static const int64_t NOW = INT64_C(1796083200); /* 2026-12-01 */

struct site {
    struct arena *a;
    struct certs_one root, middle, stranger, leaf, expired, future, tls, tsa, lax_tsa, responder;
    char dir[64];
    bool is_alone; /* no other certificate comes along */
};

static struct site
make_site(struct arena *a)
{
    struct site s = {.a = a};
    int64_t from = NOW - 100 * DAY, to = NOW + 100 * DAY;
    make_dir(s.dir);
    s.root = certs_issue("root", NULL, certs_ca, from, to);
    s.stranger = certs_issue("root", NULL, certs_ca, from, to); /* of the same name */
    s.middle = certs_issue("middle", &s.root, certs_ca, from, to);
    s.leaf = certs_issue("leaf", &s.middle, certs_leaf, from, to);
    s.expired = certs_issue("expired", &s.root, certs_leaf, from, NOW - 10 * DAY);
    s.future = certs_issue("future", &s.root, certs_leaf, NOW + DAY, to);
    s.tls = certs_issue("tls", &s.root, "extendedKeyUsage=serverAuth", from, to);
    s.tsa = certs_issue("tsa", &s.root, certs_stamper, from, to);
    s.lax_tsa = certs_issue("lax", &s.root, "extendedKeyUsage=timeStamping", from, to);
    s.responder = certs_issue("responder", &s.middle, certs_responder, from, to);
    return s;
}

static void
end_site(struct site *s)
{
    struct certs_one *const all[] = {&s->root,   &s->middle, &s->stranger, &s->leaf,    &s->expired,
                                     &s->future, &s->tls,    &s->tsa,      &s->lax_tsa, &s->responder};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        certs_free(all[i]);
    make_run(s->a, "rm -rf '%s'", s->dir);
}

/* The trust in one certificate, and in a list. */
static struct sign_trust *
trust_in(struct site *s, X509 *anchor, X509_CRL *list)
{
    struct sign_trust *t = NULL;
    struct diag d = diag_init(s->a);
    const char *path = file_join(s->a, s->dir, "trust.pem").s;
    CHECK(file_write_atomic(path, certs_pem(s->a, &anchor, 1, list), 0644, &d) == 0);
    CHECK(sign_trust_load(path, NULL, NOW, &t, &d) == 0);
    return t;
}

/* Words of the reason, "" = trusted; the middle came along. */
static struct str
judged(struct site *s, const struct sign_trust *t, const struct certs_one *who, enum trust_use use,
       int64_t proven_at)
{
    STACK_OF(X509) *more = sk_X509_new_null();
    if (!s->is_alone)
        sk_X509_push(more, s->middle.cert);
    const char *why = trust_judge(t, who->cert, more, use, proven_at, s->a);
    sk_X509_free(more);
    return str_c(why ? why : "");
}

static void
test_chains(struct site *s)
{
    const struct {
        const struct certs_one *anchor, *who;
        enum trust_use use;
        int64_t at;
        const char *want;
    } cases[] = {
        {&s->root, &s->leaf, TRUST_SIGNER, CLOCK_NONE, ""},
        {&s->middle, &s->leaf, TRUST_SIGNER, CLOCK_NONE, ""},
        {&s->leaf, &s->leaf, TRUST_SIGNER, CLOCK_NONE, ""}, /* the signer himself */
        {&s->stranger, &s->leaf, TRUST_SIGNER, CLOCK_NONE, "unknown issuer"},
        {&s->root, &s->stranger, TRUST_SIGNER, CLOCK_NONE, "unknown issuer"},
        {&s->root, &s->expired, TRUST_SIGNER, CLOCK_NONE, "expired: CN=expired"},
        {&s->root, &s->expired, TRUST_SIGNER, NOW - 10 * DAY - 1, ""},
        {&s->root, &s->expired, TRUST_SIGNER, NOW - 9 * DAY, "the proven time"},
        {&s->root, &s->future, TRUST_SIGNER, CLOCK_NONE, "not yet valid: CN=future"},
        {&s->root, &s->tls, TRUST_SIGNER, CLOCK_NONE, "wrong purpose"},
        {&s->root, &s->tsa, TRUST_SIGNER, CLOCK_NONE, "wrong purpose"},
        {&s->root, &s->tsa, TRUST_STAMPER, CLOCK_NONE, ""},
        {&s->root, &s->lax_tsa, TRUST_STAMPER, CLOCK_NONE, "for time stamps alone"},
        {&s->root, &s->leaf, TRUST_STAMPER, CLOCK_NONE, "for time stamps alone"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sign_trust *t = trust_in(s, cases[i].anchor->cert, NULL);
        struct str said = judged(s, t, cases[i].who, cases[i].use, cases[i].at);
        CHECK(cases[i].want[0] ? make_has(said, cases[i].want) : said.len == 0);
        sign_trust_free(t);
    }
    CHECK(!trust_wrong_purpose(s->leaf.cert) && trust_wrong_purpose(s->tls.cert));
}

/* ---- lists of the operator ---- */

static void
test_given(struct site *s)
{
    X509_CRL *list = certs_list(s->middle.cert, s->middle.key, s->leaf.cert, NOW - DAY);
    X509_CRL *forged = certs_list(s->middle.cert, s->root.key, s->leaf.cert, NOW - DAY);
    struct sign_trust *t = trust_in(s, s->root.cert, list), *f = trust_in(s, s->root.cert, forged);
    struct sign_trust *own = trust_in(s, s->leaf.cert, forged);
    CHECK_STR(judged(s, t, &s->leaf, TRUST_SIGNER, CLOCK_NONE), "revoked: CN=leaf was revoked on 2026-11-30");
    CHECK(judged(s, t, &s->leaf, TRUST_SIGNER, NOW - 2 * DAY).len == 0); /* it signed before */
    CHECK(judged(s, t, &s->leaf, TRUST_SIGNER, NOW - DAY).len > 0);
    CHECK(judged(s, t, &s->tsa, TRUST_STAMPER, CLOCK_NONE).len == 0); /* of another issuer */
    CHECK(judged(s, f, &s->leaf, TRUST_SIGNER, CLOCK_NONE).len == 0);
    /* the signer is the anchor: his issuer's key is not at hand, and the operator's word counts */
    s->is_alone = true;
    CHECK(judged(s, own, &s->leaf, TRUST_SIGNER, CLOCK_NONE).len > 0);
    s->is_alone = false;
    sign_trust_free(t);
    sign_trust_free(f);
    sign_trust_free(own);
    X509_CRL_free(list);
    X509_CRL_free(forged);
}

/* ---- what a file carries ---- */

/* A response that says one thing of a certificate, signed. */
static struct str
answer(struct site *s, const struct certs_one *about, const struct certs_one *by, int status,
       const EVP_MD *hash)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    ASN1_TIME *now = ASN1_TIME_set(NULL, (time_t)NOW), *then = ASN1_TIME_set(NULL, (time_t)(NOW - DAY));
    OCSP_CERTID *id = OCSP_cert_to_id(hash, about->cert, s->middle.cert);
    OCSP_basic_add1_status(basic, id, status, 0, status == V_OCSP_CERTSTATUS_REVOKED ? then : NULL, now, NULL);
    certs_want(OCSP_basic_sign(basic, by->cert, by->key, EVP_sha256(), NULL, 0) == 1, "a response");
    OCSP_RESPONSE *r = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    struct str der = CERTS_DER(s->a, i2d_OCSP_RESPONSE, r);
    OCSP_RESPONSE_free(r);
    OCSP_BASICRESP_free(basic);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(now);
    ASN1_TIME_free(then);
    return der;
}

static struct str
with_carried(struct site *s, X509 *anchor, struct str list, struct str response, int64_t proven_at)
{
    struct diag d = diag_init(s->a);
    struct sign_trust *t = trust_in(s, anchor, NULL), *own = trust_for_file(t, &d);
    CHECK(own && sign_trust_now(own) == NOW);
    if (list.len)
        revoked_add_list(trust_revoked(own), list);
    if (response.len)
        revoked_add_answer(trust_revoked(own), response);
    struct str said = judged(s, own, &s->leaf, TRUST_SIGNER, proven_at);
    CHECK(judged(s, t, &s->leaf, TRUST_SIGNER, proven_at).len == 0); /* others know nothing of it */
    sign_trust_free(own);
    sign_trust_free(t);
    return said;
}

static void
test_carried_lists(struct site *s)
{
    X509_CRL *list = certs_list(s->middle.cert, s->middle.key, s->leaf.cert, NOW - DAY);
    X509_CRL *forged = certs_list(s->middle.cert, s->root.key, s->leaf.cert, NOW - DAY);
    struct str good = CERTS_DER(s->a, i2d_X509_CRL, list), bad = CERTS_DER(s->a, i2d_X509_CRL, forged);
    CHECK_STR(with_carried(s, s->root.cert, good, STR(""), CLOCK_NONE),
              "revoked: CN=leaf was revoked on 2026-11-30, says a list that the file carries");
    CHECK(with_carried(s, s->root.cert, good, STR(""), NOW - 2 * DAY).len == 0);
    CHECK(with_carried(s, s->root.cert, bad, STR(""), CLOCK_NONE).len == 0);
    CHECK(with_carried(s, s->root.cert, str_n(good.s, good.len - 1), STR(""), CLOCK_NONE).len == 0);
    /* nobody vouches for a list whose issuer is not in the chain: it may be anybody's */
    s->is_alone = true;
    CHECK(with_carried(s, s->leaf.cert, good, STR(""), CLOCK_NONE).len == 0);
    s->is_alone = false;
    X509_CRL_free(list);
    X509_CRL_free(forged);
}

static void
test_carried_answers(struct site *s)
{
    const int gone = V_OCSP_CERTSTATUS_REVOKED;
    const struct {
        struct str der;
        int64_t proven_at;
        bool is_revoked;
    } cases[] = {
        {answer(s, &s->leaf, &s->middle, gone, EVP_sha1()), CLOCK_NONE, true},
        {answer(s, &s->leaf, &s->middle, gone, EVP_sha256()), CLOCK_NONE, true},
        {answer(s, &s->leaf, &s->responder, gone, EVP_sha1()), CLOCK_NONE, true},
        {answer(s, &s->leaf, &s->middle, gone, EVP_sha1()), NOW - DAY, true},
        {answer(s, &s->leaf, &s->middle, gone, EVP_sha1()), NOW - 2 * DAY, false},
        {answer(s, &s->leaf, &s->middle, V_OCSP_CERTSTATUS_GOOD, EVP_sha1()), CLOCK_NONE, false},
        {answer(s, &s->leaf, &s->middle, V_OCSP_CERTSTATUS_UNKNOWN, EVP_sha1()), CLOCK_NONE, false},
        {answer(s, &s->responder, &s->middle, gone, EVP_sha1()), CLOCK_NONE, false},
        {answer(s, &s->leaf, &s->leaf, gone, EVP_sha1()), CLOCK_NONE, false},
        {answer(s, &s->leaf, &s->root, gone, EVP_sha1()), CLOCK_NONE, false},
        {answer(s, &s->leaf, &s->stranger, gone, EVP_sha1()), CLOCK_NONE, false},
        {STR("\x30\x03\x0a\x01\x06"), CLOCK_NONE, false}, /* unauthorized: it says nothing */
        {STR("nonsense"), CLOCK_NONE, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str said = with_carried(s, s->root.cert, STR(""), cases[i].der, cases[i].proven_at);
        CHECK((said.len > 0) == cases[i].is_revoked);
        if (said.len)
            CHECK_STR(said, "revoked: CN=leaf was revoked on 2026-11-30, says an OCSP response that the file carries");
        s->is_alone = true;
        CHECK(with_carried(s, s->leaf.cert, STR(""), cases[i].der, cases[i].proven_at).len == 0);
        s->is_alone = false;
    }
    /* one byte of what is signed is another */
    struct str der = answer(s, &s->leaf, &s->middle, gone, EVP_sha1());
    *((char *)der.s + der.len / 2) ^= 1;
    CHECK(with_carried(s, s->root.cert, STR(""), der, CLOCK_NONE).len == 0);
}

static void
test_files(struct site *s)
{
    struct sign_trust *t = NULL;
    struct diag d = diag_init(s->a), e = diag_init(s->a);
    const char *empty = file_join(s->a, s->dir, "empty.pem").s;
    CHECK(file_write_atomic(empty, STR("no certificate\n"), 0644, &d) == 0);
    CHECK(sign_trust_load(empty, NULL, NOW, &t, &d) != 0 && d.first.code == DIAG_CONFIG);
    CHECK(make_has(d.first.text, "no PEM certificate"));
    CHECK(sign_trust_load(file_join(s->a, s->dir, "nowhere").s, NULL, NOW, &t, &e) != 0 && e.first.code == DIAG_CONFIG);
    sign_trust_free(NULL);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct site s = make_site(a);
    test_chains(&s);
    test_given(&s);
    test_carried_lists(&s);
    test_carried_answers(&s);
    test_files(&s);
    end_site(&s);
    arena_free(a);
    return CHECK_DONE();
}
