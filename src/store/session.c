/* Statements that govern a session. Below connect.c, which calls for them when it has connected. */
#include "store/session.h"

#include <assert.h>
#include <stdio.h>

#include "base/embed.h"
#include "store/error.h"

int
session_run(struct store *st, const char *name, struct diag *d)
{
    char path[128];
    snprintf(path, sizeof path, "sql/query/%s.sql", name);
    const struct embed_file *f = embed_find(path);
    assert(f && st->db);
    if (mysql_real_query(st->db, f->data, f->len) == 0)
        return 0;
    return error_of_connection(st, name, d);
}

static int
ask_packet(struct store *st, struct diag *d)
{
    if (session_run(st, "session_packet", d) != 0)
        return -1;
    MYSQL_RES *r = mysql_store_result(st->db);
    MYSQL_ROW row = r ? mysql_fetch_row(r) : NULL;
    int64_t n = 0;
    if (row && row[0] && str_to_i64(str_c(row[0]), &n) && n > 0)
        st->packet = (size_t)n;
    mysql_free_result(r);
    return st->packet ? 0 : error_of_connection(st, "session_packet", d);
}

int
session_settle(struct store *st, struct diag *d)
{
    static const char *const names[] = {"session_names", "session_isolation", "session_zone",
                                        "session_mode",  "session_lists",     "session_locks"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (session_run(st, names[i], d) != 0)
            return -1;
    return ask_packet(st, d);
}
