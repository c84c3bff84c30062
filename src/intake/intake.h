/* Files into the database, each exactly once.
 * What:   parse a batch, prepare, one transaction for the batch (scans, inputs, audit records),
 *         COMMIT, and only then the spool's files move to done/ or rejected/. The same bytes again
 *         are a no-op. What cannot be read is kept, with its reason, and the rest goes on.
 * Owner:  the report's texts live in the arena of the diag.
 * Units:  counts of files and scans.
 * Errors: DIAG_UNAVAILABLE (the spool is left as it was), DIAG_CANNOT_WRITE … Rejected files are
 *         not a failure of the job: see n_rejected.
 * See:    doc/man/assay-ingest.1 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "act/act.h"

struct intake_reject {
    struct str name, reason;
};

struct intake_left { /* a file that cannot be read or moved, and stays where it is */
    struct str name, why;
};

struct intake_summary {
    int64_t n_files, n_stored, n_duplicate, n_rejected;
    int64_t n_unchanged; /* of the duplicates: not even read */
    int64_t n_nothing;   /* valid, and hold nothing to store */
    int64_t n_early;     /* end too early, and are tried again: not among n_files */
    int64_t n_scans, n_scans_same;
    int64_t n_scans_revised; /* of the scans: stored beside another one of their second */
    /* of a restore: scans that were put back, with texts and names; that were as they must be; that another
     * file brought */
    int64_t n_restored, n_named, n_kept, n_others;
    VEC(struct intake_reject) rejected;
    VEC(struct str) remarks; /* on stored files, for people to look at: aliases of other agents */
    size_t n_remarks;        /* with those beyond INTAKE_REMARKS */
    VEC(struct str) revised;      /* a line for each of those, for people */
    VEC(struct intake_left) left; /* not among n_files */
};

enum { INTAKE_REMARKS = 20 };

/* Ingests every waiting file of the spool. */
int intake_spool(struct act *act, const char *dir, struct intake_summary *ret, struct diag *d);
/* What a watch tells about each round that found something to tell. */
typedef void intake_watch_fn(void *self, const struct intake_summary *sum);
/* Ingests what waits in the spool, and then whatever arrives, until the process is ended: every
 * step can be cut off at any moment, so no signal needs a handler. Returns only -1. */
int intake_watch(struct act *act, const char *dir, intake_watch_fn *say, void *self,
                 struct diag *d);
struct intake_paths {
    const char *const *v;
    size_t n;
    const char *agent; /* of files that name none; NULL = from "<agent>@…" names */
    bool restore;      /* put back what they brought (restore.h) instead of storing them */
    bool read_all;     /* also those that have not changed since they were stored (unchanged.h) */
    bool no_recurse;   /* of folders only the files that lie directly in them */
};

/* Ingests the named files (folders: the regular files below them, walk.h); files stay where they
 * are. */
int intake_paths(struct act *act, const struct intake_paths *paths, struct intake_summary *ret,
                 struct diag *d);

#endif
