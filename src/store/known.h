/* A stored scan as its neighbours need it, and the merging of deltas into it.
 * What:   reads the scan before, at or after a time on a line; makes a full scan of a delta and the
 *         newest state before it, and of such a full scan the delta again.
 * Owner:  the given arena.   Units: seconds UTC.   Errors: as store.h. */
#ifndef STORE_KNOWN_H
#define STORE_KNOWN_H

#include "store/inner.h"

struct known {
    bool found;
    int64_t end;
    uint64_t policy_id;
    struct store_policy *policy;
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

enum known_which { KNOWN_BEFORE = 0, KNOWN_AT = 1, KNOWN_AFTER = 2 };

/* Flags of the scan table. */
enum { FLAG_PARTIAL = 1, FLAG_SCORE_ONLY = 2, FLAG_ZONE = 4, FLAG_END = 8, FLAG_DELTA = 16 };

/* Loads the scan of a line at t, or the nearest with results before or after; ret->found = false
 * when there is none. */
int known_load(struct store *st, uint64_t agent_id, uint64_t line_id, enum known_which which,
               int64_t t, struct arena *a, struct known *ret, struct diag *d);
/* Status of the check with that hash in a known scan. */
enum status known_status(const struct known *k, const struct hash16 *check);
/* The bits, of policy version p, and those of k->said, whose version's checks p has too. */
struct str known_carry_said(const struct known *k, const struct store_policy *p, struct str bits,
                            struct arena *a);
/* Gives a delta that names its policy by title only the id, version and profile of the agent's
 * newest scan of that title. */
int known_name(struct store *st, struct scan *s, struct arena *a, struct diag *d);
/* The delta merged into the newest state before it (or, without one, itself, partial). Names the
 * policy by its title when the delta has no id. */
int known_merge(struct store *st, const struct scan *delta, struct arena *a, struct scan *ret,
                struct diag *d);
/* The delta merged into the scan k of its line. */
int known_merge_into(struct store *st, const struct known *k, const struct scan *delta,
                     struct arena *a, struct scan *ret, struct diag *d);
/* What a stored delta brought itself (k->said), with the texts of its policy version. */
int known_unmerge(struct store *st, const struct known *k, struct arena *a, struct scan *ret,
                  struct diag *d);

#endif
