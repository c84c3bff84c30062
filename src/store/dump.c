/* Rows out of a database. */
#include "store/dump.h"

#include <assert.h>
#include <sys/socket.h>

#include "store/client.h"
#include "store/connect.h"
#include "store/error.h"
#include "store/parts.h"
#include "store/snapshot.h"
#include "store/stmt.h"

static int
read_state(struct store *st, struct arena *a, struct store_dump *ret, struct diag *d)
{
    parts_list parts = {0};
    struct stmt *s = stmt_get(st, "schema_version", d);
    if (!s || stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to schema_version");
    ret->schema = (int)stmt_col_int(s, 0);
    if (store_audit_size(st, &ret->n_records, &ret->head, d) != 0 ||
        parts_load(st, true, a, &parts, d) != 0)
        return -1;
    ret->parts.v = parts.v;
    ret->parts.n = parts.n;
    return 0;
}

int
store_dump_begin(struct store *st, struct arena *a, struct store_dump *ret, struct diag *d)
{
    *ret = (struct store_dump){0};
    if (snapshot_begin(st, d) != 0)
        return -1;
    if (read_state(st, a, ret, d) == 0)
        return 0;
    snapshot_end(st);
    return -1;
}

void
store_dump_end(struct store *st)
{
    snapshot_end(st);
}

/* Rows come as texts and as they are sent: prepared statements would make each server's own idea of a time or of a
 * number out of them. */
int
store_dump_rows(struct store *st, const struct store_part *p, store_row_fn *each, void *ctx,
                struct diag *d)
{
    struct str values[STORE_MAX_COLUMNS];
    size_t n = p->columns.n;
    assert(st->in_snapshot && n > 0 && n <= STORE_MAX_COLUMNS);
    if (parts_run(st, "dump_rows", p, d) != 0)
        return -1;
    MYSQL_RES *r = mysql_use_result(st->db);
    if (!r)
        return error_of_connection(st, "dump_rows", d);
    int rc = 0;
    for (MYSQL_ROW row; rc == 0 && (row = mysql_fetch_row(r));) {
        const unsigned long *len = mysql_fetch_lengths(r);
        for (size_t i = 0; i < n; i++)
            values[i] = (struct str){row[i], row[i] ? len[i] : 0};
        rc = each(ctx, values, n, d);
    }
    if (rc == 0 && mysql_errno(st->db)) {
        rc = error_of_connection(st, "dump_rows", d);
    } else if (rc != 0) {
        /* nobody wants the rest of a large table, which would be read to its end */
        shutdown(client_socket(st->db), SHUT_RDWR);
        st->is_lost = true;
    }
    mysql_free_result(r);
    return rc;
}
