/* Signs of life while exports do not end.
 * What:   a heartbeat in the log, with a checkpoint made for it, and the metrics file.
 * Owner:  runs in a process of its own, with a database connection of its own.
 * Units:  seconds.
 * Errors: only what waiting cannot mend: DIAG_CONFIG, DIAG_SCHEMA.
 * See:    doc/man/assay-audit.1, doc/decisions/0009-delivery.md */
#ifndef JOB_HEARTBEAT_H
#define JOB_HEARTBEAT_H

#include <signal.h>

#include "act/act.h"

/* Heartbeats and metrics until *stop is set. */
int heartbeat_keep(struct act *act, const volatile sig_atomic_t *stop, struct diag *d);
/* Puts one heartbeat into the log; when a log key is there, with a checkpoint made for it. */
int heartbeat_beat(struct act *act, struct diag *d);

#endif
