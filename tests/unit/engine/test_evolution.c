/* evolution.c: carry-forward, first scans, days of 23 and 25 hours. */
#include <time.h>

#include "check.h"
#include "engine/evolution.h"
#include "make_fleet.h"
#include "model/period.h"

static const struct pick_filter all = {.agent = {"", 0}, .policy = {"", 0}};

static void
set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static void
test_carry(struct arena *a)
{
    set_zone("UTC");
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), one = make_agent(a, &f, STR("one"), g);
    size_t two = make_agent(a, &f, STR("two"), g);
    size_t os = make_policy(a, &f, "os", "1"), os2 = make_policy(a, &f, "os", "2");
    size_t web = make_policy(a, &f, "web", "1");
    int64_t t = period_day_start(2026, 3, 1), day = 86400;
    make_point(a, &f, one, os, t - 20 * day, 10, 90);        /* before the period */
    make_point(a, &f, one, os, t + day + 3600, 40, 60);      /* second day, twice */
    make_point(a, &f, one, os2, t + day + 7200, 50, 50);     /* a new version takes over */
    make_point(a, &f, two, web, t + 2 * day, 100, 0);        /* third day's first second */
    make_point(a, &f, one, web, t + 3 * day + 86399, 10, 0); /* fourth day's last second */
    make_point(a, &f, two, web, t + 5 * day, 0, 7);          /* after the period */
    struct evolution e = evolution_make(pick_make(&f, &all, a), t, t + 5 * day, a);
    CHECK(e.n == 5);
    CHECK(e.days[0].passed == 10 && e.days[0].failed == 90 && e.days[0].n_agents == 1);
    CHECK(e.days[0].n_scans == 0 && e.days[1].n_scans == 2);
    CHECK(e.days[1].passed == 50 && e.days[1].failed == 50);
    CHECK(e.days[2].passed == 75 && e.days[2].failed == 25 && e.days[2].n_agents == 2);
    CHECK(e.days[3].passed == 80 && e.days[4].passed == 80 && e.days[4].failed == 25);
}

static void
test_nothing(struct arena *a)
{
    struct fleet f = {0};
    int64_t t = period_day_start(2026, 3, 1);
    struct evolution e = evolution_make(pick_make(&f, &all, a), t, t + 2 * 86400, a);
    CHECK(e.n == 2 && isnan(e.days[0].passed) && e.days[1].n_agents == 0);
    e = evolution_make(pick_make(&f, &all, a), t, t, a);
    CHECK(e.n == 0);
}

/* Daylight saving: March has 31 days in Madrid, one of 23 hours. */
static void
test_zone(struct arena *a)
{
    set_zone("Europe/Madrid");
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), one = make_agent(a, &f, STR("one"), g);
    size_t os = make_policy(a, &f, "os", "1");
    struct period p = period_around(PERIOD_MONTH, period_day_start(2026, 3, 15));
    int64_t change = period_day_start(2026, 3, 29);
    make_point(a, &f, one, os, change + 23 * 3600 - 1, 1, 1);
    make_point(a, &f, one, os, change + 23 * 3600, 2, 2);
    struct evolution e = evolution_make(pick_make(&f, &all, a), p.from, p.to, a);
    CHECK(e.n == 31 && e.days[28].start == change);
    CHECK(e.days[29].start - e.days[28].start == 23 * 3600);
    CHECK(e.days[28].passed == 1 && e.days[29].passed == 2 && isnan(e.days[27].passed));
}

static void
test_speed(struct arena *a)
{
    enum { AGENTS = 10000, SCANS = 31 };
    set_zone("UTC");
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), os = make_policy(a, &f, "os", "1");
    int64_t t = period_day_start(2026, 3, 1);
    for (size_t i = 0; i < AGENTS; i++)
        make_agent(a, &f, arena_fmt(a, "a%zu", i), g);
    for (size_t k = 0; k < SCANS; k++)
        for (size_t i = 0; i < AGENTS; i++)
            make_point(a, &f, i, os, t + (int64_t)(k * 86400 + i), (int64_t)k, 100 - (int64_t)k);
    struct pick *p = pick_make(&f, &all, a);
    clock_t start = clock();
    struct evolution e = evolution_make(p, t, t + 31 * 86400, a);
    double s = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("310,000 points: %.1f ms\n", s * 1e3);
    CHECK(e.n == 31 && e.days[30].passed == 30 && e.days[30].n_agents == AGENTS && s < 0.5);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_carry(a);
    test_nothing(a);
    test_zone(a);
    test_speed(a);
    arena_free(a);
    return CHECK_DONE();
}
