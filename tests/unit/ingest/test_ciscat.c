/* The CIS-CAT reader on small reports of our own, whole and broken, and what names of files tell.
 */
#include "base/buf.h"
#include "base/file.h"
#include "check.h"
#include "drive.h"
#include "ingest/readers/ciscat/ciscat.h"

#define HEAD "\"benchmark-id\":\"b\",\"benchmark-title\":\"T\",\"benchmark-version\":\"1\","
#define RULE "{\"rule-id\":\"x_rule_1.2_a\",\"rule-title\":\"A\",\"result\":\"fail\"}"

static const char sample[] =
    "samples/ciscat/shop-01-Example_Linux_12_Benchmark-20261121T194500Z.json";
static const char failures[] =
    "samples/ciscat/shop-01-Example_Linux_12_Benchmark-20261121T194500Z-NonPassing.json";

/* Drives the sample in pieces of step; its only scan, or NULL. */
static const struct scan *
drive_sample(struct drive *v, const char *path, size_t step)
{
    struct str bytes;
    drive_setup(v);
    v->ctx.path = path;
    CHECK(file_slurp(path, 1 << 20, v->a, &bytes, &v->d) == 0);
    drive_bytes(v, &ciscat_format, bytes, step);
    CHECK(v->rc == 0 && v->file.scans.n == 1);
    return v->rc == 0 && v->file.scans.n == 1 ? &v->file.scans.v[0] : NULL;
}

static void
test_whole(void)
{
    struct drive v;
    const struct scan *s = drive_sample(&v, sample, 5);
    if (!s)
        return;
    CHECK_STR(s->format, "ciscat");
    CHECK_STR(s->asset.name, "shop-01");
    CHECK_STR(s->policy.id,
              "xccdf_org.example.benchmarks_benchmark_1.1.0_Example_Linux_12_Benchmark");
    CHECK_STR(s->policy.version, "1.1.0");
    CHECK_STR(s->policy.title, "Example Linux 12 Benchmark");
    CHECK_STR(s->policy.profile, "xccdf_org.example.benchmarks_profile_Level_1_-_Server");
    CHECK(s->end == 1795290300 && s->start == CLOCK_NONE && s->end_assumed && !s->zone_assumed);
    CHECK(!s->partial && s->bare && s->checks.n == 7 && s->results.n == 6);
    for (int i = 1; i < STATUS__COUNT; i++)
        CHECK(s->counts[i] == (i != STATUS_FIXED && i != STATUS_UNKNOWN && i != STATUS_WAIVED));
    CHECK(s->scores.n == 1 && s->scores.v[0].value == 50 && s->scores.v[0].maximum == 100);
    CHECK_STR(s->checks.v[0].title, "Ensure cramfs cannot be mounted");
    CHECK(s->checks.v[0].mappings.n == 1);
    CHECK_STR(s->checks.v[0].mappings.v[0].framework, "cis");
    CHECK_STR(s->checks.v[0].mappings.v[0].control, "1.1.1.1");
    CHECK(v.d.warnings.n == 0);
    drive_free(&v);
}

/* Members in the other order; only failures are in it. */
static void
test_failures_only(void)
{
    struct drive v;
    const struct scan *s = drive_sample(&v, failures, 3);
    if (!s)
        return;
    CHECK_STR(s->asset.name, "shop-01");
    CHECK(s->partial && s->end == 1795290300 && s->results.n == 2);
    CHECK(drive_warned(&v, "NonPassing"));
    drive_free(&v);
}

static void
test_names(void)
{
    static const struct {
        const char *path, *title, *id, *host;
        bool has_time, is_nonpassing;
    } rows[] = {
        {"a-CIS_X-20250101T000000Z.json", "CIS X", "", "a", true, false},
        {"/spool/work/1/web-01-CIS_X-20250101T000000Z.json.xz", "CIS X", "", "web-01", true, false},
        {"web-01-CIS_X-20250101T000000Z-NonPassing.json", "CIS X", "", "web-01", true, true},
        {"web-01-CIS_X-1-20250101T000000Z.json", "CIS (X-1)", "", "web-01", true, false},
        {"w-1-CIS_X-20250101T000000Z.json", "other", "xccdf_y_benchmark_1.0_CIS_X", "w-1", true,
         false},
        {"w-1-CIS_X-20250101T000000Z.json", "other", "", "", true, false},
        {"w1-CIS_X-20250101T000000Z.json", "other", "", "w1", true, false},
        {"agent@w1-CIS_X-20250101T000000Z.json", "CIS X", "", "w1", true, false},
        {"CIS_X-20250101T000000Z.json", "CIS X", "", "", true, false},
        {"-CIS_X-20250101T000000Z.json", "CIS X", "", "", true, false},
        {"w1-CIS_X-20251301T000000Z.json", "CIS X", "", "", false, false},
        {"w1-CIS_X-20250101T250000Z.json", "CIS X", "", "", false, false},
        {"w1-CIS_X-2025-01-01.json", "CIS X", "", "", false, false},
        {"report.json", "CIS X", "", "", false, false},
        {"20250101T000000Z.json", "", "", "", false, false},
        {"-", "", "", "", false, false},
        {"", "", "", "", false, false},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ciscat_name n =
            ciscat_name(a, str_c(rows[i].path), str_c(rows[i].title), str_c(rows[i].id));
        CHECK_STR(n.host, rows[i].host);
        CHECK(str_eqc(n.time, "20250101T000000Z") == rows[i].has_time);
        CHECK((n.time.len > 0) == rows[i].has_time);
        CHECK(n.is_nonpassing == rows[i].is_nonpassing);
    }
    arena_free(a);
}

/* What the transport says wins over the name; a name that tells nothing leaves the host open. */
static void
test_transport(void)
{
    struct drive v;
    drive_setup(&v);
    v.ctx.path = "w1-T-20250101T000000Z.json";
    v.ctx.asset_name = STR("given");
    drive_bytes(&v, &ciscat_format, str_c("{" HEAD "\"rules\":[" RULE "]}"), 9);
    CHECK(v.rc == 0);
    CHECK_STR(v.file.scans.v[0].asset.name, "given");
    CHECK(v.file.scans.v[0].end == 1735689600);
    drive_free(&v);
    drive_text(&v, &ciscat_format, "{" HEAD "\"rules\":[" RULE "]}");
    CHECK(v.rc == 0 && v.file.scans.v[0].asset.name.len == 0);
    CHECK(v.file.scans.v[0].end == DRIVE_MTIME && v.file.scans.v[0].end_assumed);
    CHECK(drive_warned(&v, "names no host"));
    drive_free(&v);
    drive_setup(&v);
    v.ctx.path = "w1-T-20990101T000000Z.json";
    drive_bytes(&v, &ciscat_format, str_c("{" HEAD "\"rules\":[" RULE "]}"), 9);
    CHECK(v.rc == 0 && v.file.scans.v[0].end == DRIVE_MTIME && drive_warned(&v, "future"));
    drive_free(&v);
}

static void
test_refused(void)
{
    static const struct {
        const char *text, *says;
        enum diag_code code;
    } rows[] = {
        {"{" HEAD "\"rules\":{}}", "not a list", DIAG_BAD_DATA},
        {"{" HEAD "\"rules\":null}", "not a list", DIAG_BAD_DATA},
        {"{" HEAD "\"rules\":[]}", "no rule", DIAG_BAD_DATA},
        {"{" HEAD "\"rules\":[{},null,3,[]]}", "no rule", DIAG_BAD_DATA},
        {"{\"rules\":[" RULE "]}", "benchmark-id", DIAG_BAD_DATA},
        {"{\"benchmark-id\":[\"b\"],\"rules\":[" RULE "]}", "benchmark-id", DIAG_BAD_DATA},
        {"{" HEAD "\"rules\":[" RULE, "", DIAG_TRUNCATED},
        {"{" HEAD "\"rules\":[" RULE "]} x", "", DIAG_BAD_DATA},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct drive v;
        drive_text(&v, &ciscat_format, rows[i].text);
        CHECK(v.rc < 0 && v.d.first.code == rows[i].code && v.file.scans.n == 0);
        CHECK(str_find(v.d.first.text, rows[i].says) >= 0);
        drive_free(&v);
    }
}

/* Wrong types, missing members, words that nobody knows, one rule twice. */
static void
test_odd_rules(void)
{
    struct drive v;
    drive_text(&v, &ciscat_format,
               "{\"rules\":[" RULE "," RULE ",{\"rule-id\":\"r2\",\"result\":true},"
               "{\"rule-id\":\"r3\"},{\"rule-title\":\"only a title\",\"result\":\" PASS \"},"
               "{\"rule-id\":\"r4\",\"result\":\"passed?\"},{\"rule-id\":[1],\"result\":\"pass\"},"
               "{\"rule-id\":\"a\\u0000b\",\"result\":\"fixed\"}],"
               "\"score\":\"nan\",\"profile-title\":\"P\"," HEAD "\"more\":null}");
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->partial && drive_warned(&v, "1 entries"));
    CHECK(s->checks.n == 6 && s->results.n == 7 && s->results.v[1].ordinal == 1);
    CHECK(s->counts[STATUS_UNKNOWN] == 3 && s->counts[STATUS_PASS] == 1);
    CHECK(s->counts[STATUS_FAIL] == 2 && s->counts[STATUS_FIXED] == 1);
    CHECK(drive_native(s, "passed?") == 1 && drive_native(s, "(empty)") == 1);
    CHECK(s->scores.n == 0 && drive_warned(&v, "0 to 100"));
    CHECK_STR(s->policy.profile, "P");
    CHECK_STR(s->checks.v[1].title, "r2");
    drive_free(&v);
}

/* Two ids that differ behind the 255th byte stay two. */
static void
test_long_ids(void)
{
    struct drive v;
    struct buf b = buf_init(1 << 20);
    buf_puts(&b, "{" HEAD "\"rules\":[");
    for (int i = 0; i < 2; i++) {
        buf_puts(&b, i ? "," : "");
        buf_fmt(&b, "{\"rule-id\":\"%0400d%d\",\"result\":\"pass\"}", 0, i);
    }
    buf_puts(&b, "]}");
    drive_setup(&v);
    drive_bytes(&v, &ciscat_format, buf_view(&b), 100);
    CHECK(v.rc == 0 && v.file.scans.v[0].checks.n == 2 && drive_warned(&v, "hash"));
    CHECK(v.file.scans.v[0].checks.v[0].id.len <= 255);
    drive_free(&v);
    buf_done(&b);
}

int
main(void)
{
    test_whole();
    test_failures_only();
    test_names();
    test_transport();
    test_refused();
    test_odd_rules();
    test_long_ids();
    return CHECK_DONE();
}
