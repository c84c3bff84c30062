/* Section "top-categories", and the table of many categories of "category-pie". From engine/category.c. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"
#include "engine/category.h"

static void
add_category_notes(struct part *p, struct report_table *t, const struct category_table *k)
{
    struct arena *a = p->arena;
    int64_t all = p->score->counts.failed, here = k->total.counts.failed;
    part_note_count(p, t, "categories.counted", k->n_scans);
    if (k->n_without && p->says_counts_once)
        return;
    if (k->n_without)
        part_note_count(p, t, "categories.without", k->n_without);
    else if (all != here)
        part_note(p, t,
                  LANG(p->lang, a, "categories.several", {"here", words_int(p->lang, a, here)},
                       {"all", words_int(p->lang, a, all)}));
}

/* Checks without a CIS category have no number: an empty cell, not a 0. */
static struct report_cell
category_number(int n)
{
    struct report_cell c = cell_int(n);
    c.null = n == 0;
    return c;
}

/* Where the cut falls between equals, those left out are counted in a note. */
void
top_categories_build(struct part *p)
{
    struct category_table k = category_count(p->pick, p->arena);
    part_add_filter(p);
    struct report_table *t = part_table(p, "top-categories", STR(""));
    part_column(p, t, "category_id", CELL_INT, 0);
    part_column(p, t, "category", CELL_TEXT, 3);
    part_column(p, t, "failed_checks", CELL_RATIO, 0);
    part_column(p, t, "bar", CELL_BAR, 1);
    part_empty_failures(p, t);
    size_t n = p->def->n > 0 ? (size_t)p->def->n : k.n, n_failing = 0, n_ties = 0;
    for (size_t i = 0; i < k.n && k.v[i].counts.failed; i++) {
        const struct tally *sum = &k.v[i].counts;
        n_failing++;
        n_ties += i >= n && sum->failed == k.v[n - 1].counts.failed;
        if (i >= n)
            continue;
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = category_number(k.v[i].number);
        c[1] = cell_text(part_category(p, k.v[i].name, k.v[i].number));
        c[2] = cell_ratio(sum->failed, sum->passed + sum->failed);
        c[3] = cell_bar_of_failed(sum->passed, sum->failed);
    }
    part_note(p, t,
              LANG(p->lang, p->arena, "top-categories.shown",
                   {"n", words_int(p->lang, p->arena, (int64_t)t->rows.n)},
                   {"of", words_int(p->lang, p->arena, (int64_t)n_failing)}));
    if (n_ties)
        part_note_count(p, t, "top-categories.ties", n_ties);
    add_category_notes(p, t, &k);
}

static void
add_summary_row(struct part *p, struct report_table *t, struct str name, const struct tally *sum,
                const struct tally *all)
{
    struct report_row *r = report_add_row(p->arena, t);
    r->is_total = sum == all;
    struct report_cell *c = r->cells;
    *c++ = cell_text(name);
    *c++ = cell_int(sum->passed);
    *c++ = cell_int(sum->failed);
    if (p->def->with_skipped)
        *c++ = cell_int(sum->skipped);
    if (all->waived)
        *c++ = cell_int(sum->waived);
    *c++ = cell_bar(sum->passed, sum->failed);
    *c++ = cell_score(exact_percent((struct share){sum->passed, sum->passed + sum->failed}, 0));
    assert(c == r->cells + t->columns.n);
}

void
top_categories_add_summary(struct part *p, const char *key)
{
    struct category_table k = category_count(p->pick, p->arena);
    struct report_table *t = part_table(p, key, STR(""));
    part_column(p, t, "category", CELL_TEXT, 3);
    part_column(p, t, "passed", CELL_INT, 0);
    part_column(p, t, "failed", CELL_INT, 0);
    if (p->def->with_skipped)
        part_column(p, t, "skipped", CELL_INT, 0);
    if (k.total.counts.waived)
        part_column(p, t, "waived", CELL_INT, 0);
    part_column(p, t, "bar", CELL_BAR, 1.2);
    part_column(p, t, "score", CELL_SCORE, 0);
    part_empty(p, t, "empty.no-categories");
    for (size_t i = 0; i < k.n; i++)
        add_summary_row(p, t, part_category(p, k.v[i].name, k.v[i].number), &k.v[i].counts,
                        &k.total.counts);
    if (k.n)
        add_summary_row(p, t, part_text(p, "categories.all"), &k.total.counts, &k.total.counts);
    add_category_notes(p, t, &k);
}
