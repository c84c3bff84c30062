/* All secrets that the settings name, looked at.
 * What:   every row whose check is that of secrets (settings/secret.h), of keys.h, of the recipients and of the export targets: a
 *         new one needs nothing here. Each is read and forgotten.
 * Owner:  texts live in the given arena.
 * Units:  none.
 * Errors: none of its own: what cannot be read is a note.
 * See:    `assay config check`, `assay doctor` */
#ifndef SETTINGS_SECRET_LOOK_H
#define SETTINGS_SECRET_LOOK_H

#include "settings/config.h"

struct secrets_found {
    VEC(struct diag_note) mistakes; /* the setting and why it cannot be read */
    size_t n_readable, n_elsewhere; /* the latter: credentials that this process was not handed over */
};

/* Looks at all of them. */
void secret_look(const struct config *c, struct arena *a, struct secrets_found *ret);

#endif
