/* Witnesses of the audit log, asked and checked: the log's half.
 * What:   before a checkpoint is kept, every witness of the settings (audit-witness-ask) is shown it,
 *         with the proof that it continues what that witness saw last. Its cosignature goes into
 *         the note. A witness that has seen more, or another history, stops the checkpoint: whoever
 *         put database and state directory back together cannot put the witness back. One that does
 *         not answer is a warning and an audit record; the next checkpoint asks again.
 * Owner:  texts live in the arena of the diag.
 * Units:  records; seconds.
 * Errors: DIAG_VERIFY (a witness refuses; a cosignature does not hold), DIAG_CONFIG (a key of the
 *         settings that is none), and those of store.h.
 * See:    doc/audit-witness.md */
#ifndef LEDGER_WITNESS_H
#define LEDGER_WITNESS_H

#include "act/act.h"
#include "audit/cosign.h"

/* Shows the checkpoint cp, whose note is *note, to all witnesses and adds their cosignatures. kept:
 * the note of the one before, empty = none; it says where proofs may begin. */
int witness_cosign(struct act *act, const struct audit_checkpoint *cp, struct str kept,
                   struct str *note, struct diag *d);

struct witness_verdict {
    int64_t n_witnesses; /* in the settings */
    int64_t n_held;      /* cosignatures in the database that hold */
    int64_t n_lacking;   /* checkpoints of this log without one of some witness */
    int64_t newest_at;   /* time of the newest cosignature, 0 = none */
    struct str
        forgotten; /* a witness that cosigned, and that the settings name no more (NAME+ID); empty = none */
    int64_t n_asked; /* witnesses that were asked and have seen no more than we know */
};

/* Checks the cosignatures of all stored checkpoints of the log of that name, and asks the witnesses
 * whether they have seen more than kept (the newest checkpoint outside the database; empty = none).
 */
int witness_verify(struct act *act, struct str kept, struct witness_verdict *ret, struct diag *d);

#endif
