/* What a row of the table scan says of the state that a scan is in.
 * What:   the columns that are written when a scan is stored (scans.c) and again when a delta is
 *         merged anew (late.c): counts, score, flags, and the detail set it names.
 * Owner:  none.
 * Units:  score in 1/100 of a percent.
 * Errors: as store.h.
 * See:    sql/schema/001-base.sql; sql/query/bulk_scan.sql, scan_merge.sql, fleet_scans.sql */
#ifndef STORE_SCAN_ROW_H
#define STORE_SCAN_ROW_H

#include "store/fold.h"
#include "store/stmt.h"

/* Bits of the column flags. */
enum {
    FLAG_PARTIAL = 1,
    FLAG_SCORE_ONLY = 2,
    FLAG_ZONE = 4,
    FLAG_END = 8,
    FLAG_DELTA = 16,
    FLAG_LATE = 32,  /* received after the end of the month (UTC) that it is of */
    FLAG_AHEAD = 64, /* dated more than SCAN_ROW_AHEAD_S behind the time it was received at */
    FLAG_STRIPPED = 128, /* its details were pruned: store/prune.h */
    FLAG__ALL = 255  /* a row with another bit was not written by this program */
};

enum { SCAN_ROW_AHEAD_S = 300 }; /* clocks differ by that much; see also sql/schema/013 */

enum { SCAN_ROW_COUNTS = 10 };

/* Whose numbers n_pass … n_waived are, in the order of the columns. */
extern const enum status scan_row_statuses[SCAN_ROW_COUNTS];
/* The counts of a row that was read, of which the first stands in that column. */
void scan_row_read_counts(const struct stmt *s, int first_col, int64_t counts[STATUS__COUNT]);
/* The column flags of a scan that is received at that time. */
unsigned scan_row_flags(const struct scan *s, int64_t received);
/* When an agent was seen that says it was scanned at that time: then, but not ahead of the clock. */
int64_t scan_row_seen(int64_t end);
/* The column score, in 1/100 of a percent; -1 = NULL. */
int64_t scan_row_score(const struct scan *s);
/* Makes sure that the detail set is there, with its evidence. Inside a transaction. */
int scan_row_put_details(struct store *st, const struct fold *f, struct diag *d);

#endif
