/* Time zones by their names.
 * What:   whether the system has the data of a zone; libc takes a name it does not know for UTC without a
 *         word, and every period would begin at another hour. And the zone of a report that has its own.
 * Owner:  none, but for zone_enter.   Units: none.
 * Errors: DIAG_CONFIG, with the nearest zone that there is.
 * See:    tzfile(5), doc/man/assay.conf.5 */
#ifndef SETTINGS_ZONE_H
#define SETTINGS_ZONE_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/diag.h"

/* Fails unless the zone is UTC or its data is there. */
int zone_check(struct str name, struct diag *d);
/* The same of the value of the variable TZ, which may also be a rule such as CET-1CEST or a path: of those
 * nothing is said. */
int zone_check_variable(struct str value, struct diag *d);

/* What the process's zone was. */
struct zone_before {
    struct str value; /* of the variable TZ; NULL text = it was not set */
    bool is_other;    /* it is another one now */
};

/* Makes the named zone that of the process, until zone_leave; an empty name leaves it as it is. The value before is kept in a. */
struct zone_before zone_enter(struct str name, struct arena *a);
/* Gives the zone before back; for AUTO(). */
void zone_leave(struct zone_before *before);

#endif
