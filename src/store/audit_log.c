/* The audit log and what is kept about it: records and leaves, checkpoints, time stamps, tiles, and
 * which records have their text. Called by act, for each act's record, and by ledger and export. */
#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "store/bulk.h"
#include "store/seen.h"
#include "store/stmt.h"

/* ---- records ---- */

static int
read_head(struct store *st, const char *name, int64_t *ret_size, struct sha256_digest *ret_last,
          uint64_t *ret_swept, struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    if (!s)
        return -1;
    enum stmt_answer rc = stmt_first(s, d);
    if (rc == STMT_END)
        return diag_fail(d, DIAG_VERIFY, "the head of the audit log is missing");
    if (rc < 0)
        return -1;
    *ret_size = stmt_col_int(s, 0);
    stmt_col_bytes(s, 1, ret_last->b, SHA256_SIZE);
    *ret_swept = stmt_col_uint(s, 2);
    return 0;
}

int
store_lock_audit_head(struct store *st, int64_t *ret_seq, struct sha256_digest *ret_prev,
                      struct diag *d)
{
    uint64_t swept;
    assert(st->in_transaction);
    return read_head(st, "audit_head_lock", ret_seq, ret_prev, &swept, d) == 0
               ? seen_check_swept(st, swept, d)
               : -1;
}

int
store_audit_size(struct store *st, int64_t *ret_size, struct sha256_digest *ret_last,
                 struct diag *d)
{
    uint64_t swept;
    if (read_head(st, "audit_head", ret_size, ret_last, &swept, d) != 0)
        return -1;
    st->swept = st->knows_swept ? st->swept : swept;
    st->knows_swept = true;
    return 0;
}

static int
insert_records(struct store *st, const struct store_record *r, size_t n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_audit");
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        assert(r[i].seq == r[0].seq + (int64_t)i);
        bulk_row(&b);
        bulk_int(&b, r[i].seq);
        bulk_time_us(&b, r[i].ts_us);
        bulk_str(&b, r[i].event);
        bulk_str(&b, r[i].object_type);
        bulk_str(&b, utf8_repair(d->arena, r[i].object_id)); /* often a path: any bytes */
        bulk_int(&b, r[i].outcome);
        bulk_bytes(&b, r[i].leaf.b, SHA256_SIZE);
        bulk_bytes(&b, r[i].rec.s, r[i].rec.len);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

int
store_put_records(struct store *st, const struct store_record *r, size_t n, struct diag *d)
{
    assert(st->in_transaction);
    if (n == 0)
        return 0;
    if (insert_records(st, r, n, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "audit_head_move", d);
    if (!s)
        return -1;
    stmt_int(s, r[0].seq + (int64_t)n);
    stmt_bytes(s, r[n - 1].leaf.b, SHA256_SIZE);
    stmt_int(s, r[0].seq);
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1
               ? 0
               : diag_fail(d, DIAG_VERIFY, "the head of the audit log is not at record %lld",
                           (long long)r[0].seq);
}

int
store_load_records(struct store *st, int64_t from_seq, size_t max, struct arena *a,
                   struct store_record **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct store_record) list = {0};
    struct stmt *s = stmt_get(st, "audit_load", d);
    if (!s)
        return -1;
    stmt_int(s, from_seq);
    stmt_int(s, (int64_t)max);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct store_record *r = VEC_PUSH(a, &list);
        r->seq = stmt_col_int(s, 0);
        r->ts_us = stmt_col_int(s, 1);
        r->event = stmt_col_str(s, 2, a);
        r->object_type = stmt_col_str(s, 3, a);
        r->object_id = stmt_col_str(s, 4, a);
        r->outcome = (int)stmt_col_int(s, 5);
        stmt_col_bytes(s, 6, r->leaf.b, SHA256_SIZE);
        r->rec = stmt_col_str(s, 7, a);
        r->is_pruned = stmt_col_is_null(s, 7);
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

/* The newest of each file: rows come in the order of the log. */
static int
find_some_ingested(struct store *st, const struct str *files, size_t n, struct arena *a,
                   struct store_record *ret, struct diag *d)
{
    enum { MANY = 40 }; /* parameters of the statement */
    struct stmt *s = stmt_get(st, "ingested_many", d);
    assert(n > 0 && n <= MANY);
    if (!s)
        return -1;
    stmt_int(s, 0); /* success */
    for (size_t i = 0; i < MANY; i++)
        stmt_str(s, files[i < n ? i : 0]);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str hex = stmt_col_str(s, 1, a), rec = stmt_col_str(s, 2, a);
        if (str_find(rec, "\"stored\"") < 0)
            continue; /* a duplicate has a record, too; pruned ones have no text */
        for (size_t i = 0; i < n; i++)
            if (str_eq(files[i], hex))
                ret[i] = (struct store_record){.seq = stmt_col_int(s, 0), .rec = rec};
    }
    return rc;
}

int
store_find_ingested(struct store *st, const struct str *files, size_t n, struct arena *a,
                    struct store_record *ret, struct diag *d)
{
    enum { SOME = 40 };
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct store_record){.seq = -1, .rec = STR("")};
    for (size_t i = 0; i < n; i += SOME)
        if (find_some_ingested(st, files + i, n - i < SOME ? n - i : SOME, a, ret + i, d) != 0)
            return -1;
    return 0;
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
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        assert(got < n);
        stmt_col_bytes(s, 0, ret[got++].b, SHA256_SIZE);
    }
    if (rc == STMT_END && got < n)
        return diag_fail(d, DIAG_VERIFY, "the audit log has a gap behind record %lld",
                         (long long)(from_seq + (int64_t)got - 1));
    return rc;
}

/* ---- checkpoints and their time stamps ---- */

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
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) = (struct store_checkpoint){.origin = stmt_col_str(s, 0, a),
                                                        .size = stmt_col_int(s, 1),
                                                        .made_us = stmt_col_int(s, 2),
                                                        .note = stmt_col_str(s, 3, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

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
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) = (struct store_anchor){.origin = stmt_col_str(s, 0, a),
                                                    .size = stmt_col_int(s, 1),
                                                    .note = stmt_col_str(s, 2, a),
                                                    .tsr = stmt_col_str(s, 3, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

/* ---- tiles: a cache of the tree ---- */

int
store_load_tile(struct store *st, int level, int64_t at, struct sha256_digest ret[STORE_TILE],
                size_t *ret_n, struct diag *d)
{
    struct stmt *s = stmt_get(st, "tile_load", d);
    assert(level >= 0 && at >= 0);
    *ret_n = 0;
    if (!s)
        return -1;
    stmt_int(s, level);
    stmt_int(s, at);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    int64_t width = stmt_col_int(s, 0);
    struct str bytes = stmt_col_str(s, 1, d->arena);
    if (width < 1 || width > STORE_TILE || bytes.len != (size_t)width * SHA256_SIZE)
        return 0; /* no tile of ours */
    memcpy(ret, bytes.s, bytes.len);
    *ret_n = (size_t)width;
    return 0;
}

int
store_put_tiles(struct store *st, const struct store_tile *t, size_t n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_tile");
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        assert(t[i].n > 0 && t[i].n <= STORE_TILE);
        bulk_row(&b);
        bulk_int(&b, t[i].level);
        bulk_int(&b, t[i].at);
        bulk_int(&b, (int64_t)t[i].n);
        bulk_bytes(&b, t[i].hashes, t[i].n * SHA256_SIZE);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

/* ---- retention: texts are taken from old records ---- */

/* Pruned records are the first of the log, so the border is found by halving. */
int
store_first_kept(struct store *st, int64_t size, int64_t *ret, struct diag *d)
{
    int64_t at = 0, kept = size, pruned = 0;
    while (pruned < kept) {
        struct stmt *s = stmt_get(st, "prune_probe", d);
        if (!s)
            return -1;
        stmt_int(s, at);
        enum stmt_answer rc = stmt_first(s, d);
        if (rc < 0)
            return -1;
        if (rc != STMT_ROW || stmt_col_int(s, 0) == 0) /* its text is there, or no such record */
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
    enum stmt_answer rc = stmt_first(s, d);
    *ret = rc == STMT_ROW ? stmt_col_int(s, 0) : size;
    return rc < 0 ? -1 : 0;
}

int
store_prune_records(struct store *st, int64_t from_seq, int64_t to_seq, struct diag *d)
{
    struct stmt *s = stmt_get(st, "prune_records", d);
    assert(from_seq >= 0 && from_seq <= to_seq);
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
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    *ret_target = stmt_col_str(s, 0, a);
    *ret_next = stmt_col_int(s, 1);
    return 0;
}
