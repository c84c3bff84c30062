/* Keys made here: what is in them, and that nothing is overwritten or left open. */
#include <sys/stat.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "pdf_make.h"

static unsigned
mode_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
test_certificate(const struct make_key *k)
{
    FILE *f = fopen(k->cert, "r");
    X509 *cert = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
    CHECK(cert);
    if (cert) {
        CHECK(X509_get_key_usage(cert) == (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
        CHECK(EVP_PKEY_get_bits(X509_get0_pubkey(cert)) == 256);
        CHECK(X509_verify(cert, X509_get0_pubkey(cert)) == 1 && X509_check_ca(cert) == 0);
        CHECK(ASN1_STRING_length(X509_get0_serialNumber(cert)) >= 12);
    }
    X509_free(cert);
    if (f)
        fclose(f);
}

static void
test_description(struct arena *a, const struct make_key *k)
{
    struct sign_certificate c;
    sign_describe(k->signer, a, &c);
    CHECK_STR(c.subject, "CN=Seal of the tests");
    CHECK_STR(c.issuer, "CN=Seal of the tests");
    CHECK(c.self_signed && c.sha256_hex.len == 64 && c.serial_hex.len >= 24);
    CHECK(c.not_after - c.not_before == 30 * 86400 + 300);
}

static void
test_overwriting(struct arena *a, const struct make_key *k)
{
    struct str before, after;
    struct diag d = diag_init(a);
    const char *fresh = file_join(a, k->dir, "fresh.pem").s;
    CHECK(file_slurp(k->key, 1 << 20, a, &before, &d) == 0);
    CHECK(sign_make_key(k->key, fresh, STR("x"), 1, &d) == -1 && d.first.code == DIAG_CANNOT_WRITE);
    diag_clear(&d);
    CHECK(sign_make_key(fresh, k->cert, STR("x"), 1, &d) == -1 &&
          d.first.code == DIAG_CANNOT_WRITE);
    diag_clear(&d);
    CHECK(!file_exists(fresh)); /* no half of a pair */
    CHECK(sign_make_key(fresh, "/nonexistent/cert.pem", STR("x"), 1, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE && !file_exists(fresh));
    diag_clear(&d);
    CHECK(file_slurp(k->key, 1 << 20, a, &after, &d) == 0 && str_eq(before, after));
}

static void
test_names(struct arena *a, const struct make_key *k)
{
    struct diag d = diag_init(a);
    const char *key = file_join(a, k->dir, "n.key").s, *cert = file_join(a, k->dir, "n.pem").s;
    struct str longest = arena_fmt(a, "%064d", 1);
    struct sign_signer *s = NULL;
    struct sign_certificate c;
    CHECK(sign_make_key(key, cert, arena_fmt(a, "%065d", 1), 1, &d) == -1);
    CHECK(d.first.code == DIAG_CONFIG && make_has(d.first.text, "1 to 64 bytes"));
    diag_clear(&d);
    CHECK(sign_make_key(key, cert, STR(""), 1, &d) == -1 && d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    CHECK(sign_make_key(key, cert, longest, 0, &d) == -1 && d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    CHECK(sign_make_key(key, cert, longest, 1, &d) == 0);
    CHECK(sign_load_pem(cert, key, NULL, &s, &d) == 0);
    if (s) {
        sign_describe(s, a, &c);
        CHECK(make_has(c.subject, longest.s));
    }
    sign_signer_free(s);
}

static void
refuses(struct arena *a, const char *cert, const char *key, const char *want)
{
    struct sign_signer *s = NULL;
    struct diag d = diag_init(a);
    CHECK(sign_load_pem(cert, key, NULL, &s, &d) == -1 && !s);
    CHECK(d.first.code == DIAG_CONFIG && make_has(diag_text(&d), want));
}

static void
test_loading(struct arena *a, const struct make_key *k)
{
    const char *none = file_join(a, k->dir, "none.pem").s;
    CHECK(mode_of(k->key) == 0600 && mode_of(k->cert) == 0644);
    refuses(a, k->cert, none, "No such file");
    refuses(a, none, k->key, "signing certificate");
    refuses(a, k->cert, k->dir, "no file");
    refuses(a, k->key, k->key, "PEM certificates");
    for (unsigned bit = 1; bit < 0100; bit <<= 1) {
        CHECK(chmod(k->key, 0600 | bit) == 0);
        refuses(a, k->cert, k->key, arena_fmt(a, "chmod 600 %s", k->key).s);
    }
    CHECK(chmod(k->key, 0600) == 0);
    sign_signer_free(NULL);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    umask(077); /* must not matter for the certificate's mode */
    struct make_key k = make_key(a, &d);
    test_certificate(&k);
    test_description(a, &k);
    test_overwriting(a, &k);
    test_names(a, &k);
    test_loading(a, &k);
    make_key_done(a, &k);
    arena_free(a);
    return CHECK_DONE();
}
