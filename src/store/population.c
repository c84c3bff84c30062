/* The rule of who is expected; load.c asks it for each agent of the database. */
#include "store/population.h"

#include <assert.h>

#include "model/duty.h"

struct population {
    struct loading *l;
    struct map *listed; /* names -> index into names */
    VEC(struct str) names;
    VEC(struct str) histories;
    struct map *duties; /* names -> index into histories */
    struct map *judged;
};

static void
add_listed(struct population *p, struct str name)
{
    if (map_get_index(p->listed, name) >= 0)
        return;
    map_put_index(p->listed, name, p->names.n);
    *VEC_PUSH_SOLE(p->l->a, &p->names) = name;
}

static int
load_duties(struct population *p)
{
    struct loading *l = p->l;
    struct stmt *s = stmt_get(l->st, "duty_list", l->d);
    if (!s || stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct str kept = stmt_col_str(s, 1, l->a), key = stmt_col_str(s, 0, l->a);
        if (!str_eq(key, duty_key(duty_agent(kept), l->a))) {
            diag_fail(l->d, DIAG_BAD_DATA, "value: it is not of the agent that the name says");
            return diag_at(l->d, "setting %.*s", STR_ARG(key));
        }
        map_put_index(p->duties, duty_agent(kept), p->histories.n);
        *VEC_PUSH(l->a, &p->histories) = kept;
    }
    return rc;
}

/* The last second that counts: of the period, or of what was known. */
static int64_t
last_second(const struct loading *l)
{
    return l->q->as_of && l->q->as_of < l->q->to ? l->q->as_of : l->q->to - 1;
}

/* Who was taken off the list since. */
static int
load_removed(struct population *p)
{
    struct loading *l = p->l;
    store_listings list;
    if (store_load_listings(l->st, l->a, &list, l->d) != 0)
        return -1;
    for (size_t i = 0; i < list.n; i++)
        if (listed_at(list.v[i], last_second(l)))
            add_listed(p, duty_agent(list.v[i]));
    return 0;
}

int
population_load(struct loading *l, struct population **ret)
{
    struct population *p = ARENA_NEW(l->a, struct population);
    struct store_enrolments list;
    *p = (struct population){
        .l = l, .listed = map_new(l->a), .duties = map_new(l->a), .judged = map_new(l->a)};
    if (store_load_enrolments(l->st, false, false, l->a, &list, l->d) != 0)
        return -1;
    for (size_t i = 0; i < list.v.n; i++)
        if (list.v.v[i].added <= last_second(l))
            add_listed(p, list.v.v[i].name);
    for (size_t i = 0; i < l->q->n_configured; i++)
        add_listed(p, l->q->configured[i]);
    *ret = p;
    return load_removed(p) == 0 ? load_duties(p) : -1;
}

/* What was decided for the last second of the period; not retired when nothing was. */
static struct duty
duty_of(const struct population *p, struct str name)
{
    long at = map_get_index(p->duties, name);
    return duty_at(at < 0 ? STR("") : p->histories.v[at], p->l->q->to - 1);
}

static bool
note_retired(struct population *p, struct str name, struct str group)
{
    struct duty d = duty_of(p, name);
    if (d.is_retired)
        *VEC_PUSH(p->l->a, &p->l->f->retired) = (struct fleet_retired){
            .name = name, .group = group, .reason = d.reason, .from = d.from};
    return d.is_retired;
}

bool
population_judge(struct population *p, struct fleet_agent *ag, struct str group)
{
    const struct fleet_query *q = p->l->q;
    assert(ag->name.len);
    if (map_get_index(p->listed, ag->name) >= 0) /* of the others nobody asks again */
        map_put_index(p->judged, ag->name, 0);
    if (note_retired(p, ag->name, group))
        return true;
    bool seen = ag->first_seen < q->to && (!q->window_s || ag->last_seen >= q->to - q->window_s);
    ag->is_unexpected = map_get_index(p->listed, ag->name) < 0 && (q->only_listed || !seen);
    return false;
}

/* Whoever never reported is in no group. */
static size_t
group_of_none(struct loading *l)
{
    for (size_t i = 0; i < l->f->groups.n; i++)
        if (!l->f->groups.v[i].name.len)
            return i;
    VEC_PUSH(l->a, &l->f->groups)->name = STR("");
    return l->f->groups.n - 1;
}

void
population_add_silent(struct population *p)
{
    struct loading *l = p->l;
    for (size_t i = 0; i < p->names.n && l->q->n_groups == 0; i++) {
        struct str name = p->names.v[i];
        if (map_get_index(p->judged, name) >= 0 ||
            (l->q->agent.len && !str_eq(l->q->agent, name)) || note_retired(p, name, STR("")))
            continue;
        struct fleet_agent ag = {.name = name,
                                 .alias = name,
                                 .os = STR(""),
                                 .address = STR(""),
                                 .other = STR(""),
                                 .group = group_of_none(l),
                                 .first_seen = CLOCK_NONE,
                                 .last_seen = CLOCK_NONE};
        *VEC_PUSH_SOLE(l->a, &l->f->agents) = ag;
    }
    map_done(p->judged);
}
