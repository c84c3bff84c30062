/* Signatures of agents beside their files, made by `openssl cms`: which hold, which do not and why,
 * and what a bundle of enrolled certificates may look like. */
#include <stdlib.h>

#include "base/file.h"
#include "check.h"
#include "sign/password.h"
#include "sign/sign.h"

static struct arena *a;
static char dir[64];

static struct str
at(const char *name)
{
    return file_join(a, dir, name);
}

static void
shell(const char *script)
{
    int rc = system(arena_fmt(a, "cd '%s' && { set -e; %s\n} >>log 2>&1", dir, script).s);
    CHECK(rc == 0);
    if (rc != 0 && system(arena_fmt(a, "tail -5 '%s/log' >&2", dir).s) != 0)
        fprintf(stderr, "no log\n");
}

static void
make_keys(void)
{
    shell("new() { openssl req -x509 -newkey $2 -nodes -keyout $1.key -out $1.pem -days 30 "
          "-subj \"/O=Fleet/CN=$1\" -addext \"subjectAltName=DNS:$1.example.net\" $3 $4; }\n"
          "new web01 'ec -pkeyopt ec_paramgen_curve:P-256'\n"
          "new web02 rsa:2048\n"
          "new weak rsa:1024\n"
          "new stranger 'ec -pkeyopt ec_paramgen_curve:P-256'\n"
          "new enc 'ec -pkeyopt ec_paramgen_curve:P-256' -addext keyUsage=keyEncipherment\n"
          "openssl req -new -newkey rsa:2048 -nodes -keyout old.key -out old.csr -subj /CN=old\n"
          "openssl x509 -req -in old.csr -signkey old.key -days 0 -out old.pem\n"
          "openssl req -new -newkey rsa:2048 -nodes -keyout child.key -out child.csr "
          "-subj /CN=child\n"
          "openssl x509 -req -in child.csr -CA web01.pem -CAkey web01.key -CAcreateserial -days 9 "
          "-out child.pem\n"
          "cat web01.pem web02.pem weak.pem enc.pem old.pem >pins.pem\n"
          "printf '<x>\\nscan of web01\\n</x>' >f; cp f g; printf . >>g\n"
          "sign() { n=$1; shift; openssl cms -sign -binary -in f -signer $n.pem -inkey $n.key "
          "\"$@\"; }\n"
          "sign web01 -outform DER -out der; sign web01 -outform PEM -out pem\n"
          "sign web02 -outform DER -out rsa; sign web02 -keyopt rsa_padding_mode:pss -outform DER "
          "-out pss\n"
          "sign web01 -outform DER -cades -out cades; sign web01 -outform DER -nocerts -out bare\n"
          "sign web01 -outform DER -keyid -out keyid; sign web01 -outform DER -md sha1 -out sha1\n"
          "sign web01 -outform DER -noattr -out noattr; sign web01 -outform DER -nodetach -out "
          "inside\n"
          "sign weak -outform DER -out weak; sign enc -outform DER -out enc || cp weak enc\n"
          "sign old -outform DER -out old; sign stranger -outform DER -out stranger\n"
          "sign child -certfile web01.pem -outform DER -out child\n"
          "sign web01 -signer web02.pem -inkey web02.key -outform DER -out two\n"
          "cp der tail; printf x >>tail; head -c 200 der >cut; printf nothing >none\n"
          "openssl smime -sign -binary -in f -signer web01.pem -inkey web01.key -outform PEM -out "
          "pkcs7\n");
}

/* Empty = it holds. */
static struct str
verify(const char *file, const char *signature, struct sign_detached *ret)
{
    struct sign_pins *pins = NULL;
    struct diag d = diag_init(a);
    *ret = (struct sign_detached){0};
    CHECK(sign_load_pins(at("pins.pem").s, &pins, &d) == 0);
    if (!pins || sign_verify_detached(pins, at(file).s, at(signature).s, a, ret, &d) == 0) {
        sign_pins_free(pins);
        return STR("");
    }
    sign_pins_free(pins);
    return d.first.text;
}

static void
test_good(void)
{
    static const char *const good[] = {"der",  "pem",   "rsa",   "pss",
                                       "bare", "cades", "keyid", "pkcs7"};
    struct sign_detached s;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct str why = verify("f", good[i], &s);
        CHECK_STR(why, "");
        CHECK(s.names.n == 2);
    }
    verify("f", "der", &s);
    struct sha256_digest want;
    int64_t size;
    CHECK(sha256_of_file(at("f").s, &size, &want) == 0);
    CHECK(memcmp(&s.sha256, &want, sizeof want) == 0);
    CHECK_STR(s.signer.subject, "CN=web01,O=Fleet");
    CHECK(sign_detached_names(&s, STR("web01")));
    CHECK(sign_detached_names(&s, STR("web01.example.net")));
    CHECK(!sign_detached_names(&s, STR("web0")) && !sign_detached_names(&s, STR("")));
    CHECK(!sign_detached_names(&s, STR("WEB01")) && !sign_detached_names(&s, STR("Fleet")));
}

static void
test_bad(void)
{
    static const struct {
        const char *file, *signature, *want;
    } bad[] = {
        {"g", "der", "does not fit"},
        {"g", "pss", "does not fit"},
        {"f", "stranger", "not among agent-certs"},
        {"f", "child", "not among agent-certs"}, /* issued by an enrolled one: not enrolled */
        {"f", "old", "expired"},
        {"f", "weak", "too weak"},
        {"f", "enc", "t"},
        {"f", "sha1", "not SHA-2"},
        {"f", "noattr", "no signed attributes"},
        {"f", "inside", "not detached"},
        {"f", "two", "exactly one signer"},
        {"f", "tail", "no CMS"},
        {"f", "cut", "no CMS"},
        {"f", "none", "no CMS"},
        {"f", "absent", "cannot"},
        {"absent", "der", "cannot be read again"},
    };
    struct sign_detached s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str why = verify(bad[i].file, bad[i].signature, &s);
        if (str_find(why, bad[i].want) < 0 || !why.len)
            fprintf(stderr, "  %s: %.*s\n", bad[i].signature, STR_ARG(why));
        CHECK(why.len && str_find(why, bad[i].want) >= 0);
        CHECK(s.names.n == 0);
    }
}

/* One bit anywhere in the signature either leaves it as it was read or breaks it. */
static void
test_every_byte(void)
{
    struct str der;
    struct diag d = diag_init(a);
    struct sign_pins *pins = NULL;
    size_t n_held = 0;
    CHECK(file_slurp(at("bare").s, 1 << 16, a, &der, &d) == 0);
    CHECK(sign_load_pins(at("pins.pem").s, &pins, &d) == 0);
    for (size_t i = 0; i < der.len; i++) {
        struct arena *one = arena_new();
        struct diag why = diag_init(one);
        struct sign_detached s;
        char *bytes = arena_copy(one, der.s, der.len);
        bytes[i] ^= 1;
        CHECK(file_write_atomic(at("bit").s, str_n(bytes, der.len), 0600, &why) == 0);
        n_held += sign_verify_detached(pins, at("f").s, at("bit").s, one, &s, &why) == 0;
        arena_free(one);
    }
    sign_pins_free(pins);
    if (n_held > 10)
        fprintf(stderr, "  %zu of %zu\n", n_held, der.len);
    CHECK(n_held <= 10); /* two versions, and the name of the algorithm, which the key decides */
}

static enum diag_code
load(const char *name, struct str *ret_text)
{
    struct sign_pins *pins = NULL;
    struct diag d = diag_init(a);
    int rc = sign_load_pins(at(name).s, &pins, &d);
    sign_pins_free(pins);
    *ret_text = d.first.text;
    return rc == 0 ? DIAG_OK : d.first.code;
}

static void
test_pins(void)
{
    struct str text;
    shell("mkdir many empty; cp web01.pem many/; cp web02.pem many/b.crt; echo junk >many/x.txt\n"
          "mkdir bad; echo junk >bad/x.pem\n"
          "{ cat web01.pem; echo -----BEGIN CERTIFICATE-----; echo AAAA; "
          "echo -----END CERTIFICATE-----; cat web02.pem; } >middle.pem");
    CHECK(load("many", &text) == DIAG_OK);
    struct sign_pins *pins = NULL;
    struct diag d = diag_init(a);
    size_t n, n_valid;
    CHECK(sign_load_pins(at("pins.pem").s, &pins, &d) == 0);
    sign_pins_count(pins, &n, &n_valid);
    CHECK(n == 5 && n_valid == 4);
    sign_pins_free(pins);
    CHECK(load("empty", &text) == DIAG_OK);
    CHECK(load("bad", &text) == DIAG_CONFIG);
    CHECK(load("absent", &text) == DIAG_CONFIG);
    CHECK(load("none", &text) == DIAG_CONFIG);
    CHECK(load("middle.pem", &text) == DIAG_CONFIG);
    CHECK(str_find(text, "certificate 2") >= 0);
}

static void
test_password(void)
{
    struct diag d = diag_init(a);
    struct str text, other;
    struct password *p;
    CHECK(password_hash(STR("s3cret"), a, &text, &d) == 0);
    CHECK(password_hash(STR("s3cret"), a, &other, &d) == 0);
    CHECK(!str_eq(text, other) && str_starts(text, "$scrypt$15$8$1$"));
    CHECK(str_find(text, "s3cret") < 0);
    CHECK(password_parse(text, a, &p, &d) == 0);
    CHECK(password_fits(p, STR("s3cret")));
    CHECK(password_fits(p, STR("s3cret")));
    CHECK(!password_fits(p, STR("s3creT")) && !password_fits(p, STR("")));
    CHECK(!password_fits(p, STR("s3cret ")) && !password_fits(p, STR("s3cre")));
    CHECK(password_fits(p, STR("s3cret")));
    CHECK(password_hash(STR(""), a, &text, &d) == -1);
}

/* RFC 7914, section 12, the third vector (its first 32 bytes). */
static void
test_known_hash(void)
{
    struct password *p;
    struct diag d = diag_init(a);
    CHECK(password_parse(STR("$scrypt$14$8$1$536f6469756d43686c6f72696465$"
                             "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"),
                         a, &p, &d) == 0);
    CHECK(password_fits(p, STR("pleaseletmein")));
    CHECK(!password_fits(p, STR("Pleaseletmein")));
}

static void
test_bad_hashes(void)
{
    static const char *const bad[] = {
        "",
        "s3cret",
        "$scrypt$",
        "$scrypt$15$8$1$4e61436c4e61436c$00",
        "$md5$15$8$1$aa$bb",
        "$scrypt$99$8$1$4e61436c4e61436c$"
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162",
        "$scrypt$20$32$1$4e61436c4e61436c$"
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162",
        "$scrypt$15$8$1$4e$"
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162",
        "$scrypt$15$8$1$4e61436c4e61436c$"
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b37316g"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct password *p;
        struct diag d = diag_init(a);
        CHECK(password_parse(str_c(bad[i]), a, &p, &d) == -1 && d.first.code == DIAG_CONFIG);
    }
}

int
main(void)
{
    a = arena_new();
    snprintf(dir, sizeof dir, "/tmp/assay-detached-XXXXXX");
    if (!mkdtemp(dir))
        return 1;
    test_password();
    test_known_hash();
    test_bad_hashes();
    if (system("command -v openssl >/dev/null 2>&1") == 0) {
        make_keys();
        test_good();
        test_bad();
        test_every_byte();
        test_pins();
    } else {
        printf("skipped: no openssl\n");
    }
    CHECK(system(arena_fmt(a, "rm -rf '%s'", dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
