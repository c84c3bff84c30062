/* Text on a page: glyphs as operators, and lines that return written again without being shaped.
 * layout and canvas/pdf.c come before; font.c hears which glyphs are used. */
#include "render/pdf/text.h"

#include <assert.h>
#include <math.h>

#include "base/map.h"
#include "render/font/embed.h"
#include "render/pdf/parts.h"

/* ---- glyphs ---- */

/* An array of TJ under way. */
struct show {
    struct pdf_page *page;
    struct pdf_font *font;
    double size;
    bool open; /* "[(" was written */
};

static void
end_show(struct show *s)
{
    if (s->open)
        buf_puts(&s->page->ops, ")]TJ\n");
    s->open = false;
}

static void
begin_show(struct show *s)
{
    if (!s->open)
        buf_puts(&s->page->ops, "[(");
    s->open = true;
}

/* Moves by points; numbers of TJ move to the left. */
static void
move(struct show *s, double pt)
{
    double thousandths = -pt * 1000 / s->size;
    if (fabs(thousandths) < 0.5)
        return;
    begin_show(s);
    buf_putc(&s->page->ops, ')');
    pdf_file_put_num(&s->page->ops, thousandths);
    buf_putc(&s->page->ops, '(');
}

/* A byte of a literal string (7.3.4.2). */
static void
put_byte(struct buf *b, unsigned v)
{
    unsigned char c = v & 255;
    if (c == '(' || c == ')' || c == '\\')
        buf_putc(b, '\\');
    if (c == '\r') /* would be read as a line feed */
        buf_puts(b, "\\r");
    else
        buf_putc(b, (char)c);
}

static void
put_glyph(struct show *s, const struct font_glyph *g)
{
    struct buf *b = &s->page->ops;
    assert(g->id <= 0xffff && g->id < s->font->face->n_glyphs);
    if (g->dy != 0) {
        end_show(s);
        pdf_file_put_num(b, g->dy);
        buf_puts(b, " Ts\n");
    }
    move(s, g->dx);
    begin_show(s);
    put_byte(b, g->id >> 8);
    put_byte(b, g->id);
    move(s, g->advance - g->dx - font_embed_width(s->font->face, g->id) * s->size / 1000);
    if (g->dy != 0) {
        end_show(s);
        buf_puts(b, "0 Ts\n");
    }
}

static void
begin_actual(struct show *s, struct str text)
{
    end_show(s);
    buf_puts(&s->page->ops, "/Span<</ActualText");
    pdf_file_put_text(&s->page->ops, text);
    buf_puts(&s->page->ops, ">>BDC\n");
}

static void
end_actual(struct show *s)
{
    end_show(s);
    buf_puts(&s->page->ops, "EMC\n");
}

/* The bytes that the glyphs i .. n - 1 of one cluster stand for. */
static struct str
cluster_text(const struct font_run *r, size_t i, size_t n)
{
    size_t from = r->glyphs[i].cluster, to = r->text.len;
    if (n < r->n_glyphs && r->glyphs[n].cluster > from)
        to = r->glyphs[n].cluster;
    else if (i > 0 && r->glyphs[i - 1].cluster > from)
        to = r->glyphs[i - 1].cluster; /* right to left */
    assert(from < to && to <= r->text.len);
    return str_n(r->text.s + from, to - from);
}

/* Glyphs of one cluster. When they do not tell their text by themselves, it is written beside. */
static void
put_cluster(struct show *s, const struct font_run *r, size_t from, size_t to)
{
    struct str text = cluster_text(r, from, to);
    bool told = to - from == 1;
    for (size_t i = from; i < to; i++)
        told = pdf_font_use(s->page->doc, s->font, r->glyphs[i].id, text) && told;
    bool actual = !told && !r->actual.len;
    if (actual)
        begin_actual(s, text);
    for (size_t i = from; i < to; i++)
        put_glyph(s, &r->glyphs[i]);
    if (actual)
        end_actual(s);
}

static void
set_font(struct pdf_page *p, const struct pdf_font *f, double size)
{
    if (p->font == f && p->size == size)
        return;
    p->font = f;
    p->size = size;
    buf_puts(&p->ops, "/F");
    buf_num(&p->ops, f->number);
    buf_putc(&p->ops, ' ');
    pdf_file_put_num(&p->ops, size);
    buf_puts(&p->ops, " Tf\n");
}

static void
put_run(struct show *s, const struct font_run *r)
{
    struct pdf_font *f = pdf_font_of(s->page->doc, r->face);
    if (f != s->font) {
        end_show(s);
        s->font = f;
        set_font(s->page, f, s->size);
    }
    if (r->actual.len)
        begin_actual(s, r->actual);
    for (size_t i = 0, to; i < r->n_glyphs; i = to) {
        for (to = i + 1; to < r->n_glyphs && r->glyphs[to].cluster == r->glyphs[i].cluster;)
            to++;
        put_cluster(s, r, i, to);
    }
    if (r->actual.len)
        end_actual(s);
}

/* ---- lines ---- */

static void
begin_text(struct pdf_page *p, double x, double baseline, uint32_t colour)
{
    assert(p->marked || !p->haru);
    pdf_page_colour(p, colour);
    buf_puts(&p->ops, "BT\n");
    pdf_file_put_num(&p->ops, x);
    buf_putc(&p->ops, ' ');
    pdf_file_put_num(&p->ops, p->height - baseline);
    buf_puts(&p->ops, " Td\n");
}

static void
end_text(struct pdf_page *p)
{
    buf_puts(&p->ops, "ET\n");
}

/* Where marks stand on each other, nothing is drawn above or below the line: other rows stay legible.
 * The text keeps them all. */
static void
begin_clip(struct pdf_page *p, double x, double baseline, double size, double width)
{
    const double ascent = 1.069, descent = 0.293; /* of Noto Sans */
    const double box[4] = {x - size, p->height - baseline - descent * size, width + 2 * size,
                           (ascent + descent) * size};
    buf_puts(&p->ops, "q ");
    for (int i = 0; i < 4; i++) {
        pdf_file_put_num(&p->ops, box[i]);
        buf_putc(&p->ops, ' ');
    }
    buf_puts(&p->ops, "re W n\n");
}

/* Font and colour are again what they were before. */
static void
end_clip(struct pdf_page *p, uint32_t colour, const struct pdf_font *font, double size)
{
    buf_puts(&p->ops, "Q\n");
    p->colour = colour;
    p->font = font;
    p->size = size;
}

/* The font of the first run has been set. */
static void
put_runs(struct pdf_page *p, struct pdf_font *first, double size, const struct font_text *text)
{
    struct show s = {.page = p, .font = first, .size = size};
    double pen = 0;
    for (size_t i = 0; i < text->n_runs; i++) {
        const struct font_run *r = &text->runs[i];
        move(&s, r->x - pen); /* nowhere, but where text runs from right to left */
        put_run(&s, r);
        pen = r->x + r->width;
    }
    end_show(&s);
}

void
pdf_text_shaped(struct pdf_page *p, double x, double baseline, double size_pt, uint32_t colour,
                const struct font_text *text)
{
    assert(size_pt > 0);
    if (text->n_runs == 0)
        return;
    struct pdf_font *first = pdf_font_of(p->doc, text->runs[0].face);
    const struct pdf_font *font_before = p->font;
    uint32_t colour_before = p->colour;
    double size_before = p->size;
    if (text->is_heaped)
        begin_clip(p, x, baseline, size_pt, text->width);
    begin_text(p, x, baseline, colour);
    set_font(p, first, size_pt);
    put_runs(p, first, size_pt, text);
    end_text(p);
    if (text->is_heaped)
        end_clip(p, colour_before, font_before, size_before);
}

/* ---- lines that return ---- */

enum {
    KEPT_BYTES = 8 * 1024 * 1024, /* then all are forgotten */
    KEPT_LINE = 200,              /* bytes of a line that may return */
    MAX_LOOKS = 24,
};

struct line { /* drawn before: with the same font set first, the same operators draw it again */
    const struct pdf_font *first, *last;
    struct str operators;
};

struct pdf_lines {
    struct arena *arena;
    struct lines_of {
        enum font_style font;
        double size;
        struct map *lines; /* by their texts */
    } looks[MAX_LOOKS];
    size_t n_looks;
};

void
pdf_text_forget(struct pdf_doc *doc)
{
    if (doc->lines)
        arena_free(doc->lines->arena);
    doc->lines = NULL;
}

static struct pdf_lines *
lines_of_doc(struct pdf_doc *doc)
{
    if (doc->lines && arena_used(doc->lines->arena) > KEPT_BYTES)
        pdf_text_forget(doc);
    if (!doc->lines) {
        struct arena *a = arena_new();
        doc->lines = ARENA_NEW(a, struct pdf_lines);
        doc->lines->arena = a;
    }
    return doc->lines;
}

/* The lines of a look; NULL: there are too many looks to keep this one's. */
static struct map *
lines_of(struct pdf_lines *all, const struct pdf_text_look *look)
{
    size_t i = 0;
    while (i < all->n_looks &&
           !(all->looks[i].size == look->size && all->looks[i].font == look->font))
        i++;
    if (i == MAX_LOOKS)
        return NULL;
    if (i == all->n_looks) {
        all->looks[i] = (struct lines_of){look->font, look->size, map_new(all->arena)};
        all->n_looks++;
    }
    return all->looks[i].lines;
}

static void
draw_first(struct pdf_page *p, double x, double baseline, const struct pdf_text_look *look,
           struct str text, struct map *lines)
{
    struct arena *a = arena_new(), *kept = p->doc->lines->arena;
    const struct font_text t = font_shape(look->font, look->size, text, a);
    if (t.is_heaped) { /* such a line does not return */
        pdf_text_shaped(p, x, baseline, look->size, look->colour, &t);
    } else if (t.n_runs) {
        struct pdf_font *first = pdf_font_of(p->doc, t.runs[0].face);
        begin_text(p, x, baseline, look->colour);
        set_font(p, first, look->size);
        size_t from = p->ops.len;
        put_runs(p, first, look->size, &t);
        if (lines && text.len <= KEPT_LINE) {
            struct line *line = ARENA_NEW(kept, struct line);
            struct str operators = str_n(p->ops.data + from, p->ops.len - from);
            *line = (struct line){first, p->font, arena_str(kept, operators)};
            map_put(lines, arena_str(kept, text), line);
        }
        end_text(p);
    }
    arena_free(a);
}

void
pdf_text_line(struct pdf_page *p, double x, double baseline, const struct pdf_text_look *look,
              struct str text)
{
    assert(look->size > 0 && isfinite(x + baseline));
    struct map *lines = lines_of(lines_of_doc(p->doc), look);
    const struct line *line = lines && text.len <= KEPT_LINE ? map_get(lines, text) : NULL;
    if (!line) {
        draw_first(p, x, baseline, look, text, lines);
        return;
    }
    begin_text(p, x, baseline, look->colour);
    set_font(p, line->first, look->size);
    buf_str(&p->ops, line->operators);
    p->font = line->last;
    end_text(p);
}
