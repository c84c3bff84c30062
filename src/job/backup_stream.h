/* Where a backup goes and comes from: a file or standard input and output, encrypted or not.
 * What:   a new file appears under its name when it is whole and synced; standard input is kept in a nameless file, so that
 *         it can be read twice. An encrypted one begins with "assay-backup-cms 1\n" and goes on as sign/sealed.h says.
 * Owner:  backup_stream_free() closes; of a file that was not finished nothing stays.
 * Units:  bytes.
 * Errors: DIAG_CANNOT_WRITE, DIAG_IO, DIAG_CONFIG (certificate, key), DIAG_BAD_DATA, DIAG_USAGE (encrypted, and no key).
 * See:    doc/backup.md */
#ifndef JOB_BACKUP_STREAM_H
#define JOB_BACKUP_STREAM_H

#include "base/diag.h"

struct backup_stream;

/* Begins to write into the folder dir under that name, or to standard output when dir is "-"; NULL: nowhere, and the
 * bytes are counted at most. recipients: PEM of certificates, NULL = not encrypted. */
int backup_stream_create(const char *dir, struct str name, const char *recipients, struct arena *a,
                         struct backup_stream **ret, struct diag *d);
/* Writes more; a backup_put_fn. */
int backup_stream_put(void *stream, struct str bytes, struct diag *d);
/* Ends it. *ret: where it is. */
int backup_stream_finish(struct backup_stream *s, struct str *ret, struct diag *d);
/* Opens a file, or "-". key: PEM of a private key, NULL = none. */
int backup_stream_open(const char *from, const char *key, struct arena *a,
                       struct backup_stream **ret, struct diag *d);
/* Reads on; a backup_get_fn. */
int backup_stream_get(void *stream, char *to, size_t n, size_t *ret_n, struct diag *d);
/* From its beginning once more. */
int backup_stream_rewind(struct backup_stream *s, struct diag *d);
/* Closes; NULL is allowed. */
void backup_stream_free(struct backup_stream *s);

#endif
