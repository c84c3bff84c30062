/* The checkpoint that a report carries.
 * What:   PDF: the attached file; HTML: the element of its id. JSON is read where it is.
 * Owner:  the arena.
 * Units:  bytes.
 * Errors: DIAG_BAD_DATA (no checkpoint, or not to be read).
 * See:    doc/audit-checkpoint.md; model/report.h names file and id */
#ifndef LEDGER_CARRIED_H
#define LEDGER_CARRIED_H

#include "base/diag.h"

/* True when the bytes begin as a PDF or an HTML page of ours does. */
bool carried_is_report(struct str bytes);
/* The note in a report. */
int carried_checkpoint(struct str bytes, struct arena *a, struct str *ret, struct diag *d);

#endif
