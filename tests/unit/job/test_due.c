/* due.c: which periods are due, and when. What is done about them is e2e/night/schedule. */
#include "job/due.c"

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
due_of(struct arena *a, const struct definition *def, int64_t first_scan,
       const struct store_run *runs, size_t n_runs, size_t max)
{
    struct period v[MAX_PERIODS];
    struct str all = STR("");
    const struct due_window w = {.first_scan = first_scan, .pruned = CLOCK_NONE};
    size_t n = list_open(def, &w, runs, n_runs, false, max, v, a);
    CHECK(n <= max);
    for (size_t i = 0; i < n; i++)
        all = arena_fmt(a, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(period_key(a, v[i])));
    return all;
}

static struct str
due(struct arena *a, enum period_kind kind, int64_t first_scan, const struct store_run *runs,
    size_t n_runs, size_t max)
{
    const struct definition def = {.period = kind};
    return due_of(a, &def, first_scan, runs, n_runs, max);
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

/* A definition with a schedule. */
static struct definition
at_times(const char *schedule, enum period_kind kind)
{
    struct definition def = {.period = kind, .schedule = str_c(schedule)};
    struct str zone;
    const char *why;
    CHECK(calendar_parse(def.schedule, &def.calendar, &zone, &why) && !zone.len);
    return def;
}

/* A period waits for the first moment behind its end, and none is left out. */
static void
test_schedules(struct arena *a)
{
    struct definition third = at_times("*-*-03 06:00", PERIOD_MONTH),
                      weekdays = at_times("Mon..Fri 07:00", PERIOD_DAY),
                      once = at_times("2026-11-05", PERIOD_MONTH);
    env_set_now(day(2026, 12, 3) + 6 * 3600 - 1);
    CHECK_STR(due_of(a, &third, day(2026, 10, 5), NULL, 0, 12), "2026-10");
    env_set_now(day(2026, 12, 3) + 6 * 3600);
    CHECK_STR(due_of(a, &third, day(2026, 10, 5), NULL, 0, 12), "2026-11 2026-10");
    env_set_now(day(2026, 11, 23) + 7 * 3600); /* a Monday */
    CHECK_STR(due_of(a, &weekdays, day(2026, 11, 20), NULL, 0, 12),
              "2026-11-22 2026-11-21 2026-11-20");
    env_set_now(day(2026, 11, 23) + 7 * 3600 - 1);
    CHECK_STR(due_of(a, &weekdays, day(2026, 11, 20), NULL, 0, 12), "");
    CHECK_STR(due_of(a, &once, day(2026, 9, 20), NULL, 0, 12), "2026-10 2026-09");
    struct period november = {
        .kind = PERIOD_MONTH, .from = day(2026, 11, 1), .to = day(2026, 12, 1)};
    CHECK(due_at(&once, november) == CLOCK_NONE);
    CHECK(due_at(&third, november) == day(2026, 12, 3) + 6 * 3600);
}

/* A report needs its period and the one before; what waits for its moment is wanted, too. */
static void
test_window(struct arena *a)
{
    struct definition third = at_times("*-*-03 06:00", PERIOD_MONTH);
    struct due_window w = {.first_scan = day(2026, 5, 5), .pruned = day(2026, 9, 1)};
    struct period v[MAX_PERIODS];
    env_set_now(day(2026, 12, 2));
    CHECK(list_open(&third, &w, NULL, 0, false, 12, v, a) == 1);
    CHECK_STR(period_key(a, v[0]), "2026-10");
    CHECK(list_open(&third, &w, NULL, 0, true, 12, v, a) == 2);
    CHECK_STR(period_key(a, v[0]), "2026-11");
    third.latest_only = true;
    w.pruned = CLOCK_NONE;
    CHECK(list_open(&third, &w, NULL, 0, true, 12, v, a) == 2);
    CHECK_STR(period_key(a, v[1]), "2026-10");
    w.first_scan = CLOCK_NONE;
    CHECK(list_open(&third, &w, NULL, 0, true, 12, v, a) == 0);
}

/* What is older than the newest that is due is left out, also when that is made. */
static void
test_latest_only(struct arena *a)
{
    const struct store_run runs[] = {{.period_key = STR("2026-10"), .state = STR("done")}};
    struct definition def = at_times("*-*-03 06:00", PERIOD_MONTH);
    def.latest_only = true;
    env_set_now(day(2026, 12, 2)); /* November's has not come yet */
    CHECK_STR(due_of(a, &def, day(2026, 7, 5), NULL, 0, 12), "2026-10");
    CHECK_STR(due_of(a, &def, day(2026, 7, 5), runs, 1, 12), "");
    env_set_now(day(2026, 12, 4));
    CHECK_STR(due_of(a, &def, day(2026, 7, 5), runs, 1, 12), "2026-11");
}

int
main(void)
{
    struct arena *a = arena_new();
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    test_due(a);
    test_boundary(a);
    test_schedules(a);
    test_latest_only(a);
    test_window(a);
    arena_free(a);
    return CHECK_DONE();
}
