/* topn.c and category.c: orders, ties, titles across policies, totals, and speed over a fleet. */
#include <time.h>

#include "check.h"
#include "engine/category.h"
#include "engine/topn.h"
#include "make_fleet.h"

static const struct pick_filter all = {.agent = {"", 0}, .policy = {"", 0}};

static void
test_agents(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 10, "");
    static const char *const names[] = {"d", "b", "c", "a", "e"};
    static const char *const letters[] = {"PP", "PF", "PPFF", "PFPF", "NN"};
    for (size_t i = 0; i < 5; i++)
        make_scan(a, &f, make_agent(a, &f, str_c(names[i]), g), p, 1, letters[i]);
    struct score *s = score_make(pick_make(&f, &all, a), a);
    struct topn_agents t = topn_agents(&f, s, 1, a);
    CHECK(t.n == 1 && t.n_all == 4 && t.n_ties == 2);
    CHECK_STR(f.agents.v[t.v[0]->agent].name, "a");
    CHECK_STR(f.agents.v[t.v[2]->agent].name, "c");
    CHECK_STR(f.agents.v[t.v[3]->agent].name, "d");
    t = topn_agents(&f, s, 3, a);
    CHECK(t.n == 3 && t.n_ties == 0);
    t = topn_agents(&f, s, 0, a);
    CHECK(t.n == 4);
}

/* The same title under two policies: an agent counts once, failing when either fails. */
static void
test_titles(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "os", "1");
    size_t q = make_policy(a, &f, "web", "1"), old = make_policy(a, &f, "os", "0");
    make_check(a, &f, p, STR("1"), STR("Firewall"), STR(""));
    make_check(a, &f, p, STR("2"), STR("Audit"), STR(""));
    make_check(a, &f, q, STR("77"), STR(" Firewall "), STR(""));
    make_check(a, &f, q, STR("78"), STR(""), STR(""));
    make_check(a, &f, old, STR("9"), STR("Firewall"), STR(""));
    f.policies.v[q].checks.v[0].description = STR("says why");
    size_t one = make_agent(a, &f, STR("one"), g), two = make_agent(a, &f, STR("two"), g);
    size_t three = make_agent(a, &f, STR("three"), g);
    make_scan(a, &f, one, p, 1, "PF");
    make_scan(a, &f, one, q, 1, "FF");
    make_scan(a, &f, two, p, 1, "FN");
    make_scan(a, &f, three, old, 1, "P");
    struct topn_checks t = topn_checks(pick_make(&f, &all, a), 1, a);
    CHECK(t.n_all == 3 && t.n == 1 && t.n_ties == 0);
    CHECK_STR(t.v[0].title, "Firewall");
    CHECK(t.v[0].failed == 2 && t.v[0].assessed == 3 && t.v[0].n_policies == 3);
    CHECK_STR(t.v[0].check->description, "says why");
    CHECK_STR(t.v[1].title, "78");
    CHECK(t.v[1].failed == 1 && t.v[1].assessed == 1);
    CHECK_STR(t.v[2].title, "Audit");
    CHECK(t.v[2].failed == 1 && t.v[2].assessed == 1); /* not applicable on two */
    t = topn_checks(pick_make(&f, &all, a), 2, a);
    CHECK(t.n == 2 && t.n_ties == 1);
}

/* The totals by category of the manual's table, spread over ten agents. */
static void
test_categories(struct arena *a)
{
    static const int64_t totals[] = {991, 777, 422, 403, 328, 261, 104, 45, 44};
    static const int numbers[] = {4, 5, 3, 2, 6, 1, 8, 7, 9};
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "os", "1");
    char *letters[10];
    for (size_t k = 0; k < 10; k++)
        letters[k] = (char *)arena_alloc(a, 1000);
    for (size_t c = 0, at = 0; c < 9; c++) {
        size_t n = (size_t)(totals[c] + 9) / 10;
        make_checks(a, &f, p, n, scan_category_name(numbers[c]).s);
        for (size_t k = 0; k < 10; k++)
            for (size_t i = 0; i < n; i++)
                letters[k][at + i] = k * n + i < (size_t)totals[c] ? 'F' : 'P';
        at += n;
    }
    for (size_t k = 0; k < 10; k++)
        make_scan(a, &f, make_agent(a, &f, arena_fmt(a, "a%zu", k), g), p, 1, letters[k]);
    struct category_table t = category_count(pick_make(&f, &all, a), a);
    CHECK(t.n == 9 && t.n_scans == 10 && t.total.counts.failed == 3375);
    for (size_t c = 0; c < 9 && c < t.n; c++)
        CHECK(t.v[c].counts.failed == totals[c] && t.v[c].number == numbers[c]);
}

static void
test_category_names(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "os", "1");
    make_check(a, &f, p, STR("1"), STR("a"), STR("data protection"));
    make_check(a, &f, p, STR("2"), STR("b"), STR("3"));
    make_check(a, &f, p, STR("3"), STR("c"), STR("Kernel"));
    make_check(a, &f, p, STR("4"), STR("d"), STR(""));
    make_check(a, &f, p, STR("5"), STR("e"), STR("Unused"));
    make_scan(a, &f, make_agent(a, &f, STR("x"), g), p, 1, "FWFF.");
    struct fleet_scan *s = make_empty_scan(a, &f, make_agent(a, &f, STR("y"), g), p, 1);
    s->counts[STATUS_FAIL] = 5;
    struct category_table t = category_count(pick_make(&f, &all, a), a);
    CHECK(t.n == 3 && t.n_without == 1 && t.n_scans == 1);
    CHECK(t.v[0].number == 3 && t.v[0].counts.failed == 1 && t.v[0].counts.waived == 1);
    CHECK_STR(t.v[0].name, "Data Protection");
    CHECK_STR(t.v[1].name, "");
    CHECK_STR(t.v[2].name, "Kernel");
}

/* A vector shorter or longer than its policy, odd lengths, and nibbles nobody writes. */
static void
test_odd_vectors(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 3, "Data Protection");
    make_scan(a, &f, make_agent(a, &f, STR("short"), g), p, 1, "F");
    make_scan(a, &f, make_agent(a, &f, STR("long"), g), p, 1, "FFFFFF");
    struct fleet_scan *s = make_scan(a, &f, make_agent(a, &f, STR("odd"), g), p, 1, "FFF");
    unsigned char *vec = (unsigned char *)arena_copy(a, s->vec, 2);
    vec[0] = 0xf3; /* 15 is no status */
    s->vec = vec;
    struct category_table t = category_count(pick_make(&f, &all, a), a);
    CHECK(t.n == 1 && t.v[0].counts.failed == 1 + 3 + 2 && t.v[0].counts.skipped == 1);
    struct topn_checks c = topn_checks(pick_make(&f, &all, a), 0, a);
    CHECK(c.n_all == 3 && c.v[0].failed == 3 && c.v[1].failed == 2 && c.v[1].assessed == 2);
}

static double
seconds_since(clock_t start)
{
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* 10,000 agents with 250 checks each: the time is that of this process, not of the machine. */
static void
test_speed(struct arena *a)
{
    enum { AGENTS = 10000, CHECKS = 250 };
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "os", "1");
    char letters[CHECKS + 1] = {0};
    make_checks(a, &f, p, CHECKS, "Data Protection");
    for (size_t i = 0; i < AGENTS; i++) {
        for (size_t k = 0; k < CHECKS; k++)
            letters[k] = (i * 7 + k * 13) % 5 ? 'P' : 'F';
        make_scan(a, &f, make_agent(a, &f, arena_fmt(a, "agent%05zu", i), g), p, 1, letters);
    }
    clock_t start = clock();
    struct pick *pick = pick_make(&f, &all, a);
    struct topn_agents agents = topn_agents(&f, score_make(pick, a), 10, a);
    double agents_s = seconds_since(start);
    start = clock();
    struct topn_checks checks = topn_checks(pick, 10, a);
    double checks_s = seconds_since(start);
    start = clock();
    struct category_table t = category_count(pick, a);
    double categories_s = seconds_since(start);
    printf("10,000 x 250: agents %.1f ms, checks %.1f ms, categories %.1f ms\n", agents_s * 1e3,
           checks_s * 1e3, categories_s * 1e3);
    CHECK(agents.n == 10 && checks.v[0].failed == AGENTS / 5 && checks.n_ties == CHECKS - 10);
    CHECK(t.total.counts.failed == (int64_t)AGENTS * CHECKS / 5);
    CHECK(agents_s < 0.25 && checks_s < 0.5 && categories_s < 0.5);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_agents(a);
    test_titles(a);
    test_categories(a);
    test_category_names(a);
    test_odd_vectors(a);
    test_speed(a);
    arena_free(a);
    return CHECK_DONE();
}
