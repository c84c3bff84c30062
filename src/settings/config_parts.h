/* Parts of loading the settings, for config.c, which stops at the first mistake, and config_check.c, which does not.
 * What:   which files there are, what one line says, and what follows when none does.
 * Owner:  texts live in the arena of the diag.
 * Units:  none.
 * Errors: DIAG_CONFIG, DIAG_IO. */
#ifndef SETTINGS_CONFIG_PARTS_H
#define SETTINGS_CONFIG_PARTS_H

#include "settings/config.h"

enum { CONFIG_MAX_BYTES = 1 << 20 };

struct config_files {
    struct str path; /* as config_load() looks for it, whether it is there or not */
    VEC(struct str) v;
};

/* The files that are read, in order: path as for config_load(). One that is named stands there also when it is missing. */
int config_files_list(const char *path, struct config_files *ret, struct diag *d);
/* Sets what a line says; an empty one and a comment say nothing. The failure has no place. */
int config_line(struct config *c, struct str line, struct diag *d);
/* What the files left open follows from the state directory; state_dir as for config_load(). */
void config_fill(struct config *c, const char *state_dir, struct arena *a);

#endif
