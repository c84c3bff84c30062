/* The cairo back end of the charts; chart_png.c stands above. */
#include "render/canvas_png.h"

#include <assert.h>
#include <math.h>

#include <cairo.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "render/font.h"
#include "render/palette.h"

#define HATCH_STEP_PT 4.0

struct png {
    cairo_surface_t *surface;
    cairo_t *cr;
    cairo_font_options_t *options;
    double margin, top;
    bool has_path;
};

static struct png *
png_of(struct canvas *c)
{
    struct png *p = c->ctx;
    assert(p);
    return p;
}

/* ---- paths ---- */

static void
move_to(struct canvas *c, double x, double y)
{
    cairo_move_to(png_of(c)->cr, x, y);
    png_of(c)->has_path = true;
}

static void
line_to(struct canvas *c, double x, double y)
{
    assert(png_of(c)->has_path);
    cairo_line_to(png_of(c)->cr, x, y);
}

static void
arc(struct canvas *c, double cx, double cy, double r, double a0, double a1)
{
    if (!png_of(c)->has_path)
        cairo_new_sub_path(png_of(c)->cr);
    cairo_arc(png_of(c)->cr, cx, cy, r, a0 - M_PI / 2, a1 - M_PI / 2);
    png_of(c)->has_path = true;
}

static void
close_path(struct canvas *c)
{
    cairo_close_path(png_of(c)->cr);
}

static void
set_colour(cairo_t *cr, uint32_t rgb)
{
    cairo_set_source_rgb(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0);
}

/* Diagonals in paper colour, clipped to the path, which stays. */
static void
hatch(struct canvas *c)
{
    cairo_t *cr = png_of(c)->cr;
    cairo_path_t *path = cairo_copy_path(cr);
    cairo_save(cr);
    cairo_clip(cr);
    set_colour(cr, PALETTE_PAPER);
    cairo_set_line_width(cr, 1.1);
    for (double x = -c->height; x < c->width; x += HATCH_STEP_PT) {
        cairo_move_to(cr, x, c->height);
        cairo_line_to(cr, x + c->height, 0);
    }
    cairo_stroke(cr);
    cairo_restore(cr);
    cairo_append_path(cr, path);
    cairo_path_destroy(path);
}

static void
paint(struct canvas *c, struct canvas_paint p)
{
    static const double dashes[] = {4, 2.5};
    cairo_t *cr = png_of(c)->cr;
    assert(png_of(c)->has_path);
    if (p.has_fill) {
        set_colour(cr, p.fill);
        cairo_fill_preserve(cr);
    }
    if (p.hatched)
        hatch(c);
    if (p.width_pt > 0) {
        set_colour(cr, p.stroke);
        cairo_set_line_width(cr, p.width_pt);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_dash(cr, dashes, p.dashed ? 2 : 0, 0);
        cairo_stroke_preserve(cr);
    }
    cairo_new_path(cr);
    png_of(c)->has_path = false;
}

/* ---- text ---- */

/* The family that has a character; cairo's simple text does not look further by itself. */
static const char *
family_of(uint32_t cp)
{
    if (cp >= 0x2e80 && cp < 0x1f000)
        return "Noto Sans CJK JP";
    bool symbol = (cp >= 0x2190 && cp < 0x2c00) || cp >= 0x1f000;
    return symbol ? "Noto Sans Symbols2" : "Noto Sans";
}

/* Bytes at the beginning of s in one family. */
static size_t
one_family(struct str s, const char **ret_family)
{
    const char *family = NULL;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        assert(n > 0); /* repaired by text() */
        const char *own = cp == ' ' && family ? family : family_of(cp);
        if (family && own != family)
            return i;
        *ret_family = family = own;
        i += (size_t)n;
    }
    return s.len;
}

static double
text_width(struct canvas *c, double size_pt, bool bold, struct str s)
{
    (void)c;
    return font_width(bold ? FONT_BOLD : FONT_REGULAR, size_pt, s);
}

static void
text(struct canvas *c, double x, double y, double size_pt, bool bold, uint32_t colour,
     enum canvas_anchor anchor, struct str s)
{
    struct png *p = png_of(c);
    s = utf8_one_line(c->arena, s);
    double width = text_width(c, size_pt, bold, s);
    x -= anchor == ANCHOR_END ? width : anchor == ANCHOR_MIDDLE ? width / 2 : 0;
    set_colour(p->cr, colour);
    cairo_set_font_size(p->cr, size_pt);
    while (s.len) {
        const char *family = "Noto Sans";
        struct str run = arena_str(c->arena, str_n(s.s, one_family(s, &family)));
        cairo_select_font_face(p->cr, family, CAIRO_FONT_SLANT_NORMAL,
                               bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
        cairo_move_to(p->cr, x, y);
        cairo_show_text(p->cr, run.s);
        x += text_width(c, size_pt, bold, run);
        s = str_n(s.s + run.len, s.len - run.len);
    }
    cairo_new_path(p->cr);
}

/* ---- begin and end ---- */

static void
prepare(struct canvas *c, double scale)
{
    struct png *p = c->ctx;
    p->options = cairo_font_options_create();
    cairo_font_options_set_hint_style(p->options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(p->options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(p->options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(p->cr, p->options);
    set_colour(p->cr, PALETTE_PAPER);
    cairo_paint(p->cr);
    cairo_scale(p->cr, scale, scale);
    cairo_translate(p->cr, p->margin, p->top);
}

struct canvas *
canvas_png_new(struct arena *a, double width, double height, double margin, double top,
               double scale)
{
    struct canvas *c = ARENA_NEW(a, struct canvas);
    struct png *p = ARENA_NEW(a, struct png);
    assert(width > 0 && height > 0 && scale > 0);
    p->top = top;
    p->margin = margin;
    double wide = width + 2 * margin, high = top + height + margin;
    p->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(wide * scale),
                                            (int)ceil(high * scale));
    p->cr = cairo_create(p->surface);
    *c = (struct canvas){.width = width,
                         .height = height,
                         .arena = a,
                         .ctx = p,
                         .move_to = move_to,
                         .line_to = line_to,
                         .arc = arc,
                         .close = close_path,
                         .paint = paint,
                         .text = text,
                         .text_width = text_width};
    prepare(c, scale);
    return c;
}

static cairo_status_t
take_bytes(void *out, const unsigned char *data, unsigned int n)
{
    buf_add(out, data, n);
    return buf_bad(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

int
canvas_png_done(struct canvas *c, struct str *ret_bytes, struct diag *d)
{
    struct png *p = png_of(c);
    AUTO_BUF out = buf_init((size_t)64 << 20);
    cairo_status_t st = cairo_status(p->cr);
    if (st == CAIRO_STATUS_SUCCESS)
        st = cairo_surface_status(p->surface);
    if (st == CAIRO_STATUS_SUCCESS)
        st = cairo_surface_write_to_png_stream(p->surface, take_bytes, &out);
    cairo_font_options_destroy(p->options);
    cairo_destroy(p->cr);
    cairo_surface_destroy(p->surface);
    c->ctx = NULL;
    if (st != CAIRO_STATUS_SUCCESS)
        return diag_fail(d, DIAG_INTERNAL, "cairo: %s", cairo_status_to_string(st));
    *ret_bytes = arena_str(c->arena, buf_view(&out));
    return 0;
}
