/* The facts of the database, checked against the audit log.
 * What:   the buckets are those that the newest state in the log speaks of, or DIAG_VERIFY; the facts
 *         of a bucket are those that its head was made of, or DIAG_VERIFY. What is read here is as
 *         good as the log.
 * Owner:  the store; what is put into an index is the caller's.
 * Units:  facts, records.
 * Errors: DIAG_VERIFY; DIAG_SCHEMA (facts were not adopted yet); as store.h.
 * See:    doc/facts.md */
#ifndef STORE_FACT_STATE_H
#define STORE_FACT_STATE_H

#include "store/fact_chain.h"
#include "store/fact_index.h"

struct bulk;

struct fact_state {
    bool is_valid; /* the buckets are those of the log at */
    int64_t size;
    struct sha256_digest last;
    struct fact_buckets buckets;
    struct fact_buckets held; /* buckets in the index, as far as they were read */
    struct fact_index index;
};

/* Loads the buckets for the log of size records with that last leaf, unless they are known. */
int fact_state_load(struct store *st, int64_t size, const struct sha256_digest *last,
                    struct diag *d);
/* DIAG_VERIFY when a log of size records says anything of facts. */
int fact_state_none_said(struct store *st, int64_t size, struct diag *d);
/* The row of a block in the table fact, behind which the bucket is as given. */
int fact_state_put_block(struct bulk *b, const struct fact_bucket *to,
                         const struct fact_block *block, struct diag *d);
/* The buckets are those, for the log of size records; what they are is copied. Returns 0. */
int fact_state_set(struct store *st, int64_t size, const struct sha256_digest *last,
                   const struct fact_buckets *b);
/* What is known is no longer so: the transaction was rolled back. */
void fact_state_forget(struct store *st);
/* Frees it. */
void fact_state_free(struct store *st);
/* Reads all facts of a bucket into the index; behind fact_state_load(). Facts of other buckets stay. */
int fact_state_read(struct store *st, uint64_t bucket, struct fact_index *to, struct diag *d);
/* The newest fact of a key as it is in the log now, in *ret; NULL = none. The bucket is kept, so that asking
 * for many of them is cheap. */
int fact_state_newest(struct store *st, enum fact_kind kind, const struct fact_key *key,
                      const struct fact_entry **ret, struct diag *d);
/* What the record says of the state: the value of its member "facts"; false = nothing. */
bool fact_state_said(struct str rec, struct str *ret);

#endif
