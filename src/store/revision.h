/* Several scans of one agent, line and second: which one counts.
 * What:   the rule of doc/revisions.md over scans that are loaded; no database. What place.c stores
 *         and moves is decided here alone.
 * Owner:  nothing is kept.
 * Units:  none.
 * Errors: none.
 * See:    doc/revisions.md, model/standing.h */
#ifndef STORE_REVISION_H
#define STORE_REVISION_H

#include "store/stored.h"

/* True when more repeats every result of less and says more than it: then it may take its place
 * without anybody being asked. */
bool revision_contains(const struct stored_scan *more, const struct stored_scan *less);
/* Negative when a is the worse result, positive when b is; 0 = they have the same results. */
int revision_compare(const struct stored_scan *a, const struct stored_scan *b);
/* Gives each of n scans, in the order of their numbers, its standing, and returns the one that
 * counts; n = none does. What an officer said is in their standings: accepted, declined, revoked. A
 * scan that has just arrived is superseded. */
size_t revision_settle(struct stored_scan *v, size_t n);

#endif
