/* Turning to another log key.
 * What:   a new key is made behind a checkpoint, a record audit.key.rotate says so, a checkpoint is signed by both keys,
 *         the list audit.vkeys says from which size on each of them signs, and the new key takes the
 *         place of the old one, which is gone. What was cut off is ended by the next call.
 * Owner:  texts live in the arena of the diag.
 * Units:  records.
 * Errors: those of ledger/checkpoint.h and ledger/log_keys.h.
 * See:    doc/audit-checkpoint.md */
#ifndef LEDGER_ROTATE_H
#define LEDGER_ROTATE_H

#include "act/act.h"

struct rotation {
    struct str old_vkey, new_vkey;
    int64_t size; /* of the log, from which on the new key may sign */
};

/* Does all of it. */
int rotate_run(struct act *act, struct rotation *ret, struct diag *d);

#endif
