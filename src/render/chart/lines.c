/* Lines over time: values from zero on few grid lines, each line named at its end with its last
 * value. Failed is dashed as well as coloured; a missing value leaves a gap. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "render/chart/parts.h"
#include "render/number.h"
#include "render/palette.h"

enum { GRID_LINES = 4, MAX_DATES = 8 };

#define LINE_PT        1.4
#define DOT_PT         2.0
#define END_GAP_PT     5.0
#define DATE_ROOM_PT   46.0
#define LABEL_SHARE    0.38
#define LONG_SPAN_DAYS 400

struct plot {
    double x0, x1, y0, y1; /* of the axes, y0 at zero (below) */
    double top, step;
};

struct end_label {
    struct chart_label text;
    enum chart_role role;
    double y; /* of the middle */
};

/* ---- scales ---- */

/* The axis goes from zero to 100 for percent, else to the first round number over all values: a step is
 * the next of 1, 2, 5, 10, 20 … that needs at most GRID_LINES of them; counts have no fractions. */
static void
choose_scale(const struct report_chart *ch, struct plot *p)
{
    double max = 0;
    for (size_t s = 0; s < ch->series.n; s++)
        for (size_t i = 0; i < ch->n_points; i++)
            if (isfinite(ch->series.v[s].values[i]))
                max = fmax(max, ch->series.v[s].values[i]);
    assert(isfinite(max) && max >= 0);
    if (ch->percent || max <= 0) {
        p->top = ch->percent ? 100 : 1;
        p->step = p->top / (ch->percent ? GRID_LINES : 1);
        return;
    }
    double raw = max / GRID_LINES, magnitude = pow(10, floor(log10(raw))), f = raw / magnitude;
    p->step = magnitude * (f <= 1 ? 1 : f <= 2 ? 2 : f <= 5 ? 5 : 10);
    p->step = fmax(p->step, 1);
    p->top = ceil(max / p->step) * p->step;
}

/* Points stand where their dates are, so that uneven scans look uneven; without dates side by side. */
static double
x_of(const struct report_chart *ch, const struct plot *p, size_t i)
{
    assert(i < ch->n_points);
    size_t last = ch->n_points - 1;
    if (last == 0)
        return p->x0;
    double share = (double)i / (double)last;
    if (ch->times && ch->times[last] > ch->times[0])
        share = (double)(ch->times[i] - ch->times[0]) / (double)(ch->times[last] - ch->times[0]);
    return p->x0 + share * (p->x1 - p->x0);
}

/* What would leave the axes stays on their edge. */
static double
y_of(const struct plot *p, double v)
{
    return p->y0 - fmin(fmax(v, 0), p->top) / p->top * (p->y0 - p->y1);
}

/* ---- the x axis ---- */

/* Day and month, or month and year when the axis spans more than about a year. */
static struct str
date_text(const struct chart_job *j, size_t i)
{
    const struct report_chart *ch = j->ch;
    if (!ch->times)
        return ch->labels ? utf8_one_line(j->c->arena, ch->labels[i]) : STR("");
    struct clock_civil d = clock_civil(ch->times[i]);
    int64_t span = ch->times[ch->n_points - 1] - ch->times[0];
    const char *key = span > (int64_t)LONG_SPAN_DAYS * 86400 ? "date.month_year" : "date.day_month";
    char month[16] = "month.";
    month[6] = (char)(d.month < 10 ? '0' + d.month : '1');
    month[7] = (char)(d.month < 10 ? 0 : '0' + d.month - 10);
    struct arena *a = j->c->arena;
    return LANG(j->lang, a, key, {"day", arena_fmt(a, "%d", d.day)},
                {"month", lang_get(j->lang, month)}, {"year", arena_fmt(a, "%d", d.year)});
}

/* Evenly spread points, the first and the last among them, as many as fit side by side. */
static void
lines_draw_dates(const struct chart_job *j, const struct plot *p)
{
    struct canvas *c = j->c;
    size_t last = j->ch->n_points - 1;
    double fit = floor((p->x1 - p->x0) / DATE_ROOM_PT);
    size_t steps = (size_t)fmin(fmin(fmax(fit, 1), MAX_DATES), (double)last);
    double taken = -1e9;
    for (size_t k = 0; k <= steps; k++) {
        size_t i = steps ? (k * last + steps / 2) / steps : 0;
        struct str text = date_text(j, i);
        double w = c->text_width(c, CHART_AXIS_PT, false, text);
        double x = fmax(x_of(j->ch, p, i), w / 2);
        bool hides_last = k < steps && x + w > x_of(j->ch, p, last) - w / 2;
        if (x - w / 2 < taken + 4 || hides_last)
            continue;
        c->text(c, x, p->y0 + 10, CHART_AXIS_PT, false, PALETTE_SOFT, ANCHOR_MIDDLE, text);
        taken = x + w / 2;
    }
}

/* Ticks are round: no decimals, also in percent. */
static struct str
tick_text(const struct chart_job *j, double v)
{
    struct str n = number_tick(j->lang, j->c->arena, v);
    return j->ch->percent ? LANG(j->lang, j->c->arena, "number.percent", {"value", n}) : n;
}

/* Hairlines, the one at zero darker, each with its value at the left. */
static void
lines_draw_grid(const struct chart_job *j, const struct plot *p)
{
    struct canvas *c = j->c;
    int n = (int)lround(p->top / p->step);
    for (int k = 0; k <= n; k++) {
        double v = k * p->step, y = y_of(p, v);
        struct canvas_paint line = {.stroke = k ? PALETTE_HAIRLINE : PALETTE_SKIP, .width_pt = 0.5};
        c->move_to(c, p->x0, y);
        c->line_to(c, p->x1, y);
        c->paint(c, line);
        c->text(c, p->x0 - END_GAP_PT, y + 2.4, CHART_AXIS_PT, false, PALETTE_SOFT, ANCHOR_END,
                tick_text(j, v));
    }
}

/* ---- lines and their names ---- */

static void
draw_dot(struct canvas *c, double x, double y, uint32_t colour)
{
    c->arc(c, x, y, DOT_PT, 0, 2 * M_PI);
    c->close(c);
    c->paint(c, (struct canvas_paint){.fill = colour, .has_fill = true});
}

/* One unbroken stretch [from, to) of a line; a single point is a dot. */
static void
draw_stretch(const struct chart_job *j, const struct plot *p, const struct chart_series *s,
             size_t from, size_t to)
{
    struct canvas *c = j->c;
    uint32_t colour = palette_role(s->role);
    assert(from < to && to <= j->ch->n_points);
    if (to - from == 1) {
        draw_dot(c, x_of(j->ch, p, from), y_of(p, s->values[from]), colour);
        return;
    }
    c->move_to(c, x_of(j->ch, p, from), y_of(p, s->values[from]));
    for (size_t i = from + 1; i < to; i++)
        c->line_to(c, x_of(j->ch, p, i), y_of(p, s->values[i]));
    c->paint(c, (struct canvas_paint){
                    .stroke = colour, .width_pt = LINE_PT, .dashed = s->role == ROLE_FAILED});
}

/* A missing value ends a stretch: a line across it would say what nobody measured. */
static void
lines_draw_series(const struct chart_job *j, const struct plot *p, const struct chart_series *s)
{
    size_t n = j->ch->n_points;
    for (size_t i = 0; i < n;) {
        size_t from = i;
        while (i < n && isfinite(s->values[i]))
            i++;
        if (i > from)
            draw_stretch(j, p, s, from, i);
        else
            i++;
    }
}

/* Index of the last value, or n when the series is empty. */
static size_t
last_value(const struct report_chart *ch, const struct chart_series *s)
{
    for (size_t i = ch->n_points; i-- > 0;)
        if (isfinite(s->values[i]))
            return i;
    return ch->n_points;
}

/* The name of each line with its last value; a line without any value has none. */
static size_t
make_labels(const struct chart_job *j, struct end_label *out)
{
    struct canvas *c = j->c;
    size_t n = 0;
    for (size_t s = 0; s < j->ch->series.n; s++) {
        const struct chart_series *one = &j->ch->series.v[s];
        size_t i = last_value(j->ch, one);
        if (i == j->ch->n_points)
            continue;
        struct str text = LANG(j->lang, c->arena, "chart.end_label", {"label", one->label},
                               {"value", number_point(j->lang, c->arena, j->ch, one, i)});
        out[n++] = (struct end_label){
            .text = chart_parts_wrap(c->arena, CHART_LABEL_PT, true, text, c->width * LABEL_SHARE),
            .role = one->role,
            .y = one->values[i]};
    }
    return n;
}

static int
by_y(const void *a, const void *b)
{
    double x = ((const struct end_label *)a)->y, y = ((const struct end_label *)b)->y;
    return (x > y) - (x < y);
}

static double
label_height(const struct end_label *l)
{
    return (double)l->text.n * CHART_LINE_PT;
}

/* Pushes labels apart, first downwards, then back up from the bottom edge. */
static void
spread(struct end_label *l, size_t n, double top, double bottom)
{
    double edge = top;
    for (size_t i = 0; i < n; i++) {
        l[i].y = fmax(l[i].y, edge + label_height(&l[i]) / 2);
        edge = l[i].y + label_height(&l[i]) / 2;
    }
    edge = bottom;
    for (size_t i = n; i-- > 0;) {
        l[i].y = fmin(l[i].y, edge - label_height(&l[i]) / 2);
        edge = l[i].y - label_height(&l[i]) / 2;
    }
}

/* At the height where their lines end, pushed apart where they would touch. */
static void
lines_draw_labels(const struct chart_job *j, const struct plot *p, struct end_label *l, size_t n)
{
    struct canvas *c = j->c;
    for (size_t i = 0; i < n; i++)
        l[i].y = y_of(p, l[i].y);
    qsort(l, n, sizeof *l, by_y);
    spread(l, n, 0, c->height);
    for (size_t i = 0; i < n; i++)
        chart_parts_label(c, p->x1 + END_GAP_PT, l[i].y - label_height(&l[i]) / 2 + 7.4,
                          CHART_LABEL_PT, true, chart_parts_ink(l[i].role), ANCHOR_START,
                          &l[i].text);
}

/* ---- the whole ---- */

double
chart_lines_height(double width)
{
    return fmin(fmax(width * 0.5, 110), 180);
}

/* The axes get what the longest value at the left and the longest name at the right leave over. */
static struct plot
lines_measure(const struct chart_job *j, const struct end_label *labels, size_t n)
{
    struct canvas *c = j->c;
    struct plot p = {.y0 = c->height - 14, .y1 = 6};
    choose_scale(j->ch, &p);
    double left = 0, right = 0;
    for (double v = 0; v <= p.top; v += p.step)
        left = fmax(left, c->text_width(c, CHART_AXIS_PT, false, tick_text(j, v)));
    for (size_t i = 0; i < n; i++)
        right = fmax(right, labels[i].text.width);
    p.x0 = left + END_GAP_PT;
    p.x1 = fmax(c->width - right - END_GAP_PT - DOT_PT, p.x0 + 20);
    return p;
}

void
chart_lines_draw(const struct chart_job *j)
{
    const struct report_chart *ch = j->ch;
    struct end_label *labels = ARENA_ARRAY(j->c->arena, struct end_label, ch->series.n + 1);
    size_t n = ch->n_points ? make_labels(j, labels) : 0;
    if (n == 0) {
        chart_parts_empty(j);
        return;
    }
    const struct plot p = lines_measure(j, labels, n);
    assert(p.top > 0 && p.step > 0);
    lines_draw_grid(j, &p);
    lines_draw_dates(j, &p);
    for (size_t s = 0; s < ch->series.n; s++) {
        const struct chart_series *one = &ch->series.v[s];
        size_t i = last_value(ch, one);
        lines_draw_series(j, &p, one);
        if (i < ch->n_points)
            draw_dot(j->c, x_of(ch, &p, i), y_of(&p, one->values[i]), palette_role(one->role));
    }
    lines_draw_labels(j, &p, labels, n);
}
