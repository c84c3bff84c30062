/* `assay backup`: a copy of all that the database holds, of one moment.
 * What:   a checkpoint of the log is made first, when this host has the key, so that the copy has it. Then one snapshot
 *         is read table by table and written as backup_file.h says, while everybody else goes on; at last the act is
 *         recorded, which the copy itself does not have.
 * Owner:  texts live in the arena of the diag.
 * Units:  rows, bytes, milliseconds.
 * Errors: as store.h; DIAG_LOST: the connection ended in the middle, and what was written is gone; DIAG_CANNOT_WRITE;
 *         DIAG_USAGE: keys without encryption.
 * See:    doc/backup.md, doc/decisions/0029-backup.md */
#ifndef JOB_BACKUP_H
#define JOB_BACKUP_H

#include "act/act.h"

struct backup_request {
    const char *to;         /* a folder, or "-" */
    const char *recipients; /* PEM of certificates; NULL = not encrypted */
    bool with_keys;         /* of this host, too */
};

struct backup_made {
    struct str path; /* empty: standard output, or nowhere (dry run) */
    struct sha256_digest sha256;
    int64_t n_rows, n_bytes, n_records, took_ms;
    size_t n_parts, n_keys;
};

/* Makes one. Of a dry run nothing is written or recorded. */
int backup_make(struct act *act, const struct backup_request *q, struct backup_made *ret,
                struct diag *d);

#endif
