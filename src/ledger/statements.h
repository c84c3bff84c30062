/* Statements about the audit log: everything that was said about it, here and elsewhere.
 * What:   the checkpoints in the database, the one that is kept outside of it, and files that
 *         somebody else kept (a checkpoint, a manifest, a report as JSON, exported events). Gathered
 *         first, then compared with the tree as it grows.
 * Owner:  the arena of the diag that statements_gather was given.
 * Units:  records; microseconds.
 * Errors: DIAG_VERIFY: a statement is not true, or a signature does not hold. DIAG_IO, DIAG_BAD_DATA: a file cannot
 *         be read or says nothing about the log.
 * See:    doc/audit-checkpoint.md */
#ifndef LEDGER_STATEMENTS_H
#define LEDGER_STATEMENTS_H

#include "audit/tiles.h"
#include "ledger/expected.h"
#include "ledger/log_keys.h"

/* Somebody said: the log has this root at that size, or that its last record is this one then. */
struct statement {
    int64_t size;
    bool is_leaf;
    struct sha256_digest hash;
    struct str what; /* who said so */
};

/* Records that a file of exported events lacks between the first and the last that it has. */
struct statement_gap {
    struct str file;
    int64_t first, end;
};

struct statements {
    struct act *act;
    struct arena *a;
    struct audit_keys keys;  /* of this host; none = it has no key */
    struct str kept;         /* outside; read before the database, which then has it */
    VEC(struct statement) v; /* by size */
    size_t next;             /* the first that was not compared yet */
    VEC(struct statement_gap) gaps;
    int64_t newest; /* size of the newest checkpoint of this host in the database, -1 = none */
    int64_t n_stamped, stamped_at; /* time stamps that hold, and the newest of them */
    int64_t n_sent;      /* targets of which an exporter of this host remembers a record */
    int64_t n_unstamped; /* that nobody could check: the settings name no tsa-ca */
    int64_t n_signed, n_unsigned, n_expected; /* as in struct audit_verdict */
};

/* Gathers all of them; e is what files of others say (NULL = there are none), with its failure. */
int statements_gather(struct statements *c, struct act *act, const struct expected *e,
                      struct diag *d);
/* Compares those about the tree as it is now; leaf is the newest record's, NULL before any. */
int statements_compare(struct statements *c, const struct audit_edge *e,
                       const struct sha256_digest *leaf, struct diag *d);
/* Fails when there are some about records that are not there. */
int statements_end(const struct statements *c, int64_t size, struct diag *d);

#endif
