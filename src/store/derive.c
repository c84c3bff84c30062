/* Drift and findings; behind scans.c. */
#include "store/derive.h"

#include <assert.h>
#include <string.h>

#include "model/fleet.h"
#include "store/bulk.h"
#include "store/held.h"
#include "store/stmt.h"

enum { MAX_NATIVE = 255 };

/* ---- drift ---- */

struct change_list {
    struct bulk bulk;
    const struct derive_place *at;
    int64_t changed_at;
};

static void
put_change(struct change_list *l, const struct hash16 *check, enum status was, enum status is,
           struct diag *d)
{
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

static enum status
fold_status(const struct fold *f, const struct hash16 *check)
{
    long pos = map_get_index(f->policy->pos, str_n((const char *)check->b, sizeof check->b));
    return pos < 0 ? STATUS_NONE : f->checks[pos].status;
}

/* Every check of the policy at one end, then those that only the other end has. */
static int
put_difference(struct store *st, const struct derive_place *at, int64_t changed_at,
               const struct known *k, const struct fold *f, bool known_is_older, struct diag *d)
{
    struct change_list l = {bulk_begin(st, "bulk_result_change"), at, changed_at};
    for (size_t i = 0; i < f->policy->n && !diag_failed(d); i++) {
        enum status theirs = known_status(k, &f->policy->checks[i]), ours = f->checks[i].status;
        put_change(&l, &f->policy->checks[i], known_is_older ? theirs : ours,
                   known_is_older ? ours : theirs, d);
    }
    for (size_t i = 0; k->policy != f->policy && i < k->policy->n && !diag_failed(d); i++) {
        const struct hash16 *c = &k->policy->checks[i];
        if (map_get_index(f->policy->pos, str_n((const char *)c->b, sizeof c->b)) >= 0)
            continue;
        enum status theirs = known_status(k, c), ours = fold_status(f, c);
        put_change(&l, c, known_is_older ? theirs : ours, known_is_older ? ours : theirs, d);
    }
    return bulk_end(&l.bulk, d);
}

static int
delete_changes(struct store *st, const struct derive_place *at, int64_t t, struct diag *d)
{
    struct stmt *s = stmt_get(st, "change_delete", d);
    if (!s)
        return -1;
    stmt_uint(s, at->agent_id);
    stmt_uint(s, at->line_id);
    stmt_time(s, t);
    return stmt_run(s, d);
}

int
derive_changes(struct store *st, const struct derive_place *at, const struct known *before,
               const struct fold *now, const struct known *after, struct diag *d)
{
    bool has_before = before->found && before->n_vec && now->n_vec;
    bool has_after = after->found && after->n_vec && now->n_vec;
    if (has_before && put_difference(st, at, at->end, before, now, true, d) != 0)
        return -1;
    if (!has_after)
        return 0;
    return delete_changes(st, at, after->end, d) == 0
               ? put_difference(st, at, after->end, after, now, false, d)
               : -1;
}

/* ---- findings ---- */

struct old_finding {
    struct hash16 check, text, evidence;
    enum status status;
    int severity;
    int64_t since, n;
    struct str waiver;
    bool has_evidence, kept;
};

static bool
is_finding(const struct fold_check *c)
{
    enum status_class k = status_class(c->status);
    if (c->status == STATUS_NOTAPPLICABLE)
        return c->evidence.len > 0;
    return c->status == STATUS_FIXED || k == CLASS_FAILED || k == CLASS_SKIPPED ||
           k == CLASS_WAIVED;
}

typedef VEC(struct old_finding) old_list;

static int
load_old(struct store *st, const struct derive_place *at, struct arena *a, old_list *ret,
         struct map *index, struct diag *d)
{
    struct stmt *s = stmt_get(st, "finding_load", d);
    if (!s)
        return -1;
    stmt_uint(s, at->agent_id);
    stmt_uint(s, at->line_id);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1) {
        struct old_finding *o = VEC_PUSH(a, ret);
        stmt_col_bytes(s, 0, o->check.b, 16);
        stmt_col_bytes(s, 1, o->text.b, 16);
        o->status = (enum status)stmt_col_int(s, 2);
        o->severity = (int)stmt_col_int(s, 3);
        o->n = stmt_col_int(s, 4);
        o->has_evidence = !stmt_col_is_null(s, 5);
        stmt_col_bytes(s, 5, o->evidence.b, 16);
        o->waiver = stmt_col_str(s, 6, a);
        o->since = stmt_col_time(s, 7);
    }
    for (size_t i = 0; i < ret->n; i++)
        map_put_index(index, str_n((const char *)ret->v[i].check.b, 16), i);
    return rc;
}

static bool
is_same(const struct old_finding *o, const struct fold_check *c, const struct hash16 *text)
{
    return o->status == c->status && o->severity == (int)c->severity && o->n == (int64_t)c->n &&
           o->has_evidence == c->has_evidence && str_eq(o->waiver, c->waiver) &&
           memcmp(o->text.b, text->b, 16) == 0 &&
           (!c->has_evidence || memcmp(o->evidence.b, c->evidence_hash.b, 16) == 0);
}

static int
put_finding(struct bulk *b, const struct derive_place *at, const struct fold *f, size_t pos,
            int64_t since, struct arena *a, struct diag *d)
{
    const struct fold_check *c = &f->checks[pos];
    bulk_row(b);
    bulk_uint(b, at->agent_id);
    bulk_uint(b, at->line_id);
    bulk_bytes(b, f->policy->checks[pos].b, 16);
    bulk_bytes(b, f->policy->texts[pos].b, 16);
    bulk_int(b, c->status);
    bulk_int(b, c->severity);
    bulk_str(b, store_fit(a, c->native, MAX_NATIVE));
    bulk_int(b, c->n);
    if (c->has_evidence)
        bulk_bytes(b, c->evidence_hash.b, 16);
    else
        bulk_null(b);
    bulk_str(b, c->waiver);
    bulk_time(b, since);
    return bulk_row_end(b, d);
}

static int
delete_gone(struct store *st, const struct derive_place *at, const old_list *old, struct diag *d)
{
    for (size_t i = 0; i < old->n; i++) {
        if (old->v[i].kept)
            continue;
        struct stmt *s = stmt_get(st, "finding_delete", d);
        if (!s)
            return -1;
        stmt_uint(s, at->agent_id);
        stmt_uint(s, at->line_id);
        stmt_bytes(s, old->v[i].check.b, 16);
        if (stmt_run(s, d) != 0)
            return -1;
    }
    return 0;
}

int
derive_findings(struct store *st, const struct derive_place *at, const struct fold *now,
                bool is_first, struct arena *a, struct diag *d)
{
    old_list old = {0};
    struct map *index = map_new(a);
    assert(now->n_vec > 0);
    if (!is_first && load_old(st, at, a, &old, index, d) != 0)
        return -1;
    struct bulk *b = &held_rows(st, at->agent_id, at->line_id)->findings;
    for (size_t i = 0; i < now->policy->n && !diag_failed(d); i++) {
        const struct fold_check *c = &now->checks[i];
        if (!is_finding(c))
            continue;
        long at_old = map_get_index(index, str_n((const char *)now->policy->checks[i].b, 16));
        struct old_finding *o = at_old >= 0 ? &old.v[at_old] : NULL;
        if (o)
            o->kept = true;
        if (!o || !is_same(o, c, &now->policy->texts[i]))
            put_finding(b, at, now, i, o && o->status == c->status ? o->since : at->end, a, d);
    }
    return diag_failed(d) ? -1 : delete_gone(st, at, &old, d);
}

int
derive_since(struct store *st, const struct derive_place *at, struct diag *d)
{
    struct stmt *s = held_send(st, d) == 0 ? stmt_get(st, "finding_since", d) : NULL;
    if (!s)
        return -1;
    for (int i = 0; i < 2; i++) {
        stmt_uint(s, at->agent_id);
        stmt_uint(s, at->line_id);
    }
    return stmt_run(s, d);
}
