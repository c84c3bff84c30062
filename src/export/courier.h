/* Brings messages to a target and moves its cursor behind what arrived.
 * What:   a batch at a time, in order. What a target does not take stops nothing for ever: the table
 *         of export/decision.h says what is done then, and nothing is passed over without a letter.
 *         What is no message's fault is for later: the cursor stays.
 * Owner:  none.
 * Units:  messages; seconds.
 * Errors: those of export/attempt.h, of messages.h and of cursor.h. What arrived before the failure is
 *         settled.
 * See:    doc/decisions/0009-delivery.md */
#ifndef EXPORT_COURIER_H
#define EXPORT_COURIER_H

#include "export/posted.h"

struct courier {
    struct attempt attempt; /* with target and cursor */
    int64_t n_delivered;    /* messages that arrived, whole or reduced */
    int64_t last_arrived;   /* the record of the last of them; -1 = none yet */
    bool may_trail;         /* the session stays: a peer that never answers is asked now and then */
    struct posted posted;   /* what waits for that */
    struct message_walk walk;
};

/* A courier with nothing done yet. */
struct courier courier_new(struct target *t, struct cursor *c);
/* Ends the session and forgets what was loaded; it may go on behind that. */
void courier_close(struct courier *k);
/* Sends what there is from the cursor on up to record `end`, at most one batch, and moves the
 * cursor; when it may trail, only what is confirmed by now. Nothing to do is a success. */
int courier_run(struct courier *k, int64_t end, struct diag *d);
/* The record that is loaded next: that of the cursor, or one behind what waits to be confirmed. */
int64_t courier_next(const struct courier *k);
/* Asks whether what was posted has arrived, and moves the cursor. Nothing posted is a success. */
int courier_confirm(struct courier *k, struct diag *d);

#endif
