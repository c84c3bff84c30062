/* The outbox: reports are queued for their recipients with their record, and sent behind it.
 * What:   one row for each address. Sending takes a lease, so that of several hosts one sends, and tries again with
 *         growing pauses; what a receiver refuses for good is not tried again, and one recipient never waits for another.
 *         Each attempt ends with an audit record of the recipient, the hash of what was sent and what was answered.
 * Owner:  texts live in the arena of the diag.
 * Units:  seconds.
 * Errors: the first failure of any recipient; DIAG_USAGE: nothing in the outbox is called so.
 * See:    doc/man/assay-outbox.1, doc/decisions/0034-outbox.md */
#ifndef JOB_OUTBOX_H
#define JOB_OUTBOX_H

#include "act/act.h"
#include "model/definition.h"
#include "store/outbox.h"

/* Somebody a report goes to. */
struct outbox_address {
    const struct config_recipient *to;
    struct str destination; /* "mail:officer@example.net": one address */
};

typedef VEC(struct outbox_address) outbox_addresses;

/* All that a definition goes to, each destination once, in the order of the settings. */
void outbox_find(const struct config *c, const struct definition *def, struct arena *a,
                 outbox_addresses *ret);
/* Whether a mail goes to one of them. */
bool outbox_has_mail(const outbox_addresses *to);
/* Queues a report for one of them; what is filled in of `what` is what names the report. Inside a transaction; *ret is
 * its record. */
int outbox_queue(struct act *act, const struct outbox_address *to, struct store_outgoing what,
                 struct event *ret, struct diag *d);

struct outbox_end { /* of an attempt */
    struct store_outgoing what;
    struct str text; /* the answer, or why it failed */
    bool is_sent, is_refused;
};

struct outbox_summary {
    VEC(struct outbox_end) ends;
    int64_t n_sent, n_refused, n_failed;
};

/* Sends what is due. */
int outbox_send(struct act *act, struct outbox_summary *ret, struct diag *d);
/* What waits and is due, without sending it. */
int outbox_due(struct act *act, store_outbox *ret, struct diag *d);
/* Those that wait or were refused, or all; the oldest first. */
int outbox_list(struct act *act, bool all, store_outbox *ret, struct diag *d);
struct outbox_counts {
    int64_t n_waiting, n_refused;
    int64_t oldest_s; /* for how long the oldest waits */
};

/* How many wait, and how many were refused and neither tried again nor dropped since. */
int outbox_count(struct act *act, struct outbox_counts *ret, struct diag *d);
/* The one whose id begins so. */
int outbox_get(struct act *act, const char *id, struct store_outgoing *ret, struct diag *d);
/* Its id as people write it: 16 hex digits. */
struct str outbox_id(const struct store_outgoing *o, struct arena *a);
/* Puts one back, due at once, or takes one out: nothing of it is sent any more. */
int outbox_turn(struct act *act, const struct store_outgoing *o, bool drop, struct str reason,
                struct diag *d);

#endif
