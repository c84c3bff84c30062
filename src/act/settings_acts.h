/* What is changed outside of the database and told to the audit log all the same: settings and secrets.
 * What:   settings are compared with those seen last. Secrets are recorded when they are set; but the password of the database is
 *         sealed before there is a database, and after it has changed there: what cannot be recorded then is written down beside
 *         the secrets, and recorded by the next `assay init`, `run` or `report` that reaches it. Told twice, perhaps, when that one is
 *         killed; never left out.
 * Owner:  texts live in the arena of the diag.
 * Units:  none.
 * Errors: DIAG_CANNOT_WRITE; those of act_record.
 * See:    settings/config_changes.h, settings/secret.h, doc/audit-events.md */
#ifndef ACT_SETTINGS_ACTS_H
#define ACT_SETTINGS_ACTS_H

#include "act/act.h"

/* Records secrets that were put off, and compares the settings with those seen last; a change becomes a "config.change"
 * record. */
int act_note_settings(struct act *act, struct diag *d);
/* Records that a secret of that name was set or removed ("secret.set", "secret.remove"). */
int act_note_secret(struct act *act, const char *event, struct str name, struct diag *d);
/* Writes it down for the next run. */
int act_put_off_secret(const struct config *c, const char *event, struct str name, struct diag *d);

#endif
