/* One attempt to bring messages to a target, and what came of it.
 * What:   opens the session when there is none, sends, and says in one word what the target
 *         answered. A session in which something failed is closed. What follows from an answer is
 *         decided elsewhere (export/decision.h).
 * Owner:  target and cursor stay the caller's.
 * Units:  messages; seconds.
 * Errors: those of deliver/outlet.h (the place is the target) and of cursor.h; every answer but
 *         ATTEMPT_TAKEN and ATTEMPT_NOTHING fills the diag.
 * See:    doc/decisions/0009-delivery.md */
#ifndef EXPORT_ATTEMPT_H
#define EXPORT_ATTEMPT_H

#include "export/cursor.h"

enum attempt_answer {
    ATTEMPT_TAKEN,    /* all of it arrived, or the outlet stopped by itself behind what did */
    ATTEMPT_NOTHING,  /* there was nothing to send */
    ATTEMPT_REFUSED,  /* the target does not take the first message that did not arrive */
    ATTEMPT_LOST,     /* the connection ended, or no answer came in time, and nobody said why */
    ATTEMPT_LATER,    /* it is there and takes nothing now: busy, or our settings do not suit it */
    ATTEMPT_ABSENT,   /* no session could be opened */
    ATTEMPT__ANSWERS, /* those above are what a target can say */
    ATTEMPT_FAILED = ATTEMPT__ANSWERS /* our own side failed: the database, or the lease is lost */
};

struct attempt {
    struct target *target;
    struct cursor *cursor;
    int64_t peer_wait_s; /* for how long the peer wants to be left alone after the last failure */
};

/* Sends messages together; *ret_n of them arrived, the first ones, also when the answer is another
 * than ATTEMPT_TAKEN. The cursor stays where it is. */
enum attempt_answer attempt_send(struct attempt *t, const struct outlet_message *m, size_t n,
                                 size_t *ret_n, struct diag *d);
/* Sends one message alone, with the lease renewed before: several of these may follow each other
 * without the cursor moving. */
enum attempt_answer attempt_one(struct attempt *t, const struct outlet_message *m, struct diag *d);
/* The same for a record's own message, made here: whole, or reduced to who is who. */
enum attempt_answer attempt_record(struct attempt *t, const struct store_record *r, bool reduced,
                                   struct arena *a, struct diag *d);
/* Writes messages to a target that never answers. None is no failure. *waiting is how many posted over
 * this session are not known to have arrived, the last ones: it is read and written, also by a
 * failure, which ends the session. */
int attempt_post(struct attempt *t, const struct outlet_message *m, size_t n, size_t *waiting,
                 struct diag *d);
/* Asks such a target whether all that was posted has arrived. */
int attempt_confirm(struct attempt *t, size_t *waiting, struct diag *d);

#endif
