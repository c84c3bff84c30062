/* Files that are valid and hold nothing to store: what Pandora agents send every few minutes.
 * What:   they are no rejections and have neither a row nor a record of their own: a run counts them,
 *         notes of their senders that they were heard of, and writes one record. They stay claimed
 *         until that is committed, so that a run that is killed has counted none of them.
 * Owner:  nothing_free(); the files belong to the spool that they were claimed from.
 * Units:  counts of files, seconds.
 * Errors: as act/act.h.
 * See:    doc/spool.md, "Files that hold nothing to store" */
#ifndef INTAKE_NOTHING_H
#define INTAKE_NOTHING_H

#include "intake/batch.h"

struct nothing;

/* None yet. */
struct nothing *nothing_new(void);
/* Frees; NULL is allowed. */
void nothing_free(struct nothing *n);
/* Takes such files out of the batch; those of a spool (NULL = named files) are kept. Returns their
 * number. */
size_t nothing_take(struct nothing *n, struct spool *s, struct batch *b);
/* True when so many wait, or so long, that they should be recorded; is_watch: the run has no end. */
bool nothing_is_due(const struct nothing *n, bool is_watch);
/* Records what was taken, and settles the files; nothing to do when there are none. */
int nothing_settle(struct nothing *n, struct act *act, struct spool *s, struct diag *d);
/* Puts the files back (after a failure, or when nothing is to be changed). */
void nothing_release(struct nothing *n, struct spool *s);

#endif
