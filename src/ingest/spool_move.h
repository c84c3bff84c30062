/* Moving files of the spool so that none replaces another.
 * What:   a rename that fails when something stands at the target, on local and on network file
 *         systems; and a file together with the signature beside it (<file>.p7s). For spool.c only.
 * Owner:  paths live in the given arena.
 * Units:  none.
 * Errors: DIAG_CANNOT_WRITE with the target as place.   See: renameat2(2), link(2) */
#ifndef INGEST_SPOOL_MOVE_H
#define INGEST_SPOOL_MOVE_H

#include "base/diag.h"

/* True unless nothing stands there; a link that leads nowhere is something. */
bool spool_exists(const char *path);
/* Moves from to to; -1 with errno (EEXIST: something stands there). */
int spool_move_new(const char *from, const char *to);
/* Moves the signature beside from to beside to; nothing to do when there is none. */
int spool_move_signature(const char *from, const char *to, struct arena *a, struct diag *d);
/* Out of a claim for good: into dir under name or, when that is taken, name.1 and so on. A reason
 * (empty = none) is written to <file>.reason before: killed in between, the file is judged again.
 * The signature goes last: a file is never judged again without it. A file that is gone was taken
 * back by another run, which judges it again: nothing to do. */
int spool_move_out(const char *from, const char *dir, const char *name, struct str reason,
                   struct arena *a, struct diag *d);
/* Back into dir where other runs take it: the signature goes first, so that none sees the file
 * alone. */
int spool_move_back(const char *from, const char *dir, const char *name, struct arena *a,
                    struct diag *d);

#endif
