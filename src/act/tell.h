/* Which record of an act tells which facts.
 * What:   each event keeps its record, and the facts that came of it stand behind its own changes, as
 *         "fact.KIND"; what does not fit goes into records facts.more that follow it. The last
 *         record says the state of all facts ("facts").
 * Owner:  the given arena.
 * Units:  records.
 * Errors: none.
 * See:    doc/facts.md, doc/audit-events.md */
#ifndef ACT_TELL_H
#define ACT_TELL_H

#include "model/event.h"
#include "store/facts.h"

struct tell_plan {
    VEC(struct event) events; /* one a record */
};

/* Plans the records from number seq on, and gives each fact the number of its own. The facts come in the
 * order of their events. */
void tell_plan(const struct event *events, size_t n, struct fact *facts, size_t n_facts,
               int64_t seq, struct arena *a, struct tell_plan *ret);
/* Has the last record say the state. */
void tell_state(struct tell_plan *p, struct str state, struct arena *a);

#endif
