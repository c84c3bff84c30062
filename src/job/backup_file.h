/* The format of a backup: frames, parts of rows, a manifest and a hash over all of it. Knows no database.
 * What:   "assay-backup 1\n", then frames of a letter, a length in 4 bytes (big-endian) and that many bytes:
 *           P  begins a part: its name and a line for each column (kind n, t or b; a space; the name)
 *           R  rows of it: each value a length in 4 bytes (ffffffff = NULL) and its bytes; rows follow each other
 *           M  the manifest: lines of text (struct backup_manifest)
 *           E  SHA-256 of everything before this frame; the end of the file
 *         A reader goes through all of it before it believes any of it.
 * Owner:  texts live in the given arena; values last until the callback ends.
 * Units:  bytes; times in seconds UTC.
 * Errors: DIAG_BAD_DATA, DIAG_TRUNCATED: the place is the part or the byte; and those of the callbacks.
 * See:    doc/backup.md, which documents it for others */
#ifndef JOB_BACKUP_FILE_H
#define JOB_BACKUP_FILE_H

#include "base/buf.h"
#include "base/sha256.h"
#include "store/dump.h"

#define BACKUP_MAGIC "assay-backup 1\n"

enum { BACKUP_MAX_FRAME = 128 << 20, BACKUP_MAX_PARTS = 1000 };

struct backup_part { /* as the manifest has it */
    struct str name;
    int64_t n_rows;
    struct sha256_digest sha256; /* of its frames */
};

struct backup_manifest {
    int64_t schema; /* version */
    int64_t made;
    struct str program, server, origin;
    int64_t n_records;         /* of the audit log */
    struct sha256_digest head; /* leaf hash of the newest */
    VEC(struct backup_part) parts;
    struct str checkpoint; /* the newest signed one; empty = none */
};

/* ---- writing ---- */

typedef int backup_put_fn(void *ctx, struct str bytes, struct diag *d);

struct backup_writer {
    backup_put_fn *put;
    void *ctx;
    struct arena *a;
    struct sha256 *all, *part;
    struct buf rows; /* of the frame under way */
    struct backup_part at;
    struct backup_manifest manifest;
    int64_t n_bytes;
};

/* Writes the beginning; manifest says what is known of it now. backup_writer_drop() frees, after a failure, too. */
int backup_write_begin(struct backup_writer *w, backup_put_fn *put, void *ctx,
                       const struct backup_manifest *manifest, struct arena *a, struct diag *d);
/* Begins a part. */
int backup_write_part(struct backup_writer *w, const struct store_part *p, struct diag *d);
/* Adds a row; s == NULL: NULL. */
int backup_write_row(struct backup_writer *w, const struct str *values, size_t n, struct diag *d);
/* Ends the part. */
int backup_write_part_end(struct backup_writer *w, struct diag *d);
/* Writes manifest and end; *ret: the hash of all. */
int backup_write_end(struct backup_writer *w, struct sha256_digest *ret, struct diag *d);
/* Frees. */
void backup_writer_drop(struct backup_writer *w);

/* ---- reading ---- */

/* Up to n bytes; *ret_n 0 = the end. */
typedef int backup_get_fn(void *ctx, char *to, size_t n, size_t *ret_n, struct diag *d);

struct backup_sink { /* who is told what is read; all may be NULL */
    int (*part)(void *ctx, const struct store_part *p, struct diag *d);
    store_row_fn *row;
    int (*part_end)(void *ctx, struct diag *d);
    void *ctx;
};

struct backup_read {
    struct backup_manifest manifest;
    struct sha256_digest sha256; /* of all before the last frame */
    int64_t n_rows, n_bytes;
};

/* Reads one to its end; the manifest is compared with what was read. */
int backup_read(backup_get_fn *get, void *get_ctx, const struct backup_sink *sink, struct arena *a,
                struct backup_read *ret, struct diag *d);

#endif
