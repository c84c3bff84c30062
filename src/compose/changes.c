/* What changed since the period before: one table whose rows add up, behind the evolution. From
 * engine/changes.c. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"
#include "engine/changes.h"

struct line {
    const char *key; /* of its text */
    int64_t n;       /* signed: what it adds to the failures */
    bool is_shown;
};

static void
add_line(struct part *p, struct report_table *t, struct str name, int64_t n, bool is_total)
{
    struct report_row *r = report_add_row(p->arena, t);
    r->is_total = is_total;
    r->cells[0] = cell_text(name);
    r->cells[1] = cell_int(n);
}

static struct str
failures_in(const struct part *p, struct period period)
{
    return LANG(p->lang, p->arena, "changes.in", {"period", words_period(p->lang, p->arena, period)});
}

void
changes_add(struct part *p)
{
    if (!part_has_before(p))
        return;
    const struct changes is = changes_count(p->pick, p->before, p->arena), *c = &is;
    part_add(p, BLOCK_HEADING, "heading.changes");
    const struct line lines[] = {{"changes.worse", c->worse, true},
                                 {"changes.fixed", -c->fixed, true},
                                 {"changes.appeared", c->appeared, true},
                                 {"changes.gone", -c->gone, true},
                                 {"changes.by-counts", c->by_counts, c->by_counts != 0},
                                 {"changes.several", c->several, c->several != 0}};
    struct report_table *t = part_table(p, "changes", STR(""));
    part_column(p, t, "change", CELL_TEXT, 4);
    part_column(p, t, "failed", CELL_INT, 0);
    int64_t sum = c->total_before;
    add_line(p, t, failures_in(p, period_previous(p->in->identity.period)), c->total_before, false);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        sum += lines[i].n;
        if (lines[i].is_shown)
            add_line(p, t, part_text(p, lines[i].key), lines[i].n, false);
    }
    add_line(p, t, failures_in(p, p->in->identity.period), sum, true);
    assert(sum == c->total && sum == p->score->counts.failed);
}
