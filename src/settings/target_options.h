/* A target of the audit log as it is written: "FORMAT:TARGET [OPTION=VALUE]…".
 * What:   one table of options, read from assay.conf and the command line and printed again. A
 *         value with blanks stands in quotes. A secret is never an option, only the file it is in:
 *         settings are printed and kept in the audit log.
 * Owner:  texts live in the given arena.
 * Units:  bytes, seconds.
 * Errors: DIAG_CONFIG.   See: doc/man/assay.conf.5, EXPORT TARGETS */
#ifndef SETTINGS_TARGET_OPTIONS_H
#define SETTINGS_TARGET_OPTIONS_H

#include "base/buf.h"
#include "settings/config.h"

/* A target without options. */
struct config_export target_plain(struct str format, struct str path);
/* Reads the whole line behind "export =". */
int target_options_parse(struct str line, struct arena *a, struct config_export *ret,
                         struct diag *d);
/* Sets one option, written "KEY=VALUE". */
int target_option_set(struct config_export *e, struct str option, struct arena *a, struct diag *d);
/* The target as target_options_parse takes it, with what differs from a plain one. */
void target_options_print(const struct config_export *e, struct buf *out);
/* What its cursor is called: the name, or "FORMAT:TARGET". */
struct str target_key(const struct config_export *e, struct arena *a);
/* The rows of the options. */
const struct setting *target_rows(size_t *ret_n);

#endif
