/* InSpec: waivers that held and that did not, tags in all their shapes, profiles that were not run,
 * and what is hostile or broken. */
#include <stdlib.h>

#include "base/buf.h"
#include "check.h"
#include "drive.h"

#define CONTROL(more) "{\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\"," more "}]}]}"
#define FAILED        "\"results\":[{\"status\":\"failed\",\"start_time\":\"2026-11-20T09:00:00Z\"}]"

static void
read_one(struct drive *v, const char *text)
{
    drive_text(v, &inspec_format, text);
    CHECK(v->rc == 0 && v->file.scans.n == 1 && v->file.scans.v[0].results.n == 1);
    if (v->rc != 0 || v->file.scans.n != 1 || v->file.scans.v[0].results.n != 1) {
        fprintf(stderr, "%s\n  said %s\n", text, diag_text(&v->d).s);
        exit(1);
    }
}

static const struct scan_result *
result(const struct drive *v)
{
    return &v->file.scans.v[0].results.v[0];
}

static const struct scan_check *
check(const struct drive *v)
{
    return &v->file.scans.v[0].checks.v[0];
}

/* "<framework><edition> <control>, …" in their order. */
static struct str
mappings(struct drive *v)
{
    struct str all = STR("");
    for (size_t i = 0; i < check(v)->mappings.n; i++) {
        const struct scan_mapping *m = &check(v)->mappings.v[i];
        all = arena_fmt(v->a, "%.*s%s%.*s%.*s %.*s", STR_ARG(all), i ? ", " : "",
                        STR_ARG(m->framework), STR_ARG(m->edition), STR_ARG(m->control));
    }
    return all;
}

/* ---- waivers ---- */

static const struct {
    const char *waiver;
    enum status status;
    const char *text;
} waivers[] = {
    {"{\"run\":false,\"justification\":\"moved\",\"expiration_date\":\"2027-03-31\"}",
     STATUS_WAIVED, "moved (until 2027-03-31)"},
    {"{\"run\":false,\"skipped_due_to_waiver\":true,\"justification\":\"moved\"}", STATUS_WAIVED,
     "moved"},
    /* InSpec ran the control, because the waiver had expired: it must not hide the failure */
    {"{\"run\":false,\"skipped_due_to_waiver\":false,\"justification\":\"moved\",\"expiration_date"
     "\":\"2020-01-01\",\"message\":\"Waiver expired\"}",
     STATUS_FAIL, "moved (until 2020-01-01): Waiver expired"},
    {"{\"run\":false,\"expiration_date\":\"2026-11-01\"}", STATUS_FAIL, "(until 2026-11-01)"},
    {"{\"run\":false,\"expiration_date\":\"some day\"}", STATUS_WAIVED, "(until some day)"},
    {"{\"run\":true,\"skipped_due_to_waiver\":\"false\",\"justification\":\"j\"}", STATUS_FAIL,
     "j"},
    {"{\"skipped_due_to_waiver\":\"by hand\"}", STATUS_WAIVED, ""},
    {"{\"skipped_due_to_waiver\":\"\",\"message\":\"m\"}", STATUS_FAIL, "m"},
    {"{\"run\":\"false\",\"justification\":[1]}", STATUS_FAIL, ""},
    {"{}", STATUS_FAIL, ""},
    {"[1]", STATUS_FAIL, ""},
    {"null", STATUS_FAIL, ""},
};

static void
test_waivers(void)
{
    for (size_t i = 0; i < sizeof waivers / sizeof *waivers; i++) {
        struct drive v;
        struct arena *a = arena_new();
        read_one(&v, arena_fmt(a, CONTROL(FAILED ",\"waiver_data\":%s"), waivers[i].waiver).s);
        CHECK(result(&v)->status == waivers[i].status);
        CHECK_STR(result(&v)->native, "Failed");
        CHECK_STR(result(&v)->waiver, waivers[i].text);
        if (result(&v)->status != waivers[i].status)
            fprintf(stderr, "  in %s\n", waivers[i].waiver);
        drive_free(&v);
        arena_free(a);
    }
}

/* ---- tags ---- */

static const struct {
    const char *tags, *mappings;
} tags[] = {
    {"{\"nist\":[\"AC-3\",\"Rev_4\",\"CM-6 b\"]}", "nist_800_53r4 AC-3, nist_800_53r4 CM-6(b)"},
    {"{\"nist\":\"AC-2\",\"cci\":[\"CCI-000015\"]}", "cci CCI-000015, nist_800_53 AC-2"},
    {"{\"cis_controls\":[{\"8\":[\"3.3\"]},{\"7\":[\"14.6\"]}]}", "cis_cscv8 3.3, cis_cscv7 14.6"},
    {"{\"cis_controls\":{\"v8\":\"3.3\"}}", "cis_cscv8 3.3"},
    {"{\"cis_controls\":[\"14.6\",\"Rev_7\",5]}", "cis_cscv7 14.6, cis_cscv7 5"},
    {"{\"gtitle\":\"SRG-OS-000001\",\"satisfies\":[\"SRG-OS-000002\",\"other\",7]}",
     "srg SRG-OS-000001, srg SRG-OS-000002"},
    {"{\"nist\":[\"AC-2\\u0000x\"]}", "nist_800_53 AC-2\xef\xbf\xbdx"},
    {"{\"nist\":[null,[],true,\"\",{\"new\":[\"a\"]},1.5]}", ""},
    {"{\"nist\":\"Rev_4\"}", ""},
    {"[]", ""},
};

static void
test_tags(void)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct drive v;
        struct arena *a = arena_new();
        read_one(&v, arena_fmt(a, CONTROL(FAILED ",\"tags\":%s"), tags[i].tags).s);
        CHECK_STR(mappings(&v), tags[i].mappings);
        if (!str_eqc(mappings(&v), tags[i].mappings))
            fprintf(stderr, "  in %s\n", tags[i].tags);
        CHECK(!strstr(tags[i].tags, "true") || drive_warned(&v, "is no text"));
        CHECK(!strstr(tags[i].tags, "new") || drive_warned(&v, "is no number"));
        CHECK(!strstr(tags[i].tags, "u0000") || drive_warned(&v, "NUL was replaced"));
        drive_free(&v);
        arena_free(a);
    }
}

static void
test_references(void)
{
    struct drive v;
    read_one(&v, CONTROL(FAILED ",\"refs\":[{\"url\":\"https://example.org/x\"},{\"ref\":\"Guide\","
                                "\"uri\":\"u\"},{\"ref\":[{\"ref\":\"Inner\"},4]},7,null],"
                                "\"descriptions\":[{\"label\":\"default\",\"data\":\"Why\"},3]"));
    CHECK(check(&v)->references.n == 4);
    CHECK_STR(check(&v)->references.v[0], "https://example.org/x");
    CHECK_STR(check(&v)->references.v[3], "Inner");
    CHECK_STR(check(&v)->description, "Why");
    drive_free(&v);
}

static void
test_severity(void)
{
    static const struct {
        const char *more;
        enum severity severity;
    } cases[] = {
        {"\"impact\":0.9", SEVERITY_CRITICAL},
        {"\"impact\":0.7", SEVERITY_HIGH},
        {"\"impact\":0.4", SEVERITY_MEDIUM},
        {"\"impact\":0.1", SEVERITY_LOW},
        {"\"impact\":0", SEVERITY_UNKNOWN},
        {"\"impact\":0,\"tags\":{\"severity\":\"medium\"}", SEVERITY_MEDIUM},
        {"\"impact\":0.9,\"tags\":{\"severity\":\"low\"}", SEVERITY_LOW},
        {"\"impact\":0.9,\"tags\":{\"severity\":null}", SEVERITY_CRITICAL},
        {"\"impact\":\"0.9\"", SEVERITY_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct drive v;
        struct arena *a = arena_new();
        read_one(&v, arena_fmt(a, CONTROL(FAILED ",%s"), cases[i].more).s);
        CHECK(check(&v)->severity == cases[i].severity);
        CHECK(!strstr(cases[i].more, "\"0.9\"") || drive_warned(&v, "impact is no number"));
        drive_free(&v);
        arena_free(a);
    }
}

/* ---- results ---- */

static void
test_evidence(void)
{
    struct drive v;
    read_one(&v, CONTROL("\"results\":[{\"status\":\"passed\",\"code_desc\":\"a\"},{\"message\":"
                         "\"m\\u0000n\",\"code_desc\":\"b\",\"status\":\"FAILED\"},{\"status\":"
                         "\"skipped\",\"skip_message\":\"why\"}]"));
    CHECK_STR(result(&v)->evidence, "passed: a\nFAILED: b: m\xef\xbf\xbdn\nskipped: why");
    CHECK(result(&v)->status == STATUS_FAIL && drive_warned(&v, "NUL was replaced"));
    drive_free(&v);
    read_one(&v, CONTROL("\"results\":[{\"status\":\"great\"},{\"status\":\"passed\"}]"));
    CHECK(result(&v)->status == STATUS_UNKNOWN && drive_warned(&v, "\"great\" is not known"));
    CHECK_STR(result(&v)->native, "great");
    drive_free(&v);
    read_one(&v, CONTROL("\"results\":{\"status\":\"passed\"}"));
    CHECK(result(&v)->status == STATUS_ERROR && drive_warned(&v, "results is no list"));
    drive_free(&v);
    read_one(&v, CONTROL("\"results\":[7,{\"status\":\"passed\"}]"));
    CHECK(result(&v)->status == STATUS_ERROR && drive_warned(&v, "a result without status"));
    drive_free(&v);
}

/* Texts beyond their limits are cut with a mark, ids get a hash: two stay two. */
static void
test_long(void)
{
    struct drive v;
    AUTO_BUF text = buf_init(1 << 22);
    buf_puts(&text, "{\"profiles\":[{\"name\":\"p\",\"controls\":[");
    for (int k = 0; k < 2; k++) {
        buf_fmt(&text, "%s{\"id\":\"", k ? "," : "");
        for (int i = 0; i < 300; i++)
            buf_putc(&text, 'x');
        buf_fmt(&text, "%d\",\"impact\":1,\"results\":[", k);
        for (int n = 0; n < 6; n++) {
            buf_fmt(&text, "%s{\"status\":\"passed\",\"code_desc\":\"", n ? "," : "");
            for (int i = 0; i < 70000; i++)
                buf_putc(&text, 'y');
            buf_puts(&text, "\"}");
        }
        buf_puts(&text, "]}");
    }
    buf_puts(&text, "]}]}");
    drive_setup(&v);
    drive_bytes(&v, &inspec_format, buf_view(&text), 4096);
    CHECK(v.rc == 0 && v.file.scans.v[0].checks.n == 2 && v.file.scans.v[0].results.n == 2);
    CHECK(result(&v)->evidence.len <= 65536 && str_find(result(&v)->evidence, "[cut: ") > 0);
    CHECK(check(&v)->id.len <= 255 && drive_warned(&v, "its beginning and its hash"));
    drive_free(&v);
}

static void
test_broken_bytes(void)
{
    struct drive v;
    drive_text(&v, &inspec_format, CONTROL("\"title\":\"a\x96z\"," FAILED));
    CHECK(v.rc == 0 && drive_warned(&v, "not UTF-8 were replaced, first in what begins in line 1"));
    CHECK_STR(check(&v)->title, "a\xef\xbf\xbdz");
    drive_free(&v);
    const char *whole = CONTROL(FAILED ",\"tags\":{\"nist\":[\"AC-3\"]}");
    for (size_t n = 1; n < strlen(whole); n++) {
        drive_setup(&v);
        drive_bytes(&v, &inspec_format, str_n(whole, n), 7);
        CHECK(v.rc == -1 && v.file.scans.n == 0);
        drive_free(&v);
    }
}

/* ---- profiles ---- */

static void
test_profile_status(void)
{
    struct drive v;
    read_one(&v, "{\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\"," FAILED
                 "}]},{\"name\":\"q\",\"status\":\"failed\",\"status_message\":\"no file x\"}]}");
    CHECK(v.file.scans.v[0].partial && drive_warned(&v, "was not run: failed: no file x"));
    drive_free(&v);
    read_one(&v, "{\"profiles\":[{\"name\":\"p\",\"status\":\"loaded\",\"controls\":[{\"id\":"
                 "\"c\"," FAILED "}]},{\"name\":\"q\",\"status\":\"skipped\"}]}");
    CHECK(!v.file.scans.v[0].partial && drive_warned(&v, "was not run: skipped"));
    drive_free(&v);
}

static void
test_levels(void)
{
    struct drive v;
    /* three levels, the innermost first; old versions repeat the results at each */
    read_one(&v,
             "{\"profiles\":[{\"name\":\"base\",\"controls\":[{\"id\":\"c\",\"impact\":0.9,"
             "\"desc\":\"d\"," FAILED "}]},{\"name\":\"mid\",\"depends\":[{\"name\":\"base\"}],"
             "\"controls\":[{\"id\":\"c\",\"impact\":0.5,\"title\":\"Mid\"}]},{\"name\":\"top\","
             "\"depends\":[{\"name\":\"mid\"},{\"name\":\"elsewhere\"},9],\"controls\":[{\"id\":"
             "\"c\",\"impact\":0.1," FAILED "}]}]}");
    CHECK(check(&v)->severity == SEVERITY_LOW && result(&v)->status == STATUS_FAIL);
    CHECK_STR(check(&v)->title, "Mid");
    CHECK_STR(check(&v)->description, "d");
    CHECK_STR(v.file.scans.v[0].policy.id, "top");
    CHECK_STR(result(&v)->evidence, "failed");
    drive_free(&v);
    read_one(&v, "{\"profiles\":[{\"name\":\"a\",\"parent_profile\":\"b\",\"controls\":[{\"id\":"
                 "\"c\"," FAILED "}]},{\"name\":\"b\",\"parent_profile\":\"a\"}]}");
    CHECK(drive_warned(&v, "in a circle"));
    drive_free(&v);
    read_one(&v, "{\"profiles\":[{\"name\":\"a\",\"controls\":[{\"id\":\"c\",\"results\":[{"
                 "\"status\":\"passed\"}]},{\"id\":\"c\"," FAILED "}]}]}");
    CHECK(result(&v)->status == STATUS_FAIL && drive_warned(&v, "stands twice in one profile"));
    drive_free(&v);
}

/* A file that asks for the product of all profiles and all they depend on. */
static void
test_many_profiles(void)
{
    struct drive v;
    AUTO_BUF text = buf_init(1 << 24);
    buf_puts(&text, "{\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\"}]}");
    for (int i = 0; i < 900; i++) {
        buf_fmt(&text, ",{\"name\":\"p%d\",\"depends\":[{\"name\":\"p%d\"}", i, i + 1);
        for (int k = 0; k < 300; k++)
            buf_fmt(&text, ",{\"name\":\"q%d\"}", k);
        buf_puts(&text, "]}");
    }
    buf_puts(&text, "]}");
    drive_setup(&v);
    drive_bytes(&v, &inspec_format, buf_view(&text), 1 << 16);
    CHECK(v.rc == 0 && arena_used(v.a) < (64u << 20));
    drive_free(&v);
    buf_cut(&text, 0);
    buf_puts(&text, "{\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\"}]}");
    for (int i = 0; i < 1000; i++)
        buf_puts(&text, ",{}");
    buf_puts(&text, "]}");
    drive_setup(&v);
    drive_bytes(&v, &inspec_format, buf_view(&text), 1 << 16);
    CHECK(v.rc == -1 && str_find(diag_text(&v.d), "more than 1000 profiles") >= 0);
    drive_free(&v);
}

/* ---- the file ---- */

static void
test_platform(void)
{
    struct drive v;
    read_one(&v,
             "{\"version\":\"2.6\",\"platform\":{\"release\":\"2.6\",\"name\":\"Heimdall Tools\","
             "\"target_id\":\"db01\"},\"other_checks\":[{\"status\":\"failed\"},1],\"controls\":"
             "[{\"id\":\"z\"}],\"profiles\":[{\"controls\":[{\"id\":\"c\"," FAILED
             "}],\"name\":\"p\"}]}");
    const struct scan *s = &v.file.scans.v[0];
    CHECK_STR(s->asset.name, "db01");
    CHECK_STR(s->asset.os, "");
    CHECK_STR(s->engine, "Heimdall Tools 2.6");
    CHECK(s->checks.n == 1 && s->partial && drive_warned(&v, "2 checks that belong to no control"));
    drive_free(&v);
    read_one(&v,
             "{\"platform\":[],\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\"," FAILED
             "}]}]}");
    CHECK(!v.file.scans.v[0].asset.name.len);
    drive_free(&v);
}

/* Shapes of InSpec that hold no results, or not enough of them, are named. */
static void
test_look_alikes(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{\"controls\":[{\"id\":\"c\",\"profile_id\":\"p\",\"status\":\"passed\"}],\"version\":"
         "\"5\",\"statistics\":{}}",
         "json-min"},
        {"{\"name\":\"p\",\"controls\":[],\"sha256\":\"0\"}", "an InSpec profile"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct drive v;
        drive_setup(&v);
        v.rc = ingest_bytes(&v.ctx, str_c(cases[i].text), v.a, &v.file, &v.d);
        CHECK(v.rc == -1 && str_find(diag_text(&v.d), cases[i].want) >= 0);
        drive_free(&v);
    }
}

int
main(void)
{
    test_waivers();
    test_tags();
    test_references();
    test_severity();
    test_evidence();
    test_long();
    test_broken_bytes();
    test_profile_status();
    test_levels();
    test_many_profiles();
    test_platform();
    test_look_alikes();
    return CHECK_DONE();
}
