/* Keys made for first use, and detached CMS: what may be loaded, and that no changed byte passes.
 * What other tools say of the same signatures is in test_tools.c. */
#include <sys/stat.h>

#include "base/clock.h"
#include "base/env.h"
#include "pdf_make.h"

struct fixture {
    struct arena *a;
    struct make_key k;
};

static unsigned
mode_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (unsigned)st.st_mode & 07777 : 0;
}

static void
test_make_key(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct str was, is;
    const char *other = file_join(f->a, f->k.dir, "other.pem").s;
    CHECK(mode_of(f->k.key) == 0600 && mode_of(f->k.cert) == 0644);
    CHECK(file_slurp(f->k.key, 65536, f->a, &was, &d) == 0);
    CHECK(sign_make_key(f->k.key, other, STR("again"), 30, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE && !file_exists(other));
    diag_clear(&d);
    CHECK(sign_make_key(other, f->k.cert, STR("again"), 30, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE && !file_exists(other));
    diag_clear(&d);
    CHECK(file_slurp(f->k.key, 65536, f->a, &is, &d) == 0 && str_eq(was, is));
    CHECK(sign_make_key(other, "/nonexistent/x.pem", STR("x"), 30, &d) == -1);
    CHECK(!file_exists(other));
}

static void
test_describe(struct fixture *f)
{
    struct sign_certificate c;
    int64_t now = env_wall_us() / 1000000;
    sign_describe(f->k.signer, f->a, &c);
    CHECK_STR(c.subject, "CN=Seal of the tests");
    CHECK_STR(c.issuer, "CN=Seal of the tests");
    CHECK(c.self_signed && c.sha256_hex.len == 64 && c.serial_hex.len >= 2);
    CHECK(c.not_before <= now && c.not_before > now - 3600);
    CHECK(c.not_after > now + 29 * 86400 && c.not_after < now + 31 * 86400);
}

static void
expect_refusal(struct fixture *f, const char *cert, const char *key, const char *part)
{
    struct sign_signer *s = NULL;
    struct diag d = diag_init(f->a);
    CHECK(sign_load_pem(cert, key, NULL, &s, &d) == -1 && !s);
    CHECK(d.first.code == DIAG_CONFIG);
    CHECK(make_has(diag_text(&d), part));
}

static void
test_refusals(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    const char *key = file_join(f->a, f->k.dir, "key2.pem").s;
    const char *cert = file_join(f->a, f->k.dir, "cert2.pem").s;
    CHECK(sign_make_key(key, cert, STR("second"), 30, &d) == 0);
    expect_refusal(f, f->k.cert, key, "does not belong");
    expect_refusal(f, f->k.cert, "/nonexistent/key.pem", "/nonexistent/key.pem");
    expect_refusal(f, "/nonexistent/cert.pem", key, "/nonexistent/cert.pem");
    expect_refusal(f, key, key, "certificate");
    expect_refusal(f, cert, f->k.dir, "no file");
    for (unsigned mode = 0; mode < 0100; mode++) {
        CHECK(chmod(key, 0600 | mode) == 0);
        if (mode)
            expect_refusal(f, cert, key, "chmod 600");
    }
    CHECK(chmod(key, 0600) == 0 && chmod(cert, 0600) == 0);
    expect_refusal(f, key, cert, "key");
    struct sign_signer *s = NULL;
    CHECK(sign_load_p12(key, "x", &s, &d) == -1 && d.first.code == DIAG_CONFIG && !s);
    sign_signer_free(NULL);
}

static struct sign_verdict
verdict(struct fixture *f, struct str cms, struct str bytes, const char *trust, struct arena *a)
{
    struct diag d = diag_init(a);
    struct sign_verdict v = {.reason = STR("")};
    (void)f;
    if (sign_verify_cms(cms, bytes, make_trust(trust, a), a, &v, &d) != 0) {
        CHECK(d.first.code == DIAG_BAD_DATA || d.first.code == DIAG_CONFIG ||
              d.first.code == DIAG_IO);
        v.valid = v.trusted = false;
        v.reason = d.first.text;
    }
    CHECK(v.trusted <= v.valid && (v.trusted || v.reason.len));
    return v;
}

static void
test_good(struct fixture *f, struct str bytes)
{
    struct diag d = diag_init(f->a);
    struct str cms;
    int64_t now = env_wall_us() / 1000000;
    CHECK(sign_cms(f->k.signer, bytes, f->a, &cms, &d) == 0);
    struct sign_verdict v = verdict(f, cms, bytes, f->k.cert, f->a);
    CHECK(v.valid && v.trusted && !v.reason.len);
    CHECK(v.claimed_at >= now - 1 && v.claimed_at <= now + 60);
    v = verdict(f, cms, bytes, NULL, f->a);
    CHECK(v.valid && !v.trusted);
    struct sign_trust *t = NULL;
    CHECK(sign_trust_load("/nonexistent/trust.pem", NULL, 0, &t, &d) == -1 &&
          make_has(d.first.text, "trusted certificates") && d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    CHECK(sign_trust_load(f->k.key, NULL, 0, &t, &d) == -1 &&
          make_has(d.first.text, "no PEM certificate"));
}

/* Another key's certificate is trusted: the signature holds, the signer stays a stranger. */
static void
test_stranger(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct str cms, bytes = STR("to be signed");
    const char *other = file_join(f->a, f->k.dir, "cert2.pem").s;
    CHECK(sign_cms(f->k.signer, bytes, f->a, &cms, &d) == 0);
    struct sign_verdict v = verdict(f, cms, bytes, other, f->a);
    CHECK(v.valid && !v.trusted && make_has(v.reason, "unknown issuer"));
}

static void
test_flips(struct fixture *f)
{
    enum { N = 4000 };
    struct diag d = diag_init(f->a);
    struct str cms;
    char *bytes = arena_alloc(f->a, N + 1);
    memset(bytes, 'd', N);
    CHECK(sign_cms(f->k.signer, str_n(bytes, N), f->a, &cms, &d) == 0);
    char *sig = arena_copy(f->a, cms.s, cms.len);
    for (size_t i = 0; i < N + cms.len; i += i < N ? 37 : 1) {
        struct arena *own = arena_new();
        char *p = i < N ? &bytes[i] : &sig[i - N];
        *p = (char)(*p ^ 1);
        struct sign_verdict v = verdict(f, str_n(sig, cms.len), str_n(bytes, N), f->k.cert, own);
        CHECK(!v.valid);
        if (v.valid)
            fprintf(stderr, "byte %zu of %s may change\n", i < N ? i : i - N,
                    i < N ? "the data" : "the CMS");
        *p = (char)(*p ^ 1);
        arena_free(own);
    }
    CHECK(!verdict(f, cms, str_n(bytes, N - 1), f->k.cert, f->a).valid);
    CHECK(verdict(f, cms, str_n(bytes, N), f->k.cert, f->a).valid);
}

/* Cut, continued, garbage: never valid, never a crash. */
static void
test_broken(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct str cms, bytes = STR("x");
    CHECK(sign_cms(f->k.signer, bytes, f->a, &cms, &d) == 0);
    for (size_t n = 0; n < cms.len; n++) {
        struct arena *own = arena_new();
        CHECK(!verdict(f, arena_str(own, str_n(cms.s, n)), bytes, NULL, own).valid);
        arena_free(own);
    }
    struct str more = arena_fmt(f->a, "x");
    char *longer = arena_alloc(f->a, cms.len + 2);
    memcpy(longer, cms.s, cms.len);
    CHECK(!verdict(f, str_n(longer, cms.len + 1), more, NULL, f->a).valid);
    for (unsigned seed = 1; seed <= 300; seed++) {
        char noise[256];
        env_random(noise, sizeof noise);
        noise[0] = 0x30;
        noise[1] = (char)(seed & 1 ? 0x80 : 0x7f);
        CHECK(!verdict(f, str_n(noise, seed % 256), bytes, NULL, f->a).valid);
    }
}

int
main(void)
{
    struct fixture f = {.a = arena_new()};
    struct diag d = diag_init(f.a);
    f.k = make_key(f.a, &d);
    test_make_key(&f);
    test_describe(&f);
    test_refusals(&f);
    test_good(&f, STR(""));
    test_good(&f, STR("short"));
    test_good(&f, str_n(arena_alloc(f.a, 1 << 20), 1 << 20));
    test_stranger(&f);
    test_flips(&f);
    test_broken(&f);
    make_key_done(f.a, &f.k);
    arena_free(f.a);
    return CHECK_DONE();
}
