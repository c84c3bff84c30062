/* The one typed builder of multi-row INSERTs.
 * What:   sql/query/NAME.sql holds the head up to VALUES and, behind a line "-- rows --", the tail
 *         (ON DUPLICATE KEY …). Values are numbers, hex literals or escaped text: nothing else can
 *         get into the statement. Sent whenever BULK_BYTES are full, and by bulk_end.
 * Owner:  bulk_end frees; after a failure too.
 * Units:  bytes. A statement is as large as the server takes (max_allowed_packet), and so is a row.
 * Errors: as store.h; the place is the statement's name. */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "base/buf.h"
#include "base/diag.h"

struct store;

struct bulk {
    struct store *st;
    const char *name;
    struct str head, tail;
    struct buf sql;
    size_t n_rows, n_cols;
    bool failed;
    /* The last time that was written, with its text: rows of a scan have the same. */
    int64_t time;
    char time_text[64];
    size_t n_time;
};

/* An empty batch for the statement. */
struct bulk bulk_begin(struct store *st, const char *name);
/* The same with the text of the statement, which lasts as long as the batch. */
struct bulk bulk_begin_text(struct store *st, const char *name, struct str text);
/* Begins a row. */
void bulk_row(struct bulk *b);
/* The next value of the row. */
void bulk_int(struct bulk *b, int64_t v);
/* A number as a server spells it; the caller has looked that it is one. */
void bulk_digits(struct bulk *b, struct str number);
/* A number; NaN = NULL. */
void bulk_double(struct bulk *b, double v);
/* An unsigned number. */
void bulk_uint(struct bulk *b, uint64_t v);
/* Bytes, as a hex literal. */
void bulk_bytes(struct bulk *b, const void *p, size_t n);
/* Text, escaped by the client library. */
void bulk_str(struct bulk *b, struct str s);
/* NULL. */
void bulk_null(struct bulk *b);
/* A time; CLOCK_NONE = NULL. */
void bulk_time(struct bulk *b, int64_t t);
/* A time in microseconds. */
void bulk_time_us(struct bulk *b, int64_t t_us);
/* Ends the row; sends when the batch is full. */
int bulk_row_end(struct bulk *b, struct diag *d);
/* Sends what is left and frees. */
int bulk_end(struct bulk *b, struct diag *d);
/* Frees without sending. */
void bulk_drop(struct bulk *b);

#endif
