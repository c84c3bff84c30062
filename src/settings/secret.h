/* Secrets: passwords, tokens, passphrases, wherever they are kept.
 * What:   a setting says where one is: "/PATH", a file whose first line it is and which belongs to root or to this account
 *         and which others cannot read; or "credential:NAME", what systemd put into $CREDENTIALS_DIRECTORY (LoadCredential=).
 * Owner:  the given arena; secret_forget() overwrites it there.
 * Units:  bytes.
 * Errors: DIAG_CONFIG; no message has the secret in it.
 * See:    doc/decisions/0035-secrets.md, systemd.exec(5) */
#ifndef SETTINGS_SECRET_H
#define SETTINGS_SECRET_H

#include "base/diag.h"

/* The check of a setting that says where a secret is. */
int secret_check(struct str where, struct diag *d);
/* Reads it; `what` is the setting, for messages. */
int secret_load(struct str where, const char *what, struct arena *a, struct str *ret, struct diag *d);
/* Overwrites it. */
void secret_forget(struct str *secret);

#endif
