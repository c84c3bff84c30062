/* schedule.c: which periods are due. What is done about them is e2e/night/schedule. */
#include "job/schedule.c"

#include <stdlib.h>
#include <time.h>

#include "check.h"

static int64_t
day(int year, int month, int d)
{
    return period_day_start(year, month, d);
}

/* The keys of what is due, newest first, with blanks between. */
static struct str
due(struct arena *a, enum period_kind kind, int64_t first_scan, const struct store_run *runs,
    size_t n_runs, size_t max)
{
    struct period v[MAX_PERIODS];
    struct str all = STR("");
    size_t n = list_due(kind, first_scan, runs, n_runs, max, v, a);
    CHECK(n <= max);
    for (size_t i = 0; i < n; i++)
        all = arena_fmt(a, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(period_key(a, v[i])));
    return all;
}

static void
test_due(struct arena *a)
{
    const struct store_run runs[] = {
        {.period_key = STR("2026-10"), .state = STR("done")},
        {.period_key = STR("2026-09"), .state = STR("failed")},
        {.period_key = STR("2026-08"), .state = STR("claimed")},
        {.period_key = STR("2026-07"), .state = STR("done")},
    };
    env_set_now(day(2026, 11, 23) + 6 * 3600);
    /* back to the period of the first scan, without the running one */
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 8, 31), NULL, 0, 12), "2026-10 2026-09 2026-08");
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 9, 1), NULL, 0, 12), "2026-10 2026-09");
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 11, 2), NULL, 0, 12), "");
    CHECK_STR(due(a, PERIOD_WEEK, day(2026, 11, 10), NULL, 0, 12), "2026-W47 2026-W46");
    CHECK_STR(due(a, PERIOD_YEAR, day(2024, 5, 1), NULL, 0, 12), "2025 2024");
    /* the newest come first when there are more than may be made */
    CHECK_STR(due(a, PERIOD_MONTH, day(2020, 1, 1), NULL, 0, 2), "2026-10 2026-09");
    /* only what is done is left out; a failed or claimed one is for store_claim_run to decide */
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 7, 9), runs, 4, 12), "2026-09 2026-08");
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 6, 9), runs, 4, 2), "2026-09 2026-08");
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 6, 9), runs, 4, 3), "2026-09 2026-08 2026-06");
}

/* A period that closes at this very second is closed. */
static void
test_boundary(struct arena *a)
{
    env_set_now(day(2026, 12, 1));
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 11, 2), NULL, 0, 12), "2026-11");
    env_set_now(day(2026, 12, 1) - 1);
    CHECK_STR(due(a, PERIOD_MONTH, day(2026, 11, 2), NULL, 0, 12), "");
}

static void
test_notes(struct arena *a)
{
    struct diag d = diag_init(a), good = diag_init(a), bad = diag_init(a), worse = diag_init(a);
    struct schedule_summary sum = {0};
    struct run r = {.sum = &sum, .diag = &d};
    note_step(&r, STR("one"), STR("fine"), &good);
    CHECK(!diag_failed(&d));
    diag_fail(&bad, DIAG_CONFIG, "no texts");
    diag_fail(&worse, DIAG_UNAVAILABLE, "no database");
    note_step(&r, STR("two"), STR("never seen"), &bad);
    note_step(&r, STR("three"), STR(""), &worse);
    note_step(&r, STR("four"), STR("would be made"), NULL);
    CHECK(sum.steps.n == 4 && !sum.steps.v[0].failed && sum.steps.v[1].failed);
    CHECK_STR(sum.steps.v[0].text, "fine");
    CHECK(str_find(sum.steps.v[1].text, "no texts") >= 0 && sum.steps.v[2].failed);
    CHECK_STR(sum.steps.v[3].text, "would be made");
    CHECK(d.first.code == DIAG_CONFIG); /* the first failure is the run's */
    diag_warn(&good, DIAG_CONFIG, STR(""), "look here");
    note_warnings(&r, "two", &good);
    CHECK(sum.steps.n == 5 && sum.steps.v[4].warned && !sum.steps.v[4].failed);
    CHECK_STR(sum.steps.v[4].text, "look here");
}

int
main(void)
{
    struct arena *a = arena_new();
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    test_due(a);
    test_boundary(a);
    test_notes(a);
    arena_free(a);
    return CHECK_DONE();
}
