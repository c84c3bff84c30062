/* How much one file, and one agent in a day, may put into the database.
 * What:   what is counted are checks, the bytes of texts that will be kept, and policy versions.
 *         Checks and texts that several scans of a file share count once; texts of a policy version
 *         count once a day. A file that goes over a quota is refused whole, and its reason names
 *         the setting. What was used is kept in the database, changed by the transaction that
 *         stores the file.
 * Owner:  none.
 * Units:  bytes; a day is one of UTC; 0 in a setting = no quota.
 * Errors: DIAG_TOO_BIG of a file, DIAG_RETRY, as store/store.h.
 * See:    doc/spool.md, "Quotas" */
#ifndef INTAKE_QUOTA_H
#define INTAKE_QUOTA_H

#include "intake/batch.h"

/* Whether the file is within the quota of one file. */
int quota_check_file(const struct config *c, const struct scan_file *f, struct diag *d);
/* Puts a failure into the diag of those of n items that would go over the quota of an agent's day.
 * Outside a transaction. */
int quota_judge(struct act *act, struct batch_item *items, size_t n, struct diag *d);
/* Adds what the items use. Inside the transaction that stores them; DIAG_RETRY when others came in
 * between and one of the items has to be judged anew. */
int quota_book(struct act *act, struct batch_item *items, size_t n, struct diag *d);

#endif
