/* Errors of the server and of the client library. Below all files of the room that talk to either. */
#include "store/error.h"

#include <assert.h>

#include <errmsg.h>
#include <mysqld_error.h>

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
error_set(struct store *st, unsigned code, const char *text, const char *what, struct diag *d)
{
    st->error = code;
    st->is_lost = st->is_lost || is_away(code) || is_of_library(code);
    st->is_broken = st->is_broken || (st->in_transaction && code_of(code) == DIAG_RETRY);
    diag_fail(d, code_of(code), "database: %s (%u)", text && text[0] ? text : "unknown error",
              code);
    return diag_at(d, "%s", what);
}

int
error_of_connection(struct store *st, const char *what, struct diag *d)
{
    return error_set(st, mysql_errno(st->db), mysql_error(st->db), what, d);
}
