/* Rankings: agents with the worst score, checks that fail most often.
 * What:   the whole order is returned and n says how many to show; n_ties counts the entries behind
 *         the cut that stand equal with the last one shown. Checks are grouped by title, because
 *         the same rule occurs under several policies and versions; an agent counts once a title,
 *         as failing when it fails there under any of its policies.
 * Owner:  the arena; texts point into the fleet.
 * Units:  counts of agents.   Errors: none.
 * See:    doc/decisions/0005-compose.md */
#ifndef ENGINE_TOPN_H
#define ENGINE_TOPN_H

#include "engine/score.h"

struct topn_agents {
    const struct score_agent **v; /* evaluated agents, worst first, equal ones by name */
    size_t n_all, n, n_ties;
};

struct topn_check {
    const struct scan_check *check; /* the first one with this title (that has a description) */
    struct str title;               /* its id when it has no title */
    int64_t failed, assessed;       /* agents failing, of those where it passed or failed */
    size_t n_policies;              /* policy versions that hold it */
};

struct topn_checks {
    struct topn_check *v; /* those that fail somewhere, most failures first, equal ones by title */
    size_t n_all, n, n_ties;
};

/* Ranks the agents of a score; n 0 = show all. */
struct topn_agents topn_agents(const struct fleet *f, const struct score *s, size_t n,
                               struct arena *a);
/* Ranks the failed checks of a pick; n 0 = show all. */
struct topn_checks topn_checks(const struct pick *p, size_t n, struct arena *a);

#endif
