/* Whose a row is that load.c or load_months.c has read, and under which policy version; and their points in order. */
#include "store/load.h"

#include <stdlib.h>

#include "store/rules.h"
#include "store/scan_row.h"

/* LOAD_OTHER = of nobody who was asked for. */
enum load_whose
load_find_owner(struct loading *l, uint64_t agent_id, uint64_t policy_id, size_t *ret_agent,
                const struct load_version **ret_version)
{
    long at = roster_find_agent(l->roster, agent_id), version = load_find_id(l->known, policy_id);
    if (version < 0)
        diag_fail(l->d, DIAG_BAD_DATA, "policy_id: there is no such policy");
    else if (at < 0)
        diag_fail(l->d, DIAG_BAD_DATA, "agent_id: there is no such agent");
    if (diag_failed(l->d))
        return LOAD_BROKEN;
    *ret_version = &l->versions.v[version];
    *ret_agent = (size_t)l->places[at];
    return l->places[at] >= 0 && (*ret_version)->is_wanted ? LOAD_WANTED : LOAD_OTHER;
}

size_t
load_policy_at(struct loading *l, uint64_t id)
{
    long at = load_find_id(l->policies, id);
    if (at >= 0)
        return (size_t)at;
    map_put_index(l->policies, ids_key(l->a, &id, sizeof id), l->f->policies.n);
    *VEC_PUSH(l->a, &l->f->policies) = (struct fleet_policy){.id = STR("")};
    *VEC_PUSH(l->a, &l->ids) = id;
    return l->f->policies.n - 1;
}

/* The name of an agent, for messages about its rows. */
struct str
load_name_of(const struct loading *l, uint64_t agent_id)
{
    long agent = load_find_agent(l, agent_id);
    return agent < 0 ? arena_fmt(l->d->arena, "agent_id %llu", (unsigned long long)agent_id)
                     : l->f->agents.v[agent].name;
}

struct str
load_policy_name_of(const struct loading *l, uint64_t policy_id)
{
    long at = load_find_id(l->known, policy_id);
    return at < 0 ? arena_fmt(l->d->arena, "policy_id %llu", (unsigned long long)policy_id)
                  : l->versions.v[at].id;
}

/* ---- points ---- */

const struct load_point_columns load_point_row = {
    .agent = 0, .policy = 1, .end = 2, .counts = 3, .score = 13, .flags = 14};

void
load_put_point(struct loading *l, size_t agent, size_t policy, int64_t end, int64_t passed,
               int64_t failed)
{
    *VEC_PUSH_SOLE(l->a, &l->f->points) = (struct fleet_point){.agent = (uint32_t)agent,
                                                               .policy = (uint32_t)policy,
                                                               .end = end,
                                                               .passed = passed,
                                                               .failed = failed};
}

int
load_add_point(struct loading *l, const struct stmt *s, const struct load_point_columns *at)
{
    const struct load_version *v;
    size_t agent;
    uint64_t agent_id = stmt_col_uint(s, at->agent), policy_id = stmt_col_uint(s, at->policy);
    enum load_whose whose = load_find_owner(l, agent_id, policy_id, &agent, &v);
    int64_t counts[STATUS__COUNT] = {0};
    scan_row_read_counts(s, at->counts, counts);
    if (whose == LOAD_BROKEN ||
        (whose == LOAD_WANTED &&
         rules_counts(counts, !stmt_col_is_null(s, at->score), stmt_col_int(s, at->score),
                      (unsigned)stmt_col_int(s, at->flags), l->d) != 0))
        return rules_place(load_name_of(l, agent_id), load_policy_name_of(l, policy_id), STR(""),
                           stmt_col_time(s, at->end), l->d);
    if (whose == LOAD_OTHER)
        return 0;
    struct tally t = tally_of(counts);
    load_put_point(l, agent, load_policy_at(l, policy_id), stmt_col_time(s, at->end), t.passed,
                   t.failed);
    return 0;
}

static int
by_time(const void *a, const void *b)
{
    const struct fleet_point *x = a, *y = b;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->agent < y->agent ? -1 : x->agent > y->agent;
}

void
load_sort_points(struct loading *l, size_t first)
{
    size_t n = l->f->points.n - first;
    if (n)
        qsort(l->f->points.v + first, n, sizeof *l->f->points.v, by_time);
}
