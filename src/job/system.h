/* The system's assay: the account that timers and units run as, and its folders.
 * What:   for `assay init` run by root. The account is made when it is missing, then the folders, and then the process
 *         becomes that account, so that whatever init writes belongs to it. Nothing that is there changes hands.
 * Owner:  texts live in the arena of the diag.   Units: none.
 * Errors: DIAG_USAGE (not root), DIAG_CONFIG (no account; settings that it cannot read; a folder of somebody else),
 *         DIAG_CANNOT_WRITE.
 * See:    packaging/sysusers.d, packaging/tmpfiles.d: the same for packages; doc/man/assay-init.1 */
#ifndef JOB_SYSTEM_H
#define JOB_SYSTEM_H

#include "settings/config.h"

#define SYSTEM_ACCOUNT "assay"

/* Makes account and folders, and becomes the account. */
int system_settle(const struct config *c, struct diag *d);
/* Root whose state folder belongs to another account becomes that one; *ret_name is its name, else empty. */
int system_become_owner(const struct config *c, struct str *ret_name, struct diag *d);

#endif
