/* Every row of every fact against the rules (rules.c) and against the hash it is named by, in one
 * snapshot, a table after the other, so that nothing but names and positions is kept. Called for `assay
 * audit verify`. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "store/detail_base.h"
#include "store/policy.h"
#include "store/rules.h"
#include "store/scan_row.h"
#include "store/snapshot.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct detail_bases *, detail_bases_free)

enum { MOST_TOLD = 20 }; /* rows that are named; the others are counted */

struct seen_set { /* a row of detail_set */
    struct hash16 hash;
    uint32_t last;   /* position of its last record */
    bool is_of_scan; /* its name is not that of what it says: only one scan may have it */
};

struct seen_version { /* a row of policy */
    uint64_t policy_id;
    struct str id;
    size_t n_checks;
};

struct seen_current { /* a row of agent_current, and what the scans of its line are */
    uint64_t agent_id, line_id, policy_id;
    int64_t at, n_scans, newest, n_found;
    uint32_t counts[SCAN_ROW_COUNTS];
    bool is_other; /* the scan that it points at says something else */
};

struct verifying {
    struct store *st;
    struct arena *a;
    struct store_tables n;
    struct map *groups, *agents; /* ids; of agents with the place of their name in names */
    VEC(struct str) names;
    VEC(struct seen_version) versions; /* by policy_id */
    VEC(struct hash16) evidence;       /* by hash */
    VEC(struct seen_set) sets;         /* by hash */
    VEC(struct seen_current) currents; /* by agent and line */
    struct seen_version *version;      /* of the last scan, with its line */
    struct str profile;
    uint64_t line_id;
    struct diag *d;
};

/* Tells of a row, whose failure is in one; what follows the first is a warning. */
static void
tell(struct verifying *v, const struct diag *one)
{
    assert(diag_failed(one));
    v->n.n_bad++;
    if (!diag_failed(v->d))
        diag_pass_on(v->d, one);
    else if (v->n.n_bad <= MOST_TOLD)
        diag_warn(v->d, DIAG_WARN_DATA, arena_str(v->d->arena, one->first.place), "%.*s",
                  STR_ARG(one->first.text));
}

static struct str
key_of(struct verifying *v, uint64_t id)
{
    return ids_key(v->a, &id, sizeof id);
}

static long
find_id(const struct map *m, uint64_t id)
{
    return map_get_index(m, str_n((const char *)&id, sizeof id));
}

/* bsearch, which wants an array also where there is nothing in it. */
static void *
find_in(const void *key, const void *v, size_t n, size_t size,
        int (*compare)(const void *, const void *))
{
    return n ? bsearch(key, v, n, size, compare) : NULL;
}

/* Begins to read a table; NULL with the diag set when that fails. */
static struct stmt *
begin_table(struct verifying *v, const char *query, struct diag *d)
{
    struct stmt *s = stmt_get(v->st, query, d);
    return s && stmt_stream(s, d) == 0 ? s : NULL;
}

/* ---- names ---- */

static int
verify_groups(struct verifying *v, struct diag *d)
{
    struct stmt *s = begin_table(v, "fleet_groups", d);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct str name = stmt_col_str(s, 1, a);
        map_put_index(v->groups, key_of(v, stmt_col_uint(s, 0)), 0);
        if (ids_group(name) == stmt_col_uint(s, 0))
            continue;
        diag_fail(&one, DIAG_BAD_DATA, "name: the row has the id of another name");
        diag_at(&one, "agent_group %.*s", STR_ARG(name));
        tell(v, &one);
    }
    return rc;
}

static int
verify_agents(struct verifying *v, struct diag *d)
{
    struct stmt *s = begin_table(v, "fleet_agents", d);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct str name = stmt_col_str(s, 1, v->a);
        v->n.n_agents++;
        map_put_index(v->agents, key_of(v, stmt_col_uint(s, 0)), v->names.n);
        *VEC_PUSH(v->a, &v->names) = name;
        if (ids_agent(name) != stmt_col_uint(s, 0))
            diag_fail(&one, DIAG_BAD_DATA, "name: the row has the id of another name");
        else if (find_id(v->groups, stmt_col_uint(s, 5)) < 0)
            diag_fail(&one, DIAG_BAD_DATA, "group_id: there is no such group");
        else if (stmt_col_time(s, 6) < 0 || stmt_col_time(s, 7) < stmt_col_time(s, 6))
            diag_fail(&one, DIAG_BAD_DATA, "first_seen is behind last_seen, or no time");
        if (!diag_failed(&one))
            continue;
        diag_at(&one, "agent %.*s", STR_ARG(name));
        tell(v, &one);
    }
    return rc;
}

/* The list of agents and their other names, which are ids of agents as well. */
static int
verify_enrolment(struct verifying *v, struct diag *d)
{
    struct stmt *s = begin_table(v, "verify_names", d);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct str name = stmt_col_str(s, 1, a);
        if (ids_agent(name) == stmt_col_uint(s, 0))
            continue;
        diag_fail(&one, DIAG_BAD_DATA, "name: the row has the id of another name");
        diag_at(&one, "%.*s %.*s", STR_ARG(stmt_col_str(s, 2, a)), STR_ARG(name));
        tell(v, &one);
    }
    return rc;
}

/* ---- texts ---- */

static int
by_policy(const void *a, const void *b)
{
    const struct seen_version *x = a, *y = b;
    return x->policy_id < y->policy_id ? -1 : x->policy_id > y->policy_id;
}

static int
list_policies(struct verifying *v, struct diag *d)
{
    struct stmt *s = begin_table(v, "policy_ids", d);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(v->a, &v->versions) =
            (struct seen_version){.policy_id = stmt_col_uint(s, 0),
                                  .id = stmt_col_str(s, 1, v->a),
                                  .n_checks = (size_t)stmt_col_int(s, 2)};
    v->n.n_policies = (int64_t)v->versions.n;
    if (v->versions.n)
        qsort(v->versions.v, v->versions.n, sizeof *v->versions.v, by_policy);
    return rc;
}

/* Loading its checks compares them all. A failure of the server is none of the row. */
static int
verify_policies(struct verifying *v, struct diag *d)
{
    if (list_policies(v, d) != 0)
        return -1;
    for (size_t i = 0; i < v->versions.n; i++) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct scan_check *checks;
        size_t n;
        if (policy_load_checks(v->st, v->versions.v[i].policy_id, false, a, &checks, &n, &one) == 0)
            continue;
        if (one.first.code != DIAG_BAD_DATA)
            return diag_pass_on(d, &one);
        tell(v, &one);
    }
    return 0;
}

/* ---- evidence and details ---- */

static int
by_hash(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct hash16));
}

static int
verify_evidence(struct verifying *v, struct diag *d)
{
    struct stmt *s = begin_table(v, "verify_evidence", d);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct hash16 h, is = ids_hash16(stmt_col_str(s, 1, a));
        stmt_col_bytes(s, 0, h.b, sizeof h.b);
        *VEC_PUSH(v->a, &v->evidence) = h;
        v->n.n_evidence++;
        if (memcmp(h.b, is.b, sizeof h.b) == 0)
            continue;
        diag_fail(&one, DIAG_BAD_DATA, "body is not what its hash says: it was changed");
        diag_at(&one, "evidence %.*s", STR_ARG(ids_hex(a, &h)));
        tell(v, &one);
    }
    return rc;
}

static void
tell_of_base(void *who, const struct diag *one)
{
    tell(who, one);
}

/* Each evidence that a set names is there. */
static int
check_evidence_of(const struct verifying *v, const struct detail_form *set, struct diag *d)
{
    for (size_t i = 0; i < set->n_pos; i++) {
        const struct detail_text *t = set->at[i];
        if (t && t->kind == DETAIL_NAMED &&
            !find_in(&t->hash, v->evidence.v, v->evidence.n, sizeof(struct hash16), by_hash))
            return diag_fail(d, DIAG_BAD_DATA, "records: evidence %.*s is missing",
                             STR_ARG(ids_hex(d->arena, &t->hash)));
    }
    return 0;
}

/* Bases first: no other statement runs while rows come. */
static int
verify_details(struct verifying *v, struct diag *d)
{
    AUTO(detail_bases_free_auto) struct detail_bases *bases = detail_bases_new();
    struct stmt *s = NULL;
    if (detail_base_need_all(v->st, bases, tell_of_base, v, d) == 0)
        s = begin_table(v, "verify_details", d);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct seen_set k = {.is_of_scan = true};
        struct detail_form set;
        struct details named;
        struct detail_row row = detail_row_read(s, a);
        k.hash = row.hash;
        if (detail_row_spell(&row, bases, a, a, &set, &named, &one) == 0) {
            k.is_of_scan = !detail_is_named(named.records, named.words, &k.hash);
            if (check_evidence_of(v, &set, &one) == 0)
                k.last = (uint32_t)(set.n_pos - 1);
        }
        *VEC_PUSH(v->a, &v->sets) = k;
        v->n.n_details++;
        if (!diag_failed(&one))
            continue;
        diag_at(&one, "detail_set %.*s", STR_ARG(ids_hex(a, &k.hash)));
        tell(v, &one);
    }
    return rc;
}

/* ---- scans ---- */

enum {
    C_AGENT,
    C_LINE,
    C_END,
    C_POLICY,
    C_PROFILE,
    C_COUNTS,
    C_SCORE = C_COUNTS + SCAN_ROW_COUNTS,
    C_FLAGS,
    C_N_VEC,
    C_VEC,
    C_SAID,
    C_DETAILS,
    C_STARTED,
    C_INGESTED
};

static struct str
agent_name(const struct verifying *v, uint64_t id, struct arena *a)
{
    long at = find_id(v->agents, id);
    return at < 0 ? arena_fmt(a, "agent_id %llu", (unsigned long long)id) : v->names.v[at];
}

static int
check_rules(const struct stmt *s, const struct seen_version *p, struct arena *a, struct diag *d)
{
    int64_t counts[STATUS__COUNT] = {0};
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        counts[scan_row_statuses[i]] = stmt_col_int(s, C_COUNTS + i);
    struct rules_scan row = {.end = stmt_col_time(s, C_END),
                             .start = stmt_col_time(s, C_STARTED),
                             .ingested = stmt_col_time(s, C_INGESTED),
                             .counts = counts,
                             .has_score = !stmt_col_is_null(s, C_SCORE),
                             .score = stmt_col_int(s, C_SCORE),
                             .flags = (unsigned)stmt_col_int(s, C_FLAGS),
                             .n_checks = p->n_checks,
                             .n_vec = (size_t)stmt_col_int(s, C_N_VEC),
                             .vec = stmt_col_str(s, C_VEC, a),
                             .has_said = !stmt_col_is_null(s, C_SAID),
                             .said = stmt_col_str(s, C_SAID, a),
                             .is_all_loaded = true};
    return rules_scan(&row, d);
}

/* The set that a scan names is there, speaks of its checks, and is named by what it says; or, from schema
 * 011, by this scan. */
static int
check_set(const struct verifying *v, const struct stmt *s, struct diag *d)
{
    struct hash16 h;
    if (stmt_col_is_null(s, C_DETAILS))
        return 0;
    stmt_col_bytes(s, C_DETAILS, h.b, sizeof h.b);
    const struct seen_set *k = find_in(&h, v->sets.v, v->sets.n, sizeof(struct seen_set), by_hash);
    if (!k)
        return diag_fail(d, DIAG_BAD_DATA, "detail_set %.*s is missing",
                         STR_ARG(ids_hex(d->arena, &h)));
    if (k->is_of_scan && !detail_is_named_by(stmt_col_uint(s, C_AGENT), stmt_col_uint(s, C_LINE),
                                             stmt_col_time(s, C_END), &h))
        return diag_fail(d, DIAG_BAD_DATA,
                         "detail_set %.*s is not what its hash says: records or words were changed",
                         STR_ARG(ids_hex(d->arena, &h)));
    if (k->last < (uint64_t)stmt_col_int(s, C_N_VEC))
        return 0;
    return diag_fail(d, DIAG_BAD_DATA, "detail_set speaks of check %u, the scan has %lld", k->last,
                     (long long)stmt_col_int(s, C_N_VEC));
}

/* The line is that of policy and profile: computed when one of them is another than before. */
static int
check_line(struct verifying *v, const struct stmt *s, struct seen_version *p, struct str profile,
           struct diag *d)
{
    if (v->version != p || !str_eq(v->profile, profile)) {
        struct scan_policy policy = {.id = p->id, .profile = profile};
        v->version = p;
        v->profile = arena_str(v->a, profile);
        v->line_id = ids_line(&policy);
    }
    return v->line_id == stmt_col_uint(s, C_LINE)
               ? 0
               : diag_fail(d, DIAG_BAD_DATA, "line_id is not that of policy and profile");
}

static int
check_scan(struct verifying *v, const struct stmt *s, struct str profile, struct seen_version *p,
           struct arena *a, struct diag *d)
{
    if (!p)
        return diag_fail(d, DIAG_BAD_DATA, "policy_id: there is no such policy");
    if (find_id(v->agents, stmt_col_uint(s, C_AGENT)) < 0)
        return diag_fail(d, DIAG_BAD_DATA, "agent_id: there is no such agent");
    if (check_rules(s, p, a, d) != 0 || check_line(v, s, p, profile, d) != 0)
        return -1;
    return check_set(v, s, d);
}

/* ---- the newest of each line ---- */

static int
by_line(const void *a, const void *b)
{
    const struct seen_current *x = a, *y = b;
    if (x->agent_id != y->agent_id)
        return x->agent_id < y->agent_id ? -1 : 1;
    return x->line_id < y->line_id ? -1 : x->line_id > y->line_id;
}

static int
list_currents(struct verifying *v, struct diag *d)
{
    struct stmt *s = begin_table(v, "verify_currents", d);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        struct seen_current *c = VEC_PUSH(v->a, &v->currents);
        *c = (struct seen_current){.agent_id = stmt_col_uint(s, 0),
                                   .line_id = stmt_col_uint(s, 1),
                                   .at = stmt_col_time(s, 2),
                                   .policy_id = stmt_col_uint(s, 3),
                                   .n_scans = stmt_col_int(s, 4),
                                   .newest = CLOCK_NONE};
        for (int i = 0; i < SCAN_ROW_COUNTS; i++)
            c->counts[i] = (uint32_t)stmt_col_uint(s, 5 + i);
    }
    return rc;
}

static bool
is_of(const struct seen_current *c, const struct stmt *s)
{
    bool same = stmt_col_uint(s, C_POLICY) == c->policy_id;
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        same = same && stmt_col_uint(s, C_COUNTS + i) == c->counts[i];
    return same;
}

/* Scans come in the order of the lines, so that the one that was found last is mostly the next, too. */
static int
count_current(struct verifying *v, const struct stmt *s, struct seen_current **at, struct diag *d)
{
    struct seen_current key = {.agent_id = stmt_col_uint(s, C_AGENT),
                               .line_id = stmt_col_uint(s, C_LINE)};
    if (!*at || by_line(&key, *at) != 0)
        *at = find_in(&key, v->currents.v, v->currents.n, sizeof key, by_line);
    if (!*at)
        return diag_fail(d, DIAG_BAD_DATA, "agent_current has no row for the line of this scan");
    if (stmt_col_time(s, C_END) > (*at)->newest)
        (*at)->newest = stmt_col_time(s, C_END);
    if (stmt_col_time(s, C_END) == (*at)->at)
        (*at)->is_other = !is_of(*at, s);
    (*at)->n_found++;
    return 0;
}

/* A line without a scan is one that is being made, or whose only scan was refused. */
static void
verify_currents(struct verifying *v)
{
    for (size_t i = 0; i < v->currents.n; i++) {
        const struct seen_current *c = &v->currents.v[i];
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        if (c->n_found == 0 ? c->n_scans == 0 : c->n_scans && c->at == c->newest && !c->is_other)
            continue;
        if (c->n_found == 0)
            diag_fail(&one, DIAG_BAD_DATA, "scanned_at points at a scan that is not there");
        else if (c->n_scans == 0)
            diag_fail(&one, DIAG_BAD_DATA, "n_scans says that there is none");
        else if (c->at == c->newest)
            diag_fail(&one, DIAG_BAD_DATA, "policy_id and counts are not those of the newest scan");
        else
            diag_fail(&one, DIAG_BAD_DATA, "scanned_at is not that of the newest scan, %s",
                      clock_iso(a, c->newest).s);
        diag_at(&one, "agent_current of %.*s, line %llu", STR_ARG(agent_name(v, c->agent_id, a)),
                (unsigned long long)c->line_id);
        tell(v, &one);
    }
}

static int
verify_scans(struct verifying *v, struct diag *d)
{
    struct seen_current *current = NULL;
    struct stmt *s = begin_table(v, "verify_scans", d);
    enum stmt_answer rc = STMT_FAILED;
    struct arena *a = arena_new();
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        struct diag one = diag_init(a);
        struct seen_version key = {.policy_id = stmt_col_uint(s, C_POLICY)};
        struct seen_version *p = find_in(&key, v->versions.v, v->versions.n, sizeof key, by_policy);
        struct str profile = stmt_col_str(s, C_PROFILE, a);
        v->n.n_scans++;
        check_scan(v, s, profile, p, a, &one);
        count_current(v, s, &current, &one); /* also a bad one is a scan of its line */
        if (diag_failed(&one)) {
            uint64_t id = stmt_col_uint(s, C_AGENT);
            rules_place(agent_name(v, id, a), p ? p->id : STR("an unknown policy"), profile,
                        stmt_col_time(s, C_END), &one);
            tell(v, &one);
        }
        if (arena_used(a) > (1 << 20)) { /* a new one for each row would cost more than the row */
            arena_free(a);
            a = arena_new();
        }
    }
    arena_free(a);
    return rc;
}

/* ---- all ---- */

static int
verify_all(struct verifying *v, struct diag *d)
{
    if (verify_groups(v, d) != 0 || verify_agents(v, d) != 0 || verify_enrolment(v, d) != 0 ||
        verify_policies(v, d) != 0 || verify_evidence(v, d) != 0 || verify_details(v, d) != 0 ||
        list_currents(v, d) != 0 || verify_scans(v, d) != 0)
        return -1;
    verify_currents(v);
    return 0;
}

int
store_verify_tables(struct store *st, struct store_tables *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct verifying v = {.st = st, .a = a, .d = d};
    struct diag server = diag_init(a); /* a failure to read is none of a row */
    assert(!st->in_transaction && !diag_failed(d));
    v.groups = map_new(a);
    v.agents = map_new(a);
    if (snapshot_begin(st, d) != 0)
        return -1;
    int rc = verify_all(&v, &server);
    snapshot_end(st);
    *ret = v.n;
    if (rc != 0 && !diag_failed(d))
        diag_pass_on(d, &server);
    return diag_failed(d) ? -1 : 0;
}
