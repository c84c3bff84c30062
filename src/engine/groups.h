/* Average score by group.
 * What:   the mean of the scores of a group's agents (not pooled checks), so that a group's score
 *         and the fleet's are made the same way; agents without a score do not enter.
 * Owner:  the arena.   Units: percent.   Errors: none. */
#ifndef ENGINE_GROUPS_H
#define ENGINE_GROUPS_H

#include "engine/score.h"

struct groups_row {
    size_t group; /* position in the fleet */
    size_t n_agents, n_assessed, n_evaluated;
    struct exact mean; /* of the scores of its agents */
    int64_t passed, failed;
};

struct groups_table {
    struct groups_row *v; /* groups with wanted agents, best score first, not evaluated last */
    size_t n;
};

/* Averages the agents of a score by group. */
struct groups_table groups_average(const struct fleet *f, const struct score *s, struct arena *a);

#endif
