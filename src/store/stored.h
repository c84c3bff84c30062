/* A stored scan as its neighbours need it, and as deltas build on it.
 * What:   reads the scan before, at or after a time on a line.
 * Owner:  the given arena.   Units: seconds UTC.   Errors: as store.h. */
#ifndef STORE_STORED_H
#define STORE_STORED_H

#include "store/policy.h"
#include "store/stmt.h"

/* Where a scan stands: the key of its row. */
struct scan_place {
    uint64_t agent_id, line_id;
    int64_t end;
};

struct stored_scan {
    bool found;
    int64_t end;
    uint64_t policy_id;
    struct policy_version *policy;
    int64_t n_results; /* scored, skipped and waived */
    unsigned flags;
    struct sha256_digest content;
    size_t n_vec;
    struct str vec;
    bool has_details;
    struct hash16 details; /* name of its detail set */
    bool has_said;         /* a delta that can be merged again */
    struct str said;       /* fold_said() of what it brought itself */
};

enum stored_which { STORED_BEFORE = 0, STORED_AT = 1, STORED_AFTER = 2 };

/* Loads the scan at a place, or the nearest with results before or after it on its line; ret->found =
 * false when there is none. */
int stored_load(struct store *st, const struct scan_place *at, enum stored_which which,
                struct arena *a, struct stored_scan *ret, struct diag *d);
/* Gives a statement the place as its last three parameters and runs it; -1 when it is NULL, too. */
int stored_run_at(struct stmt *q, const struct scan_place *at, struct diag *d);
/* Status of the check with that hash in it. */
enum status stored_status(const struct stored_scan *k, const struct hash16 *check);
/* The bits, which are of policy version p, with those of k->said added, as far as p has the checks. */
struct str stored_carry_said(const struct stored_scan *k, const struct policy_version *p,
                             struct str bits, struct arena *a);

#endif
