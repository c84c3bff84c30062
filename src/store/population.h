/* Who is expected to report, as of the end of a period.
 * What:   who is on the list, and, where everybody may report, who was seen within a window before the end; without
 *         those whom an officer took out of it. The list, and what it says of each, is that of the database; an agent
 *         that is on it and never reported is expected, too.
 * Owner:  the arena of the load.
 * Units:  seconds UTC.
 * Errors: as store.h.
 * See:    doc/enrolment.md */
#ifndef STORE_POPULATION_H
#define STORE_POPULATION_H

#include "store/load.h"

struct population;

/* Reads the list and the decisions; inside of the snapshot of a load. */
int population_load(struct loading *l, struct population **ret);
/* Judges an agent that has reported: sets is_unexpected. True: it is retired, is listed as such and does not belong
 * to the fleet. */
bool population_judge(struct population *p, struct fleet_agent *ag, struct str group);
/* Adds to the fleet who is on the list and was never judged. */
void population_add_silent(struct population *p);

#endif
