/* Errors of the server and of the client library. Below all files of the room that talk to either. */
#include "store/error.h"

#include <errmsg.h>
#include <mysqld_error.h>

#include "store/client.h"

enum meaning {
    UNEXPECTED,  /* a fault of ours, or one that needs a look */
    ROLLED_BACK, /* the server ended the transaction, the connection lives */
    AWAY,        /* the connection is gone, or this server takes no writes: another one is needed */
    TOO_LARGE,   /* for a packet; the server hangs up after that */
    NO_SCHEMA,
    NOT_ALLOWED
};

static const struct {
    unsigned code;
    enum meaning meaning;
} known_errors[] = {
    {ER_LOCK_DEADLOCK, ROLLED_BACK},
    {ER_LOCK_WAIT_TIMEOUT, ROLLED_BACK},
    {ER_CHECKREAD, ROLLED_BACK},
    {ER_ERROR_DURING_COMMIT, ROLLED_BACK},
    {ER_QUERY_INTERRUPTED, ROLLED_BACK},
    {1305, ROLLED_BACK}, /* the mark of the transaction is gone: transaction.c */
    {3100, ROLLED_BACK}, /* MySQL, group replication: refused before COMMIT */
    {3101, ROLLED_BACK}, /* the same: another member was first */
    {9007, ROLLED_BACK}, /* TiDB: write conflict */
    {8002, ROLLED_BACK}, /* TiDB: conflict that it may not retry itself */
    {8022, ROLLED_BACK}, /* TiDB: commit failed, rolled back */
    {8028, ROLLED_BACK}, /* TiDB: the schema changed meanwhile */
    {CR_CONNECTION_ERROR, AWAY},
    {CR_CONN_HOST_ERROR, AWAY},
    {CR_SERVER_GONE_ERROR, AWAY},
    {CR_SERVER_LOST, AWAY},
    {CR_SERVER_LOST_EXTENDED, AWAY},
    {CR_SSL_CONNECTION_ERROR, AWAY}, /* of a connection that stood: it was cut */
    {ER_SERVER_SHUTDOWN, AWAY},
    {ER_NET_READ_ERROR, AWAY},
    {ER_NET_READ_INTERRUPTED, AWAY},
    {ER_NET_ERROR_ON_WRITE, AWAY},
    {ER_NET_WRITE_INTERRUPTED, AWAY},
    {ER_ABORTING_CONNECTION, AWAY},
    {ER_NEW_ABORTING_CONNECTION, AWAY},
    {1927, AWAY}, /* MariaDB: somebody has killed the connection */
    {3169, AWAY}, /* MySQL: the same */
    {1047, AWAY}, /* Galera: the node is not ready */
    {1290, AWAY}, /* read-only, or another option forbids it */
    {1836, AWAY}, /* read-only mode */
    {3032, AWAY}, /* MySQL: offline mode */
    {3168, AWAY}, /* MySQL: not available */
    {4031, AWAY}, /* MySQL: closed for inactivity */
    {ER_NET_PACKET_TOO_LARGE, TOO_LARGE},
    {ER_NO_SUCH_TABLE, NO_SCHEMA},
    {ER_BAD_FIELD_ERROR, NO_SCHEMA},
    {ER_NO_DB_ERROR, NO_SCHEMA},
    {ER_TABLEACCESS_DENIED_ERROR, NOT_ALLOWED},
    {ER_DBACCESS_DENIED_ERROR, NOT_ALLOWED},
};

/* An error of the library itself leaves a connection that is of no use: it may have stopped in the middle of
 * an answer, and the next answer would be read from the rest of that one. */
int
error_set(struct store *st, unsigned code, const char *text, const char *what, struct diag *d)
{
    static const enum diag_code codes[] = {
        [UNEXPECTED] = DIAG_INTERNAL, [ROLLED_BACK] = DIAG_RETRY, [AWAY] = DIAG_LOST,
        [TOO_LARGE] = DIAG_TOO_BIG,   [NO_SCHEMA] = DIAG_SCHEMA,  [NOT_ALLOWED] = DIAG_CONFIG};
    enum meaning m = UNEXPECTED;
    for (size_t i = 0; i < sizeof known_errors / sizeof *known_errors; i++)
        if (known_errors[i].code == code)
            m = known_errors[i].meaning;
    st->error = code;
    st->is_lost = st->is_lost || m == AWAY || m == TOO_LARGE || client_made_error(code);
    st->is_broken =
        st->is_broken || (st->in_transaction && (m == ROLLED_BACK || m == AWAY || m == TOO_LARGE));
    diag_fail(d, codes[m], "%s: %s (%u)",
              m == AWAY ? "the connection to the database was lost" : "database",
              text && text[0] ? text : "unknown error", code);
    return diag_at(d, "%s", what);
}

int
error_of_connection(struct store *st, const char *what, struct diag *d)
{
    return error_set(st, mysql_errno(st->db), mysql_error(st->db), what, d);
}
