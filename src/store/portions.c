/* Agents in portions, behind load.c: evidence, since when, the past. Each portion is read in a snapshot of its
 * own, and compared with what the fleet was when it was loaded. */
#include "store/portions.h"

#include <assert.h>
#include <string.h>

#include "store/load.h"
#include "store/policy.h"
#include "store/scan_row.h"
#include "store/snapshot.h"

enum { MANY = 40 }; /* agents that portal_history and portal_changes take */

struct portion_load {
    struct loading l;
    load_pending_list pending;
    const struct portion_query *q;
    struct portion *ret;
    struct map *agents; /* bytes of an id -> position in the fleet */
    struct map *lines;  /* bytes of the ids of agent and line -> position of the scan */
};

static struct str
line_key(struct arena *a, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t both[2] = {agent_id, line_id};
    return ids_key(a, both, sizeof both);
}

/* The scan as it was loaded: its set of details, and the version that its results are positions of. */
static int
find_scan(struct portion_load *p, size_t at)
{
    struct loading *l = &p->l;
    const struct fleet_scan *scan = &l->f->scans.v[at];
    const struct scan_policy named = {.id = l->f->policies.v[scan->policy].id,
                                      .profile = scan->profile};
    struct load_pending *w = VEC_PUSH(l->a, &p->pending);
    struct sha256_digest file;
    *w = (struct load_pending){.scan = at,
                               .agent_id = ids_agent(l->f->agents.v[scan->agent].name),
                               .line_id = ids_line(&named),
                               .end = scan->end};
    struct stmt *s = stmt_get(l->st, "portal_scan", l->d);
    if (!s)
        return -1;
    stmt_uint(s, w->agent_id);
    stmt_uint(s, w->line_id);
    stmt_time(s, w->end);
    enum stmt_answer rc = stmt_first(s, l->d);
    if (rc == STMT_FAILED)
        return -1;
    stmt_col_bytes(s, 2, file.b, sizeof file.b);
    if (rc == STMT_END || memcmp(file.b, scan->file_sha256.b, sizeof file.b) != 0)
        return diag_fail(l->d, DIAG_RETRY, "a scan of %.*s was replaced meanwhile",
                         STR_ARG(l->f->agents.v[scan->agent].name));
    l->ids.v[scan->policy] = stmt_col_uint(s, 0);
    w->has_set = !stmt_col_is_null(s, 1);
    if (w->has_set)
        stmt_col_bytes(s, 1, w->set.b, sizeof w->set.b);
    map_put_index(p->lines, line_key(l->a, w->agent_id, w->line_id), at);
    return 0;
}

/* A statement about agents, some of the query, in the time of the query. */
static struct stmt *
ask_about(struct portion_load *p, const char *name, size_t first)
{
    const struct portion_query *q = p->q;
    struct stmt *s = stmt_get(p->l.st, name, p->l.d);
    size_t n = q->n_agents - first < MANY ? q->n_agents - first : MANY;
    assert(n > 0);
    for (size_t i = 0; s && i < MANY; i++)
        stmt_uint(s, ids_agent(p->l.f->agents.v[q->agents[first + (i < n ? i : 0)]].name));
    if (!s)
        return NULL;
    stmt_time(s, q->from);
    stmt_time(s, q->to);
    return stmt_run(s, p->l.d) == 0 ? s : NULL;
}

static int
read_history(struct portion_load *p, size_t first)
{
    struct loading *l = &p->l;
    struct stmt *s = ask_about(p, "portal_history", first);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, l->d)) == STMT_ROW) {
        int64_t counts[STATUS__COUNT] = {0};
        struct portion_point *last = p->ret->points.n ? &p->ret->points.v[p->ret->points.n - 1] : NULL;
        struct portion_point one = {.agent = (size_t)load_find_id(p->agents, stmt_col_uint(s, 0)),
                                    .end = stmt_col_time(s, 1)};
        struct str *const words[] = {&one.policy, &one.title, &one.version, &one.profile};
        const struct str known[] = {last ? last->policy : STR(""), last ? last->title : STR(""),
                                    last ? last->version : STR(""), last ? last->profile : STR("")};
        for (int i = 0; i < 4; i++) /* most are those of the row before: kept once */
            *words[i] = str_eq(stmt_col_view(s, 2 + i), known[i]) ? known[i]
                                                                  : stmt_col_str(s, 2 + i, l->a);
        scan_row_read_counts(s, 6, counts);
        one.tally = tally_of(counts);
        *VEC_PUSH_SOLE(l->a, &p->ret->points) = one;
    }
    return rc;
}

static int
read_changes(struct portion_load *p, size_t first)
{
    struct loading *l = &p->l;
    struct stmt *s = ask_about(p, "portal_changes", first);
    enum stmt_answer rc = STMT_FAILED;
    while (s && (rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct hash16 name;
        int64_t was = stmt_col_int(s, 4), is = stmt_col_int(s, 5);
        long at = map_get_index(p->lines, line_key(l->a, stmt_col_uint(s, 0), stmt_col_uint(s, 1)));
        if (at < 0 || was < 0 || was >= STATUS__COUNT || is < 0 || is >= STATUS__COUNT ||
            stmt_col_time(s, 3) > l->f->scans.v[at].end)
            continue;
        const struct policy_version *v =
            policy_load(l->st, l->ids.v[l->f->scans.v[at].policy], l->d);
        if (!v)
            return diag_failed(l->d) ? -1 : diag_fail(l->d, DIAG_RETRY, "a policy is gone");
        stmt_col_bytes(s, 2, name.b, sizeof name.b);
        long pos = map_get_index(v->pos, str_n((const char *)name.b, sizeof name.b));
        if (pos >= 0)
            *VEC_PUSH_SOLE(l->a, &p->ret->changes) =
                (struct portion_change){.scan = (size_t)at,
                                        .pos = (size_t)pos,
                                        .at = stmt_col_time(s, 3),
                                        .was = (enum status)was,
                                        .is = (enum status)is};
    }
    return rc;
}

static int
load_all(struct portion_load *p)
{
    struct loading *l = &p->l;
    for (size_t i = 0; i < l->f->policies.n; i++)
        *VEC_PUSH(l->a, &l->ids) = 0;
    for (size_t i = 0; i < p->q->n_scans; i++)
        if (find_scan(p, p->q->scans[i]) != 0)
            return -1;
    if (load_evidence(l, &p->pending) != 0 || load_since(l, &p->pending) != 0)
        return -1;
    for (size_t i = 0; i < p->pending.n; i++) /* read before: no other statement may run below */
        if (!policy_load(l->st, l->ids.v[l->f->scans.v[p->pending.v[i].scan].policy], l->d))
            return diag_failed(l->d) ? -1 : diag_fail(l->d, DIAG_RETRY, "a policy is gone");
    for (size_t i = 0; i < p->q->n_agents; i += MANY)
        if (read_history(p, i) != 0 || read_changes(p, i) != 0)
            return -1;
    return 0;
}

int
portions_load(struct store *st, struct fleet *f, const struct portion_query *q, struct arena *a,
              struct portion *ret, struct diag *d)
{
    static const struct fleet_query nothing;
    *ret = (struct portion){0};
    struct portion_load p = {.l = {.st = st, .q = &nothing, .a = a, .f = f, .d = d},
                             .q = q,
                             .ret = ret,
                             .agents = map_new(a),
                             .lines = map_new(a)};
    for (size_t i = 0; i < q->n_agents; i++) {
        uint64_t id = ids_agent(f->agents.v[q->agents[i]].name);
        map_put_index(p.agents, ids_key(a, &id, sizeof id), q->agents[i]);
    }
    if (snapshot_begin(st, d) != 0)
        return -1;
    int rc = load_all(&p);
    snapshot_end(st);
    return rc;
}

void
portions_forget(struct fleet *f, const struct portion_query *q)
{
    for (size_t i = 0; i < q->n_scans; i++) {
        f->scans.v[q->scans[i]].evidence = NULL;
        f->scans.v[q->scans[i]].details = NULL;
    }
}
