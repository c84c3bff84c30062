/* The folders of a spool, each opened once and used by its handle from then on.
 * What:   whoever may write to the spool can rename its folders and put a link in their place; a
 *         handle still means the folder that was opened. The path of the spool itself may lead over
 *         a link, it is the administrator's; of the folders below it none may be one.
 * Owner:  spool_folder_close(); paths live in the arena.
 * Units:  none.
 * Errors: DIAG_CANNOT_WRITE (cannot be made or opened), DIAG_CONFIG (an owner or a mode by which
 *         others could put something in the place of a file), with the path as place.
 * See:    doc/spool.md, "Folders" */
#ifndef INGEST_SPOOL_FOLDER_H
#define INGEST_SPOOL_FOLDER_H

#include <sys/types.h>

#include "base/diag.h"

struct spool_folder {
    int fd; /* -1 = not open */
    const char *path;
    uid_t owner;
};

/* Opens the spool, made when it is missing. Everybody may write there only where the sticky bit keeps
 * the files of others. */
int spool_folder_open_root(const char *path, struct arena *a, struct spool_folder *ret,
                           struct diag *d);
/* Opens, or makes with that mode, a folder of the spool. It belongs to this account, to root or to
 * the owner of the spool. is_ours: nobody else may write there. */
int spool_folder_open(const struct spool_folder *root, const char *name, bool is_ours,
                      struct arena *a, struct spool_folder *ret, struct diag *d);
/* Closes; one that is not open is allowed. */
void spool_folder_close(struct spool_folder *f);

#endif
