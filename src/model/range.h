/* Ranges of monitoring plugins: what a value may be, and when it raises an alarm.
 * What:   "10" = 0 to 10, "10:" = 10 and more, "~:10" = 10 and less, "10:20"; a value outside raises an alarm,
 *         with "@" before it one inside does. Both ends belong to the range.
 * Owner:  the text of a range is the caller's.
 * Units:  those of the value.
 * Errors: DIAG_USAGE: no range.
 * See:    Monitoring Plugins Development Guidelines, "Threshold and Ranges" */
#ifndef MODEL_RANGE_H
#define MODEL_RANGE_H

#include "base/diag.h"

struct range {
    struct str text; /* empty = there is none, and nothing raises an alarm */
    bool is_inside;  /* a value inside raises the alarm */
    double from, to; /* infinite where it is open */
};

/* Reads one; an empty text is none. */
int range_parse(struct str text, struct range *ret, struct diag *d);
/* Whether the value raises the alarm. */
bool range_alerts(const struct range *r, double value);

#endif
