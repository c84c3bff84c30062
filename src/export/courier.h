/* Brings messages to a target and moves its cursor behind what arrived.
 * What:   a batch at a time, in order. A message that the target refuses stops nothing for ever:
 *         export/refused.h sees to it. Anything else that goes wrong is for later: the cursor stays.
 * Owner:  none.
 * Units:  messages; seconds.
 * Errors: those of deliver/outlet.h (the place is the target; the session is closed then), of
 *         messages.h and of cursor.h. What arrived before the failure is settled.
 * See:    doc/decisions/0009-delivery.md */
#ifndef EXPORT_COURIER_H
#define EXPORT_COURIER_H

#include "export/cursor.h"

struct courier {
    struct target *target;
    struct cursor *cursor;
    int64_t n_delivered;  /* messages that arrived */
    int64_t last_arrived; /* its record: the target took that one; -1 = none yet */
    int64_t n_letters;    /* messages that did not, or shortened */
    int64_t peer_wait_s;  /* for how long the peer wants to be left alone after the last failure */
    bool may_trail;       /* the session stays: a peer that never answers is asked now and then */
    bool is_ahead;        /* messages were posted and are not confirmed: posted is behind them */
    bool posted_news;
    struct message_place posted;
    int64_t n_posted, posted_at_us; /* messages; when the first of them was */
    size_t posted_bytes;
    struct message_walk walk;
};

/* A courier with nothing done yet. */
struct courier courier_new(struct target *t, struct cursor *c);
/* Ends the session and forgets what was loaded; it may go on behind that. */
void courier_close(struct courier *k);
/* Sends what there is from the cursor on up to record `end`, at most one batch, and moves the
 * cursor; when it may trail, only what is confirmed by now. Nothing to do is a success. */
int courier_run(struct courier *k, int64_t end, struct diag *d);
/* Asks whether what was posted has arrived, and moves the cursor. Nothing posted is a success. */
int courier_confirm(struct courier *k, struct diag *d);
/* Sends one message alone and leaves the cursor where it is. */
int courier_try(struct courier *k, const struct outlet_message *m, struct diag *d);

#endif
