/* The Merkle tree over the records of the log.
 * What:   hashes of RFC 6962 §2.1: leaf = SHA-256(0x00 || record), made by record.h; node =
 *         SHA-256(0x01 || left || right); the root of no records is SHA-256 of nothing. A tree
 *         grows leaf by leaf in 64 hashes of memory; proofs are made from whatever knows the roots of
 *         parts (audit/tiles.h). Verifiers need the proof only.
 * Owner:  trees by value; proofs live in the arena.
 * Units:  sizes and positions count records from 0.
 * Errors: those of who knows the parts; a proof that proves nothing is false.
 * See:    RFC 6962 §2.1.1, §2.1.2; RFC 9162 §2.1.3.2, §2.1.4.2 (verification) */
#ifndef AUDIT_TREE_H
#define AUDIT_TREE_H

#include "base/diag.h"
#include "base/sha256.h"

enum { AUDIT_TREE_DEPTH = 64 };

struct audit_tree {
    uint64_t size;
    struct sha256_digest nodes[AUDIT_TREE_DEPTH]; /* of the perfect subtrees, largest first */
    size_t n_nodes;
};

struct audit_proof {
    const struct sha256_digest *hashes; /* from the leaves up */
    size_t n;
};

/* A tree of no records. */
struct audit_tree audit_tree_start(void);
/* Appends a leaf. */
void audit_tree_add(struct audit_tree *t, const struct sha256_digest *leaf);
/* The root of what was added so far. */
struct sha256_digest audit_tree_root(const struct audit_tree *t);

/* The root of n leaves; n = 0 as above. */
struct sha256_digest audit_tree_root_of(const struct sha256_digest *leaves, uint64_t n);

/* Who knows the root of the n leaves from a position on; the parts that are asked for are those of
 * RFC 6962 §2.1: their beginning is a multiple of a power of two that is not below n. */
struct audit_parts {
    int (*root)(void *ctx, uint64_t from, uint64_t n, struct sha256_digest *ret, struct diag *d);
    void *ctx;
};

/* Proves that the leaf at that position is among the first size ones. */
int audit_tree_prove(const struct audit_parts *p, uint64_t size, uint64_t at, struct arena *a,
                     struct audit_proof *ret, struct diag *d);
/* Proves that the first size leaves begin with the first old_size (at least 1). */
int audit_tree_prove_extension(const struct audit_parts *p, uint64_t size, uint64_t old_size,
                               struct arena *a, struct audit_proof *ret, struct diag *d);

/* True when the proof leads from the leaf at that position to the root of size records. */
bool audit_tree_includes(const struct sha256_digest *root, uint64_t size, uint64_t at,
                         const struct sha256_digest *leaf, const struct audit_proof *p);
/* True when the proof shows that the tree of size records is a continuation of the old one. */
bool audit_tree_extends(const struct sha256_digest *root, uint64_t size,
                        const struct sha256_digest *old_root, uint64_t old_size,
                        const struct audit_proof *p);

#endif
