/* All groups and agents of the database, or one agent and its namesakes, read once for all that is loaded and compared in a snapshot.
 * What:   roster_load() takes rows as they are; roster_check() says whether they can be.
 * Owner:  the given arena.
 * Units:  seconds UTC.
 * Errors: as store.h. */
#ifndef STORE_ROSTER_H
#define STORE_ROSTER_H

#include "model/fleet.h"
#include "store/ids.h"
#include "store/stmt.h"

struct roster_group {
    uint64_t id;
    struct str name;
};

struct roster_agent {
    uint64_t id, group_id;
    struct str alias;         /* as the row has it */
    struct fleet_agent agent; /* without its group, and without what a period says of it */
};

struct roster {
    VEC(struct roster_group) groups; /* by name */
    VEC(struct roster_agent) agents; /* that have reported, by name */
    struct map *group_at, *agent_at; /* bytes of an id -> position */
    /* names and aliases -> position; aliases that several have -> the last, which stands for those before it */
    struct map *by_name, *by_alias, *shared;
};

/* Reads both, and who is called like another. agent: only this one and those that are called like it; empty = all. */
int roster_load(struct store *st, struct str agent, struct arena *a, struct roster *ret,
                struct diag *d);
/* When nothing is looked up any more: what is large of it is given back; names stay. */
void roster_done(struct roster *r, struct arena *a);
/* Each stands under the id of its name, agents in a group that there is. */
int roster_check(const struct roster *r, struct diag *d);
/* Sets who is called like another, among all agents, also those that a filter leaves out. */
void roster_find_namesake(const struct roster *r, struct fleet_agent *ag);
/* Position of a group; -1 = there is none of that id. */
long roster_find_group(const struct roster *r, uint64_t id);
/* Position of an agent; -1 = there is none of that id. */
long roster_find_agent(const struct roster *r, uint64_t id);

#endif
