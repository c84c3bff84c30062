/* Section "quality": what was odd about the inputs: assumed times, incomplete scans, warnings. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"

struct flags {
    size_t partial, score_only, zone_assumed, end_assumed;
};

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
    }
    struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
    const struct {
        const char *key;
        size_t n;
    } lines[] = {
        {"quality.scans", p->pick->n_scans},    {"quality.partial", f.partial},
        {"quality.score-only", f.score_only},   {"quality.zone-assumed", f.zone_assumed},
        {"quality.end-assumed", f.end_assumed}, {"quality.warnings", p->fleet->warnings.n}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        part_pair(p, b, lines[i].key, words_int(p->lang, p->arena, (int64_t)lines[i].n), false);
}

/* What is odd about a scan, in words; empty = nothing. */
static struct str
describe_flags(const struct part *p, const struct fleet_scan *s)
{
    struct str parts[4];
    size_t n = 0;
    if (s->partial)
        parts[n++] = part_text(p, "flag.partial");
    if (s->score_only || !s->vec)
        parts[n++] = part_text(p, "flag.score-only");
    if (s->zone_assumed)
        parts[n++] = part_text(p, "flag.zone-assumed");
    if (s->end_assumed)
        parts[n++] = part_text(p, "flag.end-assumed");
    assert(n <= sizeof parts / sizeof *parts);
    return words_list(p->lang, p->arena, parts, n);
}

static void
add_scans(struct part *p)
{
    struct report_table *t = part_table(p, "quality-scans", STR(""));
    part_column(p, t, "agent", CELL_TEXT, 2);
    part_column(p, t, "policy", CELL_TEXT, 2);
    part_column(p, t, "scan_time", CELL_TIME, 0);
    part_column(p, t, "remark", CELL_TEXT, 3);
    part_empty(p, t, "empty.no-flags");
    for (size_t i = 0; i < p->pick->n_scans; i++) {
        const struct fleet_scan *s = &p->fleet->scans.v[p->pick->scans[i]];
        const struct fleet_policy *policy = &p->fleet->policies.v[s->policy];
        struct str remark = describe_flags(p, s);
        if (!remark.len)
            continue;
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_text(words_agent(part_agent(p, s->agent)));
        c[1] = cell_text(policy->title.len ? policy->title : policy->id);
        c[2] = cell_time(s->end);
        c[3] = cell_text(remark);
    }
}

static void
add_warnings(struct part *p)
{
    struct report_table *t = part_table(p, "quality-warnings", STR(""));
    part_column(p, t, "kind", CELL_TEXT, 0);
    part_column(p, t, "place", CELL_TEXT, 1.5);
    part_column(p, t, "finding", CELL_TEXT, 4);
    part_empty(p, t, "empty.no-warnings");
    for (size_t i = 0; i < p->fleet->warnings.n; i++) {
        const struct diag_note *w = &p->fleet->warnings.v[i];
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_text(str_c(diag_word(w->code)));
        c[1] = cell_text(w->place);
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
    part_add(p, BLOCK_HEADING, "heading.warnings");
    add_warnings(p);
}
