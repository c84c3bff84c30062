/* Evidence as it was at the time of each scan: sets of hashes, then texts, many a query. Called by
 * load.c. */
#include "store/load.h"

#include <assert.h>
#include <string.h>

#include "store/detail.h"
#include "store/stmt.h"

enum { MANY = 40 }; /* parameters of the two statements below */

/* Reads rows (hash, blob) of the hashes that `to` lacks; each becomes a struct str in it. */
static int
load_blobs(struct loading *l, const char *name, const struct hash16 *hashes, size_t n,
           struct map *to)
{
    struct stmt *s = stmt_get(l->st, name, l->d);
    assert(n > 0 && n <= MANY);
    if (!s)
        return -1;
    for (size_t i = 0; i < MANY; i++)
        stmt_bytes(s, hashes[i < n ? i : 0].b, sizeof hashes->b);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct hash16 h;
        struct str *body = ARENA_NEW(l->a, struct str);
        stmt_col_bytes(s, 0, h.b, sizeof h.b);
        *body = stmt_col_str(s, 1, l->a);
        map_put(to, ids_key(l->a, h.b, sizeof h.b), body);
    }
    return rc;
}

/* Hashes that are waiting for their blobs. */
struct wanted_blobs {
    const char *name;
    struct map *to, *asked;
    struct hash16 hashes[MANY];
    size_t n;
};

static int
load_wanted(struct loading *l, struct wanted_blobs *w)
{
    if (w->n && load_blobs(l, w->name, w->hashes, w->n, w->to) != 0)
        return -1;
    w->n = 0;
    return 0;
}

static int
want_blob(struct loading *l, struct wanted_blobs *w, const unsigned char *hash)
{
    struct str key = str_n((const char *)hash, 16);
    if (map_get_index(w->asked, key) >= 0)
        return 0;
    map_put_index(w->asked, arena_str(l->a, key), 0);
    memcpy(w->hashes[w->n++].b, hash, 16);
    return w->n == MANY ? load_wanted(l, w) : 0;
}

static struct str
blob_of(const struct map *m, const void *hash)
{
    const struct str *s = map_get(m, str_n(hash, 16));
    return s ? *s : STR("");
}

static int
load_sets(struct loading *l, const load_pending_list *pending, struct map *sets)
{
    struct wanted_blobs w = {.name = "detail_set_many", .to = sets, .asked = map_new(l->a)};
    for (size_t i = 0; i < pending->n; i++)
        if (want_blob(l, &w, pending->v[i].set.b) != 0)
            return -1;
    return load_wanted(l, &w);
}

static int
load_bodies(struct loading *l, const load_pending_list *pending, const struct map *sets,
            struct map *bodies)
{
    struct wanted_blobs w = {.name = "evidence_many", .to = bodies, .asked = map_new(l->a)};
    for (size_t i = 0; i < pending->n; i++) {
        struct str records = blob_of(sets, pending->v[i].set.b);
        for (size_t k = 0; k < detail_count(records); k++) {
            struct detail v = detail_at(records, k);
            if (v.has_evidence && want_blob(l, &w, v.evidence.b) != 0)
                return -1;
        }
    }
    return load_wanted(l, &w);
}

int
load_evidence(struct loading *l, const load_pending_list *pending)
{
    struct map *sets = map_new(l->a), *bodies = map_new(l->a);
    if (load_sets(l, pending, sets) != 0 || load_bodies(l, pending, sets, bodies) != 0)
        return -1;
    for (size_t i = 0; i < pending->n; i++) {
        struct str records = blob_of(sets, pending->v[i].set.b);
        struct fleet_scan *scan = &l->f->scans.v[pending->v[i].scan];
        scan->evidence = ARENA_ARRAY(l->a, struct str, scan->n_vec + 1);
        for (size_t k = 0; k < scan->n_vec; k++) {
            struct detail v;
            bool has = detail_find(records, k, &v) && v.has_evidence;
            scan->evidence[k] = has ? blob_of(bodies, v.evidence.b) : STR("");
        }
    }
    return 0;
}
