/* Scores: after pick, before topn, groups and bands. Integers are pooled first and divided once. */
#include "engine/score.h"

#include <assert.h>
#include <math.h>

/* By cross-multiplication: two agents with the same share are equal, which quotients would not
 * say. */
int
score_cmp(const struct score_agent *a, const struct score_agent *b)
{
    if (!a->is_evaluated || !b->is_evaluated)
        return (int)b->is_evaluated - (int)a->is_evaluated;
    __extension__ typedef __int128 wide; /* counts come from hosts: products must not overflow */
    wide left = (wide)a->counts.passed * (b->counts.passed + b->counts.failed);
    wide right = (wide)b->counts.passed * (a->counts.passed + a->counts.failed);
    return left < right ? -1 : left > right;
}

static void
score_one(const struct pick *p, size_t agent, struct score_agent *ret)
{
    assert(agent < p->fleet->agents.n && p->first[agent] <= p->first[agent + 1]);
    *ret = (struct score_agent){.agent = agent, .last = CLOCK_NONE, .is_wanted = p->agents[agent]};
    for (size_t k = p->first[agent]; k < p->first[agent + 1]; k++) {
        const struct fleet_scan *s = &p->fleet->scans.v[p->scans[k]];
        struct tally t = tally_of(s->counts);
        tally_add(&ret->counts, &t);
        ret->is_assessed = true;
        ret->is_partial |= s->partial;
        ret->is_score_only |= s->score_only || !s->vec;
        ret->is_time_assumed |= s->zone_assumed || s->end_assumed;
        ret->last = s->end > ret->last ? s->end : ret->last;
    }
    double pct = tally_score(ret->counts.passed, ret->counts.failed);
    ret->is_evaluated = !isnan(pct);
    ret->pct = ret->is_evaluated ? pct : 0;
}

struct share
score_share(const struct score_agent *s)
{
    return (struct share){s->counts.passed, s->counts.passed + s->counts.failed};
}

struct score *
score_make(const struct pick *p, struct arena *a)
{
    struct score *s = ARENA_NEW(a, struct score);
    s->n = p->fleet->agents.n;
    s->n_wanted = p->n_agents;
    s->agents = ARENA_ARRAY(a, struct score_agent, s->n + 1);
    struct share *shares = ARENA_ARRAY(a, struct share, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        struct score_agent *one = &s->agents[i];
        score_one(p, i, one);
        s->n_assessed += one->is_assessed;
        s->n_evaluated += one->is_evaluated;
        s->n_partial += one->is_partial;
        s->n_score_only += one->is_score_only;
        s->n_time_assumed += one->is_time_assumed;
        tally_add(&s->counts, &one->counts);
        shares[i] = score_share(one);
    }
    assert(s->n_evaluated <= s->n_assessed && s->n_assessed <= s->n_wanted);
    s->mean = exact_mean(shares, s->n, a);
    assert((size_t)s->mean.divisor == s->n_evaluated);
    return s;
}
