/* Deltas -> whole scans, and back. Called by prepare.c, scans.c and late.c; what it builds on comes
 * from stored.c. */
#include "store/delta.h"

#include <assert.h>
#include <string.h>

#include "model/fleet.h"
#include "store/detail_base.h"
#include "store/fold.h"
#include "store/rules.h"
#include "store/scan_row.h"
#include "store/stmt.h"

int
delta_name(struct store *st, struct scan *s, struct arena *a, struct diag *d)
{
    struct stmt *q = stmt_get(st, "policy_by_title", d);
    if (!q)
        return -1;
    stmt_uint(q, ids_agent(s->asset.name));
    stmt_str(q, s->policy.id);
    stmt_str(q, s->policy.title);
    enum stmt_answer rc = stmt_first(q, d);
    if (rc == STMT_ROW) {
        s->policy.id = stmt_col_str(q, 0, a);
        s->policy.version = stmt_col_str(q, 1, a);
        s->policy.profile = stmt_col_str(q, 2, a);
    }
    return rc < 0 ? -1 : 0;
}

/* Which results of a stored scan are wanted: of checks outside an index, or of those whose bit is set. */
struct wanted_results {
    const struct map *not_in;
    struct str bits;
};

static struct scan_result
stored_result(struct store *st, const struct detail_form *set, size_t pos, enum status status,
              struct arena *a, struct diag *d)
{
    static const struct detail_text nothing;
    const struct detail_text *t = detail_form_at(set, pos);
    assert(status > STATUS_NONE && status < STATUS__COUNT);
    if (!t)
        t = &nothing;
    struct str evidence = detail_evidence(st, t, a, d);
    return (struct scan_result){.check = pos,
                                .status = status,
                                .native = t->native.len ? t->native : str_c(status_word(status)),
                                .severity = t->severity,
                                .evidence = evidence,
                                .waiver = t->waiver.len ? t->waiver : STR(""),
                                .time = CLOCK_NONE};
}

/* Gives s, which has the checks of k's policy version, the wanted results of k. */
static int
add_stored_results(struct store *st, const struct stored_scan *k, const struct wanted_results *w,
                   struct scan *s, struct arena *a, struct diag *d)
{
    struct detail_form set = {0};
    if (k->has_details && (detail_set_load(st, &k->details, a, &set, d) != 0 ||
                           rules_details_of(&set, k->n_vec, d) != 0))
        return -1;
    struct fleet_scan view = {.vec = (const unsigned char *)k->vec.s, .n_vec = k->n_vec};
    for (size_t i = 0; i < s->checks.n; i++) {
        enum status status = fleet_status(&view, i);
        if (status == STATUS_NONE)
            continue;
        if (w->not_in ? map_get_index(w->not_in, s->checks.v[i].id) < 0 : fold_has_said(w->bits, i))
            scan_add_result(a, s, stored_result(st, &set, i, status, a, d));
    }
    return diag_failed(d) ? -1 : 0;
}

static void
add_delta_results(const struct scan *delta, struct scan *s, struct arena *a)
{
    struct map *at = map_new(a); /* position in s->checks by id */
    for (size_t i = 0; i < s->checks.n; i++)
        map_put_index(at, s->checks.v[i].id, i);
    for (size_t i = 0; i < delta->results.n; i++) {
        struct scan_result r = delta->results.v[i];
        const struct scan_check *c = &delta->checks.v[r.check];
        long pos = map_get_index(at, c->id);
        if (pos < 0) {
            pos = (long)s->checks.n;
            *VEC_PUSH(a, &s->checks) = *c;
            map_put_index(at, c->id, (size_t)pos);
        }
        r.check = (size_t)pos;
        scan_add_result(a, s, r);
    }
}

static int
load_checks(struct store *st, const struct stored_scan *k, struct scan *s, struct arena *a,
            struct diag *d)
{
    if (policy_load_checks(st, k->policy_id, true, a, &s->checks.v, &s->checks.n, d) != 0)
        return -1;
    s->checks.cap = s->checks.n;
    return s->checks.n == k->policy->n
               ? 0
               : diag_fail(d, DIAG_INTERNAL, "a policy has %zu of %zu texts", s->checks.n,
                           k->policy->n);
}

int
delta_merge_into(struct store *st, const struct stored_scan *k, const struct scan *delta,
                 struct arena *a, struct scan *ret, struct diag *d)
{
    struct scan s = *delta; /* without its checks and results */
    memset(&s.checks, 0, sizeof s.checks);
    memset(&s.results, 0, sizeof s.results);
    memset(&s.native_counts, 0, sizeof s.native_counts);
    memset(s.counts, 0, sizeof s.counts);
    s.has_catalogue = false; /* the delta's is of its own checks only */

    struct map *changed = map_new(a); /* ids of the checks that the delta has results of */
    for (size_t i = 0; i < delta->results.n; i++)
        map_put_index(changed, delta->checks.v[delta->results.v[i].check].id, i);
    struct wanted_results rest = {.not_in = changed};
    if (load_checks(st, k, &s, a, d) != 0 || add_stored_results(st, k, &rest, &s, a, d) != 0)
        return -1;
    add_delta_results(delta, &s, a);
    assert(s.checks.n >= k->policy->n);
    s.bare = s.checks.n == k->policy->n; /* nothing new: the version that is there will do */
    s.partial = (k->flags & FLAG_PARTIAL) != 0;
    *ret = s;
    return 0;
}

int
delta_merge(struct store *st, const struct scan *delta, struct arena *a, struct scan *ret,
            struct diag *d)
{
    struct stored_scan k;
    struct scan named = *delta;
    if (delta_name(st, &named, a, d) != 0)
        return -1;
    struct scan_place behind = {ids_agent(named.asset.name), ids_line(&named.policy),
                                named.end + 1};
    if (stored_load(st, &behind, STORED_BEFORE, a, &k, d) != 0)
        return -1;
    if (k.found)
        return delta_merge_into(st, &k, &named, a, ret, d);
    *ret = named;
    ret->partial = true;
    return 0;
}

int
delta_complete(struct store *st, const struct scan *part, struct arena *a, struct scan *ret,
               bool *ret_is_sum, struct diag *d)
{
    struct stored_scan k;
    struct scan_place at = {ids_agent(part->asset.name), ids_line(&part->policy), part->end};
    *ret_is_sum = false;
    if (!part->partial || part->delta || part->score_only)
        return 0;
    if (stored_load(st, &at, STORED_AT, a, &k, d) != 0)
        return -1;
    if (!k.found || !k.n_vec || !(k.flags & FLAG_PARTIAL))
        return 0;
    *ret_is_sum = true;
    return delta_merge_into(st, &k, part, a, ret, d);
}

int
delta_unmerge(struct store *st, const struct stored_scan *k, struct arena *a, struct scan *ret,
              struct diag *d)
{
    struct scan s = {.policy = {.id = k->policy->id,
                                .version = k->policy->version,
                                .title = k->policy->title,
                                .profile = STR("")},
                     .delta = true,
                     .start = CLOCK_NONE,
                     .end = k->end};
    struct wanted_results own = {.bits = k->said};
    s.format = s.engine = s.asset.name = s.asset.alias = s.asset.os = s.asset.group = STR("");
    if (load_checks(st, k, &s, a, d) != 0 || add_stored_results(st, k, &own, &s, a, d) != 0)
        return -1;
    *ret = s;
    return 0;
}
