/* Shared by the benchmarks that have a database. */
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/session.h"

MYSQL_RES *
bench_sql_rows(struct store *st, const char *text, size_t len)
{
    if (mysql_real_query(st->db, text, len)) {
        fprintf(stderr, "%s\n", mysql_error(st->db));
        exit(1);
    }
    return mysql_store_result(st->db);
}

void
bench_sql(struct store *st, const char *text)
{
    mysql_free_result(bench_sql_rows(st, text, strlen(text)));
}
