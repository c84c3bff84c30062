/* Transactions: begin, commit, roll back. Above unsent.c, whose rows are sent before a commit, and
 * lock.c, whose locks end with it. */
#include <assert.h>

#include "store/connect.h"
#include "store/error.h"
#include "store/fact_state.h"
#include "store/facts.h"
#include "store/lock.h"
#include "store/session.h"
#include "store/unsent.h"

int
store_begin(struct store *st, struct diag *d)
{
    assert(!st->in_transaction);
    st->is_in_doubt = false;
    if (connect_ready(st, d) != 0)
        return -1;
    if (mysql_autocommit(st->db, 0))
        return error_of_connection(st, "begin", d);
    if (session_run(st, "transaction_mark", d) != 0) {
        st->is_lost = true; /* as in end_transaction */
        return -1;
    }
    st->in_transaction = true;
    return 0;
}

/* A connection that cannot be put back into autocommit is of no use: what follows would wait for a
 * commit that nobody makes. */
static void
end_transaction(struct store *st)
{
    assert(!st->unsent); /* sent or dropped */
    lock_drop(st);
    facts_drop(st);
    st->in_transaction = false;
    st->is_broken = false;
    if (!st->is_lost && mysql_autocommit(st->db, 1))
        st->is_lost = true;
}

/* A node of a Galera cluster (MariaDB 10.11.19, 11.8.9) that rolls a transaction back for another
 * node's sake while it prepares a statement says so in no answer: what follows would be a second
 * transaction, without the locks and the rows of the first, and its COMMIT would succeed. The mark
 * that stands at the beginning is gone then. */
int
store_commit(struct store *st, struct diag *d)
{
    assert(st->in_transaction);
    if (unsent_send(st, d) != 0 || connect_ready(st, d) != 0)
        return -1;
    st->is_in_doubt = true;
    if (session_run(st, "transaction_check", d) != 0)
        return -1;
    if (mysql_commit(st->db))
        return error_of_connection(st, "commit", d);
    st->is_in_doubt = false;
    end_transaction(st);
    return 0;
}

bool
store_is_commit_in_doubt(const struct store *st)
{
    return st->is_in_doubt;
}

void
store_rollback(struct store *st)
{
    if (!st->in_transaction)
        return;
    unsent_drop(st);
    fact_state_forget(st);
    if (!st->is_lost && mysql_rollback(st->db))
        st->is_lost = true;
    end_transaction(st);
}
