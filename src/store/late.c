/* Deltas that arrived before the scans they build on: merged again, one after the other along their
 * line. scans.c lists them in the transaction that makes it necessary, so that a kill forgets none;
 * intake/late.c calls for it after each batch. */
#include "store/late.h"

#include <assert.h>

#include "store/delta.h"
#include "store/fact_rows.h"
#include "store/lock.h"
#include "store/scan_row.h"
#include "store/stmt.h"

/* A delta of the list, its neighbours, and the whole scan that it becomes. */
struct late {
    struct store *st;
    struct arena *a;
    struct scan_place at;
    struct stored_scan before, there, after;
    struct scan delta, whole;
};

/* ---- the list ---- */

int
late_note(struct store *st, const struct scan_place *at, const struct stored_scan *after,
          struct diag *d)
{
    struct scan_place next = {at->agent_id, at->line_id, after->end};
    assert(st->in_transaction);
    assert(!after->found || after->end > at->end);
    if (!after->found || !after->has_said)
        return 0;
    st->has_late = true;
    return stored_run_at(stmt_get(st, "late_put", d), &next, d);
}

/* ---- one delta ---- */

/* Reads it and its neighbours, and merges it; whole.delta stays false when there is nothing to do. */
static int
merge_again(struct late *l, struct diag *d)
{
    struct stored_scan *const to[] = {&l->before, &l->there, &l->after};
    for (int i = 0; i < 3; i++)
        if (stored_load(l->st, &l->at, (enum stored_which)i, l->a, to[i], d) != 0)
            return -1;
    if (!l->before.found || !l->there.found || !l->there.has_said)
        return 0;
    if (delta_unmerge(l->st, &l->there, l->a, &l->delta, d) != 0)
        return -1;
    l->delta.policy.version = l->before.policy->version; /* as if it had come in time */
    return delta_merge_into(l->st, &l->before, &l->delta, l->a, &l->whole, d);
}

/* Writes the columns that say what state the scan is in. */
static int
update_scan(struct late *l, const struct fold *f, struct diag *d)
{
    struct str said = stored_carry_said(&l->there, f->policy, STR(""), l->a);
    unsigned partial = l->whole.partial ? FLAG_PARTIAL : 0u;
    int64_t score = scan_row_score(&l->whole);
    struct stmt *q = stmt_get(l->st, "scan_merge", d);
    if (!q)
        return -1;
    stmt_uint(q, f->policy->policy_id);
    for (size_t i = 0; i < SCAN_ROW_COUNTS; i++)
        stmt_int(q, l->whole.counts[scan_row_statuses[i]]);
    if (score < 0)
        stmt_null(q);
    else
        stmt_int(q, score);
    stmt_int(q, (l->there.flags & ~(unsigned)FLAG_PARTIAL) | partial);
    stmt_bytes(q, f->content.b, SHA256_SIZE);
    if (f->details.records.len)
        stmt_bytes(q, f->details.hash.b, sizeof f->details.hash.b);
    else
        stmt_null(q);
    stmt_int(q, (int64_t)f->n_vec);
    stmt_bytes(q, f->vec, (f->n_vec + 1) / 2);
    stmt_bytes(q, said.s, said.len);
    return stored_run_at(q, &l->at, d);
}

static int
rewrite_scan(struct late *l, struct diag *d)
{
    struct fold f;
    const struct policy_match *m = policy_of(l->st, &l->whole, d);
    if (!m)
        return -1;
    fold_scan(&l->whole, m, l->a, &f);
    struct stored_scan now = stored_of(&f, l->at.end);
    if (scan_row_put_details(l->st, &f, d) != 0 || update_scan(l, &f, d) != 0 ||
        stored_run_at(stmt_get(l->st, "change_delete", d), &l->at, d) != 0 ||
        derive_changes(l->st, &l->at, &l->before, &now, &l->after, d) != 0 ||
        derive_current(l->st, &l->at, d) != 0)
        return -1;
    return late_note(l->st, &l->at, &l->after, d);
}

int
store_merge_late(struct store *st, const struct store_late *late, bool *ret_changed,
                 struct diag *d)
{
    struct lock_state line;
    struct late l = {.st = st, .a = arena_new(), .at = {late->agent_id, late->line_id, late->end}};
    assert(st->in_transaction);
    int rc = 0;
    if (fact_rows_touch_scan(st, &l.at, false, d) != 0 ||
        lock_line(st, l.at.agent_id, l.at.line_id, &line, d) != 0 || merge_again(&l, d) != 0 ||
        (l.whole.delta && rewrite_scan(&l, d) != 0) ||
        stored_run_at(stmt_get(st, "late_delete", d), &l.at, d) != 0)
        rc = -1;
    *ret_changed = l.whole.delta;
    arena_free(l.a);
    return rc;
}

/* The policy version it will have is made outside the transaction, as for every scan. */
static int
prepare_late(struct store *st, const struct store_late *late, struct diag *d)
{
    struct late l = {.st = st, .a = arena_new(), .at = {late->agent_id, late->line_id, late->end}};
    bool ok = merge_again(&l, d) == 0 && (!l.whole.delta || policy_put(st, &l.whole, d));
    arena_free(l.a);
    return ok ? 0 : -1;
}

int
store_next_late(struct store *st, struct arena *a, struct store_late *ret, struct diag *d)
{
    assert(!st->in_transaction);
    *ret = (struct store_late){.agent = STR("")};
    if (!st->has_late)
        return 0;
    struct stmt *q = stmt_get(st, "late_next", d);
    enum stmt_answer next = q ? stmt_first(q, d) : STMT_FAILED;
    st->has_late = next != STMT_END;
    if (next != STMT_ROW)
        return next;
    *ret = (struct store_late){.agent_id = stmt_col_uint(q, 0),
                               .line_id = stmt_col_uint(q, 1),
                               .end = stmt_col_time(q, 2),
                               .agent = stmt_col_str(q, 3, a)};
    return prepare_late(st, ret, d);
}
