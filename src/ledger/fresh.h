/* Freshness: an old checkpoint says nothing about what came since.
 * What:   who has the database can do as he likes with records that no checkpoint covers. So there
 *         must be one every heartbeat, also when nothing happens; records that have waited for two
 *         heartbeats are a finding: either nobody signs, or somebody keeps it from being signed. The
 *         age is that of the file outside the database.
 * Owner:  by value.
 * Units:  seconds, records.
 * Errors: those of ledger/checkpoint.h; DIAG_VERIFY: stale.
 * See:    doc/audit-checkpoint.md */
#ifndef LEDGER_FRESH_H
#define LEDGER_FRESH_H

#include "act/act.h"

struct freshness {
    int64_t age_s;   /* of the newest checkpoint, or of the key when none was made; -1 = no key */
    int64_t covered; /* records below it */
    bool is_due;     /* a heartbeat passed, or records came */
    bool is_old;     /* two heartbeats passed */
    bool is_stale;   /* and records wait, or there is no checkpoint at all */
    bool is_none;    /* there is no checkpoint */
};

/* Records of a log of that size without the newest ones, as far as they only say that it was verified:
 * who looks every night at a log in which nothing happens waits for no checkpoint. */
int fresh_size(struct act *act, int64_t size, int64_t *ret, struct diag *d);
/* How old the newest checkpoint of this host is, for a log of size records. */
int fresh_judge(const struct config *c, int64_t size, struct freshness *ret, struct diag *d);
/* Fails when it is stale. */
int fresh_check(const struct config *c, const struct freshness *f, int64_t size, struct diag *d);

#endif
