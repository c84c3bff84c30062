/* The checkpoint that a report carries.
 * What:   PDF: the attached file; HTML: the element of its id. JSON is read where it is.
 * Owner:  the arena.
 * Units:  bytes.
 * Errors: DIAG_BAD_DATA (no checkpoint, or not to be read).
 * See:    doc/audit-checkpoint.md; model/report.h names file and id */
#ifndef LEDGER_REPORT_CHECKPOINT_H
#define LEDGER_REPORT_CHECKPOINT_H

#include "base/diag.h"

/* True when the bytes begin as a PDF or an HTML page of ours does. */
bool report_checkpoint_is_report(struct str bytes);
/* The note in a report. */
int report_checkpoint_read(struct str bytes, struct arena *a, struct str *ret, struct diag *d);

#endif
