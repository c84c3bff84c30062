/* Groups of Wazuh documents -> scans. Called by the shapes for each document, and by wazuh.c at
 * the end; what comes out goes to store. */
#include <assert.h>

#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/readers/wazuh/wazuh.h"
#include "ingest/take.h"

static void
put_key(struct buf *b, struct str s)
{
    buf_fmt(b, "%zu:", s.len);
    buf_str(b, s);
}

/* 4.x: {id, name, ip}; 5.x: {id, name, version, groups, host{hostname, ip, os{name, version}}}. */
static void
fill_asset(struct wazuh *w, struct wazuh_group *g, const json_t *agent)
{
    const json_t *host = json_object_get(agent, "host");
    const json_t *os = json_object_get(host, "os");
    struct str os_name = wazuh_json_get(w, os, "name", LIMIT_ID);
    struct str os_version = wazuh_json_get(w, os, "version", LIMIT_ID);
    const json_t *ips[] = {json_object_get(agent, "ip"), json_object_get(host, "ip")};
    g->agent_version = wazuh_json_get(w, agent, "version", LIMIT_ID);
    g->asset.alias = STR("");
    g->asset.os = os_version.len && os_name.len
                      ? arena_fmt(w->a, "%.*s %.*s", STR_ARG(os_name), STR_ARG(os_version))
                      : os_name;
    const json_t *groups = json_object_get(agent, "groups");
    g->asset.group = wazuh_json_text(w, json_array_get(groups, 0), LIMIT_ID, "group");
    for (size_t k = 0; k < 2; k++) {
        bool list = json_is_array(ips[k]);
        for (size_t i = 0; i < (list ? json_array_size(ips[k]) : 1) && i < 100; i++) {
            const json_t *one = list ? json_array_get(ips[k], i) : ips[k];
            struct str ip = wazuh_json_text(w, one, LIMIT_ID, "agent ip");
            if (ip.len && !str_eqc(ip, "any"))
                *VEC_PUSH(w->a, &g->asset.addresses) = ip;
        }
    }
}

/* The agent's name, else that of its host. A number is a name on one manager only. */
static void
name_asset(struct wazuh *w, struct wazuh_group *g, const json_t *agent, struct str name)
{
    const json_t *host = json_object_get(agent, "host");
    const struct str names[] = {name, wazuh_json_get(w, host, "hostname", LIMIT_TITLE)};
    g->asset.name = STR("");
    identity_take(w->ctx, &g->asset, names, sizeof names / sizeof *names, w->a, w->d);
    if (g->asset.is_given && g->agent_id.len)
        identity_note(&g->asset, arena_fmt(w->a, "agent %.*s", STR_ARG(g->agent_id)), w->a);
}

struct wazuh_group *
wazuh_scans_get(struct wazuh *w, enum wazuh_shape shape, const json_t *agent, struct str policy,
                struct str scan_id)
{
    struct str name = str_trim(wazuh_json_get(w, agent, "name", LIMIT_TITLE));
    struct str agent_id = wazuh_json_get(w, agent, "id", LIMIT_ID);
    AUTO_BUF key = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&key, "%d:", (int)shape);
    put_key(&key, agent_id);
    put_key(&key, name);
    put_key(&key, policy);
    put_key(&key, scan_id);
    struct wazuh_group *g = map_get(w->by_key, buf_view(&key));
    if (g)
        return g;
    if (!policy.len) {
        diag_warn(w->d, DIAG_WARN_DATA, w->place, "no policy is named: left out");
        w->n_bad++;
        return NULL;
    }
    if (w->groups.n >= LIMIT_SCANS) {
        diag_fail(w->d, DIAG_TOO_BIG, "more than %d scans in one file", LIMIT_SCANS);
        return NULL;
    }
    g = ARENA_NEW(w->a, struct wazuh_group);
    *g = (struct wazuh_group){.shape = shape,
                              .agent_id = agent_id,
                              .policy_id = STR(""),
                              .policy_name = STR(""),
                              .version = STR(""),
                              .scan_id = scan_id,
                              .start = CLOCK_NONE,
                              .end = CLOCK_NONE,
                              .summary = {.passed = -1, .failed = -1, .invalid = -1, .total = -1},
                              .expected = -1,
                              .index = map_new(w->a)};
    g->summary.score = -1;
    fill_asset(w, g, agent);
    name_asset(w, g, agent, name);
    map_put(w->by_key, arena_str(w->a, buf_view(&key)), g);
    *VEC_PUSH(w->a, &w->groups) = g;
    return g;
}

int
wazuh_scans_none(const struct wazuh *w)
{
    return diag_failed(w->d) ? -1 : 0;
}

int
wazuh_scans_add(struct wazuh *w, struct wazuh_group *g, const json_t *check, int64_t time)
{
    struct scan_check c;
    struct scan_result r;
    int rc = wazuh_check_build(w, check, &c, &r);
    if (rc <= 0)
        return rc;
    r.time = time;
    long at = map_get_index(g->index, c.id);
    assert(c.id.len && r.status > STATUS_NONE && r.status < STATUS__COUNT);
    if (at >= 0) {
        assert((size_t)at < g->checks.n && str_eq(g->checks.v[at].id, c.id));
        r.check = (size_t)at;
        g->checks.v[at] = c;
        g->results.v[at] = r;
        g->n_repeated++;
        return 0;
    }
    if (g->checks.n >= LIMIT_CHECKS)
        return diag_fail(w->d, DIAG_TOO_BIG, "more than %d checks in one scan", LIMIT_CHECKS);
    r.check = g->checks.n;
    map_put_index(g->index, c.id, g->checks.n);
    *VEC_PUSH(w->a, &g->checks) = c;
    *VEC_PUSH(w->a, &g->results) = r;
    assert(g->checks.n == g->results.n);
    return 0;
}

static int64_t
count_of(const json_t *s, const char *name, const char *other)
{
    int64_t n;
    bool ok = wazuh_json_int(s, name, &n) || wazuh_json_int(s, other, &n);
    return ok && n >= 0 && n <= LIMIT_RESULTS ? n : -1;
}

void
wazuh_scans_summary(struct wazuh *w, struct wazuh_group *g, const json_t *s)
{
    struct wazuh_summary *sum = &g->summary;
    double score;
    assert(s);
    sum->passed = count_of(s, "passed", "pass");
    sum->failed = count_of(s, "failed", "fail");
    sum->invalid = count_of(s, "invalid", "invalid");
    sum->total = count_of(s, "total_checks", "total_checks");
    sum->score = wazuh_json_number(s, "score", &score) && score >= 0 && score <= 100 ? score : -1;
    sum->seen = sum->passed >= 0 && sum->failed >= 0 && sum->invalid >= 0;
    if (!sum->seen) {
        diag_warn(w->d, DIAG_WARN_DATA, w->place, "a summary without passed, failed and invalid");
        return;
    }
    int64_t sum_of = sum->passed + sum->failed + sum->invalid;
    if (sum->total < 0)
        sum->total = sum_of;
    if (sum->total != sum_of)
        diag_warn(w->d, DIAG_WARN_DATA, w->place,
                  "the summary's passed, failed and invalid make %lld, its total is %lld",
                  (long long)sum_of, (long long)sum->total);
}

/* True when the rows are all the summary speaks of. */
static bool
is_whole(struct wazuh *w, const struct wazuh_group *g, const struct scan *s)
{
    const struct wazuh_summary *sum = &g->summary;
    if (g->shape == WAZUH_API && !sum->seen)
        return g->expected >= 0 && (int64_t)g->results.n >= g->expected;
    if (!sum->seen || (int64_t)g->results.n < sum->total)
        return false;
    int64_t skipped = (int64_t)g->results.n - s->counts[STATUS_PASS] - s->counts[STATUS_FAIL];
    bool agree = s->counts[STATUS_PASS] == sum->passed && s->counts[STATUS_FAIL] == sum->failed &&
                 skipped == sum->invalid;
    if (!agree)
        diag_warn(w->d, DIAG_WARN_DATA, s->policy.id,
                  "the results give %lld passed, %lld failed, %lld other; the summary says %lld, "
                  "%lld, %lld",
                  (long long)s->counts[STATUS_PASS], (long long)s->counts[STATUS_FAIL],
                  (long long)skipped, (long long)sum->passed, (long long)sum->failed,
                  (long long)sum->invalid);
    return true;
}

static void
count_only(struct wazuh *w, struct scan *s, const char *word, enum status status, int64_t n)
{
    assert(n >= 0);
    s->counts[status] += n;
    if (n > 0)
        *VEC_PUSH(w->a, &s->native_counts) = (struct scan_count){str_c(word), n};
}

static void
fill_results(struct wazuh *w, const struct wazuh_group *g, struct scan *s)
{
    if (g->results.n == 0) {
        assert(g->summary.seen && g->summary.passed >= 0 && g->summary.failed >= 0);
        s->score_only = true;
        count_only(w, s, "passed", STATUS_PASS, g->summary.passed);
        count_only(w, s, "failed", STATUS_FAIL, g->summary.failed);
        count_only(w, s, "not applicable", STATUS_NOTAPPLICABLE, g->summary.invalid);
        return;
    }
    s->checks.v = g->checks.v;
    s->checks.n = g->checks.n;
    s->checks.cap = g->checks.cap;
    for (size_t i = 0; i < g->results.n; i++)
        scan_add_result(w->a, s, g->results.v[i]);
}

/* Which part of the policy the scan covers. */
static void
fill_coverage(struct wazuh *w, const struct wazuh_group *g, struct scan *s)
{
    if (s->score_only) {
        s->partial = w->truncated;
        return;
    }
    bool whole = is_whole(w, g, s);
    s->partial = !whole || w->truncated;
    s->delta =
        g->shape == WAZUH_ALERT || g->shape == WAZUH_STATE || (g->shape == WAZUH_EVENT && !whole);
    if (g->shape == WAZUH_API && !whole)
        diag_warn(w->d, DIAG_WARN_PARTIAL, s->policy.id, "%zu of %lld checks are in this file",
                  g->results.n, (long long)g->expected);
    else if (g->shape == WAZUH_EVENT && !whole && g->summary.seen)
        diag_warn(w->d, DIAG_WARN_PARTIAL, s->policy.id,
                  "%zu results for a summary of %lld checks: taken as changes", g->results.n,
                  (long long)g->summary.total);
    else if (g->shape == WAZUH_EVENT && !whole)
        diag_warn(w->d, DIAG_WARN_PARTIAL, s->policy.id, "no summary: taken as changes");
}

static void
fill_policy(struct wazuh *w, const struct wazuh_group *g, struct scan *s)
{
    s->policy = (struct scan_policy){.id = g->policy_id.len ? g->policy_id : g->policy_name,
                                     .version = g->version,
                                     .title = g->policy_name.len ? g->policy_name : g->policy_id,
                                     .profile = STR("")};
    if (!g->policy_id.len)
        diag_warn(w->d, DIAG_WARN_DATA, g->policy_name,
                  "no policy id in this file: the policy's name is taken, which is not unique");
}

static int
finish_group(struct wazuh *w, struct wazuh_group *g)
{
    assert(g->checks.n == g->results.n && map_len(g->index) == g->checks.n);
    if (g->results.n == 0 && !g->summary.seen)
        return 0;
    struct scan *s = VEC_PUSH(w->a, &w->file->scans);
    s->format = g->shape == WAZUH_API ? STR("wazuh-api") : STR("wazuh-sca");
    s->asset = g->asset;
    fill_policy(w, g, s);
    s->engine = g->agent_version.len ? arena_fmt(w->a, "Wazuh SCA %.*s", STR_ARG(g->agent_version))
                                     : STR("Wazuh SCA");
    s->start = g->start;
    s->end = g->end;
    s->zone_assumed = g->zone_assumed;
    fill_results(w, g, s);
    fill_coverage(w, g, s);
    take_settle_times(w->ctx, s, w->d);
    assert(s->score_only == (s->results.n == 0) && s->checks.n == s->results.n);
    if (g->summary.score >= 0)
        *VEC_PUSH(w->a, &s->scores) = (struct scan_score){STR("wazuh"), g->summary.score, 100};
    if (g->n_repeated)
        diag_warn(w->d, DIAG_WARN_DATA, s->policy.id,
                  "%zu checks were reported again: the last one counts", g->n_repeated);
    return take_check_ids(s, w->d);
}

static struct str
alert_key(struct wazuh *w, const struct wazuh_group *g)
{
    AUTO_BUF key = buf_init(BUF_MAX_DEFAULT);
    put_key(&key, g->agent_id);
    put_key(&key, g->asset.name);
    put_key(&key, g->policy_name);
    return arena_str(w->a, buf_view(&key));
}

/* Check alerts name the policy, not its id; summary alerts name both. A check alert whose own scan
 * has no summary borrows the id from another scan of the same agent, unless two ids share the name
 * there. */
static void
lend_policy_ids(struct wazuh *w)
{
    struct str *ambiguous = ARENA_NEW(w->a, struct str);
    *ambiguous = STR("");
    struct map *ids = map_new(w->a);
    for (size_t i = 0; i < w->groups.n; i++) {
        struct wazuh_group *g = w->groups.v[i];
        if (g->shape != WAZUH_ALERT || !g->policy_id.len)
            continue;
        struct str key = alert_key(w, g);
        const struct str *old = map_get(ids, key);
        bool clash = old && !str_eq(*old, g->policy_id);
        map_put(ids, key, clash ? ambiguous : &g->policy_id);
    }
    for (size_t i = 0; i < w->groups.n; i++) {
        struct wazuh_group *g = w->groups.v[i];
        const struct str *id = g->shape == WAZUH_ALERT ? map_get(ids, alert_key(w, g)) : NULL;
        if (id && !g->policy_id.len)
            g->policy_id = *id;
    }
}

int
wazuh_scans_finish(struct wazuh *w)
{
    lend_policy_ids(w);
    for (size_t i = 0; i < w->groups.n; i++)
        if (finish_group(w, w->groups.v[i]) < 0)
            return -1;
    return 0;
}
