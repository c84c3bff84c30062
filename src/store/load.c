/* The dataset of a report: one consistent snapshot into a struct fleet. Read only. */
#include <assert.h>
#include <stdlib.h>

#include "base/env.h"
#include "model/tally.h"
#include "store/category.h"
#include "store/check_facts.h"
#include "store/snapshot.h"
#include "store/load.h"
#include "store/policy.h"
#include "store/population.h"
#include "store/rules.h"
#include "store/scan_row.h"

static struct str
id_key(struct arena *a, uint64_t id)
{
    return ids_key(a, &id, sizeof id);
}

/* ---- groups and agents ---- */

static int
load_groups(struct loading *l)
{
    struct stmt *s = stmt_get(l->st, "fleet_groups", l->d);
    if (!s || stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct str name = stmt_col_str(s, 1, l->a);
        bool wanted = l->q->n_groups == 0;
        if (ids_group(name) != stmt_col_uint(s, 0)) {
            diag_fail(l->d, DIAG_BAD_DATA, "name: the row has the id of another name");
            return diag_at(l->d, "agent_group %.*s", STR_ARG(name));
        }
        for (size_t i = 0; i < l->q->n_groups; i++)
            wanted = wanted || str_eq(l->q->groups[i], name);
        if (!wanted) {
            map_put_index(l->other_groups, id_key(l->a, stmt_col_uint(s, 0)), 0);
            continue;
        }
        map_put_index(l->groups, id_key(l->a, stmt_col_uint(s, 0)), l->f->groups.n);
        VEC_PUSH(l->a, &l->f->groups)->name = name;
    }
    return rc;
}

/* Who is called like another: looked for among all agents, also those that the filter leaves out.
 * Positions in all; the last with an alias stands for those before it. */
struct namesakes {
    VEC(struct fleet_agent) all;
    struct map *by_name, *by_alias, *shared;
};

static void
note_alias(struct loading *l, struct namesakes *n, const struct fleet_agent *ag)
{
    size_t at = n->all.n;
    *VEC_PUSH(l->a, &n->all) = *ag;
    map_put_index(n->by_name, ag->name, at);
    if (str_eq(ag->alias, ag->name))
        return;
    long first = map_get_index(n->by_alias, ag->alias);
    if (first < 0)
        map_put_index(n->by_alias, ag->alias, at);
    else
        map_put_index(n->shared, ag->alias, at);
}

static void
find_namesake(const struct namesakes *n, struct fleet_agent *ag)
{
    bool has_alias = !str_eq(ag->alias, ag->name);
    long named = has_alias ? map_get_index(n->by_name, ag->alias) : -1;
    long called = map_get_index(n->by_alias, ag->name);
    long shared = has_alias ? map_get_index(n->shared, ag->alias) : -1;
    if (shared >= 0 && str_eq(n->all.v[shared].name, ag->name))
        shared = map_get_index(n->by_alias, ag->alias);
    ag->namesake = named >= 0    ? NAMESAKE_ALIAS_IS_NAME
                   : called >= 0 ? NAMESAKE_NAME_IS_ALIAS
                   : shared >= 0 ? NAMESAKE_ALIAS_SHARED
                                 : NAMESAKE_NONE;
    long other = named >= 0 ? named : called >= 0 ? called : shared;
    ag->other = other >= 0 ? n->all.v[other].name : STR("");
}

/* An agent under the id of its name, in a group that there is. */
static int
check_agent(struct loading *l, const struct stmt *s, struct str name)
{
    uint64_t group = stmt_col_uint(s, 5);
    if (ids_agent(name) != stmt_col_uint(s, 0))
        diag_fail(l->d, DIAG_BAD_DATA, "name: the row has the id of another name");
    else if (load_find_id(l->groups, group) < 0 && load_find_id(l->other_groups, group) < 0)
        diag_fail(l->d, DIAG_BAD_DATA, "group_id: there is no such group");
    return diag_failed(l->d) ? diag_at(l->d, "agent %.*s", STR_ARG(name)) : 0;
}

/* Agents of which a scan had come in by then. */
static int
load_known_agents(struct loading *l)
{
    if (!l->q->as_of)
        return 0;
    struct stmt *s = stmt_get(l->st, "known_agents", l->d);
    if (!s)
        return -1;
    load_give_known(l, s);
    if (stmt_run(s, l->d) != 0)
        return -1;
    l->known_agents = map_new(l->a);
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW)
        map_put_index(l->known_agents, id_key(l->a, stmt_col_uint(s, 0)), 0);
    return rc;
}

static bool
is_asked_for(const struct loading *l, uint64_t id, struct str name)
{
    return (!l->q->agent.len || str_eq(l->q->agent, name)) &&
           (!l->known_agents || load_find_id(l->known_agents, id) >= 0);
}

static int
load_agents(struct loading *l)
{
    struct namesakes n = {
        .by_name = map_new(l->a), .by_alias = map_new(l->a), .shared = map_new(l->a)};
    struct population *expected;
    if (population_load(l, &expected) != 0)
        return -1;
    struct stmt *s = stmt_get(l->st, "fleet_agents", l->d);
    if (!s || stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        long group = load_find_id(l->groups, stmt_col_uint(s, 5));
        struct fleet_agent ag = {.name = stmt_col_str(s, 1, l->a),
                                 .alias = stmt_col_str(s, 2, l->a),
                                 .os = stmt_col_str(s, 3, l->a),
                                 .address = stmt_col_str(s, 4, l->a),
                                 .group = (size_t)group,
                                 .first_seen = stmt_col_time(s, 6),
                                 .last_seen = stmt_col_time(s, 7)};
        if (!ag.alias.len)
            ag.alias = ag.name;
        note_alias(l, &n, &ag);
        if (check_agent(l, s, ag.name) != 0)
            return -1;
        if (group < 0 || !is_asked_for(l, stmt_col_uint(s, 0), ag.name) ||
            population_judge(expected, &ag, l->f->groups.v[group].name)) {
            map_put_index(l->other_agents, id_key(l->a, stmt_col_uint(s, 0)), 0);
            continue;
        }
        map_put_index(l->agents, id_key(l->a, stmt_col_uint(s, 0)), l->f->agents.n);
        *VEC_PUSH(l->a, &l->f->agents) = ag;
    }
    if (rc == STMT_END)
        population_add_silent(expected);
    for (size_t i = 0; i < l->f->agents.n; i++)
        find_namesake(&n, &l->f->agents.v[i]);
    return rc;
}

/* ---- policies ---- */

/* All versions, and which belong to what the query asks for. */
static int
list_versions(struct loading *l)
{
    struct stmt *s = stmt_get(l->st, "policy_ids", l->d);
    if (!s || stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct load_version v = {.id = stmt_col_str(s, 1, l->a),
                                 .n_checks = (size_t)stmt_col_int(s, 2)};
        v.is_wanted = !l->q->policy.len || str_eq(l->q->policy, v.id);
        map_put_index(l->known, id_key(l->a, stmt_col_uint(s, 0)), l->versions.n);
        if (v.is_wanted)
            map_put_index(l->wanted, id_key(l->a, stmt_col_uint(s, 0)), l->versions.n);
        *VEC_PUSH(l->a, &l->versions) = v;
    }
    return rc;
}

/* Whose scan a row is, and of which version: LOAD_OTHER = of nobody who was asked for. */
static enum load_whose
find_owner(struct loading *l, uint64_t agent_id, uint64_t policy_id, size_t *ret_agent,
           const struct load_version **ret_version)
{
    long agent = load_find_id(l->agents, agent_id), version = load_find_id(l->known, policy_id);
    if (version < 0)
        diag_fail(l->d, DIAG_BAD_DATA, "policy_id: there is no such policy");
    else if (agent < 0 && load_find_id(l->other_agents, agent_id) < 0)
        diag_fail(l->d, DIAG_BAD_DATA, "agent_id: there is no such agent");
    if (diag_failed(l->d))
        return LOAD_BROKEN;
    *ret_version = &l->versions.v[version];
    *ret_agent = (size_t)agent;
    return agent >= 0 && (*ret_version)->is_wanted ? LOAD_WANTED : LOAD_OTHER;
}

/* The name of an agent, for messages about its rows. */
static struct str
name_of(const struct loading *l, uint64_t agent_id)
{
    long agent = load_find_id(l->agents, agent_id);
    return agent < 0 ? arena_fmt(l->d->arena, "agent_id %llu", (unsigned long long)agent_id)
                     : l->f->agents.v[agent].name;
}

static struct str
policy_name_of(const struct loading *l, uint64_t policy_id)
{
    long at = load_find_id(l->known, policy_id);
    return at < 0 ? arena_fmt(l->d->arena, "policy_id %llu", (unsigned long long)policy_id)
                  : l->versions.v[at].id;
}

/* The position of a policy version, added when it is new; its texts come later. */
static size_t
policy_at(struct loading *l, uint64_t id)
{
    long at = load_find_id(l->policies, id);
    if (at >= 0)
        return (size_t)at;
    map_put_index(l->policies, id_key(l->a, id), l->f->policies.n);
    *VEC_PUSH(l->a, &l->f->policies) = (struct fleet_policy){.id = STR("")};
    *VEC_PUSH(l->a, &l->ids) = id;
    return l->f->policies.n - 1;
}

static int
load_policy(struct loading *l, uint64_t id, struct fleet_policy *p)
{
    struct policy_head h;
    enum stmt_answer found = policy_load_head(l->st, id, l->a, &h, l->d);
    if (found != STMT_ROW)
        return found == STMT_END ? diag_fail(l->d, DIAG_BAD_DATA, "a scan names no known policy")
                                 : -1;
    p->id = h.id;
    p->version = h.version;
    p->title = h.title;
    p->checks.v = NULL;
    int rc =
        policy_load_checks(l->st, id, l->q->with_texts, l->a, &p->checks.v, &p->checks.n, l->d);
    p->checks.cap = p->checks.n;
    return rc == 0 ? category_load_tables(l->st, id, l->a, &p->category_tables, l->d) : rc;
}

/* ---- scans ---- */

enum {
    C_AGENT,
    C_END,
    C_POLICY,
    C_PROFILE,
    C_FORMAT,
    C_ENGINE,
    C_COUNTS,
    C_REPORTED = C_COUNTS + SCAN_ROW_COUNTS,
    C_FLAGS,
    C_SHA,
    C_EVIDENCE,
    C_N_VEC,
    C_VEC,
    C_RECEIVED,
    C_SCORE,
    C_LINE,
    C_STARTED
};

/* The line is computed of policy and profile: the same for thousands of rows that follow each other. */
static int
check_line(struct loading *l, const struct load_version *v, struct str profile, uint64_t line_id)
{
    struct load_line *last = &l->line;
    if (last->version != v || !str_eq(last->profile, profile)) {
        struct scan_policy p = {.id = v->id, .profile = profile};
        *last = (struct load_line){v, profile, ids_line(&p)};
    }
    if (last->id == line_id)
        return 0;
    return diag_fail(l->d, DIAG_BAD_DATA, "line_id is not that of policy and profile");
}

/* The row of a scan that was read is one that can be. */
static int
check_scan(struct loading *l, const struct stmt *s, const struct fleet_scan *r, struct str vec,
           const struct load_version *v)
{
    struct rules_scan row = {.end = r->end,
                             .start = stmt_col_time(s, C_STARTED),
                             .ingested = stmt_col_time(s, C_RECEIVED),
                             .counts = r->counts,
                             .has_score = !stmt_col_is_null(s, C_SCORE),
                             .score = stmt_col_int(s, C_SCORE),
                             .flags = (unsigned)stmt_col_int(s, C_FLAGS),
                             .n_checks = v->n_checks,
                             .n_vec = r->n_vec,
                             .vec = vec,
                             .is_all_loaded = true};
    return rules_scan(&row, l->d) == 0 ? check_line(l, v, r->profile, stmt_col_uint(s, C_LINE))
                                       : -1;
}

static int
read_scan(struct loading *l, const struct stmt *s, size_t agent, const struct load_version *v,
          load_pending_list *pending)
{
    struct fleet_scan *r = VEC_PUSH(l->a, &l->f->scans);
    unsigned flags = (unsigned)stmt_col_int(s, C_FLAGS);
    *r = (struct fleet_scan){.agent = agent,
                             .policy = policy_at(l, stmt_col_uint(s, C_POLICY)),
                             .profile = stmt_col_str(s, C_PROFILE, l->a),
                             .format = stmt_col_str(s, C_FORMAT, l->a),
                             .engine = stmt_col_str(s, C_ENGINE, l->a),
                             .end = stmt_col_time(s, C_END),
                             .received = stmt_col_time(s, C_RECEIVED),
                             .ahead = flags & FLAG_AHEAD,
                             .partial = flags & FLAG_PARTIAL,
                             .score_only = flags & FLAG_SCORE_ONLY,
                             .zone_assumed = flags & FLAG_ZONE,
                             .end_assumed = flags & FLAG_END,
                             .reported_score = stmt_col_double(s, C_REPORTED),
                             .n_vec = (size_t)stmt_col_int(s, C_N_VEC)};
    scan_row_read_counts(s, C_COUNTS, r->counts);
    stmt_col_bytes(s, C_SHA, r->file_sha256.b, SHA256_SIZE);
    struct str vec = stmt_col_str(s, C_VEC, l->a);
    r->vec = r->n_vec ? (const unsigned char *)vec.s : NULL;
    if (check_scan(l, s, r, vec, v) != 0)
        return -1;
    if (!l->q->with_evidence)
        return 0;
    struct load_pending *p = VEC_PUSH(l->a, pending);
    *p = (struct load_pending){.scan = l->f->scans.n - 1,
                               .agent_id = stmt_col_uint(s, C_AGENT),
                               .line_id = stmt_col_uint(s, C_LINE),
                               .end = r->end,
                               .has_set = !stmt_col_is_null(s, C_EVIDENCE)};
    if (p->has_set)
        stmt_col_bytes(s, C_EVIDENCE, p->set.b, sizeof p->set.b);
    return 0;
}

static int
load_scans(struct loading *l, load_pending_list *pending)
{
    struct stmt *s = load_stmt(l, "fleet_scans", "known_scans");
    if (!s)
        return -1;
    load_give_window(l, s, 1);
    load_give_known(l, s);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        const struct load_version *v;
        size_t agent;
        uint64_t agent_id = stmt_col_uint(s, C_AGENT), policy_id = stmt_col_uint(s, C_POLICY);
        enum load_whose whose = find_owner(l, agent_id, policy_id, &agent, &v);
        if (whose == LOAD_BROKEN ||
            (whose == LOAD_WANTED && read_scan(l, s, agent, v, pending) != 0))
            return rules_place(name_of(l, agent_id), policy_name_of(l, policy_id),
                               stmt_col_str(s, C_PROFILE, l->a), stmt_col_time(s, C_END), l->d);
    }
    return rc;
}

/* ---- points: the window, and what each line was when it opened ---- */

static int
by_time(const void *a, const void *b)
{
    const struct fleet_point *x = a, *y = b;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->agent < y->agent ? -1 : x->agent > y->agent;
}

static int
load_points(struct loading *l, bool window)
{
    struct stmt *s = window ? load_stmt(l, "fleet_points", "known_points")
                            : load_stmt(l, "fleet_points_before", "known_points_before");
    if (!s)
        return -1;
    stmt_time(s, l->q->from);
    if (window)
        stmt_time(s, l->q->to);
    load_give_known(l, s);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        const struct load_version *v;
        size_t agent;
        uint64_t agent_id = stmt_col_uint(s, 0), policy_id = stmt_col_uint(s, 1);
        enum load_whose whose = find_owner(l, agent_id, policy_id, &agent, &v);
        int64_t counts[STATUS__COUNT] = {0};
        scan_row_read_counts(s, 3, counts);
        if (whose == LOAD_BROKEN ||
            (whose == LOAD_WANTED &&
             rules_counts(counts, !stmt_col_is_null(s, 13), stmt_col_int(s, 13),
                          (unsigned)stmt_col_int(s, 14), l->d) != 0))
            return rules_place(name_of(l, agent_id), policy_name_of(l, policy_id), STR(""),
                               stmt_col_time(s, 2), l->d);
        if (whose == LOAD_OTHER)
            continue;
        struct tally t = tally_of(counts);
        size_t policy = policy_at(l, stmt_col_uint(s, 1));
        *VEC_PUSH(l->a, &l->f->points) = (struct fleet_point){.agent = agent,
                                                              .policy = policy,
                                                              .end = stmt_col_time(s, 2),
                                                              .passed = t.passed,
                                                              .failed = t.failed,
                                                              .skipped = t.skipped};
    }
    return rc;
}

/* ---- the load ---- */

static int
load_all(struct loading *l)
{
    load_pending_list pending = {0};
    if (load_groups(l) != 0 || load_known_agents(l) != 0 || load_agents(l) != 0 || list_versions(l) != 0 ||
        load_scans(l, &pending) != 0 || load_revisions(l) != 0)
        return -1;
    if (l->q->with_points && (load_points(l, false) != 0 || load_points(l, true) != 0))
        return -1;
    for (size_t i = 0; i < l->f->policies.n; i++) /* only now is known which ones the scans name */
        if (load_policy(l, l->ids.v[i], &l->f->policies.v[i]) != 0)
            return -1;
    if (load_evidence(l, &pending) != 0 || load_since(l, &pending) != 0)
        return -1;
    if (l->f->points.n)
        qsort(l->f->points.v, l->f->points.n, sizeof *l->f->points.v, by_time);
    if (load_files_list(l) != 0)
        return -1;
    if (l->q->with_inputs && load_files_inputs(l) != 0)
        return -1;
    return load_files_warnings(l);
}

static int
load_once(struct store *st, const struct fleet_query *q, struct arena *a, struct fleet *ret,
          struct diag *d)
{
    struct fleet f = {0};
    struct fleet_query past = *q;
    struct loading l = {.st = st, .q = &past, .a = a, .f = &f, .d = d};
    /* what is dated ahead of the clock is not the newest before its time has come */
    int64_t ahead = (q->as_of ? q->as_of : env_now()) + SCAN_ROW_AHEAD_S;
    past.to = q->to < ahead ? q->to : ahead;
    past.from = q->from < past.to ? q->from : past.to;
    struct map **maps[] = {&l.groups, &l.agents,       &l.policies,    &l.wanted,
                           &l.known,  &l.other_groups, &l.other_agents};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        *maps[i] = map_new(a);
    if (snapshot_begin(st, d) != 0)
        return -1;
    int rc = load_all(&l);
    if (rc == 0 && q->compare)
        rc = check_facts_fleet(st, q, l.agents, &f.n_changed_since, d);
    snapshot_end(st);
    if (rc == 0)
        *ret = f;
    return rc;
}

/* What was read before the connection was lost is of a moment that is over. */
int
store_load_fleet(struct store *st, const struct fleet_query *q, struct arena *a, struct fleet *ret,
                 struct diag *d)
{
    struct store_outage o = {0};
    assert(!st->in_transaction && q->from <= q->to);
    while (load_once(st, q, a, ret, d) != 0) {
        if (d->first.code != DIAG_LOST || !store_outlast(st, &o, d))
            return -1;
        diag_clear(d);
    }
    return 0;
}
