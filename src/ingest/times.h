/* Every way in which scanners write a time, read by one parser; without libc's locale.
 * What:   ISO 8601      2026-11-21T19:52:55Z, 2026-11-21 19:52:55.123 +0100, 2026/11/21 19:52,
 *                       20261121T195255,5+05, 20261121195255, 2026-11-21, 2026-11-21T24:00:00Z;
 *                       what Go and Java put behind it (+0000 UTC, [Europe/Berlin]) is passed over
 *         RFC 2822, 850 Thu, 6 Dec 2018 19:00:19 GMT; 6 Dec 2018 19:00 -0500 (EST);
 *                       Thursday, 06-Dec-18 19:00:19 GMT
 *         asctime, date Tue Mar  2 14:54:47 2022; Tue Mar 22 14:54:47 CET 2022
 *         with a month  Feb 18 2021 15:57; 18 February 2021, 3:57 PM; 2026 Nov 20 10:00:00
 *         numeric       05/23/2023 04:57 PM: month first, day first when the month cannot be one;
 *                       23.05.2023 16:57: day first
 *         epoch         seconds, milliseconds, microseconds or nanoseconds since 1970, told by their
 *                       size; with a fraction, too
 *         Blanks may stand more than once; words are compared without case. Fractions of a second are
 *         dropped, second 60 is the first of the next minute. Weekdays are not compared with the date.
 *         Week and ordinal dates, dates without a year and 23-05-2023 are no times.
 * Owner:  none.
 * Units:  seconds since 1970 UTC; offsets in seconds east of UTC.
 * Errors: bool false = not a time (month 13, 30 February, 25:61, leftovers).
 * See:    doc/formats/times.md; ISO 8601-1:2019, RFC 2822 section 3.3 and 4.3, RFC 9557 */
#ifndef INGEST_TIMES_H
#define INGEST_TIMES_H

#include "base/clock.h"

struct times_reading {
    int64_t t;          /* seconds since 1970 UTC */
    bool zone_assumed;  /* the text names no zone, or one that means several: the given one */
    bool order_assumed; /* 05/06/2023: the month was taken to stand first */
};

/* Reads s; zone_offset_s is the zone of texts that name none. */
bool times_parse(struct str s, int zone_offset_s, struct times_reading *ret);
/* Seconds of a number since 1970, whatever its unit: below 100,000,000,000 it counts seconds (to the
 * year 5138), below a thousand times that milliseconds (from 1973 on), and so on to nanoseconds. */
int64_t times_of_number(int64_t n);

#endif
