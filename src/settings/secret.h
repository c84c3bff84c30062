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

/* Below the state folder; names that begin with "." are no secrets. */
#define SECRET_FOLDER "secrets"

typedef VEC(struct str) secret_names;

/* The check of a setting that says where a secret is. */
int secret_check(struct str where, struct diag *d);
/* The same where a path may be relative. */
int secret_check_relative(struct str where, struct diag *d);
/* Whether it is one of systemd's, and this process was handed over none: the service alone can read it. */
bool secret_is_elsewhere(struct str where);
/* Reads it, needs nothing but the files; `what` is the setting, for messages. No other copy stays in memory than the
 * one that it gives. */
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
