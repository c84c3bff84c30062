/* Agents that a transaction touches. Called by lock.c, scans.c and fact_settle.c. */
#include "store/fact_agents.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "store/digest.h"
#include "store/session.h"
#include "store/stmt.h"

enum { MANY = 40 /* parameters of fact_agents_at */, TEXT = 180 };

/* ---- names of groups ---- */

/* Few groups have many agents: their names are read once a transaction, and not locked. */
static int
load_groups(struct store *st, struct diag *d)
{
    struct facts *f = st->facts;
    struct stmt *s = stmt_get(st, "fleet_groups", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    f->groups = map_new(f->a);
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        struct str *name = ARENA_NEW(f->a, struct str);
        *name = stmt_col_str(s, 1, f->a);
        map_put(f->groups, ids_key(f->a, &id, sizeof id), name);
    }
    return rc;
}

/* A group that was not there a moment ago was made by this transaction's own preparation. */
static int
find_group(struct store *st, uint64_t id, struct str *ret, struct diag *d)
{
    const struct str key = str_n((const char *)&id, sizeof id);
    const struct str *name = st->facts->groups ? map_get(st->facts->groups, key) : NULL;
    if (!name) {
        if (load_groups(st, d) != 0)
            return -1;
        name = map_get(st->facts->groups, key);
    }
    *ret = name ? *name : STR("");
    return 0;
}

/* ---- reading ---- */

struct agent_row {
    uint64_t id, group_id;
    int64_t last_seen;
    struct digest_agent g;
};

typedef VEC(struct agent_row) agent_rows;

static int
read_rows(struct store *st, const uint64_t *ids, size_t n, struct arena *a, agent_rows *ret,
          struct diag *d)
{
    struct stmt *s = stmt_get(st, "fact_agents_at", d);
    assert(n > 0 && n <= MANY);
    if (!s)
        return -1;
    for (size_t i = 0; i < MANY; i++)
        stmt_uint(s, ids[i < n ? i : 0]);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, ret) = (struct agent_row){.id = stmt_col_uint(s, 0),
                                               .group_id = stmt_col_uint(s, 5),
                                               .last_seen = stmt_col_time(s, 6),
                                               .g = {.name = stmt_col_str(s, 1, a),
                                                     .alias = stmt_col_str(s, 2, a),
                                                     .os = stmt_col_str(s, 3, a),
                                                     .address = stmt_col_str(s, 4, a)}};
    return rc;
}

static int
read_some(struct store *st, const uint64_t *ids, size_t n, bool is_before, struct arena *a,
          fact_list *ret, struct diag *d)
{
    agent_rows rows = {0};
    if (read_rows(st, ids, n, a, &rows, d) != 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++) {
        struct agent_row *r = &rows.v[i];
        if (find_group(st, r->group_id, &r->g.group, d) != 0)
            return -1;
        if (is_before)
            *facts_member(st, r->id) = (struct fact_member){r->group_id, r->last_seen};
        *VEC_PUSH(a, ret) = (struct fact){.kind = FACT_AGENT,
                                          .key = fact_key_id(r->id),
                                          .digest = digest_agent(&r->g),
                                          .text = utf8_fit(a, r->g.name, TEXT)};
    }
    return 0;
}

static int
by_id(const void *a, const void *b)
{
    uint64_t p = *(const uint64_t *)a, q = *(const uint64_t *)b;
    return p < q ? -1 : p > q;
}

/* In the order of their ids, so that two who lock the same agents do not wait for each other. */
static int
read_all(struct store *st, const struct fact_item *const *items, size_t n, bool is_before,
         struct arena *a, fact_list *ret, struct diag *d)
{
    uint64_t *ids = ARENA_ARRAY(a, uint64_t, n + 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (items[i]->kind == FACT_AGENT)
            ids[k++] = items[i]->id;
    qsort(ids, k, sizeof *ids, by_id);
    for (size_t i = 0; i < k; i += MANY)
        if (read_some(st, ids + i, k - i < MANY ? k - i : MANY, is_before, a, ret, d) != 0)
            return -1;
    return 0;
}

int
fact_agents_read(struct store *st, const struct fact_item *const *items, size_t n, struct arena *a,
                 fact_list *ret, struct diag *d)
{
    return read_all(st, items, n, false, a, ret, d);
}

int
fact_agents_look(struct store *st, struct diag *d)
{
    struct facts *f = st->facts;
    size_t n = 0;
    if (!f)
        return 0;
    const struct fact_item **items = ARENA_ARRAY(f->a, const struct fact_item *, f->items.n + 1);
    for (size_t i = 0; i < f->items.n; i++) {
        struct fact_item *it = &f->items.v[i];
        if (it->kind != FACT_AGENT || it->is_new)
            continue;
        items[n++] = it;
        it->is_new = true;
    }
    return n ? read_all(st, items, n, true, f->a, &f->before, d) : 0;
}
