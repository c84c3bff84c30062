/* What changed between two times of reading the settings, for the audit log.
 * What:   compares settings as config_print prints them; the rows of keys.h say which keys can be
 *         repeated. A plain one that has another value is one change with old and new; of a list
 *         the lines that came and the lines that went are a change each.
 * Owner:  the arena; texts point into those given.
 * Units:  none.
 * Errors: none. A key that no row knows any more is not told: its setting went with the program.
 * See:    act/settings_acts.h */
#ifndef SETTINGS_CONFIG_CHANGES_H
#define SETTINGS_CONFIG_CHANGES_H

#include "base/arena.h"
#include "model/event.h"

/* All changes from was to is: those with a new value in the order of is, then those that went. */
struct event_change *config_changes(struct str was, struct str is, struct arena *a, size_t *ret_n);

#endif
