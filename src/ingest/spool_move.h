/* Moving files of the spool so that none replaces another.
 * What:   a rename between two open folders that fails when something stands at the target, on local
 *         and on network file systems; and a file together with the signature beside it
 *         (<file>.p7s). A name that has no room for what is put behind it is shortened: its
 *         beginning and a hash of it. For spool.c only.
 * Owner:  names live in the given arena.
 * Units:  none.
 * Errors: -1 with errno; the caller knows whether it is one file's trouble.
 * See:    renameat2(2), linkat(2) */
#ifndef INGEST_SPOOL_MOVE_H
#define INGEST_SPOOL_MOVE_H

#include <sys/stat.h>

#include "base/str.h"
#include "ingest/spool_folder.h"

/* True unless nothing stands there; a link that leads nowhere is something. */
bool spool_is_there(const struct spool_folder *dir, const char *name);
/* True when both are names of one file. */
bool spool_is_same_file(const struct stat *a, const struct stat *b);
/* Moves name from one folder to another, where it gets the name target; EEXIST: something stands
 * there. */
int spool_move_new(const struct spool_folder *from, const char *name, const struct spool_folder *to,
                   const char *target);
/* Moves the signature beside name to beside target; nothing to do when there is none. */
int spool_move_signature(const struct spool_folder *from, const char *name,
                         const struct spool_folder *to, const char *target, struct arena *a);
/* Removes the file and its signature. */
int spool_move_away(const struct spool_folder *from, const char *name, struct arena *a);
/* Out of a claim for good: under name or, when that is taken, name.1 and so on. A reason (empty =
 * none) is written to <file>.reason before: killed in between, the file is judged again. The
 * signature goes last: a file is never judged again without it. */
int spool_move_out(const struct spool_folder *from, const char *name, const struct spool_folder *to,
                   struct str reason, struct arena *a);
/* Back to where other runs take it: the signature goes first, so that none sees the file alone. */
int spool_move_back(const struct spool_folder *from, const char *name,
                    const struct spool_folder *to, struct arena *a);

#endif
