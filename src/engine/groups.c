/* Groups: after score. */
#include "engine/groups.h"

#include <assert.h>
#include <stdlib.h>

struct keyed {
    struct groups_row row;
    struct str name;
};

static int
by_mean_score(const void *x, const void *y)
{
    const struct keyed *a = x, *b = y;
    bool has_a = a->row.n_evaluated > 0, has_b = b->row.n_evaluated > 0;
    if (has_a != has_b)
        return has_a ? -1 : 1;
    if (has_a && a->row.mean_pct != b->row.mean_pct)
        return a->row.mean_pct > b->row.mean_pct ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static void
add_to_group(struct groups_row *r, const struct score_agent *s)
{
    r->n_agents++;
    r->n_assessed += s->is_assessed;
    r->n_evaluated += s->is_evaluated;
    r->mean_pct += s->is_evaluated ? s->pct : 0; /* a sum until all are in */
    r->passed += s->counts.passed;
    r->failed += s->counts.failed;
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
    for (size_t i = 0; i < f->groups.n; i++) {
        all[i].row.group = i;
        all[i].name = f->groups.v[i].name;
        if (all[i].row.n_evaluated)
            all[i].row.mean_pct /= (double)all[i].row.n_evaluated;
    }
    qsort(all, f->groups.n, sizeof *all, by_mean_score);
    for (size_t i = 0; i < f->groups.n; i++)
        if (all[i].row.n_agents)
            t.v[t.n++] = all[i].row;
    return t;
}
