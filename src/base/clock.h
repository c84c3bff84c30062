/* Civil time without libc's locale: reading and printing ISO 8601 (what scanners write: ingest/times.h).
 * What:   times are seconds since 1970 UTC (proleptic Gregorian calendar, no leap seconds).
 * Owner:  printed strings go into the caller's arena.
 * Units:  seconds; offsets in seconds east of UTC.
 * Errors: bool false = not a time (month 13, 30 February, 25:61, leftovers).
 * See:    ISO 8601-1:2019, RFC 3339; algorithm: days from civil, era of 400 years. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* No time: sorts before every real one. */
#define CLOCK_NONE INT64_MIN

struct clock_time {
    int64_t t;         /* seconds since 1970 UTC, CLOCK_NONE = missing */
    bool zone_assumed; /* the text named no zone, the given one was taken */
};

struct clock_civil {
    int year, month, day, hour, minute, second; /* month and day from 1 */
};

/* Days since 1970-01-01 of a civil date. */
int64_t clock_days(int year, int month, int day);
/* Civil date and time (UTC) of t. */
struct clock_civil clock_civil(int64_t t);
/* Seconds of a civil time (UTC); false when a field is out of range. */
bool clock_from_civil(struct clock_civil c, int64_t *ret);
/* Days of a month, leap years counted. */
int clock_month_days(int year, int month);
/* Weekday of t's UTC day, 0 = Monday. */
int clock_weekday(int64_t t);

/* Parses YYYY-MM-DD[T ]hh:mm[:ss[.fff]][Z|+hh:mm|+hhmm|+hh] (also with / between date parts, also
 * a bare date = midnight). Without a zone zone_offset_s is taken and zone_assumed set. */
bool clock_parse(struct str s, int zone_offset_s, struct clock_time *ret);
/* Offset of local time from UTC at the time t in the process's zone (TZ). */
int clock_local_offset(int64_t t);

/* `2026-11-21T19:52:55Z`. */
struct str clock_iso(struct arena *a, int64_t t);
/* `2026-11-21T19:52:55.123456Z` of microseconds. */
struct str clock_iso_us(struct arena *a, int64_t t_us);
/* `2026-11-21 19:52` for people, UTC. */
struct str clock_minute(struct arena *a, int64_t t);
/* `2026-11-21`. */
struct str clock_date(struct arena *a, int64_t t);

#endif
