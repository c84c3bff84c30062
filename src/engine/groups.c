/* Groups: after score. */
#include "engine/groups.h"

#include <assert.h>
#include <stdlib.h>

struct keyed {
    struct groups_row row;
    struct str name;
    struct arena *arena; /* for comparing */
};

static int
by_mean_score(const void *x, const void *y)
{
    const struct keyed *a = x, *b = y;
    int c = exact_cmp(&b->row.mean, &a->row.mean, a->arena);
    return c ? c : str_cmp(a->name, b->name);
}

static void
add_to_group(struct groups_row *r, const struct score_agent *s)
{
    r->n_agents++;
    r->n_assessed += s->is_assessed;
    r->n_evaluated += s->is_evaluated;
    r->passed += s->counts.passed;
    r->failed += s->counts.failed;
}

/* The shares of the wanted agents, group by group: those of group i end at ret_end[i]. */
static struct share *
shares_by_group(const struct fleet *f, const struct score *s, size_t *ret_end, struct arena *a)
{
    struct share *v = ARENA_ARRAY(a, struct share, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        if (s->agents[i].is_wanted && f->agents.v[i].group + 1 < f->groups.n)
            ret_end[f->agents.v[i].group + 1]++;
    for (size_t i = 1; i < f->groups.n; i++)
        ret_end[i] += ret_end[i - 1];
    for (size_t i = 0; i < s->n; i++)
        if (s->agents[i].is_wanted)
            v[ret_end[f->agents.v[i].group]++] = score_share(&s->agents[i]);
    return v;
}

struct groups_table
groups_average(const struct fleet *f, const struct score *s, struct arena *a)
{
    assert(s->n == f->agents.n);
    struct keyed *all = ARENA_ARRAY(a, struct keyed, f->groups.n + 1);
    struct groups_table t = {.v = ARENA_ARRAY(a, struct groups_row, f->groups.n + 1)};
    for (size_t i = 0; i < s->n; i++) {
        assert(f->agents.v[i].group < f->groups.n);
        if (s->agents[i].is_wanted)
            add_to_group(&all[f->agents.v[i].group].row, &s->agents[i]);
    }
    size_t *end = ARENA_ARRAY(a, size_t, f->groups.n + 1);
    const struct share *shares = shares_by_group(f, s, end, a);
    for (size_t i = 0; i < f->groups.n; i++) {
        size_t n = all[i].row.n_agents;
        all[i].row.group = i;
        all[i].name = f->groups.v[i].name;
        all[i].arena = a;
        all[i].row.mean = exact_mean(shares + end[i] - n, n, a);
    }
    qsort(all, f->groups.n, sizeof *all, by_mean_score);
    for (size_t i = 0; i < f->groups.n; i++)
        if (all[i].row.n_agents)
            t.v[t.n++] = all[i].row;
    return t;
}
