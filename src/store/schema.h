/* Migrations: reading them, and running some of them.
 * What:   for schema.c, for fill.c, and for tests, which make older schemas of the same files.
 * Owner:  the caller's buffer.   Units: versions.   Errors: as store.h.   See: sql/schema/ */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "base/buf.h"
#include "base/diag.h"

struct store;

/* The version that a database has while it is filled from a backup: newer than any program knows. */
enum { SCHEMA_HALF = 999999 };

/* The newest version that this program knows. */
int schema_newest(void);
/* The newest migration that was run, SCHEMA_HALF left aside; 0 = none. */
int schema_reached(struct store *st, int *ret, struct diag *d);
/* Runs the migrations behind version `from`, up to `to`. */
int schema_run(struct store *st, int from, int to, struct diag *d);

/* The next statement of a file of sql/schema goes into sql, without its ';': lines that are comments
 * go, a statement ends with ';' at the end of a line. False = there is none; what is left then stands
 * in sql. */
bool schema_next_statement(struct str *rest, struct buf *sql);

#endif
