/* Scans that say only what changed.
 * What:   a delta is merged into the newest state before it and stored whole; what it said itself is
 *         kept beside (column said), so that it can be merged again when an older scan comes late.
 * Owner:  the given arena.
 * Units:  seconds UTC.
 * Errors: as store.h. */
#ifndef STORE_DELTA_H
#define STORE_DELTA_H

#include "store/stored.h"

/* Gives a delta that names its policy by title only the id, version and profile of the agent's
 * newest scan of that title. */
int delta_name(struct store *st, struct scan *s, struct arena *a, struct diag *d);
/* The delta merged into the newest state before it (or, without one, itself, partial). Names the
 * policy by its title when the delta has no id. */
int delta_merge(struct store *st, const struct scan *delta, struct arena *a, struct scan *ret,
                struct diag *d);
/* A part of a scan, such as one page of several: completed by the part that counts at its second, when
 * there is one. *ret_is_sum = false: there is none, or it is no part. What both say goes by the
 * new one: revision_contains() tells whether they agree. */
int delta_complete(struct store *st, const struct scan *part, struct arena *a, struct scan *ret,
                   bool *ret_is_sum, struct diag *d);
/* The delta merged into the scan k of its line. */
int delta_merge_into(struct store *st, const struct stored_scan *k, const struct scan *delta,
                     struct arena *a, struct scan *ret, struct diag *d);
/* What a stored delta brought itself (k->said), with the texts of its policy version. */
int delta_unmerge(struct store *st, const struct stored_scan *k, struct arena *a, struct scan *ret,
                  struct diag *d);

#endif
