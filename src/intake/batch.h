/* Files on their way in: hashed, looked up, parsed and judged, several at a time.
 * What:   the first half of taking files in. Parser processes (confine/) do the reading; a thread a
 *         process waits for it. While one batch is being parsed the caller stores the one before.
 * Owner:  every item has an arena of its own, so that a file that was refused costs no memory
 *         longer than needed; batch_drop() frees them.
 * Units:  bytes.
 * Errors: what is wrong with a file stands in its item (rejected, input.reason); -1 is a failure of
 *         the run: no parser can be started, the database is away.
 * See:    intake/intake.h, doc/decisions/0007-confined-parsing.md */
#ifndef INTAKE_BATCH_H
#define INTAKE_BATCH_H

#include "act/act.h"
#include "ingest/spool.h"
#include "intake/unchanged.h"

enum { BATCH_DETAILS = 8 };

/* One file of a batch. */
struct batch_item {
    struct spool_file file;
    struct arena *arena;
    struct diag diag; /* of reading it; its texts live in arena */
    struct str agent; /* whose it is by its transport; empty = the file says, once it was read */
    struct scan_file scans;
    struct store_input input;
    bool rejected, duplicate;
    bool is_nothing; /* valid, and holds nothing to store: nothing.h */
    bool is_early;   /* it ends too early, and may have been written a moment ago */
    bool is_listed;  /* is_nothing: its sender is on the list of agents */
    bool is_moving; /* it changed while it was read: somebody still writes it */
    bool at_rest;   /* it had been left alone for a while when it was hashed, in this state */
    struct unchanged_state state;
    int64_t n_new, n_same, n_revised;
    struct event event;
    struct event_change details[BATCH_DETAILS];
    VEC(struct event) beside;      /* a record for each scan that came beside another */
    VEC(struct str) revised;       /* in words: those that say something else */
};

struct batch {
    struct batch_item *v;
    size_t n;
};

struct batch_reader;
struct enrol;

/* Starts the parsers. agent names the asset of files that name none (NULL = their names say). */
int batch_open(struct act *act, const char *agent, struct batch_reader **ret, struct diag *d);
/* Files that are stored are parsed as well from now on: they are put back. */
void batch_reread(struct batch_reader *r);
/* Waits for what runs, ends the parsers; NULL is allowed. */
void batch_close(struct batch_reader *r);
/* Hashes the files, marks what the database knows already, and begins to parse the others; returns
 * before they are parsed. */
int batch_begin(struct batch_reader *r, const struct spool_file *files, size_t n, struct batch *ret,
                struct diag *d);
/* Waits for the batch that was begun, and judges it. When it holds more than fits into memory at
 * once it ends early: *ret_rest (n 0 = nothing) is the rest, begun again. */
int batch_finish(struct batch_reader *r, struct batch *b, struct batch *ret_rest, struct diag *d);
/* Waits for the parsers; what they read is left as it is (after a failure). */
void batch_wait(struct batch_reader *r);
/* Judges a file that was read as every way of taking it in does, so that assay inspect says what assay ingest
 * would do: whether somebody is named, whether they can be kept, and, with e, whether they may report. Groups are
 * put into f. -1 with the reason in d. */
int batch_judge(const struct config *c, struct enrol *e, const char *path, struct scan_file *f,
                struct arena *a, struct diag *d);
/* Refuses a file after all: the diag says why and is cleared. */
void batch_reject(struct batch_item *it, struct diag *d);
/* Frees one item, closing its file. */
void batch_drop_item(struct batch_item *it);
/* Frees the items. */
void batch_drop(struct batch *b);

#endif
