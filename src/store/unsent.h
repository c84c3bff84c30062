/* Rows that a transaction writes together instead of one by one.
 * What:   rows of scans, of current states and of agents are collected from scan to scan and sent in a
 *         few statements: at the end, or before something reads them.
 * Owner:  the store; unsent_send() and unsent_drop() free.
 * Units:  none.   Errors: as store.h. */
#ifndef STORE_UNSENT_H
#define STORE_UNSENT_H

#include "base/map.h"
#include "store/bulk.h"

struct unsent {
    struct bulk scans, currents, agents;
    struct arena *arena;
    struct map *lines; /* bytes of (agent id, line id) of the rows */
};

/* Where rows of a line are to be put. */
struct unsent *unsent_rows(struct store *st, uint64_t agent_id, uint64_t line_id);
/* True when rows of that line wait: who reads the line sends them first. */
bool unsent_has(const struct store *st, uint64_t agent_id, uint64_t line_id);
/* Sends all. */
int unsent_send(struct store *st, struct diag *d);
/* Forgets them: the transaction is rolled back. */
void unsent_drop(struct store *st);

#endif
