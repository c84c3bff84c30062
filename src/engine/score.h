/* Scores of agents and of the fleet.
 * What:   an agent's score pools the passes and failures of its newest scan of each policy. The
 *         fleet's score is the mean of the agents' scores: every agent weighs the same, whatever
 *         the number of its checks. Scans that came with counts only (score only) count by these;
 *         a scan that brought neither results nor counts is not evaluated: the score a scanner
 *         reports is kept apart and never mixed into ours.
 * Owner:  the arena.
 * Units:  percent 0..100.   Errors: none; is_evaluated says whether a score exists. */
#ifndef ENGINE_SCORE_H
#define ENGINE_SCORE_H

#include "engine/pick.h"
#include "model/exact.h"
#include "model/tally.h"

struct score_agent {
    size_t agent; /* position in the fleet */
    struct tally counts;
    bool is_wanted, is_assessed;                     /* in the pick; has a scan in the period */
    bool is_evaluated;                               /* has a pass or a failure, so pct holds */
    bool is_partial, is_score_only, is_time_assumed; /* some scan of it is */
    double pct; /* nearly the score, for drawings; score_share is exact */
    int64_t last; /* time of its newest scan, CLOCK_NONE without one */
};

struct score {
    struct score_agent *agents; /* one an agent of the fleet */
    size_t n;                   /* agents of the fleet */
    size_t n_wanted, n_assessed, n_evaluated, n_partial, n_score_only, n_time_assumed;
    struct tally counts; /* of all wanted agents */
    struct exact mean;   /* of the agents' scores */
};

/* Orders by score without rounding errors: < 0 when a's is lower; not evaluated comes last. */
int score_cmp(const struct score_agent *a, const struct score_agent *b);
/* The score as a share: passed of passed and failed; of nothing when it is not evaluated. */
struct share score_share(const struct score_agent *s);
/* Scores of a pick. */
struct score *score_make(const struct pick *p, struct arena *a);

#endif
