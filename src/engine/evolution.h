/* Mean passed and failed checks an agent, day by day.
 * What:   an agent keeps its last known state between scans (of each policy), and counts from its
 *         first scan on, also when that lies before the period. A day's value is the state at its
 *         end (local midnight).
 * Owner:  the arena.
 * Units:  days in the process's zone; values are means over n_agents.
 * Errors: none; NaN = no agent known yet.   Cost: O(points + days). */
#ifndef ENGINE_EVOLUTION_H
#define ENGINE_EVOLUTION_H

#include "engine/pick.h"

struct evolution_day {
    int64_t start;         /* local midnight that begins it */
    int64_t n_agents;      /* with a known state at its end */
    int64_t n_scans;       /* scans of the day */
    double passed, failed; /* means, NaN without agents: for drawings */
    int64_t n_passed, n_failed; /* sums over these agents, of which the means are */
};

struct evolution {
    struct evolution_day *days;
    size_t n;
};

/* The days from `from` (a local midnight) to before `to`. */
struct evolution evolution_make(const struct pick *p, int64_t from, int64_t to, struct arena *a);

#endif
