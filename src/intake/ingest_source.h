/* Inside of the ingest job: where the files of a run come from.
 * What:   ingest.c takes them from a spool, ingest_paths.c from the command line; both hand them to
 *         ingest_all().
 * Owner:  the caller's.   Units: counts of files.   Errors: as intake/ingest.h. */
#ifndef INTAKE_INGEST_SOURCE_H
#define INTAKE_INGEST_SOURCE_H

#include "intake/intake.h"

/* Where files come from: a spool, or a list of paths. */
struct ingest_source {
    struct spool *spool; /* NULL = the list */
    const struct spool_file *files;
    size_t n, at;
    size_t total;            /* for the progress */
    struct unchanged *known; /* of the list: what was hashed is noted there */
};

/* Parses and stores all files of the source, batch after batch: one is parsed while the one before
 * is stored. */
int ingest_all(struct act *act, struct intake *in, struct ingest_source *s,
               struct ingest_summary *sum, struct diag *d);

#endif
