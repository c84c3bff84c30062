/* Section "scope": who was expected, who was assessed, by which policies, and who is missing. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"
#include "engine/groups.h"

enum { DAY_S = 86400 };

static void
add_scope_number(struct part *p, struct report_block *b, const char *key, size_t n)
{
    part_pair(p, b, key, words_int(p->lang, p->arena, (int64_t)n), false);
}

/* Share of results that were not applicable. */
static struct str
not_applicable(const struct part *p)
{
    const struct tally *c = &p->score->counts;
    int64_t all = c->passed + c->failed + c->skipped + c->waived;
    if (all == 0)
        return part_text(p, "figure.not-evaluated");
    return LANG(p->lang, p->arena, "scope.share",
                {"n", words_int(p->lang, p->arena, c->not_applicable)},
                {"of", words_int(p->lang, p->arena, all)},
                {"pct", words_pct(p->lang, p->arena, exact_percent((struct share){c->not_applicable, all}, 0))});
}

static void
add_scope_counts(struct part *p)
{
    const struct score *s = p->score;
    struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
    assert(s->n_evaluated <= s->n_assessed && s->n_assessed <= s->n_wanted);
    part_pair(p, b, "scope.period", words_range(p->lang, p->arena, p->in->identity.period), false);
    part_pair(p, b, "scope.rule", p->report->scope, false);
    add_scope_number(p, b, "scope.expected", s->n_wanted);
    add_scope_number(p, b, "scope.assessed", s->n_assessed);
    add_scope_number(p, b, "scope.silent", s->n_wanted - s->n_assessed);
    add_scope_number(p, b, "scope.not-evaluated", s->n_assessed - s->n_evaluated);
    add_scope_number(p, b, "scope.score-only", s->n_score_only);
    add_scope_number(p, b, "scope.partial", s->n_partial);
    part_pair(p, b, "scope.not-applicable", not_applicable(p), false);
}

/* Every group in full: the line of the cover names a dozen at most. */
static void
add_groups(struct part *p)
{
    struct groups_table g = groups_average(p->fleet, p->score, p->arena);
    struct report_table *t = part_table(p, "scope-groups", STR(""));
    part_column(p, t, "group", CELL_TEXT, 3);
    part_column(p, t, "agents", CELL_INT, 0);
    part_column(p, t, "assessed", CELL_RATIO, 0);
    part_column(p, t, "evaluated", CELL_RATIO, 0);
    part_empty(p, t, "empty.no-agents");
    for (size_t i = 0; i < g.n; i++) {
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_name(part_group(p, g.v[i].group));
        c[1] = cell_int((int64_t)g.v[i].n_agents);
        c[2] = cell_ratio((int64_t)g.v[i].n_assessed, (int64_t)g.v[i].n_agents);
        c[3] = cell_ratio((int64_t)g.v[i].n_evaluated, (int64_t)g.v[i].n_agents);
    }
}

static void
add_policies(struct part *p)
{
    size_t *agents = ARENA_ARRAY(p->arena, size_t, p->fleet->policies.n + 1);
    for (size_t i = 0; i < p->pick->n_scans; i++)
        agents[p->fleet->scans.v[p->pick->scans[i]].policy]++;
    struct report_table *t = part_table(p, "scope-policies", STR(""));
    part_column(p, t, "policy", CELL_TEXT, 3);
    part_column(p, t, "version", CELL_TEXT, 1);
    part_column(p, t, "policy_id", CELL_TEXT, 1.5);
    part_column(p, t, "checks", CELL_INT, 0);
    part_column(p, t, "agents", CELL_RATIO, 0);
    part_empty(p, t, "empty.no-scans");
    for (size_t i = 0; i < p->fleet->policies.n; i++) {
        const struct fleet_policy *k = &p->fleet->policies.v[i];
        if (!agents[i])
            continue;
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_text(k->title.len ? k->title : k->id);
        c[1] = cell_name(k->version);
        c[2] = cell_name(k->id);
        c[3] = cell_int((int64_t)k->checks.n);
        c[4] = cell_ratio((int64_t)agents[i], (int64_t)p->score->n_assessed);
    }
    part_note(p, t, part_text(p, "scope.policies"));
}

/* Of who reported after the period, but not in it, no days of silence are told. */
static void
add_missing(struct part *p)
{
    assert(p->score->n == p->fleet->agents.n);
    struct report_table *t = part_table(p, "scope-missing", STR(""));
    part_agent_column(p, t, 3);
    part_column(p, t, "group", CELL_TEXT, 1.5);
    part_column(p, t, "last_seen", CELL_TIME, 0);
    part_column(p, t, "days_silent", CELL_INT, 0);
    for (size_t i = 0; i < p->score->n; i++) {
        const struct fleet_agent *agent = part_agent(p, i);
        if (!p->score->agents[i].is_wanted || p->score->agents[i].is_assessed)
            continue;
        bool seen =
            agent->last_seen != CLOCK_NONE && agent->last_seen < p->in->identity.period.from;
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = part_agent_cell(p, i);
        c[1] = cell_name(part_group(p, agent->group));
        c[2] = cell_time(agent->last_seen);
        c[3] = cell_int(seen ? (p->in->identity.period.to - agent->last_seen) / DAY_S : 0);
        c[3].null = !seen;
    }
    if (t->rows.n == 0) /* not said of a table that has some, not even in data */
        part_empty(p, t, p->score->n_wanted ? "empty.no-missing" : "empty.no-agents");
    part_note(p, t, part_text(p, "scope.missing"));
}

/* Who was taken out of what is expected, by whom it concerns: an officer's decision, and no finding. */
static void
add_retired(struct part *p)
{
    if (p->fleet->retired.n == 0)
        return;
    part_add(p, BLOCK_HEADING, "heading.retired");
    struct report_table *t = part_table(p, "scope-retired", STR(""));
    part_column(p, t, "agent", CELL_TEXT, 2);
    part_column(p, t, "group", CELL_TEXT, 1.5);
    part_column(p, t, "retired_from", CELL_DATE, 0);
    part_column(p, t, "reason", CELL_TEXT, 3);
    for (size_t i = 0; i < p->fleet->retired.n; i++) {
        const struct fleet_retired *r = &p->fleet->retired.v[i];
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_name(r->name);
        c[1] = cell_name(r->group.len ? r->group : part_text(p, "group.none"));
        c[2] = cell_date(r->from);
        c[3] = cell_text(r->reason);
    }
    part_note(p, t, part_text(p, "scope.retired"));
}

void
scope_build(struct part *p)
{
    part_add(p, BLOCK_TEXT, "scope.text");
    part_add_filter(p);
    add_scope_counts(p);
    part_add(p, BLOCK_HEADING, "heading.scope-groups");
    add_groups(p);
    part_add(p, BLOCK_HEADING, "heading.policies");
    add_policies(p);
    part_add(p, BLOCK_HEADING, "heading.missing");
    add_missing(p);
    add_retired(p);
    part_add(p, BLOCK_NOTE, "scope.limits");
}
