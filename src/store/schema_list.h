/* The schema as it must be: a line a table, column, index and view, made of the migrations.
 * What:   reads sql/schema/NNN-name.sql as the server does, but for the rows. A migration that says more
 *         than this understands is a bug that unit/store/test_schema_check finds.
 * Owner:  the given arena.   Units: none.   Errors: none.
 * See:    schema_check.h, which compares it with a database */
#ifndef STORE_SCHEMA_LIST_H
#define STORE_SCHEMA_LIST_H

#include "base/map.h"
#include "base/vec.h"

struct schema_item {
    struct str kind;  /* "table", "column", "index", "view" */
    struct str table; /* of which */
    struct str name;  /* of the column or index */
    struct str says;  /* what it is; empty = it is gone again */
};

struct schema_list {
    VEC(struct schema_item) v;
    struct map *at; /* "kind table.name" -> position */
};

/* An empty list. */
struct schema_list schema_list_new(struct arena *a);
/* Puts an item, in the place of one of that name. */
void schema_list_put(struct schema_list *l, struct arena *a, struct schema_item item);
/* The item of that name; NULL = there is none, or it is gone. */
const struct schema_item *schema_list_find(const struct schema_list *l, struct arena *a,
                                           const struct schema_item *like);
/* What the migrations make. */
struct schema_list schema_list_known(struct arena *a);
/* A type of a column in one form: "int(10) unsigned" and "int unsigned" are one. */
struct str schema_list_type(struct str type, struct arena *a);
/* What a column is: its type, NOT NULL, default (NULL = none) and collation (empty = no text). */
struct str schema_list_column(struct str type, bool not_null, const struct str *initial,
                              struct str collation, struct arena *a);

#endif
