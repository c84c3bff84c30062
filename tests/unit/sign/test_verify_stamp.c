/* Time stamp tokens made to mislead: of something else, by somebody else, of another kind. */
#include <openssl/ess.h>
#include <openssl/ts.h>

#include "base/clock.h"
#include "certs.h"
#include "pdf_make.h"
#include "sign/trust.h"

enum { DAY = 86400 };

static const int64_t NOW = INT64_C(1796083200); /* 2026-12-01 */

struct site {
    struct arena *a;
    struct certs_one root, stranger, tsa, foreign, leaf, ended;
    struct sign_trust *trust;
    char dir[64];
};

/* What a token is made of; all zeros and NULL is an honest one. */
struct token {
    const struct certs_one *by;
    const char *data; /* what it is over */
    int64_t at;       /* what it states; 0 = NOW - DAY */
    const EVP_MD *imprint, *digest;
    int type; /* of the content */
    bool is_nameless, is_twice, is_empty;
};

static struct str
info_of(struct site *s, const struct token *t)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    const EVP_MD *md = t->imprint ? t->imprint : EVP_sha256();
    TS_TST_INFO *info = TS_TST_INFO_new();
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.3.6.1.4.1.32473.1", 1);
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_GENERALIZEDTIME *when = ASN1_GENERALIZEDTIME_set(NULL, (time_t)(t->at ? t->at : NOW - DAY));
    const char *data = t->data ? t->data : "the bytes";
    EVP_Digest(data, strlen(data), hash, &n, md, NULL);
    X509_ALGOR_set_md(algorithm, md);
    TS_MSG_IMPRINT_set_algo(imprint, algorithm);
    TS_MSG_IMPRINT_set_msg(imprint, hash, (int)n);
    ASN1_INTEGER_set(serial, 7);
    TS_TST_INFO_set_version(info, 1);
    TS_TST_INFO_set_policy_id(info, policy);
    TS_TST_INFO_set_serial(info, serial);
    TS_TST_INFO_set_time(info, when);
    TS_TST_INFO_set_msg_imprint(info, imprint);
    struct str der = CERTS_DER(s->a, i2d_TS_TST_INFO, info);
    TS_TST_INFO_free(info);
    TS_MSG_IMPRINT_free(imprint);
    X509_ALGOR_free(algorithm);
    ASN1_OBJECT_free(policy);
    ASN1_INTEGER_free(serial);
    ASN1_GENERALIZEDTIME_free(when);
    return der;
}

static struct str
make_token(struct site *s, const struct token *t)
{
    const struct certs_one *by = t->by ? t->by : &s->tsa;
    struct str info = t->is_empty ? STR("nothing") : info_of(s, t);
    unsigned flags = CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
    BIO *in = BIO_new_mem_buf(info.s, (int)info.len);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, flags);
    const EVP_MD *md = t->digest ? t->digest : EVP_sha256();
    unsigned ess = t->is_nameless ? 0 : CMS_CADES;
    certs_want(cms && CMS_set1_eContentType(cms, OBJ_nid2obj(t->type ? t->type : NID_id_smime_ct_TSTInfo)) == 1, "a token");
    certs_want(CMS_add1_signer(cms, by->cert, by->key, md, flags | ess), "its signer");
    if (t->is_twice)
        certs_want(CMS_add1_signer(cms, s->leaf.cert, s->leaf.key, md, flags | ess), "another signer");
    certs_want(CMS_final(cms, in, NULL, flags) == 1, "its signature");
    struct str der = CERTS_DER(s->a, i2d_CMS_ContentInfo, cms);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    return der;
}

static struct str
checked(struct site *s, struct str token, const struct sign_trust *trust, struct stamp *ret)
{
    /* one text in two pieces, as a PDF has it around its signature */
    const struct sign_pieces pieces = {.v = {STR("the "), STR("bytes")}};
    const char *why = stamp_check(token, &pieces, trust, s->a, ret);
    return str_c(why ? why : "");
}

static void
test_honest(struct site *s)
{
    struct stamp st;
    const struct token honest = {0}, sha512 = {.imprint = EVP_sha512(), .digest = EVP_sha384()};
    CHECK(checked(s, make_token(s, &honest), s->trust, &st).len == 0);
    CHECK(st.at == NOW - DAY && !st.because);
    CHECK_STR(st.by, "CN=tsa");
    CHECK(checked(s, make_token(s, &sha512), s->trust, &st).len == 0 && !st.because);
    CHECK(checked(s, make_token(s, &honest), NULL, &st).len == 0 && !st.because); /* nobody asks */
}

/* It does not hold, whoever is trusted. */
static void
test_broken(struct site *s)
{
    const struct {
        struct token t;
        const char *want;
    } cases[] = {
        {{.data = "other bytes"}, "the time stamp is of something else"},
        {{.imprint = EVP_sha1()}, "digest is not SHA-2"},
        {{.digest = EVP_sha1()}, "the digest algorithm of the time stamp is not SHA-2"},
        {{.type = NID_pkcs7_data}, "no time stamp token"},
        {{.is_nameless = true}, "RFC 5816"},
        {{.is_twice = true}, "exactly one signer"},
        {{.is_empty = true}, "states nothing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stamp st;
        struct str token = make_token(s, &cases[i].t);
        CHECK(make_has(checked(s, token, s->trust, &st), cases[i].want));
        CHECK(make_has(checked(s, token, NULL, &st), cases[i].want));
    }
}

static void
test_bytes(struct site *s)
{
    struct stamp st;
    const struct token honest = {0};
    struct str token = make_token(s, &honest);
    char *copy = (char *)arena_str(s->a, token).s;
    copy[token.len - 3] ^= 1; /* in the signature */
    CHECK(make_has(checked(s, str_n(copy, token.len), s->trust, &st), "signature does not hold"));
    CHECK(make_has(checked(s, str_n(token.s, token.len - 1), s->trust, &st), "cannot be read"));
    CHECK(make_has(checked(s, arena_fmt(s->a, "%.*s", 0, ""), s->trust, &st), "cannot be read"));
    AUTO_BUF longer = buf_init(1 << 20);
    buf_str(&longer, token);
    buf_putc(&longer, 0);
    CHECK(make_has(checked(s, buf_view(&longer), s->trust, &st), "cannot be read"));
    CHECK(make_has(checked(s, CERTS_DER(s->a, i2d_X509, s->tsa.cert), s->trust, &st), "cannot be read"));
}

/* It holds, and proves nothing: whose it is, is not trusted. */
static void
test_authorities(struct site *s)
{
    const struct {
        struct token t;
        const char *want;
    } cases[] = {
        {{.by = &s->foreign}, "unknown issuer"},
        {{.by = &s->leaf}, "for time stamps alone"},
        {{.at = NOW + 301}, "a time to come"},
        {{.by = &s->ended}, "expired: CN=ended"},
        {{.at = NOW - 200 * DAY}, "not yet valid: CN=root"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stamp st;
        struct str token = make_token(s, &cases[i].t);
        CHECK(checked(s, token, s->trust, &st).len == 0);
        CHECK(st.because && make_has(str_c(st.because), "authority is not trusted: "));
        CHECK(st.because && make_has(str_c(st.because), cases[i].want));
        CHECK(checked(s, token, NULL, &st).len == 0 && !st.because);
    }
    struct stamp st; /* the verifier's clock may be behind; an authority that ended later was valid then */
    const struct token soon = {.at = NOW + 299}, before = {.by = &s->ended, .at = NOW - 11 * DAY};
    CHECK(checked(s, make_token(s, &soon), s->trust, &st).len == 0 && !st.because);
    CHECK(checked(s, make_token(s, &before), s->trust, &st).len == 0 && !st.because);
}

int
main(void)
{
    struct site s = {.a = arena_new()};
    struct diag d = diag_init(s.a);
    int64_t from = NOW - 100 * DAY, to = NOW + 100 * DAY;
    make_dir(s.dir);
    s.root = certs_issue("root", NULL, certs_ca, from, to);
    s.stranger = certs_issue("stranger", NULL, certs_ca, from, to);
    s.tsa = certs_issue("tsa", &s.root, certs_stamper, from, to);
    s.ended = certs_issue("ended", &s.root, certs_stamper, from, NOW - 10 * DAY);
    s.foreign = certs_issue("foreign", &s.stranger, certs_stamper, from, to);
    s.leaf = certs_issue("leaf", &s.root, certs_leaf, from, to);
    const char *path = file_join(s.a, s.dir, "trust.pem").s;
    CHECK(file_write_atomic(path, certs_pem(s.a, &s.root.cert, 1, NULL), 0644, &d) == 0);
    CHECK(sign_trust_load(path, NULL, NOW, &s.trust, &d) == 0);
    test_honest(&s);
    test_broken(&s);
    test_bytes(&s);
    test_authorities(&s);
    sign_trust_free(s.trust);
    struct certs_one *const all[] = {&s.root, &s.stranger, &s.tsa, &s.ended, &s.foreign, &s.leaf};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        certs_free(all[i]);
    make_run(s.a, "rm -rf '%s'", s.dir);
    arena_free(s.a);
    return CHECK_DONE();
}
