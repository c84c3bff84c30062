/* InSpec, OSCAL, Prowler, kube-bench, docker-bench: members that are missing, of another type or in
 * another order, and what is refused. */
#include "check.h"
#include "drive.h"

static enum status
status_at(const struct drive *v, size_t scan, size_t result)
{
    CHECK(v->rc == 0 && v->file.scans.n > scan && v->file.scans.v[scan].results.n > result);
    if (v->rc != 0 || v->file.scans.n <= scan || v->file.scans.v[scan].results.n <= result) {
        fprintf(stderr, "  said %s\n", diag_text(&v->d).s);
        return STATUS_NONE;
    }
    return v->file.scans.v[scan].results.v[result].status;
}

/* ---- InSpec ---- */

#define CONTROL(more) "{\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\"," more "}]}]}"

static const struct {
    const char *text;
    enum status status;
} inspec_rule[] = {
    {CONTROL("\"impact\":0,\"results\":[{\"status\":\"failed\"}]"), STATUS_NOTAPPLICABLE},
    {CONTROL("\"impact\":0.5,\"results\":[]"), STATUS_ERROR},
    {CONTROL("\"impact\":0.5"), STATUS_ERROR},
    {CONTROL("\"results\":[{\"status\":\"passed\"},{\"status\":\"failed\"}]"), STATUS_FAIL},
    {CONTROL("\"results\":[{\"status\":\"passed\"},{\"status\":\"skipped\"}]"), STATUS_PASS},
    {CONTROL("\"results\":[{\"status\":\"skipped\"}]"), STATUS_NOTCHECKED},
    {CONTROL("\"results\":[{\"status\":\"passed\",\"backtrace\":[]}]"), STATUS_ERROR},
    {CONTROL("\"results\":[{\"status\":\"great\"}]"), STATUS_UNKNOWN},
    {CONTROL("\"results\":[{\"status\":null},{\"status\":\"passed\"}]"), STATUS_ERROR},
    {CONTROL("\"results\":[{\"status\":\"failed\"}],\"waiver_data\":{\"run\":false}"),
     STATUS_WAIVED},
    {CONTROL("\"results\":[{\"status\":\"failed\"}],\"waiver_data\":{\"run\":true}"), STATUS_FAIL},
    {CONTROL("\"results\":[{\"status\":\"failed\"}],\"waiver_data\":{}"), STATUS_FAIL},
    {CONTROL("\"impact\":\"high\",\"results\":[{\"status\":\"passed\"}],\"tags\":7,\"desc\":[1],"
             "\"descriptions\":{\"fix\":\"do\"}"),
     STATUS_PASS},
};

static void
test_inspec_rule(void)
{
    for (size_t i = 0; i < sizeof inspec_rule / sizeof *inspec_rule; i++) {
        struct drive v;
        drive_text(&v, &inspec_format, inspec_rule[i].text);
        if (status_at(&v, 0, 0) != inspec_rule[i].status)
            fprintf(stderr, "  in %s\n", inspec_rule[i].text);
        CHECK(status_at(&v, 0, 0) == inspec_rule[i].status);
        drive_free(&v);
    }
}

/* The outermost profile says how bad, the innermost what was found; whatever their order, and when
 * they name each other in a circle. */
static void
test_inspec_overlay(void)
{
    struct drive v;
    drive_text(
        &v, &inspec_format,
        "{\"profiles\":[{\"name\":\"base\",\"parent_profile\":\"over\",\"controls\":[{\"id\":"
        "\"c\",\"impact\":0.9,\"title\":\"Base\",\"desc\":\"why\",\"results\":[{\"status\":"
        "\"failed\",\"code_desc\":\"x\"}]}]},{\"controls\":[{\"id\":\"c\",\"impact\":0.1,"
        "\"title\":\"Over\",\"results\":[]}],\"name\":\"over\",\"version\":\"2\"}]}");
    CHECK(status_at(&v, 0, 0) == STATUS_FAIL);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->checks.n == 1 && s->checks.v[0].severity == SEVERITY_LOW);
    CHECK_STR(s->checks.v[0].title, "Over");
    CHECK_STR(s->checks.v[0].description, "why");
    CHECK_STR(s->policy.id, "over");
    drive_free(&v);
    drive_text(
        &v, &inspec_format,
        "{\"profiles\":[{\"name\":\"a\",\"parent_profile\":\"b\",\"controls\":[{\"id\":\"c\","
        "\"results\":[{\"status\":\"passed\"}]}]},{\"name\":\"b\",\"parent_profile\":\"a\","
        "\"controls\":[]}]}");
    CHECK(status_at(&v, 0, 0) == STATUS_PASS);
    drive_free(&v);
    drive_text(&v, &inspec_format,
               "{\"profiles\":[{\"controls\":[]},{\"controls\":[{\"id\":\"c\",\"results\":[{"
               "\"status\":\"passed\"}]}]}],\"profiles\":[{\"name\":\"last\"}]}");
    CHECK(v.rc == -1 && str_find(diag_text(&v.d), "duplicate object key") >= 0);
    drive_free(&v);
}

static void
test_inspec_refused(void)
{
    drive_refused(&inspec_format, "{\"profiles\":[]}", "no profile with controls");
    drive_refused(&inspec_format, "{\"profiles\":{}}", "no profile with controls");
    drive_refused(&inspec_format, "{\"controls\":[{\"id\":\"c\"}]}", "no profile with controls");
    drive_refused(&inspec_format, "{\"profiles\":[{\"controls\":[{\"id\":\"c\"}]}]}",
                  "has no name");
    drive_refused(&inspec_format, "{\"profiles\":[{\"controls\":[7,{\"id\":\"\"}]}]}",
                  "no profile with controls");
    drive_refused(&inspec_format, "{\"profiles\":[{\"controls\":[{\"id\":\"c\"", "the JSON ends");
}

/* ---- OSCAL ---- */

static void
test_oscal(void)
{
    struct drive v;
    drive_text(
        &v, &oscal_format,
        "{\"results\":[{\"observations\":[{\"description\":\"c\",\"props\":[{\"name\":\"result\","
        "\"value\":\"Fail\"}]},{\"props\":7},{\"description\":\"d\",\"subjects\":[{\"props\":[{"
        "\"name\":\"result\",\"value\":\"odd\"}]}]}],\"findings\":[{\"target\":{\"target-id\":"
        "\"e\",\"status\":\"not-satisfied\"}},{}],\"title\":7}]}");
    CHECK(status_at(&v, 0, 0) == STATUS_FAIL);
    CHECK(status_at(&v, 0, 1) == STATUS_UNKNOWN && drive_warned(&v, "\"odd\" is not known"));
    CHECK(status_at(&v, 1, 0) == STATUS_FAIL && drive_warned(&v, "without target-id"));
    CHECK_STR(v.file.scans.v[0].policy.id, "7");
    CHECK_STR(v.file.scans.v[1].policy.profile, "findings");
    drive_free(&v);
    drive_refused(&oscal_format, "{\"assessment-results\":{\"results\":[{}]}}", "neither findings");
    drive_refused(&oscal_format, "{\"assessment-results\":{}}", "neither findings");
    drive_refused(&oscal_format,
                  "{\"results\":[{\"observations\":[{\"props\":[{\"name\":\"result\","
                  "\"value\":\"pass\"}]}]}]}",
                  "neither findings");
}

/* Findings of the system do not become those of a host. */
static void
test_oscal_findings(void)
{
    struct drive v;
    drive_text(
        &v, &oscal_format,
        "{\"results\":[{\"title\":\"t\",\"local-definitions\":{\"inventory-items\":[{\"uuid\":"
        "\"1\",\"props\":[{\"name\":\"fqdn\",\"value\":\"a\"}]},{\"uuid\":\"2\",\"props\":[{"
        "\"name\":\"fqdn\",\"value\":\"b\"}]}]},\"observations\":[{\"description\":\"c\","
        "\"subjects\":[{\"subject-uuid\":\"2\"}],\"props\":[{\"name\":\"result\",\"value\":"
        "\"pass\"}]}],\"findings\":[{\"target\":{\"target-id\":\"e\",\"status\":{\"state\":"
        "\"satisfied\"}}}]}]}");
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    CHECK_STR(v.file.scans.v[0].asset.name, "b");
    CHECK(drive_warned(&v, "1 results speak of no inventory item"));
    drive_free(&v);
}

/* ---- Prowler ---- */

static void
test_prowler(void)
{
    struct drive v;
    drive_text(
        &v, &prowler_format,
        "[7,{},{\"metadata\":{\"event_code\":\"c\"},\"status_code\":\"MANUAL\"},"
        "{\"metadata\":{\"event_code\":\"c\"},\"status_code\":\"MUTED\",\"resources\":[{"
        "\"name\":\"n\"}]},{\"metadata\":{\"event_code\":\"d\"},\"status_code\":null,"
        "\"unmapped\":{\"compliance\":{\"CIS-1.10\":[\"1.2\",3],\"X\":\"y\"}},\"time\":\"soon\","
        "\"remediation\":{\"references\":[null,\"u\"]}}]");
    CHECK(status_at(&v, 0, 0) == STATUS_NOTCHECKED && status_at(&v, 0, 1) == STATUS_WAIVED);
    CHECK(status_at(&v, 0, 2) == STATUS_UNKNOWN);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->checks.n == 2 && s->results.v[1].ordinal == 1 && s->checks.v[1].mappings.n == 1);
    CHECK_STR(s->checks.v[1].mappings.v[0].framework, "cis");
    CHECK_STR(s->checks.v[1].mappings.v[0].edition, "1.10");
    CHECK(s->checks.v[1].references.n == 1 && s->end_assumed);
    CHECK_STR(s->policy.id, "ocsf");
    CHECK(drive_warned(&v, "no metadata.event_code"));
    drive_free(&v);
    drive_refused(&prowler_format, "[]", "not a list of findings");
    drive_refused(&prowler_format, "{\"metadata\":{\"event_code\":\"c\"}}",
                  "not a list of findings");
    drive_refused(&prowler_format, "[{\"metadata\":{\"event_code\":\"c\"}", "the JSON ends");
}

/* ---- kube-bench ---- */

static void
test_kubebench(void)
{
    struct drive v;
    drive_text(&v, &kubebench_format,
               "[{\"tests\":[{\"results\":[{\"test_number\":\"1.1\",\"status\":\"PASS\",\"scored\":"
               "false},{\"test_number\":\"1.2\",\"status\":\"INFO\"},{\"test_number\":7,\"status\":"
               "\"later\"},{\"status\":\"PASS\"},9]},{\"results\":null}],\"version\":1.5,\"id\":1,"
               "\"node_type\":\"master\",\"total_pass\":42}]");
    CHECK(status_at(&v, 0, 0) == STATUS_INFORMATIONAL);
    CHECK(status_at(&v, 0, 1) == STATUS_INFORMATIONAL && status_at(&v, 0, 2) == STATUS_UNKNOWN);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->results.n == 3 && s->partial);
    CHECK_STR(s->policy.id, "cis-1.5");
    CHECK_STR(s->policy.profile, "1/master");
    CHECK(drive_warned(&v, "the totals tell of 42 results, 3 are in the file"));
    drive_free(&v);
    drive_refused(&kubebench_format, "{\"Controls\":[]}", "no controls with results");
    drive_refused(&kubebench_format, "{\"Controls\":[{\"tests\":{}}]}", "no controls with results");
    drive_refused(&kubebench_format, "{\"Controls\":null}", "no controls with results");
}

/* ---- docker-bench ---- */

static void
test_dockerbench(void)
{
    struct drive v;
    drive_text(
        &v, &dockerbench_format,
        "{\"tests\":[{\"results\":[{\"id\":\"1.1\",\"result\":\"WARN\",\"items\":[1,\"web\"]},"
        "{\"id\":\"1.1\",\"result\":\"PASS\"},{\"result\":\"PASS\"},{\"id\":\"2\",\"result\":"
        "[]}]},null],\"dockerbenchsecurity\":\"1.6.0\",\"start\":\"x\",\"end\":99999999999,"
        "\"checks\":86}");
    CHECK(status_at(&v, 0, 0) == STATUS_FAIL && status_at(&v, 0, 1) == STATUS_PASS);
    CHECK(status_at(&v, 0, 2) == STATUS_UNKNOWN);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->checks.n == 2 && s->partial && s->end_assumed && s->start == CLOCK_NONE);
    CHECK_STR(s->results.v[0].evidence, "web");
    CHECK_STR(s->results.v[2].native, "(empty)");
    drive_free(&v);
    drive_refused(&dockerbench_format, "{\"dockerbenchsecurity\":\"1\",\"tests\":[]}",
                  "no results");
    drive_refused(&dockerbench_format, "{\"dockerbenchsecurity\":\"1\",\"tests\":[{\"id\":\"1\",",
                  "the JSON ends");
}

/* A result that names no check may have been a failure: the scan is not complete without it. */
static void
test_left_out(void)
{
    static const struct {
        const struct ingest_format *format;
        const char *text;
    } cases[] = {
        {&inspec_format, "{\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\",\"results\":[{"
                         "\"status\":\"passed\"}]},{\"results\":[{\"status\":\"failed\"}]}]}]}"},
        {&kubebench_format,
         "{\"Controls\":[{\"id\":\"1\",\"version\":\"cis-1.8\",\"tests\":[{\"results\":[{"
         "\"test_number\":\"1.1\",\"status\":\"PASS\"},{\"status\":\"FAIL\"}]}]}]}"},
        {&dockerbench_format,
         "{\"dockerbenchsecurity\":\"1.6\",\"tests\":[{\"id\":\"1\",\"results\":[{\"id\":\"1.1\","
         "\"result\":\"PASS\"},{\"result\":\"WARN\"}]}]}"},
        {&prowler_format,
         "[{\"metadata\":{\"event_code\":\"a\"},\"status_code\":\"PASS\",\"time\":1790000000},{"
         "\"status_code\":\"FAIL\"}]"},
        {&cklb_format, "{\"stigs\":[{\"stig_id\":\"a\",\"rules\":[{\"rule_id\":\"1\",\"status\":"
                       "\"not_a_finding\"},7]}],\"target_data\":{\"host_name\":\"h\"}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct drive v;
        drive_text(&v, cases[i].format, cases[i].text);
        CHECK(v.rc == 0 && v.file.scans.n == 1 && v.file.scans.v[0].partial);
        CHECK(drive_warned(&v, "left out"));
        if (v.rc != 0 || !v.file.scans.n || !v.file.scans.v[0].partial)
            fprintf(stderr, "  %s: %s\n", cases[i].format->name, diag_text(&v.d).s);
        drive_free(&v);
    }
}

int
main(void)
{
    test_inspec_rule();
    test_inspec_overlay();
    test_inspec_refused();
    test_oscal();
    test_oscal_findings();
    test_prowler();
    test_kubebench();
    test_dockerbench();
    test_left_out();
    return CHECK_DONE();
}
