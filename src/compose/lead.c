/* First sentences of cover and dashboard; between two stands what the language puts there (the text
 * sentence.joint). */
#include "compose/lead.h"

#include <assert.h>

#include "compose/words.h"
#include "engine/topn.h"

static struct str
period_before(const struct part *p)
{
    return words_said_period(p->lang, p->arena, period_previous(p->in->identity.period));
}

/* Without a sign: the words around it say up or down. */
static struct str
points(const struct part *p, int *ret_direction)
{
    struct rounded r = exact_change(&p->score->mean, &p->score_before->mean, 1, ret_direction, p->arena);
    return exact_text(p->arena, &r);
}

struct str
lead_change(const struct part *p, int *ret_direction)
{
    static const char *const keys[] = {"change.down", "change.same", "change.up"};
    struct str n = points(p, ret_direction);
    return LANG(p->lang, p->arena, keys[*ret_direction + 1], {"points", n},
                {"before", period_before(p)});
}

/* A sentence that is not said leaves no gap. */
static struct str
join_sentences(const struct part *p, struct str a, struct str b)
{
    if (!a.len || !b.len)
        return a.len ? a : b;
    return arena_fmt(p->arena, "%.*s%.*s%.*s", STR_ARG(a), STR_ARG(part_text(p, "sentence.joint")),
                     STR_ARG(b));
}

static struct str
say_assessed(const struct part *p)
{
    struct str period = words_said_period(p->lang, p->arena, p->in->identity.period);
    if (p->score->n_wanted == 0)
        return LANG(p->lang, p->arena, "lead.no-agents", {"period", period});
    if (p->score->n_assessed == 0)
        return LANG(p->lang, p->arena, "lead.no-scans",
                    {"n", words_int(p->lang, p->arena, (int64_t)p->score->n_wanted)},
                    {"period", period});
    return LANG(p->lang, p->arena, "lead.assessed",
                {"n", words_int(p->lang, p->arena, (int64_t)p->score->n_assessed)},
                {"of", words_int(p->lang, p->arena, (int64_t)p->score->n_wanted)},
                {"period", period});
}

/* The average and its change; or that there is none. */
static struct str
say_average(const struct part *p)
{
    const struct score *s = p->score, *old = p->score_before;
    if (!s->n_assessed)
        return STR(""); /* say_assessed() has said it */
    if (!s->n_evaluated)
        return part_text(p, "lead.nothing");
    struct str score = words_pct(p->lang, p->arena, exact_mean_percent(&s->mean, 1, p->arena));
    if (!old || !old->n_evaluated)
        return LANG(p->lang, p->arena, "lead.score", {"score", score});
    static const char *const keys[] = {"lead.score.down", "lead.score.same", "lead.score.up"};
    int direction;
    struct str n = points(p, &direction);
    return LANG(p->lang, p->arena, keys[direction + 1], {"score", score}, {"points", n},
                {"before", period_before(p)});
}

/* The agent with the lowest score, when there are others to compare it with. */
static struct str
say_worst(const struct part *p)
{
    if (p->score->n_evaluated < 2)
        return STR("");
    struct topn_agents t = topn_agents(p->fleet, p->score, 1, p->arena);
    assert(t.n == 1);
    struct str score = words_pct(p->lang, p->arena, exact_percent(score_share(t.v[0]), 2));
    if (t.n_ties)
        return LANG(p->lang, p->arena, "lead.worst.ties", {"score", score},
                    {"n", words_int(p->lang, p->arena, (int64_t)t.n_ties + 1)});
    struct str name = words_agent(p->lang, p->arena, part_agent(p, t.v[0]->agent));
    return LANG(p->lang, p->arena, "lead.worst", {"agent", name}, {"score", score});
}

/* The failure that is on most agents. */
static struct str
say_common(const struct part *p)
{
    struct topn_checks t = topn_checks(p->pick, 1, p->arena);
    if (t.n == 0)
        return STR("");
    if (t.n_ties)
        return LANG(p->lang, p->arena, "lead.common.ties",
                    {"title", words_title(p->arena, t.v[0].title)},
                    {"count", words_int(p->lang, p->arena, (int64_t)t.n_ties + 1)},
                    {"n", words_int(p->lang, p->arena, t.v[0].failed)});
    return LANG(p->lang, p->arena, "lead.common", {"title", words_title(p->arena, t.v[0].title)},
                {"n", words_int(p->lang, p->arena, t.v[0].failed)},
                {"of", words_int(p->lang, p->arena, t.v[0].assessed)});
}

/* That some sections say nothing of a part of the scope. */
static struct str
say_narrowed(const struct part *p)
{
    const struct definition *d = p->in->definition;
    size_t n = 0;
    for (size_t i = 0; i < d->sections.n; i++)
        n += definition_is_narrowed(&d->sections.v[i]);
    if (n == 0)
        return STR("");
    return LANG(p->lang, p->arena, "lead.narrowed", {"n", words_int(p->lang, p->arena, (int64_t)n)},
                {"of", words_int(p->lang, p->arena, (int64_t)d->sections.n)});
}

struct str
lead_cover(const struct part *p)
{
    struct str said = join_sentences(p, say_assessed(p), say_average(p));
    return join_sentences(p, join_sentences(p, said, say_worst(p)), say_narrowed(p));
}

struct str
lead_dashboard(const struct part *p)
{
    if (p->score->n_assessed == 0)
        return say_assessed(p);
    return join_sentences(p, join_sentences(p, say_average(p), say_worst(p)), say_common(p));
}
