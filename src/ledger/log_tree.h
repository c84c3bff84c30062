/* The Merkle tree over the audit log, kept in tiles.
 * What:   a tree grows from the right edge that the tiles give, so that a checkpoint reads the new
 *         leaves only; a proof reads a tile or two a level. The tiles are never trusted: an edge
 *         counts when its root is the one that was signed, a proof when it leads to the root of a
 *         checkpoint. Otherwise the leaves are read, all of them, and the tiles written anew.
 * Owner:  proofs live in the given arena.
 * Units:  records.
 * Errors: DIAG_VERIFY (the log is not a continuation of what was signed; a tile differs), and those
 *         of store.h.
 * See:    doc/audit-checkpoint.md, audit/tiles.h */
#ifndef LEDGER_LOG_TREE_H
#define LEDGER_LOG_TREE_H

#include "act/act.h"
#include "audit/checkpoint.h"
#include "audit/tiles.h"

/* Lets the tree grow to size records and keeps its tiles; *ret is the root. kept: what was signed
 * last, which must be its beginning; NULL = nothing was, all leaves are read. rebuild: read all
 * leaves in any case. */
int log_tree_grow(struct act *act, int64_t size, const struct audit_checkpoint *kept, bool rebuild,
                  struct sha256_digest *ret, struct diag *d);
/* The right edge of the tree that a checkpoint signed, from the tiles: when they give its root, every
 * hash of the edge is the right one. When they do not, or are not there, the edge is that of no
 * records (size 0), and whoever wants to go on reads all leaves. */
int log_tree_edge(struct act *act, const struct audit_checkpoint *cp, struct audit_edge *ret,
                  struct diag *d);
/* The proof that the leaf stands at that position below the checkpoint. */
int log_tree_prove(struct act *act, const struct audit_checkpoint *cp, int64_t at,
                   const struct sha256_digest *leaf, struct arena *a, struct audit_proof *ret,
                   struct diag *d);
/* The proof that the checkpoint continues the older one, which has at least one record. */
int log_tree_prove_extension(struct act *act, const struct audit_checkpoint *cp,
                             const struct audit_checkpoint *old, struct arena *a,
                             struct audit_proof *ret, struct diag *d);
/* Fills in the hashes of a tile (level, at and n are given) from the database, or from the leaves
 * when it is not there or must not be trusted. */
int log_tree_load(struct act *act, struct audit_tile *t, bool distrust, struct diag *d);

struct log_tree_check { /* leaves that somebody recomputed, held against the tiles */
    struct act *act;
    struct audit_edge edge;
    int64_t n;       /* tiles that were there */
    int64_t n_wrong; /* and are not what the leaves give */
    int wrong_level; /* the first of them */
    int64_t wrong_at;
};

/* A check that expects leaf 0. */
void log_tree_check_start(struct log_tree_check *c, struct act *act);
/* The next leaf. */
int log_tree_check_add(struct log_tree_check *c, const struct sha256_digest *leaf, struct diag *d);
/* The open tiles, when all leaves were there; fails when any tile was wrong. */
int log_tree_check_end(struct log_tree_check *c, struct diag *d);

#endif
