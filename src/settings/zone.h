/* Time zones by their names.
 * What:   whether the system has the data of a zone; libc takes a name it does not know for UTC without a
 *         word, and every period would begin at another hour.
 * Owner:  none.   Units: none.
 * Errors: DIAG_CONFIG, with the nearest zone that there is.
 * See:    tzfile(5), doc/man/assay.conf.5 */
#ifndef SETTINGS_ZONE_H
#define SETTINGS_ZONE_H

#include "base/diag.h"

/* Fails unless the zone is UTC or its data is there. */
int zone_check(struct str name, struct diag *d);
/* The same of the value of the variable TZ, which may also be a rule such as CET-1CEST or a path: of those
 * nothing is said. */
int zone_check_variable(struct str value, struct diag *d);

#endif
