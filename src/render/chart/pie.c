/* Pies: at most six slices from twelve o'clock, clockwise in the order given, failed hatched.
 * Beside the disc stand sign, word, number and share of each slice when the width allows. */
#include <assert.h>
#include <math.h>

#include "render/chart/parts.h"
#include "render/number.h"
#include "render/palette.h"

enum { MAX_SLICES = 6 };

#define DISC_PT       112.0
#define DISC_SHARE    0.36 /* of the width, beside a legend */
#define ROW_PAD_PT    6.6
#define WITH_LEGEND   230.0 /* narrower ones are the disc alone */
#define LEGEND_GAP_PT 16.0
#define LEGEND_MAX_PT 240.0
#define SWATCH_PT     14.0
#define VALUE_PT      40.0 /* columns of numbers and shares */
#define SHARE_PT      42.0

struct slice {
    struct str label;
    enum chart_role role;
    double value;
};

struct pie {
    struct slice slices[MAX_SLICES];
    size_t n;
    double sum;
};

/* The slices; what would be the sixth of more than six is all the rest together. */
static struct pie
pie_slices(const struct report_chart *ch, size_t point, struct str other)
{
    struct pie p = {0};
    for (size_t i = 0; i < ch->series.n; i++) {
        const struct chart_series *s = &ch->series.v[i];
        double v = s->values && isfinite(s->values[point]) ? fmax(s->values[point], 0) : 0;
        p.sum += v;
        bool rest = ch->series.n > MAX_SLICES && i >= MAX_SLICES - 1;
        if (rest && i >= MAX_SLICES) {
            p.slices[MAX_SLICES - 1].value += v;
            continue;
        }
        p.slices[p.n++] = (struct slice){
            .label = rest ? other : s->label, .role = rest ? ROLE_NEUTRAL : s->role, .value = v};
    }
    assert(p.n <= MAX_SLICES);
    return p;
}

static struct canvas_paint
slice_paint(enum chart_role role)
{
    return (struct canvas_paint){.fill = palette_role(role),
                                 .has_fill = true,
                                 .hatched = role == ROLE_FAILED,
                                 .stroke = PALETTE_PAPER,
                                 .width_pt = 1};
}

/* Clockwise from twelve; a slice that is all of the disc has no edges to its middle. */
static void
pie_draw_disc(struct canvas *c, const struct pie *p, double cx, double cy, double r)
{
    double from = 0;
    assert(p->sum > 0);
    for (size_t i = 0; i < p->n; i++) {
        double share = p->slices[i].value / p->sum;
        if (share <= 0)
            continue;
        double to = from + share * 2 * M_PI;
        if (share < 1)
            c->move_to(c, cx, cy);
        c->arc(c, cx, cy, r, from, to);
        c->close(c);
        c->paint(c, slice_paint(p->slices[i].role));
        from = to;
    }
}

/* The sign that goes with a role, so that colour is not alone. */
static const char *
pie_sign(enum chart_role role)
{
    switch (role) {
    case ROLE_PASSED:
        return palette_sign(STATUS_PASS);
    case ROLE_FAILED:
        return palette_sign(STATUS_FAIL);
    case ROLE_SKIPPED:
        return palette_sign(STATUS_NOTAPPLICABLE);
    case ROLE_WAIVED:
        return palette_sign(STATUS_WAIVED);
    default:
        return "";
    }
}

/* Sign and word of a slice, and how high its row of the legend is for them. */
static struct chart_label
pie_label(struct arena *a, const struct slice *s, double width, double *ret_height)
{
    const char *mark = pie_sign(s->role);
    double room = width - SWATCH_PT - VALUE_PT - SHARE_PT;
    struct str text = arena_fmt(a, "%s%s%.*s", mark, *mark ? "\xc2\xa0" : "", STR_ARG(s->label));
    struct chart_label l = chart_parts_wrap(a, CHART_LABEL_PT, true, text, room);
    *ret_height = (double)(l.n ? l.n : 1) * CHART_LINE_PT + ROW_PAD_PT;
    return l;
}

static double
disc_size(double width)
{
    return width < WITH_LEGEND ? fmin(width, DISC_PT) : fmin(width * DISC_SHARE, DISC_PT);
}

/* Beside the disc, and not so wide that numbers lose their names. */
static double
legend_width(double width)
{
    return fmin(width - disc_size(width) - LEGEND_GAP_PT, LEGEND_MAX_PT);
}

static double
legend_height(struct arena *a, const struct pie *p, double width)
{
    double h = 0, row = 0;
    for (size_t i = 0; i < p->n; i++, h += row)
        pie_label(a, &p->slices[i], width, &row);
    return h;
}

/* A row a slice, all of them in the middle of the height: swatch, sign and word, number, share. */
static void
pie_draw_legend(const struct chart_job *j, const struct pie *p, double x)
{
    struct canvas *c = j->c;
    double width = legend_width(c->width), right = x + width, row = 0;
    double y = fmax((c->height - legend_height(c->arena, p, width)) / 2, 0);
    assert(p->sum > 0);
    for (size_t i = 0; i < p->n; i++, y += row) {
        const struct slice *s = &p->slices[i];
        struct chart_label l = pie_label(c->arena, s, width, &row);
        struct canvas_paint swatch = slice_paint(s->role);
        swatch.width_pt = 0;
        chart_parts_rect(c, x, y + 4, 8, 8, swatch);
        chart_parts_label(c, x + SWATCH_PT, y + 11, CHART_LABEL_PT, true, chart_parts_ink(s->role),
                          ANCHOR_START, &l);
        c->text(c, right - SHARE_PT, y + 11, CHART_LABEL_PT, false, PALETTE_INK, ANCHOR_END,
                number_tick(j->lang, c->arena, s->value));
        struct rounded share = exact_percent((struct share){llround(s->value), llround(p->sum)}, 1);
        c->text(c, right, y + 11, CHART_LABEL_PT, false, PALETTE_SOFT, ANCHOR_END,
                number_percent(j->lang, c->arena, &share));
    }
}

void
chart_pie_disc(const struct chart_job *j, size_t point, double cx, double cy, double r)
{
    const struct pie p = pie_slices(j->ch, point, STR(""));
    struct canvas *c = j->c;
    if (p.sum > 0) {
        pie_draw_disc(c, &p, cx, cy, r);
        return;
    }
    c->arc(c, cx, cy, r, 0, 2 * M_PI);
    c->close(c);
    c->paint(c, (struct canvas_paint){.stroke = PALETTE_SKIP, .width_pt = 1});
}

void
chart_pie_legend(const struct chart_job *j, size_t series, double x, double y, double width)
{
    const struct chart_series *one = &j->ch->series.v[series];
    const struct slice s = {.label = one->label, .role = one->role};
    struct canvas_paint swatch = slice_paint(s.role);
    double row;
    struct chart_label l = pie_label(j->c->arena, &s, width + VALUE_PT + SHARE_PT, &row);
    swatch.width_pt = 0;
    chart_parts_rect(j->c, x, y - 7, 8, 8, swatch);
    chart_parts_label(j->c, x + SWATCH_PT, y, CHART_LABEL_PT, true, chart_parts_ink(s.role),
                      ANCHOR_START, &l);
}

double
chart_pie_height(const struct report_chart *ch, double width)
{
    if (width < WITH_LEGEND)
        return disc_size(width);
    struct arena *a = arena_new();
    const struct pie p = pie_slices(ch, 0, STR("Other"));
    double h = fmax(disc_size(width), legend_height(a, &p, legend_width(width)));
    arena_free(a);
    return h;
}

void
chart_pie_draw(const struct chart_job *j)
{
    struct canvas *c = j->c;
    const struct pie p = pie_slices(j->ch, 0, lang_get(j->lang, "chart.other"));
    double room = disc_size(c->width), r = fmin(room, c->height) / 2 - 1;
    if (p.sum <= 0) {
        chart_parts_empty(j);
        return;
    }
    pie_draw_disc(c, &p, 1 + r, c->height / 2, r);
    if (c->width >= WITH_LEGEND)
        pie_draw_legend(j, &p, room + LEGEND_GAP_PT);
}
