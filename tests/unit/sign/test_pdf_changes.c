/* Two revisions of one file: what an update may bring, and where it is said that it brought more. */
#include "sign/pdf_changes.h"

#include "pdf_make.h"

struct change {
    int number; /* 0 = the end of the list */
    const char *body;
};

/* The file with an update behind it; trailer: what its trailer has beside /Size and /Prev. */
static struct str
updated(struct arena *a, struct str pdf, const struct change *v, const char *trailer)
{
    size_t at[8], n = 0;
    const char *prev = NULL;
    AUTO_BUF b = buf_init(1 << 24);
    buf_str(&b, pdf);
    for (const char *p = pdf.s; (p = memmem(p, (size_t)(pdf.s + pdf.len - p), "startxref\n", 10)); p += 10)
        prev = p + 10;
    for (; v[n].number; n++) {
        at[n] = b.len;
        buf_fmt(&b, "%d 0 obj\n%s\nendobj\n", v[n].number, v[n].body);
    }
    size_t xref = b.len;
    buf_puts(&b, "xref\n");
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%d 1\n%010zu 00000 n \n", v[i].number, at[i]);
    buf_fmt(&b, "trailer\n<</Size 30000%s/Prev %ld>>\nstartxref\n%zu\n%%%%EOF\n", trailer, atol(prev), xref);
    return arena_str(a, buf_view(&b));
}

/* What is said of the newest revision of a file beside its first bytes. */
static struct str
said(struct arena *a, struct str pdf, size_t was_len)
{
    struct pdf_file was, is;
    struct diag d = diag_init(a);
    if (pdf_open(str_n(pdf.s, was_len), a, &was, &d) != 0 || pdf_open(pdf, a, &is, &d) != 0)
        return d.first.text;
    const char *why = pdf_changes(&was, &is);
    return str_c(why ? why : "");
}

#define FIELD  "/Type/Annot/Subtype/Widget/FT/Sig/T(seal)/TU(Seal \\(of\\) the tool)/F 132/P 3 0 R/Rect[0 0 0 0]"
#define PAGE   "/Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<<>>"
#define SIG    "<</Type/Sig/Contents<00>>>"
#define NEW    "<</Type/Annot/Subtype/Widget/FT/Sig/T(two)/F 132/Rect[0 0 0 0]/V 10 0 R"
#define ROOT   "/Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
#define STREAM "<</Length 26>>stream\n0 0 1 rg 10 10 50 50 re f\n\nendstream"

static const struct {
    struct change v[4];
    const char *want; /* "" = it may be */
} cases[] = {
    /* nothing that is seen */
    {{{20, "(nothing leads here)"}}, ""},
    {{{1, "<< /AcroForm 5 0 R /Pages 2 0 R\n/Type /Catalog >>"}}, ""},
    {{{2, "<</Type/Pages/Kids[20 0 R]/Count 1>>"}, {20, "<<" PAGE "/Annots[6 0 R]>>"}}, ""},
    {{{1, "<<" ROOT "/Nothing null>>"}}, ""},
    {{{3, "<<" PAGE "/Annots 20 0 R>>"}, {20, "[6 0 R]"}}, ""},
    /* validation data */
    {{{1, "<<" ROOT "/DSS 20 0 R>>"}, {20, "<</Type/DSS/CRLs[]>>"}}, ""},
    {{{1, "<<" ROOT "/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>>>"}}, ""},
    /* signatures */
    {{{6, "<<" FIELD "/V 10 0 R>>"}, {10, SIG}}, ""},
    {{{5, "<</Fields[6 0 R 11 0 R]/SigFlags 3>>"}, {11, NEW ">>"}, {10, SIG}}, ""},
    {{{3, "<<" PAGE "/Annots[6 0 R 11 0 R]>>"}, {11, NEW ">>"}, {10, SIG}}, ""},
    {{{5, "<</Fields[6 0 R 11 0 R]/SigFlags 3>>"}, {11, NEW "/A<</S/JavaScript/JS(x)>>>>"}, {10, SIG}}, "/Fields has a new entry"},
    {{{5, "<</Fields[6 0 R 11 0 R]/SigFlags 3>>"}, {11, NEW "/Parent 6 0 R>>"}, {10, SIG}}, "/Fields has a new entry"},
    {{{5, "<</Fields[6 0 R 11 0 R]/SigFlags 3>>"}, {11, "<</Subtype/Widget/FT/Tx/T(x)/Rect[0 0 0 0]/V(x)>>"}}, "/Fields has a new entry"},
    {{{5, "<</Fields[6 0 R 11 0 R]/SigFlags 3>>"}, {11, "<</Subtype/Widget/FT/Sig/T(x)/Rect[0 0 90 90]/V 10 0 R/AP<<>>>>"}, {10, SIG}}, "/Fields has a new entry"},
    {{{5, "<</Fields[]/SigFlags 3>>"}}, "/Fields lost an entry"},
    {{{5, "<</Fields[6 0 R]/SigFlags 3/NeedAppearances true>>"}}, "/AcroForm/NeedAppearances is new"},
    {{{6, "<<" FIELD "/V 10 0 R/AA<<>>>>"}, {10, SIG}}, "/AA is new"},
    /* what is seen or done */
    {{{1, "<<" ROOT "/OpenAction<</S/JavaScript/JS(x)>>>>"}}, "/OpenAction is new"},
    {{{1, "<</Type/Catalog/Pages 2 0 R>>"}}, "/AcroForm is gone"},
    {{{1, "<<" ROOT "/Pages 20 0 R>>"}, {20, "<</Type/Pages/Kids[]/Count 0>>"}}, "is there twice"},
    {{{2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>"}}, "/Kids has another length"},
    {{{2, "<</Type/Pages/Kids[3 0 R]/Count 2>>"}}, "/Pages/Count has another value"},
    {{{3, "<<" PAGE "/Annots[6 0 R 11 0 R]>>"}, {11, "<</Subtype/FreeText/Contents(Approved)>>"}}, "/Annots has a new entry"},
    {{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 20 10]/Contents 4 0 R/Annots[6 0 R]/Resources<<>>>>"}}, "/MediaBox[] has another value"},
    {{{4, "<</Length 26>>stream\n0 0 1 rg 10 10 90 90 re f\n\nendstream"}}, "/Contents is a stream with another content"},
    {{{4, "<</Length 2>>"}}, "/Contents is of another kind"},
    {{{4, "(text)"}}, "/Contents is of another kind"},
    {{{6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(other)/TU(Seal \\(of\\) the tool)/F 132/P 3 0 R/Rect[0 0 0 0]>>"}}, "/T has another value"},
};

static void
test_one_update(struct arena *a)
{
    struct str pdf = make_pdf(a, MAKE_TABLE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str whole = updated(a, pdf, cases[i].v, "/Root 1 0 R"), why = said(a, whole, pdf.len);
        CHECK(cases[i].want[0] ? make_has(why, cases[i].want) : why.len == 0);
        if (!cases[i].want[0] && why.len)
            fprintf(stderr, "case %zu: \"%.*s\"\n", i, STR_ARG(why));
    }
    CHECK(said(a, pdf, pdf.len).len == 0);
}

/* Catalogue and information: others, new, gone. */
static void
test_trailers(struct arena *a)
{
    const struct change other[] = {{20, "<<" ROOT ">>"}, {21, "<</Title(x)>>"}, {0}};
    const struct change title[] = {{21, "<</Title(y)>>"}, {0}};
    struct str pdf = make_pdf(a, MAKE_TABLE), whole = updated(a, pdf, other, "/Root 20 0 R");
    CHECK_STR(said(a, whole, pdf.len), "/Root is another one");
    whole = updated(a, pdf, other, "/Root 1 0 R/Info 21 0 R");
    CHECK_STR(said(a, whole, pdf.len), "/Info is new or gone");
    struct str later = updated(a, whole, title, "/Root 1 0 R/Info 21 0 R");
    CHECK_STR(said(a, later, whole.len), "/Info/Title has another value");
    later = updated(a, whole, title, "/Root 1 0 R");
    CHECK_STR(said(a, later, whole.len), "/Info is new or gone");
}

/* Validation data that was there stays, and a signature that was there is not filled again. */
static void
test_two_updates(struct arena *a)
{
    const struct change dss[] = {{1, "<<" ROOT "/DSS 20 0 R>>"}, {20, "<</CRLs[]>>"}, {0}};
    const struct change more[] = {{20, "<</CRLs[]/OCSPs[]>>"}, {0}}, none[] = {{1, "<<" ROOT ">>"}, {0}};
    const struct change seal[] = {{6, "<<" FIELD "/V 10 0 R>>"}, {10, SIG}, {0}};
    const struct change again[] = {{6, "<<" FIELD "/V 12 0 R>>"}, {12, "<</Type/Sig/Contents<01>>>"}, {0}};
    struct str pdf = updated(a, make_pdf(a, MAKE_TABLE), dss, "/Root 1 0 R");
    struct str whole = updated(a, pdf, more, "/Root 1 0 R");
    CHECK(said(a, whole, pdf.len).len == 0);
    whole = updated(a, pdf, none, "/Root 1 0 R");
    CHECK_STR(said(a, whole, pdf.len), "/DSS is gone");
    pdf = updated(a, make_pdf(a, MAKE_TABLE), seal, "/Root 1 0 R");
    whole = updated(a, pdf, again, "/Root 1 0 R");
    CHECK(make_has(said(a, whole, pdf.len), "/V/Contents has another value"));
}

/* A chain that is longer than a stack, and one that leads back to itself. */
static void
test_long_chains(struct arena *a)
{
    enum { LINKS = 20000 };
    AUTO_BUF b = buf_init(1 << 24);
    size_t *at = ARENA_ARRAY(a, size_t, LINKS + 1);
    buf_puts(&b, "%PDF-1.7\n");
    for (int i = 1; i <= LINKS; i++) {
        at[i] = b.len;
        buf_fmt(&b, "%d 0 obj\n<<%s/Next %d 0 R/Up 1 0 R>>\nendobj\n", i, i == 1 ? "/Type/Catalog" : "", i % LINKS + 1);
    }
    size_t xref = b.len;
    buf_fmt(&b, "xref\n0 %d\n0000000000 65535 f \n", LINKS + 1);
    for (int i = 1; i <= LINKS; i++)
        buf_fmt(&b, "%010zu 00000 n \n", at[i]);
    buf_fmt(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", LINKS + 1, xref);
    struct str pdf = arena_str(a, buf_view(&b));
    const struct change last[] = {{LINKS, "<</Next 2 0 R/Up 1 0 R/X 1>>"}, {0}};
    struct str whole = updated(a, pdf, last, "/Root 1 0 R");
    CHECK(said(a, pdf, pdf.len).len == 0);
    CHECK(make_has(said(a, whole, pdf.len), "/Next"));
}

int
main(void)
{
    struct arena *a = arena_new();
    test_one_update(a);
    test_trailers(a);
    test_two_updates(a);
    test_long_chains(a);
    arena_free(a);
    return CHECK_DONE();
}
