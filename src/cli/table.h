/* Tables for a terminal: rows under heads, each column as wide as what stands in it.
 * What:   cells are added row by row; they are names and numbers, and nothing of them reaches the terminal raw
 *         (utf8_name). The last column of texts is not filled up.
 * Owner:  the arena given.
 * Units:  columns of a terminal.
 * Errors: none. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/buf.h"
#include "base/vec.h"

struct table_column {
    const char *head;
    bool is_number; /* stands at the right */
};

struct table_cell {
    struct str text;
    size_t width;
};

struct table {
    struct arena *arena;
    const struct table_column *columns;
    size_t n_columns;
    VEC(struct table_cell) cells;
};

/* A table without rows. */
struct table table_new(struct arena *a, const struct table_column *columns, size_t n);
/* The next cell of the row at hand. */
void table_add(struct table *t, struct str text);
/* The same with a number. */
void table_add_int(struct table *t, int64_t n);
/* Writes it all, each row a line; the last without its end. */
void table_print(const struct table *t, struct buf *out);

#endif
