/* The audit log out to a log manager.
 * What:   export appends the records since the target's cursor to a file (or standard output), one
 *         a line, syncs, and only then moves the cursor: at least once, in order, never a record
 *         skipped.
 * Owner:  none.   Units: records.
 * Errors: DIAG_CANNOT_WRITE, DIAG_CONFIG (unknown format), DIAG_BUSY (another exporter moved the
 *         cursor), DIAG_VERIFY (a record is missing).
 * See:    doc/man/assay-audit.1, doc/siem/ */
#ifndef JOB_EXPORT_H
#define JOB_EXPORT_H

#include "job/job.h"

struct export_summary {
    int64_t first, n; /* records written, from seq first */
};

/* Writes what is new for the target (format, path; "-" = standard output). from_seq >= 0: writes
 * everything from there on and leaves the cursor alone. */
int job_export(struct job *j, struct str format, struct str path, int64_t from_seq,
               struct export_summary *ret, struct diag *d);

/* How many records wait for a target of the settings. */
int job_export_lag(struct job *j, const struct config_export *e, int64_t *ret, struct diag *d);

/* Puts a record "audit.test" into the log and sends it, and nothing else, to the target; its cursor
 * stays. *ret is the record's number. */
int job_export_test(struct job *j, struct str format, struct str path, int64_t *ret,
                    struct diag *d);

#endif
