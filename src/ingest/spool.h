/* The spool: a folder where transports drop files, and how a run takes them without losing one.
 * What:   claim by rename into work/<claim>/ (held by a lock that dies with its process), settle to
 *         done/ or rejected/ after COMMIT. Files of a claim whose process died go back to the
 *         spool at the next open, and so does what was changed after it was rejected. Left alone are
 *         folders, names that begin with a dot or end in .tmp, .part, .reason or .p7s (a signature
 *         <name>.p7s goes wherever its file <name> goes), and files that somebody still writes, or
 *         may write: those that the kernel cannot tell of are left until they have rested. Links,
 *         pipes and devices are taken so that they can be refused: they are never followed or read.
 *         A file that cannot be read or moved is left and told of
 *         (spool_take_left); the others go on.
 * Owner:  spool_close releases; names live in the spool's arena, descriptors are the caller's.
 * Units:  bytes, seconds.
 * Errors: DIAG_IO, DIAG_CANNOT_WRITE, DIAG_CONFIG with the path as place: what concerns all files.
 * See:    doc/spool.md */
#ifndef INGEST_SPOOL_H
#define INGEST_SPOOL_H

#include "base/diag.h"

struct spool;

struct spool_file {
    struct str name; /* as it was in the spool */
    struct str path; /* for people, and where it is unless at says otherwise */
    const char *at;  /* where it can be opened now, inside work/, whatever became of the folders */
    int64_t size, mtime;
    int fd;          /* open for reading, or -1 */
    const char *why; /* it is not open */
    bool is_fresh;   /* it changed a moment ago: that it ends too early says nothing yet */
};

struct spool_options {
    const char *dir;
    bool delete_done; /* remove instead of keeping below done/ */
    int settle_s;     /* after so long without a change nobody writes a file any more */
    bool settle_all;  /* no file is taken before that */
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
/* Whether a file of that name is none of ours: hidden, still being written, a reason or a signature. */
bool spool_leaves_alone(const char *name);
/* Number of files that wait. */
size_t spool_waiting(struct spool *s);
/* The file is in the database: moves it to done/ (or removes it, as remove says for this one). */
int spool_done(struct spool *s, const struct spool_file *f, bool remove, struct diag *d);
/* The file was refused: moves it to rejected/ beside <name>.reason with the given text. */
int spool_reject(struct spool *s, const struct spool_file *f, struct str reason, struct diag *d);
/* Puts a claimed file back (database away); one that was taken back already is allowed. */
int spool_release(struct spool *s, const struct spool_file *f, struct diag *d);
/* Puts back a fresh file that ends too early: it is not listed again until it has changed, or has
 * rested. */
int spool_postpone(struct spool *s, const struct spool_file *f, struct diag *d);

struct spool_left { /* a file that was left where it is */
    struct str name, why;
};

/* What was left since this was asked last, each file once while the spool is open; *ret lives as long
 * as the spool. */
size_t spool_take_left(struct spool *s, const struct spool_left **ret);
/* Ends the claim and frees; NULL is allowed. */
void spool_close(struct spool *s);

#endif
