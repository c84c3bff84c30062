/* Locked lines: agent_current is locked by every writer of a line, which is what puts concurrent
 * writers in order, on Galera too.
 * What:   the lines of a batch are locked in a few statements, in the order of their keys, so that
 *         two writers of the same lines wait for each other and never both; one line that was not
 *         known beforehand (a delta's) on its own.
 * Owner:  the store; locks end with the transaction, and lock_drop() forgets them.
 * Units:  seconds UTC.   Errors: as store.h; DIAG_RETRY when a line was not prepared. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "base/diag.h"

struct store;

#define NO_SCAN_YET ((int64_t)86400) /* in agent_current, with n_scans 0 */

struct lock_state { /* what a locked line says of its scans */
    int64_t end;      /* the newest; CLOCK_NONE = it has none */
    bool has_revoked; /* at some time there were scans, and all of them are revoked */
};

/* Locks a line of which no row waits to be sent (unsent.h). */
int lock_line(struct store *st, uint64_t agent_id, uint64_t line_id, struct lock_state *ret,
              struct diag *d);
/* What was locked in the transaction is forgotten: it ends. */
void lock_drop(struct store *st);
/* A scan was put into the line: where it ends is to be read again. */
void lock_moved(struct store *st, uint64_t agent_id, uint64_t line_id);

#endif
