/* Retention of the audit log.
 * What:   takes the text from the oldest records (rec = NULL); hashes stay, so that tree, checkpoints
 *         and proofs of before stay valid. First the log is signed and verified, then a record
 *         audit.prune with a permission that the log key signs (audit/prune.h) is written and
 *         covered by a checkpoint, then the texts go. Cut off, the next call ends it.
 *         Only whole tiles of 256 records go, so that what is published has whole files.
 * Bounds: records younger than 3 months never go; those younger than the setting audit-keep-months
 *         or 12 months, and those that a target has not got yet, only by force, which is recorded.
 * Owner:  texts live in the arena of the diag.
 * Units:  months, seconds, records.
 * Errors: DIAG_USAGE (a bound), DIAG_VERIFY (the log does not hold), DIAG_CONFIG (the account may not
 *         do this), those of store.h.
 * See:    PCI DSS 4.0.1 10.5.1; doc/audit-checkpoint.md, doc/database.md (grants) */
#ifndef LEDGER_PRUNE_H
#define LEDGER_PRUNE_H

#include "act/act.h"

enum { PRUNE_LEAST_MONTHS = 12, PRUNE_NEVER_MONTHS = 3 };

struct prune_request {
    int64_t keep_months; /* -1 = the setting */
    int64_t before;      /* seconds; CLOCK_NONE = by months */
    bool force;
};

struct prune_summary {
    int64_t first, minimum; /* records from first to before minimum go; minimum is the first kept */
    struct str forced;      /* bounds that were overridden, one sentence each; empty = none */
};

/* Prunes; with act->dry_run it says what it would do. first == minimum: nothing to do. */
int prune_run(struct act *act, const struct prune_request *q, struct prune_summary *ret,
              struct diag *d);
/* How many of the size records of the log have lost their text: the first ones. */
int prune_count(struct act *act, int64_t size, int64_t *ret, struct diag *d);

#endif
