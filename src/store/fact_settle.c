/* What a transaction has done to the rows it touched -> facts, chained and written. Called by
 * act/act.c around the lock of the audit log. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/bulk.h"
#include "store/fact_agents.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/month.h"
#include "store/session.h"
#include "store/unsent.h"

enum { PLACE_SIZE = 24 /* agent, line and time in the key of a scan */ };

/* ---- before the log is locked ---- */

/* Of two lists by key: what is new, what is another, what is gone. */
static void
compare_lists(struct store *st, const fact_list *before, const fact_list *after)
{
    struct facts *f = st->facts;
    struct fact_index was = {0}, is = {0};
    for (size_t i = 0; i < before->n; i++)
        fact_index_put(&was, before->v[i].kind, &before->v[i].key, &before->v[i].digest, 0);
    for (size_t i = 0; i < after->n; i++) {
        struct fact t = after->v[i];
        const struct fact_entry *e = fact_index_find(&was, t.kind, &t.key);
        fact_index_put(&is, t.kind, &t.key, &t.digest, 0);
        if (e && memcmp(e->digest.b, t.digest.b, SHA256_SIZE) == 0)
            continue;
        t.has_was = e != NULL;
        if (e)
            t.was = e->digest;
        *VEC_PUSH(f->a, &f->settled) = t;
    }
    for (size_t i = 0; i < before->n; i++) {
        struct fact t = before->v[i];
        if (fact_index_find(&is, t.kind, &t.key))
            continue;
        t.has_was = true;
        t.was = t.digest;
        t.digest = (struct sha256_digest){0};
        *VEC_PUSH(f->a, &f->settled) = t;
    }
    fact_index_free(&was);
    fact_index_free(&is);
}

int
store_settle_facts(struct store *st, struct diag *d)
{
    assert(st->in_transaction);
    if (unsent_send(st, d) != 0)
        return -1;
    struct facts *f = st->facts;
    if (!f || f->is_settled)
        return 0;
    fact_list after = {0};
    const struct fact_item **items = ARENA_ARRAY(f->a, const struct fact_item *, f->items.n + 1);
    for (size_t i = 0; i < f->items.n; i++)
        items[i] = &f->items.v[i];
    if (fact_agents_read(st, items, f->items.n, f->a, &after, d) != 0 ||
        fact_rows_read(st, items, f->items.n, f->a, &after, d) != 0)
        return -1;
    compare_lists(st, &f->before, &after);
    for (size_t i = 0; i < f->settled.n; i++)
        f->settled.v[i].of = facts_event_of(st, &f->settled.v[i]);
    if (month_drop_late(st, d) != 0)
        return -1;
    f->is_settled = true;
    return 0;
}

/* ---- behind the lock ---- */

/* What stands in such a row is written whole by whoever writes it; nothing of what it was remains. */
static bool
is_written_whole(enum fact_kind kind)
{
    return kind == FACT_ENROLMENT || kind == FACT_SETTING || kind == FACT_RUN ||
           kind == FACT_CURSOR || kind == FACT_MONTH;
}

static int
is_as_told(struct store *st, enum fact_kind kind, const struct fact_key *key,
           const struct sha256_digest *digest, bool *ret, struct diag *d)
{
    const struct fact_entry *e;
    if (fact_state_newest(st, kind, key, &e, d) != 0)
        return -1;
    *ret = e && memcmp(e->digest.b, digest->b, SHA256_SIZE) == 0;
    return 0;
}

static struct str
place_of(const struct fact *f)
{
    return str_n((const char *)f->key.b, PLACE_SIZE);
}

/* Scans of one second move between two tables: one that was changed makes all of them doubtful. */
static int
find_doubtful(struct store *st, struct map *doubtful, struct diag *d)
{
    const fact_list *before = &st->facts->before;
    for (size_t i = 0; i < before->n; i++) {
        const struct fact *f = &before->v[i];
        bool ok;
        if (f->kind != FACT_SCAN && f->kind != FACT_REVISION)
            continue;
        if (is_as_told(st, f->kind, &f->key, &f->digest, &ok, d) != 0)
            return -1;
        if (!ok)
            map_put_index(doubtful, arena_str(st->facts->a, place_of(f)), i);
    }
    return 0;
}

static int
judge(struct store *st, struct fact *f, const struct map *doubtful, struct diag *d)
{
    bool ok = true;
    if (f->kind == FACT_SCAN || f->kind == FACT_REVISION)
        ok = map_get_index(doubtful, place_of(f)) < 0;
    else if (f->has_was && !is_written_whole(f->kind) &&
             is_as_told(st, f->kind, &f->key, &f->was, &ok, d) != 0)
        return -1;
    f->is_refused = !ok;
    return 0;
}

/* A policy version is told with the first scan that is stored under it. */
static int
add_policy(struct store *st, const struct fact *scan, fact_list *to, struct map *seen,
           struct diag *d)
{
    const struct fact_entry *e;
    struct fact_key key = fact_key_id(scan->policy_id);
    struct fact_item item = {.kind = FACT_POLICY, .id = scan->policy_id};
    const struct fact_item *const items[] = {&item};
    size_t n = to->n;
    struct str name = str_n((const char *)key.b, key.n);
    if (map_get_index(seen, name) >= 0)
        return 0;
    map_put_index(seen, arena_str(st->facts->a, name), 0);
    if (fact_state_newest(st, FACT_POLICY, &key, &e, d) != 0)
        return -1;
    if (!e && fact_rows_read(st, items, 1, st->facts->a, to, d) != 0)
        return -1;
    for (; n < to->n; n++)
        to->v[n].of = scan->of;
    return 0;
}

static int
by_event(const void *a, const void *b)
{
    const struct fact *p = a, *q = b;
    if (p->of != q->of)
        return p->of < q->of ? -1 : 1;
    if (p->kind != q->kind)
        return p->kind < q->kind ? -1 : 1;
    return memcmp(p->key.b, q->key.b, FACT_KEY_MAX);
}

int
store_pick_facts(struct store *st, int64_t size, const struct sha256_digest *last,
                 struct fact **ret, size_t *ret_n, struct diag *d)
{
    struct facts *f = st->facts;
    fact_list picked = {0};
    *ret_n = 0;
    if (fact_state_load(st, size, last, d) != 0)
        return -1;
    if (!f)
        return 0;
    assert(f->is_settled);
    struct map *seen = map_new(f->a), *doubtful = map_new(f->a);
    if (find_doubtful(st, doubtful, d) != 0)
        return -1;
    for (size_t i = 0; i < f->settled.n; i++) {
        struct fact *t = VEC_PUSH(f->a, &picked);
        *t = f->settled.v[i];
        if (judge(st, t, doubtful, d) != 0)
            return -1;
        const struct fact scan = *t; /* the list may move */
        if (scan.policy_id && add_policy(st, &scan, &picked, seen, d) != 0)
            return -1;
    }
    if (picked.n)
        qsort(picked.v, picked.n, sizeof *picked.v, by_event);
    *ret = picked.v;
    *ret_n = picked.n;
    return 0;
}

struct writing {
    struct bulk blocks;
    struct fact_buckets changed;
};

static int
put_block(void *self, const struct fact_bucket *to, const struct fact_block *block, struct diag *d)
{
    struct writing *w = self;
    *fact_buckets_at(&w->changed, to->id) = *to;
    return fact_state_put_block(&w->blocks, to, block, d);
}

static int
put_buckets(struct store *st, const struct fact_buckets *changed, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_fact_bucket");
    for (size_t i = 0; i < changed->n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_uint(&b, changed->v[i].id);
        bulk_uint(&b, changed->v[i].n);
        bulk_bytes(&b, changed->v[i].head.b, SHA256_SIZE);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

int
store_put_facts(struct store *st, const struct fact *facts, size_t n, int64_t last_seq,
                struct arena *a, struct str *ret_state, struct diag *d)
{
    assert(st->fact_state && st->fact_state->is_valid && st->in_transaction);
    struct writing w = {.blocks = bulk_begin(st, "bulk_fact")};
    struct fact_pile pile = {.a = a};
    for (size_t i = 0; i < n; i++)
        if (!facts[i].is_refused)
            *VEC_PUSH(a, &pile.facts) = facts[i];
    int rc = fact_pile_close(&pile, &st->fact_state->buckets, last_seq, put_block, &w, d);
    if (bulk_end(&w.blocks, d) != 0 || rc != 0 || put_buckets(st, &w.changed, d) != 0)
        rc = -1;
    fact_buckets_free(&w.changed);
    *ret_state = fact_buckets_text(&st->fact_state->buckets, a);
    facts_drop(st);
    return rc;
}
