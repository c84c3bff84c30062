/* Numbers about the fleet for status, check and metrics: one load, then sums. */
#include "job/watch.h"

#include <stdlib.h>

#include "base/env.h"
#include "job/known.h"
#include "job/request.h"

enum { DAY_S = 86400, DECIMALS = 2 };

struct rounded
watch_score(const struct tally *counts)
{
    int64_t score = tally_score_shown(counts->passed, counts->failed, DECIMALS);
    return (struct rounded){.none = score < 0, .decimals = DECIMALS, .units = score};
}

static void
add_agent(struct watch_sum *sum, const struct store_overview_agent *ag, int64_t limit)
{
    sum->n_agents++;
    sum->n_scanned += ag->scanned != CLOCK_NONE;
    sum->n_silent += ag->contact < limit;
    sum->n_overdue += ag->scanned < limit;
    sum->passed += ag->counts.passed;
    sum->failed += ag->counts.failed;
    sum->skipped += ag->counts.skipped;
}

static int
by_name(const void *a, const void *b)
{
    const struct watch_group *x = a, *y = b;
    return str_cmp(x->name, y->name);
}

/* The score of some agents is the mean of theirs, as in reports. Shares stand group by group for it. */
static void
sum_up(struct watch *w, struct arena *a)
{
    const struct store_overview *o = &w->overview;
    struct watch_sum *sums = ARENA_ARRAY(a, struct watch_sum, o->n_groups + 1);
    size_t *end = ARENA_ARRAY(a, size_t, o->n_groups + 1);
    struct share *shares = ARENA_ARRAY(a, struct share, o->n + 1);
    for (size_t i = 0; i < o->n; i++) {
        add_agent(&w->all, &o->agents[i], w->limit);
        add_agent(&sums[o->agents[i].group], &o->agents[i], w->limit);
    }
    for (size_t i = 1; i < o->n_groups; i++)
        end[i] = end[i - 1] + (size_t)sums[i - 1].n_agents;
    for (size_t i = 0; i < o->n; i++) {
        const struct tally *t = &o->agents[i].counts;
        shares[end[o->agents[i].group]++] = (struct share){t->passed, t->passed + t->failed};
    }
    struct exact mean = exact_mean(shares, o->n, a);
    w->all.score = exact_mean_percent(&mean, DECIMALS, a);
    for (size_t i = 0; i < o->n_groups; i++) {
        size_t n = (size_t)sums[i].n_agents;
        mean = exact_mean(shares + end[i] - n, n, a);
        sums[i].score = exact_mean_percent(&mean, DECIMALS, a);
        if (n)
            *VEC_PUSH(a, &w->groups) = (struct watch_group){o->groups[i], sums[i]};
    }
    if (w->groups.n)
        qsort(w->groups.v, w->groups.n, sizeof *w->groups.v, by_name);
}

int
watch_load(struct act *act, const struct watch_query *q, struct arena *a, struct watch *ret,
           struct diag *d)
{
    struct report_scope scope = {
        .groups = q->groups, .n_groups = q->n_groups, .agent = q->agent, .policy = q->policy};
    struct fleet_query all = request_population(&act->config, a);
    all.groups = q->groups;
    all.n_groups = q->n_groups;
    all.agent = str_c(q->agent);
    all.policy = str_c(q->policy);
    *ret = (struct watch){.now = env_now(), .limit = env_now() - q->overdue_days * DAY_S};
    if (known_check_scope(act, &scope, DIAG_USAGE, d) != 0 ||
        store_load_overview(act->store, &all, a, &ret->overview, d) != 0)
        return -1;
    sum_up(ret, a);
    return 0;
}

int
watch_find_changes(struct act *act, const struct str *agents, size_t n, int64_t *ret,
                   struct diag *d)
{
    return store_find_changes(act->store, agents, n, ret, d);
}
