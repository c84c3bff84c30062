/* Reports on their way to recipients: rows of the outbox.
 * What:   queued with the record of the report, taken by one host for a time, and ended by who took it. Its id is made
 *         of what goes where, so that nothing is queued twice.
 * Owner:  texts live in the given arena.
 * Units:  seconds UTC.
 * Errors: DIAG_BUSY: somebody else ended or took it meanwhile; and those of store.h.
 * See:    sql/schema/021-outbox.sql, doc/decisions/0034-outbox.md */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "store/store.h"

struct store_outgoing {
    uint64_t id;
    struct str recipient, destination;                        /* "officers", "mail:officer@example.net" */
    struct str definition, report_id, version, language, title;
    struct str dir, host;                                     /* where its files are */
    struct str manifest_hex;
    struct str state; /* "waiting", "sent", "refused", "dropped" */
    int64_t queued, since;
    int64_t attempts;
    int64_t retry_at, ended; /* CLOCK_NONE = at once; not yet */
    struct str owner;        /* who has it in hand; empty = nobody */
    bool is_leased;          /* and still may have */
    struct str error, answer, sent_hex;
};

typedef VEC(struct store_outgoing) store_outbox;

/* The id of what goes there. */
uint64_t store_outgoing_id(const struct store_outgoing *o);
/* Queues one, waiting from `queued` on. Inside a transaction. */
int store_put_outgoing(struct store *st, const struct store_outgoing *o, struct diag *d);
/* Those that wait or were refused, or all, the oldest first. */
int store_load_outbox(struct store *st, bool all, struct arena *a, store_outbox *ret, struct diag *d);
/* Takes one that is due at `now` for lease_s seconds: *ret_fence ends it, 0 = it is not to be had. dead is an owner that
 * is known to be gone (empty = none). Autocommit, outside any transaction. */
int store_take_outgoing(struct store *st, uint64_t id, int64_t now, struct str owner, struct str dead,
                        int lease_s, uint64_t *ret_fence, struct diag *d);
/* Ends an attempt with the state, times, error, answer and hash of o, and gives it up. Inside a transaction. */
int store_end_outgoing(struct store *st, const struct store_outgoing *o, uint64_t fence, struct diag *d);
/* Turns one of that state, which nobody has in hand, into another state, waiting since `now`. Inside a transaction. */
int store_turn_outgoing(struct store *st, const struct store_outgoing *o, struct str state, int64_t now,
                        struct diag *d);

#endif
