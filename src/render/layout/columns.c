/* How wide the columns of a table are: by what they hold, then by weight. table.c uses it.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "render/layout/cell.h"
#include "render/layout/layout.h"

enum {
    MEASURED_ROWS = 40000, /* of texts, which wrap anyway; evenly over longer tables */
};

#define BAR_PT       58.0
#define HEAD_WORD_PT 64.0
#define BAR_MIN_PT   38.0
#define LARGEST_PART 0.42 /* of the width that a column without weight may take */

static void
widen(struct layout_extent *e, struct layout_extent by)
{
    assert(by.min >= 0 && by.natural >= 0);
    e->least = fmax(e->least, fmin(by.least, by.min));
    e->min = fmax(e->min, by.min);
    e->natural = fmax(e->natural, fmax(by.natural, by.min));
}

static struct layout_extent
measure_column(struct layout *l, const struct report_table *t, size_t col)
{
    assert(col < t->columns.n);
    const struct report_column *c = &t->columns.v[col];
    struct layout_extent e = {0};
    struct arena *a = arena_new();
    double head = layout_width(&layout_head, c->title);
    double word = layout_word_width(&layout_head, c->title);
    if (str_find(c->title, " ") < 0) /* also a word of a script that could break anywhere */
        word = fmax(word, fmin(head, HEAD_WORD_PT));
    widen(&e, (struct layout_extent){word, word, fmin(head, HEAD_WORD_PT)});
    if (c->type == CELL_BAR)
        widen(&e, (struct layout_extent){BAR_MIN_PT / 2, BAR_MIN_PT, BAR_PT});
    size_t step = c->type == CELL_TEXT ? t->rows.n / MEASURED_ROWS + 1 : 1;
    for (size_t i = 0, n = 0; i < t->rows.n && c->type != CELL_BAR; i += step, n++) {
        widen(&e, layout_cell_extent(layout_cell_of(l, &t->rows.v[i], col, a)));
        layout_cell_tidy(l);
        if (n % 256 == 255) {
            arena_free(a);
            a = arena_new();
        }
    }
    arena_free(a);
    return e;
}

/* ---- sharing ---- */

/* Free width by weight; the first column that holds text when none has any. */
static void
share_surplus(const struct report_table *t, double surplus, double *w)
{
    double weights = 0;
    for (size_t i = 0; i < t->columns.n; i++)
        weights += t->columns.v[i].weight;
    for (size_t i = 0; i < t->columns.n; i++) {
        if (weights > 0)
            w[i] += surplus * t->columns.v[i].weight / weights;
        else if (t->columns.v[i].align == ALIGN_LEFT) {
            w[i] += surplus;
            return;
        }
    }
}

/* Shares the width that is between the sums of two bounds of the columns. */
static void
between(const double *low, const double *high, size_t n, double width, double *w)
{
    double lows = 0, highs = 0;
    assert(n > 0);
    for (size_t i = 0; i < n; i++) {
        lows += low[i];
        highs += high[i];
    }
    double k = highs > lows ? (width - lows) / (highs - lows) : 0;
    for (size_t i = 0; i < n; i++)
        w[i] = low[i] + (high[i] - low[i]) * fmin(fmax(k, 0), 1);
}

/* Everything narrower than it would be: first long texts wrap, then long words break. */
static void
squeeze(const struct layout_extent *e, size_t n, double width, double *w, struct arena *a)
{
    double *least = ARENA_ARRAY(a, double, n), *min = ARENA_ARRAY(a, double, n);
    double *natural = ARENA_ARRAY(a, double, n), mins = 0;
    for (size_t i = 0; i < n; i++) {
        least[i] = e[i].least;
        natural[i] = e[i].natural;
        mins += min[i] = e[i].min;
    }
    if (mins <= width)
        between(min, natural, n, width, w);
    else
        between(least, min, n, width, w);
}

/* One round: clamps the columns whose share lies outside of what they can use; true when any. */
static bool
clamp_round(const struct report_table *t, const struct layout_extent *e, double *room,
            bool *settled, double *w)
{
    double weights = 0, left = *room;
    assert(isfinite(left));
    bool any = false;
    for (size_t i = 0; i < t->columns.n; i++)
        weights += settled[i] ? 0 : t->columns.v[i].weight;
    for (size_t i = 0; i < t->columns.n; i++) {
        if (settled[i])
            continue;
        assert(weights > 0); /* who has none was settled before */
        double share = left * t->columns.v[i].weight / weights;
        w[i] = fmin(fmax(share, e[i].min), e[i].natural);
        if (w[i] == share)
            continue;
        settled[i] = any = true;
        *room -= w[i];
    }
    return any;
}

static void
share_by_weight(const struct report_table *t, const struct layout_extent *e, double room, double *w)
{
    struct arena *a = arena_new();
    bool *settled = ARENA_ARRAY(a, bool, t->columns.n);
    for (size_t i = 0; i < t->columns.n; i++) {
        settled[i] = t->columns.v[i].weight <= 0;
        if (settled[i]) {
            w[i] = e[i].natural;
            room -= w[i];
        }
    }
    /* ends: each round settles a column, or is the last */
    while (clamp_round(t, e, &room, settled, w))
        continue;
    arena_free(a);
}

static void
compute(struct layout *l, const struct report_table *t, double *w)
{
    size_t n = t->columns.n;
    assert(n > 0);
    struct arena *a = arena_new();
    struct layout_extent *e = ARENA_ARRAY(a, struct layout_extent, n);
    double width = l->w - LAYOUT_COLUMN_GAP * (double)(n - 1);
    double natural = 0, rigid = 0; /* rigid: what must stay, if weights shall share the rest */
    for (size_t i = 0; i < n; i++) {
        e[i] = measure_column(l, t, i);
        if (t->columns.v[i].weight <= 0)
            e[i].natural = fmax(fmin(e[i].natural, LARGEST_PART * width), e[i].min);
        natural += e[i].natural;
        rigid += t->columns.v[i].weight > 0 ? e[i].min : e[i].natural;
        w[i] = e[i].natural;
    }
    for (size_t i = 0; i < n && natural > width; i++) {
        double give = t->columns.v[i].type == CELL_BAR ? e[i].natural - e[i].min : 0;
        give = fmin(give, natural - width); /* bars are the first to become shorter */
        e[i].natural -= give;
        w[i] -= give;
        natural -= give;
        rigid -= t->columns.v[i].weight > 0 ? 0 : give;
    }
    if (natural <= width)
        share_surplus(t, width - natural, w);
    else if (rigid <= width)
        share_by_weight(t, e, width, w);
    else
        squeeze(e, n, width, w, a);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += w[i] = fmax(w[i], 1);
    assert(isfinite(sum));
    if (sum > width + 0.5 && width > 0) /* more columns than the page has room for */
        for (size_t i = 0; i < n; i++)
            w[i] *= width / sum;
    arena_free(a);
}

void
layout_columns(struct layout *l, const struct report_table *t, double *ret_widths)
{
    assert(t->columns.n > 0);
    struct layout_measured *m = &l->measured;
    size_t bytes = t->columns.n * sizeof *ret_widths;
    /* A table is asked for once before its heading and once when it is drawn. */
    if (m->table != t || m->width != l->w) {
        *m = (struct layout_measured){.table = t, .width = l->w};
        m->widths = arena_alloc(l->a, bytes);
        compute(l, t, m->widths);
    }
    memcpy(ret_widths, m->widths, bytes);
}
