/* Attached files: found by name, in one node or below it; what is broken is refused. */
#include "sign/pdf_attachment.h"

#include "base/buf.h"
#include "check.h"

/* A PDF of these objects, numbered from 1; the first is the catalogue. */
static struct str
pdf_of(struct arena *a, const char *const *objects, size_t n)
{
    size_t at[16];
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "%PDF-1.7\n");
    for (size_t i = 0; i < n; i++) {
        at[i] = b.len;
        buf_fmt(&b, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
    size_t xref = b.len;
    buf_fmt(&b, "xref\n0 %zu\n0000000000 65535 f \n", n + 1);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%010zu 00000 n \n", at[i]);
    buf_fmt(&b, "trailer\n<</Size %zu/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", n + 1, xref);
    return arena_str(a, buf_view(&b));
}

static int
find(struct arena *a, const char *const *objects, size_t n, struct str *ret)
{
    struct diag d = diag_init(a);
    int rc = sign_pdf_attachment(pdf_of(a, objects, n), "audit.checkpoint", a, ret, &d);
    CHECK(rc == 0 || d.first.code == DIAG_BAD_DATA);
    return rc;
}

#define SPEC        "<</Type/Filespec/F(audit.checkpoint)/EF<</F 3 0 R>>>>"
#define FILE_OBJECT "<</Type/EmbeddedFile/Length 5>>stream\nhello\nendstream"

static void
test_found(struct arena *a)
{
    static const char *const flat[] = {
        "<</Type/Catalog/Names<</EmbeddedFiles<</Names[(a)2 0 R(audit.checkpoint)2 0 R]>>>>>>",
        SPEC, FILE_OBJECT};
    static const char *const deep[] = {"<</Type/Catalog/Names 4 0 R>>",
                                       SPEC,
                                       FILE_OBJECT,
                                       "<</EmbeddedFiles 5 0 R>>",
                                       "<</Kids[6 0 R]>>",
                                       "<</Names[(audit.checkpoint)2 0 R]>>"};
    struct str got;
    CHECK(find(a, flat, 3, &got) == 0);
    CHECK_STR(got, "hello");
    CHECK(find(a, deep, 6, &got) == 0);
    CHECK_STR(got, "hello");
}

static void
test_not_found(struct arena *a)
{
    static const char *const bad[][3] = {
        {"<</Type/Catalog>>", SPEC, FILE_OBJECT},
        {"<</Type/Catalog/Names<</EmbeddedFiles<<>>>>>>", SPEC, FILE_OBJECT},
        {"<</Type/Catalog/Names<</EmbeddedFiles<</Names[(b)2 0 R]>>>>>>", SPEC, FILE_OBJECT},
        {"<</Type/Catalog/Names<</EmbeddedFiles<</Names[(audit.checkpoint)]>>>>>>", SPEC,
         FILE_OBJECT},
        {"<</Type/Catalog/Names<</EmbeddedFiles<</Names[(audit.checkpoint)2 0 R]>>>>>>", "<<>>",
         FILE_OBJECT},
        {"<</Type/Catalog/Names<</EmbeddedFiles<</Names[(audit.checkpoint)2 0 R]>>>>>>", SPEC,
         "<</Length 5>>"},
        {"<</Type/Catalog/Names<</EmbeddedFiles<</Names[(audit.checkpoint)2 0 R]>>>>>>", SPEC,
         "<</Length 999>>stream\nhello\nendstream"},
        {"<</Type/Catalog/Names<</EmbeddedFiles<</Kids[1 0 R 1 0 R]>>>>>>", SPEC, FILE_OBJECT}};
    struct str got;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(find(a, bad[i], 3, &got) == -1);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str got;
    test_found(a);
    test_not_found(a);
    CHECK(sign_pdf_attachment(STR("%PDF-1.7\n"), "x", a, &got, &d) == -1);
    arena_free(a);
    return CHECK_DONE();
}
