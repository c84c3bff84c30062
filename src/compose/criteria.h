/* What was audited against: each policy once.
 * What:   one line for the page of control: a policy with its versions and how many agents its newest
 *         scans are of; what is known by counts only is one entry of it.
 * Owner:  the part's arena.   Units: counts of agents.
 * Errors: none; without scans the line is empty. */
#ifndef COMPOSE_CRITERIA_H
#define COMPOSE_CRITERIA_H

#include "compose/part.h"

/* "CIS Debian 12 (1.0 and 1.1; 45 agents); counts only (3 agents)". */
struct str criteria_line(const struct part *p);

#endif
