/* The blocks of a section, one function a type; layout.c comes before, table.c and
 * paragraph.c after. */
#include <assert.h>
#include <math.h>

#include "render/canvas/pdf.h"
#include "render/chart/chart.h"
#include "render/layout/layout.h"
#include "render/renderers.h"

#define TEXT_MAX_PT   (155 * LAYOUT_MM) /* longer lines tire */
#define CHART_MAX_PT  420.0
#define COLUMN_GAP_PT 26.0
#define PAIR_PAD_PT   3.4
#define HEADING_ABOVE 17.0
#define HEADING_BELOW 5.0
#define COLUMNS_ABOVE 8.0

/* ---- texts ---- */

static void
put_heading(struct layout *l, struct str text)
{
    text = render_text(text, l->a);
    l->y += l->y > l->start ? HEADING_ABOVE : 0;
    if (!l->dry && !l->fixed)
        pdf_doc_outline(l->doc, l->outline, text, l->page, l->y - 4);
    layout_paragraph(l, &layout_h2, "H2", text, l->w, HEADING_BELOW);
}

/* Lines as they are, a rule of the track's colour at their side. */
static void
put_code(struct layout *l, struct str text)
{
    enum { INDENT = 9 };
    l->x += INDENT;
    l->w -= INDENT;
    layout_paragraph(l, &layout_code, "P", render_text(text, l->a), l->w, 8);
    l->x -= INDENT;
    l->w += INDENT;
}

/* ---- key figures ---- */

/* Lines of a part of an element; a space behind it keeps it apart from the next part. */
static void
put_lines(struct layout *l, const struct layout_style *s, struct str text, double x, double w)
{
    struct arena *a = arena_new();
    const struct layout_lines lines = layout_wrap(a, s, render_text(text, a), w);
    for (size_t i = 0; i < lines.v.n; i++, l->y += s->leading)
        layout_line(l, x, l->y, s, arena_fmt(a, "%.*s ", STR_ARG(lines.v.v[i])));
    arena_free(a);
}

/* The detail with its sign in the colour of its direction. */
static void
put_detail(struct layout *l, const struct report_figure *f, double x, double w)
{
    struct arena *a = arena_new();
    struct layout_style soft = layout_note, bold = layout_note;
    soft.size = bold.size = 7.6;
    soft.leading = bold.leading = 10.5;
    bold.font = FONT_BOLD;
    bold.colour = f->direction > 0 ? PALETTE_PASS : PALETTE_FAIL;
    size_t n = f->direction ? render_sign_length(f->detail) : 0;
    struct str sign = str_n(f->detail.s, n), rest = str_n(f->detail.s + n, f->detail.len - n);
    double sign_width = n ? layout_width(&bold, sign) : 0;
    put_lines(l, &soft, f->label, x, w);
    const struct layout_lines lines = layout_wrap(a, &soft, render_text(rest, a), w - sign_width);
    if (n)
        layout_line(l, x, l->y, &bold, sign);
    for (size_t i = 0; i < lines.v.n; i++, l->y += soft.leading)
        layout_line(l, x + sign_width, l->y, &soft, arena_fmt(a, "%.*s ", STR_ARG(lines.v.v[i])));
    arena_free(a);
}

static void
put_figure(struct layout *l, const struct report_figure *f, double x, double w)
{
    layout_rule(l, x, l->y, w, 1.6, PALETTE_ACCENT);
    struct pdf_elem *outer = layout_open(l, "P");
    layout_mark(l);
    l->y += 6;
    struct layout_style value = layout_value;
    value.size *= fmin(1, w / fmax(layout_width(&value, f->value), 1));
    value.size = fmax(value.size, 9);
    put_lines(l, &value, f->value, x, w);
    put_detail(l, f, x, w);
    layout_unmark(l);
    layout_close(l, outer);
}

static void
put_figures(struct layout *l, const struct report_block *b)
{
    enum { A_ROW = 4 };
    assert(l->w > 0);
    const double gap = 14, w = (l->w - gap * (A_ROW - 1)) / A_ROW;
    for (size_t i = 0; i < b->figures.n; i += A_ROW) {
        double y = l->y, lowest = y;
        for (size_t k = i; k < b->figures.n && k < i + A_ROW; k++) {
            l->y = y;
            put_figure(l, &b->figures.v[k], l->x + (double)(k - i) * (w + gap), w);
            lowest = fmax(lowest, l->y);
        }
        l->y = lowest + 16;
    }
}

/* ---- pairs ---- */

static void
put_pair(struct layout *l, const struct report_pair *p, double label_width)
{
    struct arena *a = arena_new();
    struct layout_style mono = layout_code;
    mono.leading = layout_body.leading;
    struct layout_style body = layout_body;
    body.is_foreign = true;
    const struct layout_style *s = p->mono ? &mono : &body;
    const struct layout_lines label = layout_wrap(a, &layout_soft, p->label, label_width - 8);
    const struct layout_lines value =
        layout_wrap(a, s, render_text(p->value, a), l->w - label_width);
    size_t n = label.v.n > value.v.n ? label.v.n : value.v.n;
    double high = (double)n * layout_body.leading + 2 * PAIR_PAD_PT;
    layout_need(l, fmin(high, l->bottom - l->top));
    l->y += PAIR_PAD_PT;
    struct pdf_elem *list = layout_open(l, "LI");
    struct pdf_elem *item = layout_open(l, "Lbl");
    layout_mark(l);
    for (size_t i = 0; i < label.v.n; i++)
        layout_line(l, l->x, l->y + (double)i * layout_body.leading, &layout_soft,
                    arena_fmt(a, "%.*s ", STR_ARG(label.v.v[i])));
    layout_unmark(l);
    layout_close(l, item);
    item = layout_open(l, "LBody");
    double x = l->x, w = l->w, y = l->y;
    l->x += label_width;
    l->w -= label_width;
    layout_paragraph(l, s, "P", render_text(p->value, a), l->w, 0);
    l->x = x;
    l->w = w;
    layout_close(l, item);
    layout_close(l, list);
    if (l->y < y + high - 2 * PAIR_PAD_PT && l->y >= y)
        l->y = y + high - 2 * PAIR_PAD_PT;
    l->y += PAIR_PAD_PT;
    layout_rule(l, x, l->y, w, 0.4, PALETTE_HAIRLINE);
    arena_free(a);
}

static double
pair_height(const struct layout *l, const struct report_pair *p, double label_width)
{
    struct arena *a = arena_new();
    const struct layout_style *s = p->mono ? &layout_code : &layout_body;
    size_t label = layout_wrap(a, &layout_soft, p->label, label_width - 8).v.n;
    size_t value = layout_wrap(a, s, render_text(p->value, a), l->w - label_width).v.n;
    arena_free(a);
    return (double)(label > value ? label : value) * layout_body.leading + 2 * PAIR_PAD_PT;
}

/* The last ones stay together, more of a long list: no page has the last line of one alone, nor a few lines. */
void
layout_pairs(struct layout *l, const struct report_pair *v, size_t n)
{
    size_t last = n < 8 ? 2 : 4;
    double label = 0, together = 0;
    for (size_t i = 0; i < n; i++)
        label = fmax(label, layout_width(&layout_soft, v[i].label) + 10);
    label = fmin(label, l->w * 0.4);
    for (size_t i = n > last ? n - last : n; i < n; i++)
        together += pair_height(l, &v[i], label);
    struct pdf_elem *outer = layout_open(l, "L");
    for (size_t i = 0; i < n; i++) {
        if (i + last == n && together < (l->bottom - l->top) / 2)
            layout_need(l, together);
        put_pair(l, &v[i], label);
    }
    layout_close(l, outer);
    l->y += 10;
}

/* ---- charts ---- */

/* The finding above the chart, unless the heading says the same. */
static void
put_chart_title(struct layout *l, const struct report_chart *ch)
{
    struct str title = render_text(ch->title, l->a);
    if (!title.len || (l->after_heading && str_eq(ch->title, l->heading)))
        return;
    if (l->after_heading) {
        layout_paragraph(l, &layout_bold, "H3", title, l->w, HEADING_BELOW);
        return;
    }
    l->y += l->y > l->start ? HEADING_ABOVE : 0;
    layout_paragraph(l, &layout_h2, "H2", title, l->w, HEADING_BELOW);
}

static void
put_chart(struct layout *l, const struct report_chart *ch)
{
    double w = fmin(l->w, CHART_MAX_PT), high = chart_height(ch, w);
    layout_need(l, high + HEADING_ABOVE + layout_h2.leading + HEADING_BELOW);
    put_chart_title(l, ch);
    struct pdf_elem *outer = layout_open(l, "Figure");
    struct str alt = ch->alt.len ? ch->alt : ch->title.len ? ch->title : str_c(ch->key);
    layout_tag_text(l, "Alt", render_text(alt, l->a));
    if (!l->dry) {
        pdf_tag_box(l->parent, l->page, (const double[4]){l->x, l->y, w, high});
        layout_mark(l);
        struct canvas *c = canvas_pdf_new(l->a, l->page, l->x, l->y, w, high);
        chart_draw(ch, l->r->lang, c);
        canvas_pdf_done(c);
        layout_unmark(l);
    }
    layout_close(l, outer);
    l->y += high + 10;
}

/* ---- columns ---- */

/* Lays blocks out in a part of the width; returns where they end. */
static double
part(struct layout *l, const struct report_section *s, double x, double w, double y)
{
    assert(w > 0);
    double old_x = l->x, old_w = l->w, old_y = l->y, old_start = l->start;
    l->x = x;
    l->w = w;
    l->y = l->start = y;
    layout_blocks(l, s);
    double end = l->y;
    l->x = old_x;
    l->w = old_w;
    l->y = old_y;
    l->start = old_start;
    return end;
}

struct split {
    double left, right_x, right;
};

static struct split
split_width(const struct layout *l, const struct report_block *b)
{
    double share = fmin(fmax(b->left_share, 0.2), 0.8), left = (l->w - COLUMN_GAP_PT) * share;
    return (struct split){left, l->x + left + COLUMN_GAP_PT, l->w - COLUMN_GAP_PT - left};
}

static double
columns_height(struct layout *l, const struct report_block *b)
{
    const struct split s = split_width(l, b);
    struct layout_dry was = layout_dry_begin(l);
    double left = part(l, b->left, l->x, s.left, was.y);
    double right = part(l, b->right, s.right_x, s.right, was.y);
    layout_dry_end(l, was);
    return fmax(left, right) - was.y;
}

static void
put_columns(struct layout *l, const struct report_block *b)
{
    const struct split s = split_width(l, b);
    bool fixed = l->fixed;
    if (!l->dry && !fixed) {
        double high = columns_height(l, b) + COLUMNS_ABOVE;
        if (high > l->bottom - l->top) { /* too long to stand side by side */
            layout_blocks(l, b->left);
            layout_blocks(l, b->right);
            return;
        }
        layout_need(l, high);
    }
    l->y += l->y > l->start ? COLUMNS_ABOVE : 0;
    l->fixed = true;
    double left = part(l, b->left, l->x, s.left, l->y);
    double right = part(l, b->right, s.right_x, s.right, l->y);
    l->fixed = fixed;
    l->y = fmax(left, right);
}

/* ---- all ---- */

static void
put_block(struct layout *l, const struct report_block *b)
{
    switch (b->type) {
    case BLOCK_HEADING:
        put_heading(l, b->text);
        return;
    case BLOCK_LEAD:
        layout_paragraphs(l, &layout_lead, "P", render_text(b->text, l->a), TEXT_MAX_PT, 10);
        return;
    case BLOCK_TEXT:
        layout_paragraphs(l, &layout_body, "P", render_text(b->text, l->a), TEXT_MAX_PT, 6);
        return;
    case BLOCK_NOTE:
        layout_paragraphs(l, &layout_note, "P", render_text(b->text, l->a), TEXT_MAX_PT, 6);
        return;
    case BLOCK_CODE:
        put_code(l, b->text);
        return;
    case BLOCK_FIGURES:
        put_figures(l, b);
        return;
    case BLOCK_PAIRS:
        layout_pairs(l, b->pairs.v, b->pairs.n);
        return;
    case BLOCK_TABLE:
        layout_table(l, b->table);
        return;
    case BLOCK_CHART:
        put_chart(l, b->chart);
        return;
    case BLOCK_COLUMNS:
        put_columns(l, b);
        return;
    }
    assert(!"a block without a type");
}

/* What stands above block i: the last heading, while no table or chart has come between. */
static void
find_heading(struct layout *l, const struct report_section *s, size_t i)
{
    const struct report_block *b = &s->blocks.v[i];
    l->heading = s->title;
    /* A table that is the section has the section's own title above it. */
    l->after_heading = b->type == BLOCK_TABLE && str_eq(b->table->title, s->title);
    while (i-- > 0) {
        b = &s->blocks.v[i];
        if (b->type == BLOCK_TABLE || b->type == BLOCK_CHART || b->type == BLOCK_COLUMNS)
            return;
        if (b->type != BLOCK_HEADING)
            continue;
        l->heading = b->text;
        l->after_heading = true;
        return;
    }
}

static double
dry_height(struct layout *l, const struct report_block *b)
{
    struct layout_dry was = layout_dry_begin(l);
    put_block(l, b);
    return layout_dry_end(l, was);
}

/* A heading stays with what it heads, a sentence with its commands. */
static bool
keeps_with_next(const struct report_section *s, size_t i)
{
    enum block_type type = s->blocks.v[i].type;
    bool code_follows = i + 1 < s->blocks.n && s->blocks.v[i + 1].type == BLOCK_CODE;
    return type == BLOCK_HEADING || ((type == BLOCK_TEXT || type == BLOCK_NOTE) && code_follows);
}

/* What of the blocks from i on must stand on one page: a heading with what it heads. */
static double
lead_height(struct layout *l, const struct report_section *s, size_t i)
{
    enum { FEW_LINES = 3 };
    if (i == s->blocks.n)
        return 0;
    const struct report_block *b = &s->blocks.v[i];
    find_heading(l, s, i);
    double high;
    if (b->type == BLOCK_TABLE)
        high = layout_table_lead(l, b->table);
    else if (b->type == BLOCK_COLUMNS || b->type == BLOCK_CHART || b->type == BLOCK_FIGURES)
        high = dry_height(l, b);
    else
        high = fmin(dry_height(l, b), FEW_LINES * layout_lead.leading);
    if (keeps_with_next(s, i) || b->type == BLOCK_LEAD || b->type == BLOCK_NOTE)
        high += lead_height(l, s, i + 1);
    return fmin(high, l->bottom - l->top);
}

double
layout_blocks_lead(struct layout *l, const struct report_section *s)
{
    return lead_height(l, s, 0);
}

/* Height of the blocks from i on; more than the limit when that is reached, or a long table stands there. */
static double
rest_height(struct layout *l, const struct report_section *s, size_t i, double limit)
{
    enum { LONG_TABLE = 40 };
    double high = 0;
    for (; i < s->blocks.n && high <= limit; i++) {
        const struct report_block *b = &s->blocks.v[i];
        if (b->type == BLOCK_TABLE && b->table->rows.n > LONG_TABLE)
            return limit + 1;
        find_heading(l, s, i);
        high += dry_height(l, b);
    }
    return high;
}

double
layout_blocks_height(struct layout *l, const struct report_section *s)
{
    return rest_height(l, s, 0, l->bottom - l->top);
}

/* Height of the small text behind block i, when nothing else follows: it has no page of its own. */
static double
tail_height(struct layout *l, const struct report_section *s, size_t i)
{
    double high = 0;
    while (++i < s->blocks.n) {
        const struct report_block *b = &s->blocks.v[i];
        if (b->type != BLOCK_NOTE && b->type != BLOCK_TEXT)
            return 0;
        high += dry_height(l, b);
    }
    return high <= (l->bottom - l->top) / 5 ? high : 0;
}

void
layout_blocks(struct layout *l, const struct report_section *s)
{
    double end = (l->bottom - l->top) / 4;
    assert(l->w > 0);
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        if (keeps_with_next(s, i) || b->type == BLOCK_FIGURES)
            layout_need(l, lead_height(l, s, i));
        bool is_headed = i > 0 && keeps_with_next(s, i - 1);
        if (!l->dry && !l->fixed && !is_headed) { /* the end of a section is not split */
            double rest = rest_height(l, s, i, end);
            if (rest <= end)
                layout_need(l, rest);
        }
        l->tail = l->dry || l->fixed ? 0 : tail_height(l, s, i);
        find_heading(l, s, i);
        put_block(l, b);
        l->tail = 0;
    }
    l->after_heading = false;
}
