/* Tables of the HTML edition: caption, head with scope, rows with their notes, totals as foot.
 * Sorting and filtering are added by the script (templates/html/report.js); data-v carries what
 * sorts differently from how it reads. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "render/escape.h"
#include "render/html/parts.h"
#include "render/number.h"
#include "render/palette.h"
#include "render/renderers.h"

enum {
    WIDE_COLUMNS = 10, /* more get a frame of their own with a scroll bar */
    LONG_ROWS = 15,    /* more get a filter box */
    SHORT_NOTES = 200, /* bytes of notes that are shown without being opened */
};

/* The column that names the row and carries its notes: the first of text that is not narrow. */
static size_t
main_column(const struct report_table *t)
{
    double widest = 0;
    for (size_t i = 0; i < t->columns.n; i++)
        if (t->columns.v[i].type == CELL_TEXT)
            widest = fmax(widest, t->columns.v[i].weight);
    for (size_t i = 0; i < t->columns.n; i++)
        if (t->columns.v[i].type == CELL_TEXT && t->columns.v[i].weight >= widest / 2)
            return i;
    return 0;
}

static bool
is_number(enum cell_type type)
{
    return type == CELL_INT || type == CELL_NUMBER || type == CELL_SCORE || type == CELL_RATIO ||
           type == CELL_TIME || type == CELL_DATE || type == CELL_STATUS;
}

/* ---- head ---- */

static void
put_head(struct html_job *j, const struct report_table *t)
{
    html_parts_raw(j, "<thead><tr>");
    for (size_t i = 0; i < t->columns.n; i++) {
        const struct report_column *c = &t->columns.v[i];
        const char *cls = c->type == CELL_BAR       ? " class=\"barcell\""
                          : c->type == CELL_SCORE   ? " class=\"r score\""
                          : c->align == ALIGN_RIGHT ? " class=\"r\""
                                                    : "";
        if (c->type == CELL_BAR || !c->title.len) {
            buf_fmt(j->out, "<td%s></td>", cls);
            continue;
        }
        buf_fmt(j->out, "<th scope=\"col\"%s%s>", cls, is_number(c->type) ? " data-num" : "");
        html_parts_text(j, c->title);
        html_parts_raw(j, "</th>");
    }
    html_parts_raw(j, "</tr></thead>\n");
}

/* ---- cells ---- */

/* data-v: the value to sort by, where the text would not do. */
static void
put_sort_value(struct html_job *j, const struct report_cell *c)
{
    if (c->null)
        buf_puts(j->out, " data-v=\"\"");
    else if (c->type == CELL_INT && (c->n > 999 || c->n < -999))
        buf_fmt(j->out, " data-v=\"%" PRId64 "\"", c->n);
    else if (c->type == CELL_NUMBER || c->type == CELL_SCORE)
        buf_fmt(j->out, " data-v=\"%.17g\"", c->value.value);
    else if (c->type == CELL_TIME || c->type == CELL_DATE)
        buf_fmt(j->out, " data-v=\"%" PRId64 "\"", c->n);
    else if (c->type == CELL_RATIO)
        buf_fmt(j->out, " data-v=\"%.6f\"", c->of ? (double)c->n / (double)c->of : 0);
    else if (c->type == CELL_STATUS)
        buf_fmt(j->out, " data-v=\"%d\"", (int)c->status);
}

static void
put_status(struct html_job *j, enum status s)
{
    static const char *const classes[CLASS__COUNT] = {
        [CLASS_NONE] = "skipped",    [CLASS_PASSED] = "passed", [CLASS_FAILED] = "failed",
        [CLASS_SKIPPED] = "skipped", [CLASS_WAIVED] = "waived",
    };
    const char *cls = s == STATUS_ERROR ? "error" : classes[status_class(s)];
    buf_fmt(j->out, "<span class=\"st %s\"><span aria-hidden=\"true\">%s</span> ", cls,
            palette_sign(s));
    html_escape_put(j->out, render_status_word(j->r, s));
    html_parts_raw(j, "</span>");
}

/* Widths as attributes of SVG: the page's policy allows no style attributes. */
static void
put_bar(struct html_job *j, const struct report_cell *c)
{
    if (c->null)
        return;
    assert(isfinite(c->num) && c->n >= 0 && c->of >= 0);
    double share = fmin(fmax(c->num, 0), 1) * 100;
    html_parts_raw(j, "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
                      "width=\"100\" height=\"8\" role=\"img\"");
    html_parts_attr(j, "aria-label", render_bar_text(j->r, c, j->row));
    static const char *const colours[] = {"f-fail", "f-pass"};
    bool first = !c->failed_first; /* in colours */
    share = first ? share : 100 - share;
    buf_fmt(j->out,
            "><path class=\"%s\" fill=\"#%06x\" d=\"M0 0H100V8H0Z\"/>"
            "<path class=\"%s\" fill=\"#%06x\" d=\"M0 0H%.1fV8H0Z\"/>",
            colours[!first], first ? PALETTE_FAIL : PALETTE_PASS, colours[first],
            first ? PALETTE_PASS : PALETTE_FAIL, share);
    if (share > 1 && share < 99)
        buf_fmt(j->out, "<path class=\"f-paper\" fill=\"#%06x\" d=\"M%.1f 0h1V8h-1Z\"/>",
                PALETTE_PAPER, share - 0.5);
    html_parts_raw(j, "</svg>");
}

/* "5 of 6" with the counted number in bold; the words around it come from the language. */
static void
put_cell_content(struct html_job *j, const struct report_cell *c)
{
    if (c->type == CELL_STATUS && !c->null)
        put_status(j, c->status);
    else if (c->type == CELL_BAR)
        put_bar(j, c);
    else
        html_parts_text(j, render_cell_text(j->r, c, j->row));
}

static const char *
cell_class(const struct report_column *col, const struct report_cell *c)
{
    bool right = col->align == ALIGN_RIGHT;
    if (c->type == CELL_HASH)
        return " class=\"hash\"";
    if (c->type == CELL_SCORE)
        return right ? " class=\"n r score\"" : " class=\"n score\"";
    if (is_number(c->type))
        return right ? " class=\"n r\"" : " class=\"n\"";
    if (c->type == CELL_BAR)
        return " class=\"barcell\"";
    return right ? " class=\"r\"" : "";
}

/* ---- notes of a row ---- */

static void
put_notes(struct html_job *j, const struct report_row *row)
{
    size_t bytes = 0;
    assert(row->notes.n > 0);
    for (size_t i = 0; i < row->notes.n; i++)
        bytes += row->notes.v[i].text.len;
    bool folded = bytes > SHORT_NOTES;
    if (folded) { /* open as written: the script closes it, so nothing hides without one */
        html_parts_raw(j, "<details class=\"more\" open><summary>");
        for (size_t i = 0; i < row->notes.n; i++) {
            html_parts_raw(j, i ? " · " : "");
            html_parts_text(j, row->notes.v[i].label);
        }
        html_parts_raw(j, "</summary>");
    }
    html_parts_raw(j, "<dl class=\"notes\">");
    for (size_t i = 0; i < row->notes.n; i++) {
        html_parts_element(j, "dt", NULL, row->notes.v[i].label);
        html_parts_element(j, "dd", NULL, row->notes.v[i].text);
    }
    html_parts_raw(j, folded ? "</dl></details>" : "</dl>");
}

/* ---- rows ---- */

static void
put_row(struct html_job *j, const struct report_table *t, const struct report_row *row, size_t head)
{
    assert(row->cells && head < t->columns.n);
    html_parts_raw(j, "<tr");
    if (row->anchor)
        html_parts_attr(j, "id", html_parts_id(j, "", str_c(row->anchor)));
    html_parts_raw(j, ">");
    for (size_t i = 0; i < t->columns.n; i++) {
        const struct report_cell *c = &row->cells[i];
        const char *tag = i == head ? "th" : "td";
        buf_fmt(j->out, "<%s%s%s", tag, i == head ? " scope=\"row\"" : "",
                cell_class(&t->columns.v[i], c));
        put_sort_value(j, c);
        html_parts_raw(j, ">");
        bool with_notes = i == head && row->notes.n > 0;
        html_parts_raw(j, with_notes ? "<span class=\"t\">" : "");
        put_cell_content(j, c);
        html_parts_raw(j, with_notes ? "</span>" : "");
        if (with_notes)
            put_notes(j, row);
        buf_fmt(j->out, "</%s>", tag);
    }
    html_parts_raw(j, "</tr>\n");
}

/* What is known of the rows of a table; noted when the pieces are made for the first time. */
static struct html_written *
written_of(struct html_job *j, const struct report_table *t)
{
    struct str key = str_n((const char *)&t, sizeof t);
    struct html_written *w = j->written ? map_get(j->written, key) : NULL;
    if (w || !j->written)
        return w;
    assert(!j->whole);
    w = ARENA_NEW(j->a, struct html_written);
    w->unit = j->unit;
    w->rows = arena_alloc(j->a, (t->rows.n + 1) * sizeof *w->rows);
    map_put(j->written, arena_str(j->a, key), w);
    return w;
}

/* A row is the same in whatever file it stands: it is copied when it was written before. */
static void
put_row_once(struct html_job *j, const struct report_table *t, size_t i, size_t head,
             struct html_written *w)
{
    if (j->whole && w->rows[i].len) {
        buf_add(j->out, j->whole->v[w->unit].markup.s + w->rows[i].at, w->rows[i].len);
        return;
    }
    size_t at = j->out->len;
    put_row(j, t, &t->rows.v[i], head);
    arena_tidy(&j->row);
    if (w && !j->whole && !t->rows.v[i].anchor) {
        w->rows[i].at = at;
        w->rows[i].len = j->out->len - at;
    }
}

static void
put_rows(struct html_job *j, const struct report_table *t, struct html_rows rows, bool totals)
{
    size_t head = main_column(t);
    struct html_written *w = written_of(j, t);
    const char *open = totals ? "<tfoot>\n" : "<tbody>\n";
    bool any = false;
    for (size_t i = rows.from; i < t->rows.n && i < rows.to; i++) {
        if (t->rows.v[i].is_total != totals)
            continue;
        html_parts_raw(j, any ? "" : open);
        any = true;
        put_row_once(j, t, i, head, w);
    }
    if (any)
        html_parts_raw(j, totals ? "</tfoot>\n" : "</tbody>\n");
}

static void
put_empty(struct html_job *j, const struct report_table *t, struct str id)
{
    html_parts_raw(j, "<div");
    html_parts_attr(j, "id", id);
    html_parts_raw(j, ">");
    if (!j->after_heading)
        html_parts_element(j, "p", "caption", t->title);
    html_parts_element(j, "p", "empty", t->empty);
    html_parts_raw(j, "</div>\n");
}

/* The title of a table, or of those rows of it that stand here. */
static struct str
caption(struct html_job *j, const struct report_table *t, struct html_rows rows)
{
    size_t to = rows.to < t->rows.n ? rows.to : t->rows.n;
    if (rows.from == 0 && to == t->rows.n)
        return t->title;
    return LANG(j->r->lang, j->a, "html.rows", {"title", t->title},
                {"from", number_int(j->r->lang, j->a, (int64_t)rows.from + 1)},
                {"to", number_int(j->r->lang, j->a, (int64_t)to)},
                {"all", number_int(j->r->lang, j->a, (int64_t)t->rows.n)});
}

void
html_table_put(struct html_job *j, const struct report_table *t, struct html_rows rows)
{
    assert(t->columns.n > 0 && rows.from <= rows.to);
    struct str id = html_parts_id(j, "t-", str_c(t->key)), title = caption(j, t, rows);
    if (t->rows.n == 0) {
        put_empty(j, t, id);
        return;
    }
    if (t->subject && j->lists)
        *VEC_PUSH(j->a, j->lists) = (struct html_list){t, rows, id, j->unit};
    buf_fmt(j->out, "<div class=\"frame%s\"><table", t->columns.n >= WIDE_COLUMNS ? " wide" : "");
    html_parts_attr(j, "id", id);
    html_parts_raw(j, t->rows.n > LONG_ROWS ? " class=\"data long\"" : " class=\"data\"");
    if (t->subject) {
        html_parts_attr(j, "data-agent", t->subject->agent);
        html_parts_attr(j, "data-group", t->subject->group);
    }
    html_parts_raw(j, ">");
    html_parts_element(j, "caption", j->after_heading && str_eq(title, t->title) ? "hidden" : NULL,
                       title);
    put_head(j, t);
    put_rows(j, t, rows, false);
    put_rows(j, t, rows, true);
    html_parts_raw(j, "</table></div>\n");
    for (size_t i = 0; i < t->notes.n && rows.to >= t->rows.n; i++)
        html_parts_element(j, "p", "note", t->notes.v[i]);
}
