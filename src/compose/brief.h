/* What got worse and who is missing, in sentences: for a mail about the report.
 * What:   the checks that fail on more agents than in the period before, the largest change first, and the agents
 *         that were expected and not assessed; a few of each, and how many more there are.
 * Owner:  the part's arena.
 * Units:  agents.   Errors: none.
 * See:    render/mail/mail.h */
#ifndef COMPOSE_BRIEF_H
#define COMPOSE_BRIEF_H

#include "compose/part.h"

/* Fills it from the whole report's part. */
void brief_fill(const struct part *p, struct report_brief *ret);

#endif
