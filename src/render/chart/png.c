/* Charts on their own; chart.c draws, canvas/png.c paints. */
#include "render/chart/png.h"

#include "render/canvas/png.h"
#include "render/chart/parts.h"
#include "render/font/font.h"
#include "render/palette.h"

#define WIDTH_PT      300.0
#define TITLE_PT      10.6
#define TITLE_LINE_PT 14.0
#define MARGIN_PT     8.0

int
render_chart_png(const struct report_chart *ch, const struct lang *lang, double scale,
                 struct arena *a, struct str *ret_bytes, struct diag *d)
{
    if (!(scale >= 0.5 && scale <= 8))
        return diag_fail(d, DIAG_TOO_BIG, "scale of a picture must be 0.5 to 8 pixels a point");
    if (font_init(NULL, 0, d) != 0)
        return -1;
    const double width = WIDTH_PT;
    double height = chart_height(ch, width);
    struct chart_label title = chart_parts_wrap(a, TITLE_PT, true, ch->title, width);
    double top = MARGIN_PT + (double)title.n * TITLE_LINE_PT + MARGIN_PT;
    struct canvas *c = canvas_png_new(a, width, height, MARGIN_PT, top, scale);
    for (size_t i = 0; i < title.n; i++)
        c->text(c, 0, MARGIN_PT + TITLE_PT - top + (double)i * TITLE_LINE_PT, TITLE_PT, true,
                PALETTE_INK, ANCHOR_START, title.line[i]);
    chart_draw(ch, lang, c);
    return canvas_png_done(c, ret_bytes, d);
}

/* The chart after *seen in the blocks of s. */
static const struct report_chart *
walk(const struct report_section *s, const struct report_chart *prev, bool *seen)
{
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        const struct report_chart *ch = NULL;
        if (b->type == BLOCK_CHART && *seen)
            return b->chart;
        if (b->type == BLOCK_CHART && b->chart == prev)
            *seen = true;
        if (b->type == BLOCK_COLUMNS) {
            ch = walk(b->left, prev, seen);
            ch = ch ? ch : walk(b->right, prev, seen);
        }
        if (ch)
            return ch;
    }
    return NULL;
}

const struct report_chart *
render_chart_next(const struct report *r, const struct report_chart *prev)
{
    bool seen = prev == NULL;
    for (size_t i = 0; i < r->sections.n; i++) {
        const struct report_chart *ch = walk(&r->sections.v[i], prev, &seen);
        if (ch)
            return ch;
    }
    return NULL;
}
