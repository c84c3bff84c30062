/* The spool: a folder where transports drop files, and how a run takes them without losing one.
 * What:   claim by rename into work/<claim>/ (held by a lock that dies with its process), settle to
 *         done/ or rejected/ after COMMIT. Files of a claim whose process died go back to the
 *         spool at the next open. Left alone are folders, names that begin with a dot or end in
 *         .tmp, .part, .reason or .p7s (a signature <name>.p7s goes wherever its file <name> goes),
 *         and files that are too young or that somebody still writes. Links, pipes and devices are
 *         taken so that they can be refused: they are never followed or read.
 * Owner:  spool_close releases; paths live in the spool's arena, descriptors are the caller's.
 * Units:  bytes, seconds.
 * Errors: DIAG_IO, DIAG_CANNOT_WRITE with the path as place.
 * See:    doc/man/assay-ingest.1, SPOOL */
#ifndef INGEST_SPOOL_H
#define INGEST_SPOOL_H

#include "base/diag.h"

struct spool;

struct spool_file {
    struct str name; /* as it was in the spool */
    struct str path; /* where it is now, inside work/ */
    int64_t size, mtime;
    int fd;          /* open for reading, or -1 */
    const char *why; /* it is not open */
};

struct spool_options {
    const char *dir;
    bool delete_done; /* remove instead of keeping below done/ */
    int settle_s;     /* files younger than this are left for the next run (still written?) */
    bool watch;       /* for spool_wait() */
};

/* Opens the spool, makes its folders, and takes back what dead runs had claimed. */
int spool_open(const struct spool_options *o, struct arena *a, struct spool **ret, struct diag *d);
/* Lists again what waits; to be called when all that was listed is claimed. */
int spool_list(struct spool *s, struct diag *d);
/* Waits until a file may have arrived, at most ms milliseconds: a file was closed after writing or
 * moved in. A moment more is given for others to come with it. */
int spool_wait(struct spool *s, int ms, struct diag *d);
/* Claims up to max waiting files (or max_bytes, at least one), oldest first; *ret_n 0 = empty. */
int spool_claim(struct spool *s, size_t max, int64_t max_bytes, struct spool_file **ret,
                size_t *ret_n, struct diag *d);
/* Number of files that wait. */
size_t spool_waiting(struct spool *s);
/* The file is in the database: moves it to done/ (or removes it). */
int spool_done(struct spool *s, const struct spool_file *f, struct diag *d);
/* The file was refused: moves it to rejected/ beside <name>.reason with the given text. */
int spool_reject(struct spool *s, const struct spool_file *f, struct str reason, struct diag *d);
/* Puts a claimed file back (database away). */
int spool_release(struct spool *s, const struct spool_file *f, struct diag *d);
/* Ends the claim and frees; NULL is allowed. */
void spool_close(struct spool *s);

#endif
