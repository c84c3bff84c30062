/* Several pies side by side: small discs with name and share beside each, one legend for all. pie.c draws
 * the discs; the table that stands with them has the numbers. */
#include <assert.h>
#include <math.h>

#include "render/chart/parts.h"
#include "render/number.h"
#include "render/palette.h"

#define CELL_LEAST_PT 140.0 /* of which three stand beside each other at most */
#define DISC_PT       50.0
#define ROW_PT        60.0
#define GAP_PT        8.0
#define LEGEND_PT     18.0
#define LEGEND_STEP   110.0

enum { MOST_A_ROW = 3 };

static size_t
a_row(double width)
{
    size_t n = (size_t)(width / CELL_LEAST_PT);
    return n < 1 ? 1 : n > MOST_A_ROW ? MOST_A_ROW : n;
}

static size_t
n_rows(const struct report_chart *ch, double width)
{
    return (ch->n_points + a_row(width) - 1) / a_row(width);
}

double
chart_pies_height(const struct report_chart *ch, double width)
{
    assert(ch->n_points > 0);
    return (double)n_rows(ch, width) * ROW_PT + LEGEND_PT;
}

/* What passed of what was checked; where nothing was, a word. */
static struct str
share_of(const struct chart_job *j, size_t point)
{
    double sum[2] = {0};
    for (size_t s = 0; s < j->ch->series.n; s++) {
        const struct chart_series *one = &j->ch->series.v[s];
        if (one->role == ROLE_PASSED || one->role == ROLE_FAILED)
            sum[one->role == ROLE_FAILED] += one->values[point];
    }
    int64_t passed = llround(sum[0]), of = llround(sum[0] + sum[1]);
    if (of == 0)
        return lang_get(j->lang, "score.none");
    struct rounded share = exact_percent((struct share){passed, of}, 0);
    return number_percent(j->lang, j->c->arena, &share);
}

static void
draw_one(const struct chart_job *j, size_t point, double x, double y, double width)
{
    struct canvas *c = j->c;
    double left = x + DISC_PT + GAP_PT;
    struct chart_label name = chart_parts_wrap(c->arena, CHART_LABEL_PT, false,
                                               j->ch->labels[point], x + width - GAP_PT - left);
    double text = y + DISC_PT / 2 - (double)name.n * CHART_LINE_PT / 2 + 2;
    chart_pie_disc(j, point, x + DISC_PT / 2, y + DISC_PT / 2, DISC_PT / 2 - 1);
    chart_parts_label(c, left, text, CHART_LABEL_PT, false, PALETTE_INK, ANCHOR_START, &name);
    c->text(c, left, text + (double)name.n * CHART_LINE_PT + 1, CHART_LABEL_PT, true, PALETTE_INK,
            ANCHOR_START, share_of(j, point));
}

void
chart_pies_draw(const struct chart_job *j)
{
    struct canvas *c = j->c;
    size_t across = a_row(c->width);
    double width = c->width / (double)across;
    double y = (double)n_rows(j->ch, c->width) * ROW_PT + LEGEND_PT / 2;
    double step = fmin(c->width / (double)(j->ch->series.n + 1), LEGEND_STEP);
    assert(j->ch->labels);
    for (size_t i = 0; i < j->ch->n_points; i++)
        draw_one(j, i, (double)(i % across) * width, (double)(i / across) * ROW_PT, width);
    for (size_t s = 0; s < j->ch->series.n; s++)
        chart_pie_legend(j, s, (double)s * step, y, step);
}
