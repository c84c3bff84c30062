/* The permission to prune: who may take the text from records, and up to which.
 * What:   a note (audit/note.h) that the log key signs, "ORIGIN LF pruned below MINIMUM LF", in the
 *         member "note" of the changes of a record audit.prune. Only what such a note speaks of may
 *         be without its text: who has the database alone can write a record, and no note.
 * Owner:  texts live in the arena.
 * Units:  records; a minimum is the number of the first that keeps its text.
 * Errors: DIAG_VERIFY (no such note, or not of a key that was in force), those of audit/note.h.
 * See:    doc/audit-checkpoint.md */
#ifndef AUDIT_PRUNE_H
#define AUDIT_PRUNE_H

#include "audit/keys.h"
#include "audit/record.h"

#define AUDIT_PRUNE_EVENT "audit.prune"

/* The note. */
int audit_prune_sign(int64_t minimum, const struct audit_signer *s, struct arena *a,
                     struct str *ret, struct diag *d);
/* The minimum that a record audit.prune gives. */
int audit_prune_read(const struct audit_record *r, const struct audit_keys *k, struct arena *a,
                     int64_t *ret, struct diag *d);

#endif
