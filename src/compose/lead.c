/* First sentences of cover and dashboard; between two stands what the language puts there (the text
 * sentence.joint). */
#include "compose/lead.h"

#include <assert.h>
#include <math.h>

#include "compose/words.h"
#include "engine/topn.h"

/* A change that would not show with one decimal is none. */
int
lead_direction(double change)
{
    assert(!isnan(change));
    return change >= 0.05 ? 1 : change <= -0.05 ? -1 : 0;
}

static struct str
period_before(const struct part *p)
{
    return words_said_period(p->lang, p->arena, period_previous(p->in->identity.period));
}

/* Without a sign: the words around it say up or down. */
static struct str
points(const struct part *p, double change)
{
    return report_score_text(p->arena, fabs(change), 1);
}

struct str
lead_change(const struct part *p, double change)
{
    static const char *const keys[] = {"change.down", "change.same", "change.up"};
    return LANG(p->lang, p->arena, keys[lead_direction(change) + 1], {"points", points(p, change)},
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
    if (!s->n_evaluated)
        return part_text(p, "lead.nothing");
    struct str score = words_pct(p->lang, p->arena, s->mean_pct, 1);
    if (!old || !old->n_evaluated)
        return LANG(p->lang, p->arena, "lead.score", {"score", score});
    static const char *const keys[] = {"lead.score.down", "lead.score.same", "lead.score.up"};
    double change = s->mean_pct - old->mean_pct;
    return LANG(p->lang, p->arena, keys[lead_direction(change) + 1], {"score", score},
                {"points", points(p, change)}, {"before", period_before(p)});
}

/* The agent with the lowest score, when there are others to compare it with. */
static struct str
say_worst(const struct part *p)
{
    if (p->score->n_evaluated < 2)
        return STR("");
    struct topn_agents t = topn_agents(p->fleet, p->score, 1, p->arena);
    assert(t.n == 1);
    struct str score = words_pct(p->lang, p->arena, t.v[0]->pct, 2);
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

struct str
lead_cover(const struct part *p)
{
    return join_sentences(p, join_sentences(p, say_assessed(p), say_average(p)), say_worst(p));
}

struct str
lead_dashboard(const struct part *p)
{
    return join_sentences(p, join_sentences(p, say_average(p), say_worst(p)), say_common(p));
}
