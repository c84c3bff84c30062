/* Evolution: after pick, from the points of the fleet. Every scan adds its difference to the day it
 * fell on; sums over the days then give the states. */
#include "engine/evolution.h"

#include <assert.h>
#include <math.h>

#include "model/period.h"

struct sums { /* differences of one day, later sums up to it */
    int64_t passed, failed, agents;
};

struct state {    /* of one policy id of the agent in hand */
    size_t agent; /* + 1; another value = nothing known yet */
    int64_t passed, failed;
};

/* Days of the site: one can have 23 or 25 hours. */
static struct evolution
list_days(int64_t from, int64_t to, struct arena *a)
{
    VEC(struct evolution_day) days = {0};
    for (int64_t t = from; t < to; t = period_around(PERIOD_DAY, t).to) {
        struct evolution_day *d = VEC_PUSH(a, &days);
        d->start = t;
        assert(days.n < 2 || d->start > days.v[days.n - 2].start);
    }
    return (struct evolution){.days = days.v, .n = days.n};
}

/* The newest day that began at or before t; 0 for everything before the first. */
static size_t
day_of(const struct evolution *e, int64_t t)
{
    assert(e->n > 0);
    size_t low = 0, high = e->n;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (e->days[mid].start <= t)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* Positions of the wanted points before `to`, agent by agent, in order of time within one. */
static uint32_t *
sort_by_agent(const struct pick *p, int64_t to, size_t *ret_n, struct arena *a)
{
    const struct fleet *f = p->fleet;
    size_t *first = ARENA_ARRAY(a, size_t, f->agents.n + 2);
    size_t n = 0;
    for (size_t i = 0; i < f->points.n; i++) {
        const struct fleet_point *q = &f->points.v[i];
        assert(q->agent < f->agents.n && q->policy < f->policies.n);
        assert(i == 0 || f->points.v[i - 1].end <= q->end);
        if (q->end < to && p->agents[q->agent] && p->policies[q->policy])
            first[q->agent + 1]++, n++;
    }
    for (size_t i = 1; i < f->agents.n + 1; i++)
        first[i] += first[i - 1];
    assert(f->points.n <= UINT32_MAX);
    uint32_t *order = ARENA_ARRAY(a, uint32_t, n + 1);
    for (size_t i = 0; i < f->points.n; i++) {
        const struct fleet_point *q = &f->points.v[i];
        if (q->end < to && p->agents[q->agent] && p->policies[q->policy])
            order[first[q->agent]++] = (uint32_t)i;
    }
    *ret_n = n;
    return order;
}

/* The day changes by the difference to the last scan of the agent under this policy. */
static void
add_point(const struct fleet_point *q, struct state *s, bool is_first, struct sums *day)
{
    bool known = s->agent == q->agent + 1;
    day->passed += q->passed - (known ? s->passed : 0);
    day->failed += q->failed - (known ? s->failed : 0);
    day->agents += is_first;
    *s = (struct state){.agent = q->agent + 1, .passed = q->passed, .failed = q->failed};
}

struct evolution
evolution_make(const struct pick *p, int64_t from, int64_t to, struct arena *a)
{
    const struct fleet *f = p->fleet;
    struct evolution e = list_days(from, to, a);
    if (e.n == 0)
        return e;
    size_t n;
    uint32_t *order = sort_by_agent(p, to, &n, a);
    struct sums *diff = ARENA_ARRAY(a, struct sums, e.n), sum = {0};
    struct state *states = ARENA_ARRAY(a, struct state, p->n_policy_ids + 1);
    for (size_t i = 0; i < n; i++) {
        const struct fleet_point *q = &f->points.v[order[i]];
        bool is_first = i == 0 || f->points.v[order[i - 1]].agent != q->agent;
        size_t day = day_of(&e, q->end);
        add_point(q, &states[p->policy_ids[q->policy]], is_first, &diff[day]);
        e.days[day].n_scans += q->end >= from;
    }
    for (size_t i = 0; i < e.n; i++) {
        sum.passed += diff[i].passed;
        sum.failed += diff[i].failed;
        sum.agents += diff[i].agents;
        e.days[i].n_agents = sum.agents;
        e.days[i].n_passed = sum.passed;
        e.days[i].n_failed = sum.failed;
        e.days[i].passed = sum.agents ? (double)sum.passed / (double)sum.agents : NAN;
        e.days[i].failed = sum.agents ? (double)sum.failed / (double)sum.agents : NAN;
    }
    return e;
}
