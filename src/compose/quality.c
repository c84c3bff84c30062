/* Section "quality": what was odd about the inputs: assumed times, incomplete scans, scans of one second
 * that say different things, warnings. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"

struct flags {
    size_t partial, score_only, zone_assumed, end_assumed, late, ahead, stripped;
};

/* A report of the period may have been made before it came. */
static bool
is_late(const struct part *p, const struct fleet_scan *s)
{
    return s->received >= p->in->identity.period.to;
}

static bool
is_picked(const struct part *p, const struct fleet_revision *r)
{
    struct str policy = p->def->policy;
    return p->pick->agents[r->agent] && (!policy.len || str_eq(policy, r->policy_id));
}

static size_t
count_revisions(const struct part *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->fleet->revisions.n; i++)
        n += is_picked(p, &p->fleet->revisions.v[i]);
    return n;
}

static void
add_flag_counts(struct part *p)
{
    struct flags f = {0};
    for (size_t i = 0; i < p->pick->n_scans; i++) {
        const struct fleet_scan *s = &p->fleet->scans.v[p->pick->scans[i]];
        f.partial += s->partial;
        f.score_only += s->score_only || !s->vec;
        f.zone_assumed += s->zone_assumed;
        f.end_assumed += s->end_assumed;
        f.late += is_late(p, s);
        f.ahead += s->ahead;
        f.stripped += s->stripped;
    }
    struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
    const struct {
        const char *key;
        size_t n;
    } lines[] = {{"quality.scans", p->pick->n_scans},
                 {"quality.partial", f.partial},
                 {"quality.score-only", f.score_only},
                 {"quality.zone-assumed", f.zone_assumed},
                 {"quality.end-assumed", f.end_assumed},
                 {"quality.late", f.late},
                 {"quality.ahead", f.ahead},
                 {"quality.revised", count_revisions(p)},
                 {"quality.warnings", p->fleet->warnings.n}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        part_pair(p, b, lines[i].key, words_int(p->lang, p->arena, (int64_t)lines[i].n), false);
    if (f.stripped)
        part_pair(p, b, "quality.evidence-pruned",
                  words_int(p->lang, p->arena, (int64_t)f.stripped), false);
    if (p->in->as_of)
        part_pair(p, b, "quality.changed-since",
                  words_int(p->lang, p->arena, p->fleet->n_changed_since), false);
}

/* What is odd about a scan, in words; empty = nothing. */
static struct str
describe_flags(const struct part *p, const struct fleet_scan *s)
{
    struct str parts[7];
    size_t n = 0;
    if (s->partial)
        parts[n++] = part_text(p, "flag.partial");
    if (s->score_only || !s->vec)
        parts[n++] = part_text(p, "flag.score-only");
    if (s->zone_assumed)
        parts[n++] = part_text(p, "flag.zone-assumed");
    if (s->end_assumed)
        parts[n++] = part_text(p, "flag.end-assumed");
    if (is_late(p, s))
        parts[n++] = part_text(p, "flag.late");
    if (s->ahead)
        parts[n++] = part_text(p, "flag.ahead");
    if (s->stripped)
        parts[n++] = part_text(p, "flag.evidence-pruned");
    assert(n <= sizeof parts / sizeof *parts);
    return words_list(p->lang, p->arena, parts, n);
}

static void
add_scan_row(struct part *p, struct report_table *t, const struct fleet_scan *s)
{
    struct str remark = describe_flags(p, s);
    const struct fleet_policy *policy = &p->fleet->policies.v[s->policy];
    if (!remark.len)
        return;
    struct report_cell *c = report_add_row(p->arena, t)->cells;
    c[0] = part_agent_cell(p, s->agent);
    c[1] = cell_text(policy->title.len ? policy->title : policy->id);
    c[2] = cell_time(s->end);
    c[3] = cell_text(remark);
}

/* Where all files of a month came when it was over, pages show some of them; those with more to say come first. */
static void
add_scans(struct part *p)
{
    enum { SHOWN = 20 };
    struct report_table *t = part_table(p, "quality-scans", STR(""));
    t->page_rows = SHOWN;
    part_agent_column(p, t, 2);
    part_column(p, t, "policy", CELL_TEXT, 1.6);
    part_column(p, t, "scan_time", CELL_TIME, 0);
    part_column(p, t, "remark", CELL_TEXT, 4.5);
    part_empty_scans(p, t, "empty.no-flags");
    for (int only_late = 0; only_late < 2; only_late++)
        for (size_t i = 0; i < p->pick->n_scans; i++) {
            const struct fleet_scan *s = &p->fleet->scans.v[p->pick->scans[i]];
            bool is_odd = s->partial || s->score_only || !s->vec || s->zone_assumed ||
                          s->end_assumed || s->ahead || s->stripped;
            if (is_odd != (bool)only_late)
                add_scan_row(p, t, s);
        }
}

static struct str
standing_text(const struct part *p, enum standing s)
{
    static const char *const keys[STANDING__COUNT] = {
        "standing.first",      "standing.worst",     "standing.fuller",   "standing.accepted",
        "standing.superseded", "standing.contained", "standing.declined", "standing.revoked"};
    assert(s < STANDING__COUNT);
    return part_text(p, keys[s]);
}

/* The one that counts stands beside those that do not. */
static void
add_revisions(struct part *p)
{
    struct report_table *t = part_table(p, "quality-revisions", STR(""));
    part_agent_column(p, t, 2);
    part_column(p, t, "policy", CELL_TEXT, 2);
    part_column(p, t, "scan_time", CELL_TIME, 0);
    part_column(p, t, "revision", CELL_INT, 0);
    part_column(p, t, "passed", CELL_INT, 0);
    part_column(p, t, "failed", CELL_INT, 0);
    part_column(p, t, "file", CELL_TEXT, 2);
    part_column(p, t, "remark", CELL_TEXT, 3);
    part_empty_scans(p, t, "empty.no-revisions");
    for (size_t i = 0; i < p->fleet->revisions.n; i++) {
        const struct fleet_revision *r = &p->fleet->revisions.v[i];
        if (!is_picked(p, r))
            continue;
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = part_agent_cell(p, r->agent);
        c[1] = cell_text(r->policy_title.len ? r->policy_title : r->policy_id);
        c[2] = cell_time(r->end);
        c[3] = cell_int(r->number);
        c[4] = cell_int(r->passed);
        c[5] = cell_int(r->failed);
        c[6] = cell_name(r->file);
        c[7] = cell_text(standing_text(p, r->standing));
    }
}

/* Agents that could be taken for others: what they call themselves is their own word. */
static void
add_namesakes(struct part *p)
{
    static const char *const remarks[] = {[NAMESAKE_ALIAS_IS_NAME] = "namesake.alias-is-name",
                                          [NAMESAKE_NAME_IS_ALIAS] = "namesake.name-is-alias",
                                          [NAMESAKE_ALIAS_SHARED] = "namesake.alias-shared"};
    struct report_table *t = part_table(p, "quality-aliases", STR(""));
    part_agent_column(p, t, 2);
    part_column(p, t, "remark", CELL_TEXT, 3);
    part_empty(p, t, p->score->n_wanted ? "empty.no-namesakes" : "empty.no-agents");
    for (size_t i = 0; i < p->score->n; i++) {
        const struct fleet_agent *agent = part_agent(p, i);
        if (!p->score->agents[i].is_wanted || agent->namesake == NAMESAKE_NONE)
            continue;
        assert((size_t)agent->namesake < sizeof remarks / sizeof *remarks);
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = part_agent_cell(p, i);
        c[1] = cell_text(LANG(p->lang, p->arena, remarks[agent->namesake],
                              {"other", words_name(p->arena, agent->other)}));
    }
}

static void
add_warnings(struct part *p)
{
    struct report_table *t = part_table(p, "quality-warnings", STR(""));
    part_column(p, t, "kind", CELL_TEXT, 0);
    part_column(p, t, "place", CELL_TEXT, 1.5);
    part_column(p, t, "finding", CELL_TEXT, 4);
    part_empty_scans(p, t, "empty.no-warnings");
    for (size_t i = 0; i < p->fleet->warnings.n; i++) {
        const struct diag_note *w = &p->fleet->warnings.v[i];
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_text(str_c(diag_word(w->code)));
        c[1] = cell_name(w->place);
        c[2] = cell_text(w->text);
    }
}

void
quality_build(struct part *p)
{
    part_add(p, BLOCK_TEXT, "quality.text");
    add_flag_counts(p);
    part_add(p, BLOCK_HEADING, "heading.flagged");
    add_scans(p);
    part_add(p, BLOCK_HEADING, "heading.revised");
    add_revisions(p);
    part_add(p, BLOCK_HEADING, "heading.aliases");
    add_namesakes(p);
    part_add(p, BLOCK_HEADING, "heading.warnings");
    add_warnings(p);
}
