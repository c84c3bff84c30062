/* What others say of our signatures: pdfsig, openssl cms and qpdf must agree with us on good and on
 * changed files, for RSA and EC keys, PEM with a chain and PKCS#12. Skips what is not installed. */
#include "pdf_make.h"
#include "sign/pdf_form.h"

static const int64_t AT = 1795291200;

struct fixture {
    struct arena *a;
    char dir[64];
};

static bool
has_tool(struct fixture *f, const char *tool)
{
    bool found = make_run(f->a, "command -v %s >/dev/null 2>&1", tool) == 0;
    if (!found)
        printf("skipped: no %s\n", tool);
    return found;
}

static struct str
put_file(struct fixture *f, const char *name, struct str bytes)
{
    struct diag d = diag_init(f->a);
    struct str path = file_join(f->a, f->dir, name);
    CHECK(file_write_atomic(path.s, bytes, 0600, &d) == 0);
    return path;
}

static struct str
get_file(struct fixture *f, const char *name)
{
    struct str bytes = STR("");
    struct diag d = diag_init(f->a);
    CHECK(file_slurp(file_join(f->a, f->dir, name).s, 1 << 24, f->a, &bytes, &d) == 0);
    return bytes;
}

/* A root, a middle and two signers below it; chain.pem is signer first. */
static void
make_authority(struct fixture *f)
{
    static const char script[] =
        "set -e; cd '%s'; exec >make.log 2>&1\n"
        "printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign\\n' >ca.ext\n"
        "printf 'keyUsage=critical,digitalSignature,nonRepudiation\\n' >leaf.ext\n"
        "printf 'keyUsage=critical,keyEncipherment\\n' >other.ext\n"
        "ec() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out $1.key; }\n"
        "rsa() { openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:$2 -out $1.key; }\n"
        "cert() { openssl req -new -key $1.key -subj \"/O=Tests/CN=$1\" -out $1.csr;\n"
        "  openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 30 -extfile "
        "$3.ext -out $1.pem; }\n"
        "ec root; openssl req -x509 -new -key root.key -subj '/O=Tests/CN=root' -days 30 -out "
        "root.pem\n"
        "ec middle; cert middle root ca\n"
        "ec ecleaf; cert ecleaf middle leaf\n"
        "rsa rsaleaf 3072; cert rsaleaf middle leaf\n"
        "rsa old 2048; cert old middle leaf\n"
        "rsa weak 1024; cert weak middle leaf\n"
        "ec other; cert other middle other\n"
        "printf 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n' >tls.ext\n"
        "ec tls; cert tls middle tls\n"
        "ec sha1; openssl req -x509 -new -sha1 -key sha1.key -subj /CN=sha1 -days 30 -out sha1.pem\n"
        "cat ecleaf.pem root.pem middle.pem >ecleaf-chain.pem; cat rsaleaf.pem middle.pem "
        ">rsaleaf-chain.pem\n"
        "openssl pkcs12 -export -inkey rsaleaf.key -in rsaleaf.pem -certfile ecleaf-chain.pem "
        "-passout pass:sesame -out rsaleaf.p12\n"
        "openssl pkey -in ecleaf.key -aes256 -passout pass:sesame -out locked.key\n"
        "chmod 600 *.key *.p12\n";
    CHECK(make_run(f->a, script, f->dir) == 0);
}

static struct sign_signer *
load(struct fixture *f, const char *cert, const char *key, const char *pass, const char *want)
{
    struct sign_signer *s = NULL;
    struct diag d = diag_init(f->a);
    const char *key_path = file_join(f->a, f->dir, key).s;
    int rc = cert ? sign_load_pem(file_join(f->a, f->dir, cert).s, key_path, pass, &s, &d)
                  : sign_load_p12(key_path, pass, &s, &d);
    CHECK((rc == 0) == !want);
    if (want)
        CHECK(d.first.code == DIAG_CONFIG && make_has(d.first.text, want));
    else if (rc != 0)
        fprintf(stderr, "%s\n", diag_text(&d).s);
    return s;
}

static void
test_loading(struct fixture *f)
{
    sign_signer_free(load(f, "ecleaf-chain.pem", "locked.key", "sesame", NULL));
    sign_signer_free(load(f, "ecleaf-chain.pem", "locked.key", "other", "wrong passphrase?"));
    sign_signer_free(load(f, "ecleaf-chain.pem", "locked.key", NULL, "passphrase missing?"));
    sign_signer_free(load(f, "ecleaf-chain.pem", "rsaleaf.key", NULL, "does not belong"));
    sign_signer_free(load(f, "weak.pem", "weak.key", NULL, "too weak"));
    sign_signer_free(load(f, "old.pem", "old.key", NULL, "RSA wants 3000 bits"));
    sign_signer_free(load(f, "tls.pem", "tls.key", NULL, "not for signing documents"));
    sign_signer_free(load(f, "sha1.pem", "sha1.key", NULL, "SHA-1"));
    sign_signer_free(load(f, "other.pem", "other.key", NULL, "keyUsage"));
    sign_signer_free(load(f, NULL, "rsaleaf.p12", "other", "wrong passphrase?"));
    sign_signer_free(load(f, NULL, "rsaleaf.key", NULL, "PKCS#12"));
    make_run(f->a, "chmod 640 '%s'/ecleaf.key '%s'/rsaleaf.p12", f->dir, f->dir);
    sign_signer_free(load(f, "ecleaf.pem", "ecleaf.key", NULL, "chmod 600"));
    sign_signer_free(load(f, NULL, "rsaleaf.p12", "sesame", "chmod 600"));
    make_run(f->a, "chmod 600 '%s'/ecleaf.key '%s'/rsaleaf.p12", f->dir, f->dir);
}

/* A file that cannot be read is one that does not hold. */
static void
expect(struct fixture *f, struct str pdf, bool valid, bool trusted)
{
    struct sign_verdict *v;
    size_t n = 0;
    struct diag d = diag_init(f->a);
    int rc = sign_verify_pdf(pdf, make_trust(file_join(f->a, f->dir, "root.pem").s, f->a), f->a, &v, &n, &d);
    if (rc != 0 && !valid)
        return;
    CHECK(rc == 0);
    CHECK(n == 1 && v[0].valid == valid && v[0].trusted == trusted);
    if (n == 1 && (v[0].valid != valid || v[0].trusted != trusted))
        fprintf(stderr, "%.*s\n", STR_ARG(v[0].reason));
}

/* Cuts the CMS and the covered bytes out of the file, as openssl wants them. */
static void
split(struct fixture *f, struct str pdf, struct str *ret_cms)
{
    struct pdf_file file;
    struct pdf_fields fields;
    struct pdf_signature s;
    struct diag d = diag_init(f->a);
    AUTO_BUF covered = buf_init(1 << 24);
    CHECK(pdf_open(pdf, f->a, &file, &d) == 0 && pdf_form_fields(&file, &fields, &d) == 0);
    CHECK(fields.list.n == 1 && !pdf_form_signature(&file, &fields.list.v[0], &s));
    buf_add(&covered, pdf.s, (size_t)s.range[1]);
    buf_add(&covered, pdf.s + s.range[2], (size_t)s.range[3]);
    put_file(f, "covered", buf_view(&covered));
    put_file(f, "hex", s.hex);
    CHECK(make_run(f->a, "xxd -r -p '%s/hex' '%s/cms.der'", f->dir, f->dir) == 0);
    *ret_cms = get_file(f, "cms.der");
}

static void
ask_openssl(struct fixture *f, struct str sealed)
{
    struct str cms;
    static const char verify[] =
        "openssl cms -verify -cades -binary -inform DER -in '%s/cms.der' -content '%s/%s' "
        "-CAfile '%s/root.pem' -purpose any -out /dev/null 2>>'%s/make.log'";
    split(f, sealed, &cms);
    CHECK(make_run(f->a, verify, f->dir, f->dir, "covered", f->dir, f->dir) == 0);
    CHECK(make_run(f->a, verify, f->dir, f->dir, "root.pem", f->dir, f->dir) != 0);
    CHECK(make_run(f->a,
                   "openssl cms -cmsout -print -noout -inform DER -in '%s/cms.der' | "
                   "grep -q 'signingTime'",
                   f->dir) != 0);
    CHECK(make_run(f->a,
                   "openssl cms -cmsout -print -noout -inform DER -in '%s/cms.der' | "
                   "grep -q 'id-smime-aa-signingCertificateV2'",
                   f->dir) == 0);
}

static void
ask_pdfsig(struct fixture *f, const char *name, bool valid)
{
    bool has_authorities = make_run(f->a, "command -v certutil >/dev/null") == 0;
    struct str where = has_authorities ? arena_fmt(f->a, "-nssdir 'sql:%s/nss'", f->dir) : STR("");
    CHECK(make_run(f->a, "pdfsig %s '%s/%s' >'%s/pdfsig.txt' 2>&1", where.s, f->dir, name,
                   f->dir) >= 0);
    struct str said = get_file(f, "pdfsig.txt");
    CHECK((str_find(said, "Signature Validation: Signature is Valid.") >= 0) == valid);
    if (valid)
        CHECK(make_has(said, "Total document signed") && make_has(said, "ETSI.CAdES.detached"));
    if (valid && has_authorities)
        CHECK(make_has(said, "Certificate Validation: Certificate is Trusted."));
}

static void
test_signer(struct fixture *f, struct sign_signer *s, struct str pdf)
{
    struct str sealed = STR("");
    struct diag d = diag_init(f->a);
    CHECK(s && sign_pdf(s, pdf, "seal", AT, f->a, &sealed, &d) == 0);
    if (!sealed.len) {
        fprintf(stderr, "%s\n", diag_text(&d).s);
        return;
    }
    char *changed = arena_copy(f->a, sealed.s, sealed.len);
    changed[pdf.len / 2] ^= 1; /* outside of /Contents */
    expect(f, sealed, true, true);
    expect(f, str_n(changed, sealed.len), false, false);
    ask_openssl(f, sealed);
    put_file(f, "sealed.pdf", sealed);
    put_file(f, "changed.pdf", str_n(changed, sealed.len));
    if (has_tool(f, "pdfsig")) {
        ask_pdfsig(f, "sealed.pdf", true);
        ask_pdfsig(f, "changed.pdf", false);
    }
    if (has_tool(f, "qpdf"))
        CHECK(make_run(f->a,
                       "qpdf --check '%s/sealed.pdf' >'%s/qpdf.txt' 2>&1 || "
                       "{ cat '%s/qpdf.txt' >&2; false; }",
                       f->dir, f->dir, f->dir) == 0);
}

/* The same file as qpdf writes it, in the three ways it knows. */
static void
test_qpdf_files(struct fixture *f, struct sign_signer *s)
{
    static const char *const options[] = {"--object-streams=generate", "--object-streams=disable",
                                          "--object-streams=generate --linearize",
                                          "--object-streams=disable --linearize"};
    put_file(f, "plain.pdf", make_pdf(f->a, MAKE_TABLE));
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        CHECK(make_run(f->a, "qpdf %s '%s/plain.pdf' '%s/q.pdf'", options[i], f->dir, f->dir) == 0);
        test_signer(f, s, get_file(f, "q.pdf"));
    }
}

/* Signatures openssl makes in other ways over the same text. */
static void
test_others(struct fixture *f, const char *options, const char *want)
{
    struct sign_verdict v;
    struct diag d = diag_init(f->a);
    CHECK(make_run(f->a,
                   "cd '%s' && openssl cms -sign -binary -outform DER -in m.json -certfile "
                   "middle.pem -out x.p7s %s 2>>make.log",
                   f->dir, options) == 0);
    CHECK(sign_verify_cms(get_file(f, "x.p7s"), STR("{\"a\":1}\n"),
                          make_trust(file_join(f->a, f->dir, "root.pem").s, f->a), f->a, &v, &d) == 0);
    CHECK(v.valid == !want && v.trusted == !want);
    CHECK(want ? make_has(v.reason, want) : v.reason.len == 0);
}

/* Ours beside a file, asked of openssl; then openssl's, asked of us. */
static void
test_detached(struct fixture *f, struct sign_signer *s)
{
    struct str cms, text = STR("{\"a\":1}\n");
    struct diag d = diag_init(f->a);
    CHECK(sign_cms(s, text, f->a, &cms, &d) == 0);
    put_file(f, "m.json", text);
    put_file(f, "m.p7s", cms);
    CHECK(make_run(f->a,
                   "cd '%s' && openssl cms -verify -cades -binary -inform DER -in m.p7s -content "
                   "m.json -CAfile root.pem -purpose any -out /dev/null 2>>make.log",
                   f->dir) == 0);
#define RSA "-signer rsaleaf.pem -inkey rsaleaf.key "
    test_others(f, "-cades -nosmimecap " RSA, NULL);
    test_others(f, "-cades -md sha512 " RSA, NULL);
    test_others(f, "-cades -signer ecleaf.pem -inkey ecleaf.key", NULL);
    test_others(f, "-cades -md sha256 " RSA "-keyopt rsa_padding_mode:pss", NULL);
    test_others(f, "-cades -md sha1 " RSA, "SHA-2");
    test_others(f, RSA, "RFC 5035");
    test_others(f, "-cades -nodetach " RSA, "not detached");
    test_others(f, "-noattr " RSA, "signed attributes");
    test_others(f, "-cades -nocerts " RSA, "signer's certificate is not in");
    test_others(f, "-cades -keyid " RSA, "version is not 1");
    test_others(f, "-cades -signer other.pem -inkey other.key", "keyUsage");
    test_others(f, "-cades -signer weak.pem -inkey weak.key", "too weak");
    test_others(f, "-cades -certfile rsaleaf-chain.pem -signer ecleaf.pem -inkey ecleaf.key",
                "does not belong to the signer");
    test_others(f, "-cades " RSA "-signer ecleaf.pem -inkey ecleaf.key", "exactly one");
#undef RSA
}

int
main(void)
{
    struct fixture f = {.a = arena_new()};
    if (!has_tool(&f, "openssl") || !has_tool(&f, "xxd")) {
        arena_free(f.a);
        return 77;
    }
    make_dir(f.dir);
    make_authority(&f);
    make_run(f.a,
             "mkdir '%s/nss' && certutil -N -d 'sql:%s/nss' --empty-password 2>/dev/null && "
             "certutil -A -d 'sql:%s/nss' -n root -t C,C,C -i '%s/root.pem' 2>/dev/null",
             f.dir, f.dir, f.dir, f.dir);
    test_loading(&f);
    struct sign_signer *ec = load(&f, "ecleaf-chain.pem", "ecleaf.key", NULL, NULL);
    struct sign_signer *rsa = load(&f, "rsaleaf-chain.pem", "rsaleaf.key", NULL, NULL);
    struct sign_signer *p12 = load(&f, NULL, "rsaleaf.p12", "sesame", NULL);
    for (enum pdf_make_kind kind = 0; kind < MAKE__COUNT; kind++) {
        test_signer(&f, ec, make_pdf(f.a, kind));
        test_signer(&f, rsa, make_pdf(f.a, kind));
    }
    test_signer(&f, p12, make_pdf(f.a, MAKE_TABLE));
    if (has_tool(&f, "qpdf"))
        test_qpdf_files(&f, ec);
    test_detached(&f, rsa);
    sign_signer_free(ec);
    sign_signer_free(rsa);
    sign_signer_free(p12);
    if (!getenv("KEEP"))
        make_run(f.a, "rm -rf '%s'", f.dir);
    arena_free(f.a);
    return CHECK_DONE();
}
