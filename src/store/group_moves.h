/* Moves of agents between groups, kept when scans and officers say them.
 * What:   what an agent was when the transaction first looked at it stands with the facts (facts_member); what
 *         says another group is added to its history, a row of setting and so a fact of its own.
 * Owner:  the store, until the transaction ends; what is loaded lives in the arena of the load.
 * Units:  seconds UTC.
 * Errors: as store.h.
 * See:    model/moves.h, doc/enrolment.md */
#ifndef STORE_GROUP_MOVES_H
#define STORE_GROUP_MOVES_H

#include "store/load.h"

struct group_said { /* by a scan that counts */
    uint64_t agent_id;
    struct str agent;
    uint64_t group; /* 0 = it says none */
    int64_t seen;   /* when it ended, not ahead of the clock */
    const struct sha256_digest *file;
};

/* Before the row of the agent takes over what the scan says; the agent is touched. */
int group_moves_said(struct store *st, const struct group_said *s, struct diag *d);
/* An officer puts the agent into a group from a time on; the agent is touched. */
int group_moves_decided(struct store *st, uint64_t agent_id, struct str agent, uint64_t group,
                        int64_t from, struct diag *d);
/* The group of each agent that ever was moved, as of the end of the query: name -> the id. */
int group_moves_load(const struct loading *l, struct map **ret);

#endif
