/* Opening, closing, transactions, and what a server's error means. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <mysqld_error.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "store/connect.h"
#include "store/held.h"
#include "store/inner.h"
#include "store/lock.h"
#include "store/stmt.h"

/* ---- errors ---- */

static bool
is_one_of(const unsigned *list, size_t n, unsigned e)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == e)
            return true;
    return false;
}

/* Rolled back by the server, the connection lives (the long ones are TiDB's). */
static bool
is_rolled_back(unsigned e)
{
    static const unsigned list[] = {ER_LOCK_DEADLOCK,
                                    ER_LOCK_WAIT_TIMEOUT,
                                    ER_CHECKREAD,
                                    ER_ERROR_DURING_COMMIT,
                                    9007,
                                    8002,
                                    8022,
                                    8028};
    return is_one_of(list, sizeof list / sizeof *list, e);
}

/* The connection is gone, or this server takes no writes any more: another one is needed. */
static bool
is_away(unsigned e)
{
    static const unsigned list[] = {CR_SERVER_GONE_ERROR,
                                    CR_SERVER_LOST,
                                    CR_SERVER_LOST_EXTENDED,
                                    ER_SERVER_SHUTDOWN,
                                    ER_CONNECTION_KILLED,
                                    1047,
                                    1290,
                                    1836};
    return is_one_of(list, sizeof list / sizeof *list, e);
}

static enum diag_code
code_of(unsigned e)
{
    switch (e) {
    case ER_NO_SUCH_TABLE:
    case ER_BAD_FIELD_ERROR:
    case ER_NO_DB_ERROR:
        return DIAG_SCHEMA;
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_DBACCESS_DENIED_ERROR:
        return DIAG_CONFIG;
    default:
        return is_rolled_back(e) || is_away(e) ? DIAG_RETRY : DIAG_INTERNAL;
    }
}

/* What the library says itself, and not the server. It may have stopped in the middle of an answer
 * then, and the next answer would be read from the rest of that one. */
static bool
is_of_library(unsigned e)
{
    return (e >= CR_MIN_ERROR && e <= CR_MAX_ERROR) || (e >= CER_MIN_ERROR && e <= CER_MAX_ERROR);
}

int
store_fail(struct store *st, unsigned code, const char *text, const char *what, struct diag *d)
{
    st->error = code;
    st->is_lost = st->is_lost || is_away(code) || is_of_library(code);
    st->is_broken = st->is_broken || (st->in_transaction && code_of(code) == DIAG_RETRY);
    diag_fail(d, code_of(code), "database: %s (%u)", text && text[0] ? text : "unknown error",
              code);
    return diag_at(d, "%s", what);
}

int
store_ready(struct store *st, struct diag *d)
{
    if (st->is_broken || (st->is_lost && st->in_transaction))
        return diag_fail(d, DIAG_RETRY, "the transaction was rolled back");
    return st->is_lost ? connect_again(st, d) : 0;
}

struct str
store_fit(struct arena *a, struct str s, size_t max)
{
    static const char mark[] = "\xe2\x80\xa6";
    assert(max >= sizeof mark);
    if (s.len == 0)
        return STR("");
    s = utf8_repair(a, s);
    if (s.len <= max)
        return s;
    s = utf8_cut(s, max - (sizeof mark - 1));
    return arena_fmt(a, "%.*s%s", STR_ARG(s), mark);
}

void
store_forget(struct store *st)
{
    arena_free(st->seen_arena);
    st->seen_arena = arena_new();
    st->seen = map_new(st->seen_arena);
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
open_once(const struct store_config *c, struct store **ret, struct diag *d)
{
    struct store *st = mem_alloc(sizeof *st);
    struct arena *a = st->arena = arena_new();
    st->config = (struct store_config){
        .option_file = c->option_file ? arena_strdup(a, c->option_file) : NULL,
        .state_dir = arena_strdup(a, c->state_dir),
        .database = arena_strdup(a, c->database ? c->database : "assay")};
    st->users_fd = -1;
    st->has_late = true; /* of a run that was killed, perhaps */
    st->stmts = map_new(a);
    st->policies = map_new(a);
    st->by_content = map_new(a);
    store_forget(st);
    if (connect_store(st, d) != 0) {
        store_close(st);
        return -1;
    }
    *ret = st;
    return 0;
}

/* A server that was about to end may let us in and be gone at the first word: once more then. */
int
store_open(const struct store_config *c, struct store **ret, struct diag *d)
{
    enum { TRIES = 20, WAIT_US = 100000 };
    for (int try = 1;; try++) {
        if (open_once(c, ret, d) == 0)
            return 0;
        if (d->first.code != DIAG_RETRY || try == TRIES)
            return -1;
        diag_clear(d);
        usleep(WAIT_US);
    }
}

void
store_close(struct store *st)
{
    if (!st)
        return;
    store_rollback(st);
    connect_end(st);
    arena_free(st->seen_arena);
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
    if (store_ready(st, d) != 0)
        return -1;
    if (mysql_autocommit(st->db, 0))
        return store_fail(st, mysql_errno(st->db), mysql_error(st->db), "begin", d);
    st->in_transaction = true;
    return 0;
}

/* A connection that cannot be put back into autocommit is of no use: what follows would wait for a
 * commit that nobody makes. */
static void
end_transaction(struct store *st)
{
    lock_drop(st);
    st->in_transaction = false;
    st->is_broken = false;
    if (!st->is_lost && mysql_autocommit(st->db, 1))
        st->is_lost = true;
}

int
store_commit(struct store *st, struct diag *d)
{
    assert(st->in_transaction);
    if (held_send(st, d) != 0 || store_ready(st, d) != 0)
        return -1;
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
    held_drop(st);
    if (!st->is_lost && mysql_rollback(st->db))
        st->is_lost = true;
    end_transaction(st);
}
