/* The log key of this host, and the list of those it had.
 * What:   <state-dir>/audit.key (private, mode 0600), audit.vkey (its public half), audit.vkeys (all
 *         keys with the sizes of the log that each may sign: audit/keys.h). Without a list the one
 *         key signs everything.
 * Owner:  texts live in the given arena; signers are freed by audit_signer_free.
 * Units:  records.
 * Errors: DIAG_CONFIG (no key yet: `assay init`; a file that cannot be used), DIAG_CANNOT_WRITE.
 * See:    doc/audit-checkpoint.md */
#ifndef LEDGER_LOG_KEYS_H
#define LEDGER_LOG_KEYS_H

#include "act/act.h"
#include "audit/keys.h"

/* Makes the log key unless there is one. */
int log_keys_make(struct act *act, bool *ret_made, struct diag *d);
/* The private key; it keeps the name that it was made with. */
int log_keys_load_signer(const struct config *c, struct audit_signer **ret, struct diag *d);
/* What verifies the checkpoints of this host that are made now. */
int log_keys_load_vkey(const struct config *c, struct arena *a, struct audit_vkey *ret,
                       struct diag *d);
/* What verifies all that this host ever signed. */
int log_keys_load_all(const struct config *c, struct arena *a, struct audit_keys *ret,
                      struct diag *d);
/* The same; none when there is no key at all: the database of another host, or one that was made before
 * there were keys. A key file that cannot be used fails. */
int log_keys_load_any(const struct config *c, struct arena *a, struct audit_keys *ret,
                      struct diag *d);
/* Replaces audit.vkey. */
int log_keys_put_vkey(const struct config *c, const struct audit_vkey *k, struct diag *d);
/* Replaces audit.vkeys. */
int log_keys_put_all(const struct config *c, const struct audit_keys *k, struct diag *d);

#endif
