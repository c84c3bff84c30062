/* Horizontal bars: label, bar from zero, value. Several series are stacked, each with a column of
 * values under its own name, so that no legend has to be matched by colour. */
#include <assert.h>
#include <math.h>

#include "base/utf8.h"
#include "render/chart/parts.h"
#include "render/number.h"
#include "render/palette.h"

#define BAR_PT      8.0
#define ROW_PAD_PT  7.6
#define LABEL_SHARE 0.38
#define GAP_PT      8.0

struct bars {
    double label_width, value_width, bar_x, bar_width, max;
};

/* A bar has no length for what is missing. */
static double
bars_value(const struct chart_series *s, size_t i)
{
    return isfinite(s->values[i]) && s->values[i] > 0 ? s->values[i] : 0;
}

/* The label of a bar, and how high its row is for that; one without a label is a line high. */
static struct chart_label
bars_label(const struct report_chart *ch, struct arena *a, size_t i, double width,
           double *ret_height)
{
    assert(ch->labels && i < ch->n_points);
    struct chart_label l = chart_parts_wrap(a, CHART_LABEL_PT, false, ch->labels[i], width);
    *ret_height = (double)(l.n ? l.n : 1) * CHART_LINE_PT + ROW_PAD_PT;
    return l;
}

/* The names of the columns of values stand above them when there are several. */
static double
bars_head_height(const struct report_chart *ch)
{
    return ch->series.n > 1 ? CHART_LINE_PT + ROW_PAD_PT : 0;
}

double
chart_bars_height(const struct report_chart *ch, double width)
{
    struct arena *a = arena_new();
    double h = bars_head_height(ch), row = 0;
    for (size_t i = 0; i < ch->n_points; i++, h += row)
        bars_label(ch, a, i, width * LABEL_SHARE, &row);
    arena_free(a);
    return fmax(h, CHART_LINE_PT + ROW_PAD_PT);
}

/* Where labels end, bars begin, and values stand; the longest stack fills the width. */
static struct bars
bars_measure(const struct chart_job *j)
{
    struct canvas *c = j->c;
    const struct report_chart *ch = j->ch;
    struct bars b = {.label_width = c->width * LABEL_SHARE, .max = ch->percent ? 100 : 0};
    for (size_t s = 0; s < ch->series.n; s++) {
        const struct chart_series *one = &ch->series.v[s];
        if (ch->series.n > 1)
            b.value_width = fmax(b.value_width, c->text_width(c, CHART_AXIS_PT, true, one->label));
        for (size_t i = 0; i < ch->n_points; i++)
            b.value_width =
                fmax(b.value_width, c->text_width(c, CHART_LABEL_PT, true,
                                                  number_point(j->lang, c->arena, ch, one, i)));
    }
    for (size_t i = 0; i < ch->n_points; i++) {
        double sum = 0;
        for (size_t s = 0; s < ch->series.n; s++)
            sum += bars_value(&ch->series.v[s], i);
        b.max = fmax(b.max, sum);
    }
    b.bar_x = b.label_width + GAP_PT;
    b.bar_width = c->width - b.bar_x - (double)ch->series.n * (b.value_width + GAP_PT);
    b.bar_width = fmax(b.bar_width, 10);
    return b;
}

/* Right edge of the column of values of a series. */
static double
value_x(const struct chart_job *j, const struct bars *b, size_t series)
{
    return j->c->width - (double)(j->ch->series.n - 1 - series) * (b->value_width + GAP_PT);
}

/* The track, on it the parts of the stack from left to right, and each value in its column. A value that
 * is missing is a dash, never a zero. */
static void
bars_draw_row(const struct chart_job *j, const struct bars *b, size_t i, double y)
{
    struct canvas *c = j->c;
    double x = b->bar_x;
    assert(i < j->ch->n_points && b->bar_width > 0);
    struct canvas_paint track = {.fill = PALETTE_TRACK, .has_fill = true};
    chart_parts_rect(c, x, y, b->bar_width, BAR_PT, track);
    for (size_t s = 0; s < j->ch->series.n; s++) {
        const struct chart_series *one = &j->ch->series.v[s];
        double w = b->max > 0 ? bars_value(one, i) / b->max * b->bar_width : 0;
        struct canvas_paint p = {.fill = palette_role(one->role), .has_fill = true};
        if (w > 0)
            chart_parts_rect(c, x, y, w, BAR_PT, p);
        if (w > 1.5 && s) /* a paper-coloured gap between two parts of a stack */
            chart_parts_rect(c, x, y, 0.8, BAR_PT,
                             (struct canvas_paint){.fill = PALETTE_PAPER, .has_fill = true});
        x += w;
        bool gap = !isfinite(one->values[i]);
        c->text(c, value_x(j, b, s), y + BAR_PT - 1, CHART_LABEL_PT, true,
                gap ? PALETTE_SOFT : PALETTE_INK, ANCHOR_END,
                number_point(j->lang, c->arena, j->ch, one, i));
    }
}

void
chart_bars_draw(const struct chart_job *j)
{
    struct canvas *c = j->c;
    if (j->ch->n_points == 0 || j->ch->series.n == 0) {
        chart_parts_empty(j);
        return;
    }
    const struct bars b = bars_measure(j);
    double y = bars_head_height(j->ch), row = 0;
    for (size_t s = 0; y > 0 && s < j->ch->series.n; s++)
        c->text(c, value_x(j, &b, s), CHART_LINE_PT, CHART_AXIS_PT, true,
                chart_parts_ink(j->ch->series.v[s].role), ANCHOR_END,
                utf8_one_line(c->arena, j->ch->series.v[s].label));
    for (size_t i = 0; i < j->ch->n_points; i++, y += row) {
        struct chart_label l = bars_label(j->ch, c->arena, i, b.label_width, &row);
        chart_parts_label(c, 0, y + 8.4, CHART_LABEL_PT, false, PALETTE_INK, ANCHOR_START, &l);
        bars_draw_row(j, &b, i, y + 1.6);
    }
}
