/* Files into the database, each exactly once.
 * What:   parse a batch, prepare, one transaction for the batch (scans, inputs, audit records),
 *         COMMIT, and only then the spool's files move to done/ or rejected/. The same bytes again
 *         are a no-op. What cannot be read is kept, with its reason, and the rest goes on.
 * Owner:  the report's texts live in the arena of the diag.
 * Units:  counts of files and scans.
 * Errors: DIAG_UNAVAILABLE (the spool is left as it was), DIAG_CANNOT_WRITE … Rejected files are
 *         not a failure of the job: see n_rejected.
 * See:    doc/man/assay-ingest.1 */
#ifndef INTAKE_INGEST_H
#define INTAKE_INGEST_H

#include "act/act.h"
#include "ingest/ingest.h"

struct ingest_reject {
    struct str name, reason;
};

struct ingest_summary {
    int64_t n_files, n_stored, n_duplicate, n_rejected;
    int64_t n_unchanged; /* of the duplicates: not even read */
    int64_t n_scans, n_scans_same, n_scans_conflict;
    VEC(struct ingest_reject) rejected;
};

/* Ingests every waiting file of the spool. */
int ingest_spool(struct act *act, const char *dir, struct ingest_summary *ret, struct diag *d);
/* What a watch tells about each round that found something to tell. */
typedef void ingest_watch_fn(void *self, const struct ingest_summary *sum);
/* Ingests what waits in the spool, and then whatever arrives, until the process is ended: every
 * step can be cut off at any moment, so no signal needs a handler. Returns only -1. */
int ingest_watch_spool(struct act *act, const char *dir, ingest_watch_fn *say, void *self,
                       struct diag *d);
struct ingest_paths {
    const char *const *v;
    size_t n;
    const char *agent; /* of files that name none; NULL = from "<agent>@…" names */
    bool
        read_all; /* also those that have not changed since they were stored (intake/unchanged.h) */
};

/* Ingests the named files (folders: the regular files below them, one level); files stay where
 * they are. */
int ingest_paths(struct act *act, const struct ingest_paths *paths, struct ingest_summary *ret,
                 struct diag *d);
/* What the transport knows of a file, from its name and the settings. */
struct ingest_context intake_context(const struct config *c, const char *path, struct str name,
                                     int64_t mtime, struct arena *a);

#endif
