/* Outages of others that the log asks (witnesses, authorities): a record when one begins and ends.
 * What:   a record when one begins to fail or fails in another way, and one when it works again; in
 *         between nothing, however often it is tried.
 * Owner:  none.   Units: none.
 * Errors: none: that a record could not be made must not hide the failure itself.
 * See:    doc/audit-events.md */
#ifndef LEDGER_OUTAGE_H
#define LEDGER_OUTAGE_H

#include "act/act.h"

/* What came of asking whom ("witness", where): why, or a diag without failure. */
void outage_note(struct act *act, const char *event, const char *kind, struct str whom,
                 const struct diag *why);

#endif
