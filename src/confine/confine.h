/* Parsing in processes that can do nothing else. The door of the room.
 * What:   a job has a helper, a fresh program image without database connection, passwords or keys,
 *         from its first file on; for every file a helper forks a parser process, which enters the
 *         sandbox, reads the bytes of the one open file it was given, answers, and ends. So a file
 *         that makes its parser crash, loop or turn hostile costs that file, and the next one is
 *         parsed by a process that has never seen it.
 * Owner:  confine_close ends the helpers. Scans live in the given arena, but for lists of checks
 *         that many files share: these live until confine_close().
 * Units:  bytes, seconds.
 * Errors: those of ingest_fd(); DIAG_BAD_DATA when the parser crashed, ran too long or tried what
 *         it may not; DIAG_INTERNAL when helpers cannot be started or die.
 * See:    doc/decisions/0007-confined-parsing.md */
#ifndef CONFINE_CONFINE_H
#define CONFINE_CONFINE_H

#include "ingest/ingest.h"

struct confine;

struct confine_options {
    const char *program; /* path of the helpers' program: it must call confine_serve() */
    const char *argv[4]; /* of the helpers, ended by NULL; the texts outlive the helpers */
    unsigned jobs;       /* helpers: files parsed at the same time */
    int64_t memory;      /* a parser's address space, bytes; 0 = no limit */
    int seconds;         /* a parser's processor time; by the clock ten times that and 30 */
    int64_t answer;      /* longest answer, bytes */
    bool is_free;        /* a process for each file, but no sandbox around it */
};

/* Makes ready; each helper starts with its first file: a run that knows all files needs none. The
 * program is opened here: one that is replaced while this runs does not matter. */
int confine_open(const struct confine_options *o, struct confine **ret, struct diag *d);
/* Ends them; NULL is allowed. */
void confine_close(struct confine *c);
/* Number of helpers. */
unsigned confine_jobs(const struct confine *c);
/* ingest_fd() by helper number job. Safe from several threads, one a job. */
int confine_parse(struct confine *c, unsigned job, const struct ingest_context *ctx, int fd,
                  struct arena *a, struct scan_file *ret, struct diag *d);

/* How a parser process reads: ingest_fd(); tests plant others. */
typedef int confine_parse_fn(const struct ingest_context *ctx, int fd, struct arena *a,
                             struct scan_file *ret, struct diag *d);
/* The main function of a helper, after it has read what settings it needs: serves requests on its
 * standard input until that closes. Returns an exit status. */
int confine_serve(confine_parse_fn *parse);

#endif
