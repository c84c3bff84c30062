/* The facts that the audit log tells, recomputed from its records and compared with the tables.
 * What:   fed record by record while the log is walked (verify_log.c): the lists of facts are chained
 *         as the acts chained them, and compared with the states that the acts recorded. Then the
 *         tables are compared with the facts (store/check_facts.h). Where records are pruned, the
 *         chains begin as the table of facts has them: the states behind tell whether that is right.
 * Owner:  verify_facts_free() frees.
 * Units:  records.
 * Errors: DIAG_VERIFY; the message names the record, or the row and its record.
 * See:    doc/facts.md */
#ifndef LEDGER_VERIFY_FACTS_H
#define LEDGER_VERIFY_FACTS_H

#include <pthread.h>

#include "act/act.h"
#include "store/check_facts.h"

/* The tables are compared while the log is walked. */
struct verify_tables {
    const struct store *store;
    pthread_t thread;
    bool is_running;
    struct arena *a;
    struct diag d;
    struct facts_checked got;
    int rc;
};

struct verify_facts {
    struct act *act;
    struct verify_tables tables;
    struct arena *a;
    struct fact_buckets buckets;
    struct fact_pile pile; /* of the act at hand */
    int64_t n_states;      /* seen so far */
    bool is_pruned;        /* the last record that was fed has no text */
    struct str said;       /* the newest state, at record */
    int64_t said_at;
};

/* Begins with an empty log, and with the tables, which another thread looks at until verify_facts_end(). *v
 * stays where it is. */
void verify_facts_start(struct verify_facts *v, struct act *act);
/* The next record; its bytes are what the chain holds. */
int verify_facts_record(struct verify_facts *v, const struct store_record *r, struct diag *d);
/* The next record has lost its text. */
void verify_facts_pruned(struct verify_facts *v);
/* All records were fed: compares the newest state, then the tables. */
int verify_facts_end(struct verify_facts *v, struct facts_checked *ret, struct diag *d);
/* Frees it, when the tables have been looked at. */
void verify_facts_free(struct verify_facts *v);

#endif
