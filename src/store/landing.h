/* What scans.c, which stores scans, shares with late.c, which merges stored deltas again.
 * What:   values of the columns that say what state a scan is; and the list of deltas to merge.
 * Owner:  none.   Units: seconds UTC.   Errors: as store.h.
 * See:    doc/database.md; sql/query/scan_insert.sql, scan_merge.sql, late_*.sql */
#ifndef STORE_LANDING_H
#define STORE_LANDING_H

#include "store/derive.h"

struct stmt;

/* n_pass … n_waived and score. */
void landing_give_counts(struct stmt *q, const struct scan *s);
/* content_hash, evidence_set, n_vec, vec and said; NULL = it is no delta that can be merged again. */
void landing_give_state(struct stmt *q, const struct fold *f, const struct str *said);
/* The evidence set of a scan; its texts are there. Inside a transaction. */
int landing_put_refs(struct store *st, const struct fold *f, struct diag *d);
/* A scan at that place is new or has changed: the one after it, when it is a delta, is on the list
 * of those to merge again. Inside a transaction. */
int late_note(struct store *st, const struct derive_place *at, const struct known *after,
              struct diag *d);

#endif
