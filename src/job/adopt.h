/* What a database held before there were facts, taken as it is.
 * What:   `assay init` walks all tables once and records facts.adopt: of each bucket how many facts it
 *         has and their head (store/fact_chain.h). From then on every change is told; what was
 *         changed before, nobody can tell any more, and the record says so.
 * Owner:  nothing is kept.
 * Units:  rows.
 * Errors: as store.h; DIAG_VERIFY when the log says that there were facts already.
 * See:    doc/facts.md */
#ifndef JOB_ADOPT_H
#define JOB_ADOPT_H

#include "act/act.h"

/* Adopts, unless that was done or there was nothing: one act, so that a kill leaves nothing of it. */
int adopt_run(struct act *act, struct diag *d);

#endif
