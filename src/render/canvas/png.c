/* The cairo back end of the charts; chart/picture.c comes before. */
#include "render/canvas/png.h"

#include <assert.h>
#include <math.h>

#include <cairo.h>
#include <hb.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "render/font/parts.h"
#include "render/palette.h"

#define HATCH_STEP_PT 4.0
#define RIM_PT        0.8

struct png {
    cairo_surface_t *surface;
    cairo_t *cr;
    hb_draw_funcs_t *outlines;
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
png_move_to(struct canvas *c, double x, double y)
{
    cairo_move_to(png_of(c)->cr, x, y);
    png_of(c)->has_path = true;
}

static void
png_line_to(struct canvas *c, double x, double y)
{
    assert(png_of(c)->has_path);
    cairo_line_to(png_of(c)->cr, x, y);
}

/* cairo counts angles from three o'clock, a canvas from twelve. */
static void
png_arc(struct canvas *c, double cx, double cy, double r, double a0, double a1)
{
    if (!png_of(c)->has_path)
        cairo_new_sub_path(png_of(c)->cr);
    cairo_arc(png_of(c)->cr, cx, cy, r, a0 - M_PI / 2, a1 - M_PI / 2);
    png_of(c)->has_path = true;
}

static void
png_close(struct canvas *c)
{
    cairo_close_path(png_of(c)->cr);
}

static void
png_colour(cairo_t *cr, uint32_t rgb)
{
    cairo_set_source_rgb(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0);
}

/* Diagonals in paper colour inside the path, which stays. They end at a rim of its own colour: a diagonal
 * that runs along the edge of a disc would look as if a piece of it were missing. */
static void
png_hatch(struct canvas *c, struct canvas_paint p)
{
    cairo_t *cr = png_of(c)->cr;
    cairo_path_t *path = cairo_copy_path(cr);
    cairo_save(cr);
    cairo_clip(cr);
    png_colour(cr, PALETTE_PAPER);
    cairo_set_line_width(cr, 1.1);
    for (double x = -c->height; x < c->width; x += HATCH_STEP_PT) {
        cairo_move_to(cr, x, c->height);
        cairo_line_to(cr, x + c->height, 0);
    }
    cairo_stroke(cr);
    cairo_append_path(cr, path);
    png_colour(cr, p.fill);
    /* Its outer half is clipped away, and an outline will cover half of its own width. */
    cairo_set_line_width(cr, 2 * RIM_PT + p.width_pt);
    cairo_stroke(cr);
    cairo_restore(cr);
    cairo_append_path(cr, path);
    cairo_path_destroy(path);
}

/* Filled, then hatched, then outlined: an outline stays whole. */
static void
png_paint(struct canvas *c, struct canvas_paint p)
{
    static const double dashes[] = {4, 2.5};
    cairo_t *cr = png_of(c)->cr;
    assert(png_of(c)->has_path);
    if (p.has_fill) {
        png_colour(cr, p.fill);
        cairo_fill_preserve(cr);
    }
    if (p.hatched)
        png_hatch(c, p);
    if (p.width_pt > 0) {
        png_colour(cr, p.stroke);
        cairo_set_line_width(cr, p.width_pt);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_dash(cr, dashes, p.dashed ? 2 : 0, 0);
        cairo_stroke_preserve(cr);
    }
    cairo_new_path(cr);
    png_of(c)->has_path = false;
}

/* ---- text ---- */

/* Where the outline of the next glyph goes. */
struct pen {
    cairo_t *cr;
    double x, y, scale; /* of the glyph's origin; points a font unit */
};

static double
pen_x(const struct pen *p, float x)
{
    return p->x + (double)x * p->scale;
}

static double
pen_y(const struct pen *p, float y)
{
    return p->y - (double)y * p->scale;
}

static void
glyph_move(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x, float y, void *user)
{
    struct pen *p = data;
    (void)f, (void)st, (void)user;
    cairo_move_to(p->cr, pen_x(p, x), pen_y(p, y));
}

static void
glyph_line(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x, float y, void *user)
{
    struct pen *p = data;
    (void)f, (void)st, (void)user;
    cairo_line_to(p->cr, pen_x(p, x), pen_y(p, y));
}

/* HarfBuzz raises quadratic curves to cubic ones when only these are asked for. */
static void
glyph_curve(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x1, float y1, float x2,
            float y2, float x3, float y3, void *user)
{
    struct pen *p = data;
    (void)f, (void)st, (void)user;
    cairo_curve_to(p->cr, pen_x(p, x1), pen_y(p, y1), pen_x(p, x2), pen_y(p, y2), pen_x(p, x3),
                   pen_y(p, y3));
}

static void
glyph_close(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, void *user)
{
    struct pen *p = data;
    (void)f, (void)st, (void)user;
    cairo_close_path(p->cr);
}

/* What HarfBuzz calls for each piece of the outline of a glyph. */
static hb_draw_funcs_t *
new_outlines(void)
{
    hb_draw_funcs_t *f = hb_draw_funcs_create();
    hb_draw_funcs_set_move_to_func(f, glyph_move, NULL, NULL);
    hb_draw_funcs_set_line_to_func(f, glyph_line, NULL, NULL);
    hb_draw_funcs_set_cubic_to_func(f, glyph_curve, NULL, NULL);
    hb_draw_funcs_set_close_path_func(f, glyph_close, NULL, NULL);
    return f;
}

/* Adds the outlines of a run at (x, y) to the path. */
static void
outline_run(struct png *p, const struct font_run *run, double size_pt, double x, double y)
{
    int units = 0, ignored = 0;
    hb_font_get_scale(run->face->font, &units, &ignored);
    assert(units > 0);
    for (size_t i = 0; i < run->n_glyphs; i++) {
        const struct font_glyph *g = &run->glyphs[i];
        struct pen pen = {.cr = p->cr, .x = x + g->dx, .y = y - g->dy, .scale = size_pt / units};
#if HB_VERSION_ATLEAST(7, 0, 0)
        hb_font_draw_glyph(run->face->font, g->id, p->outlines, &pen);
#else
        hb_font_get_glyph_shape(run->face->font, g->id, p->outlines, &pen);
#endif
        x += g->advance;
    }
}

/* Glyphs are filled as shapes: cairo's own text would take whatever fonts this machine has. */
static void
png_text(struct canvas *c, double x, double y, double size_pt, bool bold, uint32_t colour,
         enum canvas_anchor anchor, struct str s)
{
    struct png *p = png_of(c);
    const struct font_text t =
        font_shape(bold ? FONT_BOLD : FONT_REGULAR, size_pt, utf8_one_line(c->arena, s), c->arena);
    assert(!p->has_path);
    x -= anchor == ANCHOR_END ? t.width : anchor == ANCHOR_MIDDLE ? t.width / 2 : 0;
    for (size_t i = 0; i < t.n_runs; i++)
        outline_run(p, &t.runs[i], size_pt, x + t.runs[i].x, y);
    png_colour(p->cr, colour);
    cairo_fill(p->cr);
}

/* ---- begin and end ---- */

struct canvas *
canvas_png_new(struct arena *a, double width, double height, double margin, double top,
               double scale)
{
    struct canvas *c = ARENA_NEW(a, struct canvas);
    struct png *p = ARENA_NEW(a, struct png);
    assert(width > 0 && height > 0 && scale > 0);
    double wide = width + 2 * margin, high = top + height + margin;
    p->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(wide * scale),
                                            (int)ceil(high * scale));
    p->cr = cairo_create(p->surface);
    *c = (struct canvas){.width = width,
                         .height = height,
                         .arena = a,
                         .ctx = p,
                         .move_to = png_move_to,
                         .line_to = png_line_to,
                         .arc = png_arc,
                         .close = png_close,
                         .paint = png_paint,
                         .text = png_text,
                         .text_width = canvas_text_width};
    p->outlines = new_outlines();
    png_colour(p->cr, PALETTE_PAPER);
    cairo_paint(p->cr);
    cairo_scale(p->cr, scale, scale);
    cairo_translate(p->cr, margin, top);
    return c;
}

/* cairo hands over the file in pieces; a buffer that is full ends the writing. */
static cairo_status_t
take_bytes(void *out, const unsigned char *data, unsigned int n)
{
    buf_add(out, data, n);
    return buf_bad(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* cairo keeps its first failure and draws nothing more after it, so one question at the end will do. */
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
    hb_draw_funcs_destroy(p->outlines);
    cairo_destroy(p->cr);
    cairo_surface_destroy(p->surface);
    c->ctx = NULL;
    if (st != CAIRO_STATUS_SUCCESS)
        return diag_fail(d, DIAG_INTERNAL, "cairo: %s", cairo_status_to_string(st));
    *ret_bytes = arena_str(c->arena, buf_view(&out));
    return 0;
}
