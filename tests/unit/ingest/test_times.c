/* ingest/times: every form of time that scanners write, and what is none. */
#include "ingest/times.h"

#include "check.h"

enum { NOON = 1795291975, HOUR = 3600 }; /* 2026-11-21T20:12:55Z, a Saturday */

/* What is assumed: 'z' the zone, 'o' the order of day and month. */
static const struct {
    const char *text;
    int64_t t;
    const char *assumed;
} forms[] = {
    {"2026-11-21T20:12:55Z", NOON, ""},
    {"2026-11-21t20:12:55z", NOON, ""},
    {"2026-11-21 20:12:55", NOON, "z"},
    {"  2026-11-21\t  20:12:55  ", NOON, "z"},
    {"2026-11-21T21:12:55+01:00", NOON, ""},
    {"2026-11-21T21:12:55 +0100", NOON, ""},
    {"2026-11-22T01:12:55+05", NOON, ""},
    {"2026-11-21T14:42:55-0530", NOON, ""},
    {"2026-11-21T20:12:55+00:00", NOON, ""},
    {"2026-11-21T20:12:55.1Z", NOON, ""},
    {"2026-11-21T20:12:55.123456789012345+00:00", NOON, ""},
    {"2026-11-21T20:12:55,999Z", NOON, ""},
    {"20261121T201255Z", NOON, ""},
    {"20261121T201255,5+00", NOON, ""},
    {"20261121 201255", NOON, "z"},
    {"20261121201255", NOON, "z"},
    {"202611212012", NOON - 55, "z"},
    {"20261121", NOON - 20 * HOUR - 775, "z"},
    {"2026-11-21", NOON - 20 * HOUR - 775, "z"},
    {"2026-11-21Z", NOON - 20 * HOUR - 775, ""},
    {"2026-11-20T24:00:00Z", NOON - 20 * HOUR - 775, ""},
    {"2026/11/21 20:12:55", NOON, "z"},
    {"2026.11.21 20:12", NOON - 55, "z"},
    {"2026-11-21 08:12:55 PM", NOON, "z"},
    {"2026-11-21 20:12:55 UTC", NOON, ""},
    {"2026-11-21 15:12:55 EST", NOON, ""},
    {"2026-11-21 20:12:55 GMT+00:00", NOON, ""},
    {"2026-11-21 20:12:55.123456789 +0000 UTC m=+0.012345", NOON, ""}, /* Go */
    {"2026-11-21T21:12:55+01:00[Europe/Berlin]", NOON, ""},            /* Java */
    {"2026-06-30T23:59:60Z", 1782864000, ""},
    {"Sat, 21 Nov 2026 20:12:55 +0000", NOON, ""},
    {"21 Nov 2026 20:12:55 GMT", NOON, ""},
    {"Sat, 21 Nov 2026 15:12:55 -0500 (EST)", NOON, ""},
    {"Sat, 21 Nov 2026 12:12:55 PST", NOON, ""},
    {"Saturday, 21-Nov-26 20:12:55 GMT", NOON, ""},
    {"21-Nov-2026 20:12:55", NOON, "z"},
    {"2026-Nov-21 20:12:55", NOON, "z"},
    {"Sat Nov 21 20:12:55 2026", NOON, "z"},
    {"Sun Nov  1 20:12:55 2026", NOON - 20 * 24 * HOUR, "z"},
    {"Sun Nov 01 20:12:55 2026", NOON - 20 * 24 * HOUR, "z"},
    {"Sat Nov 21 21:12:55 CET 2026", NOON, ""},
    {"Sat Nov 21 20:12:55 IST 2026", NOON, "z"}, /* India, Israel or Ireland */
    {"Sat Nov 21 08:12:55 PM UTC 2026", NOON, ""},
    {"Nov 21 2026 20:12", NOON - 55, "z"},
    {"November 21, 2026 at 8:12:55 PM", NOON, "z"},
    {"Nov. 21, 2026, 8:12:55 p.m.", NOON, "z"},
    {"Sept 9 2026 20:12", 1788984720, "z"},
    {"2026 Nov 21 20:12:55", NOON, "z"},
    {"11/21/2026 08:12 PM", NOON - 55, "z"},
    {"11/21/2026 08:12:55PM", NOON, "z"},
    {"11/21/2026, 8:12:55\xe2\x80\xafPM", NOON, "z"},
    {"21/11/2026 20:12:55", NOON, "z"},
    {"21.11.2026 20:12:55", NOON, "z"},
    {"11/12/2026 12:00 AM", 1794441600, "zo"}, /* 12 November */
    {"12/12/2026 12:00 PM", 1797076800, "z"},
    {"1795291975", NOON, ""},
    {"1795291975.123", NOON, ""},
    {"1795291975,9", NOON, ""},
    {"1795291975123", NOON, ""},
    {"1795291975123456", NOON, ""},
    {"1795291975123456789", NOON, ""},
};

static void
test_forms(void)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct times_reading r = {0};
        bool ok = times_parse(str_c(forms[i].text), 0, &r);
        if (!ok || r.t != forms[i].t)
            fprintf(stderr, "%s: %d, %lld\n", forms[i].text, ok, (long long)r.t);
        CHECK(ok && r.t == forms[i].t);
        CHECK(r.zone_assumed == (strchr(forms[i].assumed, 'z') != NULL));
        CHECK(r.order_assumed == (strchr(forms[i].assumed, 'o') != NULL));
        ok = times_parse(str_c(forms[i].text), 2 * HOUR,
                         &r); /* the site's zone where none is named */
        CHECK(ok && r.t == forms[i].t - (r.zone_assumed ? 2 * HOUR : 0));
    }
}

static const char *const none[] = {"",
                                   " ",
                                   "now",
                                   "2026-13-01T00:00:00Z",
                                   "2026-02-30",
                                   "2026-02-29",
                                   "2026-00-10",
                                   "2026-11-21T25:00:00Z",
                                   "2026-11-21T24:00:01Z",
                                   "2026-11-21T25:61",
                                   "2026-11-21T10:60:00Z",
                                   "2026-11-21T10:00:61Z",
                                   "2026-11-21T10",
                                   "2026-11-21T",
                                   "2026-11-21T10:00:00.",
                                   "2026-11-21T10:00:00Zz",
                                   "2026-11-21T10:00:00Z Z",
                                   "2026-11-21T10:00:00+15:00",
                                   "2026-11-21T10:00:00+1:00",
                                   "2026-11-21T10:00:00+01:60",
                                   "2026-11-21T10:00:00+010",
                                   "2026-11-21T10:00:00 XYZ",
                                   "2026-11-21T10:00:00 and more",
                                   "2026-1-2",
                                   "2026-11",
                                   "2026-325",
                                   "2026-W47-6",
                                   "20261345",
                                   "20261121256100",
                                   "23-05-2023 10:00",
                                   "13/13/2023 10:00",
                                   "05/05/23 10:00",
                                   "31.02.2023",
                                   "5.13.2023",
                                   "Sat Nov 31 20:12:55 2026",
                                   "Sat Xxx 21 20:12:55 2026",
                                   "Sat Nov 21 20:12:55",
                                   "Nov 21 20:12 Nov 21 2026",
                                   "Nov 21 2026 13:00 PM",
                                   "Nov 21 2026 0:30 AM",
                                   "21 Nov 2026 10:00 11:00",
                                   "Marching 1 2026",
                                   "1795291975x",
                                   "12345678901234567890",
                                   "--5",
                                   "1e9",
                                   "0x10",
                                   ",",
                                   "Sat,"};

static void
test_none(void)
{
    struct times_reading r = {.t = 7};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        bool ok = times_parse(str_c(none[i]), 0, &r);
        if (ok)
            fprintf(stderr, "\"%s\" is %lld\n", none[i], (long long)r.t);
        CHECK(!ok && r.t == 7);
    }
    CHECK(!times_parse(STR("2026-11-21T10:00:00Z\0"), 0, &r));
    char longest[200];
    memset(longest, ' ', sizeof longest);
    memset(longest, '1', 150);
    CHECK(!times_parse(str_n(longest, 150), 0, &r));
}

static void
test_numbers(void)
{
    CHECK(times_of_number(99999999999) == 99999999999);
    CHECK(times_of_number(100000000000) == 100000000);
    CHECK(times_of_number(1795291975000) == NOON && times_of_number(1795291975999) == NOON);
    CHECK(times_of_number(INT64_MAX) == 9223372036 && times_of_number(0) == 0);
    CHECK(times_of_number(-1) == -1 && times_of_number(-100000000001) == -100000001);
    CHECK(times_of_number(INT64_MIN) == -9223372037);
}

int
main(void)
{
    test_forms();
    test_none();
    test_numbers();
    return CHECK_DONE();
}
