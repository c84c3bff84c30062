/* Which agents and scans a question is about.
 * What:   narrows a fleet to groups, one agent, one policy, and keeps of every agent the newest
 *         scan of each policy id: when a policy got a new version inside the period, the old
 *         version's scan does not count beside the new one.
 * Owner:  the arena; points into the fleet.
 * Units:  indexes are positions in the fleet's arrays.   Errors: none (nothing matches = empty). */
#ifndef ENGINE_PICK_H
#define ENGINE_PICK_H

#include "model/fleet.h"

struct pick_filter {
    const struct str *groups; /* names; n_groups 0 = all */
    size_t n_groups;
    struct str agent;  /* name; empty = all */
    struct str policy; /* policy id; empty = all */
};

struct pick {
    const struct fleet *fleet;
    bool *agents;    /* one an agent of the fleet: wanted */
    size_t n_agents; /* wanted ones */
    size_t *scans;   /* the scans that count, agent by agent */
    size_t n_scans;
    size_t *first;      /* scans of agent i: scans[first[i]] … scans[first[i + 1] - 1] */
    size_t *policy_ids; /* one a policy (version): dense number of its policy id */
    bool *policies;     /* one a policy (version): wanted */
    size_t n_policy_ids;
};

/* The agents and scans a filter leaves. */
struct pick *pick_make(const struct fleet *f, const struct pick_filter *filter, struct arena *a);

#endif
