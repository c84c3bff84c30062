/* Checkpoints of the audit log, made and kept.
 * What:   a checkpoint is signed by the log key of this host (<state-dir>/audit.key, Ed25519;
 *         public half in audit.vkey), stored in the database, and kept outside of it as
 *         <state-dir>/audit.checkpoint. Nothing is signed that contradicts what was kept: when the
 *         database was put back or rewritten, making the next one fails and says so.
 * Owner:  texts live in the arena of the diag.
 * Units:  records.
 * Errors: DIAG_CONFIG (no key yet: `assay init`), DIAG_VERIFY (the log is not a continuation of
 *         what was signed), DIAG_CANNOT_WRITE, and those of store.h.
 * See:    doc/audit-checkpoint.md */
#ifndef LEDGER_CHECKPOINT_H
#define LEDGER_CHECKPOINT_H

#include "ledger/log_keys.h"

struct checkpoint_made {
    int64_t size;
    struct str note;
    bool is_new; /* records came since the last one */
};

/* The checkpoint that is kept outside the database, empty = none was made yet. */
int checkpoint_load_kept(const struct config *c, struct arena *a, struct str *ret, struct diag *d);
/* The same, with what it says; DIAG_USAGE when there is none. */
int checkpoint_load_newest(const struct config *c, struct arena *a, struct str *ret_note,
                           struct audit_checkpoint *ret, struct diag *d);
/* Signs and keeps a checkpoint of the log as it is. rebuild: from all leaves, and makes the tiles
 * of the tree anew (ledger/log_tree.h). */
int checkpoint_make(struct act *act, bool rebuild, struct checkpoint_made *ret, struct diag *d);
/* The same, signed by the key and by the one that takes its place, which may sign from size `first`
 * on; the list of keys says so before anybody else can sign. */
int checkpoint_make_with(struct act *act, const struct audit_signer *next, int64_t first,
                         struct diag *d);

#endif
