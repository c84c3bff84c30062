/* Section "category-pie": what passed, failed and was skipped in a category (or in each), as a pie
 * beside its numbers; several categories as small pies over one table, many as the table alone. From engine/category.c. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"
#include "engine/category.h"

struct slice {
    const char *key;  /* word of the class */
    const char *text; /* key of its name */
    enum chart_role role;
    int64_t n;
};

enum {
    N_SLICES = 4,
    MOST_PIES = 6, /* more of them are compared by the bars of their table */
};

/* Passed and failed are told even when they are none, skipped when the definition shows them,
 * waived when there are some. */
static size_t
list_slices(const struct part *p, const struct tally *c, struct slice *ret)
{
    const struct slice all[N_SLICES] = {
        {"passed", "class.passed", ROLE_PASSED, c->passed},
        {"failed", "class.failed", ROLE_FAILED, c->failed},
        {"skipped", "class.skipped", ROLE_SKIPPED, p->def->with_skipped ? c->skipped : 0},
        {"waived", "class.waived", ROLE_WAIVED, c->waived},
    };
    size_t n = 0;
    for (size_t i = 0; i < N_SLICES; i++)
        if (i < 2 || all[i].n > 0 || (i == 2 && p->def->with_skipped))
            ret[n++] = all[i];
    assert(n >= 2 && n <= N_SLICES); /* passed and failed are told also when they are none */
    return n;
}

/* The pie in one sentence, for those who do not see it. */
static struct str
describe_pie(const struct part *p, const struct slice *slices, size_t n, struct str name)
{
    struct str *parts = ARENA_ARRAY(p->arena, struct str, N_SLICES);
    assert(n <= N_SLICES);
    for (size_t i = 0; i < n; i++)
        parts[i] = LANG(p->lang, p->arena, "pie.part", {"class", part_text(p, slices[i].text)},
                        {"n", words_int(p->lang, p->arena, slices[i].n)});
    return LANG(p->lang, p->arena, "pie.alt", {"category", name},
                {"parts", words_list(p->lang, p->arena, parts, n)});
}

/* Rounded shares that do not add up to what stands below them are told. */
static void
note_rounding(const struct part *p, struct report_table *t)
{
    int64_t hundredths = 0;
    for (size_t i = 0; i < t->rows.n; i++) {
        const struct rounded *v = &t->rows.v[i].cells[2].value;
        hundredths += v->units * (v->decimals == 0 ? 100 : v->decimals == 1 ? 10 : 1);
    }
    if (hundredths != 10000)
        part_note(p, t, part_text(p, "pie.rounded"));
}

static void
add_pie_table(struct part *p, const struct slice *slices, size_t n, int64_t sum, struct str name)
{
    struct report_table *t = part_table(p, "category-pie", name);
    part_column(p, t, "result", CELL_TEXT, 2);
    part_column(p, t, "checks", CELL_INT, 0);
    part_column(p, t, "share", CELL_SCORE, 0);
    assert(sum > 0);
    for (size_t i = 0; i < n; i++) {
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_text(part_text(p, slices[i].text));
        c[1] = cell_int(slices[i].n);
        c[2] = cell_score(exact_percent((struct share){slices[i].n, sum}, 0));
    }
    note_rounding(p, t);
    struct report_row *r = report_add_row(p->arena, t);
    r->is_total = true;
    r->cells[0] = cell_text(part_text(p, "pie.total"));
    r->cells[1] = cell_int(sum);
    r->cells[2] = cell_score(exact_percent((struct share){sum, sum}, 0));
}

/* The finding: what share of what was checked passes. */
static struct str
pie_finding(const struct part *p, const struct tally *c, struct str name)
{
    struct share passed = {c->passed, c->passed + c->failed};
    if (passed.of == 0)
        return LANG(p->lang, p->arena, "finding.pie.nothing", {"category", name});
    return LANG(p->lang, p->arena, "finding.pie", {"category", name},
                {"pct", words_pct(p->lang, p->arena, exact_percent(passed, 0))});
}

/* Where nothing was checked there is nothing to draw: the heading says it. */
static void
add_pie(struct part *p, struct str name, const struct tally *counts)
{
    struct slice slices[N_SLICES];
    struct report_section *whole = p->section;
    size_t n = list_slices(p, counts, slices);
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += slices[i].n;
    if (sum == 0) {
        part_add_str(p, BLOCK_HEADING, pie_finding(p, counts, name));
        part_add(p, BLOCK_TEXT, "empty.category");
        return;
    }
    struct report_block *columns = part_columns(p, 0.45);
    struct report_chart *ch =
        part_chart(p, CHART_PIE, "category-pie", pie_finding(p, counts, name));
    ch->alt = describe_pie(p, slices, n, name);
    ch->n_points = 1;
    for (size_t i = 0; i < n; i++)
        part_series(p, ch, slices[i].key, part_text(p, slices[i].text), slices[i].role)->values[0] =
            (double)slices[i].n;
    part_right(p, columns);
    add_pie_table(p, slices, n, sum, name);
    part_whole(p, whole);
}

/* Pies of several categories, small, side by side: one alternative text for all. */
static void
add_pies(struct part *p, const struct category_table *k)
{
    struct arena *a = p->arena;
    struct slice slices[MOST_PIES][N_SLICES], total[N_SLICES];
    struct report_chart *ch =
        part_chart(p, CHART_PIE, "category-pies", part_text(p, "finding.pies"));
    size_t n = list_slices(p, &k->total.counts, total);
    assert(k->n > 0 && k->n <= MOST_PIES);
    ch->n_points = k->n;
    ch->labels = ARENA_ARRAY(a, struct str, k->n);
    for (size_t s = 0; s < n; s++)
        part_series(p, ch, total[s].key, part_text(p, total[s].text), total[s].role);
    for (size_t i = 0; i < k->n; i++) {
        size_t n_of = list_slices(p, &k->v[i].counts, slices[i]);
        ch->labels[i] = part_category(p, k->v[i].name, k->v[i].number);
        ch->alt = arena_fmt(a, "%.*s%s%.*s", STR_ARG(ch->alt), i ? " " : "",
                            STR_ARG(describe_pie(p, slices[i], n_of, ch->labels[i])));
        for (size_t s = 0; s < n; s++)
            for (size_t of = 0; of < n_of; of++)
                if (slices[i][of].role == total[s].role)
                    ch->series.v[s].values[i] = (double)slices[i][of].n;
    }
}

void
category_pie_build(struct part *p)
{
    struct category_table k = category_count(p->pick, p->arena);
    part_add_filter(p);
    if (p->def->category > 0) {
        /* also when nothing is in it, so that its absence is said */
        const struct tally nothing = {0}, *counts = &nothing;
        for (size_t i = 0; i < k.n; i++)
            if (k.v[i].number == p->def->category)
                counts = &k.v[i].counts;
        add_pie(p, part_category(p, STR(""), p->def->category), counts);
    } else if (p->def->category == 0 || k.n == 0) {
        add_pie(p, part_text(p, "categories.all"), &k.total.counts);
    } else {
        if (k.n <= MOST_PIES)
            add_pies(p, &k);
        top_categories_add_summary(p, "category-shares");
        return; /* which has said what is not in it */
    }
    if (k.n_without)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, p->arena, "categories.without",
                          {"n", words_int(p->lang, p->arena, (int64_t)k.n_without)}));
}
