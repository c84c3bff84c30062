/* Tables for status and agent list. */
#include "cli/table.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

enum { GAP = 2 };

struct table
table_new(struct arena *a, const struct table_column *columns, size_t n)
{
    assert(n > 0);
    return (struct table){.arena = a, .columns = columns, .n_columns = n};
}

void
table_add(struct table *t, struct str text)
{
    struct str shown = utf8_name(t->arena, text);
    *VEC_PUSH_SOLE(t->arena, &t->cells) = (struct table_cell){shown, utf8_columns(shown)};
}

void
table_add_int(struct table *t, int64_t n)
{
    struct str digits = arena_fmt(t->arena, "%lld", (long long)n);
    *VEC_PUSH_SOLE(t->arena, &t->cells) = (struct table_cell){digits, digits.len};
}

static void
put_blanks(struct buf *out, size_t n)
{
    memset(buf_room(out, n), ' ', n);
    buf_grew(out, n);
}

static void
put_cell(const struct table *t, size_t column, const struct table_cell *c, size_t width,
         struct buf *out)
{
    size_t fill = width > c->width ? width - c->width : 0;
    bool is_last = column + 1 == t->n_columns, is_number = t->columns[column].is_number;
    if (is_number)
        put_blanks(out, fill);
    buf_str(out, c->text);
    if (!is_last)
        put_blanks(out, (is_number ? 0 : fill) + GAP);
}

void
table_print(const struct table *t, struct buf *out)
{
    assert(t->cells.n % t->n_columns == 0);
    size_t *widths = ARENA_ARRAY(t->arena, size_t, t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++)
        widths[i] = strlen(t->columns[i].head);
    for (size_t i = 0; i < t->cells.n; i++)
        if (t->cells.v[i].width > widths[i % t->n_columns])
            widths[i % t->n_columns] = t->cells.v[i].width;
    for (size_t i = 0; i < t->n_columns; i++) {
        struct str head = str_c(t->columns[i].head);
        put_cell(t, i, &(struct table_cell){head, head.len}, widths[i], out);
    }
    for (size_t i = 0; i < t->cells.n; i++) {
        if (i % t->n_columns == 0)
            buf_putc(out, '\n');
        put_cell(t, i % t->n_columns, &t->cells.v[i], widths[i % t->n_columns], out);
    }
}
