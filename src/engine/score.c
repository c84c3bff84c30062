/* Scores: after pick, before topn, groups and bands. Integers are pooled first and divided once. */
#include "engine/score.h"

#include <assert.h>

struct score_counts
score_fold(const int64_t counts[STATUS__COUNT])
{
    struct score_counts c = {.not_applicable = counts[STATUS_NOTAPPLICABLE]};
    for (int s = STATUS_NONE; s < STATUS__COUNT; s++) {
        enum status_class class = status_class((enum status)s);
        c.passed += class == CLASS_PASSED ? counts[s] : 0;
        c.failed += class == CLASS_FAILED ? counts[s] : 0;
        c.skipped += class == CLASS_SKIPPED ? counts[s] : 0;
        c.waived += class == CLASS_WAIVED ? counts[s] : 0;
    }
    return c;
}

void
score_add(struct score_counts *a, const struct score_counts *b)
{
    a->passed += b->passed;
    a->failed += b->failed;
    a->skipped += b->skipped;
    a->waived += b->waived;
    a->not_applicable += b->not_applicable;
}

bool
score_pct(int64_t passed, int64_t failed, double *ret)
{
    assert(passed >= 0 && failed >= 0);
    if (passed + failed == 0)
        return false;
    *ret = 100.0 * (double)passed / (double)(passed + failed);
    return true;
}

/* Halves up, in integers. */
int
score_pct_rounded(int64_t passed, int64_t failed)
{
    assert(passed >= 0 && failed >= 0);
    int64_t sum = passed + failed;
    return sum ? (int)((200 * passed + sum) / (2 * sum)) : -1;
}

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
        struct score_counts c = score_fold(s->counts);
        score_add(&ret->counts, &c);
        ret->is_assessed = true;
        ret->is_partial |= s->partial;
        ret->is_score_only |= s->score_only || !s->vec;
        ret->is_time_assumed |= s->zone_assumed || s->end_assumed;
        ret->last = s->end > ret->last ? s->end : ret->last;
    }
    ret->is_evaluated = score_pct(ret->counts.passed, ret->counts.failed, &ret->pct);
}

struct score *
score_make(const struct pick *p, struct arena *a)
{
    struct score *s = ARENA_NEW(a, struct score);
    double sum = 0;
    s->n = p->fleet->agents.n;
    s->n_wanted = p->n_agents;
    s->agents = ARENA_ARRAY(a, struct score_agent, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        struct score_agent *one = &s->agents[i];
        score_one(p, i, one);
        s->n_assessed += one->is_assessed;
        s->n_evaluated += one->is_evaluated;
        s->n_partial += one->is_partial;
        s->n_score_only += one->is_score_only;
        s->n_time_assumed += one->is_time_assumed;
        score_add(&s->counts, &one->counts);
        sum += one->is_evaluated ? one->pct : 0;
    }
    assert(s->n_evaluated <= s->n_assessed && s->n_assessed <= s->n_wanted);
    s->mean_pct = s->n_evaluated ? sum / (double)s->n_evaluated : 0;
    return s;
}
