/* Which reports of scheduled definitions are still to be made.
 * What:   closed periods behind the first scan that have no report yet; periods whose scans were pruned are none.
 * Owner:  the given arena.
 * Units:  seconds UTC.
 * Errors: those of store.h and of definition_load.
 * See:    doc/man/assay-run.1, doc/retention.md */
#ifndef JOB_DUE_H
#define JOB_DUE_H

#include "act/act.h"
#include "model/definition.h"
#include "model/period.h"

struct due_window { /* of periods that can be reported */
    int64_t first_scan; /* CLOCK_NONE = there is none */
    int64_t pruned;     /* scans before it are gone; CLOCK_NONE = none are */
};

enum { DUE_MAX = 1000 };

/* The window as the database has it. */
int due_find_window(struct act *act, struct due_window *ret, struct diag *d);
/* Up to DUE_MAX closed periods of the definition that no run has made yet, newest first. */
int due_list(struct act *act, const struct definition *def, const struct due_window *w,
             struct arena *a, struct period *ret, size_t *ret_n, struct diag *d);
/* What somebody has made and sealed already is his: a night makes no other version of it, unless it was provisional. */
int due_has_version(struct act *act, const struct definition *def, struct period p, bool *ret,
                    struct diag *d);
/* Of all scheduled definitions the period whose report reaches back furthest, with the one before it; the period at hand
 * counts, too. *ret_what: the report, empty = nothing is scheduled. A definition that cannot be read is a failure: what
 * it needs is not known. */
int due_oldest(struct act *act, struct arena *a, struct period *ret, struct str *ret_what,
               struct diag *d);

#endif
