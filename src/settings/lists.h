/* What stands in assay.conf more than once: the types of lists that rows of keys.h name.
 * What:   each says how one line is read and printed. A list of plain texts needs none of its own.
 * Owner:  texts live in the arena of the settings.
 * Units:  none.
 * Errors: DIAG_CONFIG: "KEY: want …". A password that was given in clear is not repeated in it.
 * See:    settings/settings.h, struct setting_list; doc/man/assay.conf.5 */
#ifndef SETTINGS_LISTS_H
#define SETTINGS_LISTS_H

#include "settings/config.h"

extern const struct setting_list list_texts;     /* struct str, not empty */
extern const struct setting_list list_exports;   /* FORMAT:TARGET [OPTION=VALUE]… */
extern const struct setting_list list_groups;    /* NAME:PATTERN */
extern const struct setting_list list_passwords; /* GROUP:HASH; printed is a hash of the hash */
extern const struct setting_list list_agents;    /* NAME[:ALIAS,ALIAS…] */

#endif
