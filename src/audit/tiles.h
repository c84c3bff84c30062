/* The tree in tiles, as c2sp.org/tlog-tiles cuts it.
 * What:   tile AT of LEVEL has up to 256 hashes; hash i is the root of the 256^LEVEL records from
 *         (256 * AT + i) * 256^LEVEL on. Full tiles never change. The right edge (one open tile a
 *         level) is all that is needed to let a tree grow; a proof reads a tile or two a level.
 * Owner:  edges by value (64 kB); tiles that a reader has seen live in its arena.
 * Units:  sizes and positions count records from 0.
 * Errors: those of who loads or takes tiles. What a tile says is as good as where it came from:
 *         compare roots, verify proofs.
 * See:    c2sp.org/tlog-tiles; RFC 6962 §2.1 */
#ifndef AUDIT_TILES_H
#define AUDIT_TILES_H

#include "audit/tree.h"
#include "base/vec.h"

enum { AUDIT_TILE = 256, AUDIT_TILE_LEVELS = 8 };

struct audit_tile {
    int level;
    int64_t at;
    size_t n; /* hashes in it */
    struct sha256_digest v[AUDIT_TILE];
};

/* How many hashes that tile has in a tree of size records: 0 to 256. */
size_t audit_tile_width(int level, int64_t at, uint64_t size);
/* "tile/LEVEL/x001/x234/067.p/12": where a published tile is; level -1 is "entries". */
struct str audit_tile_path(int level, int64_t at, size_t n, struct arena *a);

/* ---- growing ---- */

struct audit_edge {
    uint64_t size;
    struct audit_tile open[AUDIT_TILE_LEVELS]; /* .n = 0: nothing on that level but full tiles */
};

/* Takes a tile that became full; -1 ends the growing. */
typedef int audit_tile_put(void *ctx, const struct audit_tile *t, struct diag *d);

/* The edge of a tree of size records; for a size above 0 the hashes of the open tiles are for the
 * caller to fill in: level, at and n say which. */
void audit_edge_start(struct audit_edge *e, uint64_t size);
/* Appends a leaf. put (NULL = nobody) gets every tile that is full with it. */
int audit_edge_add(struct audit_edge *e, const struct sha256_digest *leaf, audit_tile_put *put,
                   void *ctx, struct diag *d);
/* The tree as it is. */
struct audit_tree audit_edge_tree(const struct audit_edge *e);

/* ---- reading ---- */

struct audit_tiles {
    uint64_t size; /* of the tree; proofs may be of smaller ones */
    /* Fills in the first t->n hashes of the tile that t names. */
    int (*load)(void *ctx, struct audit_tile *t, struct diag *d);
    void *ctx;
    struct arena *arena;
    VEC(struct audit_tile *) seen;
};

/* The parts of the tree, for the proofs of audit/tree.h; lives as long as t. */
struct audit_parts audit_tiles_parts(struct audit_tiles *t);

#endif
