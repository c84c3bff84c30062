/* What is kept of a report that was made, or that failed: its audit record and the row of its run.
 * What:   words only, all of them from the identity; who calls writes them in its transaction.
 * Owner:  the arena; what is given stays where it is and must outlive the answer.
 * Units:  none.   Errors: none.
 * See:    doc/audit-events.md */
#ifndef JOB_REPORT_RECORD_H
#define JOB_REPORT_RECORD_H

#include "base/sha256.h"
#include "model/event.h"
#include "model/identity.h"
#include "store/store.h"

/* The record of a report that was made: its version, and why it stands in the place of another. */
struct event report_record_made(const struct report_identity *id, struct str title,
                                const struct sha256_digest *dataset, struct arena *a);
/* The record of one that could not be made. */
struct event report_record_failed(const struct report_identity *id, struct str title,
                                  struct str reason);
/* The record of a period that this host will make. */
struct event report_record_claimed(const struct report_identity *id, struct arena *a);
/* The row of a claimed run that is done. */
struct store_run report_record_run_done(const struct report_identity *id, struct str dataset_hex,
                                        struct str manifest_hex);
/* The row of one that failed: it can be claimed again at once. */
struct store_run report_record_run_failed(const struct report_identity *id, struct str reason);

#endif
