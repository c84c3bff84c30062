/* Records of the log as messages for a target, a batch at a time.
 * What:   what one message delivers is marked with where the cursor stands once it arrived: behind
 *         a whole record, or behind a piece of it when a record makes more messages than one.
 *         Records that are not for the target move the cursor all the same.
 * Owner:  a batch lives in its arena.
 * Units:  messages, records.
 * Errors: DIAG_VERIFY (a record is missing from the log, or its text was pruned), and those of
 *         store.h.
 * See:    deliver/outlet.h */
#ifndef EXPORT_MESSAGES_H
#define EXPORT_MESSAGES_H

#include "export/result_walk.h"

/* What stands in a cursor when the record's own message arrived, and others of it have not. */
#define MESSAGES_RECORD "="

struct message_place {
    int64_t seq;
    struct str piece; /* empty = nothing of this record arrived yet */
};

struct message_mark {
    struct message_place behind;       /* where the cursor stands once it arrived */
    const struct store_record *stored; /* the record that the message belongs to */
    struct str piece;                  /* MESSAGES_RECORD, or the key of a piece */
    struct str unreadable;             /* why there is nothing to send; empty = there is */
    bool is_news;                      /* more than the log's own bookkeeping */
};

struct message_batch {
    struct arena *a;
    VEC(struct outlet_message) m;
    VEC(struct message_mark) marks; /* one a message */
    struct message_place end;       /* behind the last message, and what was not for the target */
    bool is_news;                   /* among the records up to there */
    bool is_own;                    /* all of them are about exporting */
};

/* A record of which some results are sent and more are to come: kept from one batch to the next, so
 * that its scans are not loaded again for each. All members are zero while no record is kept. */
struct message_walk {
    struct arena *a; /* NULL = no record is kept */
    struct audit_record record;
    struct results results;
    struct str behind; /* the piece that was the last of the batch before; empty = none was */
};

/* The record of a message, with the hash of the bytes that it was made of. */
struct act_mark messages_mark(const struct message_mark *m);
/* Whether a piece is the record's own message. */
bool messages_is_record(struct str piece);
/* Messages from a place of the log on, up to record `end` (exclusive): at most max of them. May be
 * none, when no record is for the target. The walk goes with the target, from batch to batch. */
int messages_load(struct act *act, const struct target *t, struct message_place from, int64_t end,
                  size_t max, struct message_walk *walk, struct arena *a, struct message_batch *ret,
                  struct diag *d);
/* Forgets what a walk holds. */
void messages_forget(struct message_walk *w);
/* One record's message alone, for what is sent again; reduced: no more than who is who. DIAG_BAD_DATA
 * when the record cannot be read. */
int messages_of_record(const struct target *t, const struct store_record *r, bool reduced,
                       struct arena *a, struct outlet_message *ret, struct diag *d);
enum messages_made {
    MESSAGES_MADE,
    MESSAGES_GONE, /* there is nothing to send any more: pruned, unreadable, or the scan is gone */
    MESSAGES_FAILED
};

/* The message of one piece of a record made again, whole, from what the database holds now. */
enum messages_made messages_again(struct act *act, const struct target *t, int64_t seq,
                                  struct str piece, struct arena *a, struct outlet_message *ret,
                                  struct diag *d);

#endif
