/* Time stamps over checkpoints of the audit log. */
#include "store/stmt.h"
#include "store/store.h"

int
store_put_anchor(struct store *st, const struct store_anchor *c, int64_t made_us, struct diag *d)
{
    struct stmt *s = stmt_get(st, "anchor_put", d);
    if (!s)
        return -1;
    stmt_str(s, c->origin);
    stmt_int(s, c->size);
    stmt_time_us(s, made_us);
    stmt_str(s, c->note);
    stmt_bytes(s, c->tsr.s, c->tsr.len);
    return stmt_run(s, d);
}

int
store_load_anchors(struct store *st, struct arena *a, struct store_anchor **ret, size_t *ret_n,
                   struct diag *d)
{
    VEC(struct store_anchor) list = {0};
    struct stmt *s = stmt_get(st, "anchor_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1)
        *VEC_PUSH(a, &list) = (struct store_anchor){.origin = stmt_col_str(s, 0, a),
                                                    .size = stmt_col_int(s, 1),
                                                    .note = stmt_col_str(s, 2, a),
                                                    .tsr = stmt_col_str(s, 3, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}
