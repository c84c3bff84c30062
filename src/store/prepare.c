/* What scans need before they can be stored: policy versions, evidence, groups, agents and the rows
 * that writers lock. All of it is INSERT IGNORE of rows that never change, in short transactions of
 * its own; rows that this connection has put or seen are not sent again. Before scans.c. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/bulk.h"
#include "store/fold.h"
#include "store/inner.h"
#include "store/known.h"
#include "store/stmt.h"

enum { TRIES = 8, FLUSH_BYTES = 4 << 20, FLUSH_ROWS = 500, MAX_SEEN = 500000, MAX_NAME = 255 };

/* First and last second of a DATETIME that every server takes. */
static const int64_t first_time = 0, last_time = 253402300799;

struct need_text {         /* a row named by a hash or an id */
    unsigned char key[17]; /* kind, then the hash or two ids */
    struct str body;
};

struct need_agent {
    struct str name, alias, group;
    int64_t end;
    uint64_t line_id;
};

struct needs {
    struct arena *a;
    VEC(struct need_text) evidence;
    VEC(struct need_agent) agents;
    struct map *mine; /* keys of the above */
    size_t bytes;
};

/* ---- collecting ---- */

static bool
is_known(struct store *st, struct needs *n, const unsigned char key[17])
{
    struct str k = str_n((const char *)key, 17);
    if (map_get_index(st->seen, k) >= 0 || map_get_index(n->mine, k) >= 0)
        return true;
    map_put_index(n->mine, arena_str(n->a, k), 0);
    return false;
}

static void
need_evidence(struct store *st, struct needs *n, const struct fold *f)
{
    for (size_t i = 0; i < f->policy->n; i++) {
        struct need_text t = {.key = {'e'}, .body = f->checks[i].evidence};
        if (!f->checks[i].has_evidence)
            continue;
        memcpy(t.key + 1, f->checks[i].evidence_hash.b, 16);
        if (is_known(st, n, t.key))
            continue;
        *VEC_PUSH(n->a, &n->evidence) = t;
        n->bytes += t.body.len;
    }
}

static void
need_agent(struct store *st, struct needs *n, const struct scan *s)
{
    unsigned char key[17] = {'a'};
    uint64_t ids[2] = {store_agent_id(s->asset.name), store_line_id(&s->policy)};
    struct str group = store_fit(n->a, s->asset.group, MAX_NAME);
    uint64_t group_id = store_group_id(group);
    memcpy(key + 1, ids, sizeof ids);
    bool agent_known = is_known(st, n, key);
    memset(key, 0, sizeof key);
    key[0] = 'g';
    memcpy(key + 1, &group_id, sizeof group_id);
    bool group_known = is_known(st, n, key);
    if (agent_known && group_known)
        return;
    *VEC_PUSH(n->a, &n->agents) = (struct need_agent){.name = s->asset.name,
                                                      .alias = s->asset.alias,
                                                      .group = group,
                                                      .end = s->end,
                                                      .line_id = ids[1]};
}

/* ---- putting ---- */

static int
by_key(const void *a, const void *b)
{
    return memcmp(((const struct need_text *)a)->key, ((const struct need_text *)b)->key, 17);
}

/* In the order of the key: two writers of the same texts wait for each other, and never both. */
static int
put_evidence(struct store *st, struct needs *n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_evidence");
    if (n->evidence.n)
        qsort(n->evidence.v, n->evidence.n, sizeof *n->evidence.v, by_key);
    for (size_t i = 0; i < n->evidence.n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_bytes(&b, n->evidence.v[i].key + 1, 16);
        bulk_str(&b, n->evidence.v[i].body);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_group(struct store *st, struct str name, struct diag *d)
{
    struct stmt *s = stmt_get(st, "group_insert", d);
    if (!s)
        return -1;
    stmt_uint(s, store_group_id(name));
    stmt_str(s, name);
    return stmt_run(s, d);
}

static int
put_agent(struct store *st, const struct need_agent *n, struct arena *a, struct diag *d)
{
    struct stmt *q = stmt_get(st, "agent_insert", d);
    if (!q)
        return -1;
    stmt_uint(q, store_agent_id(n->name));
    stmt_str(q, n->name);
    stmt_str(q, store_fit(a, n->alias, MAX_NAME));
    stmt_uint(q, store_group_id(n->group));
    stmt_time(q, n->end);
    stmt_time(q, n->end);
    if (stmt_run(q, d) != 0 || !(q = stmt_get(st, "current_insert", d)))
        return -1;
    stmt_uint(q, store_agent_id(n->name));
    stmt_uint(q, n->line_id);
    return stmt_run(q, d);
}

static int
put_all(struct store *st, struct needs *n, struct diag *d)
{
    if (store_begin(st, d) != 0 || put_evidence(st, n, d) != 0)
        return -1;
    for (size_t i = 0; i < n->agents.n; i++)
        if (put_group(st, n->agents.v[i].group, d) != 0 ||
            put_agent(st, &n->agents.v[i], n->a, d) != 0)
            return -1;
    return store_commit(st, d);
}

/* Only what was committed is known to be there. */
static void
remember(struct store *st, const struct needs *n)
{
    if (map_len(st->seen) > MAX_SEEN)
        store_forget(st);
    for (size_t i = 0; i < n->evidence.n; i++)
        map_put_index(st->seen, store_key(st->seen_arena, n->evidence.v[i].key, 17), 0);
    for (size_t i = 0; i < n->agents.n; i++) {
        const struct need_agent *ag = &n->agents.v[i];
        unsigned char key[17] = {'a'};
        uint64_t ids[2] = {store_agent_id(ag->name), ag->line_id};
        memcpy(key + 1, ids, sizeof ids);
        map_put_index(st->seen, store_key(st->seen_arena, key, 17), 0);
        memset(key, 0, sizeof key);
        key[0] = 'g';
        ids[0] = store_group_id(ag->group);
        memcpy(key + 1, ids, sizeof ids[0]);
        map_put_index(st->seen, store_key(st->seen_arena, key, 17), 0);
    }
}

static int
flush(struct store *st, struct needs *n, struct diag *d)
{
    if (!n->evidence.n && !n->agents.n)
        return 0;
    for (int i = 1; put_all(st, n, d) != 0; i++) {
        store_rollback(st);
        if (d->first.code != DIAG_RETRY || i == TRIES)
            return -1;
        diag_clear(d);
    }
    remember(st, n);
    return 0;
}

/* ---- the door ---- */

static int
check_scan(const struct scan *s, struct diag *d)
{
    if (s->asset.name.len == 0 || s->asset.name.len > MAX_NAME)
        return diag_fail(d, DIAG_BAD_DATA, "the name of an asset has %zu bytes, want 1 to %d",
                         s->asset.name.len, MAX_NAME);
    if (s->policy.id.len > MAX_NAME || s->policy.version.len > MAX_NAME)
        return diag_fail(d, DIAG_BAD_DATA, "id or version of a policy has more than %d bytes",
                         MAX_NAME);
    if (s->end < first_time || s->end > last_time)
        return diag_fail(d, DIAG_BAD_DATA, "the time of a scan is missing or out of range");
    return 0;
}

static int
collect(struct store *st, const struct scan *s, struct needs *n, struct diag *d)
{
    struct scan whole = *s;
    struct fold f;
    if (check_scan(s, d) != 0 || (s->delta && known_merge(st, s, n->a, &whole, d) != 0))
        return -1;
    const struct store_match *m = store_put_policy(st, &whole, d);
    if (!m)
        return -1;
    fold_scan(&whole, m, n->a, &f);
    need_evidence(st, n, &f);
    need_agent(st, n, &whole);
    return 0;
}

/* As many scans as fit one transaction; returns the number, 0 = failed. */
static size_t
prepare_some(struct store *st, const struct scan *s, size_t n_scans, struct diag *d)
{
    struct needs n = {.a = arena_new()};
    size_t i = 0;
    int rc = 0;
    n.mine = map_new(n.a);
    do
        rc = collect(st, &s[i++], &n, d);
    while (rc == 0 && i < n_scans && n.bytes < FLUSH_BYTES && i < FLUSH_ROWS);
    if (rc == 0)
        rc = flush(st, &n, d);
    arena_free(n.a);
    return rc == 0 ? i : 0;
}

int
store_prepare(struct store *st, const struct scan_file *f, struct diag *d)
{
    assert(!st->in_transaction);
    for (size_t i = 0; i < f->scans.n;) {
        size_t n = prepare_some(st, f->scans.v + i, f->scans.n - i, d);
        if (n == 0)
            return -1;
        i += n;
    }
    return 0;
}
