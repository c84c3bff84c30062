/* The PDF back end of the charts: layout/blocks.c comes before, pdf/page.c after. */
#include "render/canvas/pdf.h"

#include <assert.h>
#include <math.h>

#include "base/buf.h"
#include "render/font/font.h"
#include "render/palette.h"
#include "render/pdf/file.h"
#include "render/pdf/text.h"

#define FAR_PT   20000.0 /* nothing on a page is further away */
#define HATCH_PT 4.0     /* between the white diagonals */

struct pdf_canvas {
    struct pdf_page *page;
    double x, y, page_height;
    struct buf path;
    double min[2], max[2]; /* of the path, in the page's own coordinates */
};

static struct pdf_canvas *
pdf_canvas_of(struct canvas *c)
{
    struct pdf_canvas *p = c->ctx;
    assert(p);
    return p;
}

/* ---- paths ---- */

/* What lies far outside cannot be seen, and readers of PDF give up on numbers that are too large. */
static double
near_page(double v)
{
    return fmin(fmax(v, -FAR_PT), FAR_PT);
}

/* A canvas counts downwards from the top, a page upwards from the bottom. The box around the path is
 * kept: hatching has to know how far it goes. */
static void
pdf_point(struct canvas *c, double x, double y)
{
    struct pdf_canvas *p = pdf_canvas_of(c);
    assert(isfinite(x) && isfinite(y));
    const double at[2] = {near_page(p->x + x), near_page(p->page_height - p->y - y)};
    for (int i = 0; i < 2; i++) {
        p->min[i] = p->path.len ? fmin(p->min[i], at[i]) : at[i];
        p->max[i] = p->path.len ? fmax(p->max[i], at[i]) : at[i];
    }
    pdf_file_put_num(&p->path, at[0]);
    buf_putc(&p->path, ' ');
    pdf_file_put_num(&p->path, at[1]);
    buf_putc(&p->path, ' ');
}

static void
pdf_move_to(struct canvas *c, double x, double y)
{
    pdf_point(c, x, y);
    buf_puts(&pdf_canvas_of(c)->path, "m\n");
}

static void
pdf_line_to(struct canvas *c, double x, double y)
{
    assert(pdf_canvas_of(c)->path.len > 0);
    pdf_point(c, x, y);
    buf_puts(&pdf_canvas_of(c)->path, "l\n");
}

/* A cubic curve follows a quarter of a circle to a thousandth and a longer arc badly. */
static void
pdf_arc(struct canvas *c, double cx, double cy, double r, double a0, double a1)
{
    int parts = (int)ceil(fabs(a1 - a0) / (M_PI / 2) - 1e-9);
    bool joined = pdf_canvas_of(c)->path.len > 0;
    pdf_point(c, cx + r * sin(a0), cy - r * cos(a0));
    buf_puts(&pdf_canvas_of(c)->path, joined ? "l\n" : "m\n");
    assert(parts <= 8);
    for (int i = 0; i < parts; i++) {
        double from = a0 + (a1 - a0) * i / parts, to = a0 + (a1 - a0) * (i + 1) / parts;
        double k = 4.0 / 3 * tan((to - from) / 4) * r;
        double x0 = cx + r * sin(from), y0 = cy - r * cos(from);
        double x1 = cx + r * sin(to), y1 = cy - r * cos(to);
        pdf_point(c, x0 + k * cos(from), y0 + k * sin(from));
        pdf_point(c, x1 - k * cos(to), y1 - k * sin(to));
        pdf_point(c, x1, y1);
        buf_puts(&pdf_canvas_of(c)->path, "c\n");
    }
}

static void
pdf_close(struct canvas *c)
{
    buf_puts(&pdf_canvas_of(c)->path, "h\n");
}

/* ---- painting ---- */

static void
pdf_colour(struct buf *b, uint32_t rgb, const char *operator)
{
    for (int shift = 16; shift >= 0; shift -= 8) {
        pdf_file_put_num(b, (rgb >> shift & 255) / 255.0);
        buf_putc(b, ' ');
    }
    buf_puts(b, operator);
}

/* White diagonals over the path. */
static void
pdf_hatch(struct pdf_canvas *p, struct buf *b)
{
    double height = p->max[1] - p->min[1], step = HATCH_PT * M_SQRT2;
    buf_puts(b, "q\n");
    buf_str(b, buf_view(&p->path));
    buf_puts(b, "W n\n1.6 w\n");
    pdf_colour(b, PALETTE_PAPER, "RG\n");
    /* Lines start on a grid of the page, so that neighbours are hatched alike. */
    for (double x = floor((p->min[0] - height) / step) * step; x < p->max[0]; x += step) {
        const double line[4] = {x, p->min[1], x + height, p->max[1]};
        for (int i = 0; i < 4; i++) {
            pdf_file_put_num(b, line[i]);
            buf_puts(b, i == 1 ? " m " : i == 3 ? " l S\n" : " ");
        }
    }
    buf_puts(b, "Q\n");
}

/* The state of graphics is saved and put back, so that no colour of a chart stays behind in the page. */
static void
pdf_paint(struct canvas *c, struct canvas_paint how)
{
    struct pdf_canvas *p = pdf_canvas_of(c);
    struct buf *b = pdf_page_operators(p->page);
    bool stroked = how.width_pt > 0;
    assert(p->path.len > 0 && (how.has_fill || stroked));
    buf_puts(b, "q\n");
    if (how.has_fill)
        pdf_colour(b, how.fill, "rg\n");
    if (stroked) {
        pdf_colour(b, how.stroke, "RG\n");
        pdf_file_put_num(b, how.width_pt);
        buf_puts(b, " w 1 j\n");
    }
    if (how.dashed)
        buf_puts(b, "[4 2.5] 0 d\n");
    buf_str(b, buf_view(&p->path));
    buf_puts(b, how.has_fill && stroked ? "B\n" : stroked ? "S\n" : "f\n");
    buf_puts(b, "Q\n");
    if (how.hatched)
        pdf_hatch(p, b);
    buf_cut(&p->path, 0);
}

/* ---- text ---- */

static void
pdf_text(struct canvas *c, double x, double y, double size_pt, bool bold, uint32_t colour,
         enum canvas_anchor anchor, struct str s)
{
    struct pdf_canvas *p = pdf_canvas_of(c);
    if (s.len == 0)
        return;
    const struct font_text t = font_shape(bold ? FONT_BOLD : FONT_REGULAR, size_pt, s, c->arena);
    double left = anchor == ANCHOR_START ? x : anchor == ANCHOR_END ? x - t.width : x - t.width / 2;
    pdf_text_shaped(p->page, p->x + left, p->y + y, size_pt, colour, &t);
}

/* ---- begin and end ---- */

struct canvas *
canvas_pdf_new(struct arena *a, struct pdf_page *page, double x, double y, double width,
               double height)
{
    struct canvas *c = ARENA_NEW(a, struct canvas);
    struct pdf_canvas *p = ARENA_NEW(a, struct pdf_canvas);
    assert(width > 0 && height > 0);
    *p = (struct pdf_canvas){.page = page,
                             .x = x,
                             .y = y,
                             .page_height = pdf_page_height(page),
                             .path = buf_init(BUF_MAX_DEFAULT)};
    *c = (struct canvas){.width = width,
                         .height = height,
                         .arena = a,
                         .ctx = p,
                         .move_to = pdf_move_to,
                         .line_to = pdf_line_to,
                         .arc = pdf_arc,
                         .close = pdf_close,
                         .paint = pdf_paint,
                         .text = pdf_text,
                         .text_width = canvas_text_width};
    return c;
}

void
canvas_pdf_done(struct canvas *c)
{
    assert(pdf_canvas_of(c)->path.len == 0); /* every path was painted */
    buf_done(&pdf_canvas_of(c)->path);
    c->ctx = NULL;
}
