/* Evidence as it was at the time of each scan: sets of hashes, then texts, many a query. Called by
 * load.c. */
#include "store/load.h"

#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "store/detail.h"
#include "store/rules.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MANY = 40 }; /* parameters of the two statements below */

/* What is read by hash, and what is left when it was compared with that. */
struct blobs {
    const char *query, *table;
    int (*check)(struct loading *l, const struct blobs *b, const struct hash16 *h, struct str blob,
                 struct str words);
    struct map *to, *words; /* words: NULL = are not kept */
    const load_pending_list *pending;
};

static int
check_evidence(struct loading *l, const struct blobs *b, const struct hash16 *h, struct str body,
               struct str words)
{
    struct hash16 is = ids_hash16(body);
    (void)b, (void)words;
    if (memcmp(is.b, h->b, sizeof is.b) == 0)
        return 0;
    return diag_fail(l->d, DIAG_BAD_DATA, "body is not what its hash says: it was changed");
}

/* A set that schema 011 made for one scan is named by that scan: there is nothing to compare it with. */
static bool
is_of_its_scan(const struct blobs *b, const struct hash16 *h)
{
    for (size_t i = 0; i < b->pending->n; i++) {
        const struct load_pending *p = &b->pending->v[i];
        if (memcmp(p->set.b, h->b, sizeof h->b) == 0 &&
            detail_is_named_by(p->agent_id, p->line_id, p->end, h))
            return true;
    }
    return false;
}

static int
check_details(struct loading *l, const struct blobs *b, const struct hash16 *h, struct str records,
              struct str words)
{
    if (rules_details(records, words, l->d) != 0)
        return -1;
    if (detail_is_named(records, words, h) || is_of_its_scan(b, h))
        return 0;
    return diag_fail(l->d, DIAG_BAD_DATA,
                     "records or words are not what the hash says: they were changed");
}

/* Reads rows (hash, blob) of the hashes that `to` lacks; each becomes a struct str in it. */
static int
load_blobs(struct loading *l, const struct blobs *b, const struct hash16 *hashes, size_t n)
{
    struct stmt *s = stmt_get(l->st, b->query, l->d);
    assert(n > 0 && n <= MANY);
    if (!s)
        return -1;
    for (size_t i = 0; i < MANY; i++)
        stmt_bytes(s, hashes[i < n ? i : 0].b, sizeof hashes->b);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    AUTO(arena_free_auto) struct arena *own = arena_new();
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct hash16 h;
        struct str *body = ARENA_NEW(l->a, struct str);
        stmt_col_bytes(s, 0, h.b, sizeof h.b);
        *body = stmt_col_str(s, 1, l->a);
        struct str words = stmt_col_str(s, 2, own);
        if (b->check(l, b, &h, *body, words) != 0)
            return diag_at(l->d, "%s%.*s", b->table, STR_ARG(ids_hex(l->d->arena, &h)));
        map_put(b->to, ids_key(l->a, h.b, sizeof h.b), body);
        if (!b->words)
            continue;
        body = ARENA_NEW(l->a, struct str);
        *body = arena_str(l->a, words);
        map_put(b->words, ids_key(l->a, h.b, sizeof h.b), body);
    }
    return rc;
}

/* Hashes that are waiting for their blobs. */
struct wanted_blobs {
    struct blobs blobs;
    struct map *asked;
    struct hash16 hashes[MANY];
    size_t n;
};

static int
load_wanted(struct loading *l, struct wanted_blobs *w)
{
    if (w->n && load_blobs(l, &w->blobs, w->hashes, w->n) != 0)
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

/* All that were wanted were read: one that is not there is missing from its table. */
static int
blob_of(struct loading *l, const struct map *m, const char *table, const struct hash16 *hash,
        struct str *ret)
{
    const struct str *s = map_get(m, str_n((const char *)hash->b, sizeof hash->b));
    if (!s)
        return diag_fail(l->d, DIAG_BAD_DATA, "%s%.*s is missing", table,
                         STR_ARG(ids_hex(l->d->arena, hash)));
    *ret = *s;
    return 0;
}

static int
place_scan(struct loading *l, const struct fleet_scan *s)
{
    return rules_place(l->f->agents.v[s->agent].name, l->f->policies.v[s->policy].id, s->profile,
                       s->end, l->d);
}

/* The records of a scan's set, which may speak of its checks only. */
static int
records_of(struct loading *l, const struct load_pending *p, const struct map *sets, struct str *ret)
{
    const struct fleet_scan *scan = &l->f->scans.v[p->scan];
    if (blob_of(l, sets, "detail_set ", &p->set, ret) != 0 ||
        rules_details_of(*ret, scan->n_vec, l->d) != 0)
        return place_scan(l, scan);
    return 0;
}

static int
load_sets(struct loading *l, const load_pending_list *pending, struct map *sets, struct map *words)
{
    struct wanted_blobs w = {
        .blobs = {"detail_set_many", "detail_set ", check_details, sets, words, pending},
        .asked = map_new(l->a)};
    for (size_t i = 0; i < pending->n; i++)
        if (pending->v[i].has_set && want_blob(l, &w, pending->v[i].set.b) != 0)
            return -1;
    return load_wanted(l, &w);
}

static int
load_bodies(struct loading *l, const load_pending_list *pending, const struct map *sets,
            struct map *bodies)
{
    struct wanted_blobs w = {
        .blobs = {"evidence_many", "evidence ", check_evidence, bodies, NULL, NULL},
        .asked = map_new(l->a)};
    for (size_t i = 0; i < pending->n; i++) {
        struct str records;
        if (!pending->v[i].has_set)
            continue;
        if (records_of(l, &pending->v[i], sets, &records) != 0)
            return -1;
        for (size_t k = 0; k < detail_count(records); k++) {
            struct detail v = detail_at(records, k);
            if (v.has_evidence && want_blob(l, &w, v.evidence.b) != 0)
                return -1;
        }
    }
    return load_wanted(l, &w);
}

static void
read_detail(const struct detail *v, struct str words, struct arena *a, struct fleet_detail *ret)
{
    ret->native = v->native ? detail_word(words, v->native) : STR("");
    ret->waiver = v->waiver ? detail_word(words, v->waiver) : STR("");
    ret->native = arena_str(a, ret->native);
    ret->waiver = arena_str(a, ret->waiver);
    ret->severity = v->severity;
}

/* Details of every scan of the list, also of one that says nothing but statuses. */
static int
read_details(struct loading *l, const struct load_pending *p, const struct map *sets,
             const struct map *words, const struct map *bodies)
{
    struct fleet_scan *scan = &l->f->scans.v[p->scan];
    struct str records = STR(""), said = STR("");
    if (p->has_set && (records_of(l, p, sets, &records) != 0 ||
                       blob_of(l, words, "detail_set ", &p->set, &said) != 0))
        return -1;
    scan->evidence = ARENA_ARRAY(l->a, struct str, scan->n_vec + 1);
    scan->details = ARENA_ARRAY(l->a, struct fleet_detail, scan->n_vec + 1);
    for (size_t k = 0; k < scan->n_vec; k++) {
        struct detail v = {0};
        bool has = detail_find(records, k, &v);
        scan->evidence[k] = STR("");
        scan->details[k] = (struct fleet_detail){STR(""), STR(""), SEVERITY_UNKNOWN, CLOCK_NONE};
        if (!has)
            continue;
        read_detail(&v, said, l->a, &scan->details[k]);
        if (v.has_evidence && blob_of(l, bodies, "evidence ", &v.evidence, &scan->evidence[k]) != 0)
            return place_scan(l, scan);
    }
    return 0;
}

int
load_evidence(struct loading *l, const load_pending_list *pending)
{
    struct map *sets = map_new(l->a), *words = map_new(l->a), *bodies = map_new(l->a);
    if (load_sets(l, pending, sets, words) != 0 || load_bodies(l, pending, sets, bodies) != 0)
        return -1;
    for (size_t i = 0; i < pending->n; i++)
        if (read_details(l, &pending->v[i], sets, words, bodies) != 0)
            return -1;
    return 0;
}
