/* How the fleet is now, without a report: newest scans by their counts, beside load.c, which reads the results, too.
 * Agents, contacts and scans come each from one table, in the order of the agents' ids, and are put together as they come:
 * a server finds a row for each of many more slowly than it reads all. */
#include <assert.h>

#include "base/env.h"
#include "store/group_moves.h"
#include "store/load.h"
#include "store/population.h"
#include "store/scan_row.h"
#include "store/snapshot.h"

enum { C_AGENT, C_LINE, C_POLICY, C_END, C_FLAGS, C_COUNTS };

struct overview_row { /* an agent of the database */
    uint64_t id;
    long at; /* in what is returned, -1 = nobody asked for it */
};

struct overview_walk { /* along the rows, beside a statement whose ids ascend, too */
    const struct overview *o;
    size_t next;
};

struct overview_line { /* whose newest scan is dated ahead of the clock */
    uint64_t agent_id, line_id;
    long at;
};

struct overview {
    struct loading l;
    struct store_overview *ret;
    VEC(struct overview_row) rows; /* by id */
    VEC(struct overview_line) ahead;
    VEC(struct store_overview_line) lines; /* of the agent at hand: the newest of each policy */
    long at;                               /* who that is, -1 = nobody */
};

static bool
is_wanted_group(const struct fleet_query *q, struct str name)
{
    for (size_t i = 0; i < q->n_groups; i++)
        if (str_eq(q->groups[i], name))
            return true;
    return q->n_groups == 0;
}

static int
load_groups_and_policies(struct loading *l)
{
    enum stmt_answer rc;
    struct stmt *s = stmt_get(l->st, "fleet_groups", l->d);
    if (!s || stmt_run(s, l->d) != 0)
        return -1;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        struct str name = stmt_col_str(s, 1, l->a);
        if (!is_wanted_group(l->q, name))
            continue;
        map_put_index(l->groups, ids_key(l->a, &id, sizeof id), l->f->groups.n);
        VEC_PUSH(l->a, &l->f->groups)->name = name;
    }
    s = rc == STMT_END ? stmt_get(l->st, "policy_ids", l->d) : NULL;
    if (!s || stmt_run(s, l->d) != 0)
        return -1;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        struct fleet_policy p = {.id = stmt_col_str(s, 1, l->a)};
        if (l->q->policy.len && !str_eq(l->q->policy, p.id))
            continue;
        map_put_index(l->policies, ids_key(l->a, &id, sizeof id), l->f->policies.n);
        *VEC_PUSH(l->a, &l->f->policies) = p;
    }
    return rc;
}

/* ---- agents ---- */

static struct store_overview_agent *
add_row(struct overview *o)
{
    struct store_overview *r = o->ret;
    r->agents = vec_move(o->l.a, r->agents, r->n, &r->n_room, sizeof *r->agents);
    return &r->agents[r->n++];
}

/* A text that most agents share with the one before: kept once. */
static struct str
word_of(struct arena *a, const struct stmt *s, int column, struct str last)
{
    return str_eq(stmt_col_view(s, column), last) ? last : stmt_col_str(s, column, a);
}

static int
add_agent(struct overview *o, const struct stmt *s, struct population *expected,
          const struct map *moves)
{
    struct arena *a = o->l.a;
    const struct store_overview_agent none = {.os = STR(""), .address = STR("")},
                                      last = o->ret->n ? o->ret->agents[o->ret->n - 1] : none;
    struct fleet_agent ag = {.name = stmt_col_str(s, 3, a), .last_seen = stmt_col_time(s, 2)};
    const uint64_t *moved = map_get(moves, ag.name);
    long group = load_find_id(o->l.groups, moved ? *moved : stmt_col_uint(s, 1));
    if (group < 0 && o->l.q->n_groups == 0)
        return diag_fail(o->l.d, DIAG_BAD_DATA, "agent %.*s: the group that it is in is not there",
                         STR_ARG(ag.name));
    struct overview_row *row = VEC_PUSH_SOLE(a, &o->rows);
    *row = (struct overview_row){stmt_col_uint(s, 0), -1};
    if (group < 0 || population_judge(expected, &ag, o->l.f->groups.v[group].name))
        return 0;
    row->at = (long)o->ret->n;
    *add_row(o) = (struct store_overview_agent){.name = ag.name,
                                                .alias = word_of(a, s, 4, STR("")),
                                                .os = word_of(a, s, 5, last.os),
                                                .address = word_of(a, s, 6, last.address),
                                                .group = (size_t)group,
                                                .contact = ag.last_seen,
                                                .scanned = CLOCK_NONE,
                                                .is_expected = !ag.is_unexpected};
    return 0;
}

/* Whoever is on the list and never reported. */
static void
add_silent(struct overview *o, struct population *expected)
{
    const struct fleet *f = o->l.f;
    population_add_silent(expected);
    for (size_t i = 0; i < f->agents.n; i++)
        *add_row(o) = (struct store_overview_agent){.name = f->agents.v[i].name,
                                                    .alias = STR(""),
                                                    .os = STR(""),
                                                    .address = STR(""),
                                                    .group = f->agents.v[i].group,
                                                    .contact = CLOCK_NONE,
                                                    .scanned = CLOCK_NONE,
                                                    .is_expected = true};
}

static int
load_agents(struct overview *o)
{
    struct loading *l = &o->l;
    struct population *expected;
    struct map *moves;
    if (population_load(l, &expected) != 0 || group_moves_load(l, &moves) != 0)
        return -1;
    struct stmt *s = stmt_get(l->st, "overview_agents", l->d);
    if (!s)
        return -1;
    load_give_agents(l, s);
    if (stmt_stream(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW)
        if (add_agent(o, s, expected, moves) != 0)
            break;
    if (rc != STMT_END) {
        stmt_stop(s);
        return -1;
    }
    add_silent(o, expected);
    return 0;
}

/* ---- when they were heard of ---- */

/* Whose row it is; -1 = nobody asked for it. */
static long
walk_to(struct overview_walk *w, uint64_t id)
{
    while (w->next < w->o->rows.n && w->o->rows.v[w->next].id < id)
        w->next++;
    return w->next < w->o->rows.n && w->o->rows.v[w->next].id == id ? w->o->rows.v[w->next].at : -1;
}

static int
load_contacts(struct overview *o)
{
    struct loading *l = &o->l;
    struct stmt *s = stmt_get(l->st, "overview_contacts", l->d);
    struct overview_walk w = {.o = o};
    if (!s)
        return -1;
    load_give_agents(l, s);
    if (stmt_stream(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        int64_t heard = stmt_col_time(s, 1);
        long at = walk_to(&w, stmt_col_uint(s, 0));
        if (at >= 0 && heard > o->ret->agents[at].contact)
            o->ret->agents[at].contact = heard;
    }
    return rc;
}

/* ---- scans ---- */

/* The agent at hand is told by the newest scan of each policy, whatever its profile. */
static void
end_agent(struct overview *o)
{
    for (size_t i = 0; i < o->lines.n; i++) {
        const struct store_overview_line *line = &o->lines.v[i];
        struct store_overview_agent *ag = &o->ret->agents[o->at];
        tally_add(&ag->counts, &line->counts);
        ag->scanned = line->end > ag->scanned ? line->end : ag->scanned;
        if (o->l.q->agent.len)
            *VEC_PUSH(o->l.a, &o->ret->lines) = *line;
    }
    o->lines.n = 0;
}

static void
add_scan(struct overview *o, const struct stmt *s, long at)
{
    long policy = load_find_id(o->l.policies, stmt_col_uint(s, C_POLICY));
    int64_t counts[STATUS__COUNT] = {0};
    if (policy < 0)
        return;
    if (at != o->at)
        end_agent(o);
    o->at = at;
    scan_row_read_counts(s, C_COUNTS, counts);
    struct store_overview_line line = {.policy = o->l.f->policies.v[policy].id,
                                       .end = stmt_col_time(s, C_END),
                                       .is_partial = stmt_col_int(s, C_FLAGS) & FLAG_PARTIAL,
                                       .counts = tally_of(counts)};
    for (size_t i = 0; i < o->lines.n; i++) {
        struct store_overview_line *known = &o->lines.v[i];
        if (!str_eq(known->policy, line.policy))
            continue;
        if (line.end > known->end)
            *known = line;
        return;
    }
    *VEC_PUSH(o->l.a, &o->lines) = line;
}

/* One that is dated ahead of the clock is not the newest before its time has come: its agent is asked for again. Flags are
 * for whoever looks at one agent: they are read from scan. */
static int
load_scans(struct overview *o)
{
    struct loading *l = &o->l;
    struct stmt *s = stmt_get(l->st, "overview_scans", l->d);
    struct overview_walk w = {.o = o};
    if (!s)
        return -1;
    stmt_uint(s, l->q->agent.len > 0);
    load_give_agents(l, s);
    stmt_time(s, l->q->from);
    if (stmt_stream(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, C_AGENT);
        long at = walk_to(&w, id);
        if (at < 0)
            continue;
        if (stmt_col_time(s, C_END) < l->q->to)
            add_scan(o, s, at);
        else
            *VEC_PUSH(l->a, &o->ahead) = (struct overview_line){id, stmt_col_uint(s, C_LINE), at};
    }
    end_agent(o);
    return rc;
}

static int
load_behind_the_clock(struct overview *o)
{
    struct loading *l = &o->l;
    for (size_t i = 0; i < o->ahead.n; i++) {
        const struct overview_line *line = &o->ahead.v[i];
        struct stmt *s = stmt_get(l->st, "overview_before", l->d);
        if (!s)
            return -1;
        stmt_uint(s, line->agent_id);
        stmt_uint(s, line->line_id);
        load_give_window(l, s, 1);
        enum stmt_answer rc = stmt_first(s, l->d);
        if (rc == STMT_FAILED)
            return -1;
        if (rc == STMT_ROW)
            add_scan(o, s, line->at);
    }
    end_agent(o);
    return 0;
}

/* Without a scan only those count that are expected. */
static void
finish(struct overview *o)
{
    struct store_overview *r = o->ret;
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->agents[i].is_expected || r->agents[i].scanned != CLOCK_NONE)
            r->agents[n++] = r->agents[i];
    r->n = n;
    r->n_groups = o->l.f->groups.n;
    r->groups = ARENA_ARRAY(o->l.a, struct str, r->n_groups + 1);
    for (size_t i = 0; i < r->n_groups; i++)
        r->groups[i] = o->l.f->groups.v[i].name;
}

static int
load_overview(struct overview *o)
{
    struct loading *l = &o->l;
    l->groups = map_new(l->a);
    l->policies = map_new(l->a);
    if (load_groups_and_policies(l) != 0 || load_agents(o) != 0 || load_contacts(o) != 0 ||
        load_scans(o) != 0 || load_behind_the_clock(o) != 0)
        return -1;
    finish(o);
    return 0;
}

int
store_load_overview(struct store *st, const struct fleet_query *q, struct arena *a,
                    struct store_overview *ret, struct diag *d)
{
    struct store_outage away = {0};
    struct fleet_query now = *q;
    assert(!st->in_transaction && q->window_s > 0);
    now.to = env_now() + SCAN_ROW_AHEAD_S;
    now.from = now.to - q->window_s;
    for (;;) {
        struct fleet f = {0};
        *ret = (struct store_overview){.from = now.from, .to = now.to};
        struct overview o = {
            .l = {.st = st, .q = &now, .a = a, .f = &f, .d = d}, .ret = ret, .at = -1};
        if (snapshot_begin(st, d) != 0)
            return -1;
        int rc = load_overview(&o);
        snapshot_end(st);
        if (rc == 0)
            return 0;
        if (d->first.code != DIAG_LOST || !store_outlast(st, &away, d))
            return -1;
        diag_clear(d);
    }
}

int
store_load_new_failures(struct store *st, struct str agent, struct arena *a,
                        struct store_new_failure **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct store_new_failure) all = {0};
    struct stmt *s = stmt_get(st, "new_failures", d);
    if (!s)
        return -1;
    stmt_uint(s, agent.len == 0);
    stmt_uint(s, agent.len ? ids_agent(agent) : 0);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &all) = (struct store_new_failure){.agent = stmt_col_str(s, 0, a),
                                                        .policy = stmt_col_str(s, 1, a),
                                                        .check = stmt_col_str(s, 2, a),
                                                        .title = stmt_col_str(s, 3, a),
                                                        .end = stmt_col_time(s, 4)};
    *ret = all.v;
    *ret_n = all.n;
    return rc;
}
