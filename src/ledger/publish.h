/* The audit log as static files that anybody can serve and verify.
 * What:   DIR/checkpoint (the newest of this host), DIR/vkeys (its keys), DIR/tile/LEVEL/N (hashes) and DIR/tile/entries/N
 *         (records), 256 each, as c2sp.org/tlog-tiles has it: partial ones as N.p/WIDTH until they
 *         are full. Nothing that was published is written again, the checkpoint comes last, and
 *         nothing is published that does not give its root. Records that were pruned are taken out
 *         of DIR; their hashes stay.
 * Owner:  nothing.
 * Units:  files.
 * Errors: DIAG_USAGE (no checkpoint yet), DIAG_VERIFY (DIR is of another log, holds another file
 *         than the log gives, or the log is not what was signed), DIAG_CANNOT_WRITE, those of
 *         store.h.
 * See:    c2sp.org/tlog-tiles, doc/audit-checkpoint.md */
#ifndef LEDGER_PUBLISH_H
#define LEDGER_PUBLISH_H

#include "act/act.h"

struct publish_summary {
    int64_t size;      /* records below the checkpoint that is published now */
    int64_t n_files;   /* written */
    int64_t n_removed; /* partial ones that became full, records that were pruned */
};

/* Brings DIR, which is made when it is not there, up to the newest checkpoint. */
int publish_run(struct act *act, const char *dir, struct publish_summary *ret, struct diag *d);

#endif
