/* Opening, closing, transactions, and what a server's error means. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <mysqld_error.h>
#include <errmsg.h>

#include "base/mem.h"
#include "store/connect.h"
#include "store/embedded.h"
#include "store/inner.h"
#include "store/stmt.h"

/* ---- errors ---- */

static enum diag_code
code_of(unsigned e)
{
    static const unsigned retry[] = {ER_LOCK_DEADLOCK, ER_LOCK_WAIT_TIMEOUT, ER_CHECKREAD,
                                     ER_ERROR_DURING_COMMIT, 9007, 8002, 8022, 8028};
    static const unsigned away[] = {CR_SERVER_GONE_ERROR, CR_SERVER_LOST, CR_CONNECTION_ERROR,
                                    CR_CONN_HOST_ERROR, CR_SERVER_LOST_EXTENDED,
                                    ER_SERVER_SHUTDOWN, 1047, 1290, 1836, 1927};
    for (size_t i = 0; i < sizeof retry / sizeof *retry; i++)
        if (retry[i] == e)
            return DIAG_RETRY;
    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        if (away[i] == e)
            return DIAG_UNAVAILABLE;
    if (e == ER_NO_SUCH_TABLE || e == ER_BAD_FIELD_ERROR)
        return DIAG_SCHEMA;
    return e == ER_TABLEACCESS_DENIED_ERROR || e == ER_DBACCESS_DENIED_ERROR ? DIAG_CONFIG
                                                                            : DIAG_INTERNAL;
}

int
store_fail(struct store *st, unsigned code, const char *text, const char *what, struct diag *d)
{
    (void)st;
    diag_fail(d, code_of(code), "database: %s (%u)", text && text[0] ? text : "unknown error", code);
    return diag_at(d, "%s", what);
}

/* ---- ids ---- */

struct hash16
store_hash16(struct str s)
{
    struct hash16 h;
    struct sha256_digest d = sha256_of(s);
    memcpy(h.b, d.b, sizeof h.b);
    return h;
}

uint64_t
store_id(const struct str *fields, size_t n)
{
    uint64_t id = 0;
    struct sha256 *h = sha256_new();
    for (size_t i = 0; i < n; i++)
        sha256_add_field(h, fields[i]);
    struct sha256_digest d = sha256_final(h);
    for (int i = 0; i < 8; i++)
        id = id << 8 | d.b[i];
    id >>= 1;
    return id ? id : 1;
}

struct str
store_key(struct arena *a, const void *p, size_t n)
{
    return arena_str(a, str_n(p, n));
}

uint64_t
store_agent_id(struct str name)
{
    return store_id((const struct str[]){STR("agent"), name}, 2);
}

uint64_t
store_line_id(const struct scan_policy *p)
{
    return store_id((const struct str[]){STR("line"), p->id, p->profile}, 3);
}

uint64_t
store_group_id(struct str name)
{
    return store_id((const struct str[]){STR("group"), name}, 2);
}

/* ---- opening ---- */

static int
set_session(struct store *st, struct diag *d)
{
    return stmt_simple(st, "session_isolation", d) == 0 &&
                   stmt_simple(st, "session_zone", d) == 0 &&
                   stmt_simple(st, "session_mode", d) == 0
               ? 0
               : -1;
}

int
store_open(const struct store_config *c, struct store **ret, struct diag *d)
{
    struct store *st = mem_alloc(sizeof *st);
    st->arena = arena_new();
    st->users_fd = -1;
    st->stmts = map_new(st->arena);
    st->policies = map_new(st->arena);
    st->by_content = map_new(st->arena);
    if (connect_store(st, c, d) != 0 || set_session(st, d) != 0) {
        store_close(st);
        return -1;
    }
    *ret = st;
    return 0;
}

void
store_close(struct store *st)
{
    if (!st)
        return;
    store_rollback(st);
    stmt_close_all(st);
    if (st->db)
        mysql_close(st->db);
    embedded_close(st->users_fd);
    arena_free(st->arena);
    free(st);
}

struct str
store_server(struct store *st, struct arena *a)
{
    const char *info = mysql_get_server_info(st->db);
    bool maria = info && strstr(info, "MariaDB");
    return arena_fmt(a, "%s %s", maria ? "MariaDB" : "MySQL", info ? info : "?");
}

struct str
store_transport(struct store *st, struct arena *a)
{
    return arena_str(a, st->transport);
}

/* ---- transactions ---- */

int
store_begin(struct store *st, struct diag *d)
{
    assert(!st->in_transaction);
    if (mysql_autocommit(st->db, 0))
        return store_fail(st, mysql_errno(st->db), mysql_error(st->db), "begin", d);
    st->in_transaction = true;
    return 0;
}

static void
end_transaction(struct store *st)
{
    st->in_transaction = false;
    mysql_autocommit(st->db, 1);
}

int
store_commit(struct store *st, struct diag *d)
{
    assert(st->in_transaction);
    if (mysql_commit(st->db))
        return store_fail(st, mysql_errno(st->db), mysql_error(st->db), "commit", d);
    end_transaction(st);
    return 0;
}

void
store_rollback(struct store *st)
{
    if (!st->in_transaction)
        return;
    mysql_rollback(st->db);
    end_transaction(st);
}
