/* The scans of one second: read, and put where the rule wants them. Called by scans.c, when one
 * arrives, and by officer.c, when somebody decides. */
#include "store/place.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/derive.h"
#include "store/fact_rows.h"
#include "store/late.h"
#include "store/lock.h"
#include "store/revision.h"

/* ---- reading ---- */

static int
by_number(const void *a, const void *b)
{
    const struct stored_scan *p = a, *q = b;
    return p->revision < q->revision ? -1 : p->revision > q->revision;
}

int
place_load(struct place *p, const struct stored_scan *there, struct diag *d)
{
    if (fact_rows_touch_scan(p->st, &p->at, false, d) != 0)
        return -1;
    if (there->found)
        *VEC_PUSH(p->a, &p->all.v) = *there;
    if (stored_load_others(p->st, &p->at, p->a, &p->all, d) != 0)
        return -1;
    if (p->all.v.n)
        qsort(p->all.v.v, p->all.v.n, sizeof *p->all.v.v, by_number);
    p->was = p->all.v.n;
    for (size_t i = 0; i < p->all.v.n; i++) {
        *VEC_PUSH(p->a, &p->were) = p->all.v.v[i].standing;
        if (there->found && p->all.v.v[i].revision == there->revision)
            p->was = i;
    }
    return 0;
}

struct stored_scan *
place_find(const struct place *p, unsigned revision)
{
    for (size_t i = 0; i < p->all.v.n; i++)
        if (p->all.v.v[i].revision == revision)
            return &p->all.v.v[i];
    return NULL;
}

size_t
place_add(struct place *p, const struct stored_scan *k)
{
    size_t n = p->all.v.n;
    struct stored_scan *new = VEC_PUSH(p->a, &p->all.v);
    *new = *k;
    new->revision = n ? p->all.v.v[n - 1].revision + 1 : 1;
    new->standing = STANDING_SUPERSEDED;
    *VEC_PUSH(p->a, &p->were) = STANDING_SUPERSEDED;
    if (p->was == n) /* none counts: that is written as one behind the last */
        p->was++;
    return n;
}

/* ---- moving ---- */

/* Runs a statement on one revision, behind a standing when it takes one. */
static int
run_on(struct place *p, const char *name, const struct stored_scan *k, bool says_standing,
       struct diag *d)
{
    struct stmt *q = stmt_get(p->st, name, d);
    if (!q)
        return -1;
    if (says_standing)
        stmt_int(q, k->standing);
    stmt_uint(q, p->at.agent_id);
    stmt_uint(q, p->at.line_id);
    stmt_time(q, p->at.end);
    stmt_uint(q, k->revision);
    return stmt_run(q, d);
}

/* The scan that counted goes to those that do not. */
static int
shelve(struct place *p, struct diag *d)
{
    return stored_run_at(stmt_get(p->st, "revision_shelve", d), &p->at, d) == 0
               ? stored_run_at(stmt_get(p->st, "scan_delete", d), &p->at, d)
               : -1;
}

static int
write_standing(struct place *p, const struct stored_scan *k, struct diag *d)
{
    struct stmt *q;
    if (!standing_counts(k->standing))
        return run_on(p, "revision_stand", k, true, d);
    q = stmt_get(p->st, "scan_stand", d);
    if (q)
        stmt_int(q, k->standing);
    return stored_run_at(q, &p->at, d);
}

/* What a delta was merged into may have changed while it did not count. */
static int
restore(struct place *p, const struct stored_scan *k, struct diag *d)
{
    if (run_on(p, "revision_restore", k, false, d) != 0 ||
        run_on(p, "revision_delete", k, false, d) != 0)
        return -1;
    if (!k->has_said)
        return 0;
    p->st->has_late = true;
    return stored_run_at(stmt_get(p->st, "late_put", d), &p->at, d);
}

int
place_settle(struct place *p, size_t arrived, size_t *ret, struct diag *d)
{
    struct stored_scan *v = p->all.v.v;
    size_t n = p->all.v.n, counts = revision_settle(v, n);
    if (counts != p->was) {
        if (p->was < n && shelve(p, d) != 0)
            return -1;
        if (counts < n && counts != arrived && restore(p, &v[counts], d) != 0)
            return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (i != arrived && v[i].standing != p->were.v[i] && write_standing(p, &v[i], d) != 0)
            return -1;
    *ret = counts;
    return 0;
}

/* ---- what derives from it ---- */

/* The newest scan of the line, and how many there are. */
static int
settle_current(struct place *p, int became_empty, struct diag *d)
{
    struct stmt *q = stmt_get(p->st, "current_newest", d);
    if (!q)
        return -1;
    for (int i = 0; i < 2; i++) {
        stmt_uint(q, p->at.agent_id);
        stmt_uint(q, p->at.line_id);
    }
    enum stmt_answer rc = stmt_first(q, d);
    if (rc < 0)
        return -1;
    int64_t end = rc == STMT_ROW ? stmt_col_time(q, 0) : NO_SCAN_YET;
    int64_t n_scans = rc == STMT_ROW ? stmt_col_int(q, 1) : 0;
    q = stmt_get(p->st, "current_settle", d);
    if (!q)
        return -1;
    stmt_time(q, end);
    stmt_int(q, n_scans);
    stmt_int(q, became_empty > 0);
    stmt_int(q, became_empty < 0);
    stmt_uint(q, p->at.agent_id);
    stmt_uint(q, p->at.line_id);
    return stmt_run(q, d) == 0 ? derive_current(p->st, &p->at, d) : -1;
}

int
place_derive(struct place *p, size_t counts, struct diag *d)
{
    static const struct stored_scan none = {0};
    size_t n = p->all.v.n;
    const struct stored_scan *now = counts < n ? &p->all.v.v[counts] : &none;
    if (counts == p->was)
        return 0;
    if (derive_without(p->st, &p->at, &p->before, &p->after, d) != 0 ||
        (now->found && derive_changes(p->st, &p->at, &p->before, now, &p->after, d) != 0))
        return -1;
    if (late_note(p->st, &p->at, &p->after, d) != 0)
        return -1;
    return settle_current(p, (counts == n) - (p->was == n), d);
}
