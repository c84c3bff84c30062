/* JSON: exact bytes of a small report, and that texts come out exactly as they are. */
#include <stdlib.h>

#include "check.h"

#include "fake_report.h"
#include "read_back.h"
#include "render/renderers.h"

static struct str
write_one(struct arena *a, const struct report *r)
{
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {.file_stem = STR("r")};
    CHECK(json_renderer.write(r, &o, a, &f, &d) == 0);
    CHECK(f.files.n == 1);
    CHECK_STR(f.files.v[0].name, "r.json");
    return f.files.v[0].bytes;
}

/* One section: a text, a table with each kind of cell, a chart with a gap. */
static struct report *
small_report(struct arena *a)
{
    struct report *r = ARENA_NEW(a, struct report);
    *r = (struct report){.lang = fake_lang(a, "en"),
                         .id = STR("X"),
                         .title = STR("T"),
                         .period = {.kind = PERIOD_CUSTOM, .from = 0, .to = 86400},
                         .generated_at = 60,
                         .audit_seq = -1};
    struct report_section *s = report_add_section(a, r, "s", STR("S"));
    report_add_text(a, s, BLOCK_NOTE, STR("a \"b\"\n"));
    struct report_table *t = report_add_table(a, s, "t", STR("Table"));
    report_add_column(a, t, "share", STR("Share"), CELL_RATIO, ALIGN_RIGHT, 0);
    report_add_column(a, t, "bar", STR(""), CELL_BAR, ALIGN_LEFT, 0);
    report_add_column(a, t, "score", STR("Score"), CELL_SCORE, ALIGN_RIGHT, 0);
    struct report_row *row = report_add_row(a, t);
    row->cells[0] = cell_ratio(5, 6);
    row->cells[1] = cell_bar(5, 1);
    row->cells[2] = cell_score(exact_percent((struct share){5, 6}, 2));
    row->anchor = "row-1";
    row = report_add_row(a, t);
    row->cells[2] = cell_score(exact_percent((struct share){0, 0}, 2));
    row->is_total = true;
    struct report_chart *ch = fake_chart(a, s, CHART_LINES, "c", "Chart", "Alt");
    ch->n_points = 2;
    ch->times = arena_copy(a, (int64_t[]){0, 86400}, 2 * sizeof(int64_t));
    fake_series(a, ch, "failed", "Failed", ROLE_FAILED, fake_values(a, (double[]){NAN, 2.5}, 2));
    return r;
}

static void
test_exact(struct arena *a)
{
    struct str got = write_one(a, small_report(a));
    struct str zeros = sha256_hex(a, &(struct sha256_digest){.b = {0}});
    struct str want = arena_fmt(
        a,
        "{\"schema\":\"assay-report-1\",\"language\":\"en\",\"id\":\"X\",\"version\":\"\","
        "\"title\":\"T\",\"subtitle\":\"\",\"organisation\":\"\",\"classification\":\"\","
        "\"lead\":\"\",\"scope\":\"\",\"period\":{\"key\":\"1970-01-01..1970-01-01\","
        "\"from\":\"1970-01-01T00:00:00Z\",\"to\":\"1970-01-02T00:00:00Z\",\"text\":\"\",\"zone\":\"\",\"provisional\":false},"
        "\"as_of\":null,\"generated_at\":\"1970-01-01T00:01:00Z\",\"generated_by\":\"\",\"tool\":\"\","
        "\"dataset_sha256\":\"%.*s\",\"audit\":null,\"signer\":\"\",\"signer_fingerprint\":\"\","
        "\"control\":[],\"sections\":[{\"key\":\"s\",\"title\":\"S\",\"blocks\":["
        "{\"type\":\"note\",\"text\":\"a \\\"b\\\"\\n\"},"
        "{\"type\":\"table\",\"key\":\"t\",\"title\":\"Table\",\"columns\":["
        "{\"key\":\"share\",\"title\":\"Share\",\"type\":\"ratio\"},"
        "{\"key\":\"score\",\"title\":\"Score\",\"type\":\"score\"}],\"rows\":["
        "{\"cells\":{\"share\":{\"n\":5,\"of\":6},\"score\":83.33,\"score_n\":5,\"score_of\":6},\"anchor\":\"row-1\"},"
        "{\"cells\":{\"share\":null,\"score\":null,\"score_n\":null,\"score_of\":null},\"is_total\":true}],\"notes\":[]},"
        "{\"type\":\"chart\",\"kind\":\"lines\",\"key\":\"c\",\"title\":\"Chart\",\"alt\":\"Alt\","
        "\"percent\":false,\"times\":[\"1970-01-01T00:00:00Z\",\"1970-01-02T00:00:00Z\"],"
        "\"series\":[{\"key\":\"failed\",\"label\":\"Failed\",\"role\":\"failed\","
        "\"values\":[null,2.5]}]}]}]}\n",
        STR_ARG(zeros));
    CHECK_STR(got, want.s);
}

static void
test_whole(struct arena *a)
{
    struct str got = write_one(a, fake_report(a, "ja", FAKE_HOSTILE | FAKE_MEGABYTE));
    CHECK(str_find(got, "\"language\":\"ja\"") > 0);
    CHECK(str_find(got, "\"audit\":{\"seq\":4711,\"sha256\":\"00ff\",\"checkpoint\":\"log.example/"
                        "<one>\\n42\\n") > 0);
    CHECK(str_find(got, "\"passed\":3,\"failed\":430,\"score\":0.69,\"score_n\":3,\"score_of\":433}") > 0);
    CHECK(str_find(got, "\"status\":\"notapplicable\"") > 0);
    CHECK(str_find(got, "\"mean_age_days\":1234.3,\"mean_age_days_n\":4937,\"mean_age_days_of\":4}") > 0);
    CHECK(str_find(got, "\"mean_age_days\":null,") > 0);
    CHECK(str_find(got, "\"text\":\"=cmd|' /C calc'!A0\"") > 0); /* exact, unguarded */
    CHECK(str_find(got, "\"text\":\"safe\xe2\x80\xae"
                        "fdp.exe\"") > 0);
    CHECK(str_find(got, "esc \\u001b[31m") > 0);
    CHECK(str_find(got, "END-OF-IT.\"") > 0);
    CHECK(read_count(got, "\"type\":\"columns\",\"left\":[") == 1);
    struct str again = write_one(a, fake_report(a, "ja", FAKE_HOSTILE | FAKE_MEGABYTE));
    CHECK(str_eq(got, again));
}

int
main(void)
{
    setenv("TZ", "UTC", 1);
    struct arena *a = arena_new();
    test_exact(a);
    test_whole(a);
    arena_free(a);
    return CHECK_DONE();
}
