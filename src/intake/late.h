/* Deltas that arrived before a scan they build on: merged again, each with its record (scan.merge).
 * What:   one act a delta, until there are no more; nothing to do for most.
 * Owner:  nothing is kept.   Units: none.   Errors: as store.h. */
#ifndef INTAKE_LATE_H
#define INTAKE_LATE_H

#include "act/act.h"

/* Merges all that wait; outside any transaction. */
int late_merge(struct act *act, struct diag *d);

#endif
