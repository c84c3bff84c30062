/* Building blocks of a report; compose fills them, render walks them. */
#include "model/report.h"

#include <assert.h>

#include "base/clock.h"

struct report_block *
report_add(struct arena *a, struct report_section *s, enum block_type type)
{
    struct report_block *b = VEC_PUSH(a, &s->blocks);
    b->type = type;
    return b;
}

void
report_add_text(struct arena *a, struct report_section *s, enum block_type type, struct str text)
{
    assert(type <= BLOCK_CODE);
    report_add(a, s, type)->text = text;
}

struct report_section *
report_add_section(struct arena *a, struct report *r, const char *key, struct str title)
{
    assert(key && key[0]);
    struct report_section *s = VEC_PUSH(a, &r->sections);
    s->key = key;
    s->title = title;
    return s;
}

struct report_table *
report_add_table(struct arena *a, struct report_section *s, const char *key, struct str title)
{
    assert(key && key[0]);
    struct report_table *t = ARENA_NEW(a, struct report_table);
    t->key = key;
    t->title = title;
    report_add(a, s, BLOCK_TABLE)->table = t;
    return t;
}

void
report_add_column(struct arena *a, struct report_table *t, const char *key, struct str title,
                  enum cell_type type, enum report_align align, double weight)
{
    assert(key && t->rows.n == 0); /* rows have as many cells as there are columns */
    *VEC_PUSH(a, &t->columns) = (struct report_column){
        .key = key, .title = title, .type = type, .align = align, .weight = weight};
}

struct report_row *
report_add_row(struct arena *a, struct report_table *t)
{
    assert(t->columns.n > 0);
    struct report_row *r = VEC_PUSH_SOLE(a, &t->rows);
    r->cells = ARENA_ARRAY(a, struct report_cell, t->columns.n);
    return r;
}

struct report_cell
cell_text(struct str s)
{
    return (struct report_cell){.type = CELL_TEXT, .text = s};
}

struct report_cell
cell_name(struct str s)
{
    return (struct report_cell){.type = CELL_TEXT, .text = s, .is_name = true};
}

struct report_cell
cell_int(int64_t n)
{
    return (struct report_cell){.type = CELL_INT, .n = n};
}

struct report_cell
cell_score(struct rounded pct)
{
    return (struct report_cell){.type = CELL_SCORE, .value = pct, .null = pct.none};
}

struct report_cell
cell_status(enum status s)
{
    assert(s < STATUS__COUNT);
    return (struct report_cell){.type = CELL_STATUS, .status = s, .null = s == STATUS_NONE};
}

struct report_cell
cell_time(int64_t t)
{
    return (struct report_cell){.type = CELL_TIME, .n = t, .null = t == CLOCK_NONE};
}

struct report_cell
cell_date(int64_t t)
{
    return (struct report_cell){.type = CELL_DATE, .n = t, .null = t == CLOCK_NONE};
}

struct report_cell
cell_ratio(int64_t n, int64_t of)
{
    return (struct report_cell){.type = CELL_RATIO, .n = n, .of = of};
}

struct report_cell
cell_bar(int64_t passed, int64_t failed)
{
    assert(passed >= 0 && failed >= 0);
    int64_t sum = passed + failed;
    return (struct report_cell){.type = CELL_BAR,
                                .n = passed,
                                .of = failed,
                                .num = sum ? (double)passed / (double)sum : 0,
                                .null = sum == 0};
}

struct report_cell
cell_bar_of_failed(int64_t passed, int64_t failed)
{
    struct report_cell c = cell_bar(passed, failed);
    c.failed_first = true;
    return c;
}

struct report_cell
cell_number(struct rounded v)
{
    return (struct report_cell){.type = CELL_NUMBER, .value = v, .null = v.none};
}

struct report_cell
cell_hash(struct str s)
{
    return (struct report_cell){.type = CELL_HASH, .text = s};
}

/* The table after *seen in the blocks of s; *seen NULL = the next one is it. */
static const struct report_table *
next_table_of(const struct report_section *s, const struct report_table *prev, bool *seen)
{
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        const struct report_table *t = NULL;
        if (b->type == BLOCK_TABLE && *seen)
            return b->table;
        if (b->type == BLOCK_TABLE && b->table == prev)
            *seen = true;
        if (b->type == BLOCK_COLUMNS) {
            t = next_table_of(b->left, prev, seen);
            t = t ? t : next_table_of(b->right, prev, seen);
        }
        if (t)
            return t;
    }
    return NULL;
}

const struct report_table *
report_next_table(const struct report *r, const struct report_table *prev)
{
    bool seen = prev == NULL;
    for (size_t i = 0; i < r->sections.n; i++) {
        const struct report_table *t = next_table_of(&r->sections.v[i], prev, &seen);
        if (t)
            return t;
    }
    return NULL;
}
