/* Checkpoints of the audit log, time-stamped by an authority (RFC 3161).
 * What:   what is stamped is the note as the log alone signed it: the same bytes whoever cosigns. The
 *         answer is kept in the database and, with the note, as <state-dir>/anchors/SIZE.checkpoint
 *         and SIZE.tsr, where openssl reads it. Nobody who has all keys can stamp a history of
 *         yesterday today.
 * Owner:  texts live in the arena of the diag.
 * Units:  records; seconds.
 * Errors: DIAG_CONFIG (no authority in the settings), DIAG_UNAVAILABLE (no answer), DIAG_VERIFY (the
 *         answer does not hold), DIAG_USAGE (no checkpoint yet), DIAG_CANNOT_WRITE.
 * See:    doc/audit-anchor.md */
#ifndef LEDGER_ANCHOR_H
#define LEDGER_ANCHOR_H

#include "act/act.h"
#include "sign/timestamp.h"

enum { ANCHOR_NONE = -1 };

struct anchor_made {
    int64_t size; /* records of the checkpoint; ANCHOR_NONE = none was stamped */
    struct sign_stamp stamp;
};

struct anchor { /* one that was kept */
    struct str note, tsr;
    struct str where; /* "in the database", a file */
};

/* Has the newest checkpoint of this host stamped. */
int anchor_make(struct act *act, struct anchor_made *ret, struct diag *d);
/* The same when audit-anchor says that it is time; ret->size says whether it was done. An authority that
 * does not answer is a warning: the next run tries again. */
int anchor_make_due(struct act *act, struct anchor_made *ret, struct diag *d);
/* When the last one was made (0 = none), and whether it is older than two of the spans that
 * audit-anchor names. */
int anchor_state(struct act *act, int64_t *ret_last, bool *ret_is_late, struct diag *d);
/* All that were kept, in the database and in the state directory. */
int anchor_load(struct act *act, struct arena *a, struct anchor **ret, size_t *ret_n,
                struct diag *d);

#endif
