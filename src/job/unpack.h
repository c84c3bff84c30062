/* `assay restore`: a backup into an empty database.
 * What:   the backup is read to its end before a database is opened, and compared with the hashes in it. Then it fills an
 *         empty database behind a mark that every program takes for no database (store/dump.h), is verified there (log,
 *         facts and tables, by what the backup itself says), and only then the mark goes. A fill that fails takes
 *         away what it made; one that was killed is taken away by the next restore. At last the log is held against what this
 *         host remembers of it, which for an older backup says no: that is told, and the database stays.
 * Owner:  texts live in the arena of the diag; unpack_close() frees.
 * Units:  rows, bytes, milliseconds.
 * Errors: DIAG_BAD_DATA, DIAG_TRUNCATED (the backup), DIAG_CANNOT_WRITE (not empty, keys in the way), DIAG_BUSY (another
 *         restore), DIAG_VERIFY (what is in the backup does not hold), DIAG_SCHEMA (of a newer program), and those of store.h.
 * See:    doc/backup.md, doc/decisions/0029-backup.md */
#ifndef JOB_UNPACK_H
#define JOB_UNPACK_H

#include "act/act.h"
#include "ledger/verify_log.h"

struct unpack;

struct unpacked {
    int64_t made; /* the backup */
    struct str server, origin;
    struct sha256_digest sha256;
    int64_t n_rows, n_bytes, n_records, schema, took_ms;
    size_t n_parts, n_keys;
    int schema_now;
    struct audit_verdict verdict; /* of the log as the backup has it */
    struct str contradicted;      /* what this host remembers otherwise; empty = nothing */
};

/* Opens a backup ("-": standard input), reads it to its end, and looks at the keys that are in it. key: PEM of a private key,
 * NULL = none. */
int unpack_open(const char *from, const char *key, const struct config *c, struct arena *a,
                struct unpack **ret, struct unpacked *ret_is, struct diag *d);
/* Fills the database of act, which was opened without looking at its schema. unverified: what does not hold is kept. */
int unpack_run(struct act *act, struct unpack *u, bool unverified, struct unpacked *is,
               struct diag *d);
/* Closes; NULL is allowed. */
void unpack_close(struct unpack *u);

#endif
