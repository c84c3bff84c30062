/* The fleet without the agents that a filter leaves out.
 * What:   before every other question: all that follows sees the agents that are left, and no other.
 *         The score of an agent is that of the period of the report; the fleet of the period before
 *         keeps the same agents, so that it is compared with itself.
 * Owner:  the arena; both fleets are changed in place.
 * Units:  see model/filter.h.   Errors: none (nobody is left = empty). */
#ifndef ENGINE_NARROW_H
#define ENGINE_NARROW_H

#include "model/filter.h"
#include "model/fleet.h"

/* Takes out who does not fit by operating system or score. An agent without a score has none that could
 * be below anything. */
void narrow_fleets(struct fleet *now, struct fleet *before, const struct report_filter *filter,
                   struct arena *a);

#endif
