/* Closed months in the place of old scans; load.c calls it. */
#include "store/load_months.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "model/tally.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/month_points.h"

enum {
    LONG_S = 62 * 86400, /* a period of which closed months are read: of others every scan is */
    C_COUNTS = 6,        /* columns of month_shown.sql */
    C_SCORE = 23,
    C_LINE,
    C_STARTED,
    C_CONTENT,
    C_SAID,
    C_REVISION,
    C_STANDING,
    C_DIGEST
};

/* ---- which months ---- */

static bool
wants_chunk(const struct loading *l, int chunk)
{
    return !l->q->agent.len || month_chunk(ids_agent(l->q->agent)) == chunk;
}

static int
read_facts(struct loading *l, int month, struct fact_index *ret)
{
    struct fact_key key = month_key(month, 0);
    *ret = (struct fact_index){0};
    return fact_state_read(l->st, fact_bucket_of(FACT_MONTH, &key), ret, l->d);
}

static const struct fact_entry *
find_fact(const struct fact_index *facts, int month, int chunk)
{
    struct fact_key key = month_key(month, chunk);
    const struct fact_entry *e = fact_index_find(facts, FACT_MONTH, &key);
    return e && !fact_is_gone(&e->digest) ? e : NULL;
}

/* By the log: every chunk that is asked for is closed. */
static int
is_closed(struct loading *l, int month, bool *ret)
{
    struct fact_index facts;
    int rc = read_facts(l, month, &facts);
    *ret = rc == 0;
    for (int i = 0; i < MONTH_CHUNKS && *ret; i++)
        *ret = !wants_chunk(l, i) || find_fact(&facts, month, i);
    fact_index_free(&facts);
    return rc;
}

/* The last one that ends by `to`. */
static int
find_closed(struct loading *l, int64_t to, int *ret)
{
    const struct fact_buckets *b = &l->st->fact_state->buckets;
    *ret = 0;
    for (size_t i = b->n; i-- > 0 && b->v[i].id >> 32 >= FACT_MONTH;) {
        int month = (int)(b->v[i].id & UINT32_MAX);
        bool closed;
        if (b->v[i].id >> 32 != FACT_MONTH || month_start(month_after(month)) > to)
            continue;
        if (is_closed(l, month, &closed) != 0)
            return -1;
        *ret = month;
        if (closed)
            return 0;
        *ret = 0;
    }
    return 0;
}

/* Every month since the beginning of the period is closed. */
static int
are_closed(struct loading *l, int last, bool *ret)
{
    *ret = true;
    for (int m = month_of(l->q->from); m <= last && *ret; m = month_after(m))
        if (is_closed(l, m, ret) != 0)
            return -1;
    return 0;
}

static int
find_months(struct loading *now, struct loading *then)
{
    bool closed;
    if (find_closed(then, then->q->to, &then->month) != 0)
        return -1;
    if (!now->q->with_points && month_start(month_after(then->month)) <= then->q->from)
        then->month = 0; /* nothing of it is shown */
    if (now->q->to - now->q->from < LONG_S)
        return 0;
    if (find_closed(now, now->q->to, &now->month) != 0 || are_closed(now, now->month, &closed) != 0)
        return -1;
    if (!closed || month_start(month_after(now->month)) <= now->q->from)
        now->month = 0;
    return 0;
}

int
load_months_begin(struct loading *now, struct loading *then, struct diag *d)
{
    uint64_t *ids;
    size_t n;
    if (!now->q->compare || now->q->as_of)
        return 0;
    if (check_facts_begin(now->st, d) != 0 || find_months(now, then) != 0)
        return -1;
    struct map *digests = map_new(now->a);
    if ((now->month || then->month) &&
        fact_rows_policies(now->st, now->a, digests, &ids, &n, d) != 0)
        return -1;
    struct loading *const both[] = {now, then};
    for (int i = 0; i < 2; i++) {
        both[i]->digests = digests;
        both[i]->lines = map_new(now->a);
    }
    now->kept = ARENA_NEW(now->a, struct load_kept);
    return !now->q->by_months || now->month
               ? 0
               : diag_fail(d, DIAG_REFUSED,
                           "scans of this period were pruned, and not all of its months are "
                           "closed: begin it with the first month that has scans");
}

int64_t
load_months_rows_from(const struct loading *l)
{
    int64_t end = l->month ? month_start(month_after(l->month)) : l->q->from;
    return end > l->q->from ? end : l->q->from;
}

/* ---- scans ---- */

static bool
is_newer_read(const struct loading *l, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t key[] = {agent_id, line_id};
    return map_get_index(l->lines, str_n((const char *)key, sizeof key)) >= 0;
}

void
load_months_note(struct loading *l, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t key[] = {agent_id, line_id};
    if (l->month && !is_newer_read(l, agent_id, line_id))
        map_put_index(l->lines, ids_key(l->a, key, sizeof key), 0);
}

struct stmt *
load_months_scans(struct loading *l, int chunk)
{
    if (!l->month || month_start(month_after(l->month)) <= l->q->from || !wants_chunk(l, chunk))
        return NULL;
    struct stmt *s = stmt_get(l->st, "month_shown", l->d);
    if (!s)
        return NULL;
    stmt_int(s, chunk);
    stmt_int(s, l->month);
    stmt_int(s, l->month);
    stmt_time(s, l->q->from);
    load_give_agents(l, s);
    return s;
}

static void
read_digested(const struct loading *l, const struct stmt *s, struct digest_scan *ret)
{
    static const struct sha256_digest unknown;
    uint64_t policy_id = stmt_col_uint(s, 2);
    long at = roster_find_agent(l->roster, stmt_col_uint(s, 0));
    const struct sha256_digest *policy =
        map_get(l->digests, str_n((const char *)&policy_id, sizeof policy_id));
    *ret =
        (struct digest_scan){.agent = at < 0 ? STR("") : l->roster->agents.v[at].agent.name,
                             .line_id = stmt_col_uint(s, C_LINE),
                             .policy_id = policy_id,
                             .policy = policy ? policy : &unknown,
                             .profile = stmt_col_view(s, 3),
                             .format = stmt_col_view(s, 4),
                             .engine = stmt_col_view(s, 5),
                             .scanned_at = stmt_col_time(s, 1),
                             .started_at = stmt_col_time(s, C_STARTED),
                             .ingested_at = stmt_col_time(s, 22),
                             .score = stmt_col_is_null(s, C_SCORE) ? -1 : stmt_col_int(s, C_SCORE),
                             .reported = stmt_col_double(s, 16),
                             .flags = stmt_col_int(s, 17),
                             .revision = stmt_col_int(s, C_REVISION),
                             .standing = stmt_col_int(s, C_STANDING),
                             .has_details = !stmt_col_is_null(s, 19),
                             .has_said = !stmt_col_is_null(s, C_SAID),
                             .n_vec = stmt_col_int(s, 20),
                             .vec = stmt_col_view(s, 21),
                             .said = stmt_col_view(s, C_SAID)};
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        ret->counts[i] = stmt_col_int(s, C_COUNTS + i);
    stmt_col_bytes(s, 18, ret->file.b, SHA256_SIZE);
    stmt_col_bytes(s, C_CONTENT, ret->content.b, SHA256_SIZE);
    stmt_col_bytes(s, 19, ret->details.b, sizeof ret->details.b);
}

int
load_months_check_scan(struct loading *l, const struct stmt *s)
{
    struct digest_scan scan;
    struct sha256_digest told;
    if (is_newer_read(l, stmt_col_uint(s, 0), stmt_col_uint(s, C_LINE)))
        return 0;
    read_digested(l, s, &scan);
    stmt_col_bytes(s, C_DIGEST, told.b, SHA256_SIZE);
    struct sha256_digest is = digest_scan(&scan);
    if (memcmp(is.b, told.b, SHA256_SIZE) != 0)
        return diag_fail(l->d, DIAG_BAD_DATA,
                         "scan %.*s %s: the row is not what the audit log says of it",
                         STR_ARG(scan.agent), clock_iso(l->d->arena, scan.scanned_at).s);
    l->n_of_months++;
    if (l->kept)
        *VEC_PUSH_SOLE(l->a, &l->kept->v) = (struct check_file){scan.ingested_at, scan.file};
    return 1;
}

/* ---- states ---- */

struct stating {
    struct loading *l;     /* whose month it is */
    struct loading *carry; /* who gets points of what is older than its period; NULL = nobody */
    int64_t n_expected;    /* scans that month_shown.sql has to have given */
};

static int
add_point(struct loading *l, uint64_t agent_id, uint64_t policy_id, int64_t end,
          const struct tally *sum)
{
    size_t agent;
    const struct load_version *v;
    enum load_whose whose = load_find_owner(l, agent_id, policy_id, &agent, &v);
    if (whose == LOAD_WANTED)
        load_put_point(l, agent, load_policy_at(l, policy_id), end, sum->passed, sum->failed);
    return whose == LOAD_BROKEN ? -1 : 0;
}

static int
take_state(void *ctx, const struct month_state *s, struct diag *d)
{
    struct stating *t = ctx;
    int64_t counts[STATUS__COUNT] = {0};
    (void)d;
    if ((t->l->q->agent.len && s->agent_id != ids_agent(t->l->q->agent)) ||
        is_newer_read(t->l, s->agent_id, s->line_id))
        return 0;
    if (s->scanned_at >= t->l->q->from) {
        t->n_expected++;
        return 0;
    }
    if (!t->carry)
        return 0;
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        counts[scan_row_statuses[i]] = s->counts[i];
    struct tally sum = tally_of(counts);
    return add_point(t->carry, s->agent_id, s->policy_id, s->scanned_at, &sum);
}

/* The row that says what is closed, as the log tells it. */
static int
load_close(struct loading *l, const struct fact_index *facts, int month, int chunk,
           struct month_close *ret)
{
    const struct fact_entry *e = find_fact(facts, month, chunk);
    int rc = month_load_close(l->st, month, chunk, ret, l->d);
    if (rc == STMT_FAILED)
        return -1;
    struct sha256_digest is = rc == STMT_ROW ? month_digest(ret) : (struct sha256_digest){0};
    return e && memcmp(is.b, e->digest.b, SHA256_SIZE) == 0
               ? 0
               : month_not_as_told("close", month, chunk, e, DIAG_BAD_DATA, l->d);
}

static int
read_states(struct loading *l, struct loading *carry)
{
    struct stating t = {.l = l, .carry = carry};
    struct fact_index facts;
    int rc = read_facts(l, l->month, &facts);
    for (int i = 0; i < MONTH_CHUNKS && rc == 0; i++) {
        struct month_close told, is;
        if (!wants_chunk(l, i))
            continue;
        rc = load_close(l, &facts, l->month, i, &told);
        is = told;
        if (rc == 0)
            rc = month_read_states(l->st, l->month, i, take_state, &t, &is, l->d);
        if (rc == 0 &&
            (is.n_states != told.n_states || memcmp(is.states.b, told.states.b, SHA256_SIZE) != 0))
            rc = month_not_as_told("state", l->month, i, find_fact(&facts, l->month, i),
                                   DIAG_BAD_DATA, l->d);
    }
    fact_index_free(&facts);
    if (rc == 0 && t.n_expected != l->n_of_months)
        rc = diag_fail(l->d, DIAG_BAD_DATA,
                       "scan: %lld of %lld that the closed months tell of are gone",
                       (long long)(t.n_expected - l->n_of_months), (long long)t.n_expected);
    return rc;
}

/* Between the last closed month and the period before: the newest of each line that has no newer one. */
static int
carry_rows(struct loading *now, struct loading *then)
{
    enum { P_LINE = 15 };
    int64_t from = month_start(month_after(then->month));
    if (from >= then->q->from)
        return 0;
    struct stmt *s = stmt_get(then->st, "fleet_points_newest", then->d);
    if (!s)
        return -1;
    load_give_agents(then, s);
    stmt_time(s, from);
    stmt_time(s, then->q->from);
    if (stmt_stream(s, then->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, then->d)) == STMT_ROW) {
        uint64_t agent_id = stmt_col_uint(s, 0), line_id = stmt_col_uint(s, P_LINE);
        if (is_newer_read(then, agent_id, line_id))
            continue;
        load_months_note(then, agent_id, line_id);
        if (load_add_point(now, s, &load_point_row) != 0) {
            stmt_stop(s);
            return -1;
        }
    }
    return rc;
}

int
load_months_states(struct loading *now, struct loading *then)
{
    bool has_points = now->q->with_points;
    if (then->month && ((has_points && carry_rows(now, then) != 0) ||
                        read_states(then, has_points ? now : NULL) != 0))
        return -1;
    return now->month ? read_states(now, NULL) : 0;
}

/* ---- points ---- */

/* Points of a line follow each other: whose they are is asked once. */
struct last_point {
    uint64_t agent_id, policy_id;
    enum load_whose whose;
    size_t agent, policy;
};

static int
find_owner(struct loading *l, const struct month_point *p, struct last_point *last)
{
    const struct load_version *v;
    if (p->agent_id == last->agent_id && p->policy_id == last->policy_id)
        return 0;
    *last = (struct last_point){.agent_id = p->agent_id, .policy_id = p->policy_id};
    last->whose = load_find_owner(l, p->agent_id, p->policy_id, &last->agent, &v);
    if (last->whose == LOAD_WANTED)
        last->policy = load_policy_at(l, p->policy_id);
    return last->whose == LOAD_BROKEN ? -1 : 0;
}

static int
take_points(struct loading *l, struct str packed)
{
    struct month_reader r = month_points_read(packed);
    struct month_point p;
    struct last_point last = {.whose = LOAD_OTHER};
    uint64_t only = l->q->agent.len ? ids_agent(l->q->agent) : 0;
    int more;
    while ((more = month_points_next(&r, &p)) == 1) {
        if ((only && p.agent_id != only) || p.end < l->q->from)
            continue;
        if (find_owner(l, &p, &last) != 0)
            return -1;
        if (last.whose == LOAD_WANTED)
            load_put_point(l, last.agent, last.policy, p.end, p.passed, p.failed);
    }
    return more == 0 ? 0 : diag_fail(l->d, DIAG_BAD_DATA, "month_points: damaged");
}

static int
read_points(struct loading *l, int month)
{
    struct fact_index facts;
    int rc = read_facts(l, month, &facts);
    for (int i = 0; i < MONTH_CHUNKS && rc == 0; i++) {
        struct arena *a = arena_new();
        struct month_close told;
        struct sha256_digest is;
        struct str packed;
        if (wants_chunk(l, i) && (rc = load_close(l, &facts, month, i, &told)) == 0 &&
            (rc = month_read_points(l->st, month, i, a, &packed, &is, l->d)) == 0)
            rc = memcmp(is.b, told.points.b, SHA256_SIZE) == 0
                     ? take_points(l, packed)
                     : month_not_as_told("points", month, i, find_fact(&facts, month, i),
                                         DIAG_BAD_DATA, l->d);
        arena_free(a);
    }
    fact_index_free(&facts);
    return rc;
}

int
load_months_points(struct loading *now)
{
    assert(now->month);
    for (int m = month_of(now->q->from); m <= now->month; m = month_after(m)) {
        size_t n = now->f->points.n;
        if (read_points(now, m) != 0)
            return -1;
        load_sort_points(now, n);
    }
    return 0;
}
