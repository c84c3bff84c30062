/* All mistakes of the settings, not only the first one.
 * What:   reads the files as config_load() does, and goes on behind a mistake.
 * Owner:  texts live in the given arena.
 * Units:  none.
 * Errors: none of its own: what cannot be read is a mistake, too.
 * See:    doc/man/assay-config.1 */
#ifndef SETTINGS_CONFIG_CHECK_H
#define SETTINGS_CONFIG_CHECK_H

#include "settings/config.h"

typedef VEC(struct diag_note) config_mistakes;

/* Adds the mistakes of path and state_dir (as for config_load) and its conf.d, each at FILE:LINE, and the secrets
 * that cannot be read; *ret holds what is right of them. */
void config_check(const char *path, const char *state_dir, struct arena *a, struct config *ret,
                  config_mistakes *mistakes);

#endif
