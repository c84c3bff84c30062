/* Sealing and checking PDFs of every kind of cross-reference; changes and lies are found. */
#include "pdf_make.h"

static const int64_t AT = 1795291200; /* 2026-11-21T20:00:00Z */

struct fixture {
    struct arena *a;
    struct make_key k;
};

static struct str
seal(struct fixture *f, struct str pdf, const char *field)
{
    struct str out = STR("");
    struct diag d = diag_init(f->a);
    int rc = sign_pdf(f->k.signer, pdf, field, AT, f->a, &out, &d);
    CHECK(rc == 0);
    if (rc != 0)
        fprintf(stderr, "%s\n", diag_text(&d).s);
    return out;
}

/* All verdicts; n = -1 when the file cannot be read, then why says so. */
static long
verify(struct fixture *f, struct str pdf, const char *trust, struct sign_verdict **v,
       struct str *why)
{
    size_t n = 0;
    struct diag d = diag_init(f->a);
    int rc = sign_verify_pdf(pdf, make_trust(trust, f->a), f->a, v, &n, &d);
    *why = d.first.text;
    CHECK(rc == 0 || d.first.text.len);
    return rc == 0 ? (long)n : -1;
}

static void
test_good(struct fixture *f, enum pdf_make_kind kind)
{
    struct str why, pdf = make_pdf(f->a, kind), sealed = seal(f, pdf, "seal");
    struct sign_verdict *v;
    CHECK(verify(f, pdf, NULL, &v, &why) == 0);
    CHECK(sealed.len > pdf.len && memcmp(sealed.s, pdf.s, pdf.len) == 0);
    CHECK(verify(f, sealed, f->k.cert, &v, &why) == 1);
    CHECK_STR(v[0].reason, "");
    CHECK(v[0].valid && v[0].trusted && v[0].claimed_at == AT);
    CHECK_STR(v[0].signer.subject, "CN=Seal of the tests");
    CHECK(verify(f, sealed, NULL, &v, &why) == 1);
    CHECK(v[0].valid && !v[0].trusted && v[0].signer.self_signed && make_has(v[0].reason, "no trust given"));
}

static void
test_refusals(struct fixture *f, enum pdf_make_kind kind)
{
    struct str out, pdf = make_pdf(f->a, kind), sealed = seal(f, pdf, "seal");
    struct diag d = diag_init(f->a);
    CHECK(sign_pdf(f->k.signer, pdf, "other", AT, f->a, &out, &d) == -1);
    CHECK_STR(d.first.text, "PDF: there is no signature field \"other\"");
    diag_clear(&d);
    CHECK(sign_pdf(f->k.signer, sealed, "seal", AT, f->a, &out, &d) == -1);
    CHECK_STR(d.first.text, "PDF: the field \"seal\" is signed already");
    diag_clear(&d);
    CHECK(sign_pdf(f->k.signer, STR("%!PS"), "seal", AT, f->a, &out, &d) == -1);
    CHECK(d.first.code == DIAG_BAD_DATA);
}

/* What came after: bytes, or a revision of its own. */
static void
test_later(struct fixture *f, enum pdf_make_kind kind)
{
    struct str why, sealed = seal(f, make_pdf(f->a, kind), "seal");
    struct sign_verdict *v;
    AUTO_BUF b = buf_init(1 << 20);
    buf_str(&b, sealed);
    buf_puts(&b, "% more\n");
    CHECK(verify(f, buf_view(&b), f->k.cert, &v, &why) == 1);
    CHECK(!v[0].valid && !v[0].trusted &&
          make_has(v[0].reason, "changed after signing: 7 bytes follow"));
}

/* A second field in a second revision: the newest holds, the older one says what followed. */
static void
test_two(struct fixture *f)
{
    struct str why, sealed = seal(f, make_pdf(f->a, MAKE_TABLE), "seal");
    struct sign_verdict *v;
    AUTO_BUF b = buf_init(1 << 20);
    buf_str(&b, sealed);
    size_t form = b.len, field, xref;
    long old = 0;
    buf_puts(&b, "5 0 obj\n<</Fields[6 0 R 20 0 R]/SigFlags 3>>\nendobj\n");
    field = b.len;
    buf_puts(&b, "20 0 obj\n<</FT/Sig/T<FEFF006F0066006600690063006500720029>/Kids[]>>\nendobj\n");
    xref = b.len;
    old = strtol((char *)memmem(sealed.s + sealed.len - 40, 40, "startxref", 9) + 10, NULL, 10);
    buf_fmt(&b, "xref\n5 1\n%010zu 00000 n \n20 1\n%010zu 00000 n \n", form, field);
    buf_fmt(&b, "trailer\n<</Size 21/Root 1 0 R/Prev %ld>>\nstartxref\n%zu\n%%%%EOF\n", old, xref);
    struct str twice = seal(f, buf_view(&b), "officer)");
    CHECK(verify(f, twice, f->k.cert, &v, &why) == 2);
    CHECK(!v[0].valid && make_has(v[0].reason, "then an incremental update added"));
    CHECK(v[1].valid && v[1].trusted);
}

/* Puts a changed byte in and asks. */
static void
check_flip(struct fixture *f, char *p, size_t len, size_t i, unsigned mask)
{
    struct str why;
    struct sign_verdict *v;
    struct fixture g = {arena_new(), f->k};
    p[i] = (char)(p[i] ^ mask);
    long n = verify(&g, str_n(p, len), f->k.cert, &v, &why);
    bool told = n == -1 || (n > 0 && !v[0].valid && v[0].reason.len);
    if (!told)
        fprintf(stderr, "byte %zu ^ 0x%02x is not noticed (%ld)\n", i, mask, n);
    CHECK(told);
    p[i] = (char)(p[i] ^ mask);
    arena_free(g.a);
}

/* Every byte counts: any change is told, with a reason. Three changes a byte, in turn; in the
 * environment, FLIP_ALL=1 makes all nine, and FLIP_STEP=n takes each n-th byte, for slow tools. */
static void
test_flips(struct fixture *f, enum pdf_make_kind kind)
{
    static const unsigned masks[] = {1, 2, 4, 8, 16, 32, 64, 128, 255};
    const char *text = getenv("FLIP_STEP");
    bool all = getenv("FLIP_ALL") != NULL;
    size_t step = text ? (size_t)atoi(text) : kind == MAKE_TABLE ? 1 : 5;
    struct str sealed = seal(f, make_pdf(f->a, kind), "seal");
    char *p = arena_alloc(f->a, sealed.len);
    memcpy(p, sealed.s, sealed.len);
    for (size_t i = 0; i < sealed.len; i += step) {
        bool is_padding = i + 64 < sealed.len && memcmp(p + i, "0000000000000000", 16) == 0;
        for (size_t k = 0; k < sizeof masks / sizeof *masks; k++)
            if (is_padding ? (i + k) % 53 == 0 : all || (i + k) % 3 == 0)
                check_flip(f, p, sealed.len, i, masks[k]);
    }
}

static void
test_cuts(struct fixture *f, enum pdf_make_kind kind)
{
    struct str why, out, sealed = seal(f, make_pdf(f->a, kind), "seal");
    struct str pdf = make_pdf(f->a, kind);
    struct sign_verdict *v;
    for (size_t n = 0; n + 2 < sealed.len; n += n < pdf.len ? 1 : 61) {
        struct arena *own = arena_new();
        struct fixture g = {own, f->k};
        struct diag d = diag_init(own);
        struct str cut = arena_str(own, str_n(sealed.s, n));
        long got = verify(&g, cut, NULL, &v, &why);
        CHECK(got == -1 || got == 0 || !v[0].valid);
        if (n + 1 < pdf.len)
            CHECK(sign_pdf(f->k.signer, cut, "seal", AT, own, &out, &d) == -1);
        arena_free(own);
    }
}

int
main(void)
{
    struct fixture f = {.a = arena_new()};
    struct diag d = diag_init(f.a);
    f.k = make_key(f.a, &d);
    for (enum pdf_make_kind kind = 0; kind < MAKE__COUNT; kind++) {
        test_good(&f, kind);
        test_refusals(&f, kind);
        test_later(&f, kind);
        test_cuts(&f, kind);
        test_flips(&f, kind);
    }
    test_two(&f);
    make_key_done(f.a, &f.k);
    arena_free(f.a);
    return CHECK_DONE();
}
