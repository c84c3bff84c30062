/* What changed since the period before, failure by failure.
 * What:   joins the two fleets by agent name, policy id and the check's stable key, so that a new
 *         version of a policy does not look like a new failure. Scans without single results are
 *         not in it. failed = failed before + worse + appeared - fixed - gone. What the counts of the
 *         scans say beyond that stands apart, so that all failures add up: total = total before
 *         + (failed - before) + by_counts + several.
 * Owner:  by value.   Units: (agent, check) pairs.   Errors: none. */
#ifndef ENGINE_CHANGES_H
#define ENGINE_CHANGES_H

#include "engine/pick.h"

struct changes {
    int64_t before, failed; /* failures then and now */
    int64_t worse;          /* passed before, fails now */
    int64_t fixed;          /* failed before, passes now */
    int64_t appeared;       /* fails now, had no pass or failure before */
    int64_t gone;           /* failed before, has no pass or failure now */
    int64_t total_before, total; /* failures by the counts of the scans, as the scores have them */
    int64_t by_counts;           /* more failures now in scans that came without single results */
    int64_t several;             /* likewise where several results of a check are one */
    int64_t n_agents_both;  /* agents with single results in both periods */
};

/* Compares two picks made with the same filter. */
struct changes changes_count(const struct pick *now, const struct pick *before, struct arena *a);

#endif
