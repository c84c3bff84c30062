/* Files that an earlier run has hashed and that have not changed since, told without reading them.
 * What:   a list of this host, <state-dir>/unchanged-files, of device, inode, size, both times and
 *         SHA-256. A file counts as unchanged when all of that is what it was, and when it was at
 *         rest when it was hashed: last changed two seconds before, or longer. Whether its bytes are
 *         stored is the database's to say: a list that is lost, or from another database, costs
 *         time and nothing else.
 * Owner:  unchanged_close() frees.
 * Units:  nanoseconds since 1970; at most UNCHANGED_MAX files, the latest stay.
 * Errors: none: without the list every file is read.
 * See:    doc/decisions/0007-confined-parsing.md */
#ifndef INTAKE_UNCHANGED_H
#define INTAKE_UNCHANGED_H

#include <sys/stat.h>

#include "base/diag.h"
#include "base/sha256.h"

#define UNCHANGED_MAX ((size_t)200000)

/* What the file system says of a file. */
struct unchanged_state {
    uint64_t device, inode;
    int64_t size, modified, changed;
};

struct unchanged;

/* Reads the list below the state folder. */
struct unchanged *unchanged_open(const char *state_dir);
/* Writes it when something was noted, and frees; NULL is allowed. */
void unchanged_close(struct unchanged *u);
/* The state in what stat(2) says. */
struct unchanged_state unchanged_state(const struct stat *st);
/* True when a file in that state, of which the same was said before and after it was read, is the
 * one that was read: a change within the grain of the file system's clock would not show. now is the
 * time before reading. */
bool unchanged_is_at_rest(const struct unchanged_state *before, const struct unchanged_state *after,
                          int64_t now);
/* The hash of a file in that state; NULL = unknown. */
const struct sha256_digest *unchanged_find(const struct unchanged *u,
                                           const struct unchanged_state *s);
/* A file at rest had these bytes. */
void unchanged_note(struct unchanged *u, const struct unchanged_state *s,
                    const struct sha256_digest *sha256);

#endif
