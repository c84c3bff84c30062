/* Scans of old days out of the database, or their details. Called by job/prune.c, once an act. */
#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "store/fact_rows.h"
#include "store/lock.h"
#include "store/prune_rule.h"
#include "store/session.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

void
prune_count_add(struct prune_count *sum, const struct prune_count *v)
{
    sum->n += v->n;
    sum->n_more += v->n_more;
    sum->n_bytes += v->n_bytes;
    if (v->oldest != CLOCK_NONE && (sum->oldest == CLOCK_NONE || v->oldest < sum->oldest))
        sum->oldest = v->oldest;
    if (v->newest != CLOCK_NONE && (sum->newest == CLOCK_NONE || v->newest > sum->newest))
        sum->newest = v->newest;
    for (int i = 0; i < PRUNE_WHY__COUNT; i++)
        sum->kept[i] += v->kept[i];
}

int
prune_list_lines(struct store *st, int64_t since, int64_t before, struct arena *a,
                 struct prune_line **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct prune_line) list = {0};
    struct stmt *s = stmt_get(st, "prune_lines", d);
    if (!s)
        return -1;
    stmt_time(s, before);
    stmt_time(s, since);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) = (struct prune_line){stmt_col_uint(s, 0), stmt_col_uint(s, 1)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

/* ---- one line ---- */

struct pruning {
    struct store *st;
    const struct prune_order *o;
    const struct prune_line *line;
    struct arena *a;
    VEC(struct prune_row) rows;
    struct prune_count *count;
};

static void
give_line(const struct pruning *p, struct stmt *s)
{
    stmt_uint(s, p->line->agent_id);
    stmt_uint(s, p->line->line_id);
}

static int
load_rows(struct pruning *p, struct diag *d)
{
    struct stmt *s = stmt_get(p->st, "prune_rows", d);
    if (!s)
        return -1;
    give_line(p, s);
    stmt_time(s, p->o->before);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(p->a, &p->rows) = (struct prune_row){.end = stmt_col_time(s, 0),
                                                       .received = stmt_col_time(s, 1),
                                                       .policy_id = stmt_col_uint(s, 2),
                                                       .has_results = stmt_col_int(s, 3) > 0,
                                                       .has_details = !stmt_col_is_null(s, 4),
                                                       .n_bytes = stmt_col_int(s, 5)};
    return rc;
}

/* What has no details has none to lose. */
static bool
is_at_stake(const struct pruning *p, const struct prune_row *r)
{
    return !p->o->strips || (r->has_details && r->end >= p->o->from);
}

/* Runs a statement on the scans of the line from one time to another. */
static int
run_between(struct pruning *p, const char *name, int64_t from, int64_t to, int64_t *ret_n,
            struct diag *d)
{
    struct stmt *s = stmt_get(p->st, name, d);
    if (!s)
        return -1;
    give_line(p, s);
    stmt_time(s, from);
    stmt_time(s, to);
    if (stmt_run(s, d) != 0)
        return -1;
    *ret_n = stmt_affected(s);
    return 0;
}

/* A run of rows that all go. Revisions are those of seconds that have a scan that counts: a second whose scans are all
 * revoked is an officer's decision and stays. */
static int
take_run(struct pruning *p, int64_t from, int64_t to, size_t n, struct diag *d)
{
    int64_t n_revisions, n_scans, n_late = 0;
    const char *revisions = p->o->strips ? "prune_strip_revisions" : "prune_drop_revisions",
               *scans = p->o->strips ? "prune_strip_scans" : "prune_drop_scans";
    if (run_between(p, revisions, from, to, &n_revisions, d) != 0 ||
        run_between(p, scans, from, to, &n_scans, d) != 0 ||
        (!p->o->strips && run_between(p, "prune_drop_late", from, to, &n_late, d) != 0))
        return -1;
    p->count->n_more += n_revisions;
    return n_scans == (int64_t)n
               ? 0
               : diag_fail(d, DIAG_RETRY, "scans of the line came or went meanwhile");
}

/* All runs of the first n rows. What has nothing to lose does not end one. */
static int
take_rows(struct pruning *p, size_t n, struct diag *d)
{
    const struct prune_row *first = NULL, *last = NULL;
    size_t n_gone = 0;
    for (size_t i = 0; i <= n; i++) {
        const struct prune_row *r = &p->rows.v[i];
        bool goes = i < n && r->why == PRUNE_GOES && is_at_stake(p, r);
        if (goes) {
            first = n_gone++ ? first : r;
            last = r;
        } else if (n_gone && (i == n || is_at_stake(p, r))) {
            if (take_run(p, first->end, last->end, n_gone, d) != 0)
                return -1;
            n_gone = 0;
        }
    }
    return 0;
}

/* How many of the rows an act takes: until it has enough. Counts those, and what keeps the others. */
static size_t
count_rows(struct pruning *p, int64_t room)
{
    size_t i = 0;
    struct prune_count *c = p->count;
    const struct prune_count before = *c;
    for (; i < p->rows.n && (p->o->is_dry || c->n < room); i++) {
        const struct prune_row *r = &p->rows.v[i];
        if (!is_at_stake(p, r))
            continue;
        if (r->why != PRUNE_GOES) {
            c->kept[r->why]++;
            continue;
        }
        struct prune_count one = {
            .n = 1, .n_bytes = r->n_bytes, .oldest = r->end, .newest = r->end};
        prune_count_add(c, &one);
    }
    if (i < p->rows.n) /* the line is looked at again: what keeps its rows is counted then */
        memcpy(c->kept, before.kept, sizeof c->kept);
    return i;
}

static int
touch_rows(struct pruning *p, size_t n, struct diag *d)
{
    for (size_t i = 0; i < n; i++) {
        const struct prune_row *r = &p->rows.v[i];
        const struct fact_item item = {.kind = FACT_SCAN,
                                       .id = p->line->agent_id,
                                       .line_id = p->line->line_id,
                                       .end = r->end};
        if (r->why == PRUNE_GOES && is_at_stake(p, r))
            facts_touch(p->st, &item);
    }
    return facts_look(p->st, d);
}

/* How many scans the line has now; drift that a newer change of the same check covers is not needed any more, unless
 * somebody may want a report of those days. */
static int
settle_line(struct pruning *p, int64_t n_gone, struct diag *d)
{
    bool is_held = false;
    for (size_t i = 0; i < p->rows.n; i++)
        is_held = is_held || p->rows.v[i].why == PRUNE_HELD || p->rows.v[i].why == PRUNE_EXPORTED;
    struct stmt *s = stmt_get(p->st, "current_count", d);
    if (!s)
        return -1;
    stmt_int(s, -n_gone);
    give_line(p, s);
    if (stmt_run(s, d) != 0)
        return -1;
    if (is_held)
        return 0;
    if (!(s = stmt_get(p->st, "prune_drop_changes", d)))
        return -1;
    stmt_time(s, p->o->before);
    give_line(p, s);
    stmt_time(s, p->o->before);
    return stmt_run(s, d);
}

/* *ret_all: the line needs no further look. */
static int
prune_line(struct pruning *p, bool *ret_all, struct diag *d)
{
    struct lock_state ignored;
    int64_t before = p->count->n;
    if (!p->o->is_dry &&
        lock_line(p->st, p->line->agent_id, p->line->line_id, &ignored, d) != 0)
        return -1;
    if (load_rows(p, d) != 0)
        return -1;
    prune_rule_judge(p->rows.v, p->rows.n, p->line->agent_id, p->o);
    size_t n = count_rows(p, PRUNE_PART);
    *ret_all = n == p->rows.n;
    if (p->o->is_dry || p->count->n == before)
        return 0;
    if (!p->o->strips)
        facts_keep_months(p->st);
    if (touch_rows(p, n, d) != 0 || take_rows(p, n, d) != 0)
        return -1;
    return p->o->strips ? 0 : settle_line(p, p->count->n - before, d);
}

int
prune_scans(struct store *st, const struct prune_order *o, const struct prune_line *lines, size_t n,
            struct prune_count *ret, size_t *ret_done, struct diag *d)
{
    assert(st->in_transaction != o->is_dry);
    *ret = (struct prune_count){.oldest = CLOCK_NONE, .newest = CLOCK_NONE};
    *ret_done = 0;
    while (*ret_done < n && (o->is_dry || ret->n < PRUNE_PART)) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct pruning p = {
            .st = st, .o = o, .line = &lines[*ret_done], .a = a, .count = ret};
        bool all;
        if (prune_line(&p, &all, d) != 0)
            return -1;
        if (!all)
            return 0;
        ++*ret_done;
    }
    return 0;
}
