/* First step of every question: the filter, and the newest scan of each (agent, policy id). What it
 * gives goes to score, category, topn, evolution and changes. */
#include "engine/pick.h"

#include <assert.h>

#include "base/map.h"

/* Of agents that nobody expects only those that have something to say. */
static void
pick_agents(struct pick *p, const struct pick_filter *q, struct arena *a)
{
    const struct fleet *f = p->fleet;
    bool *has_scan = ARENA_ARRAY(a, bool, f->agents.n + 1);
    for (size_t i = 0; i < f->scans.n; i++)
        has_scan[f->scans.v[i].agent] = true;
    p->agents = ARENA_ARRAY(a, bool, f->agents.n + 1);
    for (size_t i = 0; i < f->agents.n; i++) {
        const struct fleet_agent *agent = &f->agents.v[i];
        bool named = !q->agent.len || str_eq(agent->name, q->agent);
        bool in_groups = q->n_groups == 0;
        assert(agent->group < f->groups.n);
        for (size_t k = 0; k < q->n_groups; k++)
            in_groups = in_groups || str_eq(f->groups.v[agent->group].name, q->groups[k]);
        p->agents[i] = named && in_groups && (!agent->is_unexpected || has_scan[i]);
        p->n_agents += p->agents[i];
    }
}

static void
pick_policies(struct pick *p, const struct pick_filter *q, struct arena *a)
{
    const struct fleet *f = p->fleet;
    struct map *numbers = map_new(a);
    p->policy_ids = ARENA_ARRAY(a, size_t, f->policies.n + 1);
    p->policies = ARENA_ARRAY(a, bool, f->policies.n + 1);
    for (size_t i = 0; i < f->policies.n; i++) {
        struct str id = f->policies.v[i].id;
        long n = map_get_index(numbers, id);
        if (n < 0)
            map_put_index(numbers, id, (size_t)(n = (long)p->n_policy_ids++));
        p->policy_ids[i] = (size_t)n;
        p->policies[i] = !q->policy.len || str_eq(id, q->policy);
    }
}

/* The wanted scans, agent by agent (counting sort, so that their order within one is kept). */
static void
sort_by_agent(struct pick *p, struct arena *a)
{
    const struct fleet *f = p->fleet;
    p->first = ARENA_ARRAY(a, size_t, f->agents.n + 2);
    for (size_t i = 0; i < f->scans.n; i++) {
        const struct fleet_scan *s = &f->scans.v[i];
        assert(s->agent < f->agents.n && s->policy < f->policies.n);
        if (p->agents[s->agent] && p->policies[s->policy])
            p->first[s->agent + 2]++, p->n_scans++;
    }
    for (size_t i = 2; i < f->agents.n + 2; i++)
        p->first[i] += p->first[i - 1];
    p->scans = ARENA_ARRAY(a, size_t, p->n_scans + 1);
    for (size_t i = 0; i < f->scans.n; i++) {
        const struct fleet_scan *s = &f->scans.v[i];
        if (p->agents[s->agent] && p->policies[s->policy])
            p->scans[p->first[s->agent + 1]++] = i;
    }
    assert(p->first[f->agents.n] == p->n_scans); /* filling has moved each beginning to its end */
}

static bool
is_newer(const struct fleet_scan *a, const struct fleet_scan *b)
{
    return a->end != b->end ? a->end > b->end : a->policy > b->policy;
}

/* Keeps one scan a policy id of every agent. seen[id] says for which agent slot[id] holds. */
static void
keep_newest(struct pick *p, struct arena *a)
{
    const struct fleet *f = p->fleet;
    size_t *seen = ARENA_ARRAY(a, size_t, p->n_policy_ids + 1);
    size_t *slot = ARENA_ARRAY(a, size_t, p->n_policy_ids + 1);
    size_t out = 0, begin = 0;
    for (size_t i = 0; i < f->agents.n; i++) {
        size_t end = p->first[i + 1];
        assert(out <= begin && begin <= end); /* what is kept is written over what was looked at */
        p->first[i] = out;
        for (size_t k = begin; k < end; k++) {
            const struct fleet_scan *s = &f->scans.v[p->scans[k]];
            size_t id = p->policy_ids[s->policy];
            if (seen[id] != i + 1) {
                seen[id] = i + 1;
                slot[id] = out;
                p->scans[out++] = p->scans[k];
            } else if (is_newer(s, &f->scans.v[p->scans[slot[id]]])) {
                p->scans[slot[id]] = p->scans[k];
            }
        }
        begin = end;
    }
    assert(out <= p->n_scans);
    p->first[f->agents.n] = out;
    p->n_scans = out;
}

struct pick *
pick_make(const struct fleet *f, const struct pick_filter *filter, struct arena *a)
{
    struct pick *p = ARENA_NEW(a, struct pick);
    p->fleet = f;
    pick_agents(p, filter, a);
    pick_policies(p, filter, a);
    sort_by_agent(p, a);
    keep_newest(p, a);
    return p;
}
