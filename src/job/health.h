/* How delivery does: each target's cursor, lag, failures and dead letters, and the log itself.
 * What:   read for `assay doctor`, `assay check` and the metrics file (job/metrics.h).
 * Owner:  texts live in the given arena.
 * Units:  records; seconds; CLOCK_NONE = unknown.
 * Errors: those of store.h, DIAG_CANNOT_WRITE.
 * See:    doc/siem/metrics.md */
#ifndef JOB_HEALTH_H
#define JOB_HEALTH_H

#include "act/sent.h"

/* How long a record may wait for a target to which an exporter sends that stays, and one of cron. */
enum { HEALTH_FOLLOW_S = 15 * 60, HEALTH_CRON_S = 25 * 3600 };

struct health_target {
    const struct config_export *e;
    struct store_cursor cursor;
    int64_t lag;      /* records that wait */
    int64_t lag_s;    /* how long the oldest of them does; 0 = none waits */
    int64_t limit_s;  /* how long it may: option lag, else HEALTH_FOLLOW_S or HEALTH_CRON_S */
    bool is_late;     /* it waits longer */
    struct str wrong; /* what the log contradicts of what was sent; empty = nothing */
    struct sent sent;
    int64_t n_refused, n_reduced, n_unreadable; /* dead letters */
};

struct health {
    int64_t size;           /* of the log */
    int64_t checkpoint;     /* records below the newest checkpoint of this host, 0 = none */
    int64_t checkpoint_age; /* seconds, CLOCK_NONE = none */
    int64_t run_at;         /* when `assay run` ended last, CLOCK_NONE = never */
    bool run_failed;
    int64_t run_took_ms;     /* -1 = not known */
    int64_t run_ok_at;       /* when one ended last that did not fail, CLOCK_NONE = never */
    VEC(struct health_target) targets;
};

/* Remembers that a run ended now that took so long. */
int health_note_run(struct act *act, bool failed, int64_t took_ms, struct diag *d);
/* How many files lie in the rejected folder of the spool: 0 when there is none. */
int health_count_rejected(const struct config *c, int64_t *ret, struct diag *d);

/* Reads it all. */
int health_read(struct act *act, struct arena *a, struct health *ret, struct diag *d);
/* Whether the last attempt failed. */
bool health_is_failing(const struct health_target *t);
/* Whether nothing is wrong with a target: it takes messages, in time and all of them, and got those of the log
 * as it is. */
bool health_is_well(const struct health_target *t);
/* "failing for 120 s: …", or what else there is to say about a target, and what to do. */
struct str health_describe(const struct health_target *t, struct arena *a);

#endif
