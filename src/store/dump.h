/* All rows of all tables, out of a database and into an empty one: what a backup and a move to another server need.
 * What:   reading is one snapshot. Values are the texts that a server gives and takes (numbers in digits, times as
 *         2026-11-01 06:00:00.000000) and the bytes of BLOB and BINARY: the same on MariaDB and MySQL. An empty database
 *         is filled behind a mark in schema_version, which every program takes for a schema that it does not know:
 *         what was cut off is no database.
 * Owner:  parts live in the given arena; values last until the callback ends.
 * Units:  rows, bytes.
 * Errors: as store.h; DIAG_CANNOT_WRITE: the database is not empty; DIAG_BAD_DATA: a part or a value does not fit the
 *         table; DIAG_SCHEMA: a part of a newer schema.
 * See:    doc/backup.md, doc/decisions/0029-backup.md */
#ifndef STORE_DUMP_H
#define STORE_DUMP_H

#include "base/vec.h"
#include "store/store.h"

enum { STORE_MAX_COLUMNS = 64 };

enum store_kind { STORE_NUMBER = 'n', STORE_TEXT_VALUE = 't', STORE_BYTES = 'b' };

struct store_column {
    struct str name;
    enum store_kind kind;
};

struct store_part { /* a table */
    struct str name;
    VEC(struct store_column) columns;
};

/* ---- out of a database ---- */

struct store_dump { /* what one snapshot has */
    int schema;     /* its version */
    int64_t n_records;
    struct sha256_digest head; /* of the audit log */
    VEC(struct store_part) parts;
};

/* Begins the snapshot; store_dump_end() after success. */
int store_dump_begin(struct store *st, struct arena *a, struct store_dump *ret, struct diag *d);
/* A row: a value for each column; s == NULL: NULL. Anything but 0 ends it. No query may be made in it. */
typedef int store_row_fn(void *ctx, const struct str *values, size_t n, struct diag *d);
/* All rows of a table. -1 with the diag of each, too; then nothing more can be read in this snapshot. */
int store_dump_rows(struct store *st, const struct store_part *p, store_row_fn *each, void *ctx,
                    struct diag *d);
/* Ends the snapshot. */
void store_dump_end(struct store *st);

/* ---- into an empty one ---- */

enum store_content {
    STORE_EMPTY, /* no tables, or no database at all */
    STORE_HALF,  /* a fill was cut off, or is under way */
    STORE_FULL   /* it holds something */
};

/* What the database holds; of STORE_HALF whose fill it is. */
int store_look(struct store *st, struct arena *a, enum store_content *ret, struct str *ret_owner,
               struct diag *d);
/* Makes the mark and the tables as that version of the schema has them, after it took away what a fill left. */
int store_fill_begin(struct store *st, struct str owner, int schema, struct diag *d);

struct store_fill;

/* Begins a table; its columns must be those that the table has. */
int store_fill_open(struct store *st, const struct store_part *p, struct arena *a,
                    struct store_fill **ret, struct diag *d);
/* The next row, as store_row_fn has it. Written and committed in batches. */
int store_fill_row(struct store_fill *f, const struct str *values, struct diag *d);
/* Ends the table, also after a failure. */
int store_fill_close(struct store_fill *f, struct diag *d);
/* All tables are filled: the migrations that are newer than the fill. *ret: the version that it has now. */
int store_fill_upgrade(struct store *st, int *ret, struct diag *d);
/* Takes the mark away: it is a database. */
int store_fill_release(struct store *st, struct diag *d);
/* Takes everything away that the fill made. */
int store_fill_undo(struct store *st, struct diag *d);

#endif
