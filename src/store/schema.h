/* Reading migrations.
 * What:   for schema.c and for tests, which make older schemas of the same files.
 * Owner:  the caller's buffer.   Units: none.   Errors: none.   See: sql/schema/ */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "base/buf.h"

/* The next statement of a file of sql/schema goes into sql, without its ';': lines that are comments
 * go, a statement ends with ';' at the end of a line. False = there is none; what is left then stands
 * in sql. */
bool schema_next_statement(struct str *rest, struct buf *sql);

#endif
