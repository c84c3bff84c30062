/* Proofs of a tree whose leaves are all in memory. */
#ifndef TESTS_AUDIT_ARRAY_TREE_H
#define TESTS_AUDIT_ARRAY_TREE_H

#include "audit/tree.h"
#include "check.h"

static inline int
array_root(void *ctx, uint64_t from, uint64_t n, struct sha256_digest *ret, struct diag *d)
{
    const struct sha256_digest *const *leaves = ctx;
    (void)d;
    *ret = audit_tree_root_of(*leaves + from, n);
    return 0;
}

/* That leaves[at] stands at that position among the first size leaves. */
static inline struct audit_proof
array_inclusion(const struct sha256_digest *leaves, uint64_t size, uint64_t at, struct arena *a)
{
    struct audit_parts p = {array_root, &leaves};
    struct audit_proof ret = {.n = 0};
    struct diag d = diag_init(a);
    CHECK(audit_tree_prove(&p, size, at, a, &ret, &d) == 0);
    return ret;
}

/* That the first size leaves begin with the first old_size (at least 1). */
static inline struct audit_proof
array_extension(const struct sha256_digest *leaves, uint64_t size, uint64_t old_size,
                struct arena *a)
{
    struct audit_parts p = {array_root, &leaves};
    struct audit_proof ret = {.n = 0};
    struct diag d = diag_init(a);
    CHECK(audit_tree_prove_extension(&p, size, old_size, a, &ret, &d) == 0);
    return ret;
}

#endif
