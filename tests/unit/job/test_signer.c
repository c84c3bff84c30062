/* The key of the seal, from what the settings name. */
#include "job/signer.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"

static struct arena *a;
static char dir[] = "/tmp/assay-unit-XXXXXX";

static struct str
at(const char *name)
{
    return file_join(a, dir, name);
}

static struct config
settings(void)
{
    return (struct config){.sign = true,
                           .sign_cert = at("sign.crt"),
                           .sign_key = at("sign.key"),
                           .sign_p12 = STR(""),
                           .sign_passphrase_file = STR("")};
}

/* What is wrong with the key of these settings; empty = it can be used. */
static struct str
try_key(const struct config *c)
{
    struct diag d = diag_init(a);
    struct sign_signer *signer = NULL;
    if (signer_load(c, &signer, &d) != 0) {
        CHECK(!signer);
        return d.first.text;
    }
    CHECK((signer != NULL) == c->sign);
    sign_signer_free(signer);
    return STR("");
}

/* What is said of sealing now with a certificate of these days; empty = nothing. */
static struct str
try_to_seal(const char *days)
{
    struct config c = settings();
    struct diag d = diag_init(a);
    struct sign_signer *signer = NULL;
    CHECK(system(arena_fmt(a,
                           "cd %s && openssl req -new -key sign.key -subj /CN=Seal -out csr && "
                           "openssl x509 -req -in csr -signkey sign.key %s -out sign.crt "
                           "2>/dev/null",
                           dir, days)
                     .s) == 0);
    int rc = signer_load_to_seal(&c, &signer, &d);
    CHECK((rc == 0) == (signer != NULL));
    sign_signer_free(signer);
    if (rc == 0)
        return d.warnings.n ? d.warnings.v[0].text : STR("");
    CHECK(d.first.code == DIAG_CONFIG);
    CHECK(signer_text(&c, a, &(struct str){0}, &(struct diag){.arena = a}) == -1);
    return d.first.text;
}

static void
check_validity(const char *days, const char *want)
{
    struct str got = try_to_seal(days);
    bool ok = want[0] ? str_find(got, want) >= 0 : got.len == 0;
    if (!ok)
        fprintf(stderr, "  %s: %.*s\n", days, STR_ARG(got));
    CHECK(ok);
}

int
main(void)
{
    a = arena_new();
    struct diag d = diag_init(a);
    struct sign_certificate cert;
    if (!mkdtemp(dir))
        return 1;
    struct config c = settings();
    CHECK(str_starts(try_key(&c), "cannot sign: "));
    CHECK(sign_make_key(c.sign_key.s, c.sign_cert.s, STR("Seal"), 30, &d) == 0);
    CHECK_STR(try_key(&c), "");
    CHECK(signer_describe(&c, &cert, &d) == 0 && cert.self_signed);
    CHECK_STR(cert.subject, "CN=Seal");
    check_validity("-days 400", "");
    check_validity("-days 29", " days: renew it");
    check_validity("-days 0", "has expired");
    check_validity("-days 400", "");
    c.sign = false; /* what the key is like is no matter then */
    c.sign_key = at("nothing");
    CHECK_STR(try_key(&c), "");
    c = settings();
    c.sign_passphrase_file = at("nothing");
    CHECK(str_starts(try_key(&c), "sign-passphrase-file: "));
    CHECK(file_write_atomic(at("pass").s, STR("word\nnot this\n"), 0600, &d) == 0);
    c.sign_passphrase_file = at("pass");
    CHECK_STR(try_key(&c), ""); /* a key in clear needs none */
    /* a PKCS#12 wins over the key in PEM, also when it cannot be read */
    c.sign_p12 = at("pass");
    CHECK(str_starts(try_key(&c), "cannot sign: "));
    /* its passphrase is the first line of the file, and nothing of the second */
    CHECK(system(arena_fmt(a,
                           "openssl pkcs12 -export -in %s/sign.crt -inkey %s/sign.key "
                           "-passout pass:word -out %s/sign.p12",
                           dir, dir, dir)
                     .s) == 0 &&
          chmod(at("sign.p12").s, 0600) == 0);
    c.sign_p12 = at("sign.p12");
    CHECK_STR(try_key(&c), "");
    CHECK(file_write_atomic(at("pass").s, STR("wrong\nword\n"), 0600, &d) == 0);
    CHECK(str_starts(try_key(&c), "cannot sign: "));
    CHECK(system(arena_fmt(a, "rm -rf %s", dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
