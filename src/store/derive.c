/* Drift; behind scans.c. */
#include "store/derive.h"

#include <assert.h>
#include <string.h>

#include "model/fleet.h"
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

/* Every check of the policy at one end, then those that only the other end has. */
static int
put_difference(struct store *st, const struct scan_place *at, int64_t changed_at,
               const struct stored_scan *k, const struct fold *f, bool is_older, struct diag *d)
{
    struct change_list l = {bulk_begin(st, "bulk_result_change"), at, changed_at};
    for (size_t i = 0; i < f->policy->n && !diag_failed(d); i++) {
        enum status theirs = stored_status(k, &f->policy->checks[i]), ours = f->checks[i].status;
        put_change(&l, &f->policy->checks[i], is_older ? theirs : ours, is_older ? ours : theirs,
                   d);
    }
    for (size_t i = 0; k->policy != f->policy && i < k->policy->n && !diag_failed(d); i++) {
        const struct hash16 *c = &k->policy->checks[i];
        if (map_get_index(f->policy->pos, str_n((const char *)c->b, sizeof c->b)) >= 0)
            continue;
        enum status theirs = stored_status(k, c);
        put_change(&l, c, is_older ? theirs : STATUS_NONE, is_older ? STATUS_NONE : theirs, d);
    }
    return bulk_end(&l.bulk, d);
}

int
derive_changes(struct store *st, const struct scan_place *at, const struct stored_scan *before,
               const struct fold *now, const struct stored_scan *after, struct diag *d)
{
    assert(!before->found || before->end < at->end);
    assert(!after->found || after->end > at->end);
    bool has_before = before->found && before->n_vec && now->n_vec;
    bool has_after = after->found && after->n_vec && now->n_vec;
    if (has_before && put_difference(st, at, at->end, before, now, true, d) != 0)
        return -1;
    if (!has_after)
        return 0;
    struct scan_place next = {at->agent_id, at->line_id, after->end};
    if (stored_run_at(stmt_get(st, "change_delete", d), &next, d) != 0)
        return -1;
    return put_difference(st, at, after->end, after, now, false, d);
}
