/* The SVG back end of the charts; html.c comes after. */
#include "render/canvas/svg.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "render/escape.h"
#include "render/palette.h"

struct svg {
    struct buf out, path;
    struct str id;
    bool has_hatch; /* the pattern is defined */
};

/* ---- numbers and colours ---- */

/* At most two decimals, none that are zero. */
static void
svg_num(struct buf *b, double v)
{
    long hundredths = lround(v * 100);
    long whole = labs(hundredths) / 100, part = labs(hundredths) % 100;
    buf_fmt(b, "%s%ld", hundredths < 0 ? "-" : "", whole);
    if (part)
        buf_fmt(b, part % 10 ? ".%02ld" : ".%ld", part % 10 ? part : part / 10);
}

static void
svg_attr(struct buf *b, const char *name, double v)
{
    buf_fmt(b, " %s=\"", name);
    svg_num(b, v);
    buf_putc(b, '"');
}

/* A style sheet turns colours dark by their class; those that are not of the palette have none. */
static const char *
class_of(uint32_t colour)
{
    static const struct {
        uint32_t colour;
        const char *name;
    } names[] = {
        {PALETTE_INK, "ink"},     {PALETTE_SOFT, "soft"},        {PALETTE_HAIRLINE, "hair"},
        {PALETTE_TRACK, "track"}, {PALETTE_ACCENT, "accent"},    {PALETTE_PASS, "pass"},
        {PALETTE_FAIL, "fail"},   {PALETTE_WAIVED, "waived"},    {PALETTE_SKIP, "skip"},
        {PALETTE_PAPER, "paper"}, {PALETTE_SKIP_INK, "skipink"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].colour == colour)
            return names[i].name;
    return NULL;
}

/* class="f-pass s-paper" of those that have one. */
static void
svg_classes(struct buf *b, const char *fill, const char *stroke)
{
    if (!fill && !stroke)
        return;
    buf_fmt(b, " class=\"%s%s%s%s%s\"", fill ? "f-" : "", fill ? fill : "",
            fill && stroke ? " " : "", stroke ? "s-" : "", stroke ? stroke : "");
}

/* ---- paths ---- */

static struct svg *
svg_of(struct canvas *c)
{
    struct svg *s = c->ctx;
    assert(s);
    return s;
}

/* The letter of a command and its point, as in M12 3.5. */
static void
svg_point(struct canvas *c, char command, double x, double y)
{
    struct buf *p = &svg_of(c)->path;
    buf_putc(p, command);
    svg_num(p, x);
    buf_putc(p, ' ');
    svg_num(p, y);
}

static void
svg_move_to(struct canvas *c, double x, double y)
{
    svg_point(c, 'M', x, y);
}

static void
svg_line_to(struct canvas *c, double x, double y)
{
    assert(svg_of(c)->path.len > 0);
    svg_point(c, 'L', x, y);
}

static void
svg_arc_part(struct canvas *c, double cx, double cy, double r, double a0, double a1)
{
    struct buf *p = &svg_of(c)->path;
    buf_putc(p, 'A');
    svg_num(p, r);
    buf_putc(p, ' ');
    svg_num(p, r);
    buf_fmt(p, " 0 %d 1 ", a1 - a0 > M_PI);
    svg_num(p, cx + r * sin(a1));
    buf_putc(p, ' ');
    svg_num(p, cy - r * cos(a1));
}

static void
svg_arc(struct canvas *c, double cx, double cy, double r, double a0, double a1)
{
    char command = svg_of(c)->path.len ? 'L' : 'M';
    svg_point(c, command, cx + r * sin(a0), cy - r * cos(a0));
    if (a1 - a0 > 1.9 * M_PI) { /* an arc that ends where it begins is drawn as nothing */
        svg_arc_part(c, cx, cy, r, a0, a0 + M_PI);
        a0 += M_PI;
    }
    svg_arc_part(c, cx, cy, r, a0, a1);
}

static void
svg_close(struct canvas *c)
{
    buf_putc(&svg_of(c)->path, 'Z');
}

/* Once a drawing. Its id begins with that of the drawing: several of them stand in one page. */
static void
svg_define_hatch(struct svg *s)
{
    if (s->has_hatch)
        return;
    s->has_hatch = true;
    buf_puts(&s->out, "<defs><pattern id=\"");
    html_escape_id(&s->out, s->id);
    buf_fmt(&s->out,
            "-h\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" "
            "patternTransform=\"rotate(45)\"><path d=\"M0 0V4\" class=\"s-paper\" "
            "stroke=\"#%06x\" stroke-width=\"1.6\"/></pattern></defs>",
            PALETTE_PAPER);
}

/* The same path again, filled with the pattern. */
static void
svg_hatch(struct svg *s)
{
    buf_puts(&s->out, "<path d=\"");
    buf_str(&s->out, buf_view(&s->path));
    buf_puts(&s->out, "\" fill=\"url(#");
    html_escape_id(&s->out, s->id);
    buf_puts(&s->out, "-h)\"/>");
}

/* The pattern has to be there before the path that refers to it. */
static void
svg_paint(struct canvas *c, struct canvas_paint p)
{
    struct svg *s = svg_of(c);
    assert(s->path.len > 0);
    if (p.hatched)
        svg_define_hatch(s);
    buf_puts(&s->out, "<path d=\"");
    buf_str(&s->out, buf_view(&s->path));
    buf_putc(&s->out, '"');
    svg_classes(&s->out, p.has_fill ? class_of(p.fill) : NULL,
                p.width_pt > 0 ? class_of(p.stroke) : NULL);
    if (p.has_fill)
        buf_fmt(&s->out, " fill=\"#%06x\"", p.fill);
    else
        buf_puts(&s->out, " fill=\"none\"");
    if (p.width_pt > 0) {
        buf_fmt(&s->out, " stroke=\"#%06x\"", p.stroke);
        svg_attr(&s->out, "stroke-width", p.width_pt);
        buf_puts(&s->out, " stroke-linejoin=\"round\"");
    }
    if (p.dashed)
        buf_puts(&s->out, " stroke-dasharray=\"4 2.5\"");
    buf_puts(&s->out, "/>");
    if (p.hatched)
        svg_hatch(s);
    buf_cut(&s->path, 0);
}

/* ---- text ---- */

static void
svg_text(struct canvas *c, double x, double y, double size_pt, bool bold, uint32_t colour,
         enum canvas_anchor anchor, struct str t)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    struct svg *s = svg_of(c);
    if (t.len == 0)
        return;
    buf_puts(&s->out, "<text");
    svg_attr(&s->out, "x", x);
    svg_attr(&s->out, "y", y);
    svg_attr(&s->out, "font-size", size_pt);
    buf_puts(&s->out, bold ? " font-weight=\"700\"" : "");
    buf_puts(&s->out, anchors[anchor]);
    svg_classes(&s->out, class_of(colour), NULL);
    buf_fmt(&s->out, " fill=\"#%06x\"", colour);
    /* The width the layout reckoned with, should the reader's machine lack the font. */
    svg_attr(&s->out, "textLength", canvas_text_width(c, size_pt, bold, t));
    buf_puts(&s->out, " lengthAdjust=\"spacingAndGlyphs\">");
    html_escape_put(&s->out, t);
    buf_puts(&s->out, "</text>");
}

/* ---- begin and end ---- */

static void
svg_head(struct canvas *c, struct str title, struct str alt)
{
    struct svg *s = svg_of(c);
    struct buf *b = &s->out;
    AUTO_BUF id = buf_init(BUF_MAX_DEFAULT);
    html_escape_id(&id, s->id);
    buf_puts(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\"");
    buf_fmt(b, " aria-labelledby=\"%s-t %s-d\" viewBox=\"0 0 ", id.data, id.data);
    svg_num(b, c->width);
    buf_putc(b, ' ');
    svg_num(b, c->height);
    buf_putc(b, '"');
    svg_attr(b, "width", c->width * CANVAS_SVG_PX_PER_PT);
    svg_attr(b, "height", c->height * CANVAS_SVG_PX_PER_PT);
    buf_puts(b, " font-family=\"&#39;Noto Sans&#39;, &#39;Noto Sans CJK JP&#39;, sans-serif\">");
    buf_fmt(b, "<title id=\"%s-t\">", id.data);
    html_escape_put(b, title);
    buf_fmt(b, "</title><desc id=\"%s-d\">", id.data);
    html_escape_put(b, alt);
    buf_puts(b, "</desc>");
}

struct canvas *
canvas_svg_new(struct arena *a, double width, double height, struct str id, struct str title,
               struct str alt)
{
    struct canvas *c = ARENA_NEW(a, struct canvas);
    struct svg *s = ARENA_NEW(a, struct svg);
    assert(width > 0 && height > 0 && id.len > 0);
    *s =
        (struct svg){.out = buf_init(BUF_MAX_DEFAULT), .path = buf_init(BUF_MAX_DEFAULT), .id = id};
    *c = (struct canvas){.width = width,
                         .height = height,
                         .arena = a,
                         .ctx = s,
                         .move_to = svg_move_to,
                         .line_to = svg_line_to,
                         .arc = svg_arc,
                         .close = svg_close,
                         .paint = svg_paint,
                         .text = svg_text,
                         .text_width = canvas_text_width};
    svg_head(c, title, alt);
    return c;
}

struct str
canvas_svg_done(struct canvas *c)
{
    struct svg *s = svg_of(c);
    assert(s->path.len == 0);
    buf_puts(&s->out, "</svg>");
    struct str r = arena_str(c->arena, buf_view(&s->out));
    buf_done(&s->out);
    buf_done(&s->path);
    c->ctx = NULL;
    return r;
}
