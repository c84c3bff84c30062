/* The audit log recomputed, and proofs from it.
 * What:   verification re-hashes every record of the chain, grows the Merkle tree on the way and
 *         compares it with everything that was ever said about it: the checkpoints in the database,
 *         the one kept outside, and files that somebody else kept (--expect).
 * Owner:  texts live in the arena of the diag.
 * Units:  records.
 * Errors: DIAG_VERIFY: the log does not hold; the place is the record or the checkpoint. DIAG_IO,
 *         DIAG_BAD_DATA: a file of --expect cannot be read or says nothing about the log.
 * See:    doc/audit-checkpoint.md, doc/man/assay-audit.1 */
#ifndef LEDGER_VERIFY_LOG_H
#define LEDGER_VERIFY_LOG_H

#include "act/act.h"
#include "audit/checkpoint.h"
#include "ledger/expected.h"
#include "ledger/witness.h"
#include "store/check_facts.h"

struct audit_verdict {
    int64_t n_records;
    struct sha256_digest last; /* leaf of the newest record */
    int64_t n_clock_steps;
    int64_t n_pruned;   /* records whose text is gone, as it was permitted */
    int64_t n_tiles;    /* of the tree, in the database: all of them are right */
    int64_t n_signed;   /* checkpoints of this host: signature and root hold */
    int64_t n_unsigned; /* of other hosts: the root holds, the signature is for them to check */
    int64_t n_expected; /* statements in the files that were given */
    int64_t n_sent;     /* targets that an exporter of this host remembers a record of: it is that one */
    int64_t n_cursors;  /* of targets: they stand where the log says */
    int64_t covered;    /* records below the newest checkpoint of this host */
    int64_t age_s;      /* of that checkpoint, seconds; -1 = there is no key */
    bool is_old;        /* more than two heartbeats, and no records came since */
    int64_t n_stamped, stamped_at, n_unstamped; /* as in struct statements */
    bool has_key;
    struct facts_checked facts; /* and the tables they are of */
    struct witness_verdict witnesses;
};

/* Verifies everything; a log that holds fails, too, when the newest checkpoint is stale
 * (ledger/checkpoint_age.h). What files of others say must be true as well; NULL = there are none. */
int verify_log_run(struct act *act, const struct expected *e, struct audit_verdict *ret,
                   struct diag *d);

/* The proof (c2sp.org/tlog-proof@v1, with the record in it) that record seq is below the newest
 * checkpoint of this host; DIAG_USAGE when no such record is covered yet. */
int verify_log_prove(struct act *act, int64_t seq, struct str *ret, struct diag *d);

#endif
