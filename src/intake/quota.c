/* Between judging a file (batch.c) and storing it (intake.c). */
#include "intake/quota.h"

#include <assert.h>
#include <string.h>

#include "base/env.h"
#include "base/map.h"
#include "base/utf8.h"

enum { DAY_S = 86400, MOST_KEYS = 1000, RESULT_BYTES = 31 };
#define MIB ((int64_t)1 << 20)

/* What an agent has used today, and what the items at hand add to it. */
struct account {
    struct store_usage used, added;
    VEC(uint64_t) keys; /* of policy versions; those from n_old on are added */
    size_t n_old;
};

struct accounts {
    struct arena *a;
    struct map *by_name; /* -> index */
    VEC(struct account) v;
};

/* ---- what a scan uses ---- */

static int64_t
check_bytes(const struct scan_check *c)
{
    size_t n = c->id.len + c->key.len + c->title.len + c->description.len + c->rationale.len +
               c->remediation.len + c->impact.len + c->category.len;
    for (size_t i = 0; i < c->references.n; i++)
        n += c->references.v[i].len;
    for (size_t i = 0; i < c->idents.n; i++)
        n += c->idents.v[i].len;
    for (size_t i = 0; i < c->mappings.n; i++)
        n += c->mappings.v[i].framework.len + c->mappings.v[i].control.len;
    return (int64_t)n;
}

static int64_t
policy_bytes(const struct scan *s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s->checks.n; i++)
        n += check_bytes(&s->checks.v[i]);
    return n;
}

static int64_t
result_bytes(const struct scan *s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s->results.n; i++) {
        const struct scan_result *r = &s->results.v[i];
        n += RESULT_BYTES + (int64_t)(r->evidence.len + r->waiver.len + r->native.len);
    }
    return n;
}

/* A policy version under a profile; of a delta, which does not show it whole, the policy. */
static uint64_t
policy_key(const struct scan *s)
{
    uint64_t key;
    struct sha256 *h = sha256_new();
    sha256_add_field(h, s->policy.id.len ? s->policy.id : s->policy.title);
    sha256_add_field(h, s->policy.version);
    sha256_add_field(h, s->policy.profile);
    if (!s->delta) {
        struct sha256_digest hash = scan_catalogue_hash(s);
        sha256_add(h, hash.b, SHA256_SIZE);
    }
    struct sha256_digest sum = sha256_final(h);
    _Static_assert(sizeof key == STORE_POLICY_KEY, "as it is stored");
    memcpy(&key, sum.b, sizeof key);
    return key;
}

/* ---- one file ---- */

int
quota_check_file(const struct config *c, const struct scan_file *f, struct diag *d)
{
    int64_t n_checks = 0, n_bytes = 0;
    struct map *seen = map_new(d->arena);
    for (size_t i = 0; i < f->scans.n; i++) {
        const struct scan *s = &f->scans.v[i];
        struct sha256_digest hash = scan_catalogue_hash(s);
        struct str key = arena_str(d->arena, str_n((const char *)hash.b, SHA256_SIZE));
        n_bytes += result_bytes(s);
        if (map_get_index(seen, key) >= 0)
            continue;
        map_put_index(seen, key, i);
        n_checks += (int64_t)s->checks.n;
        n_bytes += policy_bytes(s);
    }
    if (c->quota_checks && n_checks > c->quota_checks)
        return diag_fail(d, DIAG_TOO_BIG,
                         "the file holds %lld checks: the quota of a file is %lld (quota-checks)",
                         (long long)n_checks, (long long)c->quota_checks);
    if (c->quota_mib && n_bytes > c->quota_mib * MIB)
        return diag_fail(d, DIAG_TOO_BIG,
                         "the file holds %lld bytes of texts and evidence: the quota of a file is "
                         "%lld MiB (quota-size)",
                         (long long)n_bytes, (long long)c->quota_mib);
    return 0;
}

/* ---- an agent's day ---- */

static bool
is_stored(const struct batch_item *it)
{
    return !it->rejected && !it->duplicate;
}

static struct account *
find_account(struct accounts *all, struct str agent)
{
    long i = map_get_index(all->by_name, agent);
    return i < 0 ? NULL : &all->v.v[i];
}

/* The accounts of all agents that the items are of. */
static int
load_accounts(struct act *act, const struct batch_item *items, size_t n, bool lock,
              struct accounts *ret, struct arena *a, struct diag *d)
{
    int64_t now = env_wall_us() / 1000000, day = now - now % DAY_S;
    *ret = (struct accounts){.a = a, .by_name = map_new(a)};
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; is_stored(&items[i]) && k < items[i].scans.scans.n; k++) {
            struct str name = items[i].scans.scans.v[k].asset.name;
            if (find_account(ret, name))
                continue;
            map_put_index(ret->by_name, name, ret->v.n);
            VEC_PUSH(a, &ret->v)->used = (struct store_usage){.agent = name, .day = day};
        }
    }
    struct store_usage *used = ARENA_ARRAY(a, struct store_usage, ret->v.n + 1);
    for (size_t i = 0; i < ret->v.n; i++)
        used[i] = ret->v.v[i].used;
    if (store_load_usages(act->store, used, ret->v.n, lock, a, d) != 0)
        return -1;
    for (size_t i = 0; i < ret->v.n; i++) {
        struct account *ac = &ret->v.v[i];
        ac->used = used[i];
        ac->added = (struct store_usage){.agent = used[i].agent, .day = day};
        ac->n_old = used[i].policies.len / STORE_POLICY_KEY;
        for (size_t k = 0; k < ac->n_old; k++)
            memcpy(VEC_PUSH(a, &ac->keys), used[i].policies.s + k * STORE_POLICY_KEY,
                   STORE_POLICY_KEY);
    }
    return 0;
}

static bool
is_known_policy(const struct account *ac, uint64_t key)
{
    for (size_t i = 0; i < ac->keys.n; i++)
        if (ac->keys.v[i] == key)
            return true;
    return false;
}

/* Puts a scan on its agent's account. */
static void
charge(struct accounts *all, struct account *ac, const struct scan *s)
{
    uint64_t key = policy_key(s);
    ac->added.n_checks += (int64_t)s->checks.n;
    ac->added.n_bytes += result_bytes(s);
    if (is_known_policy(ac, key))
        return;
    ac->added.n_bytes += policy_bytes(s);
    if (ac->keys.n < MOST_KEYS)
        *VEC_PUSH(all->a, &ac->keys) = key;
}

static int
check_account(const struct config *c, const struct account *ac, struct diag *d)
{
    const struct {
        int64_t quota, has;
        const char *what, *setting;
    } limits[] = {
        {c->quota_day_policies, (int64_t)ac->keys.n, "policies", "quota-day-policies"},
        {c->quota_day_checks, ac->used.n_checks + ac->added.n_checks, "checks", "quota-day-checks"},
        {c->quota_day_mib, (ac->used.n_bytes + ac->added.n_bytes + MIB - 1) / MIB,
         "MiB of texts and evidence", "quota-day-size"},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (limits[i].quota && limits[i].has > limits[i].quota)
            return diag_fail(d, DIAG_TOO_BIG,
                             "agent %.*s: with this file it would have reported %lld %s today: the "
                             "quota of a day is %lld (%s)",
                             STR_ARG(utf8_one_line(d->arena, ac->used.agent)),
                             (long long)limits[i].has, limits[i].what, (long long)limits[i].quota,
                             limits[i].setting);
    return 0;
}

/* Puts a file on the accounts of its agents, whole or not at all. */
static int
charge_file(const struct config *c, struct accounts *all, const struct scan_file *f, struct diag *d)
{
    struct account *before = ARENA_ARRAY(all->a, struct account, f->scans.n + 1);
    int rc = 0;
    size_t n = 0;
    while (rc == 0 && n < f->scans.n) {
        struct account *ac = find_account(all, f->scans.v[n].asset.name);
        assert(ac);
        before[n] = *ac;
        charge(all, ac, &f->scans.v[n++]);
        rc = check_account(c, ac, d);
    }
    while (rc != 0 && n-- > 0)
        *find_account(all, f->scans.v[n].asset.name) = before[n];
    return rc;
}

int
quota_judge(struct act *act, struct batch_item *items, size_t n, struct diag *d)
{
    struct arena *a = arena_new();
    struct accounts all;
    int rc = load_accounts(act, items, n, false, &all, a, d);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (is_stored(&items[i]))
            charge_file(&act->config, &all, &items[i].scans, &items[i].diag);
    arena_free(a);
    return rc;
}

int
quota_book(struct act *act, struct batch_item *items, size_t n, struct diag *d)
{
    struct arena *a = arena_new();
    struct accounts all;
    struct diag mine = diag_init(a);
    int rc = load_accounts(act, items, n, true, &all, a, d);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (is_stored(&items[i]) && charge_file(&act->config, &all, &items[i].scans, &mine) != 0)
            rc = diag_fail(d, DIAG_RETRY, "another run has used the quota of an agent");
    struct store_usage *added = ARENA_ARRAY(a, struct store_usage, all.v.n + 1);
    for (size_t i = 0; rc == 0 && i < all.v.n; i++) {
        const struct account *ac = &all.v.v[i];
        added[i] = ac->added;
        added[i].policies = str_n((const char *)(ac->keys.v + ac->n_old),
                                  (ac->keys.n - ac->n_old) * STORE_POLICY_KEY);
    }
    if (rc == 0)
        rc = store_add_usages(act->store, added, all.v.n, d);
    arena_free(a);
    return rc;
}
