/* How the fleet is now: agents with their scores, groups, who was not heard of, whose scan is overdue.
 * What:   what a report over the last expect-days would say, without texts and results, and not compared with the
 *         log: for those who look, not for evidence.
 * Owner:  the given arena.
 * Units:  counts of agents and of checks; percent with two decimals; seconds UTC.
 * Errors: DIAG_USAGE (a word that nobody knows), those of store.h.
 * See:    doc/thresholds.md */
#ifndef JOB_WATCH_H
#define JOB_WATCH_H

#include "act/act.h"
#include "model/exact.h"

struct watch_query {
    const struct str *groups; /* n_groups 0 = all */
    size_t n_groups;
    const char *agent, *policy; /* NULL = all */
    int64_t overdue_days;       /* for how long an agent may be silent, and a scan may be old */
};

/* The four values of some agents, and how many they are. */
struct watch_sum {
    int64_t n_agents;                /* that are expected, or have a scan */
    int64_t n_scanned;               /* with a scan */
    int64_t n_silent;                /* not heard of for overdue_days, or never */
    int64_t n_overdue;               /* whose newest scan is older, or that have none */
    int64_t passed, failed, skipped; /* skipped: not applied */
    struct rounded score;            /* the mean of those with a score */
};

struct watch_group {
    struct str name;
    struct watch_sum sum;
};

struct watch {
    struct store_overview overview;
    struct watch_sum all;
    VEC(struct watch_group) groups; /* that have agents, by name */
    int64_t now, limit;             /* who was heard of, or scanned, before is silent, or overdue */
};

/* Loads it. */
int watch_load(struct act *act, const struct watch_query *q, struct arena *a, struct watch *ret,
               struct diag *d);
/* A score of counts as it is printed: never 100 while something failed. */
struct rounded watch_score(const struct tally *counts);
/* When a result of each of n agents changed last, CLOCK_NONE = never. */
int watch_find_changes(struct act *act, const struct str *agents, size_t n, int64_t *ret,
                       struct diag *d);

#endif
