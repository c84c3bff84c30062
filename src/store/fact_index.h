/* Facts by their keys: the newest of each, of as many buckets as were put in.
 * What:   an open table in one piece of memory; the day of a fleet of a hundred thousand agents fits.
 * Owner:  fact_index_free() frees.
 * Units:  records.   Errors: none. */
#ifndef STORE_FACT_INDEX_H
#define STORE_FACT_INDEX_H

#include "store/fact_chain.h"

struct fact_entry {
    struct sha256_digest digest;
    int64_t seq;   /* record that tells it; FACT_ADOPTED = it was taken as it was */
    int64_t first; /* record that told of the key first */
    unsigned char kind, is_seen;
    struct fact_key key;
};

struct fact_index {
    struct fact_entry *v;
    size_t n, cap;
    uint32_t *slots; /* position + 1 */
    size_t n_slots;  /* a power of two */
    /* of scans and revisions only those of these agents are put in; last 0 = of all */
    uint64_t first_agent, last_agent;
};

/* True when facts of that key are to be put in. */
bool fact_index_wants(const struct fact_index *x, enum fact_kind kind, const struct fact_key *key);
/* Puts a fact in the place of an older one of its key. */
void fact_index_put(struct fact_index *x, enum fact_kind kind, const struct fact_key *key,
                    const struct sha256_digest *digest, int64_t seq);
/* The newest fact of a key; NULL = none. */
struct fact_entry *fact_index_find(const struct fact_index *x, enum fact_kind kind,
                                   const struct fact_key *key);
/* Empties it, keeping its memory and whose facts it wants. */
void fact_index_clear(struct fact_index *x);
/* Frees what it holds. */
void fact_index_free(struct fact_index *x);

#endif
