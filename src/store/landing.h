/* What scans.c, which stores scans, shares with late.c, which merges stored deltas again.
 * What:   values of the columns that say what state a scan is; and the list of deltas to merge.
 * Owner:  none.   Units: seconds UTC.   Errors: as store.h.
 * See:    doc/database.md; sql/query/bulk_scan.sql, scan_merge.sql, late_*.sql */
#ifndef STORE_LANDING_H
#define STORE_LANDING_H

#include "store/derive.h"

enum { LANDING_COUNTS = 10 };

/* n_pass … n_waived, in the order of the columns. */
void landing_counts(const struct scan *s, int64_t ret[LANDING_COUNTS]);
/* The column score, in 1/100 of a percent; -1 = NULL. */
int64_t landing_score(const struct scan *s);
/* The detail set of a scan is there; its evidence is. Inside a transaction. */
int landing_put_details(struct store *st, const struct fold *f, struct diag *d);
/* A scan at that place is new or has changed: the one after it, when it is a delta, is on the list
 * of those to merge again. Inside a transaction. */
int late_note(struct store *st, const struct derive_place *at, const struct known *after,
              struct diag *d);

#endif
