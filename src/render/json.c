/* The JSON edition: the whole report as data, schema "assay-report-1".
 * Numbers are numbers, rounded as the other editions show them; texts are exactly what the report
 * holds (repaired to UTF-8, nothing made visible), so this is the edition to compute with. */
#include <assert.h>
#include <math.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/json_put.h"
#include "render/renderers.h"

AUTO_DEFINE(struct arena *, arena_free)

/* ---- tables ---- */

/* A hash is a text to who reads data: how it is printed is the affair of paper. */
static const char *
type_word(enum cell_type type)
{
    static const char *const words[] = {
        [CELL_NONE] = "none",     [CELL_TEXT] = "text",   [CELL_INT] = "integer",
        [CELL_NUMBER] = "number", [CELL_SCORE] = "score", [CELL_STATUS] = "status",
        [CELL_TIME] = "time",     [CELL_DATE] = "date",   [CELL_RATIO] = "ratio",
        [CELL_BAR] = "bar",       [CELL_HASH] = "text",
    };
    assert((size_t)type < sizeof words / sizeof *words);
    return words[type];
}

static void
json_value(struct json_put *j, const struct report_cell *c, struct arena *a)
{
    if (c->null) {
        json_put_null(j);
        return;
    }
    switch (c->type) {
    case CELL_NONE:
    case CELL_BAR:
        json_put_null(j);
        return;
    case CELL_TEXT:
    case CELL_HASH:
        json_put_str(j, c->text);
        return;
    case CELL_INT:
        json_put_int(j, c->n);
        return;
    case CELL_NUMBER:
    case CELL_SCORE:
        json_put_num(j, (double)c->value.units / pow(10, c->value.decimals), c->value.decimals);
        return;
    case CELL_STATUS:
        json_put_str(j, str_c(status_word(c->status)));
        return;
    case CELL_TIME:
        json_put_str(j, clock_iso(a, c->n));
        return;
    case CELL_DATE:
        json_put_str(j, clock_date(a, c->n));
        return;
    case CELL_RATIO:
        json_put_open(j, '{');
        json_put_member_int(j, "n", c->n);
        json_put_member_int(j, "of", c->of);
        json_put_close(j, '}');
        return;
    }
    assert(!"a cell type without a value");
}

/* Bars are left out, here and in rows: they are drawings of their neighbours. */
static void
json_columns(struct json_put *j, const struct report_table *t, struct arena *a)
{
    json_put_key(j, "columns");
    json_put_open(j, '[');
    for (size_t i = 0; i < t->columns.n; i++) {
        if (t->columns.v[i].type == CELL_BAR)
            continue;
        json_put_open(j, '{');
        json_put_member_c(j, "key", t->columns.v[i].key);
        json_put_member(j, "title", t->columns.v[i].title);
        json_put_member_c(j, "type", type_word(t->columns.v[i].type));
        if (t->columns.v[i].aside_key)
            json_put_member_c(j, "aside", t->columns.v[i].aside_key);
        json_put_close(j, '}');
        if (!t->columns.v[i].alias_title.len)
            continue;
        json_put_open(j, '{');
        json_put_member(j, "key", arena_fmt(a, "%s_alias", t->columns.v[i].key));
        json_put_member(j, "title", t->columns.v[i].alias_title);
        json_put_member_c(j, "type", type_word(CELL_TEXT));
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

/* Behind a rounded number the two that it was made of; null where they do not fit. */
static void
json_exact(struct json_put *j, const char *key, const struct report_cell *c, struct arena *a)
{
    for (int i = 0; i < 2; i++) {
        json_put_key_str(j, arena_fmt(a, i ? "%s_of" : "%s_n", key));
        if (c->null || c->value.of.of == 0)
            json_put_null(j);
        else
            json_put_int(j, i ? c->value.of.of : c->value.of.n);
    }
}

static void
json_row_facts(struct json_put *j, const struct report_row *r)
{
    if (r->facts.n == 0)
        return;
    json_put_key(j, "facts");
    json_put_open(j, '{');
    for (size_t i = 0; i < r->facts.n; i++)
        json_put_member(j, r->facts.v[i].key, r->facts.v[i].text);
    json_put_close(j, '}');
}

static void
json_row_notes(struct json_put *j, const struct report_row *r)
{
    if (r->notes.n == 0)
        return;
    json_put_key(j, "notes");
    json_put_open(j, '[');
    for (size_t i = 0; i < r->notes.n; i++) {
        json_put_open(j, '{');
        json_put_member_c(j, "key", r->notes.v[i].key);
        json_put_member(j, "label", r->notes.v[i].label);
        json_put_member(j, "text", r->notes.v[i].text);
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

static void
json_row(struct json_put *j, const struct report_table *t, const struct report_row *r,
         struct arena *a)
{
    assert(r->cells);
    json_put_open(j, '{');
    json_put_key(j, "cells");
    json_put_open(j, '{');
    for (size_t i = 0; i < t->columns.n; i++) {
        if (t->columns.v[i].type == CELL_BAR)
            continue;
        json_put_key(j, t->columns.v[i].key);
        json_value(j, &r->cells[i], a);
        if (t->columns.v[i].type == CELL_SCORE || t->columns.v[i].type == CELL_NUMBER)
            json_exact(j, t->columns.v[i].key, &r->cells[i], a);
        if (t->columns.v[i].aside_key)
            json_put_member(j, t->columns.v[i].aside_key, r->cells[i].aside);
        if (!t->columns.v[i].alias_title.len)
            continue;
        json_put_key_str(j, arena_fmt(a, "%s_alias", t->columns.v[i].key));
        json_put_str(j, r->cells[i].alias.s ? r->cells[i].alias : STR(""));
    }
    json_put_close(j, '}');
    json_row_facts(j, r);
    json_row_notes(j, r);
    if (r->anchor)
        json_put_member_c(j, "anchor", r->anchor);
    if (r->is_total)
        json_put_member_bool(j, "is_total", true);
    json_put_close(j, '}');
}

/* Whose rows a table has. */
static void
json_subject(struct json_put *j, const struct report_subject *s, struct arena *a)
{
    json_put_key(j, "subject");
    json_put_open(j, '{');
    json_put_member(j, "agent", s->agent);
    json_put_member(j, "agent_alias", s->alias);
    json_put_member(j, "agent_group", s->group);
    json_put_member(j, "os", s->os);
    json_put_member(j, "policy", s->policy);
    json_put_member(j, "policy_title", s->policy_title);
    json_put_member(j, "policy_version", s->policy_version);
    json_put_member(j, "profile", s->profile);
    json_put_member(j, "scanned_at", clock_iso(a, s->time));
    json_put_close(j, '}');
}

static void
json_table(struct json_put *j, const struct report_table *t, struct arena *a)
{
    json_put_member_c(j, "key", t->key);
    json_put_member(j, "title", t->title);
    if (t->subject)
        json_subject(j, t->subject, a);
    json_columns(j, t, a);
    json_put_key(j, "rows");
    json_put_open(j, '[');
    AUTO(arena_free_auto) struct arena *row = arena_new();
    for (size_t i = 0; i < t->rows.n; i++) {
        json_row(j, t, &t->rows.v[i], row);
        arena_tidy(&row);
    }
    json_put_close(j, ']');
    json_put_key(j, "notes");
    json_put_open(j, '[');
    for (size_t i = 0; i < t->notes.n; i++)
        json_put_str(j, t->notes.v[i]);
    json_put_close(j, ']');
    if (t->empty.len)
        json_put_member(j, "empty", t->empty);
}

/* ---- charts ---- */

/* A value that is missing is null. A pie without labels has one value a series. */
static void
json_series(struct json_put *j, const struct report_chart *ch)
{
    static const char *const roles[] = {
        [ROLE_PASSED] = "passed", [ROLE_FAILED] = "failed", [ROLE_SKIPPED] = "skipped",
        [ROLE_WAIVED] = "waived", [ROLE_ACCENT] = "accent", [ROLE_NEUTRAL] = "neutral",
    };
    size_t n = ch->kind == CHART_PIE && !ch->labels ? 1 : ch->n_points;
    json_put_key(j, "series");
    json_put_open(j, '[');
    for (size_t s = 0; s < ch->series.n; s++) {
        json_put_open(j, '{');
        json_put_member_c(j, "key", ch->series.v[s].key);
        json_put_member(j, "label", ch->series.v[s].label);
        json_put_member_c(j, "role", roles[ch->series.v[s].role]);
        json_put_key(j, "values");
        json_put_open(j, '[');
        for (size_t i = 0; i < n; i++)
            json_put_num(j, ch->series.v[s].values[i], 4);
        json_put_close(j, ']');
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

/* Times and labels are both there only when the chart has both. */
static void
json_chart(struct json_put *j, const struct report_chart *ch, struct arena *a)
{
    static const char *const kinds[] = {
        [CHART_PIE] = "pie", [CHART_LINES] = "lines", [CHART_BARS] = "bars"};
    json_put_member_c(j, "kind", kinds[ch->kind]);
    json_put_member_c(j, "key", ch->key);
    json_put_member(j, "title", ch->title);
    json_put_member(j, "alt", ch->alt);
    json_put_member_bool(j, "percent", ch->percent);
    for (int times = 0; times < 2; times++) {
        if (times ? !ch->times : !ch->labels)
            continue;
        json_put_key(j, times ? "times" : "labels");
        json_put_open(j, '[');
        for (size_t i = 0; i < ch->n_points; i++)
            json_put_str(j, times ? clock_iso(a, ch->times[i]) : ch->labels[i]);
        json_put_close(j, ']');
    }
    json_series(j, ch);
}

/* ---- blocks ---- */

static void json_blocks(struct json_put *j, const struct report_section *s, struct arena *a);

static void
json_pairs(struct json_put *j, const struct report_pair *v, size_t n)
{
    json_put_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_put_open(j, '{');
        json_put_member(j, "label", v[i].label);
        json_put_member(j, "value", v[i].value);
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

static void
json_figures(struct json_put *j, const struct report_block *b)
{
    json_put_key(j, "figures");
    json_put_open(j, '[');
    for (size_t i = 0; i < b->figures.n; i++) {
        const struct report_figure *f = &b->figures.v[i];
        json_put_open(j, '{');
        json_put_member(j, "value", f->value);
        json_put_member(j, "label", f->label);
        json_put_member(j, "detail", f->detail);
        json_put_member_int(j, "direction", f->direction > 0 ? 1 : f->direction < 0 ? -1 : 0);
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

/* The members behind "type" are those of that type. */
static void
json_block(struct json_put *j, const struct report_block *b, struct arena *a)
{
    static const char *const types[] = {
        [BLOCK_HEADING] = "heading", [BLOCK_LEAD] = "lead",   [BLOCK_TEXT] = "text",
        [BLOCK_NOTE] = "note",       [BLOCK_CODE] = "code",   [BLOCK_FIGURES] = "figures",
        [BLOCK_PAIRS] = "pairs",     [BLOCK_TABLE] = "table", [BLOCK_CHART] = "chart",
        [BLOCK_COLUMNS] = "columns",
    };
    json_put_open(j, '{');
    json_put_member_c(j, "type", types[b->type]);
    if (b->type <= BLOCK_CODE)
        json_put_member(j, "text", b->text);
    else if (b->type == BLOCK_FIGURES)
        json_figures(j, b);
    else if (b->type == BLOCK_TABLE)
        json_table(j, b->table, a);
    else if (b->type == BLOCK_CHART)
        json_chart(j, b->chart, a);
    else if (b->type == BLOCK_PAIRS) {
        json_put_key(j, "pairs");
        json_pairs(j, b->pairs.v, b->pairs.n);
    } else {
        json_put_key(j, "left");
        json_blocks(j, b->left, a);
        json_put_key(j, "right");
        json_blocks(j, b->right, a);
    }
    json_put_close(j, '}');
}

static void
json_blocks(struct json_put *j, const struct report_section *s, struct arena *a)
{
    json_put_open(j, '[');
    for (size_t i = 0; i < s->blocks.n; i++)
        json_block(j, &s->blocks.v[i], a);
    json_put_close(j, ']');
}

/* ---- the report ---- */

/* When, by whom and from what; audit is null when the log was empty. */
static void
json_origin(struct json_put *j, const struct report *r, struct arena *a)
{
    json_put_member(j, "generated_at", clock_iso(a, r->generated_at));
    json_put_member(j, "generated_by", r->generated_by);
    json_put_member(j, "tool", r->tool);
    json_put_member(j, "dataset_sha256", sha256_hex(a, &r->dataset));
    json_put_key(j, "audit");
    if (r->audit_seq < 0) {
        json_put_null(j);
    } else {
        json_put_open(j, '{');
        json_put_member_int(j, "seq", r->audit_seq);
        json_put_member(j, "sha256", r->audit_hash_hex);
        if (r->checkpoint.note.len) {
            json_put_member(j, "checkpoint", r->checkpoint.note);
            json_put_member(j, "vkey", r->checkpoint.vkey);
        }
        json_put_close(j, '}');
    }
    json_put_member(j, "signer", r->signer);
    json_put_member(j, "signer_fingerprint", r->signer_fingerprint);
}

static void
json_meta(struct json_put *j, const struct report *r, struct arena *a)
{
    json_put_member_c(j, "schema", "assay-report-1");
    json_put_member(j, "language", r->lang->code);
    json_put_member(j, "id", r->id);
    json_put_member(j, "version", r->version);
    json_put_member(j, "title", r->title);
    json_put_member(j, "subtitle", r->subtitle);
    json_put_member(j, "organisation", r->organisation);
    json_put_member(j, "classification", r->classification);
    json_put_member(j, "lead", r->lead);
    json_put_member(j, "scope", r->scope);
    json_put_key(j, "period");
    json_put_open(j, '{');
    json_put_member(j, "key", period_key(a, r->period));
    json_put_member(j, "from", clock_iso(a, r->period.from));
    json_put_member(j, "to", clock_iso(a, r->period.to));
    json_put_member(j, "text", r->period_text);
    json_put_member(j, "zone", r->zone);
    json_put_member_bool(j, "provisional", r->is_provisional);
    json_put_close(j, '}');
    json_put_key(j, "as_of");
    if (r->as_of)
        json_put_str(j, clock_iso(a, r->as_of));
    else
        json_put_null(j);
    json_origin(j, r, a);
    json_put_key(j, "control");
    json_pairs(j, r->control.v, r->control.n);
}

static int
write_json(const struct report *r, const struct render_options *o, struct arena *a,
           struct render_files *ret, struct diag *d)
{
    assert(r->lang);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_meta(&j, r, a);
    json_put_key(&j, "sections");
    json_put_open(&j, '[');
    for (size_t i = 0; i < r->sections.n; i++) {
        const struct report_section *s = &r->sections.v[i];
        json_put_open(&j, '{');
        json_put_member_c(&j, "key", s->key);
        json_put_member(&j, "title", s->title);
        json_put_key(&j, "blocks");
        json_blocks(&j, s, a);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    buf_putc(&out, '\n');
    if (buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "the JSON report is larger than 4 GiB");
    render_add_file(ret, &json_renderer, o, STR(""), buf_give(&out, a), a);
    return 0;
}

const struct renderer json_renderer = {
    .name = "json",
    .suffix = "json",
    .media_type = "application/json",
    .write = write_json,
};
