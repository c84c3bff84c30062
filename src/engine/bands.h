/* How many agents score how well.
 * What:   five bands by score; the lower end belongs to a band, 100 % to the last.
 * Owner:  by value.   Units: percent, counts of agents.   Errors: none. */
#ifndef ENGINE_BANDS_H
#define ENGINE_BANDS_H

#include "engine/score.h"

enum { BANDS_N = 5 };

struct bands {
    int from[BANDS_N], to[BANDS_N]; /* percent: 0–25, 25–50, 50–75, 75–90, 90–100 */
    size_t n[BANDS_N];
    size_t n_evaluated, n_not_evaluated; /* the latter: in scope without a score */
    size_t n_below_half;
};

/* Counts the agents of a score. */
struct bands bands_count(const struct score *s);

#endif
