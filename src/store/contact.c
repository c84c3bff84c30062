/* What is kept of agents beside their scans: when they were heard of, and what they used of a day's
 * quota. Called by intake (nothing.c, quota.c) and for the list of agents. */
#include <assert.h>
#include <string.h>

#include "base/map.h"
#include "store/bulk.h"
#include "store/ids.h"
#include "store/session.h"
#include "store/stmt.h"

enum { MANY = 40 }; /* parameters of agent_known and usage_many */

/* Runs a statement whose parameters are the ids of up to MANY agents. */
static struct stmt *
run_ids(struct store *st, const char *name, const uint64_t *ids, size_t n, struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    assert(n > 0 && n <= MANY);
    for (size_t i = 0; s && i < MANY; i++)
        stmt_uint(s, ids[i < n ? i : 0]);
    return s && stmt_run(s, d) == 0 ? s : NULL;
}

/* ---- contacts ---- */

static int
mark_known(struct store *st, const uint64_t *ids, size_t n, bool *known, struct diag *d)
{
    struct stmt *s = run_ids(st, "agent_known", ids, n, d);
    enum stmt_answer rc = s ? STMT_ROW : -1;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        for (size_t i = 0; i < n; i++)
            known[i] = known[i] || ids[i] == id;
    }
    return rc;
}

static int
put_some_contacts(struct store *st, struct bulk *b, const struct store_contact *v, size_t n,
                  int64_t *n_known, struct diag *d)
{
    uint64_t ids[MANY];
    bool known[MANY];
    for (size_t i = 0; i < n; i++) {
        ids[i] = ids_agent(v[i].agent);
        known[i] = v[i].is_listed;
    }
    if (mark_known(st, ids, n, known, d) != 0)
        return -1;
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        if (!known[i])
            continue;
        bulk_row(b);
        bulk_uint(b, ids[i]);
        bulk_time(b, v[i].at);
        bulk_row_end(b, d);
        ++*n_known;
    }
    return diag_failed(d) ? -1 : 0;
}

int
store_put_contacts(struct store *st, const struct store_contact *v, size_t n, int64_t *ret_n,
                   struct diag *d)
{
    assert(st->in_transaction);
    struct bulk b = bulk_begin(st, "bulk_contact");
    *ret_n = 0;
    for (size_t i = 0; i < n; i += MANY) {
        if (put_some_contacts(st, &b, v + i, n - i < MANY ? n - i : MANY, ret_n, d) != 0) {
            bulk_drop(&b);
            return -1;
        }
    }
    return bulk_end(&b, d);
}

int
store_find_contacts(struct store *st, const struct str *agents, size_t n, int64_t *ret,
                    struct diag *d)
{
    struct map *index = map_new(d->arena);
    for (size_t i = 0; i < n; i++) {
        uint64_t id = ids_agent(agents[i]);
        ret[i] = CLOCK_NONE;
        map_put_index(index, ids_key(d->arena, &id, sizeof id), i);
    }
    struct stmt *s = stmt_get(st, "contact_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        long at = map_get_index(index, str_n((const char *)&id, sizeof id));
        if (at >= 0)
            ret[at] = stmt_col_time(s, 1);
    }
    return rc;
}

/* ---- changes ---- */

static int
find_some_changes(struct store *st, const struct str *agents, size_t n, int64_t *ret,
                  struct diag *d)
{
    uint64_t ids[MANY];
    for (size_t i = 0; i < n; i++) {
        ids[i] = ids_agent(agents[i]);
        ret[i] = CLOCK_NONE;
    }
    struct stmt *s = run_ids(st, "change_last", ids, n, d);
    enum stmt_answer rc = s ? STMT_ROW : STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW)
        for (size_t i = 0; i < n; i++)
            if (ids[i] == stmt_col_uint(s, 0))
                ret[i] = stmt_col_time(s, 1);
    return rc;
}

int
store_find_changes(struct store *st, const struct str *agents, size_t n, int64_t *ret,
                   struct diag *d)
{
    for (size_t i = 0; i < n; i += MANY)
        if (find_some_changes(st, agents + i, n - i < MANY ? n - i : MANY, ret + i, d) != 0)
            return -1;
    return 0;
}

/* ---- usage ---- */

static int
load_some_usages(struct store *st, struct store_usage *v, size_t n, bool lock, struct arena *a,
                 struct diag *d)
{
    uint64_t ids[MANY];
    for (size_t i = 0; i < n; i++)
        ids[i] = ids_agent(v[i].agent);
    struct stmt *s = run_ids(st, lock ? "usage_lock_many" : "usage_many", ids, n, d);
    enum stmt_answer rc = s ? STMT_ROW : -1;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        for (size_t i = 0; i < n; i++) {
            if (ids[i] != id || v[i].day != stmt_col_time(s, 1))
                continue;
            v[i].n_checks = stmt_col_int(s, 2);
            v[i].n_bytes = stmt_col_int(s, 3);
            v[i].policies = stmt_col_str(s, 4, a);
        }
    }
    return rc;
}

int
store_load_usages(struct store *st, struct store_usage *v, size_t n, bool lock, struct arena *a,
                  struct diag *d)
{
    assert(!lock || st->in_transaction);
    for (size_t i = 0; i < n; i++) {
        v[i].n_checks = v[i].n_bytes = 0;
        v[i].policies = STR("");
    }
    for (size_t i = 0; i < n; i += MANY)
        if (load_some_usages(st, v + i, n - i < MANY ? n - i : MANY, lock, a, d) != 0)
            return -1;
    return 0;
}

int
store_add_usages(struct store *st, const struct store_usage *v, size_t n, struct diag *d)
{
    assert(st->in_transaction);
    struct bulk b = bulk_begin(st, "bulk_usage");
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        assert(v[i].policies.len % STORE_POLICY_KEY == 0);
        bulk_row(&b);
        bulk_uint(&b, ids_agent(v[i].agent));
        bulk_time(&b, v[i].day);
        bulk_int(&b, v[i].n_checks);
        bulk_int(&b, v[i].n_bytes);
        bulk_bytes(&b, v[i].policies.s, v[i].policies.len);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}
