/* Checkpoints of the audit log, and the leaves that they are made of. */
#include <assert.h>

#include "store/stmt.h"
#include "store/store.h"

int
store_put_checkpoint(struct store *st, const struct store_checkpoint *c, struct diag *d)
{
    struct stmt *s = stmt_get(st, "checkpoint_put", d);
    if (!s)
        return -1;
    stmt_str(s, c->origin);
    stmt_int(s, c->size);
    stmt_time_us(s, c->made_us);
    stmt_str(s, c->note);
    return stmt_run(s, d);
}

int
store_load_checkpoints(struct store *st, struct arena *a, struct store_checkpoint **ret,
                       size_t *ret_n, struct diag *d)
{
    VEC(struct store_checkpoint) list = {0};
    struct stmt *s = stmt_get(st, "checkpoint_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1)
        *VEC_PUSH(a, &list) = (struct store_checkpoint){.origin = stmt_col_str(s, 0, a),
                                                        .size = stmt_col_int(s, 1),
                                                        .made_us = stmt_col_int(s, 2),
                                                        .note = stmt_col_str(s, 3, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_load_leaves(struct store *st, int64_t from_seq, size_t n, struct sha256_digest *ret,
                  struct diag *d)
{
    size_t got = 0;
    struct stmt *s = stmt_get(st, "audit_leaves", d);
    if (!s)
        return -1;
    stmt_int(s, from_seq);
    stmt_int(s, (int64_t)n);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1) {
        assert(got < n);
        stmt_col_bytes(s, 0, ret[got++].b, SHA256_SIZE);
    }
    if (rc == 0 && got < n)
        return diag_fail(d, DIAG_VERIFY, "the audit log has a gap behind record %lld",
                         (long long)(from_seq + (int64_t)got - 1));
    return rc;
}
