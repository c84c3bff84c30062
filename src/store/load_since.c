/* Since when the failed checks of a scan fail: what changed between the scans of its line, and its first
 * scan where nothing changed. Called by load.c behind load_evidence.c, for reports that list checks. */
#include <assert.h>

#include "store/load.h"
#include "store/policy.h"

/* The first scan of a line with results, CLOCK_NONE = there is none. */
static int
first_of_line(struct loading *l, const struct load_pending *p, int64_t *ret)
{
    struct stmt *s = stmt_get(l->st, "line_first", l->d);
    if (!s)
        return -1;
    stmt_uint(s, p->agent_id);
    stmt_uint(s, p->line_id);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    *ret = CLOCK_NONE;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW)
        if (!stmt_col_is_null(s, 0))
            *ret = stmt_col_time(s, 0);
    return rc;
}

static bool
is_failed(int64_t status)
{
    return status > 0 && status < STATUS__COUNT &&
           status_class((enum status)status) == CLASS_FAILED;
}

/* Changes of one check come in their order: a failure begins where it was none before, and ends where
 * it is none any more. One that came with its check began with it. */
static int
read_changes(struct loading *l, const struct load_pending *p, const struct policy_version *v,
             struct fleet_scan *scan)
{
    struct stmt *s = stmt_get(l->st, "line_changes", l->d);
    if (!s)
        return -1;
    stmt_uint(s, p->agent_id);
    stmt_uint(s, p->line_id);
    stmt_time(s, p->end);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct hash16 name;
        stmt_col_bytes(s, 0, name.b, sizeof name.b);
        long pos = map_get_index(v->pos, str_n((const char *)name.b, sizeof name.b));
        if (pos < 0 || (size_t)pos >= scan->n_vec)
            continue;
        if (is_failed(stmt_col_int(s, 3)) && !is_failed(stmt_col_int(s, 2)))
            scan->details[pos].since = stmt_col_time(s, 1);
    }
    return rc;
}

static int
read_since(struct loading *l, const struct load_pending *p)
{
    struct fleet_scan *scan = &l->f->scans.v[p->scan];
    int64_t first;
    assert(scan->details);
    if (!scan->n_vec)
        return 0;
    const struct policy_version *v = policy_load(l->st, l->ids.v[scan->policy], l->d);
    if (!v)
        return diag_failed(l->d) ? -1 : 0;
    if (first_of_line(l, p, &first) != 0)
        return -1;
    for (size_t k = 0; k < scan->n_vec; k++)
        scan->details[k].since = first;
    if (read_changes(l, p, v, scan) != 0)
        return -1;
    for (size_t k = 0; k < scan->n_vec; k++) /* nobody asks since when a check passes */
        if (status_class(fleet_status(scan, k)) != CLASS_FAILED)
            scan->details[k].since = CLOCK_NONE;
    return 0;
}

int
load_since(struct loading *l, const load_pending_list *pending)
{
    for (size_t i = 0; i < pending->n; i++)
        if (read_since(l, &pending->v[i]) != 0)
            return -1;
    return 0;
}
