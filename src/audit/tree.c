/* The Merkle tree of RFC 6962. Behind record.c, which makes the leaves; checkpoints sign its root.
 */
#include "audit/tree.h"

#include <assert.h>
#include <string.h>

/* RFC 6962 §2.1: the byte 1 keeps a node from being taken for a leaf. */
static struct sha256_digest
join(const struct sha256_digest *left, const struct sha256_digest *right)
{
    struct sha256 *h = sha256_new();
    sha256_add(h, "\x01", 1);
    sha256_add(h, left->b, SHA256_SIZE);
    sha256_add(h, right->b, SHA256_SIZE);
    return sha256_final(h);
}

static bool
same(const struct sha256_digest *a, const struct sha256_digest *b)
{
    return memcmp(a->b, b->b, SHA256_SIZE) == 0;
}

/* ---- growing ---- */

struct audit_tree
audit_tree_start(void)
{
    return (struct audit_tree){.size = 0};
}

/* Two perfect subtrees of one size become one of twice the size: as a binary counter carries. */
void
audit_tree_add(struct audit_tree *t, const struct sha256_digest *leaf)
{
    struct sha256_digest node = *leaf;
    assert(t->size < UINT64_MAX);
    for (uint64_t carry = t->size; carry & 1; carry >>= 1)
        node = join(&t->nodes[--t->n_nodes], &node);
    assert(t->n_nodes < sizeof t->nodes / sizeof *t->nodes);
    t->nodes[t->n_nodes++] = node;
    t->size++;
}

/* Smaller subtrees are joined first: they are the right edge. */
struct sha256_digest
audit_tree_root(const struct audit_tree *t)
{
    if (t->n_nodes == 0)
        return sha256_of(STR(""));
    struct sha256_digest root = t->nodes[t->n_nodes - 1];
    for (size_t i = t->n_nodes - 1; i-- > 0;)
        root = join(&t->nodes[i], &root);
    return root;
}

struct sha256_digest
audit_tree_root_of(const struct sha256_digest *leaves, uint64_t n)
{
    assert(leaves || n == 0);
    struct audit_tree t = audit_tree_start();
    for (uint64_t i = 0; i < n; i++)
        audit_tree_add(&t, &leaves[i]);
    return audit_tree_root(&t);
}

/* ---- proving ---- */

/* The largest power of two below n (n at least 2): where RFC 6962 parts n leaves. */
static uint64_t
split_at(uint64_t n)
{
    uint64_t k = 1;
    assert(n > 1);
    while (k < n - k)
        k *= 2;
    return k;
}

struct hashes {
    struct sha256_digest v[2 * AUDIT_TREE_DEPTH];
    size_t n;
};

/* What was pushed from the root down, as a proof from the leaves up. */
static struct audit_proof
turn_over(const struct hashes *from, struct arena *a)
{
    struct sha256_digest *v = ARENA_ARRAY(a, struct sha256_digest, from->n);
    for (size_t i = 0; i < from->n; i++)
        v[i] = from->v[from->n - 1 - i];
    return (struct audit_proof){.hashes = v, .n = from->n};
}

static int
push_part(struct hashes *to, const struct audit_parts *p, uint64_t from, uint64_t n, struct diag *d)
{
    assert(to->n < sizeof to->v / sizeof *to->v);
    if (p->root(p->ctx, from, n, &to->v[to->n], d) != 0)
        return -1;
    to->n++;
    return 0;
}

/* PATH(m, D[n]) of RFC 6962 §2.1.1: on the way down the subtree that is left aside. */
int
audit_tree_prove(const struct audit_parts *p, uint64_t size, uint64_t at, struct arena *a,
                 struct audit_proof *ret, struct diag *d)
{
    struct hashes path = {.n = 0};
    uint64_t from = 0;
    assert(at < size);
    while (size > 1) {
        uint64_t k = split_at(size);
        bool is_left = at - from < k;
        if (push_part(&path, p, is_left ? from + k : from, is_left ? size - k : k, d) != 0)
            return -1;
        from += is_left ? 0 : k;
        size = is_left ? k : size - k;
    }
    *ret = turn_over(&path, a);
    return 0;
}

/* PROOF(m, D[n]) of RFC 6962 §2.1.2. The old root itself is left out while its subtree is that of
 * the old tree. */
int
audit_tree_prove_extension(const struct audit_parts *p, uint64_t size, uint64_t old_size,
                           struct arena *a, struct audit_proof *ret, struct diag *d)
{
    struct hashes path = {.n = 0};
    uint64_t from = 0;
    assert(old_size > 0 && old_size <= size);
    while (old_size < size) {
        uint64_t k = split_at(size);
        bool is_left = old_size <= k;
        if (push_part(&path, p, is_left ? from + k : from, is_left ? size - k : k, d) != 0)
            return -1;
        from += is_left ? 0 : k;
        old_size -= is_left ? 0 : k;
        size = is_left ? k : size - k;
    }
    if (from > 0 && push_part(&path, p, from, size, d) != 0)
        return -1;
    *ret = turn_over(&path, a);
    return 0;
}

/* ---- verifying ---- */

/* RFC 9162 §2.1.3.2: fn is the position, sn that of the last leaf, level by level. */
bool
audit_tree_includes(const struct sha256_digest *root, uint64_t size, uint64_t at,
                    const struct sha256_digest *leaf, const struct audit_proof *p)
{
    if (at >= size)
        return false;
    uint64_t fn = at, sn = size - 1;
    struct sha256_digest r = *leaf;
    for (size_t i = 0; i < p->n; i++) {
        if (sn == 0)
            return false;
        bool from_left = (fn & 1) || fn == sn;
        r = from_left ? join(&p->hashes[i], &r) : join(&r, &p->hashes[i]);
        while (from_left && fn && !(fn & 1)) {
            fn >>= 1;
            sn >>= 1;
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && same(&r, root);
}

/* RFC 9162 §2.1.4.2: both roots are made from the same hashes. */
static bool
extends(const struct sha256_digest *root, uint64_t size, const struct sha256_digest *old_root,
        uint64_t old_size, const struct sha256_digest *hashes, size_t n)
{
    assert(n > 0 && old_size > 0 && old_size < size);
    uint64_t fn = old_size - 1, sn = size - 1;
    while (fn & 1) {
        fn >>= 1;
        sn >>= 1;
    }
    struct sha256_digest fr = hashes[0], sr = hashes[0];
    for (size_t i = 1; i < n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            fr = join(&hashes[i], &fr);
            sr = join(&hashes[i], &sr);
            while (fn && !(fn & 1)) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = join(&sr, &hashes[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && same(&fr, old_root) && same(&sr, root);
}

bool
audit_tree_extends(const struct sha256_digest *root, uint64_t size,
                   const struct sha256_digest *old_root, uint64_t old_size,
                   const struct audit_proof *p)
{
    struct sha256_digest hashes[2 * AUDIT_TREE_DEPTH + 1];
    if (old_size == 0 || old_size > size || p->n > 2 * AUDIT_TREE_DEPTH)
        return false;
    if (old_size == size)
        return p->n == 0 && same(root, old_root);
    bool is_perfect = (old_size & (old_size - 1)) == 0; /* then the old root stands first */
    if (!is_perfect && p->n == 0)
        return false;
    if (is_perfect)
        hashes[0] = *old_root;
    if (p->n)
        memcpy(hashes + is_perfect, p->hashes, p->n * sizeof *p->hashes);
    return extends(root, size, old_root, old_size, hashes, p->n + is_perfect);
}
