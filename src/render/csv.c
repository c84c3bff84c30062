/* The CSV edition: one file a table, RFC 4180, for machines and spreadsheets.
 * Heads are the stable English keys, times ISO 8601 UTC, statuses our stable words. Cells of text
 * are made visible (no raw controls) and, with the guard on, cannot become formulas. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/utf8.h"
#include "render/renderers.h"

struct csv {
    struct buf *out;
    struct arena *a;
    bool guard;
    bool has_cell; /* a comma is due */
    VEC(const char *) note_keys;
    bool has_totals;
};

/* ---- cells ---- */

static void
comma(struct csv *c)
{
    if (c->has_cell)
        buf_putc(c->out, ',');
    c->has_cell = true;
}

static void
end_line(struct csv *c)
{
    buf_puts(c->out, "\r\n");
    c->has_cell = false;
}

static bool
needs_quotes(struct str s)
{
    if (s.len && (s.s[0] == ' ' || s.s[s.len - 1] == ' '))
        return true;
    for (size_t i = 0; i < s.len; i++)
        if (strchr(",\"\r\n", s.s[i]))
            return true;
    return false;
}

/* A field as it stands, quoted when it must be. */
static void
put_field(struct csv *c, struct str s)
{
    comma(c);
    if (!needs_quotes(s)) {
        buf_str(c->out, s);
        return;
    }
    buf_putc(c->out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] == '"')
            buf_putc(c->out, '"');
        buf_putc(c->out, s.s[i]);
    }
    buf_putc(c->out, '"');
}

/* What spreadsheets take for the beginning of a formula; judged on the bytes as they came. */
static bool
is_formula(struct str s)
{
    return s.len && s.s[0] && strchr("=+-@\t\r\n", s.s[0]);
}

/* Text of others. */
static void
put_text(struct csv *c, struct str s)
{
    struct str shown = s.len ? utf8_visible(c->a, s) : s;
    if (c->guard && (is_formula(s) || is_formula(shown)))
        shown = arena_fmt(c->a, "'%.*s", STR_ARG(shown));
    put_field(c, shown);
}

static void
put_number(struct csv *c, double v, int decimals)
{
    put_field(c, isfinite(v) ? arena_fmt(c->a, "%.*f", decimals, v) : STR(""));
}

static void
put_int(struct csv *c, int64_t n)
{
    put_field(c, arena_fmt(c->a, "%" PRId64, n));
}

/* How many fields a column is: bars are drawings of their neighbours, ratios are two numbers. */
static int
n_fields(enum cell_type type)
{
    return type == CELL_BAR ? 0 : type == CELL_RATIO ? 2 : 1;
}

static void
put_empty(struct csv *c, int n)
{
    for (int i = 0; i < n; i++)
        put_field(c, STR(""));
}

static void
put_cell(struct csv *c, const struct report_cell *cell, enum cell_type column)
{
    if (cell->null || cell->type == CELL_NONE || n_fields(column) != n_fields(cell->type)) {
        /* A column of ratios keeps its two fields whatever a cell holds. */
        assert(cell->null || cell->type == CELL_NONE);
        put_empty(c, n_fields(column));
        return;
    }
    switch (cell->type) {
    case CELL_NONE:
    case CELL_BAR:
        return;
    case CELL_TEXT:
    case CELL_HASH:
        put_text(c, cell->text);
        return;
    case CELL_INT:
        put_int(c, cell->n);
        return;
    case CELL_NUMBER:
    case CELL_SCORE:
        put_number(c, cell->num, cell->decimals);
        return;
    case CELL_STATUS:
        put_field(c, str_c(status_word(cell->status)));
        return;
    case CELL_TIME:
        put_field(c, clock_iso(c->a, cell->n));
        return;
    case CELL_DATE:
        put_field(c, clock_date(c->a, cell->n));
        return;
    case CELL_RATIO:
        put_int(c, cell->n);
        put_int(c, cell->of);
        return;
    }
    assert(!"a cell type without a field");
}

/* ---- notes ---- */

static bool
has_note_key(const struct csv *c, const char *key)
{
    for (size_t i = 0; i < c->note_keys.n; i++)
        if (strcmp(c->note_keys.v[i], key) == 0)
            return true;
    return false;
}

/* The kinds of notes in a table, in the order they first appear. */
static void
survey(struct csv *c, const struct report_table *t)
{
    for (size_t i = 0; i < t->rows.n; i++) {
        const struct report_row *r = &t->rows.v[i];
        c->has_totals = c->has_totals || r->is_total;
        for (size_t k = 0; k < r->notes.n; k++)
            if (!has_note_key(c, r->notes.v[k].key))
                *VEC_PUSH(c->a, &c->note_keys) = r->notes.v[k].key;
    }
}

/* All notes of one kind, a line each. */
static struct str
notes_of(struct csv *c, const struct report_row *r, const char *key)
{
    struct str all = STR("");
    for (size_t i = 0; i < r->notes.n; i++) {
        if (strcmp(r->notes.v[i].key, key) != 0)
            continue;
        struct str text = r->notes.v[i].text;
        if (all.len == 0) {
            all = text;
            continue;
        }
        AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
        buf_str(&b, all);
        buf_putc(&b, '\n');
        buf_str(&b, text);
        all = arena_str(c->a, buf_view(&b));
    }
    return all;
}

static bool
is_column(const struct report_table *t, const char *key)
{
    for (size_t i = 0; i < t->columns.n; i++)
        if (strcmp(t->columns.v[i].key, key) == 0)
            return true;
    return false;
}

/* ---- the file ---- */

static void
put_head(struct csv *c, const struct report_table *t)
{
    for (size_t i = 0; i < t->columns.n; i++) {
        const struct report_column *col = &t->columns.v[i];
        if (col->type == CELL_BAR)
            continue;
        put_field(c, str_c(col->key));
        if (col->type == CELL_RATIO)
            put_field(c, arena_fmt(c->a, "%s_of", col->key));
    }
    for (size_t i = 0; i < c->note_keys.n; i++) {
        const char *key = c->note_keys.v[i];
        put_field(c, is_column(t, key) ? arena_fmt(c->a, "%s_note", key) : str_c(key));
    }
    if (c->has_totals)
        put_field(c, STR("is_total"));
    end_line(c);
}

static void
put_row(struct csv *c, const struct report_table *t, const struct report_row *r)
{
    for (size_t i = 0; i < t->columns.n; i++)
        put_cell(c, &r->cells[i], t->columns.v[i].type);
    for (size_t i = 0; i < c->note_keys.n; i++)
        put_text(c, notes_of(c, r, c->note_keys.v[i]));
    if (c->has_totals)
        put_field(c, r->is_total ? STR("1") : STR("0"));
    end_line(c);
}

static int
write_table(const struct report_table *t, const struct render_options *o, struct arena *a,
            struct render_files *ret, struct diag *d)
{
    assert(t->key && t->columns.n > 0);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct csv c = {.out = &out, .a = a, .guard = o->csv_formula_guard};
    survey(&c, t);
    buf_puts(&out, o->csv_bom ? "\xef\xbb\xbf" : "");
    put_head(&c, t);
    for (size_t i = 0; i < t->rows.n; i++)
        put_row(&c, t, &t->rows.v[i]);
    if (buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "table %s is larger than 4 GiB", t->key);
    render_add_file(ret, &csv_renderer, o, arena_fmt(a, ".%s", t->key),
                    arena_str(a, buf_view(&out)), a);
    return 0;
}

static int
write_csv(const struct report *r, const struct render_options *o, struct arena *a,
          struct render_files *ret, struct diag *d)
{
    struct map *keys = map_new(a);
    for (const struct report_table *t = NULL; (t = report_next_table(r, t));) {
        assert(map_get_index(keys, str_c(t->key)) < 0); /* else one file would replace another */
        map_put_index(keys, str_c(t->key), 0);
        if (write_table(t, o, a, ret, d) != 0)
            return -1;
    }
    return 0;
}

const struct renderer csv_renderer = {
    .name = "csv",
    .suffix = "csv",
    .media_type = "text/csv; charset=utf-8; header=present",
    .write = write_csv,
};
