/* A scan folded for storing: one state a check, in the order of its policy version.
 * What:   several results of one check become the worst, their number is kept; evidence of the
 *         results that made it so is joined. Pure arithmetic, no database.
 * Owner:  the given arena.
 * Units:  positions in the policy's order.   Errors: none. */
#ifndef STORE_FOLD_H
#define STORE_FOLD_H

#include "store/detail.h"
#include "store/policy.h"

struct fold_text { /* several texts joined; grows in place */
    char *s;
    size_t len, cap;
    bool is_full;
};

struct fold_check {
    enum status status;     /* STATUS_NONE = the scan says nothing */
    enum severity severity; /* SEVERITY_UNKNOWN = as the check says */
    unsigned n;             /* results folded */
    struct str native, evidence, waiver;
    struct fold_text joined_evidence, joined_waiver;
    struct hash16 evidence_hash; /* valid when has_evidence */
    bool has_evidence;
};

struct fold {
    const struct policy_version *policy;
    struct fold_check *checks; /* policy->n of them */
    unsigned char *vec;
    size_t n_vec;                 /* checks in the vector; 0 = score only */
    struct sha256_digest content; /* same results, same hash, whatever the format */
    struct details details;
};

/* Folds a scan over its policy version. */
void fold_scan(const struct scan *s, const struct policy_match *m, struct arena *a,
               struct fold *ret);
/* Which checks of the policy version the scan has results of: 1 bit a position, low bit first. */
struct str fold_said(const struct scan *s, const struct policy_version *p, struct arena *a);
/* True when the bit of position pos is set; bits may be short. */
bool fold_has_said(struct str bits, size_t pos);

#endif
