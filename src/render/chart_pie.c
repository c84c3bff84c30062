/* Pies: at most six slices from twelve o'clock, clockwise in the order given, failed hatched.
 * Beside the disc stand sign, word, number and share of each slice when the width allows. */
#include <assert.h>
#include <math.h>

#include "render/chart_parts.h"
#include "render/number.h"
#include "render/palette.h"

enum { MAX_SLICES = 6 };

#define DISC_PT       112.0
#define ROW_PT        16.0
#define WITH_LEGEND   230.0 /* narrower ones are the disc alone */
#define LEGEND_GAP_PT 20.0

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

static double
value_of(const struct chart_series *s)
{
    double v = s->values ? s->values[0] : 0;
    return isfinite(v) && v > 0 ? v : 0;
}

/* The slices; what would be the sixth of more than six is all the rest together. */
static struct pie
slices(const struct chart_job *j)
{
    struct pie p = {0};
    for (size_t i = 0; i < j->ch->series.n; i++) {
        const struct chart_series *s = &j->ch->series.v[i];
        double v = value_of(s);
        p.sum += v;
        bool rest = j->ch->series.n > MAX_SLICES && i >= MAX_SLICES - 1;
        if (rest && i >= MAX_SLICES) {
            p.slices[MAX_SLICES - 1].value += v;
            continue;
        }
        p.slices[p.n++] =
            (struct slice){.label = rest ? lang_get(j->lang, "chart.other") : s->label,
                           .role = rest ? ROLE_NEUTRAL : s->role,
                           .value = v};
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

static void
draw_disc(struct canvas *c, const struct pie *p, double cx, double cy, double r)
{
    double from = 0;
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
sign(enum chart_role role)
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

static void
draw_legend(const struct chart_job *j, const struct pie *p, double x)
{
    struct canvas *c = j->c;
    double y = (c->height - (double)p->n * ROW_PT) / 2, right = fmin(c->width, x + 240);
    for (size_t i = 0; i < p->n; i++, y += ROW_PT) {
        const struct slice *s = &p->slices[i];
        struct canvas_paint swatch = slice_paint(s->role);
        swatch.width_pt = 0;
        chart_parts_rect(c, x, y + 4, 8, 8, swatch);
        const char *mark = sign(s->role);
        struct str text =
            arena_fmt(c->arena, "%s%s%.*s", mark, *mark ? " " : "", STR_ARG(s->label));
        struct chart_label l =
            chart_parts_wrap(c->arena, CHART_LABEL_PT, true, text, right - x - 14 - 90);
        l.n = l.n ? 1 : 0; /* one line a slice: words of ours, or short categories */
        uint32_t ink = chart_parts_ink(s->role);
        chart_parts_label(c, x + 14, y + 11, CHART_LABEL_PT, true, ink, ANCHOR_START, &l);
        c->text(c, right - 44, y + 11, CHART_LABEL_PT, false, PALETTE_INK, ANCHOR_END,
                chart_parts_value(j, s->value));
        c->text(c, right, y + 11, CHART_LABEL_PT, false, PALETTE_SOFT, ANCHOR_END,
                number_percent(j->lang, c->arena, 100 * s->value / p->sum, 1));
    }
}

double
chart_pie_height(const struct report_chart *ch, double width)
{
    size_t n = ch->series.n < MAX_SLICES ? ch->series.n : MAX_SLICES;
    return width < WITH_LEGEND ? fmin(width, DISC_PT) : fmax(DISC_PT, (double)n * ROW_PT);
}

void
chart_pie_draw(const struct chart_job *j)
{
    struct canvas *c = j->c;
    const struct pie p = slices(j);
    double d = fmin(DISC_PT, fmin(c->width, c->height)) - 2;
    bool legend = c->width >= WITH_LEGEND;
    if (p.sum <= 0) {
        chart_parts_empty(j);
        return;
    }
    draw_disc(c, &p, 1 + d / 2, c->height / 2, d / 2);
    if (legend)
        draw_legend(j, &p, d + LEGEND_GAP_PT);
}
