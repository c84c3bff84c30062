/* The tree in tiles against the tree from its leaves: roots, edges that are taken up again, proofs,
 * and the names that published tiles have. */
#include "audit/tiles.h"

#include <stdlib.h>

#include "array_tree.h"
#include "base/buf.h"
#include "check.h"

enum { N = 70000 }; /* three levels */

static struct sha256_digest leaves[N];

static bool
same(const struct sha256_digest *a, const struct sha256_digest *b)
{
    return memcmp(a->b, b->b, SHA256_SIZE) == 0;
}

struct kept { /* every tile that became full */
    struct audit_tile *v[400];
    size_t n;
    size_t n_loads;
};

static int
keep(void *ctx, const struct audit_tile *t, struct diag *d)
{
    struct kept *k = ctx;
    (void)d;
    k->v[k->n] = malloc(sizeof *t);
    *k->v[k->n++] = *t;
    return 0;
}

static struct audit_edge edge; /* of all leaves */
static struct kept kept;

/* From what was kept, and from the edge. */
static int
load(void *ctx, struct audit_tile *t, struct diag *d)
{
    const struct audit_tile *from = &edge.open[t->level];
    (void)ctx;
    kept.n_loads++;
    for (size_t i = 0; i < kept.n; i++)
        if (kept.v[i]->level == t->level && kept.v[i]->at == t->at)
            from = kept.v[i];
    if (from->at != t->at || from->n < t->n)
        return diag_fail(d, DIAG_INTERNAL, "no tile %d/%lld", t->level, (long long)t->at);
    memcpy(t->v, from->v, t->n * sizeof *t->v);
    return 0;
}

static void
test_growing(void)
{
    struct audit_tree tree = audit_tree_start();
    audit_edge_start(&edge, 0);
    for (size_t i = 0; i < N; i++) {
        if (i < 600 || i % 997 == 0 || (i > 65530 && i < 65540)) {
            struct audit_tree t = audit_edge_tree(&edge);
            struct sha256_digest a = audit_tree_root(&t), b = audit_tree_root(&tree);
            CHECK(t.size == i && t.n_nodes == tree.n_nodes && same(&a, &b));
        }
        audit_tree_add(&tree, &leaves[i]);
        CHECK(audit_edge_add(&edge, &leaves[i], keep, &kept, NULL) == 0);
    }
    CHECK(kept.n == N / 256 + N / 65536);
    CHECK(edge.open[0].n == N % 256 && edge.open[1].n == N / 256 % 256 && edge.open[2].n == 1);
}

/* An edge that was put together from tiles grows on as if it had never been away. */
static void
test_taken_up(struct diag *d)
{
    static const uint64_t sizes[] = {1, 255, 256, 257, 65535, 65536, 65537, 69999};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct audit_edge e;
        audit_edge_start(&e, sizes[i]);
        for (int level = 0; level < AUDIT_TILE_LEVELS; level++)
            if (e.open[level].n) {
                CHECK(audit_tile_width(level, e.open[level].at, sizes[i]) == e.open[level].n);
                CHECK(load(NULL, &e.open[level], d) == 0);
            }
        for (uint64_t at = sizes[i]; at < N; at++)
            audit_edge_add(&e, &leaves[at], NULL, NULL, d);
        struct audit_tree a = audit_edge_tree(&e), b = audit_edge_tree(&edge);
        struct sha256_digest ra = audit_tree_root(&a), rb = audit_tree_root(&b);
        CHECK(same(&ra, &rb));
    }
}

static bool
same_proof(const struct audit_proof *a, const struct audit_proof *b)
{
    return a->n == b->n && memcmp(a->hashes, b->hashes, a->n * sizeof *a->hashes) == 0;
}

/* The proofs of the tiles are those of the leaves, for a tenth of a per cent of the reading. */
static void
test_proofs(struct arena *a, struct diag *d)
{
    static const uint64_t sizes[] = {1, 2, 255, 256, 257, 511, 600, 65536, 65537, N};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (uint64_t at = 0; at < sizes[i]; at += sizes[i] / 5 + 1) {
            struct audit_tiles t = {.size = N, .load = load, .arena = a};
            struct audit_parts p = audit_tiles_parts(&t);
            struct audit_proof got = {.n = 0}, want;
            kept.n_loads = 0;
            CHECK(audit_tree_prove(&p, sizes[i], at, a, &got, d) == 0);
            want = array_inclusion(leaves, sizes[i], at, a);
            CHECK(same_proof(&got, &want));
            CHECK(audit_tree_prove_extension(&p, sizes[i], at + 1, a, &got, d) == 0);
            want = array_extension(leaves, sizes[i], at + 1, a);
            CHECK(same_proof(&got, &want));
            CHECK(kept.n_loads <= 12);
        }
}

/* A tile that cannot be loaded fails the proof. */
static void
test_missing(struct arena *a, struct diag *d)
{
    struct audit_tiles t = {.size = (uint64_t)N * 256, .load = load, .arena = a};
    struct audit_parts p = audit_tiles_parts(&t);
    struct audit_proof got;
    CHECK(audit_tree_prove(&p, (uint64_t)N * 256, 5, a, &got, d) == -1 && diag_failed(d));
    diag_clear(d);
}

static void
test_paths(struct arena *a)
{
    CHECK_STR(audit_tile_path(0, 0, 256, a), "tile/0/000");
    CHECK_STR(audit_tile_path(1, 273, 70, a), "tile/1/273.p/70");
    CHECK_STR(audit_tile_path(-1, 1234067, 256, a), "tile/entries/x001/x234/067");
    CHECK_STR(audit_tile_path(0, 1000, 1, a), "tile/0/x001/000.p/1");
    CHECK(audit_tile_width(0, 273, N) == N % 256 && audit_tile_width(0, 274, N) == 0);
    CHECK(audit_tile_width(1, 0, N) == 256 && audit_tile_width(2, 0, N) == 1);
    CHECK(audit_tile_width(7, 0, UINT64_MAX) == 255);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    for (uint32_t i = 0; i < N; i++)
        leaves[i] = sha256_of(str_n((const char *)&i, sizeof i));
    test_growing();
    test_taken_up(&d);
    test_proofs(a, &d);
    test_missing(a, &d);
    test_paths(a);
    for (size_t i = 0; i < kept.n; i++)
        free(kept.v[i]);
    arena_free(a);
    return CHECK_DONE();
}
