/* Drift, and the newest of a line; behind scans.c, place.c and late.c. */
#include "store/derive.h"

#include <assert.h>

#include "store/bulk.h"
#include "store/stmt.h"

struct change_list {
    struct bulk bulk;
    const struct scan_place *at;
    int64_t changed_at;
};

static void
put_change(struct change_list *l, const struct hash16 *check, enum status was, enum status is,
           struct diag *d)
{
    assert(was < STATUS__COUNT && is < STATUS__COUNT);
    if (was == is)
        return;
    bulk_row(&l->bulk);
    bulk_uint(&l->bulk, l->at->agent_id);
    bulk_uint(&l->bulk, l->at->line_id);
    bulk_bytes(&l->bulk, check->b, sizeof check->b);
    bulk_time(&l->bulk, l->changed_at);
    bulk_int(&l->bulk, was);
    bulk_int(&l->bulk, is);
    bulk_row_end(&l->bulk, d);
}

/* Every check of the newer scan's policy, then those that only the older one has. */
static int
put_difference(struct store *st, const struct scan_place *at, const struct stored_scan *older,
               const struct stored_scan *newer, struct diag *d)
{
    struct change_list l = {bulk_begin(st, "bulk_result_change"), at, newer->end};
    const struct policy_version *p = newer->policy;
    assert(older->end < newer->end);
    for (size_t i = 0; i < p->n && !diag_failed(d); i++)
        put_change(&l, &p->checks[i], stored_status(older, &p->checks[i]),
                   stored_status_at(newer, i), d);
    for (size_t i = 0; older->policy != p && i < older->policy->n && !diag_failed(d); i++) {
        const struct hash16 *c = &older->policy->checks[i];
        if (map_get_index(p->pos, str_n((const char *)c->b, sizeof c->b)) < 0)
            put_change(&l, c, stored_status_at(older, i), STATUS_NONE, d);
    }
    return bulk_end(&l.bulk, d);
}

/* The drift at the later of two neighbours, in the place of what stands there. */
static int
rewrite_after(struct store *st, const struct scan_place *at, const struct stored_scan *before,
              const struct stored_scan *after, struct diag *d)
{
    struct scan_place next = {at->agent_id, at->line_id, after->end};
    if (stored_run_at(stmt_get(st, "change_delete", d), &next, d) != 0)
        return -1;
    return before->found && before->n_vec ? put_difference(st, at, before, after, d) : 0;
}

int
derive_changes(struct store *st, const struct scan_place *at, const struct stored_scan *before,
               const struct stored_scan *now, const struct stored_scan *after, struct diag *d)
{
    assert(now->found && now->end == at->end);
    assert(!after->found || after->end > at->end);
    if (before->found && before->n_vec && now->n_vec &&
        put_difference(st, at, before, now, d) != 0)
        return -1;
    return after->found && after->n_vec && now->n_vec ? rewrite_after(st, at, now, after, d) : 0;
}

int
derive_without(struct store *st, const struct scan_place *at, const struct stored_scan *before,
               const struct stored_scan *after, struct diag *d)
{
    assert(!after->found || after->end > at->end);
    if (stored_run_at(stmt_get(st, "change_delete", d), at, d) != 0)
        return -1;
    return after->found && after->n_vec ? rewrite_after(st, at, before, after, d) : 0;
}

int
derive_current(struct store *st, const struct scan_place *at, struct diag *d)
{
    struct stmt *q = stmt_get(st, "current_follow", d);
    if (!q)
        return -1;
    stmt_uint(q, at->agent_id);
    stmt_uint(q, at->line_id);
    return stmt_run(q, d);
}
