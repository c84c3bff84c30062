/* Agents taken out of what is expected to report, and put back, by a person.
 * What:   from a day on; what was reported before stays, and so does the history of such decisions. Each change is
 *         an act with its record.
 * Owner:  none.
 * Units:  seconds UTC.
 * Errors: DIAG_USAGE (an agent that nobody knows, that is so already; a reason that is none), those of the store.
 * See:    doc/man/assay-agent.1, doc/enrolment.md */
#ifndef INTAKE_DUTY_H
#define INTAKE_DUTY_H

#include "act/act.h"
#include "model/duty.h"

/* Decides the same for n agents: all of them or none. *ret_n: how many. With dry_run nothing is written. */
int duty_decide(struct act *act, const struct str *names, size_t n, const struct duty *what,
                size_t *ret_n, struct diag *d);

#endif
