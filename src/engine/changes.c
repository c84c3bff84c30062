/* Changes: after two picks. For every pair of policy versions that meets, the positions of equal
 * keys are matched once; the loop over results then reads arrays only. */
#include "engine/changes.h"

#include <assert.h>

#include "base/map.h"
#include "model/tally.h"

struct join {
    const struct fleet *now, *before;
    struct arena *arena;
    struct map *agents;  /* name -> agent of before */
    size_t ***positions; /* [policy now][policy before] -> position before of each position now */
    struct changes *sum;
};

/* The key of a check; the second, third … check of the same key get their number behind it. */
static struct str
unique_key(struct arena *a, struct map *seen, const struct scan_check *c)
{
    struct str key = c->key.len ? c->key : c->id;
    long n = map_get_index(seen, key);
    map_put_index(seen, key, (size_t)(n + 1));
    if (n < 0)
        return key;
    return arena_fmt(a, "%.*s\n%ld", STR_ARG(key), n + 1);
}

static size_t *
match_checks(const struct fleet_policy *now, const struct fleet_policy *before, struct arena *a)
{
    struct map *at = map_new(a), *seen = map_new(a), *seen_now = map_new(a);
    size_t *ret = ARENA_ARRAY(a, size_t, now->checks.n + 1);
    for (size_t i = 0; i < before->checks.n; i++)
        map_put_index(at, unique_key(a, seen, &before->checks.v[i]), i);
    for (size_t i = 0; i < now->checks.n; i++) {
        long k = map_get_index(at, unique_key(a, seen_now, &now->checks.v[i]));
        ret[i] = k < 0 ? FLEET_NONE : (size_t)k;
    }
    return ret;
}

static const size_t *
positions(struct join *j, size_t now, size_t before)
{
    assert(now < j->now->policies.n && before < j->before->policies.n);
    if (!j->positions[now])
        j->positions[now] = ARENA_ARRAY(j->arena, size_t *, j->before->policies.n + 1);
    size_t **p = &j->positions[now][before];
    if (!*p)
        *p = match_checks(&j->now->policies.v[now], &j->before->policies.v[before], j->arena);
    return *p;
}

static int64_t
count_failed(const struct fleet *f, const struct pick *p, size_t agent)
{
    assert(agent < f->agents.n && f == p->fleet);
    int64_t n = 0;
    for (size_t k = p->first[agent]; k < p->first[agent + 1]; k++) {
        const struct fleet_scan *s = &f->scans.v[p->scans[k]];
        for (size_t pos = 0; pos < f->policies.v[s->policy].checks.n; pos++)
            n += fleet_status(s, pos) == STATUS_FAIL;
    }
    return n;
}

/* Compares two scans of one agent and policy; returns the old failures it has met again. */
static int64_t
compare_scans(struct join *j, const struct fleet_scan *now, const struct fleet_scan *before)
{
    const size_t *at = positions(j, now->policy, before->policy);
    int64_t met = 0;
    for (size_t pos = 0; pos < j->now->policies.v[now->policy].checks.n; pos++) {
        enum status_class is = status_class(fleet_status(now, pos));
        enum status_class was =
            at[pos] == FLEET_NONE ? CLASS_NONE : status_class(fleet_status(before, at[pos]));
        j->sum->failed += is == CLASS_FAILED;
        j->sum->worse += is == CLASS_FAILED && was == CLASS_PASSED;
        j->sum->fixed += is == CLASS_PASSED && was == CLASS_FAILED;
        j->sum->appeared += is == CLASS_FAILED && was != CLASS_PASSED && was != CLASS_FAILED;
        met += was == CLASS_FAILED && (is == CLASS_FAILED || is == CLASS_PASSED);
    }
    return met;
}

/* A scan of a policy that was not there before. */
static void
add_new_scan(struct join *j, const struct fleet_scan *s)
{
    for (size_t pos = 0; pos < j->now->policies.v[s->policy].checks.n; pos++) {
        bool fails = fleet_status(s, pos) == STATUS_FAIL;
        j->sum->failed += fails;
        j->sum->appeared += fails;
    }
}

static const struct fleet_scan *
find_scan(const struct pick *p, size_t agent, struct str policy_id)
{
    for (size_t k = p->first[agent]; k < p->first[agent + 1]; k++) {
        const struct fleet_scan *s = &p->fleet->scans.v[p->scans[k]];
        if (str_eq(p->fleet->policies.v[s->policy].id, policy_id))
            return s;
    }
    return NULL;
}

/* Old failures that no scan of now speaks of are gone, not fixed. */
static void
compare_agent(struct join *j, const struct pick *now, size_t agent, const struct pick *before,
              long old_agent)
{
    assert(old_agent < (long)j->before->agents.n);
    bool has_both = false;
    int64_t met = 0;
    int64_t was = old_agent < 0 ? 0 : count_failed(j->before, before, (size_t)old_agent);
    for (size_t k = now->first[agent]; k < now->first[agent + 1]; k++) {
        const struct fleet_scan *s = &j->now->scans.v[now->scans[k]], *old = NULL;
        if (!s->vec)
            continue;
        if (old_agent >= 0)
            old = find_scan(before, (size_t)old_agent, j->now->policies.v[s->policy].id);
        has_both |= old && old->vec;
        if (old)
            met += compare_scans(j, s, old);
        else
            add_new_scan(j, s);
    }
    j->sum->before += was;
    j->sum->gone += was - met;
    j->sum->n_agents_both += has_both;
}

/* Failures by the counts of all scans, and of those without single results. */
static int64_t
count_totals(const struct pick *p, int64_t *ret_by_counts)
{
    int64_t all = 0;
    *ret_by_counts = 0;
    for (size_t i = 0; i < p->n_scans; i++) {
        const struct fleet_scan *s = &p->fleet->scans.v[p->scans[i]];
        int64_t failed = tally_of(s->counts).failed;
        all += failed;
        *ret_by_counts += s->vec ? 0 : failed;
    }
    return all;
}

struct changes
changes_count(const struct pick *now, const struct pick *before, struct arena *a)
{
    struct changes sum = {0};
    struct join j = {.now = now->fleet, .before = before->fleet, .arena = a, .sum = &sum};
    j.agents = map_new(a);
    j.positions = ARENA_ARRAY(a, size_t **, j.now->policies.n + 1);
    bool *met = ARENA_ARRAY(a, bool, j.before->agents.n + 1);
    for (size_t i = 0; i < j.before->agents.n; i++)
        map_put_index(j.agents, j.before->agents.v[i].name, i);
    for (size_t i = 0; i < j.now->agents.n; i++) {
        long old = map_get_index(j.agents, j.now->agents.v[i].name);
        if (old >= 0)
            met[old] = true;
        compare_agent(&j, now, i, before, old);
    }
    map_done(j.agents);
    for (size_t i = 0; i < j.before->agents.n; i++) {
        int64_t failed = met[i] ? 0 : count_failed(j.before, before, i);
        sum.before += failed;
        sum.gone += failed;
    }
    int64_t by_counts, by_counts_before;
    sum.total = count_totals(now, &by_counts);
    sum.total_before = count_totals(before, &by_counts_before);
    sum.by_counts = by_counts - by_counts_before;
    sum.several = (sum.total - sum.failed - by_counts) - (sum.total_before - sum.before - by_counts_before);
    assert(sum.failed == sum.before + sum.worse + sum.appeared - sum.fixed - sum.gone);
    return sum;
}
