/* Messages on their way to a target that never answers, while the session stays open.
 * What:   they are written as they come, in portions; the cursor goes behind a portion when the
 *         target is known to have it, which shows in passing while more is written. After some
 *         seconds, or when much is on its way, the target is asked for the rest. When anything fails
 *         in between, all that is not behind the cursor comes again.
 * Owner:  posted_forget releases.   Units: messages, bytes; microseconds.
 * Errors: those of export/attempt.h and cursor.h.
 * See:    deliver/outlet.h, post; doc/decisions/0009-delivery.md, 0018-wire.md */
#ifndef EXPORT_POSTED_H
#define EXPORT_POSTED_H

#include "export/attempt.h"

enum {
    POSTED_MOST = 8192,  /* messages that are not known to have arrived: what may come twice */
    POSTED_WINDOW = 512, /* of a batch: while the target reads it, the next one is made */
    POSTED_PORTIONS = 64
};

struct posted_portion {
    size_t upto; /* messages from the first that was ahead to its last */
    int64_t since_us;
    struct message_place behind; /* where the cursor stands once it is there; its piece is ours */
    struct act_mark last;        /* the record of its last message, when it has any */
    bool is_news;                /* more of it than bookkeeping */
};

struct posted {
    bool is_ahead; /* something was posted and is not confirmed: the cursor stands before it */
    bool is_own;   /* nothing but records about exporting */
    struct message_place behind; /* what is loaded next; of the last portion */
    size_t n;                    /* messages since it is ahead */
    size_t n_settled;            /* the first of them, which the cursor is behind */
    size_t waiting;              /* the last of them, which are not known to have arrived */
    size_t bytes;                /* of all of them */
    struct posted_portion v[POSTED_PORTIONS];
    size_t n_portions;
    int64_t kept_us; /* when the lease was renewed last for it */
};

/* Whether a target is of that kind. */
bool posted_suits(const struct target *t);
/* Whether a batch can be posted as it is: all of it can be read. */
bool posted_can(const struct message_batch *b);
/* Writes a batch; what is behind it is loaded from p->behind on. *ret_n more messages arrived, of this
 * or of earlier ones, and the cursor is behind them, also on failure. */
int posted_write(struct posted *p, struct attempt *t, const struct message_batch *b, int64_t *ret_n,
                 struct diag *d);
/* Whether it is time to ask. */
bool posted_is_due(const struct posted *p, const struct target *t);
/* Asks, and moves the cursor; nothing posted is a success. *ret_n messages arrived, also on failure. */
int posted_confirm(struct posted *p, struct attempt *t, int64_t *ret_n, struct diag *d);
/* All that was posted and is not behind the cursor will come again. */
void posted_forget(struct posted *p);

#endif
