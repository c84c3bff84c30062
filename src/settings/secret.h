/* Secrets: passwords, tokens, passphrases, wherever they are kept.
 * What:   a setting says where one is: "/PATH", a file whose first line it is and which belongs to root or to this account
 *         and which others cannot read; "credential:NAME", what systemd put into $CREDENTIALS_DIRECTORY (LoadCredential=); or
 *         "secret:NAME", what `assay secret set` has sealed in the state folder under the key of secret-key.
 * Owner:  the given arena; secret_forget() overwrites it there.
 * Units:  bytes.
 * Errors: DIAG_CONFIG; no message has the secret in it. DIAG_CANNOT_WRITE.
 * See:    doc/decisions/0035-secrets.md, systemd.exec(5) */
#ifndef SETTINGS_SECRET_H
#define SETTINGS_SECRET_H

#include "settings/config.h"

enum { SECRET_MAX = 1 << 16 };

typedef VEC(struct str) secret_names;

/* The check of a setting that says where a secret is. */
int secret_check(struct str where, struct diag *d);
/* Reads it; `what` is the setting, for messages. */
int secret_load(const struct config *c, struct str where, const char *what, struct arena *a,
                struct str *ret, struct diag *d);
/* Overwrites it. */
void secret_forget(struct str *secret);

/* Seals one under its name, in the place of an older one; makes the key when there is none. */
int secret_seal(const struct config *c, struct str name, struct str secret, struct diag *d);
/* The names of those that are sealed, in order. */
int secret_list(const struct config *c, struct arena *a, secret_names *ret, struct diag *d);
/* Takes one away. DIAG_USAGE: there is none of that name. */
int secret_remove(const struct config *c, struct str name, struct diag *d);

#endif
