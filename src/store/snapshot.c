/* Snapshots. Above connect.c, below what reads many tables. */
#include "store/snapshot.h"

#include <assert.h>

#include "store/connect.h"

/* The connection may have ended while nothing was asked of it: that costs nothing here. */
int
snapshot_begin(struct store *st, struct diag *d)
{
    struct store_outage o = {0};
    assert(!st->in_transaction && !st->in_snapshot);
    connect_be_patient(st, true);
    /* rows found by their time are fetched in the order of their key: a page is read once, not once a row */
    while (connect_ready(st, d) != 0 || session_run(st, "snapshot_reads", d) != 0 ||
           session_run(st, "snapshot_level", d) != 0 || session_run(st, "snapshot_start", d) != 0) {
        if (d->first.code != DIAG_LOST || !store_outlast(st, &o, d)) {
            connect_be_patient(st, false);
            return -1;
        }
        diag_clear(d);
    }
    st->in_snapshot = true;
    return 0;
}

void
snapshot_end(struct store *st)
{
    assert(st->in_snapshot);
    st->in_snapshot = false;
    if (!st->is_lost && mysql_rollback(st->db))
        st->is_lost = true;
    connect_be_patient(st, false);
}
