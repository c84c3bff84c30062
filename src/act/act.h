/* What every batch job works with: settings, database, actor, signer.
 * What:   opened once by cli, handed to the jobs (one file a job). Acts are appended to the audit
 *         log inside the transaction they describe (job_append, last before COMMIT).
 * Owner:  job_close releases all; texts live in job.arena.
 * Units:  seconds.
 * Errors: as of the rooms below.   See: ARCHITECTURE.md, "The flow" */
#ifndef ACT_ACT_H
#define ACT_ACT_H

#include "audit/record.h"
#include "model/event.h"
#include "settings/config.h"
#include "store/store.h"

struct job_mark { /* a record of the audit log; seq -1 = none */
    int64_t seq;
    struct sha256_digest leaf;
};

struct job {
    struct arena *arena;
    struct config config;
    struct store *store;
    struct audit_actor actor;
    struct job_mark appended; /* the last record of the transaction at hand */
    bool dry_run;
    /* Progress for a terminal; NULL = silent. done of total (0 = unknown). */
    void (*progress)(const char *what, size_t done, size_t total);
};

/* Opens the database named by the settings and checks its schema when want_schema. */
int job_open(const struct config *c, bool want_schema, struct job **ret, struct diag *d);
/* Closes everything; NULL is allowed. */
void job_close(struct job *j);
/* Appends records; the transaction must be open, and nothing but COMMIT may follow. */
int job_append(struct job *j, const struct event *events, size_t n, struct diag *d);
/* A transaction of its own with nothing but these records (acts outside the database). */
int job_record(struct job *j, const struct event *events, size_t n, struct diag *d);
/* Runs body(ctx) inside a transaction, again when the server rolled it back (at most 8 times). A
 * COMMIT whose answer was lost is looked for in the audit log first: what was done is not done
 * twice. */
int job_transact(struct job *j, int (*body)(struct job *j, void *ctx, struct diag *d), void *ctx,
                 struct diag *d);
/* Compares the settings with those seen last; a change becomes a "config.change" record. */
int job_note_settings(struct job *j, struct diag *d);

#endif
