/* model/calendar: what is an expression, and the moments it means; e2e/night/calendar compares many more with systemd. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "check.h"
#include "model/calendar.h"

static struct arena *a;

/* The first moments behind a time, in UTC, with blanks between. */
static struct str
moments(const char *expression, const char *after, int n)
{
    struct calendar c;
    struct clock_time t;
    struct str zone, all = STR("");
    const char *why;
    CHECK(clock_parse(str_c(after), 0, &t));
    if (!calendar_parse(str_c(expression), &c, &zone, &why))
        return str_c(why);
    int64_t at = t.t;
    for (int i = 0; i < n && (at = calendar_next(&c, at)) != CLOCK_NONE; i++)
        all = arena_fmt(a, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(clock_iso(a, at)));
    return all;
}

static void
test_moments(void)
{
    CHECK_STR(moments("*-*-03 06:00", "2026-11-03T06:00:00Z", 2),
              "2026-12-03T06:00:00Z 2027-01-03T06:00:00Z");
    CHECK_STR(moments("Mon..Fri 07:00", "2026-11-20T07:00:00Z", 2),
              "2026-11-23T07:00:00Z 2026-11-24T07:00:00Z");
    CHECK_STR(moments("sat..MONDAY 1:0:5", "2026-11-20T07:00:00Z", 3),
              "2026-11-21T01:00:05Z 2026-11-22T01:00:05Z 2026-11-23T01:00:05Z");
    CHECK_STR(moments("Mon *-05~07/1", "2026-01-01T00:00:00Z", 2),
              "2026-05-25T00:00:00Z 2027-05-31T00:00:00Z");
    CHECK_STR(moments("*-02~01", "2027-01-01T00:00:00Z", 2),
              "2027-02-28T00:00:00Z 2028-02-29T00:00:00Z");
    CHECK_STR(moments("quarterly", "2026-11-20T07:00:00Z", 2),
              "2027-01-01T00:00:00Z 2027-04-01T00:00:00Z");
    CHECK_STR(moments("*:0/20", "2026-11-20T07:01:00Z", 3),
              "2026-11-20T07:20:00Z 2026-11-20T07:40:00Z 2026-11-20T08:00:00Z");
    CHECK_STR(moments("2026-11-21", "2026-11-20T07:01:00Z", 3), "2026-11-21T00:00:00Z");
    CHECK_STR(moments("*-02-30", "2026-11-20T07:01:00Z", 3), "");
}

/* What a clock leaves out is the moment it is set; what it shows twice is the first. */
static void
test_clock_changes(void)
{
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    CHECK_STR(moments("*-*-* 02:30", "2027-03-27T02:00:00Z", 2),
              "2027-03-28T01:00:00Z 2027-03-29T00:30:00Z");
    CHECK_STR(moments("*-*-* 02:30", "2026-10-24T02:00:00Z", 2),
              "2026-10-25T00:30:00Z 2026-10-26T01:30:00Z");
    CHECK_STR(moments("daily", "2027-03-27T12:00:00Z", 2),
              "2027-03-27T23:00:00Z 2027-03-28T22:00:00Z");
    setenv("TZ", "UTC", 1);
    tzset();
}

static void
test_zone(void)
{
    struct calendar c;
    struct str zone;
    const char *why;
    CHECK(calendar_parse(STR(" Mon..Fri  07:00 Europe/Berlin "), &c, &zone, &why));
    CHECK_STR(zone, "Europe/Berlin");
    CHECK(calendar_parse(STR("monthly UTC"), &c, &zone, &why));
    CHECK_STR(zone, "UTC");
}

static void
test_faults(void)
{
    static const char *const none[] = {
        "",
        " ",
        "never",
        "06",
        "24:00",
        "06:60",
        "06:00:60",
        "*-13-01",
        "*-*-32",
        "*-*-0",
        "*-*~29",
        "1969-01-01",
        "2200-01-01",
        "Mon..",
        "..Fri",
        "Mon,,Tue",
        "Mon-Fri",
        "06:00 Mon",
        "*-*-01 *-*-02",
        "06:00 07:00",
        "*-*-5..1",
        "*-*-5/40",
        "*-*-1,",
        "*:*/0",
        "*-*-*-*",
        "06:00:00:00",
        "06:00.5",
        "@1",
        "a:b",
        "-1-1",
        "*-*-+1",
        "06:0x10",
        "Mon *-*-* 00:00 UTC UTC",
        "*-*-99999999999999999999",
        "~",
        "/",
        ",",
        "..",
        "*-*",
        "99-01-01",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct calendar c;
        struct str zone;
        const char *why = NULL;
        bool is_one = calendar_parse(str_c(none[i]), &c, &zone, &why);
        /* "*-*" is a month and a day */
        CHECK(is_one == (strcmp(none[i], "*-*") == 0));
        CHECK(why && *why);
    }
}

int
main(void)
{
    a = arena_new();
    setenv("TZ", "UTC", 1);
    tzset();
    test_moments();
    test_clock_changes();
    test_zone();
    test_faults();
    arena_free(a);
    return CHECK_DONE();
}
