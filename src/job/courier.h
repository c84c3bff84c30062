/* Brings a batch of messages to a target and moves its cursor behind what arrived.
 * Owner:  none.
 * Units:  messages.
 * Errors: those of deliver/outlet.h (the place is the target; the session is closed then) and of
 *         cursor.h. What arrived before the failure is settled.
 * See:    doc/decisions/0008-delivery.md */
#ifndef JOB_COURIER_H
#define JOB_COURIER_H

#include "job/cursor.h"

struct courier {
    struct target *target;
    struct cursor *cursor;
    int64_t n_delivered; /* messages that arrived, since it was set to 0 */
    int64_t peer_wait_s; /* for how long the peer wants to be left alone after the last failure */
};

/* Sends what there is from the cursor on up to record `end`, at most one batch, and moves the
 * cursor. Nothing to do is a success. */
int courier_run(struct courier *k, int64_t end, struct diag *d);

#endif
