/* Exports that do not end: the worker of a target.
 * What:   a worker holds the cursor of its target, looks every 200 ms whether the log grew, and sends
 *         what is new over a session that stays open. When the target fails it waits, a second at
 *         first and a minute at last, and goes on for ever.
 * Owner:  each runs in a process of its own, with a database connection of its own.
 * Units:  seconds.
 * Errors: only what waiting cannot mend: DIAG_CONFIG, DIAG_SCHEMA.
 * See:    doc/man/assay-audit.1, doc/decisions/0009-delivery.md */
#ifndef EXPORT_FOLLOW_H
#define EXPORT_FOLLOW_H

#include <signal.h>

#include "act/act.h"

/* Exports to one target until *stop is set: then what is on its way is finished. */
int follow_run(struct act *act, const struct config_export *e, const volatile sig_atomic_t *stop,
               struct diag *d);
/* Sleeps ms, or less when *stop is set meanwhile. */
void follow_wait_ms(const volatile sig_atomic_t *stop, int64_t ms);
/* True, and *last_us is now, when every_s have passed since *last_us; also when the clock was set back. */
bool follow_is_due(int64_t *last_us, int64_t every_s);
/* True for what no waiting mends. A schema that does not fit is: the program is upgraded under us. */
bool follow_is_final(const struct diag *d);

#endif
