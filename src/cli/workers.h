/* The processes of `assay audit export --follow`.
 * What:   one child for each target and one for heartbeats and metrics, each with a database connection of its
 *         own, so that a target that hangs delays no other. A child that dies is started again; one
 *         that says that the settings are wrong ends them all. SIGTERM and SIGINT let them finish what
 *         they are sending.
 * Owner:  none.   Units:  none.
 * Errors: as an exit status.   See: export/follow.h */
#ifndef CLI_WORKERS_H
#define CLI_WORKERS_H

#include "cli/cli.h"

/* Follows n targets until a signal comes; the settings are loaded, the database is not open.
 * Returns the exit status. */
int workers_run(struct cli *c, const struct config_export *targets, size_t n);

#endif
