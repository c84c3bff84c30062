/* Called by load.c for a report, and by check_facts.c, which compares digests of the rows. */
#include "store/roster.h"

#include "base/map.h"

static void
note_alias(struct roster *r, const struct fleet_agent *ag, size_t at)
{
    map_put_index(r->by_name, ag->name, at);
    if (str_eq(ag->alias, ag->name))
        return;
    long first = map_get_index(r->by_alias, ag->alias);
    if (first < 0)
        map_put_index(r->by_alias, ag->alias, at);
    else
        map_put_index(r->shared, ag->alias, at);
}

void
roster_find_namesake(const struct roster *r, struct fleet_agent *ag)
{
    bool has_alias = !str_eq(ag->alias, ag->name);
    long named = has_alias ? map_get_index(r->by_name, ag->alias) : -1;
    long called = map_get_index(r->by_alias, ag->name);
    long shared = has_alias ? map_get_index(r->shared, ag->alias) : -1;
    if (shared >= 0 && str_eq(r->agents.v[shared].agent.name, ag->name))
        shared = map_get_index(r->by_alias, ag->alias);
    ag->namesake = named >= 0    ? NAMESAKE_ALIAS_IS_NAME
                   : called >= 0 ? NAMESAKE_NAME_IS_ALIAS
                   : shared >= 0 ? NAMESAKE_ALIAS_SHARED
                                 : NAMESAKE_NONE;
    long other = named >= 0 ? named : called >= 0 ? called : shared;
    ag->other = other >= 0 ? r->agents.v[other].agent.name : STR("");
}

static int
load_groups(struct store *st, struct arena *a, struct roster *r, struct diag *d)
{
    struct stmt *s = stmt_get(st, "fleet_groups", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct roster_group g = {stmt_col_uint(s, 0), stmt_col_str(s, 1, a)};
        map_put_index(r->group_at, ids_key(a, &g.id, sizeof g.id), r->groups.n);
        *VEC_PUSH(a, &r->groups) = g;
    }
    return rc;
}

/* Whose name or alias is that of the agent: the others are left to the server. */
static struct stmt *
ask_agents(struct store *st, struct str agent, struct diag *d)
{
    struct stmt *s = stmt_get(st, agent.len ? "fleet_agents_of" : "fleet_agents", d);
    if (!s || !agent.len)
        return s;
    stmt_uint(s, ids_agent(agent));
    stmt_str(s, agent);
    stmt_uint(s, ids_agent(agent));
    stmt_uint(s, ids_agent(agent));
    return s;
}

static int
load_agents(struct store *st, struct str agent, struct arena *a, struct roster *r, struct diag *d)
{
    struct stmt *s = ask_agents(st, agent, d);
    if (!s || stmt_stream(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct roster_agent ag = {.id = stmt_col_uint(s, 0),
                                  .group_id = stmt_col_uint(s, 5),
                                  .alias = stmt_col_str(s, 2, a),
                                  .agent = {.name = stmt_col_str(s, 1, a),
                                            .os = stmt_col_str(s, 3, a),
                                            .address = stmt_col_str(s, 4, a),
                                            .first_seen = stmt_col_time(s, 6),
                                            .last_seen = stmt_col_time(s, 7)}};
        ag.agent.alias = ag.alias.len ? ag.alias : ag.agent.name;
        note_alias(r, &ag.agent, r->agents.n);
        map_put_index(r->agent_at, ids_key(a, &ag.id, sizeof ag.id), r->agents.n);
        *VEC_PUSH_SOLE(a, &r->agents) = ag;
    }
    return rc;
}

int
roster_load(struct store *st, struct str agent, struct arena *a, struct roster *ret, struct diag *d)
{
    *ret = (struct roster){.group_at = map_new(a),
                           .agent_at = map_new(a),
                           .by_name = map_new(a),
                           .by_alias = map_new(a),
                           .shared = map_new(a)};
    if (load_groups(st, a, ret, d) != 0 || load_agents(st, agent, a, ret, d) != 0)
        return -1;
    for (size_t i = 0; i < ret->agents.n; i++)
        roster_find_namesake(ret, &ret->agents.v[i].agent);
    return 0;
}

void
roster_done(struct roster *r, struct arena *a)
{
    struct map *const maps[] = {r->group_at, r->agent_at, r->by_name, r->by_alias, r->shared};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        map_done(maps[i]);
    arena_release(a, r->agents.v, r->agents.cap * sizeof *r->agents.v);
    r->agents.v = NULL;
    r->agents.n = r->agents.cap = 0;
}

int
roster_check(const struct roster *r, struct diag *d)
{
    for (size_t i = 0; i < r->groups.n; i++) {
        struct str name = r->groups.v[i].name;
        if (ids_group(name) == r->groups.v[i].id)
            continue;
        diag_fail(d, DIAG_BAD_DATA, "name: the row has the id of another name");
        return diag_at(d, "agent_group %.*s", STR_ARG(name));
    }
    for (size_t i = 0; i < r->agents.n; i++) {
        const struct roster_agent *ag = &r->agents.v[i];
        if (ids_agent(ag->agent.name) != ag->id)
            diag_fail(d, DIAG_BAD_DATA, "name: the row has the id of another name");
        else if (roster_find_group(r, ag->group_id) < 0)
            diag_fail(d, DIAG_BAD_DATA, "group_id: there is no such group");
        if (diag_failed(d))
            return diag_at(d, "agent %.*s", STR_ARG(ag->agent.name));
    }
    return 0;
}

long
roster_find_group(const struct roster *r, uint64_t id)
{
    return map_get_index(r->group_at, str_n((const char *)&id, sizeof id));
}

long
roster_find_agent(const struct roster *r, uint64_t id)
{
    return map_get_index(r->agent_at, str_n((const char *)&id, sizeof id));
}
