/* The blocks of a section, one function a type; html.c comes before, table.c after. */
#include <assert.h>
#include <math.h>

#include "base/clock.h"
#include "render/canvas/svg.h"
#include "render/chart/chart.h"
#include "render/escape.h"
#include "render/html/parts.h"
#include "render/number.h"
#include "render/renderers.h"

#define CHART_MAX_PT  270.0 /* wider ones would be too small to read on a phone */
#define COLUMN_GAP_PT 28.0

/* ---- key figures ---- */

static void
put_figure(struct html_job *j, const struct report_figure *f)
{
    size_t sign = f->direction ? render_sign_length(f->detail) : 0;
    html_parts_raw(j, "<div class=\"figure\">");
    html_parts_element(j, "p", "value", f->value);
    html_parts_element(j, "p", "label", f->label);
    html_parts_raw(j, "<p class=\"detail\">");
    if (sign)
        html_parts_element(j, "b", f->direction > 0 ? "better" : "worse", str_n(f->detail.s, sign));
    if (f->detail.len)
        html_parts_text(j, str_n(f->detail.s + sign, f->detail.len - sign));
    html_parts_raw(j, "</p></div>");
}

/* ---- charts ---- */

static struct str
point_name(const struct html_job *j, const struct report_chart *ch, size_t i)
{
    if (ch->labels && ch->labels[i].len)
        return ch->labels[i];
    return ch->times ? clock_date(j->a, ch->times[i]) : STR("");
}

static void
put_series_numbers(struct html_job *j, const struct report_chart *ch)
{
    html_parts_raw(j, "<thead><tr><th scope=\"col\">");
    html_escape_put(j->out, html_parts_lang(j, ch->times ? "chart.time" : "chart.point"));
    html_parts_raw(j, "</th>");
    for (size_t s = 0; s < ch->series.n; s++) {
        html_parts_raw(j, "<th scope=\"col\" class=\"r\">");
        html_parts_text(j, ch->series.v[s].label);
        html_parts_raw(j, "</th>");
    }
    html_parts_raw(j, "</tr></thead><tbody>");
    for (size_t i = 0; i < ch->n_points; i++) {
        html_parts_raw(j, "<tr><th scope=\"row\">");
        html_parts_text(j, point_name(j, ch, i));
        html_parts_raw(j, "</th>");
        for (size_t s = 0; s < ch->series.n; s++)
            html_parts_element(j, "td", "n r",
                               number_point(j->r->lang, j->a, ch, &ch->series.v[s], i));
        html_parts_raw(j, "</tr>\n");
    }
    html_parts_raw(j, "</tbody>");
}

/* The numbers of a drawing, for those who cannot see it and those who want them exactly. */
static void
put_chart_numbers(struct html_job *j, const struct report_chart *ch)
{
    html_parts_raw(j, "<details class=\"numbers\"><summary>");
    html_escape_put(j->out, html_parts_lang(j, "html.chart_data"));
    html_parts_raw(j, "</summary><table>");
    html_parts_element(j, "caption", "hidden", ch->title);
    if (ch->kind == CHART_PIE && !ch->labels) {
        html_parts_raw(j, "<tbody>");
        for (size_t s = 0; s < ch->series.n; s++) { /* a row a slice */
            html_parts_raw(j, "<tr><th scope=\"row\">");
            html_parts_text(j, ch->series.v[s].label);
            html_parts_raw(j, "</th>");
            html_parts_element(j, "td", "n r",
                               number_point(j->r->lang, j->a, ch, &ch->series.v[s], 0));
            html_parts_raw(j, "</tr>");
        }
        html_parts_raw(j, "</tbody>");
    } else {
        put_series_numbers(j, ch);
    }
    html_parts_raw(j, "</table></details>");
}

static void
put_chart(struct html_job *j, const struct report_chart *ch)
{
    double width = fmin(j->width_pt, CHART_MAX_PT);
    struct str id = html_parts_id(j, "c-", str_c(ch->key));
    struct canvas *c = canvas_svg_new(j->a, width, chart_height(ch, width), id, ch->title, ch->alt);
    chart_draw(ch, j->r->lang, c);
    html_parts_raw(j, "<figure");
    html_parts_attr(j, "id", id);
    html_parts_raw(j, "><figcaption>");
    html_parts_element(j, "h3", NULL, ch->title);
    html_parts_raw(j, "</figcaption>");
    buf_str(j->out, canvas_svg_done(c));
    put_chart_numbers(j, ch);
    html_parts_raw(j, "</figure>\n");
}

/* ---- columns ---- */

/* Shares are classes in steps of five, as style attributes are not allowed. */
static void
put_columns(struct html_job *j, const struct report_block *b)
{
    int share = (int)lround(b->left_share * 20) * 5;
    share = share < 20 ? 20 : share > 80 ? 80 : share;
    assert(b->left && b->right);
    double whole = j->width_pt, left = (whole - COLUMN_GAP_PT) * share / 100;
    buf_fmt(j->out, "<div class=\"cols c%d\"><div>", share);
    j->width_pt = left;
    html_blocks_put(j, b->left);
    html_parts_raw(j, "</div><div>");
    j->width_pt = whole - COLUMN_GAP_PT - left;
    html_blocks_put(j, b->right);
    html_parts_raw(j, "</div></div>\n");
    j->width_pt = whole;
}

/* ---- all ---- */

static void
put_block(struct html_job *j, const struct report_block *b)
{
    switch (b->type) {
    case BLOCK_HEADING:
        html_parts_element(j, "h3", NULL, b->text);
        return;
    case BLOCK_LEAD:
        html_parts_paragraphs(j, "lead", b->text);
        return;
    case BLOCK_TEXT:
        html_parts_paragraphs(j, "text", b->text);
        return;
    case BLOCK_NOTE:
        html_parts_paragraphs(j, "note", b->text);
        return;
    case BLOCK_CODE:
        html_parts_raw(j, "<pre tabindex=\"0\"><code>");
        html_escape_put(j->out, b->text);
        html_parts_raw(j, "</code></pre>\n");
        return;
    case BLOCK_FIGURES:
        html_parts_raw(j, "<div class=\"figures\">");
        for (size_t i = 0; i < b->figures.n; i++)
            put_figure(j, &b->figures.v[i]);
        html_parts_raw(j, "</div>\n");
        return;
    case BLOCK_PAIRS:
        html_parts_pairs(j, "pairs", b->pairs.v, b->pairs.n);
        return;
    case BLOCK_TABLE:
        html_table_put(j, b->table, (struct html_rows){0, SIZE_MAX});
        return;
    case BLOCK_CHART:
        put_chart(j, b->chart);
        return;
    case BLOCK_COLUMNS:
        put_columns(j, b);
        return;
    }
    assert(!"a block without a type");
}

void
html_blocks_put_some(struct html_job *j, const struct report_section *s, size_t first, size_t end,
                     struct html_rows rows)
{
    assert(j->width_pt > 0 && first <= end && end <= s->blocks.n);
    bool headed = false; /* a heading stands above that no table or chart has used yet */
    for (size_t i = first; i < end; i++) {
        const struct report_block *b = &s->blocks.v[i];
        bool is_shown = b->type == BLOCK_TABLE || b->type == BLOCK_CHART;
        /* A table that is the section has the section's own title above it. */
        j->after_heading = headed || (b->type == BLOCK_TABLE && str_eq(b->table->title, s->title));
        headed = b->type == BLOCK_HEADING || (headed && !is_shown);
        if (b->type == BLOCK_TABLE)
            html_table_put(j, b->table, rows);
        else
            put_block(j, b);
    }
}

void
html_blocks_put(struct html_job *j, const struct report_section *s)
{
    html_blocks_put_some(j, s, 0, s->blocks.n, (struct html_rows){0, SIZE_MAX});
}
