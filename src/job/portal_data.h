/* What the portal is made of: the fleet as it is now, and what is gathered of its agents portion by portion.
 * What:   portal_data_load() reads the fleet and lists agents and checks; portal_data_walk() goes through the agents
 *         and gives the page of each, and gathers on the way what the pages about many agents need.
 * Owner:  the arena of the data; a page lives until the next one.
 * Units:  seconds UTC; positions in the fleet's arrays.
 * Errors: as store.h; DIAG_RETRY: scans were replaced meanwhile, begin again. */
#ifndef JOB_PORTAL_DATA_H
#define JOB_PORTAL_DATA_H

#include "act/act.h"
#include "engine/score.h"
#include "render/portal/portal.h"
#include "store/portions.h"

struct portal_past { /* the scores of agents day by day, of a group or of all */
    int64_t sum[PORTAL_HISTORY_DAYS]; /* of scores, in 1/10,000 percent */
    int64_t n[PORTAL_HISTORY_DAYS];   /* agents with a score at the end of the day */
};

struct portal_moved { /* a change, by positions */
    int64_t at;
    size_t agent, check;
    enum status was, is;
};

struct portal_data {
    struct act *act;
    struct arena *a;
    const struct portal_site *site; /* of all agents */
    struct fleet fleet;
    struct pick *pick;
    struct score *score;
    int64_t now, window_s;
    struct portal_agent *agents;    /* one an agent of the fleet; pick->agents says which are wanted */
    VEC(struct portal_check) checks;
    size_t **check_at;              /* [policy][position] -> check */
    int64_t **since;                /* [scan][position], NULL = of no scan that counts */
    VEC(struct portal_moved) moves; /* within PORTAL_DAYS */
    struct portal_past *past;       /* one a group of the fleet, and of all agents behind them */
    int64_t days[PORTAL_HISTORY_DAYS]; /* the end of each day; the last one is now */
};

typedef int portal_data_page(void *ctx, const struct portal_agent_page *page, size_t agent,
                             struct arena *a, struct diag *d);

/* Reads the fleet. */
int portal_data_load(struct act *act, const struct portal_site *site, struct arena *a,
                     struct portal_data *ret, struct diag *d);
/* Each wanted agent in the order of the fleet. */
int portal_data_walk(struct portal_data *v, portal_data_page *each, void *ctx, struct diag *d);

#endif
