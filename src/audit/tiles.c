/* The tree in tiles. ledger/log_tree.c keeps them in the database, ledger/publish.c writes them as files. */
#include "audit/tiles.h"

#include <assert.h>

enum { BITS = 8 };

size_t
audit_tile_width(int level, int64_t at, uint64_t size)
{
    assert(level >= 0 && level < AUDIT_TILE_LEVELS && at >= 0);
    uint64_t hashes = size >> (BITS * level), before = (uint64_t)at << BITS;
    uint64_t n = hashes > before ? hashes - before : 0;
    return n < AUDIT_TILE ? (size_t)n : AUDIT_TILE;
}

struct str
audit_tile_path(int level, int64_t at, size_t n, struct arena *a)
{
    assert(level < AUDIT_TILE_LEVELS && at >= 0 && n > 0 && n <= AUDIT_TILE);
    struct str what = level < 0 ? STR("entries") : arena_fmt(a, "%d", level);
    /* three digits an element, all but the last behind an x: no folder gets too large */
    struct str number = arena_fmt(a, "%03lld", (long long)(at % 1000));
    for (int64_t rest = at / 1000; rest > 0; rest /= 1000)
        number = arena_fmt(a, "x%03lld/%s", (long long)(rest % 1000), number.s);
    return n == AUDIT_TILE ? arena_fmt(a, "tile/%s/%s", what.s, number.s)
                           : arena_fmt(a, "tile/%s/%s.p/%zu", what.s, number.s, n);
}

/* ---- growing ---- */

void
audit_edge_start(struct audit_edge *e, uint64_t size)
{
    e->size = size;
    for (int level = 0; level < AUDIT_TILE_LEVELS; level++) {
        struct audit_tile *t = &e->open[level];
        uint64_t hashes = size >> (BITS * level);
        t->level = level;
        t->at = (int64_t)(hashes >> BITS);
        t->n = (size_t)(hashes % AUDIT_TILE);
    }
}

/* The root of a full tile is a hash of the tile above it. */
int
audit_edge_add(struct audit_edge *e, const struct sha256_digest *leaf, audit_tile_put *put,
               void *ctx, struct diag *d)
{
    struct sha256_digest node = *leaf;
    e->size++;
    for (int level = 0;; level++) {
        assert(level < AUDIT_TILE_LEVELS);
        struct audit_tile *t = &e->open[level];
        assert(t->n < AUDIT_TILE);
        t->v[t->n++] = node;
        if (t->n < AUDIT_TILE)
            return 0;
        if (put && put(ctx, t, d) != 0)
            return -1;
        node = audit_tree_root_of(t->v, AUDIT_TILE);
        t->n = 0;
        t->at++;
    }
}

/* The perfect subtrees, largest first: the bits of the size are those of the widths. */
struct audit_tree
audit_edge_tree(const struct audit_edge *e)
{
    struct audit_tree tree = audit_tree_start();
    tree.size = e->size;
    for (int level = AUDIT_TILE_LEVELS - 1; level >= 0; level--) {
        const struct audit_tile *t = &e->open[level];
        size_t from = 0;
        for (size_t n = AUDIT_TILE / 2; n > 0; n /= 2)
            if (t->n & n) {
                tree.nodes[tree.n_nodes++] = audit_tree_root_of(t->v + from, n);
                from += n;
            }
    }
    assert(tree.n_nodes <= AUDIT_TREE_DEPTH);
    return tree;
}

/* ---- reading ---- */

/* Tiles that were seen are kept: a proof asks for the same few again. */
static const struct audit_tile *
load_tile(struct audit_tiles *t, int level, int64_t at, struct diag *d)
{
    for (size_t i = 0; i < t->seen.n; i++)
        if (t->seen.v[i]->level == level && t->seen.v[i]->at == at)
            return t->seen.v[i];
    struct audit_tile *tile = ARENA_ARRAY(t->arena, struct audit_tile, 1);
    tile->level = level;
    tile->at = at;
    tile->n = audit_tile_width(level, at, t->size);
    if (t->load(t->ctx, tile, d) != 0)
        return NULL;
    *VEC_PUSH(t->arena, &t->seen) = tile;
    return tile;
}

/* The perfect subtree of 2^height records that begins at from: it stands in one tile. */
static int
node_at(struct audit_tiles *t, int height, uint64_t from, struct sha256_digest *ret, struct diag *d)
{
    assert(height >= 0 && height < AUDIT_TREE_DEPTH && from % ((uint64_t)1 << height) == 0);
    uint64_t first = from >> (height - height % BITS), n = (uint64_t)1 << height % BITS;
    const struct audit_tile *tile = load_tile(t, height / BITS, (int64_t)(first >> BITS), d);
    if (!tile)
        return -1;
    assert(first % AUDIT_TILE + n <= tile->n);
    *ret = audit_tree_root_of(tile->v + first % AUDIT_TILE, n);
    return 0;
}

static int
part_root(void *ctx, uint64_t from, uint64_t n, struct sha256_digest *ret, struct diag *d)
{
    assert(n > 0);
    struct audit_tree tree = audit_tree_start();
    for (int height = AUDIT_TREE_DEPTH - 1; height >= 0; height--) {
        if (!(n >> height & 1))
            continue;
        if (node_at(ctx, height, from, &tree.nodes[tree.n_nodes++], d) != 0)
            return -1;
        from += (uint64_t)1 << height;
    }
    *ret = audit_tree_root(&tree);
    return 0;
}

struct audit_parts
audit_tiles_parts(struct audit_tiles *t)
{
    return (struct audit_parts){part_root, t};
}
