/* What is due of the reports that definitions ask for.
 * What:   a period is due at the first moment of the definition's schedule when it has closed, or as soon as it has closed when
 *         there is none; it is due until somebody has made and sealed its report. Every period behind the first scan comes in its
 *         turn, however late; of a definition with latest_only just the newest one that is due at all.
 * Owner:  the given arena.
 * Units:  seconds UTC. Periods and schedules are of the process's zone: who calls has entered the definition's (zone_enter).
 * Errors: those of store.h.
 * See:    doc/reports/definitions.md, doc/man/assay-schedule.1 */
#ifndef JOB_DUE_H
#define JOB_DUE_H

#include "act/act.h"
#include "settings/definition.h"

/* When the report of that period is due; CLOCK_NONE = its schedule has no moment more. */
int64_t due_at(const struct definition *def, struct period p);
/* The periods that are due at env_today(), the oldest first, at most max of the newest. Nothing is due before first_scan, the time
 * of the oldest scan. */
int due_list(struct act *act, const struct definition *def, int64_t first_scan, size_t max,
             struct arena *a, struct period **ret, size_t *ret_n, struct diag *d);

enum due_word { DUE_WAITS, DUE_NOW, DUE_RUNS, DUE_FAILED, DUE_PAUSED, DUE_FAULTY };

/* How it stands with one definition. */
struct due_state {
    struct str definition;
    struct definition def; /* not of a faulty one */
    enum due_word word;
    struct str reason;     /* why it failed, or is faulty */
    struct store_run last; /* the run that was changed last; state empty = there is none */
    size_t n_due;
    struct period next; /* the oldest that is due, or else the one that will be */
    struct str next_key;
    int64_t next_at; /* CLOCK_NONE = never */
};

/* "waits", "due", "running", "failed", "paused", "faulty". */
const char *due_word(enum due_word word);
/* All definitions that are scheduled, were, or cannot be read, by name. */
int due_states(struct act *act, struct arena *a, struct due_state **ret, size_t *ret_n,
               struct diag *d);

#endif
