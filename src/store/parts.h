/* Tables as parts of a backup: their columns, and SQL with their names in it.
 * What:   not for use outside src/store. Names come from the database that is open, or were compared with it; a name
 *         that is not of small letters, digits and _ never gets into a statement.
 * Owner:  the given arena.   Units: none.
 * Errors: as store.h; DIAG_BAD_DATA: such a name. */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "store/dump.h"
#include "store/session.h"

typedef VEC(struct store_part) parts_list;

/* Whether the name can stand in a statement. */
bool parts_is_name(struct str name);
/* The tables that are there, without schema_version, by name. known: only those that migrations of this program
 * make; what a site added is not of assay. */
int parts_load(struct store *st, bool known, struct arena *a, parts_list *ret, struct diag *d);
/* The text of a query with {table} and {columns} in it. */
struct str parts_text(const char *query, const struct store_part *p, struct arena *a);
/* Runs it; it has no rows. */
int parts_run(struct store *st, const char *query, const struct store_part *p, struct diag *d);

#endif
