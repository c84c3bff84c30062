/* How facts are chained: one hash a bucket, one over all buckets.
 * What:   the facts that an act records for a bucket form a block; the bucket's head is the SHA-256
 *         over its head before and the block. The state, which the last record of every act says, is
 *         the number of all facts and the SHA-256 over all buckets in order. Pure arithmetic: who
 *         writes (fact_state.c) and who recomputes the log (ledger/verify_facts.c) use the same.
 * Owner:  fact_buckets_free(), buf_done().
 * Units:  facts, records.
 * Errors: none.   See: doc/facts.md */
#ifndef STORE_FACT_CHAIN_H
#define STORE_FACT_CHAIN_H

#include "base/buf.h"
#include "store/facts.h"

struct fact_bucket {
    uint64_t id, n;
    struct sha256_digest head; /* zeros while n is 0 */
};

struct fact_buckets {
    struct fact_bucket *v; /* by id */
    size_t n, cap;
};

enum { FACT_BLOCK = 2000, FACT_ADOPTED = -1 };

/* Facts of one act and bucket. */
struct fact_block {
    uint64_t first; /* facts of the bucket before */
    uint32_t n;
    int64_t seq; /* last record of the act */
    struct str entries;
};

/* The bucket of that id, made when it is new; valid until the next call. */
struct fact_bucket *fact_buckets_at(struct fact_buckets *b, uint64_t id);
/* What a record says of all: "NUMBER SHA-256". */
struct str fact_buckets_text(const struct fact_buckets *b, struct arena *a);
/* Frees what it holds. */
void fact_buckets_free(struct fact_buckets *b);

/* The facts of an act, until it is complete. */
struct fact_pile {
    struct arena *a;
    fact_list facts;
};

/* Puts the facts of the act, which ends with record last_seq (FACT_ADOPTED = of no act), behind those of
 * their buckets, in blocks of at most FACT_BLOCK, and empties the list. put (NULL = nobody) gets each
 * block and the bucket as it is behind it; -1 when it fails. */
typedef int fact_put_fn(void *self, const struct fact_bucket *b, const struct fact_block *block,
                        struct diag *d);
int fact_pile_close(struct fact_pile *p, struct fact_buckets *b, int64_t last_seq, fact_put_fn *put,
                    void *self, struct diag *d);
/* The next entry of a block, cut off *rest; false = there is no whole one. */
bool fact_block_next(struct str *rest, struct fact_key *key, struct sha256_digest *digest,
                     uint32_t *ret_back);
/* Moves the bucket on by the block that follows it. */
void fact_bucket_move(struct fact_bucket *b, const struct fact_block *block);
/* Kind, key and digest of what a record says: the value behind "fact.KIND"; false when it is none. */
bool fact_read(struct str kind, struct str value, struct fact *ret);

#endif
