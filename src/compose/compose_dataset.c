/* The dataset hash: every number and text of a report that is not about its making. Fields carry
 * their length and blocks their type, so that no two reports run into each other. */
#include <math.h>

#include "base/buf.h"

#include "compose/compose.h"
#include <assert.h>

static void
add_text(struct sha256 *h, struct str s)
{
    sha256_add_field(h, s.s ? s : STR(""));
}

static void
add_int(struct sha256 *h, int64_t n)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)n >> (56 - 8 * i));
    sha256_add(h, b, sizeof b);
}

/* As text with 17 digits: the same on every machine; no value is "nan" whatever its bits. */
static void
add_num(struct sha256 *h, double v)
{
    AUTO_BUF b = buf_init(64);
    if (isnan(v))
        buf_puts(&b, "nan");
    else
        buf_fmt(&b, "%.17g", v == 0 ? 0.0 : v);
    add_text(h, buf_view(&b));
}

static void
add_cell(struct sha256 *h, const struct report_cell *c)
{
    add_int(h, c->type);
    add_int(h, c->null);
    add_text(h, c->text);
    add_int(h, c->n);
    add_int(h, c->of);
    add_num(h, c->num);
    add_int(h, c->decimals);
    add_int(h, (int64_t)c->status);
}

static void
add_row(struct sha256 *h, const struct report_row *r, size_t n_cells)
{
    add_int(h, r->is_total);
    for (size_t i = 0; i < n_cells; i++)
        add_cell(h, &r->cells[i]);
    add_int(h, (int64_t)r->notes.n);
    for (size_t i = 0; i < r->notes.n; i++) {
        add_text(h, r->notes.v[i].label);
        add_text(h, r->notes.v[i].text);
    }
}

static void
add_table(struct sha256 *h, const struct report_table *t)
{
    add_text(h, str_c(t->key));
    add_text(h, t->title);
    add_text(h, t->empty);
    add_int(h, (int64_t)t->columns.n);
    for (size_t i = 0; i < t->columns.n; i++) {
        add_text(h, str_c(t->columns.v[i].key));
        add_text(h, t->columns.v[i].title);
    }
    add_int(h, (int64_t)t->rows.n);
    for (size_t i = 0; i < t->rows.n; i++)
        add_row(h, &t->rows.v[i], t->columns.n);
    add_int(h, (int64_t)t->notes.n);
    for (size_t i = 0; i < t->notes.n; i++)
        add_text(h, t->notes.v[i]);
}

/* Without the look of it: roles and colours are no data. */
static void
add_chart(struct sha256 *h, const struct report_chart *ch)
{
    assert(ch->n_points > 0 || ch->series.n == 0);
    add_int(h, ch->kind);
    add_text(h, str_c(ch->key));
    add_text(h, ch->title);
    add_text(h, ch->alt);
    add_int(h, (int64_t)ch->n_points);
    for (size_t i = 0; i < ch->n_points; i++) {
        add_text(h, ch->labels ? ch->labels[i] : STR(""));
        add_int(h, ch->times ? ch->times[i] : 0);
    }
    add_int(h, (int64_t)ch->series.n);
    for (size_t i = 0; i < ch->series.n; i++) {
        add_text(h, ch->series.v[i].label);
        for (size_t k = 0; k < ch->n_points; k++)
            add_num(h, ch->series.v[i].values[k]);
    }
}

static void
add_block(struct sha256 *h, const struct report_block *b)
{
    add_int(h, b->type);
    add_text(h, b->text);
    add_int(h, (int64_t)b->figures.n);
    for (size_t i = 0; i < b->figures.n; i++) {
        add_text(h, b->figures.v[i].value);
        add_text(h, b->figures.v[i].label);
        add_text(h, b->figures.v[i].detail);
        add_int(h, b->figures.v[i].direction);
    }
    add_int(h, (int64_t)b->pairs.n);
    for (size_t i = 0; i < b->pairs.n; i++) {
        add_text(h, b->pairs.v[i].label);
        add_text(h, b->pairs.v[i].value);
    }
    if (b->type == BLOCK_TABLE)
        add_table(h, b->table);
    if (b->type == BLOCK_CHART)
        add_chart(h, b->chart);
}

static void
add_blocks(struct sha256 *h, const struct report_section *s)
{
    add_int(h, (int64_t)s->blocks.n);
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        add_block(h, b);
        if (b->type == BLOCK_COLUMNS) {
            add_blocks(h, b->left);
            add_blocks(h, b->right);
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
        add_text(h, texts[i]);
    add_int(h, r->period.kind);
    add_int(h, r->period.from);
    add_int(h, r->period.to);
    for (size_t i = 0; i < r->sections.n; i++) {
        add_text(h, str_c(r->sections.v[i].key));
        add_text(h, r->sections.v[i].title);
        if (!r->sections.v[i].is_about_making)
            add_blocks(h, &r->sections.v[i]);
    }
    return sha256_final(h);
}
