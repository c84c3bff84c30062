/* One scan into the database: what it needs (store_prepare), then itself and all that derives from
 * it (store_put_scan). agent_current is locked and written by every transaction of a line, which is
 * what puts concurrent writers in order, on Galera too. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "store/bulk.h"
#include "store/derive.h"
#include "store/inner.h"
#include "store/stmt.h"

/* A scan on its way: ids, folded results, neighbours. */
struct landing {
    struct store *st;
    const struct scan_file *file;
    struct scan scan; /* whole: a delta is merged */
    struct derive_place at;
    struct store_policy *policy;
    struct fold fold;
    struct known before, there, after;
    int64_t current_end; /* of agent_current, CLOCK_NONE = none yet */
};

/* ---- what must be there first ---- */

static int
put_evidence(struct store *st, const struct scan *s, struct diag *d)
{
    struct fold f;
    struct store_policy *p = store_policy_of(st, s, d);
    if (!p)
        return -1;
    fold_scan(s, p, d->arena, &f);
    struct bulk b = bulk_begin(st, "bulk_evidence");
    for (size_t i = 0; i < p->n && !diag_failed(d); i++) {
        if (!f.checks[i].has_evidence)
            continue;
        bulk_row(&b);
        bulk_bytes(&b, f.checks[i].evidence_hash.b, 16);
        bulk_str(&b, f.checks[i].evidence);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_group(struct store *st, struct str name, struct diag *d)
{
    struct stmt *s = stmt_get(st, "group_insert", d);
    if (!s)
        return -1;
    stmt_uint(s, store_group_id(name));
    stmt_str(s, name);
    return stmt_run(s, d);
}

static struct str
group_of(const struct scan *s)
{
    return utf8_cut(s->asset.group, 191);
}

static int
put_agent(struct store *st, const struct scan *s, struct diag *d)
{
    struct stmt *q = stmt_get(st, "agent_insert", d);
    if (!q)
        return -1;
    stmt_uint(q, store_agent_id(s->asset.name));
    stmt_str(q, s->asset.name);
    stmt_str(q, utf8_cut(s->asset.alias, 255));
    stmt_uint(q, store_group_id(group_of(s)));
    stmt_time(q, s->end);
    stmt_time(q, s->end);
    if (stmt_run(q, d) != 0)
        return -1;
    q = stmt_get(st, "current_insert", d);
    if (!q)
        return -1;
    stmt_uint(q, store_agent_id(s->asset.name));
    stmt_uint(q, store_line_id(&s->policy));
    return stmt_run(q, d);
}

static int
whole_scan(struct store *st, const struct scan *s, struct scan *ret, struct diag *d)
{
    if (s->delta)
        return known_merge(st, s, d->arena, ret, d);
    *ret = *s;
    return 0;
}

int
store_prepare(struct store *st, const struct scan_file *f, struct diag *d)
{
    assert(!st->in_transaction);
    for (size_t i = 0; i < f->scans.n; i++) {
        struct scan s;
        if (whole_scan(st, &f->scans.v[i], &s, d) != 0 || store_put_policy(st, &s, d) != 0 ||
            put_evidence(st, &s, d) != 0 || put_group(st, group_of(&s), d) != 0 ||
            put_agent(st, &s, d) != 0)
            return -1;
    }
    return 0;
}

/* ---- the row ---- */

static int
lock_current(struct landing *l, struct diag *d)
{
    struct stmt *s = stmt_get(l->st, "current_lock", d);
    if (!s)
        return -1;
    stmt_uint(s, l->at.agent_id);
    stmt_uint(s, l->at.line_id);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    if (rc == 0)
        return diag_fail(d, DIAG_RETRY, "the line of %.*s was not prepared",
                         STR_ARG(l->scan.asset.name));
    l->current_end = rc == 1 && stmt_col_int(s, 1) ? stmt_col_time(s, 0) : CLOCK_NONE;
    return rc < 0 ? -1 : 0;
}

static unsigned
flags_of(const struct scan *s)
{
    return (s->partial ? FLAG_PARTIAL : 0u) | (s->score_only ? FLAG_SCORE_ONLY : 0u) |
           (s->zone_assumed ? FLAG_ZONE : 0u) | (s->end_assumed ? FLAG_END : 0u) |
           (s->delta ? FLAG_DELTA : 0u);
}

static void
give_counts(struct stmt *q, const struct scan *s)
{
    static const enum status order[] = {STATUS_PASS,          STATUS_FIXED,
                                        STATUS_FAIL,          STATUS_ERROR,
                                        STATUS_UNKNOWN,       STATUS_NOTCHECKED,
                                        STATUS_NOTAPPLICABLE, STATUS_INFORMATIONAL,
                                        STATUS_NOTSELECTED,   STATUS_WAIVED};
    double pct;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        stmt_int(q, s->counts[order[i]]);
    if (scan_score(s->counts, &pct))
        stmt_int(q, (int64_t)llround(pct * 100));
    else
        stmt_null(q);
    const struct scan_score *r = s->scores.n ? &s->scores.v[0] : NULL;
    stmt_double(q, r ? r->value : NAN);
}

static int
insert_scan(struct landing *l, struct diag *d)
{
    const struct scan *s = &l->scan;
    struct stmt *q = stmt_get(l->st, "scan_insert", d);
    if (!q)
        return -1;
    stmt_uint(q, l->at.agent_id);
    stmt_uint(q, l->at.line_id);
    stmt_time(q, l->at.end);
    stmt_uint(q, l->policy->policy_id);
    stmt_str(q, s->policy.profile);
    stmt_str(q, s->format);
    stmt_str(q, utf8_cut(s->engine, 255));
    stmt_time(q, s->start);
    stmt_time(q, env_wall_us() / 1000000);
    give_counts(q, s);
    stmt_int(q, flags_of(s));
    stmt_bytes(q, l->file->sha256.b, SHA256_SIZE);
    stmt_bytes(q, l->fold.content.b, SHA256_SIZE);
    if (l->fold.refs.len)
        stmt_bytes(q, l->fold.refs_hash.b, 16);
    else
        stmt_null(q);
    stmt_int(q, (int64_t)l->fold.n_vec);
    stmt_bytes(q, l->fold.vec, (l->fold.n_vec + 1) / 2);
    return stmt_run(q, d);
}

static int
put_refs(struct landing *l, struct diag *d)
{
    if (!l->fold.refs.len)
        return 0;
    struct stmt *q = stmt_get(l->st, "evidence_set_insert", d);
    if (!q)
        return -1;
    stmt_bytes(q, l->fold.refs_hash.b, 16);
    stmt_bytes(q, l->fold.refs.s, l->fold.refs.len);
    return stmt_run(q, d);
}

static int
delete_scan(struct landing *l, struct diag *d)
{
    static const char *const names[] = {"scan_delete", "change_delete"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stmt *q = stmt_get(l->st, names[i], d);
        if (!q)
            return -1;
        stmt_uint(q, l->at.agent_id);
        stmt_uint(q, l->at.line_id);
        stmt_time(q, l->at.end);
        if (stmt_run(q, d) != 0)
            return -1;
    }
    return 0;
}

/* ---- agent and current state ---- */

static int
touch_agent(struct landing *l, struct diag *d)
{
    const struct scan_asset *as = &l->scan.asset;
    struct str group = group_of(&l->scan);
    struct str address = as->addresses.n ? utf8_cut(as->addresses.v[0], 255) : STR("");
    struct stmt *q = stmt_get(l->st, "agent_touch", d);
    if (!q)
        return -1;
    const struct str values[] = {utf8_cut(as->alias, 255), utf8_cut(as->os, 255), address};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        stmt_str(q, values[i]);
        stmt_time(q, l->at.end);
        stmt_str(q, values[i]);
    }
    stmt_str(q, group);
    stmt_time(q, l->at.end);
    stmt_uint(q, store_group_id(group));
    stmt_time(q, l->at.end);
    stmt_time(q, l->at.end);
    stmt_uint(q, l->at.agent_id);
    return stmt_run(q, d);
}

static int
touch_current(struct landing *l, bool is_newest, bool is_new, struct diag *d)
{
    struct stmt *q = stmt_get(l->st, is_newest ? "current_move" : "current_count", d);
    if (!q)
        return -1;
    if (is_newest) {
        stmt_time(q, l->at.end);
        stmt_uint(q, l->policy->policy_id);
    }
    stmt_int(q, is_new);
    stmt_uint(q, l->at.agent_id);
    stmt_uint(q, l->at.line_id);
    return stmt_run(q, d);
}

/* ---- the verdict ---- */

/* The same moment twice: the same results are one scan; else the one that says more stays. */
static enum store_put
judge(const struct landing *l)
{
    const struct known *old = &l->there;
    if (!old->found)
        return STORE_NEW;
    if (memcmp(old->content.b, l->fold.content.b, SHA256_SIZE) == 0)
        return STORE_SAME;
    bool old_weak = old->flags & (FLAG_PARTIAL | FLAG_SCORE_ONLY);
    bool new_weak = l->scan.partial || l->scan.score_only;
    if (old_weak != new_weak)
        return old_weak ? STORE_NEW : STORE_CONFLICT;
    return (int64_t)l->scan.results.n > old->n_results ? STORE_NEW : STORE_CONFLICT;
}

static int
load_neighbours(struct landing *l, struct diag *d)
{
    struct known *const to[] = {&l->before, &l->there, &l->after};
    for (int i = KNOWN_BEFORE; i <= KNOWN_AFTER; i++)
        if (known_load(l->st, l->at.agent_id, l->at.line_id, (enum known_which)i, l->at.end,
                       d->arena, to[i], d) != 0)
            return -1;
    return 0;
}

static int
land(struct landing *l, struct diag *d)
{
    bool replaces = l->there.found;
    bool is_newest = l->current_end == CLOCK_NONE || l->at.end >= l->current_end;
    if ((replaces && delete_scan(l, d) != 0) || put_refs(l, d) != 0 || insert_scan(l, d) != 0 ||
        derive_changes(l->st, &l->at, &l->before, &l->fold, &l->after, d) != 0 ||
        touch_current(l, is_newest, !replaces, d) != 0 || touch_agent(l, d) != 0)
        return -1;
    return is_newest ? derive_findings(l->st, &l->at, &l->fold, d) : 0;
}

int
store_put_scan(struct store *st, const struct scan_file *f, const struct scan *s,
               enum store_put *ret, struct diag *d)
{
    assert(st->in_transaction && s->end != CLOCK_NONE);
    struct landing l = {.st = st, .file = f};
    if (whole_scan(st, s, &l.scan, d) != 0)
        return -1;
    l.at = (struct derive_place){.agent_id = store_agent_id(s->asset.name),
                                 .line_id = store_line_id(&l.scan.policy),
                                 .end = s->end};
    l.policy = store_policy_of(st, &l.scan, d);
    if (!l.policy || lock_current(&l, d) != 0)
        return -1;
    fold_scan(&l.scan, l.policy, d->arena, &l.fold);
    if (load_neighbours(&l, d) != 0)
        return -1;
    *ret = judge(&l);
    return *ret == STORE_NEW ? land(&l, d) : 0;
}
