/* Words that mean something on this site: groups, agents and policies, as far as the database and the settings
 * know them.
 * What:   what a definition or a request names must be there. A word that nobody knows would leave nothing
 *         to report on, and a report of nothing reads like one of a fleet without a fault.
 * Owner:  the arena of the diag.
 * Units:  none.
 * Errors: DIAG_CONFIG for what a definition names, DIAG_USAGE for what is asked for; both name the nearest
 *         known word. Those of store.h.
 * See:    doc/reports/definitions.md */
#ifndef JOB_KNOWN_H
#define JOB_KNOWN_H

#include "act/act.h"
#include "model/identity.h"
#include "settings/definition.h"

/* All that a definition names: its own groups, and what its sections are narrowed to. */
int known_check_definition(struct act *act, const struct definition *def, struct diag *d);
/* What a report is asked for: code is that of a word nobody knows. */
int known_check_scope(struct act *act, const struct report_scope *scope, enum diag_code code,
                      struct diag *d);
/* Loads every definition there is and looks at what it names; the first that does not hold is the failure, and
 * the others are warnings. *ret_n: how many there are. */
int known_check_definitions(struct act *act, size_t *ret_n, struct diag *d);

#endif
