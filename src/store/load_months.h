/* What closed months spare a load: scans of before a period, and of the most of a long one.
 * What:   load_months_begin() says as of which closed months the two halves of a load are known; load.c reads the
 *         scans behind them as ever, and what was before them here, compared with what the audit log says.
 *         Without comparing, and of what was known at an earlier time, all is read.
 * Owner:  the arena of the report.
 * Units:  months are year * 100 + month, of UTC; seconds UTC.
 * Errors: DIAG_BAD_DATA: what is closed is not what the log says; as store.h.
 * See:    store/month.h, doc/decisions/0030-months.md */
#ifndef STORE_LOAD_MONTHS_H
#define STORE_LOAD_MONTHS_H

#include "store/check_facts.h"
#include "store/load.h"
#include "store/month.h"

/* Sets l->month of both. */
int load_months_begin(struct loading *now, struct loading *then, struct diag *d);
/* Where scans begin that are read one by one: the period, or what is closed of it. */
int64_t load_months_rows_from(const struct loading *l);
/* A scan that was read is of that line. */
void load_months_note(struct loading *l, uint64_t agent_id, uint64_t line_id);
/* The scans of closed months that are still the newest of their lines: begins to read those of a chunk, as fleet_scans.sql
 * gives them. NULL with the diag set, or because there are none. */
struct stmt *load_months_scans(struct loading *l, int chunk);
/* The row at hand is one of them, and what the log says: 1; 0 = a newer one of its line was read. */
int load_months_check_scan(struct loading *l, const struct stmt *s);
/* Behind the scans of both: the closed states are what the log says, and all of their scans were there. Those that
 * are carried into the period become points of now, when it has points. */
int load_months_states(struct loading *now, struct loading *then);
/* Points of the closed months of the period. */
int load_months_points(struct loading *now);

#endif
