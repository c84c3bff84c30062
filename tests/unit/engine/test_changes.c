/* changes.c: new, fixed, appeared and gone failures; new versions are no change by themselves. */
#include "check.h"
#include "engine/changes.h"
#include "make_fleet.h"

static const struct pick_filter all = {.agent = {"", 0}, .policy = {"", 0}};

static struct changes
compare(struct arena *a, const struct fleet *now, const struct fleet *before)
{
    return changes_count(pick_make(now, &all, a), pick_make(before, &all, a), a);
}

static void
test_states(struct arena *a)
{
    struct fleet now = {0}, before = {0};
    struct fleet *both[] = {&before, &now};
    for (int i = 0; i < 2; i++) {
        size_t g = make_group(a, both[i], ""), p = make_policy(a, both[i], "os", "1");
        make_agent(a, both[i], STR("one"), g);
        make_checks(a, both[i], p, 9, "");
    }
    make_scan(a, &before, 0, 0, 1, "PPFFFNN.F");
    make_scan(a, &now, 0, 0, 2, "PFPFNFPFW");
    struct changes c = compare(a, &now, &before);
    CHECK(c.before == 4 && c.failed == 4);
    CHECK(c.worse == 1 && c.fixed == 1 && c.appeared == 2 && c.gone == 2);
    CHECK(c.n_agents_both == 1);
    CHECK(c.total == 4 && c.total_before == 4 && c.by_counts == 0 && c.several == 0);
}

/* The same checks in another order and under new ids, joined by their keys; a key twice. */
static void
test_versions(struct arena *a)
{
    struct fleet now = {0}, before = {0};
    size_t g = make_group(a, &before, ""), p = make_policy(a, &before, "os", "1");
    make_agent(a, &before, STR("one"), g);
    make_check(a, &before, p, STR("k1"), STR("t"), STR(""));
    make_check(a, &before, p, STR("k2"), STR("t"), STR(""));
    make_check(a, &before, p, STR("k2"), STR("t"), STR(""));
    make_scan(a, &before, 0, 0, 1, "FPF");
    g = make_group(a, &now, "");
    p = make_policy(a, &now, "os", "2");
    make_agent(a, &now, STR("other"), g);
    make_agent(a, &now, STR("one"), g);
    make_check(a, &now, p, STR("k2"), STR("t"), STR(""));
    make_check(a, &now, p, STR("k2"), STR("t"), STR(""));
    make_check(a, &now, p, STR("k1"), STR("t"), STR(""));
    now.policies.v[0].checks.v[2].id = STR("renamed");
    make_scan(a, &now, 1, 0, 2, "PFF");
    struct changes c = compare(a, &now, &before);
    CHECK(c.before == 2 && c.failed == 2 && c.worse == 0 && c.fixed == 0);
    CHECK(c.appeared == 0 && c.gone == 0);
}

static void
test_agents_come_and_go(struct arena *a)
{
    struct fleet now = {0}, before = {0};
    size_t g = make_group(a, &before, ""), p = make_policy(a, &before, "os", "1");
    make_checks(a, &before, p, 3, "");
    make_scan(a, &before, make_agent(a, &before, STR("old"), g), p, 1, "FFP");
    g = make_group(a, &now, "");
    p = make_policy(a, &now, "os", "1");
    make_checks(a, &now, p, 3, "");
    make_scan(a, &now, make_agent(a, &now, STR("new"), g), p, 1, "FPP");
    struct fleet_scan *s = make_empty_scan(a, &now, make_agent(a, &now, STR("sum"), g), p, 1);
    s->counts[STATUS_FAIL] = 100;
    struct changes c = compare(a, &now, &before);
    CHECK(c.before == 2 && c.gone == 2 && c.failed == 1 && c.appeared == 1);
    struct fleet nothing = {0};
    c = compare(a, &nothing, &nothing);
    CHECK(c.failed == 0 && c.before == 0);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_states(a);
    test_versions(a);
    test_agents_come_and_go(a);
    arena_free(a);
    return CHECK_DONE();
}
