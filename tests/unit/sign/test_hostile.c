/* PDFs and CMS made to mislead: each is refused with the rule it breaks, quickly and in little
 * memory. */
#include <time.h>

#include "pdf_make.h"
#include "sign/inner.h"
#include "sign/pdf_form.h"

static const int64_t AT = 1795291200;

struct fixture {
    struct arena *a;
    struct make_key k;
};

/* ---- files that no one can read ---- */

/* Neither sealing nor checking takes it, and both say want. */
static void
refuses(struct fixture *f, struct str pdf, const char *want)
{
    struct sign_verdict *v;
    struct str out;
    size_t n;
    struct arena *own = arena_new();
    struct diag d = diag_init(own);
    clock_t start = clock();
    CHECK(sign_verify_pdf(pdf, NULL, own, &v, &n, &d) == -1 && make_has(d.first.text, want));
    diag_clear(&d);
    CHECK(sign_pdf(f->k.signer, pdf, "seal", AT, own, &out, &d) == -1 &&
          make_has(d.first.text, want));
    CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 5.0);
    arena_free(own);
}

/* The table PDF with one piece of its text replaced; offsets behind it are not mended. */
static struct str
with(struct fixture *f, struct str pdf, const char *from, const char *to)
{
    char *p = memmem(pdf.s, pdf.len, from, strlen(from));
    CHECK(p);
    if (!p)
        return pdf;
    size_t at = (size_t)(p - pdf.s), n = strlen(from);
    AUTO_BUF b = buf_init(1 << 22);
    buf_add(&b, pdf.s, at);
    buf_puts(&b, to);
    buf_add(&b, pdf.s + at + n, pdf.len - at - n);
    return arena_str(f->a, buf_view(&b));
}

/* A file whose objects are given as text, table and trailer made to fit. */
static struct str
with_objects(struct fixture *f, const char *const *bodies, int n, const char *trailer)
{
    size_t at[32];
    AUTO_BUF b = buf_init(1 << 22);
    buf_puts(&b, "%PDF-1.7\n");
    for (int i = 0; i < n; i++) {
        at[i] = b.len;
        buf_fmt(&b, "%d 0 obj\n%s\nendobj\n", i + 1, bodies[i]);
    }
    size_t xref = b.len;
    buf_fmt(&b, "xref\n0 %d\n0000000000 65535 f \n", n + 1);
    for (int i = 0; i < n; i++)
        buf_fmt(&b, "%010zu 00000 n \n", at[i]);
    buf_fmt(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%zu\n%%%%EOF\n", n + 1, trailer,
            xref);
    return arena_str(f->a, buf_view(&b));
}

static void
test_sections(struct fixture *f)
{
    struct str pdf = make_pdf(f->a, MAKE_TABLE), packed = make_pdf(f->a, MAKE_PACKED);
    const char *xref = memmem(pdf.s, pdf.len, "xref\n0 7", 8);
    struct str at = arena_fmt(f->a, "]/Prev %zu>>", (size_t)(xref - pdf.s));
    refuses(f, with(f, pdf, "]>>\nstartxref", arena_fmt(f->a, "%s\nstartxref", at.s).s), "circle");
    refuses(f, with(f, pdf, "]>>\nstartxref", "]/Prev 99999999>>\nstartxref"),
            "outside of the file");
    refuses(f, with(f, pdf, "]>>\nstartxref", "]/Prev -5>>\nstartxref"), "/Prev is no offset");
    refuses(f, with(f, pdf, "]>>\nstartxref", "]/Prev 20>>\nstartxref"), "PDF: ");
    refuses(f, with(f, pdf, "]>>\nstartxref", "]/Encrypt 9 0 R>>\nstartxref"), "encrypted");
    refuses(f, with(f, pdf, "xref\n0 7", "xref\n8388600 9"), "8388607");
    refuses(f, with(f, pdf, "xref\n0 7", "xref\n0 999999999"), "longer than the file");
    refuses(f, with(f, pdf, "xref\n0 7", "xref\n1 7"), "PDF: ");
    refuses(f, with(f, pdf, "/Size 7", "/Size 999999999"), "/Size");
    refuses(f, with(f, pdf, "/Root 1 0 R", "/Root 9 0 R"), "there is no object 9");
    refuses(f, with(f, pdf, "/Root 1 0 R", "/Root 1 1 R"), "wrong generation");
    refuses(f, with(f, pdf, "/Root 1 0 R", "/Root 2 0 R"), "no catalogue");
    refuses(f, with(f, pdf, " n \n", "n\n"), "20 bytes");
    refuses(f, with(f, packed, "/W[1 2 1]", "/W[1 9 1]"), "/W");
    refuses(f, with(f, packed, "/W[1 2 1]", "/W[0 0 0]"), "/W");
    refuses(f, with(f, packed, "/W[1 2 1]", "/W[8 8 8]"), "shorter than its /Size");
    refuses(f, with(f, packed, "/Size 9", "/Size 9/Index[0 8388607]"), "shorter than its /Index");
    refuses(f, with(f, packed, "/Columns 4", "/Columns 99999999"), "/DecodeParms");
    refuses(f, with(f, packed, "/Columns 4", "/Columns 7"), "within a row");
    refuses(f, with(f, packed, "/N 5", "/N 1"), "is not in its object stream");
    refuses(f, with(f, packed, "/First 2", "/First +"), "no object stream");
    refuses(f, with(f, packed, "/Type/ObjStm", "/Type/Nothing"), "no object stream");
}

static void
test_fields(struct fixture *f)
{
    static const char root[] = "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>";
    const char *cycle[] = {root, "<</T(a)/Kids[3 0 R]>>", "<</T(b)/Kids[2 0 R]>>"};
    const char *twice[] = {"<</Type/Catalog/AcroForm<</Fields[2 0 R 2 0 R]>>>>",
                           "<</FT/Sig/T(seal)>>"};
    const char *loop[] = {"<</Type/Catalog/AcroForm 2 0 R>>", "<</Fields 2 0 R>>"};
    const char *itself[] = {root, "2 0 R"};
    const char *deep[24];
    refuses(f, with_objects(f, cycle, 3, ""), "reached twice");
    refuses(f, with_objects(f, twice, 2, ""), "reached twice");
    for (int i = 1; i < 24; i++)
        deep[i] = arena_fmt(f->a, "<</T(k)/Kids[%d 0 R]>>", i + 2).s;
    deep[0] = root;
    deep[23] = "<</FT/Sig/T(end)>>";
    refuses(f, with_objects(f, deep, 24, ""), "nested deeper");
    struct diag d = diag_init(f->a);
    struct str out;
    CHECK(sign_pdf(f->k.signer, with_objects(f, loop, 2, ""), "seal", AT, f->a, &out, &d) == -1);
    diag_clear(&d);
    CHECK(sign_pdf(f->k.signer, with_objects(f, itself, 2, ""), "seal", AT, f->a, &out, &d) == -1);
}

/* Much of one thing: brackets, open strings, sections. */
static void
test_mass(struct fixture *f)
{
    static const char *const pieces[] = {"[", "<<", "(", "<</A ", "%", "<", "/A#", "5 0 obj<<"};
    for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
        AUTO_BUF b = buf_init(1 << 23);
        while (b.len < 1 << 20)
            buf_puts(&b, pieces[k]);
        const char *bodies[] = {arena_str(f->a, buf_view(&b)).s};
        refuses(f, with_objects(f, bodies, 1, ""), "PDF: ");
    }
    AUTO_BUF b = buf_init(1 << 23);
    size_t before = 0;
    buf_puts(&b, "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n");
    for (int i = 0; i < 1100; i++) {
        size_t here = b.len;
        buf_fmt(&b, "xref\n0 0\ntrailer<</Size 2/Root 1 0 R");
        if (before)
            buf_fmt(&b, "/Prev %zu", before);
        buf_puts(&b, ">>\n");
        before = here;
    }
    buf_fmt(&b, "startxref\n%zu\n%%%%EOF\n", before);
    refuses(f, buf_view(&b), "more than 1000");
}

/* 200 MB of zeros in 200 kB, as object stream. */
static void
test_bomb(struct fixture *f)
{
    uLongf n = 1 << 20;
    size_t size = 200 << 20;
    unsigned char *raw = calloc(1, size), *packed = malloc(n);
    if (!raw || !packed || compress2(packed, &n, raw, size, 9) != Z_OK)
        abort();
    AUTO_BUF b = buf_init(1 << 22);
    buf_puts(&b, "%PDF-1.7\n");
    size_t at = b.len;
    buf_fmt(&b, "7 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %lu>>stream\n",
            (unsigned long)n);
    buf_add(&b, packed, n);
    buf_puts(&b, "\nendstream\nendobj\n");
    size_t xref = b.len;
    const unsigned char rows[] = {2, 0, 7, 0, 1, (unsigned char)(at >> 8), (unsigned char)at, 0};
    buf_puts(&b,
             "8 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Index[1 1 7 1]/Root 1 0 R/Length 8>>stream\n");
    buf_add(&b, rows, sizeof rows);
    buf_fmt(&b, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", xref);
    free(raw);
    free(packed);
    refuses(f, buf_view(&b), "unpack to more than is allowed");
}

/* ---- ranges that lie ---- */

/* The sealed file with another /ByteRange and a signature that fits it. */
static struct str
lie(struct fixture *f, struct str sealed, const char *range, const int64_t covered[4])
{
    struct pdf_file file;
    struct pdf_fields fields;
    struct pdf_signature s;
    struct str cms;
    struct diag d = diag_init(f->a);
    AUTO_BUF hex = buf_init(1 << 16);
    CHECK(pdf_open(sealed, f->a, &file, &d) == 0 && pdf_form_fields(&file, &fields, &d) == 0);
    CHECK(!pdf_form_signature(&file, &fields.list.v[0], &s));
    char *p = arena_copy(f->a, sealed.s, sealed.len);
    char *to = (char *)memmem(p, sealed.len, "/ByteRange ", 11) + 11;
    snprintf(to, 49, "%-47s", range);
    to[47] = ' ';
    struct sha256 *h = sha256_new();
    sha256_add(h, p + covered[0], (size_t)covered[1]);
    sha256_add(h, p + covered[2], (size_t)covered[3]);
    struct sha256_digest digest = sha256_final(h);
    CHECK(cms_make(f->k.signer, &digest, CMS_PADES, f->a, &cms, &d) == 0);
    buf_hex(&hex, cms.s, cms.len);
    memset(p + (s.hex.s - sealed.s), '0', s.hex.len);
    memcpy(p + (s.hex.s - sealed.s), hex.data, hex.len);
    return str_n(p, sealed.len);
}

static void
lies(struct fixture *f, struct str sealed, const int64_t r[4], const char *extra, const char *want)
{
    struct sign_verdict *v;
    size_t n = 0;
    struct diag d = diag_init(f->a);
    struct str range = arena_fmt(f->a, "[%lld %lld %lld %lld%s]", (long long)r[0], (long long)r[1],
                                 (long long)r[2], (long long)r[3], extra);
    int64_t len = (int64_t)sealed.len;
    bool is_inside = r[0] >= 0 && r[1] >= 0 && r[0] + r[1] <= len && r[2] >= 0 && r[3] >= 0 &&
                     r[2] <= len && r[3] <= len - r[2];
    const int64_t nothing[4] = {0};
    struct str pdf = lie(f, sealed, range.s, is_inside ? r : nothing);
    CHECK(sign_verify_pdf(pdf, make_trust(f->k.cert, f->a), f->a, &v, &n, &d) == 0 && n == 1);
    CHECK(n == 1 && v[0].valid == !want && (!want || make_has(v[0].reason, want)));
}

static void
test_ranges(struct fixture *f)
{
    struct str sealed = STR("");
    struct pdf_file file;
    struct pdf_fields fields;
    struct pdf_signature s;
    struct diag d = diag_init(f->a);
    CHECK(sign_pdf(f->k.signer, make_pdf(f->a, MAKE_TABLE), "seal", AT, f->a, &sealed, &d) == 0);
    CHECK(pdf_open(sealed, f->a, &file, &d) == 0 && pdf_form_fields(&file, &fields, &d) == 0);
    CHECK(!pdf_form_signature(&file, &fields.list.v[0], &s));
    int64_t b = s.range[1], c = s.range[2], e = s.range[3];
    lies(f, sealed, (int64_t[]){0, b, c, e}, "", NULL); /* the method itself holds */
    lies(f, sealed, (int64_t[]){1, b - 1, c, e}, "", "first byte");
    lies(f, sealed, (int64_t[]){0, b - 30, c, e}, "", "something else than /Contents");
    lies(f, sealed, (int64_t[]){0, b, c + 2, e - 2}, "", "something else than /Contents");
    lies(f, sealed, (int64_t[]){0, b + 1, c - 1, e + 1}, "", "something else than /Contents");
    lies(f, sealed, (int64_t[]){0, b, c, e - 20}, "", "20 bytes");
    lies(f, sealed, (int64_t[]){0, b, c, e + 1}, "", "inside the file");
    lies(f, sealed, (int64_t[]){0, 10, 5, 20}, "", "inside the file");
    lies(f, sealed, (int64_t[]){0, b, c, INT64_C(999999999999999999)}, "", "inside the file");
    lies(f, sealed, (int64_t[]){0, b, c, -1}, "", "not four numbers");
    lies(f, sealed, (int64_t[]){0, b, c, e}, " 5", "not four numbers");
}

/* A second key of the same name could be the one another program reads. */
static void
test_doubles(struct fixture *f)
{
    struct str sealed = STR("");
    struct sign_verdict *v;
    size_t n = 0;
    struct diag d = diag_init(f->a);
    CHECK(sign_pdf(f->k.signer, make_pdf(f->a, MAKE_TABLE), "seal", AT, f->a, &sealed, &d) == 0);
    char *p = arena_copy(f->a, sealed.s, sealed.len);
    char *m = memmem(p, sealed.len, "/M(D:20261121200000Z)", 21);
    CHECK(m);
    memcpy(m, "/Content#73<00>/A /BB ", 21);
    CHECK(sign_verify_pdf(str_n(p, sealed.len), NULL, f->a, &v, &n, &d) == 0 && n == 1);
    CHECK(!v[0].valid && make_has(v[0].reason, "wants one /Contents, has 2"));
    memcpy(m, "/SubFilter/Adobe.x509", 21);
    CHECK(sign_verify_pdf(str_n(p, sealed.len), NULL, f->a, &v, &n, &d) == 0 && n == 1);
    CHECK(!v[0].valid && make_has(v[0].reason, "wants one /SubFilter, has 2"));
}

/* A later revision without the form: the file must not pass as never signed. */
static void
test_cut_out(struct fixture *f)
{
    struct str sealed = STR("");
    struct sign_verdict *v;
    size_t n = 0;
    struct diag d = diag_init(f->a);
    CHECK(sign_pdf(f->k.signer, make_pdf(f->a, MAKE_TABLE), "seal", AT, f->a, &sealed, &d) == 0);
    struct str hidden = with(f, sealed, "/AcroForm", "/AcroFarm");
    CHECK(sign_verify_pdf(hidden, NULL, f->a, &v, &n, &d) == 0 && n == 1);
    CHECK(!v[0].valid && make_has(v[0].reason, "no form field leads to"));
}

/* ---- CMS ---- */

static void
test_cms(struct fixture *f)
{
    struct str cms = STR(""), text = STR("text");
    struct sign_verdict v;
    struct diag d = diag_init(f->a);
    CHECK(sign_cms(f->k.signer, text, f->a, &cms, &d) == 0);
    CHECK(sign_verify_cms(cms, text, make_trust(f->k.cert, f->a), f->a, &v, &d) == 0 && v.valid && v.trusted);
    CHECK(v.claimed_at > 1700000000);
    CHECK(sign_verify_cms(cms, STR("Text"), make_trust(f->k.cert, f->a), f->a, &v, &d) == 0 && !v.valid);
    CHECK(make_has(v.reason, "changed after signing"));
    AUTO_BUF b = buf_init(1 << 16);
    buf_str(&b, cms);
    buf_putc(&b, 0);
    CHECK(sign_verify_cms(buf_view(&b), text, make_trust(f->k.cert, f->a), f->a, &v, &d) == 0 && !v.valid);
    CHECK(make_has(v.reason, "bytes follow"));
    CHECK(sign_verify_cms(STR(""), text, make_trust(f->k.cert, f->a), f->a, &v, &d) == -1);
    CHECK(make_has(d.first.text, "no CMS"));
    diag_clear(&d);
    struct sign_trust *t = NULL;
    CHECK(sign_trust_load(f->k.key, NULL, 0, &t, &d) == -1 && d.first.code == DIAG_CONFIG && !t);
    diag_clear(&d);
    for (size_t n = 0; n < cms.len; n++)
        CHECK(sign_verify_cms(str_n(cms.s, n), text, NULL, f->a, &v, &d) == -1 || !v.valid);
    for (size_t i = 0; i < cms.len; i++) {
        char *p = arena_copy(f->a, cms.s, cms.len);
        p[i] = (char)(p[i] ^ (1 << i % 8));
        CHECK(sign_verify_cms(str_n(p, cms.len), text, NULL, f->a, &v, &d) == -1 || !v.valid);
    }
}

int
main(void)
{
    struct fixture f = {.a = arena_new()};
    struct diag d = diag_init(f.a);
    f.k = make_key(f.a, &d);
    test_sections(&f);
    test_fields(&f);
    test_mass(&f);
    test_bomb(&f);
    test_ranges(&f);
    test_doubles(&f);
    test_cut_out(&f);
    test_cms(&f);
    make_key_done(f.a, &f.k);
    arena_free(f.a);
    return CHECK_DONE();
}
