/* Rows that a transaction writes together instead of one by one.
 * What:   rows of scans, of current states and of agents are collected from scan to scan and sent in a
 *         few statements: at the end, or before something reads them.
 * Owner:  the store; held_send() and held_drop() free.
 * Units:  none.   Errors: as store.h. */
#ifndef STORE_HELD_H
#define STORE_HELD_H

#include "base/map.h"
#include "store/bulk.h"

struct held {
    struct bulk scans, currents, agents;
    struct arena *arena;
    struct map *lines; /* bytes of (agent id, line id) of the rows */
};

/* The rows that are held, for a line that gets more of them. */
struct held *held_rows(struct store *st, uint64_t agent_id, uint64_t line_id);
/* True when rows of that line are held: who reads the line sends them first. */
bool held_has(const struct store *st, uint64_t agent_id, uint64_t line_id);
/* Sends all rows that are held. */
int held_send(struct store *st, struct diag *d);
/* Forgets them: the transaction is rolled back. */
void held_drop(struct store *st);

#endif
