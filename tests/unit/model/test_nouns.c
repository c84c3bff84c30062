/* model/status, scan, lang, report: the small arithmetic of the nouns. */
#include "check.h"
#include "model/fleet.h"
#include "model/lang.h"
#include "model/report.h"
#include "model/scan.h"

static void
test_status(void)
{
    for (int s = STATUS_PASS; s < STATUS__COUNT; s++)
        CHECK(status_from_word(str_c(status_word((enum status)s))) == (enum status)s);
    CHECK(status_from_word(STR("passed")) == STATUS_NONE);
    CHECK(status_worse(STATUS_PASS, STATUS_FAIL) == STATUS_FAIL);
    CHECK(status_worse(STATUS_ERROR, STATUS_FAIL) == STATUS_ERROR);
    CHECK(status_worse(STATUS_NOTAPPLICABLE, STATUS_PASS) == STATUS_PASS);
    CHECK(status_class(STATUS_FIXED) == CLASS_PASSED &&
          status_class(STATUS_ERROR) == CLASS_SKIPPED);
    CHECK(severity_from_word(STR("High")) == SEVERITY_HIGH);
    CHECK(severity_from_word(STR("info")) == SEVERITY_INFORMATIONAL);
    CHECK(severity_from_word(STR("?")) == SEVERITY_UNKNOWN);
}

static void
test_scan(struct arena *a)
{
    struct scan s = {0};
    VEC_PUSH(a, &s.checks)->id = STR("r1");
    scan_add_result(a, &s, (struct scan_result){.status = STATUS_PASS, .native = STR("passed")});
    scan_add_result(a, &s, (struct scan_result){.status = STATUS_NOTSELECTED, .native = STR("x")});
    CHECK(s.results.n == 1 && s.native_counts.n == 2 && s.counts[STATUS_NOTSELECTED] == 1);
    for (int i = 0; i < 500; i++)
        scan_add_result(
            a, &s,
            (struct scan_result){.status = STATUS_UNKNOWN, .native = arena_fmt(a, "w%d", i)});
    CHECK(s.native_counts.n == 101 && s.native_counts.v[100].n == 402);
    CHECK(scan_category_number(STR("data protection")) == 3 &&
          scan_category_number(STR("19")) == 0);
    struct sha256_digest h1 = scan_catalogue_hash(&s), h2;
    s.checks.v[0].title = STR("t");
    h2 = scan_catalogue_hash(&s);
    CHECK(memcmp(&h1, &h2, sizeof h1) != 0);
    /* what is derived changes no version, what the input says does */
    s.checks.v[0].category = s.checks.v[0].category_source = STR("x");
    h1 = scan_catalogue_hash(&s);
    CHECK(memcmp(&h1, &h2, sizeof h1) == 0);
    s.checks.v[0].section = STR("group:x");
    h1 = scan_catalogue_hash(&s);
    CHECK(memcmp(&h1, &h2, sizeof h1) != 0);
    CHECK(scan_category_kind(STR("own")) == CATEGORY_OWN &&
          scan_category_kind(STR("rule:sshd_*")) == CATEGORY_RULE &&
          scan_category_kind(STR("cis-v8-first")) == CATEGORY_CIS &&
          scan_category_kind(STR("800-53:AC-2")) == CATEGORY_CONTROL &&
          scan_category_kind(STR("800-53-general")) == CATEGORY_GENERAL &&
          scan_category_kind(STR("none")) == CATEGORY_NONE &&
          scan_category_kind(STR("")) == CATEGORY_UNKNOWN);
}

static void
test_vector(void)
{
    unsigned char vec[3] = {0};
    struct fleet_scan s = {.vec = vec, .n_vec = 5};
    for (size_t i = 0; i < 5; i++)
        fleet_pack(vec, i, (enum status)(i * 2 + 1));
    fleet_pack(vec, 1, STATUS_PASS);
    CHECK(fleet_status(&s, 0) == STATUS_PASS && fleet_status(&s, 1) == STATUS_PASS);
    CHECK(fleet_status(&s, 2) == STATUS_UNKNOWN && fleet_status(&s, 4) == STATUS_NOTSELECTED);
    CHECK(fleet_status(&s, 5) == STATUS_NONE);
    vec[0] = 0xff;
    CHECK(fleet_status(&s, 0) == STATUS_UNKNOWN);
}

static void
test_lang(struct arena *a)
{
    struct lang *l = lang_new(a, STR("ja"));
    lang_add(l, true, STR("n"), STR("{n} of {of} agents {x}"));
    lang_add(l, true, STR("n.one"), STR("one of {of}"));
    lang_add(l, false, STR("only"), STR("日本"));
    CHECK_STR(LANG(l, a, "n", {"n", STR("2")}, {"of", STR("3")}), "2 of 3 agents {x}");
    CHECK_STR(LANG(l, a, "n", {"n", STR("1")}, {"of", STR("3")}), "one of 3");
    CHECK_STR(lang_get(l, "only"), "日本");
    lang_add(l, false, STR("number.group"), STR("’"));
    CHECK_STR(lang_number(l, a, STR("0")), "0");
    CHECK_STR(lang_number(l, a, STR("-123")), "-123");
    CHECK_STR(lang_number(l, a, STR("-1234567.8901")), "-1’234’567.8901");
    CHECK_STR(lang_number(l, a, STR("1000")), "1’000");
    CHECK_STR(lang_get(l, "missing"), "[missing]");
}

static void
test_report(struct arena *a)
{
    struct report r = {0};
    struct report_section *s = report_add_section(a, &r, "k", STR("t"));
    struct report_table *t1 = report_add_table(a, s, "one", STR(""));
    struct report_block *cols = report_add(a, s, BLOCK_COLUMNS);
    cols->left = ARENA_NEW(a, struct report_section);
    cols->right = ARENA_NEW(a, struct report_section);
    struct report_table *t2 = report_add_table(a, cols->right, "two", STR(""));
    struct report_table *t3 = report_add_table(a, &r.sections.v[0], "three", STR(""));
    CHECK(report_next_table(&r, NULL) == t1 && report_next_table(&r, t1) == t2);
    CHECK(report_next_table(&r, t2) == t3 && report_next_table(&r, t3) == NULL);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_status();
    test_scan(a);
    test_vector();
    test_lang(a);
    test_report(a);
    arena_free(a);
    return CHECK_DONE();
}
