/* PDF: what other programs read in it (qpdf, poppler, veraPDF), the empty signature field, hostile
 * texts, long lists. Parts whose program is not installed are skipped with a line that says so. */
#include <stdlib.h>

#include "check.h"

#include "base/buf.h"
#include "base/file.h"
#include "fake_report.h"
#include "render/pdf/doc.h"
#include "render/pdf/page.h"
#include "render/renderers.h"

static char dir[] = "/tmp/test-pdf-XXXXXX";

/* ---- other programs ---- */

static bool
have(const char *program)
{
    char command[200];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    if (system(command) == 0)
        return true;
    printf("skipped: no %s\n", program);
    return false;
}

/* Runs a command in the folder of the test; its output, and whether it succeeded. */
static struct str
run(struct arena *a, bool *ret_ok, const char *fmt, const char *arg)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct str tail = arena_fmt(a, fmt, arg);
    struct str command = arena_fmt(a, "cd %s && %s", dir, tail.s);
    FILE *f = popen(command.s, "r");
    char block[4096];
    size_t n = 0;
    while (f && (n = fread(block, 1, sizeof block, f)) > 0)
        buf_add(&out, block, n);
    *ret_ok = f && pclose(f) == 0;
    return arena_str(a, buf_view(&out));
}

static struct str
render(struct arena *a, const struct report *r, const char *paper)
{
    struct diag d = diag_init(a);
    struct render_files files = {0};
    struct render_options o = {.paper = str_c(paper), .file_stem = STR("r")};
    int rc = pdf_renderer.write(r, &o, a, &files, &d);
    CHECK(rc == 0);
    if (rc != 0) {
        fprintf(stderr, "%.*s\n", STR_ARG(diag_text(&d)));
        return STR("");
    }
    CHECK(files.files.n == 1);
    CHECK_STR(files.files.v[0].name, "r.pdf");
    CHECK_STR(files.files.v[0].media_type, "application/pdf");
    return files.files.v[0].bytes;
}

static void
save(struct arena *a, const char *name, struct str bytes)
{
    struct diag d = diag_init(a);
    struct str path = file_join(a, dir, name);
    CHECK(file_write_atomic(path.s, bytes, 0600, &d) == 0);
}

/* ---- form ---- */

static void
test_form(struct arena *a)
{
    const struct report *r = fake_report(a, "en", FAKE_LONG);
    struct str pdf = render(a, r, "a4"), again = render(a, r, "a4");
    struct str letter = render(a, r, "letter");
    CHECK(str_starts(pdf, "%PDF-1.7\n") && str_ends(pdf, "%%EOF\n"));
    CHECK(str_eq(pdf, again)); /* same report, same bytes */
    CHECK(!str_eq(pdf, letter));
    /* What the seal's incremental update looks for stands plainly in the file. */
    CHECK(str_find(pdf, "/FT/Sig/T(AssaySeal)") > 0);
    CHECK(str_find(pdf, "/SigFlags 3") > 0);
    CHECK(str_find(pdf, "<pdfuaid:part>1</pdfuaid:part>") > 0);
    CHECK(str_find(pdf, "<xmp:CreateDate>2023-10-01T02:00:00Z") > 0);
    save(a, "en.pdf", pdf);
    save(a, "letter.pdf", letter);
    save(a, "ja.pdf", render(a, fake_report(a, "ja", 0), ""));
    save(a, "hostile.pdf", render(a, fake_report(a, "en", FAKE_HOSTILE), "a4"));
}

static void
test_structure(struct arena *a)
{
    bool ok = false;
    static const char *const names[] = {"en", "letter", "ja", "hostile"};
    if (!have("qpdf"))
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        run(a, &ok, "qpdf --check %s.pdf 2>&1", names[i]);
        CHECK(ok);
    }
    struct str fields = run(a, &ok, "qpdf --json=2 --json-key=acroform %s", "en.pdf");
    CHECK(ok && str_find(fields, "\"fullname\": \"AssaySeal\"") > 0);
    CHECK(str_find(fields, "\"fieldtype\": \"/Sig\"") > 0);
    struct str outline = run(a, &ok, "qpdf --json=2 --json-key=outlines %s", "en.pdf");
    CHECK(ok && str_find(outline, "\"title\": \"A long list\"") > 0);
}

/* ---- text ---- */

static void
test_text(struct arena *a)
{
    bool ok = false;
    if (!have("pdftotext"))
        return;
    struct str pages = run(a, &ok, "pdftotext -layout %s -", "en.pdf");
    CHECK(ok);
    /* The text of the elements: what a screen reader says, wherever lines end. */
    struct str read = run(a, &ok, "pdfinfo -struct-text %s | tr -d '\"\\n' | tr -s ' '", "en.pdf");
    CHECK(ok);
    struct str text = arena_fmt(a, "%.*s%.*s", STR_ARG(pages), STR_ARG(read));
    static const char *const wanted[] = {"Hardening compliance report",
                                         "Their checks pass at 46.1 %",
                                         "Document control",
                                         "monthly.json",
                                         "Digital seal: Example Reports CA",
                                         "Contents",
                                         "DESKTOP-UUKUE87",
                                         "not evaluated",
                                         "Passed checks rise, failed fall",
                                         "Waived until 2023-12-31",
                                         "No check appeared in this period.",
                                         "sysctl -w",
                                         "Ensure rule 59 of the audit log is configured",
                                         "dataset "};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        CHECK(str_find(text, wanted[i]) >= 0);
        if (str_find(text, wanted[i]) < 0)
            fprintf(stderr, "  missing: %s\n", wanted[i]);
    }
    /* Words on both sides of a line's end do not run together, nor do pieces of a line. */
    static const char *const apart[] = {"not evaluated", "Mean age, days", "score ▲ 3.0",
                                        "Summary 3"};
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        CHECK(str_find(read, apart[i]) >= 0);
    struct str info = run(a, &ok, "pdfinfo %s", "letter.pdf");
    CHECK(ok && str_find(info, "Tagged:          yes") > 0);
    CHECK(str_find(info, "612 x 792") > 0);
    CHECK(str_find(info, "Title:           Hardening compliance report") >= 0);
    CHECK(str_find(run(a, &ok, "pdftotext %s -", "ja.pdf"), "文書管理") > 0);
    struct str shape = run(a, &ok, "pdfinfo -struct %s", "en.pdf");
    static const char *const elements[] = {"Document", "Sect",  "H1", "H2",  "Table", "THead", "TR",
                                           "TH",       "TBody", "TD", "TOC", "TOCI",  "Figure"};
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        CHECK(str_find(shape, elements[i]) >= 0);
}

static void
test_hostile_text(struct arena *a)
{
    bool ok = false;
    if (!have("pdftotext"))
        return;
    struct str text = run(a, &ok, "pdftotext -layout %s -", "hostile.pdf");
    CHECK(ok && str_find(text, "<script>alert(1)</script>") > 0);
    CHECK(str_find(text, "⟨U+202E⟩") > 0); /* seen, not obeyed */
    CHECK(str_find(text, "\xe2\x80\xae") < 0);
    CHECK(str_find(text, "⟨U+001B⟩") > 0);
}

/* A cell of a megabyte goes on over pages, and nothing of it is lost. */
static void
test_megabyte(struct arena *a)
{
    bool ok = false;
    save(a, "mega.pdf", render(a, fake_report(a, "en", FAKE_MEGABYTE), "a4"));
    if (!have("pdftotext"))
        return;
    struct str text = run(a, &ok, "pdftotext %s - | tr -d '\\n \\f'", "mega.pdf");
    size_t x = 0;
    for (size_t i = 0; i < text.len; i++)
        x += text.s[i] == 'x';
    CHECK(ok && x >= 999990);
    CHECK(str_find(text, "END-OF-IT.") > 0);
    CHECK(str_find(text, "continued") > 0); /* the cut is visible */
}

/* ---- size ---- */

static struct report *
big_report(struct arena *a, int rows)
{
    struct report *r = fake_report(a, "en", 0);
    struct report_section *s = report_add_section(a, r, "big", STR("Security checks"));
    struct report_table *t = report_add_table(a, s, "big", STR("Security checks"));
    report_add_column(a, t, "id", STR("Id"), CELL_TEXT, ALIGN_LEFT, 0);
    report_add_column(a, t, "title", STR("Check"), CELL_TEXT, ALIGN_LEFT, 3);
    report_add_column(a, t, "category", STR("Category"), CELL_TEXT, ALIGN_LEFT, 1);
    report_add_column(a, t, "since", STR("Failing since"), CELL_DATE, ALIGN_LEFT, 0);
    report_add_column(a, t, "status", STR("Status"), CELL_STATUS, ALIGN_LEFT, 0);
    for (int i = 0; i < rows; i++) {
        struct report_row *row = report_add_row(a, t);
        row->cells[0] = cell_text(arena_fmt(a, "%d", 19000 + i));
        row->cells[1] = cell_text(arena_fmt(a, "Ensure rule %d of the audit log is set", i));
        row->cells[2] = cell_text(STR("Data Protection"));
        row->cells[3] = cell_date(FAKE_SCANNED);
        row->cells[4] = cell_status(i % 3 ? STATUS_PASS : STATUS_FAIL);
        if (i % 3 == 0)
            fake_note(a, row, "evidence", "Evidence",
                      STR("net.ipv4.conf.all.send_redirects = 1, expected 0"));
    }
    return r;
}

static void
test_long_list(struct arena *a)
{
    bool ok = false;
    struct str pdf = render(a, big_report(a, 21500), "a4");
    CHECK(pdf.len > 500000 && pdf.len < 16000000);
    save(a, "big.pdf", pdf);
    if (!have("pdftotext"))
        return;
    struct str n =
        run(a, &ok, "pdftotext -layout %s - | grep -c 'Ensure rule [0-9]* of the audit log is set'",
            "big.pdf");
    CHECK_STR(str_trim(n), "21500");
    /* The head is repeated for the eye, and tagged once. */
    n = run(a, &ok, "pdftotext -layout %s - | grep -c 'Failing since'", "big.pdf");
    int64_t heads = 0;
    CHECK(str_to_i64(str_trim(n), &heads) && heads > 300);
}

/* More pages than an array of PDF 1.4 readers holds. */
static void
test_many_pages(struct arena *a)
{
    enum { PAGES = 33000 };
    struct diag d = diag_init(a);
    const struct pdf_doc_facts facts = {.title = STR("t"),
                                        .subject = STR(""),
                                        .author = STR("a"),
                                        .tool = STR("t"),
                                        .lang = STR("en"),
                                        .created = FAKE_GENERATED,
                                        .width = 100,
                                        .height = 100};
    bool ok = false;
    struct str bytes = STR("");
    struct pdf_doc *doc = pdf_doc_new(&facts, &d);
    for (int i = 0; i < PAGES; i++) {
        struct pdf_page *p = pdf_page_new(doc);
        pdf_page_end(p);
        pdf_page_foot_begin(p);
        pdf_page_foot_end(p);
    }
    CHECK(pdf_doc_end(doc, a, &bytes, &d) == 0);
    pdf_doc_free(doc);
    save(a, "pages.pdf", bytes);
    if (have("qpdf"))
        CHECK_STR(str_trim(run(a, &ok, "qpdf --show-npages %s", "pages.pdf")), "33000");
}

/* ---- conformance ---- */

static void
test_verapdf(struct arena *a)
{
    bool ok = false;
    const char *root = getenv("SRC");
    struct str tool = arena_fmt(a, "%s/../shared/tools/verapdf/verapdf", root ? root : "/nowhere");
    if (!file_exists(tool.s)) {
        printf("skipped: no ../shared/tools/verapdf\n");
        return;
    }
    struct str out = run(a, &ok, "%s 3a,ua1 en.pdf letter.pdf ja.pdf hostile.pdf 2>&1", tool.s);
    if (str_find(out, "PASS") < 0 && str_find(out, "FAIL") < 0) {
        printf("skipped: veraPDF does not start\n");
        return;
    }
    CHECK(ok && str_find(out, "FAIL") < 0);
    if (!ok)
        fprintf(stderr, "%.*s\n", STR_ARG(out));
}

int
main(void)
{
    struct arena *a = arena_new();
    CHECK(mkdtemp(dir) != NULL);
    test_form(a);
    test_structure(a);
    test_text(a);
    test_hostile_text(a);
    test_megabyte(a);
    test_long_list(a);
    test_many_pages(a);
    test_verapdf(a);
    bool ok = false;
    if (!getenv("TEST_KEEP"))
        run(a, &ok, "rm -r %s", dir);
    else
        printf("kept: %s\n", dir);
    arena_free(a);
    return CHECK_DONE();
}
