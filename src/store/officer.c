/* What a person sees of the scans that are stored, and what he decides about those of one second.
 * Called by intake/revise.c. */
#include <assert.h>

#include "store/lock.h"
#include "store/place.h"
#include "store/scan_row.h"

/* ---- the list ---- */

static void
read_listed(const struct stmt *s, struct store_listed *v, struct arena *a)
{
    enum { C_COUNTS = 14 };
    int64_t standing = stmt_col_int(s, 10);
    unsigned flags = (unsigned)stmt_col_int(s, 11);
    int64_t counts[STATUS__COUNT] = {0};
    *v = (struct store_listed){.agent = stmt_col_str(s, 0, a),
                               .policy = stmt_col_str(s, 1, a),
                               .title = stmt_col_str(s, 2, a),
                               .profile = stmt_col_str(s, 3, a),
                               .format = stmt_col_str(s, 4, a),
                               .agent_id = stmt_col_uint(s, 5),
                               .line_id = stmt_col_uint(s, 6),
                               .end = stmt_col_time(s, 7),
                               .received = stmt_col_time(s, 8),
                               .revision = (unsigned)stmt_col_int(s, 9),
                               .standing = standing >= 0 && standing < STANDING__COUNT
                                               ? (enum standing)standing
                                               : STANDING_SUPERSEDED,
                               .partial = flags & FLAG_PARTIAL,
                               .score_only = flags & FLAG_SCORE_ONLY,
                               .zone_assumed = flags & FLAG_ZONE,
                               .end_assumed = flags & FLAG_END,
                               .delta = flags & FLAG_DELTA,
                               .late = flags & FLAG_LATE,
                               .ahead = flags & FLAG_AHEAD,
                               .file = stmt_col_str(s, 13, a)};
    stmt_col_bytes(s, 12, v->sha256.b, SHA256_SIZE);
    scan_row_read_counts(s, C_COUNTS, counts);
    v->tally = tally_of(counts);
}

int
store_list_scans(struct store *st, const struct store_list_query *q, store_listed_fn *each,
                 void *ctx, struct diag *d)
{
    struct stmt *s = stmt_get(st, "revision_list", d);
    const struct str words[] = {q->agent, q->agent, q->policy, q->policy};
    assert(q->from <= q->to);
    if (!s)
        return -1;
    for (int i = 0; i < 2; i++) {
        stmt_time(s, q->from);
        stmt_time(s, q->to);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        stmt_str(s, words[i]);
    stmt_int(s, q->contested);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct store_listed v;
        struct arena *a = arena_new();
        read_listed(s, &v, a);
        int said = each(ctx, &v, d);
        arena_free(a);
        if (said != 0)
            return -1;
    }
    return rc;
}

/* ---- a decision ---- */

static int
load_locked(struct place *p, struct diag *d)
{
    struct lock_state line;
    struct stored_scan there;
    if (lock_line(p->st, p->at.agent_id, p->at.line_id, &line, d) != 0 ||
        stored_load(p->st, &p->at, STORED_BEFORE, p->a, &p->before, d) != 0 ||
        stored_load(p->st, &p->at, STORED_AT, p->a, &there, d) != 0 ||
        stored_load(p->st, &p->at, STORED_AFTER, p->a, &p->after, d) != 0)
        return -1;
    return place_load(p, &there, d);
}

/* Whoever accepts one declines the others, but what was revoked stays so. */
static void
accept(struct place *p, struct stored_scan *k)
{
    for (size_t i = 0; i < p->all.v.n; i++)
        if (p->all.v.v[i].standing != STANDING_REVOKED)
            p->all.v.v[i].standing = STANDING_DECLINED;
    k->standing = STANDING_ACCEPTED;
}

static int
decide(struct place *p, const struct store_decision *q, struct store_decided *ret, struct diag *d)
{
    size_t counts;
    if (load_locked(p, d) != 0)
        return -1;
    struct stored_scan *k = place_find(p, q->revision);
    if (!k)
        return diag_fail(d, DIAG_RETRY, "the scan is not there any more");
    enum standing wanted = q->accepts ? STANDING_ACCEPTED : STANDING_REVOKED;
    size_t n = p->all.v.n, was = p->was;
    *ret = (struct store_decided){.is_change = k->standing != wanted,
                                  .was = k->standing,
                                  .is = wanted,
                                  .counted = was < n ? p->all.v.v[was].revision : 0};
    ret->counts = ret->counted;
    if (!ret->is_change)
        return 0;
    if (q->accepts)
        accept(p, k);
    else
        k->standing = STANDING_REVOKED;
    if (place_settle(p, SIZE_MAX, &counts, d) != 0 || place_derive(p, counts, d) != 0)
        return -1;
    lock_moved(p->st, p->at.agent_id, p->at.line_id);
    ret->counts = counts < n ? p->all.v.v[counts].revision : 0;
    return 0;
}

int
store_decide_scan(struct store *st, const struct store_decision *q, struct store_decided *ret,
                  struct diag *d)
{
    assert(st->in_transaction && q->revision > 0);
    struct place p = {
        .st = st, .a = arena_new(), .at = {q->agent_id, q->line_id, q->end}};
    int rc = decide(&p, q, ret, d);
    arena_free(p.a);
    return rc;
}
