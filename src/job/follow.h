/* Exports that do not end: a worker for each target, and one that keeps the books.
 * What:   a worker holds the cursor of its target, looks every 200 ms whether the log grew, and sends
 *         what is new over a session that stays open. When the target fails it waits, a second at
 *         first and a minute at last, and goes on for ever. The keeper of the books puts a
 *         heartbeat into the log, with a checkpoint, and writes the metrics file.
 * Owner:  each runs in a process of its own, with a database connection of its own.
 * Units:  seconds.
 * Errors: only what waiting cannot mend: DIAG_CONFIG, DIAG_SCHEMA.
 * See:    doc/man/assay-audit.1, doc/decisions/0009-delivery.md */
#ifndef JOB_FOLLOW_H
#define JOB_FOLLOW_H

#include <signal.h>

#include "job/job.h"

/* Exports to one target until *stop is set: then what is on its way is finished. */
int job_follow(struct job *j, const struct config_export *e, const volatile sig_atomic_t *stop,
               struct diag *d);
/* Keeps the books until *stop is set. */
int job_follow_books(struct job *j, const volatile sig_atomic_t *stop, struct diag *d);
/* Puts one heartbeat into the log; when a log key is there, with a checkpoint made for it. */
int job_heartbeat(struct job *j, struct diag *d);

#endif
