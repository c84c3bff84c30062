/* What an exporter remembers of a target, outside of the database: the newest record that arrived there, with
 * its hash, and the failure that is under way.
 * What:   a file a target in <state-dir>/sent. It is written behind what arrived and before the cursor moves, so
 *         it may be behind after a death, and is never ahead of what was sent. A log in which that record is
 *         another one, or is missing, was put back or rewritten: the database alone cannot show that, for it
 *         went back with its cursors. A file that is damaged counts as none, and the next one takes its place.
 * Owner:  texts live in the given arena.
 * Units:  records; seconds since 1970 UTC.
 * Errors: DIAG_VERIFY (the log contradicts it), DIAG_BAD_DATA (damaged), DIAG_CANNOT_WRITE, and those of store.h.
 * See:    doc/audit-checkpoint.md, "What was sent"; doc/decisions/0020-memory.md */
#ifndef ACT_SENT_H
#define ACT_SENT_H

#include "act/act.h"

enum sent_told { SENT_TOLD_NOTHING, SENT_TOLD_FAILURE, SENT_TOLD_HISTORY, SENT_TOLD__COUNT };

struct sent {
    struct str target;
    struct act_mark last; /* the newest record of which a message arrived; seq -1 = none */
    int64_t at;           /* when that was written */
    bool is_followed;     /* by an exporter that stays */
    int64_t n_failed,
        n_again; /* attempts that failed since the target does; how often it took some between */
    int64_t failed_at;   /* the newest of them, 0 = none */
    enum sent_told told; /* what the log has of the failure under way */
};

/* The file of a target. */
struct str sent_path(const struct config *c, struct str target, struct arena *a);
/* Reads it; one that remembers nothing when there is no file, or a damaged one, which fails. */
int sent_load(const struct config *c, struct str target, struct arena *a, struct sent *ret,
              struct diag *d);
/* All that are readable, of targets that the settings name no more as well. */
int sent_list(const struct config *c, struct arena *a, struct sent **ret, size_t *ret_n,
              struct diag *d);
/* Writes it in the place of the one before. is_synced: it survives the end of the machine, too. */
int sent_save(const struct config *c, const struct sent *s, bool is_synced, struct diag *d);
/* A record as the log has it now; seq -1 = it has none, or seq is below 0. */
int sent_find(struct act *act, int64_t seq, struct act_mark *ret, struct diag *d);
/* Holds the log against it: fails when the record is another one now, or is not there. *ret_found (may be
 * NULL): what is there. */
int sent_compare(struct act *act, const struct sent *s, struct act_mark *ret_found, struct diag *d);

#endif
