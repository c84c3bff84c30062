/* Keys of a host in a backup: a part "files" beside those of the tables, in encrypted backups only.
 * What:   the keys of the log and what belongs to them, and the key and certificate of reports. Put back where the settings
 *         say, and never over another file.
 * Owner:  the given arena.   Units: bytes.
 * Errors: DIAG_IO, DIAG_CANNOT_WRITE (a file with other bytes is there), DIAG_BAD_DATA.
 * See:    doc/backup.md */
#ifndef JOB_BACKUP_KEYS_H
#define JOB_BACKUP_KEYS_H

#include "act/act.h"
#include "store/dump.h"

struct backup_key {
    struct str name, bytes;
};

typedef VEC(struct backup_key) backup_key_list;

/* Name and columns of the part. */
struct store_part backup_keys_part(struct arena *a);
/* Reads those that are there; before the database is read, so that a checkpoint says no more than it has. */
int backup_keys_load(const struct config *c, struct arena *a, backup_key_list *ret, struct diag *d);
/* Takes a row of the part. */
int backup_keys_take(const struct str *values, size_t n, struct arena *a, backup_key_list *list,
                     struct diag *d);
/* Whether all of them may be put back. */
int backup_keys_check(const struct config *c, const backup_key_list *list, struct arena *a,
                      struct diag *d);
/* Puts them back. */
int backup_keys_put(const struct config *c, const backup_key_list *list, struct arena *a,
                    struct diag *d);

#endif
