/* All tables compared with what the log says of them; called by ledger/verify_facts.c.
 * What:   reads the facts of a kind, a part of its days at a time, checked against the newest state in
 *         the log, then the rows, and compares both ways: no row is other than its fact, none is
 *         missing, none is too many. One consistent snapshot.
 * Owner:  nothing is kept.
 * Units:  rows.
 * Errors: DIAG_VERIFY: the first difference, which names what it is of and the record; as store.h.
 * See:    doc/facts.md */
#ifndef STORE_CHECK_FACTS_H
#define STORE_CHECK_FACTS_H

#include "store/fact_chain.h"
#include "store/roster.h"

struct facts_checked {
    int64_t n_facts;           /* of all kinds, those that were replaced since too */
    int64_t n_rows[FACT__END]; /* by kind: rows that are what the log says */
};

/* Compares all; progress (NULL = nobody) gets rows done of facts. */
int store_check_facts(struct store *st,
                      void (*progress)(const char *what, size_t done, size_t total),
                      struct facts_checked *ret, struct diag *d);
/* The same on a connection of its own, so that it can run beside what else is asked: from another thread. */
int store_check_facts_apart(const struct store *st, struct facts_checked *ret, struct diag *d);
/* The file of a scan that was compared already. */
struct check_file {
    int64_t ingested_at;
    struct sha256_digest sha256;
};

/* What a report shows. Scans are compared from rows_from to the period, and in it from now_from on: those before
 * are of closed months. */
struct check_shown {
    const struct fleet_query *q;
    int64_t from; /* where the period begins that it is compared with */
    int64_t rows_from, now_from;
    bool has_months; /* what is carried into the period was compared */
    const struct check_file *files; /* of scans of closed months */
    size_t n_files;
    const struct roster *roster;
    bool *is_shown; /* of the agents of the roster: in one of its periods */
};

/* The facts of the snapshot at hand, checked against the log; before what follows. */
int check_facts_begin(struct store *st, struct diag *d);
/* Compares what a report shows, in the snapshot at hand: all agents, policy versions, settings and the list, the
 * scans of its days by the agents that are shown, their inputs, and those that are carried into it.
 * *ret_changed: how many of its scans the log told of by the query's time, and again since.
 * DIAG_BAD_DATA instead of DIAG_VERIFY. */
int check_facts_shown(struct store *st, const struct check_shown *shown, int64_t *ret_changed,
                      struct diag *d);
/* Takes what the tables hold as it is, for a log of size records with that last leaf, which is locked, and
 * which says nothing of facts yet (DIAG_VERIFY). Inside a transaction. *ret_buckets is the caller's. */
int store_adopt_facts(struct store *st, int64_t size, const struct sha256_digest *last,
                      struct facts_checked *ret, struct fact_buckets *ret_buckets, struct diag *d);
/* The buckets as they were behind record seq, out of the table alone: what the records said that were
 * pruned since. */
int store_load_buckets(struct store *st, int64_t seq, struct fact_buckets *ret, struct diag *d);

#endif
