/* ingest/xccdf* and ingest.c against files made to cost much or to hide something. Sizes are those
 * that took minutes or gigabytes before there was a limit. */
#include <time.h>

#include "base/buf.h"
#include "base/env.h"
#include "check.h"
#include "ingest/ingest.h"
#include "ingest/limits.h"

#define NS   "xmlns='http://checklists.nist.gov/xccdf/1.2'"
#define TIME " end-time='2026-11-20T10:00:00Z'"

struct parse {
    struct arena *a;
    struct diag d;
    struct scan_file f;
    struct buf in;
    int rc;
    double seconds;
};

static struct parse
begin(void)
{
    struct parse p = {.a = arena_new(), .in = buf_init((size_t)256 << 20)};
    p.d = diag_init(p.a);
    return p;
}

static void
run(struct parse *p)
{
    struct ingest_context c = {.path = "in.xml", .mtime = 1795000000, .asset_name = STR("")};
    clock_t before = clock();
    p->rc = ingest_bytes(&c, buf_view(&p->in), p->a, &p->f, &p->d);
    p->seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    CHECK(p->seconds < 10);
    CHECK(!buf_bad(&p->in));
}

static void
finish(struct parse *p)
{
    buf_done(&p->in);
    arena_free(p->a);
}

static void
check_too_big(struct parse *p, const char *words)
{
    run(p);
    CHECK(p->rc == -1 && p->d.first.code == DIAG_TOO_BIG && p->f.scans.n == 0);
    if (str_find(p->d.first.text, words) < 0)
        CHECK_STR(p->d.first.text, words);
    CHECK(arena_used(p->a) < LIMIT_KEPT + ((size_t)64 << 20));
    finish(p);
}

static bool
warned(const struct parse *p, const char *words)
{
    for (size_t i = 0; i < p->d.warnings.n; i++)
        if (str_find(p->d.warnings.v[i].text, words) >= 0)
            return true;
    return false;
}

/* ---- what costs much ---- */

static void
put_benchmark(struct buf *b, unsigned n_rules)
{
    buf_puts(b, "<Benchmark " NS " id='b'><version>1</version>");
    for (unsigned i = 0; i < n_rules; i++)
        buf_fmt(b, "<Rule id='r%u'/>", i);
}

/* A small file that asks for all rules again and again. */
static void
test_many_scans(const char *idref)
{
    struct parse p = begin();
    put_benchmark(&p.in, 20000);
    for (unsigned i = 0; i < 300; i++)
        buf_fmt(&p.in,
                "<TestResult" TIME "><target>h</target><rule-result idref='%s'><result>pass"
                "</result></rule-result></TestResult>",
                idref);
    buf_puts(&p.in, "</Benchmark>");
    check_too_big(&p, "the scans of the file have more than");
}

/* Scans of one benchmark share its rules and keep their own: no rule of one shows in another. */
static void
test_shared_rules(void)
{
    struct parse p = begin();
    put_benchmark(&p.in, 1000);
    for (unsigned i = 0; i < 500; i++)
        buf_fmt(&p.in,
                "<TestResult" TIME "><target>h%u</target><rule-result idref='r7'><result>fail"
                "</result></rule-result><rule-result idref='r7'><result>pass</result>"
                "</rule-result>%s</TestResult>",
                i, i == 250 ? "<rule-result idref='own'><result>error</result></rule-result>" : "");
    buf_puts(&p.in, "</Benchmark>");
    run(&p);
    CHECK(p.rc == 0 && p.f.scans.n == 500);
    for (size_t i = 0; i < p.f.scans.n; i++) {
        const struct scan *s = &p.f.scans.v[i];
        CHECK(s->checks.n == (i == 250 ? 1001 : 1000));
        CHECK(s->results.v[0].ordinal == 0 && s->results.v[1].ordinal == 1);
        CHECK_STR(s->checks.v[s->results.v[1].check].id, "r7");
    }
    CHECK_STR(p.f.scans.v[250].checks.v[1000].id, "own");
    CHECK(arena_used(p.a) < (size_t)8 << 20);
    finish(&p);
}

static void
test_many_rules(void)
{
    struct parse p = begin();
    put_benchmark(&p.in, LIMIT_CHECKS + 1);
    check_too_big(&p, "rules in a benchmark");
    p = begin();
    buf_puts(&p.in, "<TestResult " NS ">");
    for (unsigned i = 0; i <= LIMIT_CHECKS; i++)
        buf_fmt(&p.in, "<rule-result idref='r%u'><result>pass</result></rule-result>", i);
    check_too_big(&p, "rules");
}

static void
test_many_scores_and_addresses(void)
{
    struct parse p = begin();
    buf_puts(&p.in, "<TestResult " NS TIME "><target>h</target>");
    for (unsigned i = 0; i < 1000; i++)
        buf_fmt(&p.in, "<target-address>192.0.2.%u</target-address>", i);
    buf_puts(&p.in, "<rule-result idref='r'><result>pass</result></rule-result>"
                    "<score maximum='1e999'>1e999</score><score>nan</score><score/>");
    for (unsigned i = 0; i < 1000; i++)
        buf_fmt(&p.in, "<score maximum='1e999'>%u</score>", i);
    buf_puts(&p.in, "</TestResult>");
    run(&p);
    CHECK(p.rc == 0 && p.f.scans.n == 1);
    CHECK(p.f.scans.v[0].asset.addresses.n == LIMIT_ADDRESSES && warned(&p, "addresses"));
    CHECK(p.f.scans.v[0].scores.n == LIMIT_SCORES && warned(&p, "scores"));
    CHECK(p.f.scans.v[0].scores.v[0].value == 0 && p.f.scans.v[0].scores.v[1].value == 1);
    CHECK(p.f.scans.v[0].scores.v[0].maximum == 0 && warned(&p, "no number"));
    finish(&p);
}

/* Each part of a joined text copies the parts before it. */
static void
test_many_parts(void)
{
    struct parse p = begin();
    buf_puts(&p.in, "<Benchmark " NS " id='b'><Rule id='r'>");
    for (unsigned i = 0; i < 200000; i++)
        buf_puts(&p.in, "<rationale>x</rationale>");
    buf_puts(&p.in,
             "</Rule><TestResult" TIME "><target>h</target><rule-result idref='r'><result>pass"
             "</result></rule-result></TestResult></Benchmark>");
    run(&p);
    CHECK(p.rc == 0 && warned(&p, "some left out"));
    CHECK(arena_used(p.a) < (size_t)64 << 20);
    finish(&p);
}

/* 220 MB of evidence: 72 MB are kept, the rest is gone as it comes. */
static void
test_much_evidence(void)
{
    struct parse p = begin();
    buf_puts(&p.in, "<TestResult " NS TIME "><target>h</target>");
    for (unsigned i = 0; i < 1100; i++) {
        buf_puts(&p.in, "<set-value/><rule-result idref='r'><result>fail</result><message>");
        char *room = buf_room(&p.in, 200000);
        memset(room, 'x', 200000);
        buf_grew(&p.in, 200000);
        buf_puts(&p.in, "</message></rule-result>");
    }
    buf_puts(&p.in, "</TestResult>");
    run(&p);
    CHECK(p.rc == 0 && p.f.scans.n == 1);
    CHECK(p.rc != 0 || p.f.scans.v[0].results.v[1099].evidence.len <= LIMIT_TEXT);
    CHECK(arena_used(p.a) < (size_t)512 << 20);
    finish(&p);
}

/* ---- what hides something ---- */

/* One result with more evidence than the buffer takes must not silence the next ones. */
static void
test_evidence(void)
{
    struct parse p = begin();
    buf_puts(&p.in, "<TestResult " NS TIME "><target>h</target>"
                    "<rule-result idref='r1'><result>fail</result>");
    for (unsigned i = 0; i < 8; i++) {
        buf_puts(&p.in, "<message>");
        char *room = buf_room(&p.in, 70000);
        memset(room, 'x', 70000);
        buf_grew(&p.in, 70000);
        buf_puts(&p.in, "</message>");
    }
    buf_puts(&p.in, "</rule-result><rule-result idref='r2'><result>fail</result>"
                    "<message>port 23 is open</message></rule-result></TestResult>");
    run(&p);
    CHECK(p.rc == 0 && p.f.scans.v[0].results.n == 2);
    CHECK(p.f.scans.v[0].results.v[0].evidence.len <= LIMIT_TEXT);
    CHECK(str_find(p.f.scans.v[0].results.v[0].evidence, "[cut") > 0);
    CHECK_STR(p.f.scans.v[0].results.v[1].evidence, "port 23 is open");
    CHECK(warned(&p, "evidence of more than"));
    finish(&p);
}

static void
check_refused_whole(const char *bytes)
{
    struct parse p = begin();
    buf_puts(&p.in, bytes);
    run(&p);
    CHECK(p.rc == -1 && p.f.scans.n == 0 && str_starts(p.d.first.place, "in.xml:"));
    finish(&p);
}

/* A complete TestResult does not save the file it stands in. */
static void
test_all_or_nothing(void)
{
#define ONE                                                                                        \
    "<TestResult " TIME "><target>h</target><rule-result idref='r'><result>pass</result>"          \
    "</rule-result></TestResult>"
    check_refused_whole("<Benchmark " NS " id='b'>" ONE "<TestResult>");
    check_refused_whole("<Benchmark " NS " id='b'>" ONE "</Benchmark><x/>");
    check_refused_whole("<Benchmark " NS " id='b'>" ONE "&x;</Benchmark>");
    check_refused_whole("<Benchmark " NS " id='b'>" ONE "</Benchmar>");
}

/* With several devices in an ARF nobody knows whose name a nameless result should get. */
static void
test_devices(unsigned n_devices, const char *name)
{
    struct parse p = begin();
    buf_puts(&p.in, "<asset-report-collection xmlns='http://scap.nist.gov/schema/"
                    "asset-reporting-format/1.1'><assets>");
    for (unsigned i = 0; i < n_devices; i++)
        buf_fmt(&p.in,
                "<asset><computing-device><hostname>dev%u</hostname></computing-device>"
                "</asset>",
                i);
    buf_puts(&p.in, "</assets><reports><report><content><TestResult " NS TIME "><rule-result "
                    "idref='r'><result>pass</result></rule-result></TestResult></content></report>"
                    "</reports></asset-report-collection>");
    run(&p);
    CHECK(p.rc == 0 && p.f.scans.n == 1);
    if (p.rc == 0)
        CHECK_STR(p.f.scans.v[0].asset.name, name);
    finish(&p);
}

/* Two benchmarks and a TestResult that is of neither: no texts are better than wrong ones. */
static void
test_other_benchmark(void)
{
    struct parse p = begin();
    buf_puts(&p.in,
             "<asset-report-collection xmlns='http://scap.nist.gov/schema/"
             "asset-reporting-format/1.1'><report-requests>"
             "<content><Benchmark " NS " id='one'><Rule id='r'><title>One</title></Rule>"
             "</Benchmark></content>"
             "<content><Benchmark " NS " id='two'><Rule id='r'><title>Two</title></Rule>"
             "</Benchmark></content></report-requests><reports>"
             "<content><TestResult " NS TIME "><benchmark id='three'/><rule-result idref='r'>"
             "<result>pass</result></rule-result></TestResult></content>"
             "<content><TestResult " NS TIME "><benchmark id='one'/><rule-result idref='r'>"
             "<result>pass</result></rule-result></TestResult></content>"
             "</reports></asset-report-collection>");
    run(&p);
    CHECK(p.rc == 0 && p.f.scans.n == 2);
    if (p.rc == 0 && p.f.scans.n == 2) {
        CHECK(p.f.scans.v[0].bare && !p.f.scans.v[1].bare);
        CHECK_STR(p.f.scans.v[0].checks.v[0].title, "");
        CHECK_STR(p.f.scans.v[1].checks.v[0].title, "One");
    }
    CHECK(warned(&p, "of none of the file's 2 benchmarks"));
    finish(&p);
}

int
main(void)
{
    env_set_now(1795900000);
    test_many_scans("r1");
    test_many_scans("own");
    test_shared_rules();
    test_many_rules();
    test_many_scores_and_addresses();
    test_many_parts();
    test_much_evidence();
    test_evidence();
    test_all_or_nothing();
    test_devices(1, "dev0");
    test_devices(2, "");
    test_other_benchmark();
    return CHECK_DONE();
}
