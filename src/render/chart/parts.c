/* What the kinds of charts share: labels, values, colours of text, rectangles. Above a canvas and the
 * fonts; bars.c, lines.c, pie.c and picture.c come before it. */
#include "render/chart/parts.h"

#include <assert.h>
#include <math.h>

#include "base/utf8.h"
#include "render/font/font.h"
#include "render/number.h"
#include "render/palette.h"

/* Bytes of s that fit into width; prefers to end behind a space or beside an ideograph. */
static size_t
label_fitting(enum font_style style, double size_pt, struct str s, double width)
{
    size_t good = 0, i = 0;
    double used = 0;
    while (i < s.len) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        assert(n > 0);
        used += font_width(style, size_pt, str_n(s.s + i, (size_t)n));
        if (used > width && cp != ' ')
            return good ? good : i ? i : (size_t)n;
        i += (size_t)n;
        if (cp == ' ' || cp == '-' || cp == '/' || cp >= 0x2e80)
            good = i;
    }
    return s.len;
}

struct chart_label
chart_parts_wrap(struct arena *a, double size_pt, bool bold, struct str s, double width)
{
    enum font_style style = bold ? FONT_BOLD : FONT_REGULAR;
    struct chart_label l = {0};
    assert(size_pt > 0);
    /* More than a chart can show is not worth measuring. */
    struct str rest = utf8_one_line(a, utf8_cut(s, 600));
    bool was_cut = s.len > 600;
    while (rest.len && l.n < CHART_MAX_LABEL_LINES) {
        size_t n = label_fitting(style, size_pt, rest, width);
        l.line[l.n++] = str_trim(str_n(rest.s, n));
        rest = str_n(rest.s + n, rest.len - n);
    }
    if (rest.len || was_cut) {
        struct str *last = &l.line[l.n - 1];
        double room = width - font_width(style, size_pt, STR("…"));
        *last = str_n(last->s, label_fitting(style, size_pt, *last, room));
        *last = arena_fmt(a, "%.*s…", STR_ARG(*last));
    }
    for (size_t i = 0; i < l.n; i++)
        l.width = fmax(l.width, font_width(style, size_pt, l.line[i]));
    return l;
}

void
chart_parts_label(struct canvas *c, double x, double y, double size_pt, bool bold, uint32_t colour,
                  enum canvas_anchor anchor, const struct chart_label *l)
{
    for (size_t i = 0; i < l->n; i++)
        c->text(c, x, y + (double)i * CHART_LINE_PT, size_pt, bold, colour, anchor, l->line[i]);
}

uint32_t
chart_parts_ink(enum chart_role role)
{
    return role == ROLE_SKIPPED ? PALETTE_SKIP_INK : palette_role(role);
}

void
chart_parts_rect(struct canvas *c, double x, double y, double w, double h, struct canvas_paint p)
{
    c->move_to(c, x, y);
    c->line_to(c, x + w, y);
    c->line_to(c, x + w, y + h);
    c->line_to(c, x, y + h);
    c->close(c);
    c->paint(c, p);
}

void
chart_parts_empty(const struct chart_job *j)
{
    struct canvas *c = j->c;
    c->text(c, c->width / 2, c->height / 2, CHART_LABEL_PT, false, PALETTE_SOFT, ANCHOR_MIDDLE,
            lang_get(j->lang, "chart.empty"));
}
