/* Tables over pages: head repeated, rows whole, notes below the row. columns.c measures
 * before, cell.c knows the cells, draw.c draws. */
#include <assert.h>
#include <math.h>

#include "render/layout/cell.h"
#include "render/renderers.h"

#define PAD_PT      3.6 /* above and below a row */
#define NOTE_GAP_PT 1.5 /* above the notes of a row */
#define NOTE_MAX_PT (150 * LAYOUT_MM)
#define HEAD_PAD_PT 3.0
#define RULE_PT     0.9
#define HAIR_PT     0.4
#define BAR_HIGH_PT 6.4

enum {
    ROWS_AN_ARENA = 64,
    LAST_ROWS = 3, /* stay together with the notes: a page with one row says nothing */
};

struct cell_box {
    struct layout_style style;
    struct layout_lines lines;
};

struct note_line {
    struct str label, text; /* label only on the first line of a note */
};

/* A row made ready: unit k is line k of every cell while k < n_lines, then a line of the notes. */
struct row_box {
    const struct report_row *row;
    struct cell_box *cells;
    VEC(struct note_line) notes;
    double label_width;
    size_t n_lines, n_units;
};

struct table_job {
    struct layout *l;
    const struct report_table *t;
    double *x, *w;
    size_t main; /* names the row, carries its notes */
    struct layout_lines *head;
    double head_height;
    double tail;            /* height of the notes below, which stay with the last row */
    struct arena *a, *rows; /* of the table; of the rows under way */
    struct pdf_elem *table;
};

/* ---- columns ---- */

/* The first text column of the greatest weight. */
static size_t
main_column(const struct report_table *t)
{
    size_t best = t->columns.n;
    for (size_t i = 0; i < t->columns.n; i++) {
        if (t->columns.v[i].type != CELL_TEXT)
            continue;
        if (best == t->columns.n || t->columns.v[i].weight > t->columns.v[best].weight)
            best = i;
    }
    return best == t->columns.n ? 0 : best;
}

static struct table_job *
prepare(struct layout *l, const struct report_table *t)
{
    struct arena *a = arena_new();
    struct table_job *j = ARENA_NEW(a, struct table_job);
    *j = (struct table_job){.l = l, .t = t, .a = a, .rows = arena_new(), .main = main_column(t)};
    j->w = ARENA_ARRAY(a, double, t->columns.n);
    j->x = ARENA_ARRAY(a, double, t->columns.n);
    j->head = ARENA_ARRAY(a, struct layout_lines, t->columns.n);
    layout_columns(l, t, j->w);
    assert(j->main < t->columns.n);
    double x = l->x;
    size_t lines = 0;
    for (size_t i = 0; i < t->columns.n; i++) {
        j->x[i] = x;
        x += j->w[i] + LAYOUT_COLUMN_GAP;
        j->head[i] = layout_wrap_even(a, &layout_head, t->columns.v[i].title, j->w[i]);
        lines = j->head[i].v.n > lines ? j->head[i].v.n : lines;
    }
    j->head_height = (double)lines * layout_head.leading + HEAD_PAD_PT + RULE_PT;
    return j;
}

static void
finish(struct table_job *j)
{
    arena_free(j->rows);
    arena_free(j->a);
}

/* ---- rows ---- */

/* Beside the column of the row's name, labels in a column of their own. */
static void
add_notes(struct table_job *j, struct row_box *b)
{
    for (size_t i = 0; i < b->row->notes.n; i++)
        b->label_width =
            fmax(b->label_width, layout_width(&layout_head, b->row->notes.v[i].label) + 7);
    double width = j->l->x + j->l->w - j->x[j->main] - b->label_width;
    width = fmax(fmin(width, NOTE_MAX_PT), 40);
    struct layout_style foreign = layout_note;
    foreign.is_foreign = true;
    for (size_t i = 0; i < b->row->notes.n; i++) {
        const struct report_note *n = &b->row->notes.v[i];
        const struct layout_lines lines =
            layout_wrap(j->rows, &foreign, render_text(n->text, j->rows), width);
        for (size_t k = 0; k < lines.v.n; k++)
            *VEC_PUSH(j->rows, &b->notes) =
                (struct note_line){.label = k ? STR("") : n->label, .text = lines.v.v[k]};
    }
}

/* Everything that is known of a row before a place is looked for. */
static struct row_box
box_of(struct table_job *j, const struct report_row *row)
{
    struct row_box b = {.row = row};
    b.n_lines = 1;
    b.cells = ARENA_ARRAY(j->rows, struct cell_box, j->t->columns.n);
    for (size_t i = 0; i < j->t->columns.n; i++) {
        struct cell_box *c = &b.cells[i];
        struct layout_cell *cell = layout_cell_of(j->l, row, i, j->rows);
        c->style = layout_cell_style(cell);
        c->lines = layout_cell_lines(cell, j->w[i]);
        b.n_lines = c->lines.v.n > b.n_lines ? c->lines.v.n : b.n_lines;
    }
    add_notes(j, &b);
    b.n_units = b.n_lines + b.notes.n;
    assert(b.n_lines > 0);
    return b;
}

/* Height of the units from .. to - 1 with the space around them. */
static double
height_of(const struct row_box *b, size_t from, size_t to)
{
    assert(from < to && to <= b->n_units);
    size_t lines_end = to < b->n_lines ? to : b->n_lines;
    size_t lines = from < lines_end ? lines_end - from : 0;
    size_t notes = to - from - lines;
    return 2 * PAD_PT + (double)lines * layout_body.leading + (double)notes * layout_note.leading +
           (notes && lines ? NOTE_GAP_PT : 0);
}

/* ---- drawing a row ---- */

/* A thin gap parts the two colours for those who do not see them; the share is in the alternative
 * text. */
static void
draw_bar(struct table_job *j, size_t col, const struct report_cell *c)
{
    struct layout *l = j->l;
    if (c->null)
        return;
    double share = fmin(fmax(c->failed_first ? 1 - c->num : c->num, 0), 1), w = j->w[col],
           x = j->x[col];
    double y = l->y + PAD_PT + (layout_body.leading - BAR_HIGH_PT) / 2 + 0.6;
    struct pdf_elem *outer = layout_open(l, "Figure");
    layout_tag_text(l, "Alt", render_bar_text(l->r, c, j->rows));
    if (!l->dry)
        pdf_tag_box(l->parent, l->page, (const double[4]){x, y, w, BAR_HIGH_PT});
    layout_mark(l);
    double gap = share > 0.01 && share < 0.99 ? 0.8 : 0;
    bool any = c->n + c->of > 0;
    if (!any)
        layout_rect(l, x, y, w, BAR_HIGH_PT, PALETTE_TRACK);
    if (any && share > 0)
        layout_rect(l, x, y, w * share - gap / 2, BAR_HIGH_PT,
                    c->failed_first ? PALETTE_FAIL : PALETTE_PASS);
    if (any && share < 1)
        layout_rect(l, x + w * share + gap / 2, y, w * (1 - share) - gap / 2, BAR_HIGH_PT,
                    c->failed_first ? PALETTE_PASS : PALETTE_FAIL);
    layout_unmark(l);
    layout_close(l, outer);
}

/* A paragraph for each note, so that a reader hears where one ends. */
static void
draw_notes(struct table_job *j, const struct row_box *b, size_t from, size_t to, double y)
{
    struct layout *l = j->l;
    double x = j->x[j->main];
    struct pdf_elem *outer = NULL;
    for (size_t k = from; k < to; k++, y += layout_note.leading) {
        const struct note_line *n = &b->notes.v[k];
        if (n->label.len && outer) {
            layout_unmark(l);
            layout_close(l, outer);
            outer = NULL;
        }
        if (!outer) {
            outer = layout_open(l, "P");
            layout_mark(l);
        }
        if (n->label.len)
            layout_line(l, x, y, &(struct layout_style){FONT_BOLD, 7.4, 11, PALETTE_SOFT, false},
                        arena_fmt(j->rows, "%.*s ", STR_ARG(n->label)));
        layout_line(l, x + b->label_width, y, &layout_note, n->text);
    }
    if (outer) {
        layout_unmark(l);
        layout_close(l, outer);
    }
}

static void
draw_lines(struct table_job *j, size_t col, const struct cell_box *c, size_t from, size_t to)
{
    struct layout *l = j->l;
    double y = l->y + PAD_PT;
    if (from >= to)
        return;
    double widest = 0; /* lines from right to left have a common right edge */
    for (size_t k = 0; k < c->lines.v.n; k++)
        if (str_starts(c->lines.v.v[k], FONT_LEFTWARD))
            widest = fmax(widest, layout_width(&c->style, c->lines.v.v[k]));
    layout_mark(l);
    for (size_t k = from; k < to; k++, y += layout_body.leading) {
        struct str line = c->lines.v.v[k];
        if (j->t->columns.v[col].align == ALIGN_RIGHT)
            layout_line_right(l, j->x[col] + j->w[col], y, &c->style, line);
        else if (str_starts(line, FONT_LEFTWARD))
            layout_line_right(l, j->x[col] + widest, y, &c->style, line);
        else
            layout_line(l, j->x[col], y, &c->style, line);
    }
    layout_unmark(l);
}

/* Units of a row are its lines, then the lines of its notes: a part of a row has some of each. */
static void
draw_cell(struct table_job *j, const struct row_box *b, size_t col, size_t from, size_t to)
{
    struct layout *l = j->l;
    const struct cell_box *c = &b->cells[col];
    const struct report_cell *cell = &b->row->cells[col];
    struct pdf_elem *outer = layout_open(l, col == j->main ? "TH" : "TD");
    if (col == j->main)
        layout_tag_scope(l, "Row");
    size_t end = to < c->lines.v.n ? to : c->lines.v.n;
    if (cell->type == CELL_BAR && from == 0)
        draw_bar(j, col, cell);
    draw_lines(j, col, c, from, end);
    if (col == j->main && to > b->n_lines) {
        size_t lines = from < b->n_lines ? b->n_lines - from : 0;
        double y = l->y + PAD_PT + (double)lines * layout_body.leading + (lines ? NOTE_GAP_PT : 0);
        draw_notes(j, b, from < b->n_lines ? 0 : from - b->n_lines, to - b->n_lines, y);
    }
    layout_close(l, outer);
}

/* A part of a row as a row of its own; the whole row as a rule. */
static void
draw_units(struct table_job *j, const struct row_box *b, size_t from, size_t to)
{
    struct layout *l = j->l;
    struct pdf_elem *outer = layout_open(l, "TR");
    for (size_t i = 0; i < j->t->columns.n; i++)
        draw_cell(j, b, i, from, to);
    layout_close(l, outer);
    l->y += height_of(b, from, to);
    layout_rule(l, l->x, l->y, l->w, HAIR_PT, PALETTE_HAIRLINE);
}

/* ---- head ---- */

static void
draw_head_cell(struct table_job *j, size_t i)
{
    struct layout *l = j->l;
    const struct layout_lines *h = &j->head[i];
    double y = l->y + j->head_height - HEAD_PAD_PT - RULE_PT - (double)h->v.n * layout_head.leading;
    for (size_t k = 0; k < h->v.n; k++, y += layout_head.leading) {
        if (j->t->columns.v[i].align == ALIGN_RIGHT)
            layout_line_right(l, j->x[i] + j->w[i], y, &layout_head, h->v.v[k]);
        else
            layout_line(l, j->x[i], y, &layout_head, h->v.v[k]);
    }
}

static void
end_head(struct table_job *j)
{
    struct layout *l = j->l;
    l->y += j->head_height;
    layout_rule(l, l->x, l->y - RULE_PT / 2, l->w, RULE_PT, PALETTE_INK);
}

/* A column without a title (a bar) has a plain cell: an empty TH would be read out as a head. */
static void
draw_head(struct table_job *j)
{
    struct layout *l = j->l;
    struct pdf_elem *table = layout_open(l, "THead");
    struct pdf_elem *outer = layout_open(l, "TR");
    for (size_t i = 0; i < j->t->columns.n; i++) {
        bool titled = j->head[i].v.n > 0;
        struct pdf_elem *row = layout_open(l, titled ? "TH" : "TD");
        if (titled) {
            layout_tag_scope(l, "Column");
            layout_mark(l);
            draw_head_cell(j, i);
            layout_unmark(l);
        }
        layout_close(l, row);
    }
    layout_close(l, outer);
    layout_close(l, table);
    end_head(j);
}

/* ---- pages ---- */

static void
next_page(struct table_job *j)
{
    struct layout *l = j->l;
    assert(!l->dry && !l->fixed);
    layout_close(l, j->table); /* one body a page keeps lists of children short */
    layout_break(l);
    layout_artifact(l, "Pagination"); /* here the head is furniture: a reader has heard it once */
    for (size_t i = 0; i < j->t->columns.n; i++)
        draw_head_cell(j, i);
    layout_unmark(l);
    end_head(j);
    layout_open(l, "TBody");
}

/* Units from `from` on that fit on this page; 0 = none. */
static size_t
units_that_fit(struct table_job *j, const struct row_box *b, size_t from)
{
    size_t to = from;
    while (to < b->n_units && j->l->y + height_of(b, from, to + 1) <= j->l->bottom)
        to++;
    return to - from;
}

/* "continued": a word at the right of the cut, so that nobody takes the part for the whole. */
static void
mark_cut(struct table_job *j)
{
    struct layout *l = j->l;
    layout_artifact(l, "Layout");
    layout_line_right(l, l->x + l->w, l->y, &layout_furniture,
                      arena_fmt(j->rows, "%.*s …", STR_ARG(layout_text(l, "continued"))));
    layout_unmark(l);
}

/* A row that no page can hold. */
static void
draw_long_row(struct table_job *j, const struct row_box *b)
{
    struct layout *l = j->l;
    double foot = layout_furniture.leading;
    assert(!l->dry && !l->fixed);
    l->bottom -= foot; /* room for the mark */
    for (size_t from = 0; from < b->n_units;) {
        size_t n = units_that_fit(j, b, from);
        if (n == 0) {
            next_page(j);
            n = units_that_fit(j, b, from);
            n = n ? n : 1;
        }
        draw_units(j, b, from, from + n);
        from += n;
        if (from < b->n_units) {
            mark_cut(j);
            next_page(j);
        }
    }
    l->bottom += foot;
}

static void
draw_row(struct table_job *j, const struct row_box *b)
{
    struct layout *l = j->l;
    double high = height_of(b, 0, b->n_units);
    bool last = b->row == &j->t->rows.v[j->t->rows.n - 1];
    double tail = last ? fmin(j->tail, (l->bottom - l->top) / 4) : 0;
    bool free = !l->dry && !l->fixed;
    if (free && high > l->bottom - l->top - j->head_height) {
        draw_long_row(j, b);
        return;
    }
    bool below_rows = l->y > l->top + j->head_height + 1;
    if (free && below_rows && l->y + high + tail > l->bottom + 0.01)
        next_page(j);
    draw_units(j, b, 0, b->n_units);
}

/* The last rows begin a page when they would not all stand on this one. */
static void
keep_last_rows(struct table_job *j, size_t i)
{
    struct layout *l = j->l;
    double page = l->bottom - l->top - j->head_height, high = fmin(j->tail, page / 4);
    if (l->dry || l->fixed || i == 0 || l->y <= l->top + j->head_height + 1)
        return;
    for (; i < j->t->rows.n; i++) {
        const struct row_box b = box_of(j, &j->t->rows.v[i]);
        high += height_of(&b, 0, b.n_units);
    }
    if (high <= page / 2 && l->y + high > l->bottom + 0.01)
        next_page(j);
}

static void
draw_rows(struct table_job *j)
{
    layout_open(j->l, "TBody");
    for (size_t i = 0; i < j->t->rows.n; i++) {
        layout_cell_tidy(j->l);
        if (i + LAST_ROWS == j->t->rows.n)
            keep_last_rows(j, i);
        const struct row_box b = box_of(j, &j->t->rows.v[i]);
        draw_row(j, &b);
        if (i % ROWS_AN_ARENA == ROWS_AN_ARENA - 1) {
            arena_free(j->rows);
            j->rows = arena_new();
        }
    }
    layout_close(j->l, j->table);
}

/* ---- all ---- */

static bool
has_caption(const struct layout *l, const struct report_table *t)
{
    return !l->after_heading && t->title.len > 0;
}

double
layout_table_lead(struct layout *l, const struct report_table *t)
{
    double high = has_caption(l, t) ? layout_bold.leading + 4 : 0;
    if (t->rows.n == 0)
        return high + layout_body.leading;
    struct table_job *j = prepare(l, t);
    const struct row_box b = box_of(j, &t->rows.v[0]);
    double rows = height_of(&b, 0, b.n_units);
    rows += (double)(t->rows.n > 3 ? 2 : t->rows.n - 1) * (layout_body.leading + 2 * PAD_PT);
    high += j->head_height + fmin(rows, (l->bottom - l->top) / 2);
    finish(j);
    return high;
}

/* The small text below the table. */
static void
draw_table_notes(struct layout *l, const struct report_table *t)
{
    l->y += t->notes.n ? 4 : 0;
    for (size_t i = 0; i < t->notes.n; i++)
        layout_paragraph(l, &layout_note, "P", render_text(t->notes.v[i], l->a), NOTE_MAX_PT, 1);
}

static void
draw_filled(struct layout *l, const struct report_table *t)
{
    layout_need(l, layout_table_lead(l, t));
    struct pdf_elem *outer = layout_open(l, "Table");
    if (has_caption(l, t))
        layout_paragraph(l, &layout_bold, "Caption", t->title, l->w, 4);
    else if (t->title.len)
        layout_tag_text(l, "T", t->title);
    struct table_job *j = prepare(l, t);
    j->table = l->parent;
    struct layout_dry was = layout_dry_begin(l);
    draw_table_notes(l, t);
    j->tail = layout_dry_end(l, was) + l->tail;
    draw_head(j);
    draw_rows(j);
    finish(j);
    layout_close(l, outer);
}

void
layout_table(struct layout *l, const struct report_table *t)
{
    assert(t->columns.n > 0);
    if (t->rows.n > 0) {
        draw_filled(l, t);
    } else {
        if (has_caption(l, t))
            layout_paragraph(l, &layout_bold, "P", t->title, l->w, 2);
        layout_paragraph(l, &layout_soft, "P", t->empty, l->w, 0);
    }
    draw_table_notes(l, t);
    l->y += 10;
}
