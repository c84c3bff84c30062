/* What is due of the reports that definitions ask for.
 * What:   a period is due at the first moment of the definition's schedule when it has closed, or as soon as it has closed when
 *         there is none; it is due until somebody has made and sealed its report. Every period behind the first scan whose scans
 *         are all there comes in its turn, however late; of a definition with latest_only just the newest one that is due at all.
 * Owner:  the given arena.
 * Units:  seconds UTC. Periods and schedules are of the process's zone: who calls has entered the definition's (zone_enter).
 * Errors: those of store.h.
 * See:    doc/reports/definitions.md, doc/man/assay-schedule.1, doc/retention.md */
#ifndef JOB_DUE_H
#define JOB_DUE_H

#include "act/act.h"
#include "settings/definition.h"

struct due_window {     /* of periods that can be reported */
    int64_t first_scan; /* CLOCK_NONE = there is none */
    int64_t pruned;     /* scans before it are gone; CLOCK_NONE = none are */
};

/* The window as the database has it. */
int due_find_window(struct act *act, struct due_window *ret, struct diag *d);
/* When the report of that period is due; CLOCK_NONE = its schedule has no moment more. */
int64_t due_at(const struct definition *def, struct period p);
/* The periods that are due at env_today(), the oldest first, at most max of the newest. */
int due_list(struct act *act, const struct definition *def, const struct due_window *w, size_t max,
             struct arena *a, struct period **ret, size_t *ret_n, struct diag *d);
/* How far back the reports of all scheduled definitions reach that are to be made yet, with the periods before that they compare
 * with; the period at hand counts, too, and those that wait for their moment. *ret_what: the report that reaches back furthest,
 * empty = nothing is scheduled. A definition that cannot be read is a failure: what it needs is not known. */
int due_reach(struct act *act, struct arena *a, int64_t *ret_from, struct str *ret_what,
              struct diag *d);

enum due_word { DUE_WAITS, DUE_NOW, DUE_RUNS, DUE_FAILED, DUE_PAUSED, DUE_FAULTY };

/* How it stands with one definition. */
struct due_state {
    struct str definition;
    struct definition def; /* not of a faulty one */
    enum due_word word;
    struct str reason;     /* why it failed, or is faulty */
    struct store_run last; /* the run that was changed last; state empty = there is none */
    size_t n_due;
    struct str next_key; /* of the oldest period that is due, or else of the one that will be */
    int64_t next_at;     /* CLOCK_NONE = never */
};

/* "waits", "due", "running", "failed", "paused", "faulty". */
const char *due_word(enum due_word word);
/* All definitions that are scheduled, were, or cannot be read, by name. */
int due_states(struct act *act, struct arena *a, struct due_state **ret, size_t *ret_n,
               struct diag *d);

#endif
