/* What the pages about single agents need of a fleet that was loaded without it, some agents at a time.
 * What:   evidence and other details of scans, since when checks fail, the scans of the past and what changed
 *         between them. What is held at a time is that of the agents asked for.
 * Owner:  the given arena; details hang on the scans of the fleet until the caller takes them off.
 * Units:  seconds UTC; positions in the fleet's arrays.
 * Errors: as store.h; DIAG_RETRY: a scan is not there any more as it was loaded.
 * See:    sql/query/portal_scan.sql, portal_history.sql, portal_changes.sql */
#ifndef STORE_PORTIONS_H
#define STORE_PORTIONS_H

#include "model/fleet.h"
#include "model/tally.h"

struct store;

struct portion_point { /* a scan of the past */
    size_t agent;
    int64_t end;
    struct str policy, title, version, profile;
    struct tally tally;
};

struct portion_change { /* a check of a scan of the fleet is another one than in the scan before */
    size_t scan, pos;
    int64_t at;
    enum status was, is;
};

struct portion_query {
    const size_t *agents; /* positions in the fleet */
    size_t n_agents;
    const size_t *scans; /* those of these agents that count */
    size_t n_scans;
    int64_t from, to; /* of the past: [from, to) */
};

struct portion {
    VEC(struct portion_point) points;   /* agent by agent in the order of their ids, by time */
    VEC(struct portion_change) changes; /* likewise; of checks that the scans of the query have */
};

/* Loads it; the fleet gets the details of the scans of the query. */
int portions_load(struct store *st, struct fleet *f, const struct portion_query *q, struct arena *a,
                  struct portion *ret, struct diag *d);
/* Takes the details off these scans again: their arena ends. */
void portions_forget(struct fleet *f, const struct portion_query *q);

#endif
