/* ingest/xccdf*, xml, detect, unpack on inputs of our own. */
#include "base/env.h"
#include "base/file.h"
#include "check.h"
#include "ingest/category/category.h"
#include "ingest/ingest.h"

struct parse {
    struct arena *a;
    struct diag d;
    struct scan_file f;
    int rc;
};

static struct parse
parse_bytes(struct str bytes)
{
    struct parse p = {.a = arena_new()};
    struct ingest_context c = {
        .path = "in.xml", .mtime = 1795000000, .zone_offset_s = 7200, .asset_name = STR("")};
    p.d = diag_init(p.a);
    p.rc = ingest_bytes(&c, bytes, p.a, &p.f, &p.d);
    category_settle(p.a, &p.f);
    return p;
}

static void
check_refused(const char *bytes, const char *words)
{
    struct parse p = parse_bytes(str_c(bytes));
    struct str text = diag_text(&p.d);
    CHECK(p.rc == -1 && p.f.scans.n == 0);
    if (str_find(text, words) < 0) {
        CHECK_STR(text, words);
    }
    arena_free(p.a);
}

static void
check_first(const struct scan *s)
{
    CHECK_STR(s->format, "xccdf-1.2");
    CHECK_STR(s->asset.name, "web01.example.net");
    CHECK_STR(s->asset.addresses.v[0], "192.0.2.10/24");
    CHECK_STR(s->policy.id, "xccdf_net.example_benchmark_house");
    CHECK_STR(s->policy.version, "2026.1");
    CHECK_STR(s->policy.title, "House baseline");
    CHECK_STR(s->policy.profile, "xccdf_net.example_profile_standard");
    CHECK(s->zone_assumed && s->end == 1792488240 - 7200);
    CHECK(s->checks.n == 3 && s->results.n == 4);
    CHECK(s->counts[STATUS_FAIL] == 2 && s->counts[STATUS_PASS] == 1);
    CHECK(s->counts[STATUS_INFORMATIONAL] == 1);
    CHECK(s->results.v[2].ordinal == 1 && s->results.v[2].check == 1);
    CHECK_STR(s->results.v[0].evidence, "PermitRootLogin yes");
    CHECK_STR(s->checks.v[0].category, "Access Control Management");
    CHECK_STR(s->checks.v[0].description, "Actions of root need a person behind them.\nTwo lines.");
    CHECK_STR(s->checks.v[0].remediation, "Set PermitRootLogin to no.");
    CHECK_STR(s->checks.v[0].references.v[0], "chapter 4 (https://example.net/handbook)");
    CHECK(s->scores.n == 1 && s->scores.v[0].maximum == 100);
}

static void
check_second(const struct scan *s, const struct diag *d)
{
    CHECK_STR(s->asset.name, "db01.example.net");
    CHECK(!s->zone_assumed && s->end == 1792486800);
    CHECK(s->counts[STATUS_NOTSELECTED] == 1 && s->results.n == 3);
    CHECK_STR(s->results.v[0].waiver, "fail -> notapplicable by Audit board: console only");
    CHECK(s->results.v[1].status == STATUS_ERROR);
    CHECK_STR(s->results.v[1].native, "weird");
    CHECK(s->checks.n == 4);
    CHECK_STR(s->checks.v[3].key, "SV-230221");
    CHECK(s->results.v[2].status == STATUS_PASS);
    CHECK(d->warnings.n >= 2);
}

static void
test_sample(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str bytes;
    CHECK(file_slurp("samples/xccdf/two-results.xml", 1 << 20, a, &bytes, &d) == 0);
    struct parse p = parse_bytes(bytes);
    CHECK(p.rc == 0 && p.f.scans.n == 2);
    if (p.rc == 0 && p.f.scans.n == 2) {
        check_first(&p.f.scans.v[0]);
        check_second(&p.f.scans.v[1], &p.d);
    } else {
        fprintf(stderr, "%.*s\n", STR_ARG(diag_text(&p.d)));
    }
    arena_free(p.a);
    arena_free(a);
}

#define NS "xmlns=\"http://checklists.nist.gov/xccdf/1.2\""

static void
test_refusals(void)
{
    check_refused("", "the file is empty");
    check_refused("hello", "no reader knows this content: text");
    check_refused("<html><body>x</body></html>", "HTML page");
    check_refused("<Benchmark id='x'/>", "namespace");
    check_refused("<Benchmark " NS "/>", "no TestResult");
    check_refused("<TestResult " NS "><target>x</target>", "was the transfer complete?");
    check_refused("<TestResult " NS "></TestResult><x/>", "in.xml:1:");
    check_refused("<!DOCTYPE x><TestResult " NS "/>", "DOCTYPE is refused");
    check_refused("<TestResult " NS "><a b='1' b='2'/></TestResult>", "in.xml:1:");
    check_refused("\xff\xfe\0\0", "");
    check_refused("PK\3\4zip", "zip archive");
    check_refused("\x28\xb5\x2f\xfdzstd", "zstd");
    check_refused("\x1f\x8b\x08 broken gzip", "gzip");
    check_refused("BZh9 broken", "bzip2");
    check_refused("<data-stream-collection xmlns='http://scap.nist.gov/schema/scap/source/1.2'/>",
                  "source data stream");
    check_refused("{\"stigs\":[]}", "no rules");
    check_refused("{\"profiles\":[]}", "no reader knows");
}

static void
test_times(void)
{
    struct parse p = parse_bytes(
        str_c("<TestResult " NS " end-time='2026-02-30T00:00:00Z'><target>h</target>"
              "<rule-result idref='r'><result>pass</result></rule-result></TestResult>"));
    CHECK(p.rc == 0 && p.f.scans.v[0].end_assumed && p.f.scans.v[0].end == 1795000000);
    CHECK(p.d.warnings.n > 0);
    arena_free(p.a);
}

int
main(void)
{
    env_set_now(1795900000);
    test_sample();
    test_refusals();
    test_times();
    return CHECK_DONE();
}
