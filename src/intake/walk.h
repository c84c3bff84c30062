/* The files of folders that are named on the command line.
 * What:   regular files whose names do not begin with a dot, in the order of their names, those of a
 *         folder before those of the folders in it. Links are not followed, so that there is no loop;
 *         of a spool the folders work, done and rejected are left out. A folder that cannot be read
 *         is told of, and the others go on. Signatures are read with their files.
 * Owner:  paths live in the given arena.
 * Units:  none.
 * Errors: DIAG_IO for what was named itself, with the path as place.   See: doc/man/assay-ingest.1 */
#ifndef INTAKE_WALK_H
#define INTAKE_WALK_H

#include "ingest/spool.h"
#include "intake/intake.h"

struct walk {
    struct arena *arena;
    bool no_recurse;
    VEC(struct spool_file) files;
    VEC(struct intake_left) left;
};

/* Adds a file, the files of a folder, or "-". */
int walk_add(struct walk *w, const char *path, struct diag *d);
struct walk_waiting { /* what waits in a spool */
    int64_t n, size;  /* files, and their bytes */
    int64_t oldest;   /* when the one that was there first came or changed; of n > 0 */
    int64_t n_unreadable;
    struct str unreadable; /* the name of one of those */
};

/* Looks at a spool without taking anything; nothing waits in one that is not there yet. */
int walk_look_at_spool(const char *dir, struct arena *a, struct walk_waiting *ret, struct diag *d);

#endif
