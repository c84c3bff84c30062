/* Average score by group, on the dashboard. From engine/groups.c. */
#include "engine/groups.h"

#include "compose/sections.h"
#include "compose/words.h"

void
groups_add(struct part *p)
{
    struct groups_table g = groups_average(p->fleet, p->score, p->arena);
    struct report_table *t = part_table(p, "groups", STR(""));
    part_column(p, t, "group", CELL_TEXT, 2);
    part_column(p, t, "bar", CELL_BAR, 1);
    part_column(p, t, "score", CELL_SCORE, 0);
    part_column(p, t, "assessed", CELL_RATIO, 0);
    part_empty(p, t, "empty.no-agents");
    for (size_t i = 0; i < g.n; i++) {
        const struct groups_row *r = &g.v[i];
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_name(part_group(p, r->group));
        c[1] = cell_bar(r->passed, r->failed);
        c[2] = cell_score(exact_mean_percent(&r->mean, 1, p->arena));
        c[3] = cell_ratio((int64_t)r->n_assessed, (int64_t)r->n_agents);
    }
    part_note(p, t, part_text(p, "groups.mean"));
}
