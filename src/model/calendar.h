/* Calendar expressions: the moments that somebody names as systemd.time(7) spells them.
 * What:   "Mon..Fri 07:00", "*-*-03 06:00", "Mon *-05~07/1", "quarterly": weekdays, a date and a time of day, each of
 *         which may be left out; in each part a number, *, a list, a range, and steps. Moments are of the
 *         process's zone (TZ): one that a clock set forward leaves out is the moment of that change, one that
 *         a clock set back brings twice is the first of the two.
 * Owner:  none: a value.
 * Units:  seconds UTC.
 * Errors: false = no such expression, and why in words.
 * See:    systemd.time(7), "Calendar Events". Not taken, as nobody makes reports by them: parts of seconds, "@" and years of
 *         two digits. */
#ifndef MODEL_CALENDAR_H
#define MODEL_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { CALENDAR_FIRST_YEAR = 1970, CALENDAR_LAST_YEAR = 2199 };

struct calendar_set {
    uint64_t w[4];
};

struct calendar {
    struct calendar_set years;    /* from 1970 on */
    struct calendar_set months;   /* 1 to 12 */
    struct calendar_set days;     /* of the month, from 1 on */
    struct calendar_set last;     /* of the month, 1 = its last */
    struct calendar_set weekdays; /* 0 = Monday */
    struct calendar_set hours, minutes, seconds;
};

/* Reads an expression. *ret_zone is the zone behind it, empty = none; *ret_why, of a failure, what is wrong. */
bool calendar_parse(struct str s, struct calendar *ret, struct str *ret_zone, const char **ret_why);
/* The first moment behind t; CLOCK_NONE = there is none until the year 2199 is over. */
int64_t calendar_next(const struct calendar *c, int64_t t);

#endif
