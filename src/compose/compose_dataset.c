/* The dataset hash: every number and text of a report that is not about its making. Fields carry
 * their length and blocks their type, so that no two reports run into each other. */
#include <math.h>

#include "base/buf.h"

#include "compose/compose.h"
#include <assert.h>

/* A text that nobody set counts as an empty one. */
static void
hash_text(struct sha256 *h, struct str s)
{
    sha256_add_field(h, s.s ? s : STR(""));
}

static void
hash_int(struct sha256 *h, int64_t n)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)n >> (56 - 8 * i));
    sha256_add(h, b, sizeof b);
}

/* As text with 17 digits: the same on every machine; no value is "nan" whatever its bits. */
static void
hash_num(struct sha256 *h, double v)
{
    AUTO_BUF b = buf_init(64);
    if (isnan(v))
        buf_puts(&b, "nan");
    else
        buf_fmt(&b, "%.17g", v == 0 ? 0.0 : v);
    hash_text(h, buf_view(&b));
}

static void
hash_rounded(struct sha256 *h, const struct rounded *v)
{
    hash_int(h, v->units);
    hash_int(h, v->decimals);
    hash_int(h, v->bound);
    hash_int(h, v->of.n);
    hash_int(h, v->of.of);
}

/* Whatever a cell does not hold counts as empty or zero. */
static void
hash_cell(struct sha256 *h, const struct report_cell *c)
{
    bool is_text = c->type == CELL_TEXT || c->type == CELL_HASH;
    bool is_rounded = c->type == CELL_NUMBER || c->type == CELL_SCORE;
    bool is_status = c->type == CELL_STATUS, is_whole = !is_text && !is_rounded && !is_status;
    hash_int(h, c->type);
    hash_int(h, c->null);
    hash_text(h, is_text ? c->text : STR(""));
    hash_text(h, is_text ? c->alias : STR(""));
    hash_int(h, is_whole ? c->n : 0);
    hash_int(h, is_whole ? c->of : 0);
    if (is_rounded)
        hash_rounded(h, &c->value); /* a bar is a drawing of its two counts */
    hash_int(h, is_status ? (int64_t)c->status : 0);
    if (c->aside.len)
        hash_text(h, c->aside);
}

static void
hash_row(struct sha256 *h, const struct report_row *r, size_t n_cells)
{
    hash_int(h, r->is_total);
    for (size_t i = 0; i < n_cells; i++)
        hash_cell(h, &r->cells[i]);
    for (size_t i = 0; i < r->facts.n; i++) {
        hash_text(h, str_c(r->facts.v[i].key));
        hash_text(h, r->facts.v[i].text);
    }
    hash_int(h, (int64_t)r->notes.n);
    for (size_t i = 0; i < r->notes.n; i++) {
        hash_text(h, r->notes.v[i].label);
        hash_text(h, r->notes.v[i].text);
    }
}

static void
hash_subject(struct sha256 *h, const struct report_subject *s)
{
    const struct str texts[] = {s->agent,  s->alias,        s->group,          s->os,
                                s->policy, s->policy_title, s->policy_version, s->profile};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        hash_text(h, texts[i]);
    hash_int(h, s->time);
}

static void
hash_table(struct sha256 *h, const struct report_table *t)
{
    hash_text(h, str_c(t->key));
    hash_text(h, t->title);
    hash_text(h, t->empty);
    if (t->subject)
        hash_subject(h, t->subject);
    hash_int(h, (int64_t)t->columns.n);
    for (size_t i = 0; i < t->columns.n; i++) {
        hash_text(h, str_c(t->columns.v[i].key));
        hash_text(h, t->columns.v[i].title);
    }
    hash_int(h, (int64_t)t->rows.n);
    for (size_t i = 0; i < t->rows.n; i++)
        hash_row(h, &t->rows.v[i], t->columns.n);
    hash_int(h, (int64_t)t->notes.n);
    for (size_t i = 0; i < t->notes.n; i++)
        hash_text(h, t->notes.v[i]);
}

/* Without the look of it: roles and colours are no data. */
static void
hash_chart(struct sha256 *h, const struct report_chart *ch)
{
    assert(ch->n_points > 0 || ch->series.n == 0);
    hash_int(h, ch->kind);
    hash_text(h, str_c(ch->key));
    hash_text(h, ch->title);
    hash_text(h, ch->alt);
    hash_int(h, (int64_t)ch->n_points);
    for (size_t i = 0; i < ch->n_points; i++) {
        hash_text(h, ch->labels ? ch->labels[i] : STR(""));
        hash_int(h, ch->times ? ch->times[i] : 0);
    }
    hash_int(h, (int64_t)ch->series.n);
    for (size_t i = 0; i < ch->series.n; i++) {
        hash_text(h, ch->series.v[i].label);
        for (size_t k = 0; k < ch->n_points; k++)
            hash_num(h, ch->series.v[i].values[k]);
    }
}

static void
hash_block(struct sha256 *h, const struct report_block *b)
{
    hash_int(h, b->type);
    hash_text(h, b->text);
    hash_int(h, (int64_t)b->figures.n);
    for (size_t i = 0; i < b->figures.n; i++) {
        hash_text(h, b->figures.v[i].value);
        hash_text(h, b->figures.v[i].label);
        hash_text(h, b->figures.v[i].detail);
        hash_int(h, b->figures.v[i].direction);
    }
    hash_int(h, (int64_t)b->pairs.n);
    for (size_t i = 0; i < b->pairs.n; i++) {
        hash_text(h, b->pairs.v[i].label);
        hash_text(h, b->pairs.v[i].value);
    }
    if (b->type == BLOCK_TABLE)
        hash_table(h, b->table);
    if (b->type == BLOCK_CHART)
        hash_chart(h, b->chart);
}

/* Columns hold lists of blocks again. */
static void
hash_blocks(struct sha256 *h, const struct report_section *s)
{
    hash_int(h, (int64_t)s->blocks.n);
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        hash_block(h, b);
        if (b->type == BLOCK_COLUMNS) {
            hash_blocks(h, b->left);
            hash_blocks(h, b->right);
        }
    }
}

struct sha256_digest
compose_dataset_hash(const struct report *r)
{
    assert(r->lang);
    struct sha256 *h = sha256_new();
    const struct str texts[] = {r->lang->code,     r->title, r->subtitle, r->organisation,
                                r->classification, r->lead,  r->scope,    r->period_text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        hash_text(h, texts[i]);
    hash_int(h, r->period.kind);
    hash_int(h, r->period.from);
    hash_int(h, r->period.to);
    for (size_t i = 0; i < r->sections.n; i++) {
        hash_text(h, str_c(r->sections.v[i].key));
        hash_text(h, r->sections.v[i].title);
        if (!r->sections.v[i].is_about_making)
            hash_blocks(h, &r->sections.v[i]);
    }
    return sha256_final(h);
}
