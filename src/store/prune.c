/* Retention of the audit log: which records have their text, and taking it from old ones. */
#include "store/stmt.h"
#include "store/store.h"

/* False when it was pruned; one that is not there is not. */
static int
has_text(struct store *st, int64_t seq, bool *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "prune_probe", d);
    if (!s)
        return -1;
    stmt_int(s, seq);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    *ret = rc != 1 || stmt_col_int(s, 0) == 0;
    return rc < 0 ? -1 : 0;
}

/* What was pruned is the beginning: half of what is in question goes with each look. */
int
store_first_kept(struct store *st, int64_t size, int64_t *ret, struct diag *d)
{
    int64_t at = 0, kept = size, pruned = 0;
    bool has;
    while (pruned < kept) {
        if (has_text(st, at, &has, d) != 0)
            return -1;
        if (has)
            kept = at;
        else
            pruned = at + 1;
        at = pruned + (kept - pruned) / 2;
    }
    *ret = kept;
    return 0;
}

int
store_first_since(struct store *st, int64_t from_seq, int64_t t, int64_t size, int64_t *ret,
                  struct diag *d)
{
    struct stmt *s = stmt_get(st, "prune_bound", d);
    if (!s)
        return -1;
    stmt_int(s, from_seq);
    stmt_time(s, t);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    *ret = rc == 1 ? stmt_col_int(s, 0) : size;
    return rc < 0 ? -1 : 0;
}

int
store_prune_records(struct store *st, int64_t from_seq, int64_t to_seq, struct diag *d)
{
    struct stmt *s = stmt_get(st, "prune_records", d);
    if (!s)
        return -1;
    stmt_int(s, from_seq);
    stmt_int(s, to_seq);
    return stmt_run(s, d);
}

int
store_find_waiting(struct store *st, int64_t seq, struct arena *a, struct str *ret_target,
                   int64_t *ret_next, struct diag *d)
{
    struct stmt *s = stmt_get(st, "prune_waiting", d);
    *ret_target = STR("");
    if (!s)
        return -1;
    stmt_int(s, seq);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    if (rc != 1)
        return rc;
    *ret_target = stmt_col_str(s, 0, a);
    *ret_next = stmt_col_int(s, 1);
    return 0;
}
