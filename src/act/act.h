/* The unit of work: one transaction that is tried again, with the audit record of the act.
 * What:   opened once by cli and handed to the jobs: settings, database, and who acts. An act is appended
 *         to the audit log inside the transaction that it describes (act_append, last before COMMIT).
 * Owner:  act_close releases all; texts live in act.arena.
 * Units:  seconds.
 * Errors: as of the rooms below.   See: ARCHITECTURE.md, "The flow" */
#ifndef ACT_ACT_H
#define ACT_ACT_H

#include "audit/record.h"
#include "model/event.h"
#include "settings/config.h"
#include "store/store.h"

struct act_mark { /* a record of the audit log; seq -1 = none */
    int64_t seq;
    struct sha256_digest leaf;
};

struct act {
    struct arena *arena;
    struct config config;
    struct store *store;
    struct audit_actor actor;
    struct act_mark appended; /* the last record of the transaction at hand */
    bool dry_run;
    /* Progress for a terminal; NULL = silent. done of total (0 = unknown). */
    void (*progress)(const char *what, size_t done, size_t total);
};

/* Who is told, once an outage, that the database is waited for; NULL = nobody. Of the process, before act_open. */
void act_tell(void (*tell)(const char *text));
/* Opens the database named by the settings and checks its schema when want_schema. */
int act_open(const struct config *c, bool want_schema, struct act **ret, struct diag *d);
/* Closes everything; NULL is allowed. */
void act_close(struct act *act);
/* Appends records; the transaction must be open, and nothing but COMMIT may follow. */
int act_append(struct act *act, const struct event *events, size_t n, struct diag *d);
/* A transaction of its own with nothing but these records (acts outside the database). */
int act_record(struct act *act, const struct event *events, size_t n, struct diag *d);

/* For how long an act is looked for at least whose COMMIT was not answered. */
enum { ACT_ASK_S = 30 };

/* Runs body(ctx) inside a transaction, again when the server rolled it back (at most 8 times), and when the
 * connection was lost (for as long as the database is waited for). A COMMIT whose answer was lost is looked for in the audit log first, while the server refuses, too: what
 * was done is not done twice. DIAG_UNAVAILABLE when that could not be found out in ACT_ASK_S and
 * database-wait: it may have been done or not. */
int act_transact(struct act *act, int (*body)(struct act *act, void *ctx, struct diag *d),
                 void *ctx, struct diag *d);
/* Product and version of the database server, for people. */
struct str act_server(const struct act *act, struct arena *a);
/* Version of the client library that is loaded. */
const char *act_client(void);
/* How the connection to it is protected: "unix socket", "TLS 1.3 TLS_AES_…". */
struct str act_transport(const struct act *act, struct arena *a);
/* What the settings of the database server mean, as store_advise. */
int act_advise(struct act *act, struct arena *a, struct store_advice *ret, struct diag *d);

#endif
