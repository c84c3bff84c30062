/* Whose a row is that load.c or load_months.c has read, and under which policy version; and their points in order. */
#include "store/load.h"

#include <stdlib.h>

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
