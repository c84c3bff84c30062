/* Walking the chain: what a verifier recomputes, record by record.
 * What:   feed the stored records in order; each is checked for: dense seq, leaf == hash of the
 *         bytes, prev == leaf before, columns == what the bytes say, time not going backwards by
 *         more than a clock step (reported, not fatal). Every record is re-hashed.
 * Owner:  state by value; problems go to the caller through chain_problem.
 * Units:  seq counts from 0.
 * Errors: DIAG_VERIFY at the first break; the place is "record N". */
#ifndef AUDIT_CHAIN_H
#define AUDIT_CHAIN_H

#include "audit/record.h"

struct audit_chain {
    int64_t next_seq;
    struct sha256_digest prev;
    int64_t last_ts_us;
    int64_t n_clock_steps; /* records that are older than the one before */
    int64_t n_pruned;      /* records at the beginning whose text is gone */
};

/* What the database's index columns say of a record. */
struct audit_columns {
    int64_t seq, ts_us;
    struct str event, object_type, object_id;
    int outcome;
    struct sha256_digest leaf;
};

/* A chain that expects record 0. */
struct audit_chain audit_chain_start(void);
/* Checks the next record. */
int audit_chain_next(struct audit_chain *c, const struct audit_columns *cols, struct str rec,
                     struct arena *a, struct diag *d);
/* The next record, of which no more than the hash is left. Pruned records stand at the beginning of the log;
 * whether they were permitted to go is checked elsewhere (audit/prune.h). The other columns cannot be
 * compared with anything. */
int audit_chain_pruned(struct audit_chain *c, const struct audit_columns *cols, struct diag *d);
/* Ends: the head must say the same size and last leaf. */
int audit_chain_end(const struct audit_chain *c, int64_t head_size,
                    const struct sha256_digest *head_last, struct diag *d);

#endif
