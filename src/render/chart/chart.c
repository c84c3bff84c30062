/* The door of the charts: which kind draws itself. Renderers come before it; bars.c, lines.c, pie.c and
 * pies.c after. */
#include "render/chart/chart.h"

#include <assert.h>

#include "render/chart/parts.h"

double
chart_height(const struct report_chart *ch, double width)
{
    assert(width > 0);
    switch (ch->kind) {
    case CHART_PIE:
        return ch->labels ? chart_pies_height(ch, width) : chart_pie_height(ch, width);
    case CHART_LINES:
        return chart_lines_height(width);
    case CHART_BARS:
        return chart_bars_height(ch, width);
    }
    assert(!"a chart without a kind");
    return 0;
}

void
chart_draw(const struct report_chart *ch, const struct lang *lang, struct canvas *c)
{
    const struct chart_job j = {.ch = ch, .lang = lang, .c = c};
    assert(c->width > 0 && c->height > 0);
    switch (ch->kind) {
    case CHART_PIE:
        if (ch->labels)
            chart_pies_draw(&j);
        else
            chart_pie_draw(&j);
        return;
    case CHART_LINES:
        chart_lines_draw(&j);
        return;
    case CHART_BARS:
        chart_bars_draw(&j);
        return;
    }
    assert(!"a chart without a kind");
}
