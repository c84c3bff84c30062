/* Section "top-checks": the checks that fail on most agents. From engine/topn.c. */
#include "compose/sections.h"

#include "compose/words.h"
#include "engine/topn.h"

/* The place of the check in its benchmark, for people: CIS number, else CIS control, else id. */
static struct str
reference(struct arena *a, const struct scan_check *c)
{
    for (size_t i = 0; i < c->mappings.n; i++)
        if (str_eqc(c->mappings.v[i].framework, "cis"))
            return arena_fmt(a, "CIS %.*s", STR_ARG(c->mappings.v[i].control));
    for (size_t i = 0; i < c->mappings.n; i++)
        if (str_eqc(c->mappings.v[i].framework, "cis_csc"))
            return arena_fmt(a, "CIS Controls %.*s", STR_ARG(c->mappings.v[i].control));
    return c->id;
}

static void
add_failure_notes(struct part *p, struct report_table *t, const struct topn_checks *top)
{
    struct arena *a = p->arena;
    part_note(p, t,
              LANG(p->lang, a, "top-checks.shown", {"n", words_int(p->lang, a, (int64_t)top->n)},
                   {"of", words_int(p->lang, a, (int64_t)top->n_all)}));
    if (top->n_ties)
        part_note(p, t,
                  LANG(p->lang, a, "top-checks.ties",
                       {"n", words_int(p->lang, a, (int64_t)top->n_ties)},
                       {"failed", words_int(p->lang, a, top->v[top->n - 1].failed)}));
    if (p->score->n_score_only && !p->says_counts_once)
        part_note_count(p, t, "note.score-only", p->score->n_score_only);
}

void
top_checks_add(struct part *p, const char *key, size_t n, bool with_description)
{
    struct topn_checks top = topn_checks(p->pick, n, p->arena);
    struct report_table *t = part_table(p, key, STR(""));
    part_column(p, t, "check", CELL_TEXT, 3);
    if (!with_description)
        part_column(p, t, "reference", CELL_TEXT, 1);
    part_column(p, t, "agents_failing", CELL_RATIO, 0);
    part_column(p, t, "bar", CELL_BAR, 0.8);
    if (with_description)
        part_column(p, t, "description", CELL_TEXT, 4);
    part_empty_failures(p, t);
    for (size_t i = 0; i < top.n; i++) {
        const struct topn_check *k = &top.v[i];
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        *c++ = cell_text(k->title);
        if (!with_description)
            *c++ = cell_text(reference(p->arena, k->check));
        *c++ = cell_ratio(k->failed, k->assessed);
        *c++ = cell_bar_of_failed(k->assessed - k->failed, k->failed);
        if (with_description)
            *c++ = cell_text(k->check->description);
    }
    add_failure_notes(p, t, &top);
}

void
top_checks_build(struct part *p)
{
    part_add_filter(p);
    top_checks_add(p, "top-checks", (size_t)p->def->n, true);
}
