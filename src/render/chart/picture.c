/* The PNG edition: every chart of a report as a picture of its own, for slides, wikis and mails.
 * render.c lists it; chart.c draws, canvas/png.c paints. Tables have no picture: they are left out. */
#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "render/canvas/png.h"
#include "render/chart/parts.h"
#include "render/font/font.h"
#include "render/palette.h"
#include "render/renderers.h"

enum { MAX_SLUG = 60, MAX_PX = 16000 }; /* cairo refuses pictures over 32,767 pixels */

#define WIDTH_PT      300.0
#define MARGIN_PT     10.0
#define TITLE_PT      10.6
#define TITLE_LINE_PT 14.0
#define ABOUT_LINE_PT 11.0
#define PX_PER_PT     4.0 /* 1,280 pixels wide: sharp on a slide */

/* The pictures of one report. */
struct album {
    const struct report *report;
    const struct render_options *options;
    struct arena *arena;
    struct render_files *files;
    size_t n; /* so far */
};

/* Title, scope and period, and below them the drawing that the report has, on white. A picture leaves its
 * report, so it says itself what it is about. */
static int
paint_chart(const struct album *al, const struct report_chart *ch, struct str *ret_bytes,
            struct diag *d)
{
    struct arena *a = al->arena;
    struct chart_label title = chart_parts_wrap(a, TITLE_PT, true, ch->title, WIDTH_PT);
    struct chart_label about =
        chart_parts_wrap(a, CHART_LABEL_PT, false, al->report->subtitle, WIDTH_PT);
    double about_y = MARGIN_PT + (double)title.n * TITLE_LINE_PT;
    double top = about_y + (double)about.n * ABOUT_LINE_PT + MARGIN_PT;
    double height = chart_height(ch, WIDTH_PT);
    double scale = fmin(PX_PER_PT, MAX_PX / (top + height + MARGIN_PT));
    assert(height > 0 && scale > 0);
    struct canvas *c = canvas_png_new(a, WIDTH_PT, height, MARGIN_PT, top, scale);
    for (size_t i = 0; i < title.n; i++)
        c->text(c, 0, MARGIN_PT + TITLE_PT - top + (double)i * TITLE_LINE_PT, TITLE_PT, true,
                PALETTE_INK, ANCHOR_START, title.line[i]);
    for (size_t i = 0; i < about.n; i++)
        c->text(c, 0, about_y + CHART_LABEL_PT - top + (double)i * ABOUT_LINE_PT, CHART_LABEL_PT,
                false, PALETTE_SOFT, ANCHOR_START, about.line[i]);
    chart_draw(ch, al->report->lang, c);
    return canvas_png_done(c, ret_bytes, d);
}

/* "chart-top-agents 2" -> "top-agents-2": what may stand in any name of a file, and be typed. */
static struct str
slug(struct arena *a, struct str key)
{
    AUTO_BUF b = buf_init(MAX_SLUG);
    size_t skip = str_starts(key, "chart-") ? strlen("chart-") : 0;
    for (size_t i = skip; i < key.len && b.len < MAX_SLUG; i++) {
        unsigned char c = (unsigned char)key.s[i];
        if (c < 0x80 && isalnum(c))
            buf_putc(&b, (char)tolower(c));
        else if (b.len && b.data[b.len - 1] != '-')
            buf_putc(&b, '-');
    }
    while (b.len && b.data[b.len - 1] == '-')
        buf_cut(&b, b.len - 1);
    return arena_str(a, buf_view(&b));
}

/* "<stem>-01-evolution.png". The number keeps pictures in the order of the report and apart from each
 * other, so that the words behind it only have to say what is shown. */
static int
put_picture(struct album *al, const struct report_chart *ch, const char *section_key,
            struct diag *d)
{
    struct str bytes, words = slug(al->arena, str_c(ch->key));
    if (!words.len)
        words = slug(al->arena, str_c(section_key));
    if (paint_chart(al, ch, &bytes, d) != 0)
        return diag_context(d, "chart %s", ch->key);
    al->n++;
    struct str part =
        arena_fmt(al->arena, "-%02zu%s%.*s", al->n, words.len ? "-" : "", STR_ARG(words));
    render_add_file(al->files, &png_renderer, al->options, part, bytes, al->arena);
    return 0;
}

/* Of a section, or of one half of a pair of columns in it, in reading order. */
static int
put_charts(struct album *al, const struct report_section *s, const char *section_key,
           struct diag *d)
{
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        if (b->type == BLOCK_CHART && put_picture(al, b->chart, section_key, d) != 0)
            return -1;
        if (b->type == BLOCK_COLUMNS && (put_charts(al, b->left, section_key, d) != 0 ||
                                         put_charts(al, b->right, section_key, d) != 0))
            return -1;
    }
    return 0;
}

static int
write_png(const struct report *r, const struct render_options *o, struct arena *a,
          struct render_files *ret, struct diag *d)
{
    assert(r->lang);
    struct album al = {.report = r, .options = o, .arena = a, .files = ret};
    if (font_init(o->font_dirs, render_n_font_dirs(o), d) != 0)
        return -1;
    for (size_t i = 0; i < r->sections.n; i++)
        if (put_charts(&al, &r->sections.v[i], r->sections.v[i].key, d) != 0)
            return -1;
    return 0;
}

const struct renderer png_renderer = {
    .name = "png",
    .suffix = "png",
    .media_type = "image/png",
    .write = write_png,
};
