/* The first sentences: what a manager can repeat.
 * What:   how many of how many, the score, its change, the worst exception, written by rules from
 *         the data; one for the cover, one for the dashboard.
 * Owner:  the part's arena.   Units: changes in percentage points.
 * Errors: none; without data the sentences say that nothing was evaluated. */
#ifndef COMPOSE_LEAD_H
#define COMPOSE_LEAD_H

#include "compose/part.h"

/* The average against that of the period before, both evaluated: "▲ 3.0 points since August 2023".
 * *ret_direction: 1 better, -1 worse, 0 exactly the same. */
struct str lead_change(const struct part *p, int *ret_direction);
/* The sentences of the cover. */
struct str lead_cover(const struct part *p);
/* The sentences of the dashboard. */
struct str lead_dashboard(const struct part *p);

#endif
