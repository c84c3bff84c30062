/* The list of agents that may report: loaded whole, put one agent at a time. Before enrolment
 * decides (intake/enrol.c) and behind `assay agent`. */
#include <assert.h>

#include "model/duty.h"
#include "store/fact_rows.h"
#include "store/group_moves.h"
#include "store/ids.h"
#include "store/session.h"
#include "store/stmt.h"

/* An agent by its id, while the list is put together. */
struct listing {
    struct store_enrolments *list;
    struct map *by_id; /* bytes of agent_id -> index */
    struct arena *a;
};

static struct store_enrolment *
find_enrolment(const struct listing *l, uint64_t agent_id)
{
    long i = map_get_index(l->by_id, str_n((const char *)&agent_id, sizeof agent_id));
    return i < 0 ? NULL : &l->list->v.v[i];
}

static int
load_agents(struct store *st, bool lock, struct listing *l, struct diag *d)
{
    struct stmt *s = stmt_get(st, lock ? "enrolment_lock" : "enrolment_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        struct store_enrolment *e = VEC_PUSH(l->a, &l->list->v);
        *e = (struct store_enrolment){.name = stmt_col_str(s, 1, l->a),
                                      .frozen = stmt_col_int(s, 2) != 0,
                                      .added = stmt_col_time(s, 3),
                                      .changed = stmt_col_time(s, 4)};
        map_put_index(l->by_id, ids_key(l->a, &id, sizeof id), l->list->v.n - 1);
    }
    return rc;
}

static int
load_aliases(struct store *st, struct listing *l, struct diag *d)
{
    struct stmt *s = stmt_get(st, "enrolment_aliases", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct store_enrolment *e = find_enrolment(l, stmt_col_uint(s, 0));
        if (e)
            *VEC_PUSH(l->a, &e->aliases) = stmt_col_str(s, 1, l->a);
    }
    return rc;
}

static int
load_lines(struct store *st, struct listing *l, struct diag *d)
{
    struct stmt *s = stmt_get(st, "enrolment_lines", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct store_enrolment *e = find_enrolment(l, stmt_col_uint(s, 0));
        if (e)
            *VEC_PUSH(l->a, &e->lines) = (struct store_line){.policy = stmt_col_str(s, 1, l->a),
                                                             .title = stmt_col_str(s, 2, l->a),
                                                             .profile = stmt_col_str(s, 3, l->a)};
    }
    return rc;
}

int
store_load_enrolments(struct store *st, bool lock, bool with_lines, struct arena *a,
                      struct store_enrolments *ret, struct diag *d)
{
    assert(!lock || st->in_transaction);
    *ret = (struct store_enrolments){0};
    struct listing l = {.list = ret, .by_id = map_new(a), .a = a};
    if (load_agents(st, lock, &l, d) != 0 || load_aliases(st, &l, d) != 0)
        return -1;
    return with_lines ? load_lines(st, &l, d) : 0;
}

int
store_load_listings(struct store *st, struct arena *a, store_listings *ret, struct diag *d)
{
    *ret = (store_listings){0};
    struct stmt *s = stmt_get(st, "listed_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str key = stmt_col_str(s, 0, a), kept = stmt_col_str(s, 1, a);
        if (!str_eq(key, listed_key(duty_agent(kept), a))) {
            diag_fail(d, DIAG_BAD_DATA, "value: it is not of the agent that the name says");
            return diag_at(d, "setting %.*s", STR_ARG(key));
        }
        *VEC_PUSH(a, ret) = kept;
    }
    return rc;
}

static int
put_alias(struct store *st, struct str alias, uint64_t agent_id, struct diag *d)
{
    struct stmt *s = stmt_get(st, "enrolment_alias_insert", d);
    if (!s)
        return -1;
    stmt_uint(s, ids_agent(alias));
    stmt_str(s, alias);
    stmt_uint(s, agent_id);
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1
               ? 0
               : diag_fail(d, DIAG_BUSY, "another agent has the alias %.*s", STR_ARG(alias));
}

static int
run_with_id(struct store *st, const char *name, uint64_t agent_id, struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    if (!s)
        return -1;
    stmt_uint(s, agent_id);
    return stmt_run(s, d);
}

/* Before the row changes. */
static int
touch(struct store *st, enum fact_kind kind, struct str name, struct diag *d)
{
    const struct fact_item item = {.kind = kind, .id = ids_agent(name), .name = name};
    facts_touch(st, &item);
    return facts_look(st, d);
}

int
store_put_enrolment(struct store *st, const struct store_enrolment *e, struct diag *d)
{
    assert(st->in_transaction && e->name.len);
    uint64_t id = ids_agent(e->name);
    if (touch(st, FACT_ENROLMENT, e->name, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "enrolment_put", d);
    if (!s)
        return -1;
    stmt_uint(s, id);
    stmt_str(s, e->name);
    stmt_int(s, e->frozen);
    stmt_time(s, e->added);
    stmt_time(s, e->changed);
    if (stmt_run(s, d) != 0 || run_with_id(st, "enrolment_alias_delete", id, d) != 0)
        return -1;
    for (size_t i = 0; i < e->aliases.n; i++)
        if (put_alias(st, e->aliases.v[i], id, d) != 0)
            return -1;
    return 0;
}

int
store_delete_enrolment(struct store *st, struct str name, struct diag *d)
{
    assert(st->in_transaction);
    uint64_t id = ids_agent(name);
    if (touch(st, FACT_ENROLMENT, name, d) != 0)
        return -1;
    if (run_with_id(st, "enrolment_alias_delete", id, d) != 0)
        return -1;
    return run_with_id(st, "enrolment_delete", id, d);
}

int
store_load_groups(struct store *st, struct arena *a, struct str **ret, size_t *ret_n,
                  struct diag *d)
{
    VEC(struct str) list = {0};
    struct stmt *s = stmt_get(st, "fleet_groups", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str name = stmt_col_str(s, 1, a);
        if (name.len)
            *VEC_PUSH(a, &list) = name;
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_load_agent_groups(struct store *st, struct arena *a, struct store_agent_group **ret,
                        size_t *ret_n, struct diag *d)
{
    VEC(struct store_agent_group) list = {0};
    struct stmt *s = stmt_get(st, "agent_groups", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) = (struct store_agent_group){.name = stmt_col_str(s, 0, a),
                                                         .group = stmt_col_str(s, 1, a),
                                                         .alias = stmt_col_str(s, 2, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_has_reported(struct store *st, struct str name, bool *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "agent_reported", d);
    if (!s)
        return -1;
    stmt_uint(s, ids_agent(name));
    enum stmt_answer rc = stmt_first(s, d);
    *ret = rc == STMT_ROW;
    return rc == STMT_FAILED ? -1 : 0;
}

int
store_move_agent(struct store *st, struct str name, struct str group, int64_t from, struct diag *d)
{
    assert(st->in_transaction);
    uint64_t group_id = ids_group(group);
    if (touch(st, FACT_AGENT, name, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "group_insert", d);
    if (!s)
        return -1;
    stmt_uint(s, group_id);
    stmt_str(s, group);
    if (stmt_run(s, d) != 0 ||
        group_moves_decided(st, ids_agent(name), name, group_id, from, d) != 0 ||
        !(s = stmt_get(st, "agent_move", d)))
        return -1;
    stmt_uint(s, group_id);
    stmt_uint(s, ids_agent(name));
    return stmt_run(s, d);
}
