/* Which scans of a line may go, and what keeps the others.
 * What:   arithmetic on times and ids; of the rows of one line that lie before a bound, the first with results and
 *         the newest stay, so that the state at the bound, what a delta builds on, and since when a finding is there
 *         are known as before.
 * Owner:  the caller.
 * Units:  seconds UTC.
 * Errors: none.
 * See:    doc/retention.md; store/prune.h */
#ifndef STORE_PRUNE_RULE_H
#define STORE_PRUNE_RULE_H

#include "store/prune.h"

struct prune_row { /* a scan of a line before the bound */
    int64_t end, received;
    uint64_t policy_id;
    int64_t n_bytes;
    bool has_results, has_details;
    enum prune_why why; /* PRUNE_GOES, or what keeps it */
};

/* Judges n rows of one line, the oldest first, all that lie before the bound. */
void prune_rule_judge(struct prune_row *v, size_t n, uint64_t agent_id, const struct prune_order *o);
/* True when the hold protects a scan of that agent and policy version at that time. */
bool prune_rule_is_held(const struct prune_hold *h, uint64_t agent_id, uint64_t policy_id,
                        int64_t end);

#endif
