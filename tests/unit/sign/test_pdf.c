/* Hostile PDFs: what /ByteRange and /Contents lie about, nesting without end, loops, bombs. Nothing
 * may crash, hang or pass. Changed bytes and cuts of good files are in test_pades.c. */
#include <time.h>

#include "pdf_make.h"

static const int64_t AT = 1795291200;

struct fixture {
    struct arena *a;
    struct make_key k;
};

static double
seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others may use the machine */
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Whether any signature of these bytes holds; both directions are walked, within the time. */
static bool
holds(struct fixture *f, struct str pdf)
{
    struct arena *own = arena_new();
    struct diag d = diag_init(own), sd = diag_init(own);
    struct sign_verdict *v = NULL;
    struct str out;
    size_t n = 0;
    bool good = false;
    double from = seconds();
    struct str copy = arena_str(own, pdf);
    if (sign_verify_pdf(copy, make_trust(f->k.cert, own), own, &v, &n, &d) != 0) {
        CHECK(d.first.code == DIAG_BAD_DATA || d.first.code == DIAG_TOO_BIG);
        CHECK(d.first.text.len > 0);
        n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        CHECK(v[i].valid || v[i].reason.len);
        good = good || v[i].valid;
    }
    if (sign_pdf(f->k.signer, copy, "seal", AT, own, &out, &sd) != 0)
        CHECK(sd.first.code == DIAG_BAD_DATA || sd.first.code == DIAG_TOO_BIG ||
              sd.first.code == DIAG_CONFIG);
    CHECK(seconds() - from < 5);
    arena_free(own);
    return good;
}

static struct str
sealed(struct fixture *f)
{
    struct str out = STR("");
    struct diag d = diag_init(f->a);
    CHECK(sign_pdf(f->k.signer, make_pdf(f->a, MAKE_TABLE), "seal", AT, f->a, &out, &d) == 0);
    return out;
}

/* A copy with new text over the bytes at. */
static struct str
overwrite(struct arena *a, struct str s, size_t at, struct str text)
{
    char *p = arena_copy(a, s.s, s.len);
    CHECK(at + text.len <= s.len);
    memcpy(p + at, text.s, text.len);
    return str_n(p, s.len);
}

static void
test_byte_ranges(struct fixture *f)
{
    struct str s = sealed(f);
    size_t at = (size_t)str_find(s, "/ByteRange [") + 11;
    long long r[4];
    CHECK(sscanf(s.s + at, "[%lld %lld %lld %lld]", &r[0], &r[1], &r[2], &r[3]) == 4);
    CHECK(holds(f, s) && (size_t)(r[2] + r[3]) == s.len);
    const long long n = (long long)s.len, lies[][4] = {
                                              {0, r[1], r[1], n - r[1]},
                                              {0, n, 0, n},
                                              {0, r[1] - 1, r[2], r[3]},
                                              {0, r[1] + 1, r[2], r[3]},
                                              {0, r[1], r[2] - 1, r[3] + 1},
                                              {0, r[1], r[2] + 1, r[3] - 1},
                                              {1, r[1] - 1, r[2], r[3]},
                                              {0, r[1], r[2], r[3] - 1},
                                              {0, r[1], r[2], r[3] + 1},
                                              {0, r[1], r[2], n},
                                              {0, 0, 0, n},
                                              {0, n, n, 0},
                                              {r[2], r[3], 0, r[1]},
                                              {0, r[2], r[1], r[3]},
                                              {0, -1, r[2], r[3]},
                                              {-1, r[1], r[2], r[3]},
                                              {0, r[1], -r[2], r[3]},
                                              {0, r[1], r[2], -1},
                                              {0, INT64_MAX, r[2], r[3]},
                                              {0, r[1], INT64_MAX, r[3]},
                                              {0, r[1], INT64_MAX, INT64_MAX},
                                              {0, INT64_MAX, INT64_MAX, 2},
                                              {0, 4294967296 + r[1], r[2], 4},
                                              {0, 100, 200, n - 200},
                                              {0, 0, r[2], r[3]},
                                              {0, 0, 0, 0},
                                          };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        const long long *x = lies[i];
        struct str range = arena_fmt(f->a, "[%lld %lld %lld %lld]   ", x[0], x[1], x[2], x[3]);
        bool fits = range.len <= 48 + 10;
        CHECK(!holds(f, overwrite(f->a, s, at, fits ? range : STR("[0 0 0 0]"))));
    }
    static const char *const texts[] = {"[]",        "[0 1 2]",    "[0 1 2 3 4]", "(0 1 2 3)  ",
                                        "7 0 R",     "<</a 1>>  ", "[[0 1 2 3]]", "[0 1.5 2 3]",
                                        "[0 a b c]", "null      ", "[0 1 2 ",     "[0 1e2 3 4]"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK(!holds(f, overwrite(f->a, s, at, str_c(texts[i]))));
}

static void
test_contents(struct fixture *f)
{
    struct str s = sealed(f);
    size_t at = (size_t)str_find(s, "/Contents <") + 11;
    static const char *const texts[] = {
        ">",        "zz",           "(",    "<<",         "<",        " ",  "30", "3080",    "00",
        "3082ffff", "30840fffffff", "0500", "3003020101", "30800000", "a0", "\n", "%comment"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strncasecmp(s.s + at, texts[i], strlen(texts[i])) != 0)
            CHECK(!holds(f, overwrite(f->a, s, at, str_c(texts[i]))));
}

/* The page says something else. */
static void
test_changed_page(struct fixture *f)
{
    struct str s = sealed(f);
    size_t at = (size_t)str_find(s, "10 10 50 50 re");
    CHECK(!holds(f, overwrite(f->a, s, at, STR("11"))));
    CHECK(holds(f, s));
}

static struct str
repeat(struct fixture *f, const char *head, const char *unit, size_t n, const char *tail)
{
    size_t len = strlen(unit);
    AUTO_BUF b = buf_init(1 << 26);
    buf_puts(&b, head);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, unit, len);
    buf_puts(&b, tail);
    return arena_str(f->a, buf_view(&b));
}

/* A file of which the only object, or the trailer, is what the attacker likes. */
static struct str
around(struct fixture *f, struct str object, const char *trailer)
{
    AUTO_BUF b = buf_init(1 << 26);
    buf_puts(&b, "%PDF-1.7\n");
    size_t at = b.len;
    buf_puts(&b, "1 0 obj\n");
    buf_str(&b, object);
    buf_puts(&b, "\nendobj\n");
    size_t xref = b.len;
    buf_fmt(&b, "xref\n0 2\n0000000000 65535 f \n%010zu 00000 n \ntrailer\n", at);
    buf_puts(&b, trailer);
    buf_fmt(&b, "\nstartxref\n%zu\n%%%%EOF\n", xref);
    return arena_str(f->a, buf_view(&b));
}

static void
test_nesting(struct fixture *f)
{
    static const char *const units[] = {
        "<<", "[", "(",      "<</a", "<</Kids[",   "[[<<", "\\(",        "<",  ">>",     "]",
        ")",  "%", "1 0 R ", "/",    "<</Fields[", "-",    "9999999999", "R ", "<</a[(", "{"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str object = repeat(f, "<</AcroForm ", units[i], 300000, "");
        CHECK(!holds(f, around(f, object, "<</Size 2/Root 1 0 R>>")));
        CHECK(!holds(f, around(f, STR("<<>>"), object.s)));
        CHECK(!holds(f, repeat(f, "%PDF-1.7\n", units[i], 300000, "\nstartxref\n9\n%%EOF\n")));
        CHECK(!holds(f, repeat(f, "%PDF-1.7\n", units[i], 300000, "")));
    }
}

/* References and sections in circles. */
static void
test_loops(struct fixture *f)
{
    static const char *const objects[] = {
        "1 0 R",
        "<</AcroForm 1 0 R>>",
        "<</AcroForm<</Fields 1 0 R>>>>",
        "<</AcroForm 1 0 R/Fields[1 0 R]/FT/Sig/T(seal)/Kids[1 0 R]/V 1 0 R>>",
        "<</AcroForm 1 0 R/Fields[1 0 R 1 0 R 1 0 R 1 0 R]/Kids[1 0 R 1 0 R 1 0 R 1 0 R]>>",
        "<</AcroForm 1 0 R/Fields[1 0 R]/Parent 1 0 R/FT/Sig/T(seal)>>",
        "<</AcroForm 99999999999999999999 0 R>>",
        "<</AcroForm -1 0 R>>",
        "<</AcroForm<</Fields[2 0 R 3 0 R]>>>>",
        "<</AcroForm 1 65536 R>>",
    };
    static const char *const trailers[] = {
        "<</Size 2/Root 1 0 R>>",
        "<</Size 2/Root 1 0 R/Prev 9>>",
        "<</Size 2/Root 1 0 R/Prev 0>>",
        "<</Size -5/Root 1 0 R>>",
        "<</Size 99999999999/Root 1 0 R>>",
        "<</Root 1 0 R>>",
        "<<>>",
        "<</Size 2/Root 1 0 R/XRefStm 9/Prev -1>>",
        "<</Size 2/Root 7 0 R>>",
        "",
        "<</Size 2/Root<</AcroForm<</Fields[1 0 R]>>>>>>",
    };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        for (size_t k = 0; k < sizeof trailers / sizeof *trailers; k++)
            CHECK(!holds(f, around(f, str_c(objects[i]), trailers[k])));
    struct str s = around(f, STR("<<>>"), "<</Size 2/Root 1 0 R/Prev       >>");
    long xref = str_find(s, "xref\n0"), prev = str_find(s, "/Prev") + 6;
    CHECK(!holds(f, overwrite(f->a, s, (size_t)prev, arena_fmt(f->a, "%ld", xref))));
}

/* Kilobytes that unpack to gigabytes: a stream of zeros as object stream and as cross-references.
 */
static void
test_bombs(struct fixture *f)
{
    enum { ZEROS = 1 << 28 };
    uLongf n = compressBound(ZEROS);
    unsigned char *zeros = calloc(1, ZEROS), *packed = malloc(n);
    CHECK(zeros && packed && compress2(packed, &n, zeros, ZEROS, 9) == Z_OK);
    free(zeros);
    static const char *const dicts[] = {
        "<</Type/XRef/Size 8000000/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length ",
        "<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter[/FlateDecode/FlateDecode]/Length ",
        ("<</Type/XRef/Size 2/W[8 8 8]/Root 1 0 R/Filter/FlateDecode"
         "/DecodeParms<</Predictor 15/Columns 2147483647>>/Length "),
        "<</Type/XRef/Size 2/W[0 0 0]/Root 1 0 R/Filter/FlateDecode/Length ",
    };
    for (size_t i = 0; i < sizeof dicts / sizeof *dicts; i++) {
        AUTO_BUF b = buf_init(1 << 26);
        buf_puts(&b, "%PDF-1.7\n1 0 obj\n");
        buf_fmt(&b, "%s%lu>>stream\n", dicts[i], (unsigned long)n);
        buf_add(&b, packed, n);
        buf_puts(&b, "\nendstream\nendobj\nstartxref\n9\n%%EOF\n");
        CHECK(!holds(f, buf_view(&b)));
    }
    free(packed);
}

/* PAdES: no signing-time among the signed attributes (OID 1.2.840.113549.1.9.5). */
static void
test_no_signing_time(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct str s = sealed(f), cms;
    static const char oid[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05";
    CHECK(str_find(s, "06092a864886f70d010905") < 0 && str_find(s, "06092a864886f70d010904") > 0);
    CHECK(str_find(s, "/SubFilter/ETSI.CAdES.detached") > 0);
    CHECK(sign_cms(f->k.signer, STR("x"), f->a, &cms, &d) == 0);
    CHECK(memmem(cms.s, cms.len, oid, sizeof oid - 1) != NULL);
}

int
main(void)
{
    struct fixture f = {.a = arena_new()};
    struct diag d = diag_init(f.a);
    f.k = make_key(f.a, &d);
    test_byte_ranges(&f);
    test_contents(&f);
    test_changed_page(&f);
    test_nesting(&f);
    test_loops(&f);
    test_bombs(&f);
    test_no_signing_time(&f);
    make_key_done(f.a, &f.k);
    arena_free(f.a);
    return CHECK_DONE();
}
