/* Files: read whole, write whole or not at all.
 * What:   file_slurp reads with a cap; file_write_atomic writes a temporary beside the target,
 *         fsyncs, renames and fsyncs the folder, so that a reader sees the old or the new file.
 * Owner:  bytes read live in the arena.
 * Units:  bytes; mode as in chmod(2).
 * Errors: DIAG_IO (reading), DIAG_TOO_BIG, DIAG_CANNOT_WRITE; the place is the path. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/diag.h"

/* Reads the regular file at path, at most cap bytes. */
int file_slurp(const char *path, size_t cap, struct arena *a, struct str *ret, struct diag *d);
/* Writes all of s to fd, however often that is interrupted; -1 = not all, with errno. */
int file_write_all(int fd, struct str s);
/* Replaces path by bytes, atomically, with the given mode. */
int file_write_atomic(const char *path, struct str bytes, unsigned mode, struct diag *d);
/* The same without fsync: what is lost with the machine was of no use without it. */
int file_replace(const char *path, struct str bytes, unsigned mode, struct diag *d);
/* Makes the folder and its missing parents (mode 0755, or the given one for the last). */
int file_mkdirs(const char *path, unsigned mode, struct diag *d);
/* True when something exists at path (also a dangling link). */
bool file_exists(const char *path);
/* "dir/name", one slash between them. */
struct str file_join(struct arena *a, const char *dir, const char *name);
/* The last component of path. */
struct str file_base_name(struct str path);
/* Makes the link dir/name lead to target, in the place of an older one. */
int file_set_link(const char *dir, const char *name, const char *target, struct diag *d);
/* fsync of a folder, after renames in it. */
int file_sync_dir(const char *dir, struct diag *d);

#endif
