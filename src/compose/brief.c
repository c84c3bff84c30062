/* The sentences of a mail that the cover does not have. compose.c calls it beside the cover; render/mail comes after. */
#include "compose/brief.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/map.h"
#include "compose/words.h"
#include "engine/topn.h"

enum { MAX_WORSE = 3, MAX_MISSING = 5 };

/* A check and on how many more agents it fails than before. */
struct worse {
    const struct topn_check *check;
    int64_t more;
};

static int
by_more(const void *a, const void *b)
{
    const struct worse *x = a, *y = b;
    if (x->more != y->more)
        return x->more > y->more ? -1 : 1;
    return str_cmp(x->check->title, y->check->title);
}

/* Those that fail on more agents, by the title that both periods know. */
static size_t
find_worse(const struct part *p, struct worse **ret)
{
    struct topn_checks now = topn_checks(p->pick, 0, p->arena);
    struct topn_checks before = topn_checks(p->before, 0, p->arena);
    struct map *failed = map_new(p->arena);
    struct worse *list = ARENA_ARRAY(p->arena, struct worse, now.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < before.n; i++)
        map_put_index(failed, before.v[i].title, (size_t)before.v[i].failed);
    for (size_t i = 0; i < now.n; i++) {
        long was = map_get_index(failed, now.v[i].title);
        int64_t more = now.v[i].failed - (was < 0 ? 0 : was);
        if (more > 0)
            list[n++] = (struct worse){&now.v[i], more};
    }
    if (n)
        qsort(list, n, sizeof *list, by_more);
    *ret = list;
    return n;
}

static void
say_more(const struct part *p, size_t n, size_t shown, const char *key, struct str *ret)
{
    *ret = n > shown ? LANG(p->lang, p->arena, key,
                            {"n", words_int(p->lang, p->arena, (int64_t)(n - shown))})
                     : STR("");
}

static void
say_worse(const struct part *p, struct report_brief *ret)
{
    struct arena *a = p->arena;
    struct worse *list;
    struct str rest;
    if (!part_has_before(p)) {
        *VEC_PUSH(a, &ret->worse) = part_text(p, "brief.no-before");
        return;
    }
    struct str before = words_said_period(p->lang, a, period_previous(p->in->identity.period));
    size_t n = find_worse(p, &list), shown = n < MAX_WORSE ? n : MAX_WORSE;
    for (size_t i = 0; i < shown; i++)
        *VEC_PUSH(a, &ret->worse) =
            LANG(p->lang, a, "brief.worse", {"title", words_title(a, list[i].check->title)},
                 {"failed", words_int(p->lang, a, list[i].check->failed)},
                 {"of", words_int(p->lang, a, list[i].check->assessed)},
                 {"n", words_int(p->lang, a, list[i].more)}, {"before", before});
    if (n == 0)
        *VEC_PUSH(a, &ret->worse) = LANG(p->lang, a, "brief.none-worse", {"before", before});
    say_more(p, n, shown, "brief.more-worse", &rest);
    if (rest.len)
        *VEC_PUSH(a, &ret->worse) = rest;
}

static void
say_missing(const struct part *p, struct report_brief *ret)
{
    struct arena *a = p->arena;
    struct str rest;
    size_t n = 0;
    for (size_t i = 0; i < p->score->n; i++) {
        const struct fleet_agent *agent = part_agent(p, i);
        if (!p->score->agents[i].is_wanted || p->score->agents[i].is_assessed || n++ >= MAX_MISSING)
            continue;
        bool is_seen =
            agent->last_seen != CLOCK_NONE && agent->last_seen < p->in->identity.period.from;
        struct str name = words_agent(p->lang, a, agent);
        *VEC_PUSH(a, &ret->missing) =
            is_seen ? LANG(p->lang, a, "brief.silent", {"agent", name},
                           {"day", words_day(p->lang, a, agent->last_seen)})
                    : LANG(p->lang, a, "brief.not-assessed", {"agent", name});
    }
    if (n == 0)
        *VEC_PUSH(a, &ret->missing) =
            part_text(p, p->score->n_wanted ? "brief.all-assessed" : "brief.nobody");
    say_more(p, n, MAX_MISSING, "brief.more-missing", &rest);
    if (rest.len)
        *VEC_PUSH(a, &ret->missing) = rest;
}

void
brief_fill(const struct part *p, struct report_brief *ret)
{
    *ret = (struct report_brief){0};
    say_worse(p, ret);
    say_missing(p, ret);
}
