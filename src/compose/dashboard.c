/* Section "dashboard": key figures, time line, groups, most frequent failures and score bands, on one page.
 * Built of the pieces of the other sections. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/lead.h"
#include "compose/words.h"

enum {
    TOP_CHECKS_N = 5,
    FEW_GROUPS = 8, /* more do not stand beside the time line */
};

static struct report_figure *
add_figure(struct part *p, struct report_block *b, const char *label, struct str value)
{
    struct report_figure *f = VEC_PUSH(p->arena, &b->figures);
    *f = (struct report_figure){.value = value, .label = part_text(p, label), .detail = STR("")};
    return f;
}

/* Where nothing was evaluated none passed and none failed, which is no result. */
static struct str
count_text(const struct part *p, int64_t n)
{
    return p->score->n_evaluated ? words_int(p->lang, p->arena, n)
                                 : part_text(p, "figure.not-evaluated");
}

static void
add_score_figure(struct part *p, struct report_block *b)
{
    const struct score *s = p->score;
    struct str value = s->n_evaluated ? words_pct(p->lang, p->arena,
                                                 exact_mean_percent(&s->mean, 1, p->arena))
                                      : part_text(p, "figure.not-evaluated");
    struct report_figure *f = add_figure(p, b, "figure.score", value);
    if (!part_has_before(p))
        return;
    f->detail = lead_change(p, &f->direction);
}

/* Silence is told beside the number: a good score of half a fleet says little. */
static void
add_assessed_figure(struct part *p, struct report_block *b)
{
    const struct score *s = p->score;
    struct arena *a = p->arena;
    struct str value =
        LANG(p->lang, a, "figure.of", {"n", words_int(p->lang, a, (int64_t)s->n_assessed)},
             {"of", words_int(p->lang, a, (int64_t)s->n_wanted)});
    struct report_figure *f = add_figure(p, b, "figure.assessed", value);
    size_t silent = s->n_wanted - s->n_assessed;
    assert(s->n_assessed <= s->n_wanted);
    if (silent)
        f->detail =
            LANG(p->lang, a, "figure.silent", {"n", words_int(p->lang, a, (int64_t)silent)});
    else
        f->detail = part_text(p, s->n_wanted ? "figure.complete" : "figure.nobody");
}

/* Fewer failures are the good direction. */
static void
add_failed_figure(struct part *p, struct report_block *b)
{
    struct arena *a = p->arena;
    int64_t failed = p->score->counts.failed;
    struct report_figure *f = add_figure(p, b, "figure.failed", count_text(p, failed));
    if (!part_has_before(p))
        return;
    int64_t change = failed - p->score_before->counts.failed;
    f->direction = change < 0 ? 1 : change > 0 ? -1 : 0;
    const char *key = change < 0 ? "figure.fewer" : change > 0 ? "figure.more" : "figure.unchanged";
    f->detail =
        LANG(p->lang, a, key, {"n", words_int(p->lang, a, change < 0 ? -change : change)},
             {"before", words_said_period(p->lang, a, period_previous(p->in->identity.period))});
}

/* Changes, failure by failure; without a period before, the passed checks instead. */
static void
add_changes_figure(struct part *p, struct report_block *b, const struct changes *c)
{
    struct arena *a = p->arena;
    if (!c) {
        add_figure(p, b, "figure.passed", count_text(p, p->score->counts.passed));
        return;
    }
    struct report_figure *f = add_figure(p, b, "figure.worse", words_int(p->lang, a, c->worse));
    f->direction = c->worse > c->fixed ? -1 : c->worse < c->fixed ? 1 : 0;
    int64_t more = c->by_counts + c->several;
    struct str rest = arena_fmt(a, "%lld", (long long)more);
    f->detail = LANG(p->lang, a, more ? "figure.changes.rest" : "figure.changes",
                     {"fixed", words_int(p->lang, a, c->fixed)},
                     {"appeared", words_int(p->lang, a, c->appeared)},
                     {"gone", words_int(p->lang, a, c->gone)},
                     {"rest", lang_number(p->lang, a, rest)});
}

void
dashboard_build(struct part *p)
{
    struct report_section *whole = p->section;
    struct changes c = {0};
    if (part_has_before(p))
        c = changes_count(p->pick, p->before, p->arena);
    p->says_counts_once = true;
    part_add_str(p, BLOCK_LEAD, lead_dashboard(p));
    part_add_filter(p);
    struct report_block *figures = report_add(p->arena, p->section, BLOCK_FIGURES);
    add_score_figure(p, figures);
    add_assessed_figure(p, figures);
    add_failed_figure(p, figures);
    add_changes_figure(p, figures, part_has_before(p) ? &c : NULL);
    bool few = p->fleet->groups.n <= FEW_GROUPS;
    if (few) {
        struct report_block *columns = part_columns(p, 0.56);
        evolution_add(p, false);
        part_right(p, columns);
        part_add(p, BLOCK_HEADING, "heading.groups");
        groups_add(p);
        part_whole(p, whole);
    } else {
        evolution_add(p, false);
    }
    part_add(p, BLOCK_HEADING, "heading.top-checks");
    top_checks_add(p, "dashboard-checks", p->def->n > 0 ? (size_t)p->def->n : TOP_CHECKS_N, false);
    bands_add(p);
    if (p->score->n_score_only)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, p->arena, "note.counts-only",
                          {"n", words_int(p->lang, p->arena, (int64_t)p->score->n_score_only)}));
    if (few)
        return;
    part_add(p, BLOCK_HEADING, "heading.groups");
    groups_add(p);
}
