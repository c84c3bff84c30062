/* Rankings: after pick and score. The inner loop over results touches arrays only; titles are
 * hashed once a check of a policy, never once a result. */
#include "engine/topn.h"

#include <assert.h>
#include <stdlib.h>

#include "base/map.h"

struct agent_key { /* what qsort sees */
    const struct score_agent *score;
    const struct fleet_agent *agent;
};

static int
by_agent_score(const void *x, const void *y)
{
    const struct agent_key *a = x, *b = y;
    int c = score_cmp(a->score, b->score);
    return c ? c : str_cmp(a->agent->name, b->agent->name);
}

struct topn_agents
topn_agents(const struct fleet *f, const struct score *s, size_t n, struct arena *a)
{
    assert(s->n == f->agents.n);
    struct topn_agents t = {.v = ARENA_ARRAY(a, const struct score_agent *, s->n_evaluated + 1)};
    struct agent_key *keys = ARENA_ARRAY(a, struct agent_key, s->n_evaluated + 1);
    for (size_t i = 0; i < s->n; i++)
        if (s->agents[i].is_evaluated)
            keys[t.n_all++] = (struct agent_key){&s->agents[i], &f->agents.v[i]};
    assert(t.n_all == s->n_evaluated);
    qsort(keys, t.n_all, sizeof *keys, by_agent_score);
    for (size_t i = 0; i < t.n_all; i++)
        t.v[i] = keys[i].score;
    t.n = n && n < t.n_all ? n : t.n_all;
    for (size_t i = t.n; i < t.n_all && score_cmp(t.v[i], t.v[t.n - 1]) == 0; i++)
        t.n_ties++;
    return t;
}

/* ---- checks ---- */

struct titles {
    struct topn_check *v;
    size_t n;
    size_t **of;       /* [policy][position of the check] -> title */
    size_t *in_policy; /* last policy + 1 that was counted for the title */
};

/* The description is that of the first policy that has one. */
static void
add_check(struct titles *t, struct map *numbers, size_t policy, size_t pos,
          const struct scan_check *c)
{
    struct str title = str_trim(c->title.len ? c->title : c->id);
    long k = map_get_index(numbers, title);
    if (k < 0) {
        k = (long)t->n++;
        map_put_index(numbers, title, (size_t)k);
        t->v[k] = (struct topn_check){.check = c, .title = title};
    }
    if (!t->v[k].check->description.len && c->description.len)
        t->v[k].check = c;
    if (t->in_policy[k] != policy + 1) {
        t->in_policy[k] = policy + 1;
        t->v[k].n_policies++;
    }
    t->of[policy][pos] = (size_t)k;
}

static struct titles
number_titles(const struct pick *p, struct arena *a)
{
    const struct fleet *f = p->fleet;
    size_t n = 0;
    for (size_t i = 0; i < f->policies.n; i++)
        n += f->policies.v[i].checks.n;
    struct map *numbers = map_new(a);
    struct titles t = {.v = ARENA_ARRAY(a, struct topn_check, n + 1),
                       .of = ARENA_ARRAY(a, size_t *, f->policies.n + 1),
                       .in_policy = ARENA_ARRAY(a, size_t, n + 1)};
    for (size_t i = 0; i < f->policies.n; i++) {
        const struct fleet_policy *policy = &f->policies.v[i];
        t.of[i] = ARENA_ARRAY(a, size_t, policy->checks.n + 1);
        for (size_t k = 0; p->policies[i] && k < policy->checks.n; k++)
            add_check(&t, numbers, i, k, &policy->checks.v[k]);
    }
    return t;
}

/* The last agent that was counted for a title, + 1; 0 = none yet. */
struct stamp {
    size_t assessed, failed;
};

struct tally_of_titles {
    struct topn_check *titles;
    struct stamp *stamps;   /* one a title */
    unsigned fails, counts; /* bit v: a status v fails; passes or fails */
};

/* An agent counts once a title, failing when it fails there anywhere: the marks are its own
 * number, so that nothing has to be cleared between agents. */
static void
count_titles(const struct fleet_scan *s, const size_t *title_of, size_t n_checks,
             const struct tally_of_titles *t)
{
    const unsigned fails = t->fails, counts = t->counts;
    size_t n = s->n_vec < n_checks ? s->n_vec : n_checks, mark = s->agent + 1;
    for (size_t pos = 0; pos < n; pos++) {
        unsigned v = pos % 2 ? s->vec[pos / 2] >> 4 : s->vec[pos / 2] & 15;
        if (!(counts >> v & 1))
            continue;
        struct topn_check *title = &t->titles[title_of[pos]];
        struct stamp *stamp = &t->stamps[title_of[pos]];
        if (stamp->assessed != mark) {
            stamp->assessed = mark;
            title->assessed++;
        }
        if ((fails >> v & 1) && stamp->failed != mark) {
            stamp->failed = mark;
            title->failed++;
        }
    }
}

static int
by_title_failures(const void *x, const void *y)
{
    const struct topn_check *a = x, *b = y;
    if (a->failed != b->failed)
        return a->failed > b->failed ? -1 : 1;
    return str_cmp(a->title, b->title);
}

struct topn_checks
topn_checks(const struct pick *p, size_t n, struct arena *a)
{
    const struct fleet *f = p->fleet;
    struct titles t = number_titles(p, a);
    struct tally_of_titles sum = {.titles = t.v, .stamps = ARENA_ARRAY(a, struct stamp, t.n + 1)};
    for (int v = 0; v < STATUS__COUNT; v++) {
        enum status_class class = status_class((enum status)v);
        sum.fails |= (unsigned)(class == CLASS_FAILED) << v;
        sum.counts |= (unsigned)(class == CLASS_FAILED || class == CLASS_PASSED) << v;
    }
    for (size_t i = 0; i < p->n_scans; i++) {
        const struct fleet_scan *s = &f->scans.v[p->scans[i]];
        if (s->vec)
            count_titles(s, t.of[s->policy], f->policies.v[s->policy].checks.n, &sum);
    }
    struct topn_checks ret = {.v = t.v};
    for (size_t i = 0; i < t.n; i++)
        if (t.v[i].failed)
            ret.v[ret.n_all++] = t.v[i];
    qsort(ret.v, ret.n_all, sizeof *ret.v, by_title_failures);
    ret.n = n && n < ret.n_all ? n : ret.n_all;
    for (size_t i = ret.n; i < ret.n_all && ret.v[i].failed == ret.v[ret.n - 1].failed; i++)
        ret.n_ties++;
    return ret;
}
