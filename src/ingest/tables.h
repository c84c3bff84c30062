/* The mapping tables of templates/mappings, with a site's own rows before them.
 * What:   tables_load() reads DIR/mappings/<name> of the site's templates once, before the first
 *         file; its rows come first, and the first row that fits wins.
 * Owner:  for as long as the process runs.
 * Units:  bytes.
 * Errors: DIAG_CONFIG with the path, and the line when a row is none (too few columns, no text, a
 *         column that wants a number and has none).
 * See:    doc/formats/mappings.md */
#ifndef INGEST_TABLES_H
#define INGEST_TABLES_H

#include "base/diag.h"

enum table {
    TABLE_FRAMEWORKS,
    TABLE_REFERENCES,
    TABLE_LYNIS_TITLES,
    TABLE_NO_NAMES,
    TABLE_CATEGORY_RULES, /* these from here on say which category a check belongs to */
    TABLE_CATEGORY_GROUPS,
    TABLE_CATEGORY_SECTIONS,
    TABLE_CATEGORY_CONTROLS,
    TABLE_CATEGORY_CCI,
    TABLE_CATEGORY_TITLES,
    TABLE__COUNT
};

enum { TABLE_COLUMNS = 4 };

/* A row of a table; columns that are not there are empty. */
struct table_row {
    struct str column[TABLE_COLUMNS];
};

/* Reads the tables of a site below dir; one that is not there adds nothing. dir NULL or empty =
 * only the built-in ones. */
int tables_load(const char *dir, struct diag *d);
/* The rows of a table: a line each, columns separated by tabs, comments begin with #. */
struct str tables_get(enum table t);

/* Cuts the next row off *rest, the text of a table; comments and empty lines are passed over. False = there is
 * none. The columns point into the text. */
bool tables_next_row(struct str *rest, struct table_row *ret);
/* Another number after each tables_load(): what was made of a table before is out of date. */
unsigned tables_version(void);

#endif
