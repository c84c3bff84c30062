/* Prepared statements: sql/query/NAME.sql, prepared once a connection.
 * What:   stmt_get, then one stmt_TYPE per "?", in order, then stmt_run; rows by stmt_next, columns
 *         by position. A statement is in use until its rows are at an end or stmt_get is called
 *         for it again.
 * Owner:  statements live with the connection; columns are valid until the next row.
 * Units:  times in seconds UTC (DATETIME columns are read as seconds through the SQL).
 * Errors: as store.h; the place is the statement's name.
 * See:    sql/query/ */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include "base/diag.h"

struct store;
struct stmt;

/* Whether there is a row. The last two are what a function that has read all rows returns: done,
 * failed. */
enum stmt_answer { STMT_ROW = 1, STMT_END = 0, STMT_FAILED = -1 };

/* The statement of that name, ready for its parameters; NULL with the diag set when it fails. */
struct stmt *stmt_get(struct store *st, const char *name, struct diag *d);
/* The next parameter. */
void stmt_int(struct stmt *s, int64_t v);
/* An unsigned number (ids). */
void stmt_uint(struct stmt *s, uint64_t v);
/* Text. */
void stmt_str(struct stmt *s, struct str v);
/* Bytes. */
void stmt_bytes(struct stmt *s, const void *p, size_t n);
/* A time; CLOCK_NONE = NULL. */
void stmt_time(struct stmt *s, int64_t t);
/* A time in microseconds. */
void stmt_time_us(struct stmt *s, int64_t t_us);
/* NULL. */
void stmt_null(struct stmt *s);
/* Runs it. What only asks, outside of a transaction and of a snapshot, is asked again when the connection was
 * lost. */
int stmt_run(struct stmt *s, struct diag *d);
/* Runs it, and rows are fetched as they come, however many they are: until the last one no other statement
 * may run. */
int stmt_stream(struct stmt *s, struct diag *d);
/* Gives back the rows that were not fetched. */
void stmt_stop(struct stmt *s);
/* Rows that changed. */
int64_t stmt_affected(const struct stmt *s);
/* The next row. */
enum stmt_answer stmt_next(struct stmt *s, struct diag *d);
/* Runs it and fetches the first row. */
enum stmt_answer stmt_first(struct stmt *s, struct diag *d);
/* Columns of the row. */
int64_t stmt_col_int(const struct stmt *s, int i);
/* An unsigned number. */
uint64_t stmt_col_uint(const struct stmt *s, int i);
/* A number; NaN for NULL. */
double stmt_col_double(const struct stmt *s, int i);
/* A time; CLOCK_NONE for NULL. */
int64_t stmt_col_time(const struct stmt *s, int i);
/* Text or bytes, copied into a; empty for NULL. */
struct str stmt_col_str(const struct stmt *s, int i, struct arena *a);
/* The same where it is, valid until the next row. */
struct str stmt_col_view(const struct stmt *s, int i);
/* Copies exactly n bytes; zeros when the column has another length. */
void stmt_col_bytes(const struct stmt *s, int i, void *to, size_t n);
/* True for NULL. */
bool stmt_col_is_null(const struct stmt *s, int i);
/* Frees all statements. One of a connection that was replaced is prepared anew with the next stmt_get. */
void stmt_close_all(struct store *st);

#endif
