/* Section "scoring": the newest score of each agent inside the period. From engine/score.c. */
#include "compose/sections.h"

#include <assert.h>
#include <stdlib.h>

#include "compose/words.h"

struct named {
    struct str name;
    const struct score_agent *score;
};

/* Two agents can go by one name: their order in the fleet decides then, so that equal data give
 * equal bytes. */
static int
by_scored_name(const void *x, const void *y)
{
    const struct named *a = x, *b = y;
    int c = str_cmp(a->name, b->name);
    return c ? c : (a->score->agent > b->score->agent) - (a->score->agent < b->score->agent);
}

static struct named *
list_assessed(struct part *p)
{
    assert(p->score->n == p->fleet->agents.n);
    struct named *v = ARENA_ARRAY(p->arena, struct named, p->score->n_assessed + 1);
    size_t n = 0;
    for (size_t i = 0; i < p->score->n; i++)
        if (p->score->agents[i].is_assessed)
            v[n++] = (struct named){part_agent(p, i)->name, &p->score->agents[i]};
    assert(n == p->score->n_assessed);
    qsort(v, n, sizeof *v, by_scored_name);
    return v;
}

static void
add_score_row(struct part *p, struct report_table *t, const struct named *row)
{
    assert(t->columns.n == 6);
    struct report_row *r = report_add_row(p->arena, t);
    struct report_cell *c = r->cells;
    const struct score_agent *s = row->score;
    part_note_partial(p, r, s);
    c[0] = cell_time(s->last);
    c[1] = part_agent_cell(p, s->agent);
    c[2] = cell_name(part_group(p, part_agent(p, s->agent)->group));
    c[3] = cell_int(s->counts.passed);
    c[4] = cell_int(s->counts.failed);
    c[5] = cell_score(exact_percent(score_share(s), 2));
}

static void
add_mean(struct part *p, struct report_table *t)
{
    assert(t->columns.n == 6);
    const struct score *s = p->score;
    struct report_row *r = report_add_row(p->arena, t);
    r->is_total = true;
    r->cells[1] = cell_text(LANG(p->lang, p->arena, "scoring.mean",
                                 {"n", words_int(p->lang, p->arena, (int64_t)s->n_evaluated)}));
    r->cells[3] = cell_int(s->counts.passed);
    r->cells[4] = cell_int(s->counts.failed);
    r->cells[5] = cell_score(exact_mean_percent(&s->mean, 2, p->arena));
}

static void
add_score_notes(struct part *p, struct report_table *t, size_t n)
{
    struct arena *a = p->arena;
    const struct score *s = p->score;
    part_note(p, t,
              LANG(p->lang, a, "scoring.shown", {"n", words_int(p->lang, a, (int64_t)n)},
                   {"of", words_int(p->lang, a, (int64_t)s->n_assessed)}));
    if (s->n_assessed < s->n_wanted)
        part_note_count(p, t, "note.without-scan", s->n_wanted - s->n_assessed);
    if (s->n_partial)
        part_note_count(p, t, "note.partial", s->n_partial);
}

void
scoring_build(struct part *p)
{
    struct named *rows = list_assessed(p);
    size_t n = p->score->n_assessed;
    if (p->def->n > 0 && (size_t)p->def->n < n)
        n = (size_t)p->def->n;
    part_add_filter(p);
    struct report_table *t = part_table(p, "scoring", STR(""));
    part_column(p, t, "last_scan", CELL_TIME, 0);
    part_agent_column(p, t, 3);
    part_column(p, t, "group", CELL_TEXT, 1.5);
    part_column(p, t, "passed", CELL_INT, 0);
    part_column(p, t, "failed", CELL_INT, 0);
    part_column(p, t, "score", CELL_SCORE, 0);
    part_empty(p, t, "empty.no-scans");
    for (size_t i = 0; i < n; i++)
        add_score_row(p, t, &rows[i]);
    if (n)
        add_mean(p, t);
    add_score_notes(p, t, n);
}
