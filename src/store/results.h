/* Scans that a file brought, and which checks they changed: what becomes events of results.
 * What:   the changes are those of result_change; of the first scan of a line, every check that is
 *         not a plain pass. Native word, evidence, waiver and since are there while the scan is the
 *         newest of its line.
 *         first_seen is when the check last became a finding, in the first scan of its line at the latest.
 * Owner:  texts live in the given arena.
 * Units:  seconds UTC; evidence at most 16,000 characters.
 * Errors: as store.h.   See: sql/query/result_scans.sql, result_checks.sql, doc/results.md */
#ifndef STORE_RESULTS_H
#define STORE_RESULTS_H

#include "model/result.h"
#include "store/ids.h"
#include "store/store.h"

struct store_result_scan {
    uint64_t agent_id, line_id;
    int64_t scanned_at;
    bool has_details;
    struct hash16 details; /* name of its detail set */
    struct str key;        /* agent, line and time: in the order of the list */
    struct result_event summary;
};

struct store_result_check {
    struct str key; /* of the check: in the order of the list */
    struct result_event event;
};

/* Scans that came with the file of that SHA-256 (hex), ordered by key. */
int store_load_result_scans(struct store *st, struct str file_hex, struct arena *a,
                            struct store_result_scan **ret, size_t *ret_n, struct diag *d);
/* What the scan changed, ordered by key; each event has the fields of its scan, too. */
int store_load_result_checks(struct store *st, const struct store_result_scan *scan,
                             struct arena *a, struct store_result_check **ret, size_t *ret_n,
                             struct diag *d);

#endif
