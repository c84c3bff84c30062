/* Files on their way in: hashed, looked up, parsed and judged, several at a time.
 * What:   the first half of the ingest job. Parser processes (confine/) do the reading; a thread a
 *         process waits for it. While one batch is being parsed the caller stores the one before.
 * Owner:  every item has an arena of its own, so that a file that was refused costs no memory
 *         longer than needed; intake_drop() frees them.
 * Units:  bytes.
 * Errors: what is wrong with a file stands in its item (rejected, input.reason); -1 is a failure of
 *         the run: no parser can be started, the database is away.
 * See:    intake/ingest.h, doc/decisions/0007-confined-parsing.md */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "ingest/spool.h"
#include "intake/ingest.h"
#include "intake/unchanged.h"

enum { INTAKE_DETAILS = 8 };

/* One file of a batch. */
struct intake_item {
    struct spool_file file;
    struct arena *arena;
    struct diag diag; /* of reading it; its texts live in arena */
    struct str agent; /* whose it is by its transport; empty = the file says */
    struct scan_file scans;
    struct store_input input;
    bool rejected, duplicate;
    bool is_moving; /* it changed while it was read: somebody still writes it */
    bool at_rest;   /* it had been left alone for a while when it was hashed, in this */
    struct unchanged_state state;
    int64_t n_new, n_same, n_conflict;
    struct event event;
    struct event_change details[INTAKE_DETAILS];
};

struct intake_batch {
    struct intake_item *v;
    size_t n;
};

struct intake;

/* Starts the parsers. agent names the asset of files that name none (NULL = their names say). */
int intake_open(struct act *act, const char *agent, struct intake **ret, struct diag *d);
/* Waits for what runs, ends the parsers; NULL is allowed. */
void intake_close(struct intake *in);
/* Hashes the files, marks what the database knows already, and begins to parse the others; returns
 * before they are parsed. */
int intake_begin(struct intake *in, const struct spool_file *files, size_t n,
                 struct intake_batch *ret, struct diag *d);
/* Waits for the batch that was begun, and judges it. When it holds more than fits into memory at
 * once it ends early: *ret_rest (n 0 = nothing) is the rest, begun again. */
int intake_finish(struct intake *in, struct intake_batch *b, struct intake_batch *ret_rest,
                  struct diag *d);
/* Waits for the parsers; what they read is left as it is (after a failure). */
void intake_wait(struct intake *in);
/* Refuses a file after all: the diag says why and is cleared. */
void intake_reject(struct intake_item *it, struct diag *d);
/* Frees one item, closing its file. */
void intake_drop_item(struct intake_item *it);
/* Frees the items. */
void intake_drop(struct intake_batch *b);

#endif
