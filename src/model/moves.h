/* Which group an agent was in, and when: what its scans and officers said, from a time on.
 * What:   the history of an agent as it is kept, and what it says of a moment. Agents that never changed their group
 *         have none. Nothing in it is changed: what is said is added, with the time it became known.
 * Owner:  texts point into the kept text; a new history lives in the arena.
 * Units:  seconds UTC; groups are ids of the database.
 * Errors: none; a text that is no history has no group.
 * See:    doc/enrolment.md */
#ifndef MODEL_MOVES_H
#define MODEL_MOVES_H

#include <stdint.h>

#include "base/arena.h"

enum { MOVES_MAX = 200 }; /* lines that are kept; the first of them stands for those before it */

struct move {
    int64_t from, told; /* since when, and when it became known */
    uint64_t group;
    bool by_officer; /* ends whatever was said of the time from then on */
    struct str by;   /* the file, in hex; of an officer nothing */
};

/* The key under which the history of an agent is kept. */
struct str moves_key(struct str agent, struct arena *a);
/* Whose history it is; empty = it is none. */
struct str moves_agent(struct str kept);
/* The group at a moment t, by what was known then (told not after known); 0 = kept is no history. */
uint64_t moves_at(struct str kept, int64_t t, int64_t known);
/* True when the agent is in that group by the history, or ever was. */
bool moves_has(struct str kept, uint64_t group);
/* A history in which the agent was always in one group. */
struct str moves_begin(struct str agent, uint64_t group, struct arena *a);
/* The history with what an officer or the newest scan says; a scan counts from the newest move on when it is older
 * than that, so that the last group is the one that the agent is in. */
struct str moves_add(struct str kept, const struct move *m, struct arena *a);
/* The history with what a scan says that came behind newer ones: up to `next`, when the next scan ended, unless it
 * was moved in between. */
struct str moves_add_late(struct str kept, const struct move *m, int64_t next, struct arena *a);

#endif
