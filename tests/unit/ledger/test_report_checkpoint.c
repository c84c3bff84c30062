/* The note in a report that somebody kept: found whole, or not at all. */
#include "ledger/report_checkpoint.h"

#include "base/buf.h"
#include "check.h"
#include "model/report.h"
#include "render/escape.h"

#define OPENING "<pre id=\"" REPORT_CHECKPOINT_ID "\""

static int
read_in(struct arena *a, const char *before, struct str text, const char *after, struct str *ret,
        enum diag_code *code)
{
    struct diag d = diag_init(a);
    struct str page = arena_fmt(a, "<!doctype html>%s%.*s%s", before, STR_ARG(text), after);
    int rc = report_checkpoint_read(page, a, ret, &d);
    *code = d.first.code;
    return rc;
}

/* What the escapes write is read back, whatever stands in the note. */
static void
test_html(struct arena *a)
{
    static const char *const notes[] = {"unit/assay\n7\nAAA=\n\n— unit/assay BBB=\n",
                                        "<a> & 'b' \"c\" &amp;lt; &lt;", "", "&", "&amp;"};
    struct str got;
    enum diag_code code;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        AUTO_BUF escaped = buf_init(1 << 12);
        html_escape_put(&escaped, str_c(notes[i]));
        CHECK(read_in(a, "<p>" OPENING ">", buf_view(&escaped), "</pre><pre>other</pre>", &got,
                      &code) == 0);
        CHECK_STR(got, notes[i]);
        CHECK(read_in(a, OPENING " class=\"x\">", buf_view(&escaped), "</pre>", &got, &code) == 0);
        CHECK_STR(got, notes[i]);
    }
}

static void
test_none(struct arena *a)
{
    struct str got;
    enum diag_code code;
    static const char *const parts[][2] = {
        {"<pre>", "</pre>"}, {OPENING, ""}, {OPENING ">", ""}, {"</pre>" OPENING ">", ""}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        CHECK(read_in(a, parts[i][0], STR("text"), parts[i][1], &got, &code) == -1 &&
              code == DIAG_BAD_DATA);
    size_t n = (1 << 16) + 10;
    char *many = arena_alloc(a, n);
    memset(many, 'x', n);
    CHECK(read_in(a, OPENING ">", str_n(many, n), "</pre>", &got, &code) == -1);
    CHECK(code == DIAG_BAD_DATA);
    CHECK(read_in(a, OPENING ">", str_n(many, n - 100), "</pre>", &got, &code) == 0);
    CHECK(got.len == n - 100);
}

static void
test_pdf(struct arena *a)
{
    struct str got;
    struct diag d = diag_init(a);
    CHECK(report_checkpoint_is_report(STR("%PDF-1.7")) &&
          report_checkpoint_is_report(STR("<!doctype html><html>")));
    CHECK(!report_checkpoint_is_report(STR(" %PDF-1.7")) &&
          !report_checkpoint_is_report(STR("{\"a\":1}")) && !report_checkpoint_is_report(STR("")));
    CHECK(report_checkpoint_read(STR("%PDF-1.7\nnothing\n%%EOF\n"), a, &got, &d) == -1);
    CHECK(d.first.code != DIAG_OK);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_html(a);
    test_none(a);
    test_pdf(a);
    arena_free(a);
    return CHECK_DONE();
}
