/* What a spool keeps of files that were taken: done/ and rejected/.
 * What:   lists them with the time they came there, removes old ones, and puts rejected ones back into the spool. A
 *         file goes together with its reason and its signature.
 * Owner:  shelf_close() releases; texts live in the given arena.
 * Units:  seconds UTC (of the last change of the name, which no sender sets), bytes.
 * Errors: DIAG_CONFIG, DIAG_CANNOT_WRITE, DIAG_IO with the path as place.
 * See:    doc/spool.md */
#ifndef INTAKE_SHELF_H
#define INTAKE_SHELF_H

#include "act/act.h"

struct shelf;

struct shelf_file {
    struct str name;
    int64_t size, at;
    struct str reason;           /* of a rejected one; empty = none is there */
    struct sha256_digest sha256; /* set by shelf_hash */
};

typedef VEC(struct shelf_file) shelf_files;

/* Opens done/ or rejected/ below the spool of the settings; *ret NULL: there is none. */
int shelf_open(const struct config *c, const char *name, struct arena *a, struct shelf **ret,
               struct diag *d);
/* The files that came there before a time, the oldest first. */
int shelf_list(struct shelf *s, int64_t before, struct arena *a, shelf_files *ret, struct diag *d);
/* Hashes one; false = it is gone, or cannot be read. */
bool shelf_hash(struct shelf *s, struct shelf_file *f);
/* Removes one, if it is there still. */
int shelf_remove(struct shelf *s, const struct shelf_file *f, struct diag *d);
/* Closes; NULL is allowed. */
void shelf_close(struct shelf *s);

struct shelf_retry {
    const char *const *names; /* of files in rejected/ */
    size_t n_names;
    bool all;         /* all of them */
    const char *rule; /* those whose reason has this text; NULL = whatever it is */
};

struct shelf_retried {
    shelf_files back, left; /* that went back; that somebody else took meanwhile */
};

/* Puts rejected files back into the spool, each once, with a record before. DIAG_BUSY: another one does so now. */
int shelf_retry(struct act *act, const struct shelf_retry *q, struct shelf_retried *ret,
                struct diag *d);

#endif
