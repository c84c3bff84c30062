/* model/period: calendar periods across zones, years and clock changes. */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "check.h"
#include "model/period.h"

static struct arena *a;

static void
check_key(const char *text, const char *key, const char *from, const char *to)
{
    struct period p = {0};
    CHECK(period_parse(str_c(text), 1795290775, &p)); /* Saturday 2026-11-21 19:52:55Z */
    CHECK_STR(period_key(a, p), key);
    CHECK_STR(clock_iso(a, p.from), from);
    CHECK_STR(clock_iso(a, p.to), to);
}

static void
set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static void
test_utc(void)
{
    set_zone("UTC");
    check_key("last-month", "2026-10", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
    check_key("this-month", "2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
    check_key("last-week", "2026-W46", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z");
    check_key("2026-W01", "2026-W01", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z");
    static const char *const none[] = {"2027-W53", "2028-W53", "2026-W54", "2026-W0", "2026-W00"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct period p;
        CHECK(!period_parse(str_c(none[i]), 0, &p));
    }
    check_key("2032-W53", "2032-W53", "2032-12-27T00:00:00Z", "2033-01-03T00:00:00Z");
    check_key("2026-W53", "2026-W53", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z");
    check_key("last-quarter", "2026-Q3", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z");
    check_key("2026-Q4", "2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z");
    check_key("2024-02", "2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
    check_key("2025", "2025", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    check_key("2026-11-20", "2026-11-20", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z");
    check_key("2026-11-01..2026-11-15", "2026-11-01..2026-11-15", "2026-11-01T00:00:00Z",
              "2026-11-16T00:00:00Z");
}

static void
test_zones(void)
{
    struct period p;
    set_zone("Europe/Madrid");
    check_key("2026-10", "2026-10", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z");
    check_key("2026-03-29", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
    CHECK(period_parse(STR("2026-10-25"), 0, &p) && p.to - p.from == 25 * 3600);
    set_zone("Asia/Tokyo");
    check_key("2026-11", "2026-11", "2026-10-31T15:00:00Z", "2026-11-30T15:00:00Z");
}

static void
test_order(void)
{
    set_zone("Europe/Madrid");
    for (int kind = PERIOD_DAY; kind <= PERIOD_YEAR; kind++) {
        struct period p = period_around((enum period_kind)kind, 1700000000);
        for (int i = 0; i < 60; i++) {
            struct period n = period_around(p.kind, p.to), b = period_previous(n);
            if (n.from != p.to || b.from != p.from || b.to != p.to) {
                CHECK(n.from == p.to && b.from == p.from && b.to == p.to);
                return;
            }
            p = n;
        }
        struct period closed = period_closed((enum period_kind)kind, p.from);
        CHECK(closed.to == p.from);
    }
}

static void
test_refused(void)
{
    static const char *const bad[] = {"",
                                      "2026-13",
                                      "2026-Q5",
                                      "2026-W54",
                                      "last-x",
                                      "2026-02-30",
                                      "20261",
                                      "2026-11-15..2026-11-01",
                                      "2026-11-01..",
                                      "next-month",
                                      "1.2"};
    struct period p;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!period_parse(str_c(bad[i]), 1795290775, &p));
}

int
main(void)
{
    a = arena_new();
    test_utc();
    test_zones();
    test_order();
    test_refused();
    arena_free(a);
    return CHECK_DONE();
}
