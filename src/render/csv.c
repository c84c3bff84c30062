/* The CSV edition: one file a table, RFC 4180, for machines and spreadsheets, and one file for all
 * checks of all agents.
 * Heads are the stable English keys, times ISO 8601 UTC, statuses our stable words. Cells of text
 * are made visible (no raw controls) and, with the guard on, cannot become formulas. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "render/renderers.h"

AUTO_DEFINE(struct arena *, arena_free)

#define CSV_ALL_CHECKS "all-checks" /* the file that has a row for each check of each scan */

struct csv {
    struct buf *out;
    struct arena *a;    /* of the file */
    struct arena **row; /* of the row at hand */
    bool guard;
    char separator;
    bool has_cell; /* a separator is due */
    VEC(const char *) note_keys;
    bool has_totals;
};

/* ---- cells ---- */

static void
csv_end_line(struct csv *c)
{
    arena_tidy(c->row);
    buf_puts(c->out, "\r\n");
    c->has_cell = false;
}

/* RFC 4180, and spaces at an end, which some readers would take away. */
static bool
csv_needs_quotes(const struct csv *c, struct str s)
{
    if (s.len && (s.s[0] == ' ' || s.s[s.len - 1] == ' '))
        return true;
    for (size_t i = 0; i < s.len; i++)
        if (s.s[i] == c->separator || (s.s[i] && strchr(",\"\r\n", s.s[i])))
            return true;
    return false;
}

/* A field as it stands, quoted when it must be. */
static void
csv_field(struct csv *c, struct str s)
{
    bool quoted = csv_needs_quotes(c, s);
    if (c->has_cell)
        buf_putc(c->out, c->separator);
    c->has_cell = true;
    if (!quoted) {
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

static void
csv_int(struct csv *c, int64_t n)
{
    csv_field(c, arena_fmt(*c->row, "%" PRId64, n));
}

/* What spreadsheets take for the beginning of a formula. */
static bool
is_formula(struct str s)
{
    return s.len && s.s[0] && strchr("=+-@\t\r\n", s.s[0]);
}

/* Text of others. It is looked at as it came and as it is written: making controls visible must
 * neither hide the beginning of a formula nor make one. */
static void
csv_text(struct csv *c, struct str s, bool is_name)
{
    struct str shown = !s.len ? s : is_name ? utf8_name(*c->row, s) : utf8_visible(*c->row, s);
    if (c->guard && (is_formula(s) || is_formula(shown)))
        shown = arena_fmt(*c->row, "'%.*s", STR_ARG(shown));
    csv_field(c, shown);
}

/* How many fields a column is: bars are drawings of their neighbours, ratios are two numbers, rounded
 * numbers stand before the two that they were made of. */
static int
n_fields(enum cell_type type)
{
    bool is_rounded = type == CELL_NUMBER || type == CELL_SCORE;
    return type == CELL_BAR ? 0 : type == CELL_RATIO ? 2 : is_rounded ? 3 : 1;
}

/* A sum of fractions with many denominators is no fraction of two numbers that anybody could use. */
static void
csv_rounded(struct csv *c, const struct rounded *v)
{
    csv_field(c, exact_digits(*c->row, v));
    if (v->of.of) {
        csv_int(c, v->of.n);
        csv_int(c, v->of.of);
        return;
    }
    csv_field(c, STR(""));
    csv_field(c, STR(""));
}

static void
csv_cell(struct csv *c, const struct report_cell *cell, enum cell_type column)
{
    bool is_empty = cell->null || cell->type == CELL_NONE;
    assert(is_empty || n_fields(column) == n_fields(cell->type));
    /* An empty cell is as many fields as its column: the fields behind it stay under their heads. */
    for (int i = 0; is_empty && i < n_fields(column); i++)
        csv_field(c, STR(""));
    if (is_empty)
        return;
    switch (cell->type) {
    case CELL_NONE:
    case CELL_BAR:
        return;
    case CELL_TEXT:
        csv_text(c, cell->text, cell->is_name);
        return;
    case CELL_HASH:
        csv_text(c, cell->text, false);
        return;
    case CELL_INT:
        csv_int(c, cell->n);
        return;
    case CELL_NUMBER:
    case CELL_SCORE:
        csv_rounded(c, &cell->value);
        return;
    case CELL_STATUS:
        csv_field(c, str_c(status_word(cell->status)));
        return;
    case CELL_TIME:
        csv_field(c, clock_iso(*c->row, cell->n));
        return;
    case CELL_DATE:
        csv_field(c, clock_date(*c->row, cell->n));
        return;
    case CELL_RATIO:
        csv_int(c, cell->n);
        csv_int(c, cell->of);
        return;
    }
    assert(!"a cell type without a field");
}

/* ---- notes ---- */

static void
csv_add_note_key(struct csv *c, const char *key)
{
    for (size_t i = 0; i < c->note_keys.n; i++)
        if (strcmp(c->note_keys.v[i], key) == 0)
            return;
    *VEC_PUSH(c->a, &c->note_keys) = key;
}

/* What columns the table gets behind its own: one for each kind of note, in the order in which they
 * first appear, and one that tells totals apart when there are any. */
static void
csv_survey(struct csv *c, const struct report_table *t)
{
    for (size_t i = 0; i < t->rows.n; i++) {
        const struct report_row *r = &t->rows.v[i];
        c->has_totals = c->has_totals || r->is_total;
        for (size_t k = 0; k < r->notes.n; k++)
            csv_add_note_key(c, r->notes.v[k].key);
    }
}

/* All notes of one kind, a line each. */
static struct str
csv_notes(struct csv *c, const struct report_row *r, const char *key)
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
        all = arena_str(*c->row, buf_view(&b));
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

/* A kind of note whose name is a column's gets another one: two columns may not be called the same. */
static void
csv_head(struct csv *c, const struct report_table *t)
{
    for (size_t i = 0; i < t->columns.n; i++) {
        const struct report_column *col = &t->columns.v[i];
        if (col->type == CELL_BAR)
            continue;
        csv_field(c, str_c(col->key));
        if (n_fields(col->type) == 3)
            csv_field(c, arena_fmt(c->a, "%s_n", col->key));
        if (n_fields(col->type) > 1)
            csv_field(c, arena_fmt(c->a, "%s_of", col->key));
        if (col->aside_key)
            csv_field(c, str_c(col->aside_key));
    }
    for (size_t i = 0; i < t->columns.n; i++)
        if (t->columns.v[i].alias_title.len)
            csv_field(c, arena_fmt(c->a, "%s_alias", t->columns.v[i].key));
    for (size_t i = 0; i < c->note_keys.n; i++) {
        const char *key = c->note_keys.v[i];
        csv_field(c, is_column(t, key) ? arena_fmt(c->a, "%s_note", key) : str_c(key));
    }
    if (c->has_totals)
        csv_field(c, STR("is_total"));
    csv_end_line(c);
}

static void
csv_row(struct csv *c, const struct report_table *t, const struct report_row *r)
{
    for (size_t i = 0; i < t->columns.n; i++) {
        csv_cell(c, &r->cells[i], t->columns.v[i].type);
        if (t->columns.v[i].aside_key)
            csv_text(c, r->cells[i].aside, false);
    }
    for (size_t i = 0; i < t->columns.n; i++)
        if (t->columns.v[i].alias_title.len)
            csv_text(c, r->cells[i].alias.s ? r->cells[i].alias : STR(""), true);
    for (size_t i = 0; i < c->note_keys.n; i++)
        csv_text(c, csv_notes(c, r, c->note_keys.v[i]), false);
    if (c->has_totals)
        csv_field(c, r->is_total ? STR("1") : STR("0"));
    csv_end_line(c);
}

static struct csv
csv_begin(const struct render_options *o, struct buf *out, struct arena *a, struct arena **row)
{
    buf_puts(out, o->csv_bom ? "\xef\xbb\xbf" : "");
    return (struct csv){.out = out,
                        .a = a,
                        .row = row,
                        .guard = o->csv_formula_guard,
                        .separator = o->csv_separator ? o->csv_separator : ','};
}

static int
csv_end(struct csv *c, const char *key, const struct render_options *o, struct render_files *ret,
        struct str *ret_bytes, struct diag *d)
{
    if (buf_bad(c->out))
        return diag_fail(d, DIAG_TOO_BIG, "table %s is larger than 4 GiB", key);
    *ret_bytes = buf_give(c->out, c->a);
    render_add_file(ret, &csv_renderer, o, arena_fmt(c->a, ".%s", key), *ret_bytes, c->a);
    return 0;
}

/* One file. Tables have keys that are unique in a report, and so has each its own: what another renderer
 * has added of that name is the same file. */
int
csv_put_table(const struct report_table *t, const struct render_options *o, struct arena *a,
              struct render_files *files, struct str *ret_name, struct str *ret_bytes,
              struct diag *d)
{
    assert(t->key && t->columns.n > 0);
    *ret_name = arena_fmt(a, "%.*s.%s.csv", STR_ARG(o->file_stem), t->key);
    for (size_t i = 0; i < files->files.n; i++)
        if (str_eq(files->files.v[i].name, *ret_name)) {
            *ret_bytes = files->files.v[i].bytes;
            return 0;
        }
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    AUTO(arena_free_auto) struct arena *row = arena_new();
    struct csv c = csv_begin(o, &out, a, &row);
    csv_survey(&c, t);
    csv_head(&c, t);
    for (size_t i = 0; i < t->rows.n; i++)
        csv_row(&c, t, &t->rows.v[i]);
    return csv_end(&c, t->key, o, files, ret_bytes, d);
}

/* ---- all checks ---- */

/* A row of the file of all checks. */
struct csv_check {
    const struct report_table *table;
    const struct report_row *row;
    size_t order; /* in the report */
};

typedef VEC(struct csv_check) csv_checks;

/* A check of a scan stands once, whether one section lists it or several: with the row that says most.
 * The first cell of a row is the id of its check. */
static void
csv_collect(const struct report *r, struct arena *a, csv_checks *ret)
{
    struct map *seen = map_new(a);
    for (const struct report_table *t = NULL; (t = report_next_table(r, t));) {
        for (size_t i = 0; t->subject && i < t->rows.n; i++) {
            const struct report_subject *s = t->subject;
            const struct report_row *row = &t->rows.v[i];
            const struct str parts[] = {s->agent, s->policy, s->policy_version, s->profile,
                                        row->cells[0].text};
            struct sha256 *h = sha256_new();
            for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
                sha256_add(h, &parts[k].len, sizeof parts[k].len);
                sha256_add(h, parts[k].s, parts[k].len);
            }
            struct sha256_digest key = sha256_final(h);
            struct str name = str_n((const char *)key.b, SHA256_SIZE);
            long at = map_get_index(seen, name);
            if (at < 0) {
                map_put_index(seen, arena_str(a, name), ret->n);
                *VEC_PUSH_SOLE(a, ret) = (struct csv_check){t, row, ret->n};
            } else if (row->notes.n > ret->v[at].row->notes.n) {
                ret->v[at].table = t;
                ret->v[at].row = row;
            }
        }
    }
}

static int
by_subject(const void *x, const void *y)
{
    const struct csv_check *a = x, *b = y;
    const struct report_subject *s = a->table->subject, *t = b->table->subject;
    int c = str_cmp(s->agent, t->agent);
    c = c ? c : str_cmp(s->policy, t->policy);
    c = c ? c : str_cmp(s->profile, t->profile);
    return c ? c : (a->order > b->order) - (a->order < b->order);
}

static const char *const csv_subject_heads[] = {
    "agent",        "agent_alias",    "agent_group", "os",        "policy",
    "policy_title", "policy_version", "profile",     "scanned_at"};

static void
csv_subject(struct csv *c, const struct report_subject *s)
{
    const struct str texts[] = {s->agent,  s->alias,        s->group,          s->os,
                                s->policy, s->policy_title, s->policy_version, s->profile};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        csv_text(c, texts[i], true);
    csv_field(c, clock_iso(*c->row, s->time));
}

/* The columns are the same in every report: what one does not tell is empty. */
static void
csv_checks_head(struct csv *c, const csv_checks *checks)
{
    static const char *const notes[] = {"evidence",  "waiver",     "description",
                                        "rationale", "impact",     "remediation",
                                        "mappings",  "references", "idents"};
    const struct csv_check *first = &checks->v[0];
    for (size_t i = 0; i < sizeof csv_subject_heads / sizeof *csv_subject_heads; i++)
        csv_field(c, str_c(csv_subject_heads[i]));
    for (size_t i = 0; i < first->table->columns.n; i++) {
        const struct report_column *col = &first->table->columns.v[i];
        csv_field(c, str_c(i == 0 ? "check_id" : col->key));
        if (col->aside_key)
            csv_field(c, str_c(col->aside_key));
    }
    for (size_t i = 0; i < first->row->facts.n; i++)
        csv_field(c, str_c(first->row->facts.v[i].key));
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        csv_add_note_key(c, notes[i]);
        csv_field(c, str_c(notes[i]));
    }
    csv_end_line(c);
}

static void
csv_check_row(struct csv *c, const struct csv_check *k)
{
    const struct report_table *t = k->table;
    csv_subject(c, t->subject);
    for (size_t i = 0; i < t->columns.n; i++) {
        csv_cell(c, &k->row->cells[i], t->columns.v[i].type);
        if (t->columns.v[i].aside_key)
            csv_text(c, k->row->cells[i].aside, false);
    }
    for (size_t i = 0; i < k->row->facts.n; i++)
        csv_text(c, k->row->facts.v[i].text, false);
    for (size_t i = 0; i < c->note_keys.n; i++)
        csv_text(c, csv_notes(c, k->row, c->note_keys.v[i]), false);
    csv_end_line(c);
}

static int
csv_all_checks(const struct report *r, const struct render_options *o, struct arena *a,
               struct render_files *ret, struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    AUTO(arena_free_auto) struct arena *row = arena_new();
    struct csv c = csv_begin(o, &out, a, &row);
    csv_checks checks = {0};
    struct str bytes;
    csv_collect(r, a, &checks);
    if (checks.n == 0)
        return 0;
    qsort(checks.v, checks.n, sizeof *checks.v, by_subject);
    csv_checks_head(&c, &checks);
    for (size_t i = 0; i < checks.n; i++)
        csv_check_row(&c, &checks.v[i]);
    return csv_end(&c, CSV_ALL_CHECKS, o, ret, &bytes, d);
}

static int
write_csv(const struct report *r, const struct render_options *o, struct arena *a,
          struct render_files *ret, struct diag *d)
{
    struct map *keys = map_new(a);
    map_put_index(keys, STR(CSV_ALL_CHECKS), 0);
    for (const struct report_table *t = NULL; (t = report_next_table(r, t));) {
        assert(map_get_index(keys, str_c(t->key)) < 0); /* else one file would replace another */
        map_put_index(keys, str_c(t->key), 0);
        struct str name, bytes;
        if (!t->subject && csv_put_table(t, o, a, ret, &name, &bytes, d) != 0)
            return -1;
    }
    return csv_all_checks(r, o, a, ret, d);
}

const struct renderer csv_renderer = {
    .name = "csv",
    .suffix = "csv",
    .media_type = "text/csv; charset=utf-8; header=present",
    .write = write_csv,
};
