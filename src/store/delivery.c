/* Delivery of the audit log: how far each target is, in leased rows fenced by a number that only the
 * holder knows; and the messages that a target did not take. Called by export. */
#include <assert.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/utf8.h"
#include "store/ids.h"
#include "store/facts.h"
#include "store/session.h"
#include "store/stmt.h"

enum { MAX_ERROR = 2040, MAX_OWNER = 510, MAX_REASON = 2040 };

/* ---- cursors ---- */

int
store_load_cursor(struct store *st, struct str target, struct arena *a, struct store_cursor *ret,
                  struct diag *d)
{
    struct store_cursor c = {.target = target,
                             .lease_until = CLOCK_NONE,
                             .failing_since = CLOCK_NONE,
                             .last_ok = CLOCK_NONE};
    c.piece = c.owner = c.error = STR("");
    struct stmt *s = stmt_get(st, "cursor_load", d);
    if (!s)
        return -1;
    stmt_str(s, target);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc == STMT_ROW) {
        c.seq = stmt_col_int(s, 0);
        c.piece = stmt_col_str(s, 1, a);
        c.told_seq = stmt_col_int(s, 2);
        c.owner = stmt_col_str(s, 3, a);
        c.lease_until = stmt_col_time(s, 4);
        c.attempts = stmt_col_int(s, 5);
        c.wait_us = stmt_col_int(s, 6) > 0 ? stmt_col_int(s, 6) : 0;
        c.failing_since = stmt_col_time(s, 7);
        c.error = stmt_col_str(s, 8, a);
        c.last_ok = stmt_col_time(s, 9);
        c.deaths = stmt_col_int(s, 10);
    }
    *ret = c;
    return rc < 0 ? -1 : 0;
}

int
store_load_cursors(struct store *st, struct arena *a, struct store_cursor_place **ret,
                   size_t *ret_n, struct diag *d)
{
    VEC(struct store_cursor_place) list = {0};
    struct stmt *s = stmt_get(st, "cursor_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) = (struct store_cursor_place){.target = stmt_col_str(s, 0, a),
                                                          .seq = stmt_col_int(s, 1),
                                                          .told_seq = stmt_col_int(s, 2),
                                                          .is_owned = stmt_col_str(s, 3, a).len > 0,
                                                          .is_live = stmt_col_int(s, 4) != 0};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_find_told(struct store *st, struct str target, struct arena *a, struct str *ret_rec,
                struct diag *d)
{
    struct stmt *s = stmt_get(st, "cursor_told", d);
    if (!s)
        return -1;
    stmt_str(s, target);
    enum stmt_answer rc = stmt_first(s, d);
    *ret_rec = rc == STMT_ROW ? stmt_col_str(s, 1, a) : STR("");
    return rc < 0 ? -1 : 0;
}

int
store_take_cursor(struct store *st, struct str target, struct str owner, struct str dead,
                  int lease_s, uint64_t *ret_fence, struct diag *d)
{
    uint64_t fence = env_random_id();
    assert(!st->in_transaction && owner.len);
    struct stmt *s = stmt_get(st, "cursor_start", d); /* a row, when there is none */
    if (!s)
        return -1;
    stmt_str(s, target);
    if (stmt_run(s, d) != 0 || !(s = stmt_get(st, "cursor_take", d)))
        return -1;
    stmt_uint(s, fence);
    stmt_str(s, utf8_fit(d->arena, owner, MAX_OWNER));
    stmt_int(s, lease_s);
    stmt_str(s, target);
    stmt_str(s, dead);
    if (stmt_run(s, d) != 0)
        return -1;
    *ret_fence = stmt_affected(s) == 1 ? fence : 0;
    return 0;
}

/* Gives the last two parameters of a statement that only the holder of a cursor may run, and runs it.
 * It changes no row when another has taken the cursor over. */
static int
run_fenced(struct stmt *s, struct str target, uint64_t fence, struct diag *d)
{
    stmt_str(s, target);
    stmt_uint(s, fence);
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1
               ? 0
               : diag_fail(d, DIAG_BUSY, "another exporter took over %.*s", STR_ARG(target));
}

int
store_move_cursor(struct store *st, const struct store_cursor *c, uint64_t fence, bool arrived,
                  int lease_s, struct diag *d)
{
    struct stmt *s = stmt_get(st, "cursor_move", d);
    assert(fence != 0);
    if (!s)
        return -1;
    for (int i = 0; i < 2; i++) { /* whether it moves at all, and where to */
        stmt_int(s, c->seq);
        stmt_str(s, c->piece);
    }
    stmt_int(s, c->told_seq);
    stmt_time(s, arrived ? env_wall_us() / 1000000 : CLOCK_NONE);
    stmt_int(s, lease_s);
    return run_fenced(s, c->target, fence, d);
}

void
store_tell_cursor(struct store *st, struct str target)
{
    const struct fact_item item = {.kind = FACT_CURSOR, .name = target, .is_new = true};
    facts_touch(st, &item);
}

int
store_keep_cursor(struct store *st, struct str target, uint64_t fence, int lease_s, struct diag *d)
{
    struct stmt *s = stmt_get(st, "cursor_keep", d);
    if (!s)
        return -1;
    stmt_int(s, lease_s);
    return run_fenced(s, target, fence, d);
}

int
store_fail_cursor(struct store *st, const struct store_cursor *c, uint64_t fence, int64_t wait_s,
                  int lease_s, struct diag *d)
{
    struct stmt *s = stmt_get(st, "cursor_fail", d);
    assert(fence != 0 && wait_s >= 0);
    if (!s)
        return -1;
    stmt_int(s, c->attempts);
    stmt_int(s, c->deaths);
    stmt_int(s, wait_s);
    stmt_str(s, utf8_fit(d->arena, c->error, MAX_ERROR));
    stmt_int(s, lease_s);
    return run_fenced(s, c->target, fence, d);
}

int
store_recover_cursor(struct store *st, struct str target, uint64_t fence, bool is_over, int lease_s,
                     struct diag *d)
{
    struct stmt *s = stmt_get(st, is_over ? "cursor_recover" : "cursor_again", d);
    if (!s)
        return -1;
    stmt_int(s, lease_s);
    return run_fenced(s, target, fence, d);
}

int
store_release_cursor(struct store *st, struct str target, uint64_t fence, struct diag *d)
{
    struct stmt *s = stmt_get(st, "cursor_release", d);
    return s ? run_fenced(s, target, fence, d) : -1;
}

/* ---- dead letters ---- */

static uint64_t
letter_id(const struct store_letter *l, struct arena *a)
{
    struct str seq = arena_fmt(a, "%lld", (long long)l->seq);
    return ids_of((const struct str[]){STR("letter"), l->target, seq, l->piece}, 4);
}

int
store_put_letter(struct store *st, const struct store_letter *l, struct diag *d)
{
    struct stmt *s = stmt_get(st, "letter_put", d);
    assert(st->in_transaction);
    if (!s)
        return -1;
    stmt_uint(s, letter_id(l, d->arena));
    stmt_str(s, l->target);
    stmt_int(s, l->seq);
    stmt_str(s, l->piece);
    stmt_str(s, l->state);
    stmt_str(s, utf8_fit(d->arena, l->reason, MAX_REASON));
    stmt_int(s, l->size);
    stmt_time(s, l->made);
    return stmt_run(s, d);
}

int
store_load_letters(struct store *st, struct arena *a, struct store_letter **ret, size_t *ret_n,
                   struct diag *d)
{
    VEC(struct store_letter) list = {0};
    struct stmt *s = stmt_get(st, "letter_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) = (struct store_letter){.target = stmt_col_str(s, 0, a),
                                                    .seq = stmt_col_int(s, 1),
                                                    .piece = stmt_col_str(s, 2, a),
                                                    .state = stmt_col_str(s, 3, a),
                                                    .reason = stmt_col_str(s, 4, a),
                                                    .size = stmt_col_int(s, 5),
                                                    .made = stmt_col_time(s, 6)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_delete_letter(struct store *st, const struct store_letter *l, struct diag *d)
{
    struct stmt *s = stmt_get(st, "letter_delete", d);
    assert(st->in_transaction);
    if (!s)
        return -1;
    stmt_uint(s, letter_id(l, d->arena));
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1 ? 0
                                 : diag_fail(d, DIAG_BUSY, "somebody else took care of record %lld",
                                             (long long)l->seq);
}
