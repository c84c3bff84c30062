/* Evidence as it was at the time of each scan: sets of details, then texts that stand in a table of their own, many a
 * query. Called by load.c. */
#include "store/load.h"

#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "store/detail_base.h"
#include "store/rules.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MANY = 40 }; /* parameters of the two statements below */

/* What the scans of a list say; everything lives in the arena of the report. */
struct said {
    struct loading *l;
    const load_pending_list *pending;
    struct detail_bases *bases;
    struct map *sets, *bodies; /* by hash: struct detail_form *, struct str * */
};

/* Hashes that are waiting for their rows. */
struct wanted_rows {
    const char *query;
    int (*read)(struct said *v, struct stmt *s);
    struct map *asked;
    struct hash16 hashes[MANY];
    size_t n;
};

/* A set that schema 011 made for one scan is named by that scan: there is nothing to compare it with. */
static bool
is_of_its_scan(const struct said *v, const struct hash16 *h)
{
    for (size_t i = 0; i < v->pending->n; i++) {
        const struct load_pending *p = &v->pending->v[i];
        if (memcmp(p->set.b, h->b, sizeof h->b) == 0 &&
            detail_is_named_by(p->agent_id, p->line_id, p->end, h))
            return true;
    }
    return false;
}

static int
read_set(struct said *v, const struct detail_row *r)
{
    struct loading *l = v->l;
    AUTO(arena_free_auto) struct arena *moment = arena_new();
    struct detail_form *form = ARENA_NEW(l->a, struct detail_form);
    struct details is;
    if (detail_row_spell(r, v->bases, l->a, moment, form, &is, l->d) == 0 &&
        !detail_is_named(is.records, is.words, &r->hash) && !is_of_its_scan(v, &r->hash))
        diag_fail(l->d, DIAG_BAD_DATA,
                  "records or words are not what the hash says: they were changed");
    if (diag_failed(l->d))
        return diag_at(l->d, "detail_set %.*s", STR_ARG(ids_hex(l->d->arena, &r->hash)));
    map_put(v->sets, ids_key(l->a, r->hash.b, sizeof r->hash.b), form);
    return 0;
}

/* Rows first, then the bases that they lean on, which are asked for with another statement. */
static int
read_sets(struct said *v, struct stmt *s)
{
    AUTO(arena_free_auto) struct arena *own = arena_new();
    struct detail_row rows[MANY];
    size_t n = 0;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, v->l->d)) == STMT_ROW) {
        assert(n < MANY);
        rows[n++] = detail_row_read(s, own);
    }
    for (size_t i = 0; rc == STMT_END && i < n; i++)
        if (detail_base_need(v->l->st, v->bases, &rows[i], v->l->d) != 0 ||
            read_set(v, &rows[i]) != 0)
            return -1;
    return rc;
}

static int
read_bodies(struct said *v, struct stmt *s)
{
    struct loading *l = v->l;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct hash16 h, is;
        struct str *body = ARENA_NEW(l->a, struct str);
        stmt_col_bytes(s, 0, h.b, sizeof h.b);
        *body = stmt_col_str(s, 1, l->a);
        is = ids_hash16(*body);
        if (memcmp(is.b, h.b, sizeof is.b) != 0) {
            diag_fail(l->d, DIAG_BAD_DATA, "body is not what its hash says: it was changed");
            return diag_at(l->d, "evidence %.*s", STR_ARG(ids_hex(l->d->arena, &h)));
        }
        map_put(v->bodies, ids_key(l->a, h.b, sizeof h.b), body);
    }
    return rc;
}

static int
load_wanted(struct said *v, struct wanted_rows *w)
{
    if (w->n == 0)
        return 0;
    struct stmt *s = stmt_get(v->l->st, w->query, v->l->d);
    if (!s)
        return -1;
    for (size_t i = 0; i < MANY; i++)
        stmt_bytes(s, w->hashes[i < w->n ? i : 0].b, sizeof w->hashes->b);
    w->n = 0;
    return stmt_run(s, v->l->d) == 0 ? w->read(v, s) : -1;
}

static int
want_row(struct said *v, struct wanted_rows *w, const struct hash16 *hash)
{
    struct str key = str_n((const char *)hash->b, sizeof hash->b);
    if (map_get_index(w->asked, key) >= 0)
        return 0;
    map_put_index(w->asked, arena_str(v->l->a, key), 0);
    w->hashes[w->n++] = *hash;
    return w->n == MANY ? load_wanted(v, w) : 0;
}

/* All that were wanted were read: one that is not there is missing from its table. */
static int
find_row(struct said *v, const struct map *m, const char *table, const struct hash16 *hash,
         const void **ret)
{
    *ret = map_get(m, str_n((const char *)hash->b, sizeof hash->b));
    if (*ret)
        return 0;
    return diag_fail(v->l->d, DIAG_BAD_DATA, "%s%.*s is missing", table,
                     STR_ARG(ids_hex(v->l->d->arena, hash)));
}

static int
place_scan(struct loading *l, const struct fleet_scan *s)
{
    return rules_place(l->f->agents.v[s->agent].name, l->f->policies.v[s->policy].id, s->profile,
                       s->end, l->d);
}

/* The set of a scan, which may speak of its checks only; one without a set says nothing. */
static int
set_of(struct said *v, const struct load_pending *p, const struct detail_form **ret)
{
    static const struct detail_form nothing;
    const struct fleet_scan *scan = &v->l->f->scans.v[p->scan];
    const void *set = &nothing;
    if (p->has_set && (find_row(v, v->sets, "detail_set ", &p->set, &set) != 0 ||
                       rules_details_of(set, scan->n_vec, v->l->d) != 0))
        return place_scan(v->l, scan);
    *ret = set;
    return 0;
}

static int
load_sets(struct said *v)
{
    struct wanted_rows w = {
        .query = "detail_set_many", .read = read_sets, .asked = map_new(v->l->a)};
    for (size_t i = 0; i < v->pending->n; i++)
        if (v->pending->v[i].has_set && want_row(v, &w, &v->pending->v[i].set) != 0)
            return -1;
    return load_wanted(v, &w);
}

static int
load_bodies(struct said *v)
{
    struct wanted_rows w = {
        .query = "evidence_many", .read = read_bodies, .asked = map_new(v->l->a)};
    for (size_t i = 0; i < v->pending->n; i++) {
        const struct detail_form *set;
        if (set_of(v, &v->pending->v[i], &set) != 0)
            return -1;
        for (size_t k = 0; k < set->n_pos; k++)
            if (set->at[k] && set->at[k]->kind == DETAIL_NAMED &&
                want_row(v, &w, &set->at[k]->hash) != 0)
                return -1;
    }
    return load_wanted(v, &w);
}

/* Details of every scan of the list, also of one that says nothing but statuses. */
static int
give_details(struct said *v, const struct load_pending *p)
{
    struct arena *a = v->l->a;
    struct fleet_scan *scan = &v->l->f->scans.v[p->scan];
    const struct detail_form *set;
    if (set_of(v, p, &set) != 0)
        return -1;
    scan->evidence = ARENA_ARRAY(a, struct str, scan->n_vec + 1);
    scan->details = ARENA_ARRAY(a, struct fleet_detail, scan->n_vec + 1);
    for (size_t k = 0; k < scan->n_vec; k++) {
        const struct detail_text *t = detail_form_at(set, k);
        const void *body;
        scan->evidence[k] = STR("");
        scan->details[k] = (struct fleet_detail){STR(""), STR(""), SEVERITY_UNKNOWN, CLOCK_NONE};
        if (!t)
            continue;
        scan->details[k] = (struct fleet_detail){t->native, t->waiver, t->severity, CLOCK_NONE};
        if (t->kind == DETAIL_HERE)
            scan->evidence[k] = t->evidence;
        if (t->kind != DETAIL_NAMED)
            continue;
        if (find_row(v, v->bodies, "evidence ", &t->hash, &body) != 0)
            return place_scan(v->l, scan);
        scan->evidence[k] = *(const struct str *)body;
    }
    return 0;
}

int
load_evidence(struct loading *l, const load_pending_list *pending)
{
    struct said v = {l, pending, detail_bases_new(), map_new(l->a), map_new(l->a)};
    int rc = load_sets(&v) != 0 ? -1 : load_bodies(&v);
    for (size_t i = 0; i < pending->n && rc == 0; i++)
        rc = give_details(&v, &pending->v[i]);
    detail_bases_give(v.bases, l->a);
    return rc;
}
