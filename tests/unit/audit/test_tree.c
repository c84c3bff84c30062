/* The Merkle tree against the recursive definition of RFC 6962, and against roots that are known.
 */
#include "audit/tree.h"

#include <string.h>

#include "array_tree.h"
#include "check.h"

enum { MAX = 70 };

static struct sha256_digest leaves[MAX];

static struct sha256_digest
leaf_of(const void *p, size_t n)
{
    struct sha256 *h = sha256_new();
    sha256_add(h, "", 1);
    sha256_add(h, p, n);
    return sha256_final(h);
}

static bool
same(struct sha256_digest a, struct sha256_digest b)
{
    return memcmp(a.b, b.b, SHA256_SIZE) == 0;
}

/* MTH of RFC 6962 §2.1, word by word. */
static struct sha256_digest
mth(const struct sha256_digest *v, size_t n)
{
    if (n == 0)
        return sha256_of(STR(""));
    if (n == 1)
        return v[0];
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    struct sha256_digest left = mth(v, k), right = mth(v + k, n - k);
    struct sha256 *h = sha256_new();
    sha256_add(h, "\x01", 1);
    sha256_add(h, left.b, sizeof left.b);
    sha256_add(h, right.b, sizeof right.b);
    return sha256_final(h);
}

/* ---- roots ---- */

static void
test_roots(void)
{
    struct audit_tree t = audit_tree_start();
    for (size_t n = 0; n < MAX; n++) {
        CHECK(t.size == n && same(audit_tree_root(&t), mth(leaves, n)));
        audit_tree_add(&t, &leaves[n]);
    }
}

/* The eight leaves that implementations of Certificate Transparency try themselves on. */
static void
test_known(struct arena *a)
{
    static const struct {
        const char *bytes;
        size_t n;
    } inputs[] = {{"", 0},
                  {"\x00", 1},
                  {"\x10", 1},
                  {"\x20\x21", 2},
                  {"\x30\x31", 2},
                  {"\x40\x41\x42\x43", 4},
                  {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
                  {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16}};
    struct audit_tree t = audit_tree_start();
    struct sha256_digest root = audit_tree_root(&t);
    CHECK_STR(sha256_hex(a, &root),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < 8; i++) {
        struct sha256_digest leaf = leaf_of(inputs[i].bytes, inputs[i].n);
        audit_tree_add(&t, &leaf);
        root = audit_tree_root(&t);
        if (i == 0)
            CHECK_STR(sha256_hex(a, &root),
                      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }
    CHECK_STR(sha256_hex(a, &root),
              "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

/* ---- proofs ---- */

/* A proof with any one hash changed, left out or put in proves nothing. */
static struct audit_proof
spoil(struct audit_proof p, int how, size_t at, struct arena *a)
{
    struct sha256_digest *v = ARENA_ARRAY(a, struct sha256_digest, p.n + 1);
    if (p.n)
        memcpy(v, p.hashes, p.n * sizeof *v);
    if (how == 0)
        v[at].b[at % SHA256_SIZE] ^= 1;
    else if (how == 1)
        v[p.n] = v[at];
    else
        memmove(v + at, v + at + 1, (p.n - at - 1) * sizeof *v);
    return (struct audit_proof){.hashes = v, .n = how == 0 ? p.n : how == 1 ? p.n + 1 : p.n - 1};
}

static void
test_inclusion(struct arena *a)
{
    size_t n_good = 0, n_bad = 0, n = 0;
    for (uint64_t size = 1; size < MAX; size++)
        for (uint64_t at = 0; at < size; at++) {
            struct sha256_digest root = mth(leaves, size);
            struct audit_proof p = array_inclusion(leaves, size, at, a);
            n++;
            n_good += audit_tree_includes(&root, size, at, &leaves[at], &p);
            n_bad += audit_tree_includes(&root, size, at, &leaves[(at + 1) % MAX], &p);
            n_bad += audit_tree_includes(&root, size, size, &leaves[at], &p);
            n_bad += size > 1 && audit_tree_includes(&root, size, (at + 1) % size, &leaves[at], &p);
            for (size_t i = 0; i < p.n; i++)
                for (int how = 0; how < 3; how++) {
                    struct audit_proof q = spoil(p, how, i, a);
                    n_bad += audit_tree_includes(&root, size, at, &leaves[at], &q);
                }
        }
    CHECK(n_good == n && n_bad == 0);
}

static void
test_consistency(struct arena *a)
{
    size_t n_good = 0, n_bad = 0, n = 0;
    for (uint64_t size = 1; size < MAX; size++)
        for (uint64_t old = 1; old <= size; old++) {
            struct sha256_digest root = mth(leaves, size), before = mth(leaves, old);
            struct audit_proof p = array_extension(leaves, size, old, a);
            n++;
            n_good += audit_tree_extends(&root, size, &before, old, &p);
            n_bad += audit_tree_extends(&root, size, &leaves[MAX - 1], old, &p);
            n_bad += audit_tree_extends(&leaves[MAX - 1], size, &before, old, &p);
            n_bad += audit_tree_extends(&root, size, &before, size + 1, &p);
            n_bad += audit_tree_extends(&root, size, &before, 0, &p);
            for (size_t i = 0; i < p.n; i++)
                for (int how = 0; how < 3; how++) {
                    struct audit_proof q = spoil(p, how, i, a);
                    n_bad += audit_tree_extends(&root, size, &before, old, &q);
                }
        }
    CHECK(n_good == n && n_bad == 0);
}

/* A tree of the same size with one old record changed is no continuation. */
static void
test_rewritten(struct arena *a)
{
    struct sha256_digest other[MAX];
    memcpy(other, leaves, sizeof other);
    other[3].b[0] ^= 1;
    for (uint64_t old = 4; old < 40; old++) {
        struct sha256_digest root = mth(other, 40), before = mth(leaves, old);
        struct audit_proof p = array_extension(other, 40, old, a);
        CHECK(!audit_tree_extends(&root, 40, &before, old, &p));
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    for (int i = 0; i < MAX; i++)
        leaves[i] = leaf_of(&i, sizeof i);
    test_roots();
    test_known(a);
    test_inclusion(a);
    test_consistency(a);
    test_rewritten(a);
    arena_free(a);
    return CHECK_DONE();
}
