/* Months that are over are closed: what their scans come to is written down, so that reports need not add it up again.
 * What:   one act a month (month.close), a week behind its end, once there are enough scans that it is worth it, and
 *         again when a scan has come late; nothing to do for most.
 * Owner:  nothing is kept.
 * Units:  months.
 * Errors: as store.h; DIAG_VERIFY (months_make): scans are not what the audit log says: the month stays open.
 * See:    doc/decisions/0030-months.md */
#ifndef INTAKE_MONTHS_H
#define INTAKE_MONTHS_H

#include "act/act.h"

struct months_summary {
    int64_t n_opened; /* chunks that were taken away to be made anew */
    int64_t n_months, n_scans;
};

/* Closes what is due behind a run that has stored something, three months at most. What cannot be closed is a warning; it is not tried again
 * by this process. */
int months_settle(struct act *act, struct diag *d);
/* Closes all that are over, however few scans they have; what is closed stays. DIAG_VERIFY: see above. */
int months_close_all(struct act *act, struct diag *d);
/* `assay rebuild --months`: closes all that are over, however few scans they have; those that are closed are made
 * anew. With act->dry_run nothing is done. */
int months_make(struct act *act, struct months_summary *ret, struct diag *d);

#endif
