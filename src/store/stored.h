/* A stored scan as its neighbours need it, and as deltas build on it.
 * What:   reads the scan before, at or after a time on a line.
 * Owner:  the given arena.   Units: seconds UTC.   Errors: as store.h. */
#ifndef STORE_STORED_H
#define STORE_STORED_H

#include "model/standing.h"
#include "store/fold.h"
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
    const struct policy_version *policy;
    int64_t counts[STATUS__COUNT];
    unsigned flags;
    struct sha256_digest content, file;
    unsigned revision; /* its number among those of its second */
    enum standing standing;
    size_t n_vec;
    struct str vec;
    bool has_details;
    struct hash16 details; /* name of its detail set */
    bool has_said;         /* a delta that can be merged again */
    struct str said;       /* fold_said() of what it brought itself */
};

enum stored_which { STORED_BEFORE = 0, STORED_AT = 1, STORED_AFTER = 2 };

struct stored_list {
    VEC(struct stored_scan) v;
};

/* Loads the scan at a place, or the nearest with results before or after it on its line; ret->found =
 * false when there is none. */
int stored_load(struct store *st, const struct scan_place *at, enum stored_which which,
                struct arena *a, struct stored_scan *ret, struct diag *d);
/* Adds the scans of a place that do not count, in the order of their numbers. */
int stored_load_others(struct store *st, const struct scan_place *at, struct arena *a,
                       struct stored_list *ret, struct diag *d);
/* A folded scan as it will be stored: its policy version, vector and content; nothing else is set. */
struct stored_scan stored_of(const struct fold *f, int64_t end);
/* Gives a statement the place as its last three parameters and runs it; -1 when it is NULL, too. */
int stored_run_at(struct stmt *q, const struct scan_place *at, struct diag *d);
/* Status of the check with that hash in it. */
enum status stored_status(const struct stored_scan *k, const struct hash16 *check);
/* Status of the check at a position of its policy version. */
enum status stored_status_at(const struct stored_scan *k, size_t pos);
/* The bits, which are of policy version p, with those of k->said added, as far as p has the checks. */
struct str stored_carry_said(const struct stored_scan *k, const struct policy_version *p,
                             struct str bits, struct arena *a);

#endif
