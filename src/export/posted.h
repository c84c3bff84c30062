/* Messages on their way to a target that never answers, while the session stays open.
 * What:   they are written as they come; after some seconds, or when they are much, the target is
 *         asked whether all of them arrived, and only then the cursor goes behind them. When
 *         anything fails in between, all of them come again.
 * Owner:  none.   Units: messages, bytes; microseconds.
 * Errors: those of export/attempt.h and cursor.h.
 * See:    deliver/outlet.h, post; doc/decisions/0009-delivery.md */
#ifndef EXPORT_POSTED_H
#define EXPORT_POSTED_H

#include "export/attempt.h"

struct posted {
    bool is_ahead; /* something was posted and is not confirmed: the cursor stands before it */
    bool is_news;  /* more of it than bookkeeping */
    bool is_own;   /* nothing but records about exporting */
    struct act_mark last;        /* the record of the last message */
    struct message_place behind; /* where the cursor stands once it is confirmed */
    int64_t n, since_us;         /* messages; when the first of them was written */
    size_t bytes;
};

/* Whether a target is of that kind. */
bool posted_suits(const struct target *t);
/* Shortens a batch to what can be written within the time of a call, over slow lines, too. */
void posted_cut(struct message_batch *b);
/* Whether a batch can be posted as it is: whole records, all readable, not too much at once. */
bool posted_can(const struct message_batch *b);
/* Writes a batch; what is behind it is loaded from p->behind on. */
int posted_write(struct posted *p, struct attempt *t, const struct message_batch *b,
                 struct diag *d);
/* Whether it is time to ask. */
bool posted_is_due(const struct posted *p, const struct target *t);
/* Asks, and moves the cursor; nothing posted is a success. *ret_n messages arrived. */
int posted_confirm(struct posted *p, struct attempt *t, int64_t *ret_n, struct diag *d);

#endif
