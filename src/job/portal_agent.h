/* The page of an agent, of what was loaded of it.
 * What:   results, scans, changes and the course of the score; and adds what the agent has to the pages about many.
 * Owner:  the given arena.   Units: seconds UTC.   Errors: none. */
#ifndef JOB_PORTAL_AGENT_H
#define JOB_PORTAL_AGENT_H

#include "job/portal_data.h"

/* Fills the page; the agent's own row gets what is only known from its past. */
void portal_agent_make(struct portal_data *v, const struct portion *portion, size_t agent,
                       struct arena *a, struct portal_agent_page *ret);

#endif
