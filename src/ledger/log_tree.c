/* The tree of the audit log: src/audit calculates, the store keeps the tiles. checkpoint.c lets it
 * grow, verify_log.c, witness.c and publish.c read it. */
#include "ledger/log_tree.h"

#include <assert.h>
#include <string.h>

#include "base/auto.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { CHUNK = 50000 };

_Static_assert((int)STORE_TILE == (int)AUDIT_TILE, "a tile has one size");

static bool
same(const struct sha256_digest *a, const struct sha256_digest *b)
{
    return memcmp(a->b, b->b, SHA256_SIZE) == 0;
}

/* ---- tiles from the database ---- */

/* Fills in a tile when the database has at least the hashes that are wanted. */
static int
load_stored(struct act *act, struct audit_tile *t, bool *ret_has, struct diag *d)
{
    assert(t->n <= AUDIT_TILE);
    size_t n;
    struct sha256_digest v[STORE_TILE];
    if (store_load_tile(act->store, t->level, t->at, v, &n, d) != 0)
        return -1;
    *ret_has = n >= t->n;
    if (*ret_has)
        memcpy(t->v, v, t->n * sizeof *v);
    return 0;
}

int
log_tree_load(struct act *act, struct audit_tile *t, bool distrust, struct diag *d)
{
    assert(t->level >= 0 && t->level < AUDIT_TILE_LEVELS && t->n <= AUDIT_TILE);
    bool has = false;
    if (!distrust && load_stored(act, t, &has, d) != 0)
        return -1;
    if (has)
        return 0;
    if (t->level == 0)
        return store_load_leaves(act->store, t->at * AUDIT_TILE, t->n, t->v, d);
    for (size_t i = 0; i < t->n; i++) {
        struct audit_tile below = {
            .level = t->level - 1, .at = t->at * AUDIT_TILE + (int64_t)i, .n = AUDIT_TILE};
        if (log_tree_load(act, &below, distrust, d) != 0)
            return -1;
        t->v[i] = audit_tree_root_of(below.v, AUDIT_TILE);
    }
    return 0;
}

/* ---- growing ---- */

struct growing { /* a tree that takes more leaves, and the tiles that are to be stored */
    struct act *act;
    struct audit_edge edge;
    struct arena *arena; /* of the tiles that wait */
    VEC(struct store_tile) full;
};

static void
keep_tile(struct growing *g, const struct audit_tile *t)
{
    assert(t->n > 0 && t->n <= AUDIT_TILE);
    struct sha256_digest *v = ARENA_ARRAY(g->arena, struct sha256_digest, t->n);
    memcpy(v, t->v, t->n * sizeof *v);
    *VEC_PUSH(g->arena, &g->full) =
        (struct store_tile){.level = t->level, .at = t->at, .n = t->n, .hashes = v};
}

/* Called for a tile that became full. */
static int
on_full(void *ctx, const struct audit_tile *t, struct diag *d)
{
    (void)d;
    keep_tile(ctx, t);
    return 0;
}

int
log_tree_edge(struct act *act, const struct audit_checkpoint *cp, struct audit_edge *ret,
              struct diag *d)
{
    assert(cp->size >= 0);
    bool has = true;
    audit_edge_start(ret, (uint64_t)cp->size);
    for (int level = 0; level < AUDIT_TILE_LEVELS && has; level++) {
        struct audit_tile *t = &ret->open[level];
        if (t->n && load_stored(act, t, &has, d) != 0)
            return -1;
        if (has || level > 0)
            continue;
        has = true; /* the lowest level has no more than 255 leaves: those are read */
        if (log_tree_load(act, t, true, d) != 0)
            return -1;
    }
    if (has) {
        struct audit_tree tree = audit_edge_tree(ret);
        struct sha256_digest root = audit_tree_root(&tree);
        has = same(&root, &cp->root);
    }
    if (!has)
        audit_edge_start(ret, 0);
    return 0;
}

/* Fails when the tree has as many records as were signed last, and another root than they had. */
static int
check_kept(const struct growing *g, const struct audit_checkpoint *kept, struct diag *d)
{
    if (!kept || g->edge.size != (uint64_t)kept->size)
        return 0;
    struct audit_tree tree = audit_edge_tree(&g->edge);
    struct sha256_digest root = audit_tree_root(&tree);
    return same(&root, &kept->root)
               ? 0
               : diag_fail(d, DIAG_VERIFY,
                           "the first %lld records of the audit log are not those that were "
                           "signed: no new checkpoint",
                           (long long)kept->size);
}

/* Some leaves further, with the tiles that became full; last: the open ones as well. */
static int
grow_some(struct growing *g, size_t n, bool last, const struct audit_checkpoint *kept,
          struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest *leaves = ARENA_ARRAY(a, struct sha256_digest, n);
    g->arena = a;
    memset(&g->full, 0, sizeof g->full);
    if (n && store_load_leaves(g->act->store, (int64_t)g->edge.size, n, leaves, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (audit_edge_add(&g->edge, &leaves[i], on_full, g, d) != 0 || check_kept(g, kept, d) != 0)
            return -1;
    for (int level = 0; last && level < AUDIT_TILE_LEVELS; level++)
        if (g->edge.open[level].n)
            keep_tile(g, &g->edge.open[level]);
    return store_put_tiles(g->act->store, g->full.v, g->full.n, d);
}

int
log_tree_grow(struct act *act, int64_t size, const struct audit_checkpoint *kept, bool rebuild,
              struct sha256_digest *ret, struct diag *d)
{
    struct growing g = {.act = act};
    audit_edge_start(&g.edge, 0);
    if (kept && !rebuild && log_tree_edge(act, kept, &g.edge, d) != 0)
        return -1;
    int64_t left = size - (int64_t)g.edge.size;
    assert(left >= 0);
    if (check_kept(&g, kept, d) != 0)
        return -1;
    while (left > 0) {
        int64_t n = left < CHUNK ? left : CHUNK;
        left -= n;
        if (grow_some(&g, (size_t)n, left == 0, kept, d) != 0)
            return -1;
    }
    struct audit_tree tree = audit_edge_tree(&g.edge);
    *ret = audit_tree_root(&tree);
    return 0;
}

/* ---- proofs ---- */

struct tile_reader {
    struct act *act;
    bool distrust; /* the tiles of the database: from the leaves */
};

/* Called for each tile that a proof needs. */
static int
on_load(void *ctx, struct audit_tile *t, struct diag *d)
{
    const struct tile_reader *r = ctx;
    return log_tree_load(r->act, t, r->distrust, d);
}

static int
not_the_log(const struct audit_checkpoint *cp, struct diag *d)
{
    return diag_fail(d, DIAG_VERIFY, "the records are not those of the checkpoint of %lld records",
                     (long long)cp->size);
}

/* From the tiles; when these do not lead to the root that was signed, from the leaves. */
int
log_tree_prove(struct act *act, const struct audit_checkpoint *cp, int64_t at,
               const struct sha256_digest *leaf, struct arena *a, struct audit_proof *ret,
               struct diag *d)
{
    assert(at >= 0 && at < cp->size);
    uint64_t size = (uint64_t)cp->size;
    for (int distrust = 0; distrust < 2; distrust++) {
        struct tile_reader r = {act, distrust};
        struct audit_tiles t = {.size = size, .load = on_load, .ctx = &r, .arena = a};
        struct audit_parts p = audit_tiles_parts(&t);
        if (audit_tree_prove(&p, size, (uint64_t)at, a, ret, d) != 0)
            return -1;
        if (audit_tree_includes(&cp->root, size, (uint64_t)at, leaf, ret))
            return 0;
    }
    return not_the_log(cp, d);
}

int
log_tree_prove_extension(struct act *act, const struct audit_checkpoint *cp,
                         const struct audit_checkpoint *old, struct arena *a,
                         struct audit_proof *ret, struct diag *d)
{
    assert(old->size > 0 && old->size <= cp->size);
    uint64_t size = (uint64_t)cp->size, was = (uint64_t)old->size;
    for (int distrust = 0; distrust < 2; distrust++) {
        struct tile_reader r = {act, distrust};
        struct audit_tiles t = {.size = size, .load = on_load, .ctx = &r, .arena = a};
        struct audit_parts p = audit_tiles_parts(&t);
        if (audit_tree_prove_extension(&p, size, was, a, ret, d) != 0)
            return -1;
        if (audit_tree_extends(&cp->root, size, &old->root, was, ret))
            return 0;
    }
    return not_the_log(cp, d);
}

/* ---- checking the tiles ---- */

void
log_tree_check_start(struct log_tree_check *c, struct act *act)
{
    *c = (struct log_tree_check){.act = act};
    audit_edge_start(&c->edge, 0);
}

/* Compares as many hashes as both have: a tile that has grown meanwhile begins the same. A tile that is
 * not stored is not wrong: it is made again when it is needed. */
static int
compare_tile(void *ctx, const struct audit_tile *t, struct diag *d)
{
    struct log_tree_check *c = ctx;
    size_t n;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag one = diag_init(a);
    struct sha256_digest v[STORE_TILE];
    if (store_load_tile(c->act->store, t->level, t->at, v, &n, &one) != 0)
        return diag_pass_on(d, &one);
    c->n += n > 0;
    if (memcmp(v, t->v, (n < t->n ? n : t->n) * sizeof *v) == 0)
        return 0;
    if (c->n_wrong++ == 0) {
        c->wrong_level = t->level;
        c->wrong_at = t->at;
    }
    return 0;
}

int
log_tree_check_add(struct log_tree_check *c, const struct sha256_digest *leaf, struct diag *d)
{
    return audit_edge_add(&c->edge, leaf, compare_tile, c, d);
}

int
log_tree_check_end(struct log_tree_check *c, struct diag *d)
{
    for (int level = 0; level < AUDIT_TILE_LEVELS; level++)
        if (c->edge.open[level].n && compare_tile(c, &c->edge.open[level], d) != 0)
            return -1;
    if (c->n_wrong == 0)
        return 0;
    diag_fail(d, DIAG_VERIFY,
              "the records hold, but %lld tiles of the tree are not what they give: somebody "
              "changed them; assay audit checkpoint --rebuild makes them anew",
              (long long)c->n_wrong);
    return diag_at(d, "tile %d/%lld", c->wrong_level, (long long)c->wrong_at);
}
