/* The CIS Control that a check belongs to. The door of the room.
 * What:   what a check says of itself (words of the input, mappings, name, section, title) -> one of the 18
 *         Controls of CIS Controls v8 and the word for how it was found. A list that names several
 *         controls is never cut down to its first one: another step answers, or nothing does.
 *         What is derived depends on nothing but the check and the tables of templates/mappings.
 * Owner:  new texts live in the given arena.
 * Units:  none.   Errors: none.
 * See:    doc/categories.md */
#ifndef INGEST_CATEGORY_CATEGORY_H
#define INGEST_CATEGORY_CATEGORY_H

#include "model/scan.h"

/* Sets the category of a check and its source. */
void category_derive(struct arena *a, struct scan_check *c);
/* The same for the checks of all scans of a file that have none yet. */
void category_settle(struct arena *a, struct scan_file *f);
/* What tells these tables from others: 12 hex digits of their hash, a site's own rows included. */
struct str category_tables(void);
/* Reads the tables now and not with the first check. */
void category_warm(void);
/* The category that was taken up to schema 13 from the mappings of a check, empty = none: in its databases it stands
 * where the input's own word is kept. */
struct str category_of_schema_13(const struct scan_check *c);

#endif
