/* The audit log out to a log manager, once: for cron and the command line.
 * What:   sends the records since the target's cursor and moves the cursor behind what arrived: at
 *         least once, in order, never a record skipped. export/follow.h does so all the time.
 * Owner:  none.   Units:  records.
 * Errors: those of deliver/outlet.h, DIAG_CONFIG (format, target, options), DIAG_BUSY (another
 *         exporter is at it), DIAG_VERIFY (a record is missing, or was pruned). They are noted in
 *         the database, with when to try again.
 * See:    doc/man/assay-audit.1, doc/siem/, doc/decisions/0009-delivery.md */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "act/act.h"

struct export_summary {
    int64_t first, n; /* messages that arrived, from record first on */
    int64_t end;      /* the record that is next now */
    bool is_not_due;  /* the target failed lately: nothing was tried */
};

/* The target that is called so, NULL = none. */
const struct config_export *export_find(const struct config *c, struct str key, struct arena *a);
/* Sends what is new for the target. from_seq >= 0: sends everything from there on and leaves the
 * cursor alone. when_due: not before the time that the last failure set. */
int export_run(struct act *act, const struct config_export *e, int64_t from_seq, bool when_due,
               struct export_summary *ret, struct diag *d);

/* Sets the cursor of a target to a record further on: what lies between is never sent, and a record
 * says so. For what was pruned, and for new targets that shall not get the past. DIAG_USAGE when
 * the record is behind the cursor, or not there yet. */
int export_start(struct act *act, const struct config_export *e, int64_t seq, struct diag *d);

/* Goes on with a log that contradicts what was sent to the target (cursor_accept()); a record says why. */
int export_accept(struct act *act, const struct config_export *e, struct str reason,
                  struct diag *d);

/* Puts a record "audit.test" into the log and sends it, and nothing else, to the target, whatever
 * its filter says; its cursor stays. *ret is the record's number. */
int export_test(struct act *act, const struct config_export *e, int64_t *ret, struct diag *d);

#endif
