/* Section "top-agents": the agents with the worst score, lowest first. From engine/topn.c. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"
#include "engine/topn.h"

static void
add_agent_row(struct part *p, struct report_table *t, int64_t rank, const struct score_agent *s)
{
    assert(rank > 0);
    const struct fleet_agent *agent = part_agent(p, s->agent);
    struct report_row *r = report_add_row(p->arena, t);
    struct report_cell *c = r->cells;
    part_note_partial(p, r, s);
    *c++ = cell_int(rank);
    *c++ = part_agent_cell(p, s->agent);
    *c++ = cell_name(part_group(p, agent->group));
    *c++ = cell_time(s->last);
    *c++ = cell_int(s->counts.passed);
    *c++ = cell_int(s->counts.failed);
    *c++ = cell_bar(s->counts.passed, s->counts.failed);
    *c++ = cell_score(exact_percent(score_share(s), 2));
}

static void
add_agent_notes(struct part *p, struct report_table *t, const struct topn_agents *top)
{
    struct arena *a = p->arena;
    const struct score *s = p->score;
    part_note(p, t,
              LANG(p->lang, a, "top-agents.shown", {"n", words_int(p->lang, a, (int64_t)top->n)},
                   {"of", words_int(p->lang, a, (int64_t)s->n_wanted)}));
    if (top->n_ties)
        part_note(p, t,
                  LANG(p->lang, a, "top-agents.ties",
                       {"n", words_int(p->lang, a, (int64_t)top->n_ties)},
                       {"score", words_pct(p->lang, a, exact_percent(score_share(top->v[top->n - 1]), 2))}));
    if (s->n_evaluated < s->n_wanted)
        part_note_count(p, t, "note.without-score", s->n_wanted - s->n_evaluated);
    if (s->n_partial)
        part_note_count(p, t, "note.partial", s->n_partial);
}

void
top_agents_build(struct part *p)
{
    struct topn_agents top = topn_agents(p->fleet, p->score, (size_t)p->def->n, p->arena);
    assert(top.n <= top.n_all);
    part_add_filter(p);
    struct report_table *t = part_table(p, "top-agents", STR(""));
    part_column(p, t, "rank", CELL_INT, 0);
    part_agent_column(p, t, 3);
    part_column(p, t, "group", CELL_TEXT, 1.5);
    part_column(p, t, "last_scan", CELL_TIME, 0);
    part_column(p, t, "passed", CELL_INT, 0);
    part_column(p, t, "failed", CELL_INT, 0);
    part_column(p, t, "bar", CELL_BAR, 1);
    part_column(p, t, "score", CELL_SCORE, 0);
    part_empty(p, t, "empty.nothing-evaluated");
    for (size_t i = 0; i < top.n; i++)
        add_agent_row(p, t, (int64_t)i + 1, top.v[i]);
    add_agent_notes(p, t, &top);
}
