/* Section "evolution": mean passed and failed checks an agent, as a line over the days and as a table of the
 * changes. From engine/evolution.c. */
#include "compose/sections.h"

#include <assert.h>
#include <math.h>

#include "compose/words.h"
#include "engine/evolution.h"

/* Positions of the first and last day with a known state; false = none. */
static bool
find_ends(const struct evolution *e, size_t *first, size_t *last)
{
    bool found = false;
    for (size_t i = 0; i < e->n; i++) {
        if (e->days[i].n_agents == 0)
            continue;
        *first = found ? *first : i;
        *last = i;
        found = true;
    }
    return found;
}

/* A change that would not show with one decimal is none. */
static const char *
direction(double from, double to)
{
    return to - from >= 0.05 ? "up" : from - to >= 0.05 ? "down" : "same";
}

/* What the lines say from the first known day to the last; one day alone has no direction. */
static struct str
evolution_finding(const struct part *p, const struct evolution *e)
{
    size_t i = 0, k = 0;
    if (!find_ends(e, &i, &k) || i == k)
        return part_text(p, "finding.evolution");
    const struct evolution_day *a = &e->days[i], *b = &e->days[k];
    return part_text(p, arena_fmt(p->arena, "finding.evolution.%s.%s",
                                  direction(a->passed, b->passed), direction(a->failed, b->failed))
                            .s);
}

static struct str
one_decimal(const struct part *p, int64_t sum, int64_t n)
{
    struct rounded r = exact_ratio(sum, n, 1);
    return exact_text(p->arena, &r);
}

/* The chart in one sentence, for those who do not see it. */
static struct str
describe_evolution(const struct part *p, const struct evolution *e)
{
    size_t i = 0, k = 0;
    if (!find_ends(e, &i, &k))
        return part_text(p, "empty.evolution");
    const struct evolution_day *a = &e->days[i], *b = &e->days[k];
    return LANG(
        p->lang, p->arena, "evolution.alt", {"from", words_day(p->lang, p->arena, a->start)},
        {"to", words_day(p->lang, p->arena, b->start)}, {"passed_from", one_decimal(p, a->n_passed, a->n_agents)},
        {"passed_to", one_decimal(p, b->n_passed, b->n_agents)}, {"failed_from", one_decimal(p, a->n_failed, a->n_agents)},
        {"failed_to", one_decimal(p, b->n_failed, b->n_agents)});
}

static void
add_evolution_chart(struct part *p, const struct evolution *e, struct str title)
{
    struct report_chart *ch = part_chart(p, CHART_LINES, "evolution", title);
    ch->alt = describe_evolution(p, e);
    ch->n_points = e->n;
    ch->times = ARENA_ARRAY(p->arena, int64_t, e->n);
    ch->labels = ARENA_ARRAY(p->arena, struct str, e->n);
    part_series(p, ch, "passed", part_text(p, "class.passed"), ROLE_PASSED);
    part_series(p, ch, "failed", part_text(p, "class.failed"), ROLE_FAILED);
    ch->series.v[0].digits = ARENA_ARRAY(p->arena, struct rounded, e->n);
    ch->series.v[1].digits = ARENA_ARRAY(p->arena, struct rounded, e->n);
    for (size_t i = 0; i < e->n; i++) {
        ch->times[i] = words_civil(e->days[i].start);
        ch->labels[i] = words_day(p->lang, p->arena, e->days[i].start);
        ch->series.v[0].values[i] = e->days[i].passed;
        ch->series.v[1].values[i] = e->days[i].failed;
        ch->series.v[0].digits[i] = exact_ratio(e->days[i].n_passed, e->days[i].n_agents, 1);
        ch->series.v[1].digits[i] = exact_ratio(e->days[i].n_failed, e->days[i].n_agents, 1);
    }
    assert(ch->series.n == 2);
}

/* Days after i that end in the same state. */
static size_t
days_alike(const struct evolution *e, size_t i)
{
    size_t n = 0;
    const struct evolution_day *a = &e->days[i];
    for (const struct evolution_day *b; i + n + 1 < e->n; n++) {
        b = &e->days[i + n + 1];
        if (a->n_agents != b->n_agents)
            break;
        if (a->n_agents > 0 && (a->passed != b->passed || a->failed != b->failed))
            break;
    }
    return n;
}

/* A row for each day that changed something, until the day before the next one. */
static void
add_evolution_table(struct part *p, const struct evolution *e)
{
    struct report_table *t = part_table(p, "evolution", STR(""));
    part_column(p, t, "day", CELL_DATE, 1);
    part_column(p, t, "until", CELL_DATE, 1);
    part_column(p, t, "agents", CELL_INT, 1);
    part_column(p, t, "scans", CELL_INT, 1);
    part_column(p, t, "mean_passed", CELL_NUMBER, 1);
    part_column(p, t, "mean_failed", CELL_NUMBER, 1);
    for (size_t i = 0, last; i < e->n; i = last + 1) {
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        int64_t n_scans = 0;
        last = i + days_alike(e, i);
        for (size_t k = i; k <= last; k++)
            n_scans += e->days[k].n_scans;
        *c++ = cell_date(words_civil(e->days[i].start));
        *c++ = cell_date(words_civil(e->days[last].start));
        *c++ = cell_int(e->days[i].n_agents);
        *c++ = cell_int(n_scans);
        *c++ = cell_number(exact_ratio(e->days[i].n_passed, e->days[i].n_agents, 1));
        *c++ = cell_number(exact_ratio(e->days[i].n_failed, e->days[i].n_agents, 1));
    }
}

void
evolution_add(struct part *p, bool with_table)
{
    int64_t from = p->in->identity.period.from, to = p->in->identity.period.to;
    int64_t now = part_today(p);
    if (now >= from && now < to) /* a running period ends with the day of the report */
        to = period_around(PERIOD_DAY, now).to;
    assert(to > from);
    struct evolution e = evolution_make(p->pick, from, to, p->arena);
    size_t first, last;
    struct str title = evolution_finding(p, &e);
    if (!find_ends(&e, &first, &last)) {
        part_add_str(p, BLOCK_HEADING, title);
        part_add(p, BLOCK_TEXT, "empty.evolution");
        return;
    }
    add_evolution_chart(p, &e, title);
    part_add(p, BLOCK_NOTE, "evolution.carry");
    if (with_table)
        add_evolution_table(p, &e);
}

void
evolution_build(struct part *p)
{
    part_add_filter(p);
    evolution_add(p, true);
    changes_add(p);
}
