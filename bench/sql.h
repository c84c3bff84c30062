/* SQL behind the store's back, for what a benchmark compares with. */
#ifndef BENCH_SQL_H
#define BENCH_SQL_H

#include <mysql.h>

#include "store/store.h"

/* Runs one statement of len bytes and hands its rows to the caller, who frees them (NULL = it has
 * none); ends the program when the server refuses it. */
MYSQL_RES *bench_sql_rows(struct store *st, const char *text, size_t len);
/* The same, rows thrown away. */
void bench_sql(struct store *st, const char *text);

#endif
