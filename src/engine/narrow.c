/* Filters by operating system and score, on the fleet as it was loaded; before pick.c. */
#include "engine/narrow.h"

#include <assert.h>

#include "base/map.h"
#include "engine/score.h"

static bool
fits_os(const struct fleet_agent *agent, const struct report_filter *q)
{
    for (size_t i = 0; i < q->os.n; i++)
        if (str_glob(agent->os, q->os.v[i], true))
            return true;
    return q->os.n == 0;
}

/* In whole numbers: passed of passed and failed against hundredths of a percent. */
static bool
fits_score(const struct score_agent *s, const struct report_filter *q)
{
    __extension__ typedef __int128 wide; /* counts come from hosts: products must not overflow */
    wide share = (wide)s->counts.passed * 10000, all = s->counts.passed + s->counts.failed;
    if (q->score_from < 0 && q->score_below < 0)
        return true;
    return s->is_evaluated && (q->score_from < 0 || share >= q->score_from * all) &&
           (q->score_below < 0 || share < q->score_below * all);
}

/* Keeps those agents, with what is theirs, in the same order. */
static void
keep_agents(struct fleet *f, const bool *keep, struct arena *a)
{
    size_t *at = ARENA_ARRAY(a, size_t, f->agents.n + 1), n = 0;
    for (size_t i = 0; i < f->agents.n; i++) {
        at[i] = keep[i] ? n : FLEET_NONE;
        if (keep[i])
            f->agents.v[n++] = f->agents.v[i];
    }
    f->agents.n = n;
#define KEEP_ROWS(list, type)                                                                       \
    do {                                                                                           \
        n = 0;                                                                                     \
        for (size_t i = 0; i < (list).n; i++) {                                                    \
            size_t agent = at[(list).v[i].agent];                                                  \
            if (agent == FLEET_NONE)                                                               \
                continue;                                                                          \
            (list).v[n] = (list).v[i];                                                             \
            (list).v[n++].agent = (type)agent;                                                      \
        }                                                                                          \
        (list).n = n;                                                                              \
    } while (0)
    KEEP_ROWS(f->scans, size_t);
    KEEP_ROWS(f->points, uint32_t);
    KEEP_ROWS(f->revisions, size_t);
#undef KEEP_ROWS
}

void
narrow_fleets(struct fleet *now, struct fleet *before, const struct report_filter *filter,
              struct arena *a)
{
    if (filter->os.n == 0 && filter->score_from < 0 && filter->score_below < 0)
        return;
    static const struct pick_filter everything;
    const struct score *score = score_make(pick_make(now, &everything, a), a);
    struct map *names = map_new(a);
    bool *keep = ARENA_ARRAY(a, bool, now->agents.n + before->agents.n + 1);
    assert(score->n == now->agents.n);
    for (size_t i = 0; i < now->agents.n; i++) {
        keep[i] = fits_os(&now->agents.v[i], filter) && fits_score(&score->agents[i], filter);
        if (keep[i])
            map_put_index(names, now->agents.v[i].name, i);
    }
    keep_agents(now, keep, a);
    for (size_t i = 0; i < before->agents.n; i++)
        keep[i] = map_get_index(names, before->agents.v[i].name) >= 0;
    keep_agents(before, keep, a);
}
