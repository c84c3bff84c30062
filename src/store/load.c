/* The dataset of a report: one consistent snapshot into a struct fleet. Read only. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/env.h"
#include "model/tally.h"
#include "store/category.h"
#include "store/check_facts.h"
#include "store/group_moves.h"
#include "store/load_months.h"
#include "store/policy.h"
#include "store/population.h"
#include "store/rules.h"
#include "store/scan_row.h"
#include "store/snapshot.h"

AUTO_DEFINE(struct arena *, arena_free)

static struct str
id_key(struct arena *a, uint64_t id)
{
    return ids_key(a, &id, sizeof id);
}

/* ---- groups and agents ---- */

static void
list_groups(struct loading *l)
{
    for (size_t i = 0; i < l->roster->groups.n; i++) {
        const struct roster_group *g = &l->roster->groups.v[i];
        bool wanted = l->q->n_groups == 0;
        for (size_t k = 0; k < l->q->n_groups; k++)
            wanted = wanted || str_eq(l->q->groups[k], g->name);
        if (!wanted)
            continue;
        map_put_index(l->groups, id_key(l->a, g->id), l->f->groups.n);
        VEC_PUSH(l->a, &l->f->groups)->name = g->name;
    }
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
    load_give_agents(l, s);
    load_give_known(l, s, 2);
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

/* Where it was at the end of the period; a group that an agent was in is not taken away. */
static int
find_group(struct loading *l, const struct map *moves, const struct roster_agent *r, long *ret)
{
    const uint64_t *moved = map_get(moves, r->agent.name);
    uint64_t id = moved ? *moved : r->group_id;
    *ret = load_find_id(l->groups, id);
    if (*ret >= 0 || roster_find_group(l->roster, id) >= 0)
        return 0;
    diag_fail(l->d, DIAG_BAD_DATA, "the group that it was in is not there");
    return diag_at(l->d, "agent %.*s", STR_ARG(r->agent.name));
}

static int
list_agents(struct loading *l)
{
    struct population *expected;
    struct map *moves;
    if (population_load(l, &expected) != 0 || group_moves_load(l, &moves) != 0)
        return -1;
    l->places = ARENA_ARRAY(l->a, long, l->roster->agents.n + 1);
    for (size_t i = 0; i < l->roster->agents.n; i++) {
        const struct roster_agent *r = &l->roster->agents.v[i];
        struct fleet_agent ag = r->agent;
        long group;
        if (find_group(l, moves, r, &group) != 0)
            return -1;
        l->places[i] = -1;
        if (group < 0 || !is_asked_for(l, r->id, ag.name) ||
            population_judge(expected, &ag, l->f->groups.v[group].name))
            continue;
        ag.group = (size_t)group;
        l->places[i] = (long)l->f->agents.n;
        *VEC_PUSH_SOLE(l->a, &l->f->agents) = ag;
    }
    size_t n = l->f->agents.n;
    population_add_silent(expected);
    for (; n < l->f->agents.n; n++)
        roster_find_namesake(l->roster, &l->f->agents.v[n]);
    return 0;
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

/* A text that most scans share with the one before: kept once. */
static struct str
word_of(struct loading *l, const struct stmt *s, int column, struct str last)
{
    return str_eq(stmt_col_view(s, column), last) ? last : stmt_col_str(s, column, l->a);
}

static int
read_scan(struct loading *l, const struct stmt *s, size_t agent, const struct load_version *v,
          load_pending_list *pending)
{
    const struct fleet_scan none = {.profile = STR(""), .format = STR(""), .engine = STR("")},
                            last = l->f->scans.n ? l->f->scans.v[l->f->scans.n - 1] : none;
    struct fleet_scan *r = VEC_PUSH_SOLE(l->a, &l->f->scans);
    unsigned flags = (unsigned)stmt_col_int(s, C_FLAGS);
    *r = (struct fleet_scan){.agent = agent,
                             .policy = load_policy_at(l, stmt_col_uint(s, C_POLICY)),
                             .profile = word_of(l, s, C_PROFILE, last.profile),
                             .format = word_of(l, s, C_FORMAT, last.format),
                             .engine = word_of(l, s, C_ENGINE, last.engine),
                             .end = stmt_col_time(s, C_END),
                             .received = stmt_col_time(s, C_RECEIVED),
                             .ahead = flags & FLAG_AHEAD,
                             .partial = flags & FLAG_PARTIAL,
                             .score_only = flags & FLAG_SCORE_ONLY,
                             .zone_assumed = flags & FLAG_ZONE,
                             .end_assumed = flags & FLAG_END,
                             .stripped = flags & FLAG_STRIPPED,
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

/* ---- points: the window, and what each line was when it opened ---- */

/* Rows are fetched as they come: together they would be held twice. */
static int
stop_rows(struct stmt *s)
{
    stmt_stop(s);
    return -1;
}

/* Of the window; else, of the lines without a scan since `since`, what they were before it. */
static int
load_points(struct loading *l, bool window, int64_t since)
{
    struct stmt *s = window ? load_stmt(l, "fleet_points", "known_points")
                            : load_stmt(l, "fleet_points_before", "known_points_before");
    if (!s)
        return -1;
    for (int half = 0; half < (l->q->as_of ? 2 : 1); half++) { /* what stands, and what stood */
        if (window) {
            load_give_agents(l, s);
            stmt_time(s, load_months_rows_from(l));
            stmt_time(s, l->q->to);
        } else {
            stmt_time(s, l->q->from);
            load_give_known(l, s, 2);
            load_give_agents(l, s);
            stmt_time(s, since);
        }
        load_give_known(l, s, half ? 3 : 2);
    }
    if (stmt_stream(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW)
        if (load_add_point(l, s, &load_point_row) != 0)
            return stop_rows(s);
    return rc;
}

/* Those before the window, of its closed months, and the rest: each is behind all of the one before. */
static int
load_all_points(struct loading *l, int64_t since)
{
    size_t n;
    if (since != CLOCK_NONE && load_points(l, false, since) != 0)
        return -1;
    load_sort_points(l, 0);
    if (l->month && load_months_points(l) != 0)
        return -1;
    n = l->f->points.n;
    if (load_points(l, true, 0) != 0)
        return -1;
    load_sort_points(l, n);
    return 0;
}

/* ---- the scans of the window ---- */

static int
by_place(const void *a, const void *b)
{
    const struct load_order *p = a, *q = b;
    if (p->agent_id != q->agent_id)
        return p->agent_id < q->agent_id ? -1 : 1;
    int by_policy = str_cmp(p->policy, q->policy);
    return by_policy ? by_policy : p->line_id < q->line_id ? -1 : p->line_id > q->line_id;
}

/* Rows come in any order, and the server would need a large table to sort them. */
static void
sort_scans(struct loading *l, load_pending_list *pending)
{
    size_t n = l->f->scans.n;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct fleet_scan *sorted = ARENA_ARRAY(a, struct fleet_scan, n + 1);
    struct load_pending *waiting = ARENA_ARRAY(a, struct load_pending, n + 1);
    assert(l->order.n == n && (pending->n == 0 || pending->n == n));
    if (n)
        qsort(l->order.v, n, sizeof *l->order.v, by_place);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = l->f->scans.v[l->order.v[i].scan];
        if (!pending->n)
            continue;
        waiting[i] = pending->v[l->order.v[i].scan];
        waiting[i].scan = i;
    }
    if (n)
        memcpy(l->f->scans.v, sorted, n * sizeof *sorted);
    if (pending->n)
        memcpy(pending->v, waiting, n * sizeof *waiting);
}

/* The row at hand. order: where its place is noted. */
static int
take_scan(struct loading *l, struct stmt *s, load_pending_list *pending, struct arena *order)
{
    static const struct load_point_columns at = {.agent = C_AGENT,
                                                 .policy = C_POLICY,
                                                 .end = C_END,
                                                 .counts = C_COUNTS,
                                                 .score = C_SCORE,
                                                 .flags = C_FLAGS};
    const struct load_version *v;
    size_t agent;
    uint64_t agent_id = stmt_col_uint(s, C_AGENT), policy_id = stmt_col_uint(s, C_POLICY);
    enum load_whose whose = load_find_owner(l, agent_id, policy_id, &agent, &v);
    if (whose == LOAD_BROKEN || (whose == LOAD_WANTED && read_scan(l, s, agent, v, pending) != 0))
        return rules_place(load_name_of(l, agent_id), load_policy_name_of(l, policy_id),
                           stmt_col_str(s, C_PROFILE, l->a), stmt_col_time(s, C_END), l->d);
    if (whose == LOAD_WANTED)
        *VEC_PUSH_SOLE(order, &l->order) =
            (struct load_order){agent_id, stmt_col_uint(s, C_LINE), v->id, l->f->scans.n - 1};
    return l->carries ? load_add_point(l->carries, s, &at) : 0;
}

/* Those that stand in closed months, behind the others. */
static int
load_scans_of_months(struct loading *l, load_pending_list *pending, struct arena *order)
{
    for (int chunk = 0; chunk < MONTH_CHUNKS; chunk++) {
        struct stmt *s = load_months_scans(l, chunk);
        if (!s && diag_failed(l->d))
            return -1;
        if (!s)
            continue;
        if (stmt_stream(s, l->d) != 0)
            return -1;
        enum stmt_answer rc;
        while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
            int is_newest = load_months_check_scan(l, s);
            if (is_newest < 0 || (is_newest && take_scan(l, s, pending, order) != 0))
                return stop_rows(s);
        }
        if (rc != STMT_END)
            return -1;
    }
    return 0;
}

static int
load_scans(struct loading *l, load_pending_list *pending)
{
    AUTO(arena_free_auto) struct arena *order = arena_new();
    struct stmt *s = load_stmt(l, "fleet_scans", "known_scans");
    if (!s)
        return -1;
    for (int half = 0; half < (l->q->as_of ? 2 : 1); half++) { /* what stands, and what stood */
        load_give_agents(l, s);
        stmt_time(s, load_months_rows_from(l));
        stmt_time(s, l->q->to);
        load_give_known(l, s, half ? 5 : 4);
    }
    if (stmt_stream(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        load_months_note(l, stmt_col_uint(s, C_AGENT), stmt_col_uint(s, C_LINE));
        if (take_scan(l, s, pending, order) != 0)
            return stop_rows(s);
    }
    if (rc != STMT_END || load_scans_of_months(l, pending, order) != 0)
        return -1;
    sort_scans(l, pending);
    return 0;
}

/* ---- the load ---- */

/* Two fleets of one snapshot: that of the query, and that of the period before. */
struct half {
    struct loading l;
    struct fleet_query q;
    load_pending_list pending;
    bool is_before;
};

static int
begin_half(struct half *h, struct store *st, const struct fleet_query *q, const struct roster *r,
           struct arena *a, struct fleet *f, struct diag *d)
{
    /* what is dated ahead of the clock is not the newest before its time has come */
    int64_t ahead = (q->as_of ? q->as_of : env_now()) + SCAN_ROW_AHEAD_S;
    *h = (struct half){.l = {.st = st, .q = &h->q, .a = a, .f = f, .roster = r, .d = d}, .q = *q};
    h->q.to = q->to < ahead ? q->to : ahead;
    h->q.from = q->from < h->q.to ? q->from : h->q.to;
    struct map **maps[] = {&h->l.groups, &h->l.policies, &h->l.wanted, &h->l.known};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        *maps[i] = map_new(a);
    list_groups(&h->l);
    return load_known_agents(&h->l) != 0 || list_agents(&h->l) != 0 || list_versions(&h->l) != 0
               ? -1
               : 0;
}

/* Behind the scans of both; since: where the other one begins, CLOCK_NONE = what was before is known. */
static int
end_half(struct half *h, int64_t since)
{
    struct loading *l = &h->l;
    if (load_revisions(l) != 0)
        return -1;
    if (l->q->with_points && load_all_points(l, since) != 0)
        return -1;
    for (size_t i = 0; i < l->f->policies.n; i++) /* only now is known which ones the scans name */
        if (load_policy(l, l->ids.v[i], &l->f->policies.v[i]) != 0)
            return -1;
    if (load_evidence(l, &h->pending) != 0 || load_since(l, &h->pending) != 0)
        return -1;
    if (h->is_before) /* of it only numbers are compared with */
        return 0;
    if ((l->q->with_inputs || l->q->with_warnings) && load_files_list(l) != 0)
        return -1;
    if (l->q->with_inputs && load_files_inputs(l) != 0)
        return -1;
    return l->q->with_warnings ? load_files_warnings(l) : 0;
}

static void
note_shown(const struct half *h, struct check_shown *shown)
{
    for (size_t i = 0; i < shown->roster->agents.n; i++)
        shown->is_shown[i] = shown->is_shown[i] || h->l.places[i] >= 0;
}

static int
load_snapshot(struct store *st, const struct fleet_query *q, int64_t before, struct arena *a,
              struct fleet *f, struct fleet *previous, struct diag *d)
{
    struct roster *r = ARENA_NEW(a, struct roster);
    struct half now, then;
    struct fleet_query earlier = *q;
    earlier.from = before;
    earlier.to = q->from;
    earlier.with_points = earlier.with_evidence = earlier.with_inputs = earlier.with_warnings = false;
    if (roster_load(st, q->agent, a, r, d) != 0 || roster_check(r, d) != 0 ||
        begin_half(&now, st, q, r, a, f, d) != 0 ||
        begin_half(&then, st, &earlier, r, a, previous, d) != 0)
        return -1;
    then.is_before = true;
    then.l.carries = q->with_points ? &now.l : NULL;
    if (load_months_begin(&now.l, &then.l, d) != 0 || load_scans(&now.l, &now.pending) != 0 ||
        load_scans(&then.l, &then.pending) != 0 || load_months_states(&now.l, &then.l) != 0 ||
        end_half(&now, then.l.month ? CLOCK_NONE : then.q.from) != 0 || end_half(&then, 0) != 0)
        return -1;
    struct check_shown shown = {.q = q,
                                .from = before,
                                .rows_from =
                                    then.l.month ? month_start(month_after(then.l.month)) : before,
                                .now_from = load_months_rows_from(&now.l),
                                .has_months = then.l.month != 0,
                                .files = now.l.kept ? now.l.kept->v.v : NULL,
                                .n_files = now.l.kept ? now.l.kept->v.n : 0,
                                .roster = r,
                                .is_shown = ARENA_ARRAY(a, bool, r->agents.n + 1)};
    note_shown(&now, &shown);
    note_shown(&then, &shown);
    int rc = q->compare ? check_facts_shown(st, &shown, &f->n_changed_since, d) : 0;
    roster_done(r, a);
    return rc;
}

/* What was read before the connection was lost is of a moment that is over. */
int
store_load_fleets(struct store *st, const struct fleet_query *q, int64_t before, struct arena *a,
                  struct fleet *ret, struct fleet *ret_previous, struct diag *d)
{
    struct store_outage o = {0};
    assert(!st->in_transaction && q->from <= q->to && before <= q->from);
    for (;;) {
        struct fleet f = {0}, previous = {0};
        if (snapshot_begin(st, d) != 0)
            return -1;
        int rc = load_snapshot(st, q, before, a, &f, &previous, d);
        snapshot_end(st);
        if (rc == 0) {
            *ret = f;
            *ret_previous = previous;
            return 0;
        }
        if (d->first.code == DIAG_VERIFY)
            d->first.code = DIAG_BAD_DATA; /* the log may be as it was: the rows are not */
        if (d->first.code != DIAG_LOST || !store_outlast(st, &o, d))
            return -1;
        diag_clear(d);
    }
}

int
store_load_fleet(struct store *st, const struct fleet_query *q, struct arena *a, struct fleet *ret,
                 struct diag *d)
{
    struct fleet nothing;
    return store_load_fleets(st, q, q->from, a, ret, &nothing, d);
}
