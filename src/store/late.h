/* Deltas that arrived before a scan they build on.
 * What:   the list of deltas to merge again; store_merge_late() (store.h) does it.
 * Owner:  none.
 * Units:  seconds UTC.
 * Errors: as store.h.
 * See:    sql/query/late_*.sql, sql/schema/006-late-deltas.sql */
#ifndef STORE_LATE_H
#define STORE_LATE_H

#include "store/derive.h"

/* A scan at that place is new or has changed: the one after it, when it is a delta, is put on the
 * list. Inside a transaction. */
int late_note(struct store *st, const struct scan_place *at, const struct stored_scan *after,
              struct diag *d);

#endif
