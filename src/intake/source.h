/* Where the files of a run come from.
 * What:   intake.c takes them from a spool, paths.c from the command line; both hand them to
 *         intake_all().
 * Owner:  the caller's.   Units: counts of files.   Errors: as intake/intake.h. */
#ifndef INTAKE_SOURCE_H
#define INTAKE_SOURCE_H

#include "intake/batch.h"
#include "intake/intake.h"
#include "intake/nothing.h"

/* Where files come from: a spool, or a list of paths. */
struct intake_source {
    struct spool *spool; /* NULL = the list */
    const struct spool_file *files;
    size_t n, at;
    size_t total;                /* for the progress */
    struct nothing *nothing;     /* counts what holds nothing to store */
    bool restore;                /* files are put back, not stored */
    struct unchanged *unchanged; /* of the list: what was hashed is noted there; NULL = nowhere */
};

/* Parses and stores all files of the source, batch after batch: one is parsed while the one before
 * is stored. */
int intake_all(struct act *act, struct batch_reader *r, struct intake_source *s,
               struct intake_summary *sum, struct diag *d);

#endif
