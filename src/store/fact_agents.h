/* Agents as facts: read and locked, many a statement. Apart from the other rows (fact_rows.h), because
 * they are read where lines are locked.
 * What:   agents that were prepared and have no scan yet (prepare.c) are none.
 * Owner:  the given arena.   Units: none.   Errors: as store.h. */
#ifndef STORE_FACT_AGENTS_H
#define STORE_FACT_AGENTS_H

#include "store/facts.h"

/* Reads the agents among n items, locks their rows, and adds what they are to the list. */
int fact_agents_read(struct store *st, const struct fact_item *const *items, size_t n,
                     struct arena *a, fact_list *ret, struct diag *d);
/* Reads what touched agents are before they change. */
int fact_agents_look(struct store *st, struct diag *d);

#endif
