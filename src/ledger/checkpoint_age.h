/* The age of the newest checkpoint, and when it is too old.
 * What:   a checkpoint says nothing about what came since: who has the database can do as he likes
 *         with records that none covers. So there must be one every heartbeat, also when nothing
 *         happens; records that have waited for two heartbeats are a finding: either nobody signs, or
 *         somebody keeps it from being signed. The age is that of the file outside the database, or that of
 *         the oldest record that waits, whichever is more: a file's time can be set. One in the future is a
 *         finding of its own.
 * Owner:  by value.
 * Units:  seconds, records.
 * Errors: those of ledger/checkpoint.h; DIAG_VERIFY: stale, in the future, or of more records than there are.
 * See:    doc/audit-checkpoint.md */
#ifndef LEDGER_CHECKPOINT_AGE_H
#define LEDGER_CHECKPOINT_AGE_H

#include "act/act.h"

struct checkpoint_age {
    int64_t size;    /* records of the log that count: checkpoint_age_size */
    int64_t age_s;   /* of the newest checkpoint, or of the key when none was made; -1 = no key */
    int64_t covered; /* records below it */
    int64_t
        waits_s; /* since the oldest record that it does not cover was written, 0 = none waits */
    int64_t ahead_s; /* by so much the file's time is in the future, 0 = it is not */
    bool is_due;     /* a heartbeat passed, or records came */
    bool is_old;     /* two heartbeats passed */
    bool is_stale;   /* and records wait, or there is no checkpoint at all */
    bool is_none;    /* there is no checkpoint */
    bool is_cut;     /* the log has fewer records than it covers */
};

/* Records of a log of that size without the newest ones, as far as they only say that it was verified:
 * who looks every night at a log in which nothing happens waits for no checkpoint. */
int checkpoint_age_size(struct act *act, int64_t size, int64_t *ret, struct diag *d);
/* How old the newest checkpoint of this host is, for a log of which size records count. */
int checkpoint_age_read(struct act *act, int64_t size, struct checkpoint_age *ret, struct diag *d);
/* Both, for the log as it is now; *ret_size is all of its records. */
int checkpoint_age_now(struct act *act, int64_t *ret_size, struct checkpoint_age *ret,
                       struct diag *d);
/* Fails when it is stale, when its time is in the future, or when the log is shorter than it says. */
int checkpoint_age_check(const struct config *c, const struct checkpoint_age *f, struct diag *d);

#endif
