/* Calendar periods of reports, in the site's zone (TZ), half-open [from, to).
 * What:   names people and definitions use, and what follows from them: the newest closed period,
 *         the ones missed since, the one before for comparison.
 * Owner:  labels live in the arena.
 * Units:  seconds UTC; civil boundaries are local midnight, so a day may have 23 or 25 hours.
 * Errors: false = no such period. */
#ifndef MODEL_PERIOD_H
#define MODEL_PERIOD_H

#include <stdint.h>

#include "base/arena.h"

enum period_kind {
    PERIOD_CUSTOM,
    PERIOD_DAY,
    PERIOD_WEEK, /* Monday to Sunday, ISO 8601 */
    PERIOD_MONTH,
    PERIOD_QUARTER,
    PERIOD_YEAR
};

struct period {
    enum period_kind kind;
    int64_t from, to; /* [from, to) */
};

/* The kind of "day" "week" "month" "quarter" "year" (also daily, weekly …); false = none. */
bool period_kind_from_word(struct str word, enum period_kind *ret);
/* "day", "week", "month", "quarter", "year"; "" of a custom one. */
const char *period_kind_word(enum period_kind kind);
/* The period of a kind that contains t. */
struct period period_around(enum period_kind kind, int64_t t);
/* The newest period of a kind that has ended at t (to <= t). */
struct period period_closed(enum period_kind kind, int64_t t);
/* The period before p (for a custom one: of the same length). */
struct period period_previous(struct period p);
/* Parses "last-month", "this-week", "2026-11", "2026-Q3", "2026-W47", "2026", "2026-11-21", or
 * "FROM..TO" of two dates (TO included); now settles the relative ones. */
bool period_parse(struct str s, int64_t now, struct period *ret);
/* Stable key, e.g. "2026-11", "2026-W47", "2026-Q3", "2026-11-01..2026-11-15". */
struct str period_key(struct arena *a, struct period p);
/* Local midnight (seconds UTC) that begins the civil day. */
int64_t period_day_start(int year, int month, int day);

#endif
