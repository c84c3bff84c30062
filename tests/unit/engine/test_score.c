/* pick.c, score.c, bands.c, groups.c: filters, pooling, means, bands. */
#include "check.h"
#include "engine/bands.h"
#include "engine/groups.h"
#include "engine/pick.h"
#include "engine/score.h"
#include "make_fleet.h"

static const struct pick_filter all = {.agent = {"", 0}, .policy = {"", 0}};

static void
test_pooling(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "Servers");
    size_t one = make_agent(a, &f, STR("one"), g), two = make_agent(a, &f, STR("two"), g);
    make_agent(a, &f, STR("three"), g);
    size_t p1 = make_policy(a, &f, "os", "1"), p2 = make_policy(a, &f, "web", "1");
    make_checks(a, &f, p1, 10, "");
    make_checks(a, &f, p2, 10, "");
    make_scan(a, &f, one, p1, 100, "PPXFN");   /* 3 of 4 */
    make_scan(a, &f, one, p2, 200, "FFFF");    /* 0 of 4 */
    make_scan(a, &f, two, p1, 150, "NNCUEIW"); /* nothing evaluated */
    struct score *s = score_make(pick_make(&f, &all, a), a);
    CHECK(s->n_wanted == 3 && s->n_assessed == 2 && s->n_evaluated == 1);
    CHECK(s->agents[0].counts.passed == 3 && s->agents[0].counts.failed == 5);
    CHECK(s->agents[0].pct == 37.5 && s->agents[0].last == 200);
    CHECK(s->agents[0].counts.skipped == 1 && s->agents[0].counts.not_applicable == 1);
    CHECK(!s->agents[1].is_evaluated && s->agents[1].is_assessed);
    CHECK(s->agents[1].counts.skipped == 6 && s->agents[1].counts.waived == 1);
    CHECK(!s->agents[2].is_assessed && s->agents[2].last == CLOCK_NONE);
    CHECK(exact_value(&s->mean) == 0.375 && s->counts.failed == 5);
}

/* A new version of a policy inside the period replaces the old one's scan. */
static void
test_versions(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), one = make_agent(a, &f, STR("one"), g);
    size_t v1 = make_policy(a, &f, "os", "1"), v2 = make_policy(a, &f, "os", "2");
    make_checks(a, &f, v1, 4, "");
    make_checks(a, &f, v2, 4, "");
    make_scan(a, &f, one, v2, 200, "PPPP");
    make_scan(a, &f, one, v1, 100, "FFFF");
    struct pick *p = pick_make(&f, &all, a);
    CHECK(p->n_scans == 1 && f.scans.v[p->scans[0]].policy == v2);
    CHECK(score_make(p, a)->agents[0].pct == 100);
}

static void
test_filters(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "Servers"), h = make_group(a, &f, "Desktops");
    size_t one = make_agent(a, &f, STR("one"), g), two = make_agent(a, &f, STR("two"), h);
    f.agents.v[two].alias = STR("Second");
    size_t os = make_policy(a, &f, "os", "1"), web = make_policy(a, &f, "web", "1");
    make_checks(a, &f, os, 4, "");
    make_checks(a, &f, web, 4, "");
    make_scan(a, &f, one, os, 1, "PF");
    make_scan(a, &f, two, os, 1, "PP");
    make_scan(a, &f, two, web, 1, "FF");
    struct str groups[] = {STR("Desktops"), STR("no such group")};
    struct pick_filter q = all;
    q.groups = groups;
    q.n_groups = 2;
    struct pick *p = pick_make(&f, &q, a);
    CHECK(p->n_agents == 1 && !p->agents[one] && p->agents[two] && p->n_scans == 2);
    q = all;
    q.agent = STR("two");
    q.policy = STR("web");
    p = pick_make(&f, &q, a);
    CHECK(p->n_agents == 1 && p->n_scans == 1 && f.scans.v[p->scans[0]].policy == web);
    q.agent = STR("nobody");
    CHECK(pick_make(&f, &q, a)->n_agents == 0);
    q.agent = STR("Second"); /* an alias is nobody */
    CHECK(pick_make(&f, &q, a)->n_agents == 0);
}

static void
test_order(void)
{
    struct score_agent third = {.is_evaluated = true, .counts = {.passed = 1, .failed = 2}};
    struct score_agent same = {.is_evaluated = true, .counts = {.passed = 100, .failed = 200}};
    struct score_agent huge = {.is_evaluated = true,
                               .counts = {.passed = INT64_MAX / 4, .failed = INT64_MAX / 4}};
    CHECK(score_cmp(&third, &same) == 0 && score_cmp(&third, &huge) < 0);
    CHECK(score_cmp(&third, &(struct score_agent){0}) < 0);
}

static void
test_flags(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), one = make_agent(a, &f, STR("one"), g);
    size_t two = make_agent(a, &f, STR("two"), g), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 4, "");
    make_scan(a, &f, one, p, 5, "PF")->partial = true;
    struct fleet_scan *s = make_empty_scan(a, &f, two, p, 6);
    s->score_only = true;
    s->counts[STATUS_PASS] = 9;
    s->counts[STATUS_FAIL] = 1;
    s->reported_score = 12;
    struct score *r = score_make(pick_make(&f, &all, a), a);
    CHECK(r->n_partial == 1 && r->n_score_only == 1 && r->agents[1].pct == 90);
    CHECK(fabs(exact_value(&r->mean) - 0.7) < 1e-12);
}

static void
test_bands_and_groups(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "Servers"), h = make_group(a, &f, "Network");
    make_group(a, &f, "empty");
    size_t silent = make_group(a, &f, "silent"), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 100, "");
    const struct {
        size_t group, passed, failed;
    } rows[] = {{g, 1, 3}, {g, 9, 1}, {h, 49, 51}, {h, 1, 1}, {h, 1, 0}};
    for (size_t i = 0; i < 5; i++) {
        size_t agent = make_agent(a, &f, arena_fmt(a, "a%zu", i), rows[i].group);
        make_counted_scan(a, &f, agent, p, 1, rows[i].passed, rows[i].failed);
    }
    make_agent(a, &f, STR("x"), silent);
    struct score *s = score_make(pick_make(&f, &all, a), a);
    struct bands b = bands_count(s);
    CHECK(b.n[0] == 0 && b.n[1] == 2 && b.n[2] == 1 && b.n[3] == 0 && b.n[4] == 2);
    CHECK(b.n_evaluated == 5 && b.n_not_evaluated == 1 && b.n_below_half == 2);
    struct groups_table t = groups_average(&f, s, a);
    CHECK(t.n == 3 && t.v[0].group == h && t.v[1].group == g && t.v[2].group == silent);
    CHECK(fabs(100 * exact_value(&t.v[0].mean) - 199.0 / 3) < 1e-9 && t.v[0].n_agents == 3);
    CHECK(fabs(100 * exact_value(&t.v[1].mean) - 57.5) < 1e-9 && t.v[2].n_evaluated == 0 && t.v[2].n_agents == 1);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_pooling(a);
    test_versions(a);
    test_filters(a);
    test_order();
    test_flags(a);
    test_bands_and_groups(a);
    arena_free(a);
    return CHECK_DONE();
}
