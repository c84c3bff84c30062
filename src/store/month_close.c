/* A month -> states and points of its chunks; called by intake/months.c. */
#include "store/month_close.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "model/tally.h"
#include "store/bulk.h"
#include "store/check_facts.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/month.h"
#include "store/month_points.h"
#include "store/prune.h"
#include "store/rules.h"
#include "store/snapshot.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    FEW_CHUNKS = 4,     /* so many are read one by one, by their agents */
    AT_ONCE = 200000,   /* scans of a month that are in memory together */
    PIECE = 256 * 1024, /* bytes of points in a row */
};

struct chunk_work {
    struct month_close close;
    int64_t lock_n;                 /* of its lock, as it was when the scans were read */
    VEC(struct month_state) states; /* of lines that have scans in the month */
    struct str points;
};

struct month_work {
    int month;
    size_t n_chunks;
    struct chunk_work v[MONTH_CHUNKS];
};

/* A scan of the month, as far as it is wanted. */
struct month_scan {
    struct month_state s;
    int64_t tally[3]; /* passed, failed, skipped */
};

struct preparing {
    struct store *st;
    struct arena *a; /* of the work */
    struct diag *d;
    struct month_work *w;
    struct map *policies; /* bytes of an id -> digest */
    struct fact_index facts;
    VEC(struct month_scan) scans; /* in an arena of their own */
    struct arena *scans_arena;
};

/* ---- which one ---- */

static int
load_first_scan(struct store *st, int *ret, struct diag *d)
{
    int64_t first;
    if (store_first_scan(st, &first, d) != 0)
        return -1;
    *ret = first == CLOCK_NONE ? MONTH_NONE : month_of(first);
    return 0;
}

/* From the first month that is known: the first that is not closed, and how many chunks of it are. */
static int
find_open(struct store *st, int from, int *ret, int64_t *ret_closed, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_list", d);
    enum stmt_answer rc = s && stmt_run(s, d) == 0 ? STMT_ROW : STMT_FAILED;
    int open = from;
    bool is_found = false;
    *ret_closed = 0;
    while (rc == STMT_ROW && (rc = stmt_next(s, d)) == STMT_ROW) {
        int month = (int)stmt_col_int(s, 0);
        open = month < open ? month : open; /* the scans may be gone */
        if (is_found || month > open) {
            is_found = true;
            continue;
        }
        if (stmt_col_int(s, 1) == MONTH_CHUNKS)
            open = month_after(month);
        else {
            *ret_closed = stmt_col_int(s, 1);
            is_found = true;
        }
    }
    *ret = open;
    return rc;
}

int
store_next_month(struct store *st, int *ret, bool *ret_is_few, struct diag *d)
{
    int first, open, end = month_of(env_wall_us() / 1000000 - MONTH_WAIT_S);
    int64_t n_closed;
    assert(!st->in_transaction);
    *ret = 0;
    *ret_is_few = false;
    if (load_first_scan(st, &first, d) != 0 || find_open(st, first, &open, &n_closed, d) != 0)
        return -1;
    if (open >= end)
        return 0;
    *ret = open;
    if (n_closed)
        return 0;
    struct stmt *s = stmt_get(st, "month_enough", d);
    if (!s)
        return -1;
    stmt_time(s, month_start(open));
    stmt_time(s, month_start(end));
    enum stmt_answer rc = stmt_first(s, d);
    *ret_is_few = rc != STMT_ROW;
    return rc == STMT_FAILED ? -1 : 0;
}

/* ---- its scans ---- */

/* Facts of the days of the month, of the agents at hand. */
static int
read_facts(struct preparing *p)
{
    int64_t from = month_start(p->w->month), to = month_start(month_after(p->w->month));
    uint64_t first = fact_bucket_at(FACT_SCAN, from), last = fact_bucket_at(FACT_SCAN, to - 1);
    const struct fact_buckets *b = &p->st->fact_state->buckets;
    fact_index_clear(&p->facts);
    for (size_t i = 0; i < b->n; i++)
        if (b->v[i].id >= first && b->v[i].id <= last &&
            fact_state_read(p->st, b->v[i].id, &p->facts, p->d) != 0)
            return -1;
    return 0;
}

static int
take_scan(struct preparing *p, const struct stmt *s)
{
    static const struct sha256_digest unknown;
    struct digest_scan scan;
    int64_t counts[STATUS__COUNT] = {0};
    uint64_t agent_id = stmt_col_uint(s, FS_AGENT);
    fact_rows_scan(s, &scan);
    scan.agent = stmt_col_view(s, FS_NAME);
    const struct sha256_digest *policy =
        map_get(p->policies, str_n((const char *)&scan.policy_id, sizeof scan.policy_id));
    scan.policy = policy ? policy : &unknown;
    struct fact_key key = fact_rows_scan_key(FACT_SCAN, agent_id, &scan);
    struct fact_entry *e = fact_index_find(&p->facts, FACT_SCAN, &key);
    struct month_scan m = {.s = {.agent_id = agent_id,
                                 .line_id = scan.line_id,
                                 .policy_id = scan.policy_id,
                                 .month = p->w->month,
                                 .next_month = MONTH_NONE,
                                 .scanned_at = scan.scanned_at,
                                 .score = scan.score,
                                 .flags = scan.flags,
                                 .scan = digest_scan(&scan)}};
    if (!e || memcmp(e->digest.b, m.s.scan.b, SHA256_SIZE) != 0)
        return diag_fail(p->d, DIAG_VERIFY,
                         "scan %.*s %s: the row is not what the audit log says of it",
                         STR_ARG(scan.agent), clock_iso(p->d->arena, scan.scanned_at).s);
    e->is_seen = true;
    memcpy(m.s.counts, scan.counts, sizeof m.s.counts);
    for (size_t i = 0; i < SCAN_ROW_COUNTS; i++)
        counts[scan_row_statuses[i]] = scan.counts[i];
    if (rules_counts(counts, scan.score >= 0, scan.score, (unsigned)scan.flags, p->d) != 0)
        return -1;
    struct tally t = tally_of(counts);
    m.tally[0] = t.passed;
    m.tally[1] = t.failed;
    m.tally[2] = t.skipped;
    *VEC_PUSH_SOLE(p->scans_arena, &p->scans) = m;
    return 0;
}

static int
find_missing(const struct preparing *p)
{
    for (size_t i = 0; i < p->facts.n; i++)
        if (!p->facts.v[i].is_seen && !fact_is_gone(&p->facts.v[i].digest))
            return diag_fail(p->d, DIAG_VERIFY,
                             "scan: record %lld of the audit log tells of one of %04d-%02d that is "
                             "gone",
                             (long long)p->facts.v[i].seq, p->w->month / 100, p->w->month % 100);
    return 0;
}

static int
compare_lines(const struct month_state *p, const struct month_state *q)
{
    if (p->agent_id != q->agent_id)
        return p->agent_id < q->agent_id ? -1 : 1;
    return p->line_id < q->line_id ? -1 : p->line_id > q->line_id;
}

static int
by_line(const void *a, const void *b)
{
    const struct month_state *p = &((const struct month_scan *)a)->s,
                             *q = &((const struct month_scan *)b)->s;
    int by = compare_lines(p, q);
    return by ? by : p->scanned_at < q->scanned_at ? -1 : p->scanned_at > q->scanned_at;
}

static int
load_scans(struct preparing *p, int first_chunk, int last_chunk)
{
    uint64_t ignored;
    month_agents(first_chunk, &p->facts.first_agent, &ignored);
    month_agents(last_chunk, &ignored, &p->facts.last_agent);
    arena_free(p->scans_arena);
    p->scans_arena = arena_new();
    p->scans.v = NULL;
    p->scans.n = p->scans.cap = 0;
    if (read_facts(p) != 0)
        return -1;
    struct stmt *s = stmt_get(p->st, "month_scans", p->d);
    if (!s)
        return -1;
    stmt_time(s, month_start(p->w->month));
    stmt_time(s, month_start(month_after(p->w->month)));
    stmt_uint(s, p->facts.first_agent);
    stmt_uint(s, p->facts.last_agent);
    if (stmt_stream(s, p->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, p->d)) == STMT_ROW)
        if (take_scan(p, s) != 0) {
            stmt_stop(s);
            return -1;
        }
    if (rc != STMT_END || find_missing(p) != 0)
        return -1;
    if (p->scans.n)
        qsort(p->scans.v, p->scans.n, sizeof *p->scans.v, by_line);
    return 0;
}

/* ---- a chunk ---- */

/* States that go on from the month before, between those of lines that have scans. */
struct merging {
    const struct chunk_work *c;
    struct sha256 *h;
    size_t at;
    int64_t n;
};

static int
merge_state(void *ctx, const struct month_state *before, struct diag *d)
{
    struct merging *m = ctx;
    (void)d;
    int by = 1;
    while (m->at < m->c->states.n && (by = compare_lines(&m->c->states.v[m->at], before)) < 0) {
        month_states_add(m->h, &m->c->states.v[m->at++]);
        m->n++;
    }
    if (m->at >= m->c->states.n || by > 0) {
        month_states_add(m->h, before);
        m->n++;
    }
    return 0;
}

/* What the month before ends with is what the log says. */
static int
check_states(struct preparing *p, const struct month_close *is)
{
    struct fact_index facts = {0};
    struct fact_key key = month_key(is->month, is->chunk);
    struct sha256_digest digest = month_digest(is);
    int rc = fact_state_read(p->st, fact_bucket_of(FACT_MONTH, &key), &facts, p->d);
    const struct fact_entry *e = fact_index_find(&facts, FACT_MONTH, &key);
    if (rc == 0 && (!e || memcmp(e->digest.b, digest.b, SHA256_SIZE) != 0))
        rc = diag_fail(p->d, DIAG_VERIFY,
                       "month_state: %s is not what the audit log says of it (assay rebuild "
                       "--months)",
                       month_text(is->month, is->chunk, p->d->arena).s);
    fact_index_free(&facts);
    return rc;
}

static int
merge_states(struct preparing *p, struct chunk_work *c)
{
    struct merging m = {.c = c, .h = month_states_begin()};
    struct month_close before;
    int rc = month_load_close(p->st, month_before(c->close.month), c->close.chunk, &before, p->d);
    if (rc == STMT_ROW && (month_read_states(p->st, before.month, before.chunk, merge_state, &m,
                                             &before, p->d) != 0 ||
                           check_states(p, &before) != 0))
        rc = STMT_FAILED;
    for (; m.at < c->states.n; m.n++)
        month_states_add(m.h, &c->states.v[m.at++]);
    c->close.n_states = m.n;
    c->close.states = sha256_final(m.h);
    return rc == STMT_FAILED ? -1 : 0;
}

/* Scans of a chunk follow each other, by line and time. */
static int
make_chunk(struct preparing *p, struct chunk_work *c)
{
    month_point_list points = {0};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    int64_t n_of_line = 0;
    for (size_t i = 0; i < p->scans.n; i++) {
        const struct month_scan *m = &p->scans.v[i];
        if (month_chunk(m->s.agent_id) != c->close.chunk)
            continue;
        *VEC_PUSH_SOLE(a, &points) = (struct month_point){.agent_id = m->s.agent_id,
                                                          .line_id = m->s.line_id,
                                                          .policy_id = m->s.policy_id,
                                                          .end = m->s.scanned_at,
                                                          .passed = m->tally[0],
                                                          .failed = m->tally[1],
                                                          .skipped = m->tally[2]};
        n_of_line++;
        if (i + 1 < p->scans.n && compare_lines(&m[1].s, &m->s) == 0)
            continue;
        struct month_state *s = VEC_PUSH_SOLE(p->a, &c->states);
        *s = m->s;
        s->n_scans = n_of_line;
        n_of_line = 0;
    }
    c->points = month_points_pack(points.v, points.n, p->a);
    c->close.n_scans = (int64_t)points.n;
    c->close.points = sha256_of(c->points);
    return merge_states(p, c);
}

/* ---- the work ---- */

static int
list_chunks(struct preparing *p)
{
    struct month_close closed;
    int64_t locks[MONTH_CHUNKS] = {0};
    struct stmt *s = stmt_get(p->st, "month_locks", p->d);
    enum stmt_answer rc = s && stmt_run(s, p->d) == 0 ? STMT_ROW : STMT_FAILED;
    while (rc == STMT_ROW && (rc = stmt_next(s, p->d)) == STMT_ROW)
        locks[stmt_col_int(s, 0) & (MONTH_CHUNKS - 1)] = stmt_col_int(s, 1);
    for (int i = 0; rc != STMT_FAILED && i < MONTH_CHUNKS; i++) {
        rc = month_load_close(p->st, p->w->month, i, &closed, p->d);
        if (rc == STMT_END)
            p->w->v[p->w->n_chunks++] = (struct chunk_work){
                .close = {.month = p->w->month, .chunk = i}, .lock_n = locks[i]};
    }
    return rc == STMT_FAILED ? -1 : 0;
}

static int
count_scans(struct preparing *p, int64_t *ret)
{
    struct stmt *s = stmt_get(p->st, "month_count", p->d);
    if (!s)
        return -1;
    stmt_time(s, month_start(p->w->month));
    stmt_time(s, month_start(month_after(p->w->month)));
    enum stmt_answer rc = stmt_first(s, p->d);
    *ret = rc == STMT_ROW ? stmt_col_int(s, 0) : 0;
    return rc == STMT_FAILED ? -1 : 0;
}

static int
load_facts_state(struct preparing *p)
{
    uint64_t *ids;
    size_t n;
    p->policies = map_new(p->a);
    return check_facts_begin(p->st, p->d) == 0
               ? fact_rows_policies(p->st, p->a, p->policies, &ids, &n, p->d)
               : -1;
}

static int
prepare(struct preparing *p)
{
    int64_t n;
    struct month_work *w = p->w;
    if (load_facts_state(p) != 0 || list_chunks(p) != 0 || count_scans(p, &n) != 0)
        return -1;
    bool is_at_once = w->n_chunks > FEW_CHUNKS && n <= AT_ONCE;
    if (is_at_once && load_scans(p, 0, MONTH_CHUNKS - 1) != 0)
        return -1;
    for (size_t i = 0; i < w->n_chunks; i++) {
        int chunk = w->v[i].close.chunk;
        if ((!is_at_once && load_scans(p, chunk, chunk) != 0) || make_chunk(p, &w->v[i]) != 0)
            return -1;
    }
    return 0;
}

int
store_prepare_month(struct store *st, int month, struct arena *a, struct month_work **ret,
                    struct diag *d)
{
    struct preparing p = {.st = st, .a = a, .d = d, .w = ARENA_NEW(a, struct month_work)};
    assert(!st->in_transaction && month >= MONTH_FIRST && month < MONTH_NONE);
    p.w->month = month;
    if (snapshot_begin(st, d) != 0)
        return -1;
    int rc = prepare(&p);
    snapshot_end(st);
    fact_index_free(&p.facts);
    arena_free(p.scans_arena);
    *ret = p.w;
    return rc;
}

void
month_work_size(const struct month_work *w, int *ret_chunks, int64_t *ret_scans)
{
    *ret_chunks = (int)w->n_chunks;
    *ret_scans = 0;
    for (size_t i = 0; i < w->n_chunks; i++)
        *ret_scans += w->v[i].close.n_scans;
}

/* ---- writing ---- */

/* *ret_n (NULL = nobody asks): rows that changed. */
static int
run_on(struct store *st, const char *name, int month, int chunk, int64_t *ret_n, struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    if (!s)
        return -1;
    stmt_int(s, month);
    stmt_int(s, chunk);
    if (stmt_run(s, d) != 0)
        return -1;
    if (ret_n)
        *ret_n = stmt_affected(s);
    return 0;
}

/* In order, so that who locks several never waits for who waits for him. *ret false = a scan has come since. */
static int
lock_chunks(struct store *st, const struct month_work *w, bool *ret, struct diag *d)
{
    *ret = true;
    for (size_t i = 0; i < w->n_chunks && *ret; i++) {
        struct stmt *s = stmt_get(st, "month_lock_at", d);
        if (!s)
            return -1;
        stmt_int(s, w->v[i].close.chunk);
        stmt_int(s, w->v[i].lock_n);
        if (stmt_run(s, d) != 0)
            return -1;
        *ret = stmt_affected(s) == 1;
    }
    return 0;
}

static int
put_states(struct store *st, const struct chunk_work *c, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_month_state");
    for (size_t i = 0; i < c->states.n && !diag_failed(d); i++) {
        const struct month_state *s = &c->states.v[i];
        bulk_row(&b);
        bulk_uint(&b, s->agent_id);
        bulk_uint(&b, s->line_id);
        bulk_int(&b, s->month);
        bulk_int(&b, c->close.chunk);
        bulk_int(&b, MONTH_NONE);
        bulk_time(&b, s->scanned_at);
        bulk_uint(&b, s->policy_id);
        for (size_t k = 0; k < SCAN_ROW_COUNTS; k++)
            bulk_int(&b, s->counts[k]);
        if (s->score < 0)
            bulk_null(&b);
        else
            bulk_int(&b, s->score);
        bulk_int(&b, s->flags);
        bulk_int(&b, s->n_scans);
        bulk_bytes(&b, s->scan.b, SHA256_SIZE);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_points(struct store *st, const struct chunk_work *c, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_month_points");
    int piece = 0;
    for (size_t at = 0; at < c->points.len && !diag_failed(d); at += PIECE, piece++) {
        bulk_row(&b);
        bulk_int(&b, c->close.month);
        bulk_int(&b, c->close.chunk);
        bulk_int(&b, piece);
        bulk_bytes(&b, c->points.s + at, c->points.len - at < PIECE ? c->points.len - at : PIECE);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_close(struct store *st, const struct month_close *c, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_month_close");
    bulk_row(&b);
    bulk_int(&b, c->month);
    bulk_int(&b, c->chunk);
    bulk_int(&b, c->n_states);
    bulk_bytes(&b, c->states.b, SHA256_SIZE);
    bulk_int(&b, c->n_scans);
    bulk_bytes(&b, c->points.b, SHA256_SIZE);
    bulk_row_end(&b, d);
    return bulk_end(&b, d);
}

/* Rows of a line say until when they are in force. Where a month is closed for the first time and none behind it was,
 * only those end that were in force. */
static int
link_rows(struct store *st, int month, int chunk, bool is_first, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_later", d);
    if (!s)
        return -1;
    stmt_int(s, chunk);
    stmt_int(s, month);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return -1;
    bool is_last = is_first && stmt_col_int(s, 0) == 0;
    if (!(s = stmt_get(st, is_last ? "month_ends" : "month_relink", d)))
        return -1;
    if (is_last) {
        stmt_int(s, month);
        stmt_int(s, chunk);
        stmt_int(s, month);
        stmt_int(s, month);
    } else {
        stmt_int(s, chunk);
        stmt_int(s, chunk);
    }
    return stmt_run(s, d);
}

int
store_close_month(struct store *st, const struct month_work *w, bool *ret_done, struct diag *d)
{
    assert(st->in_transaction);
    if (lock_chunks(st, w, ret_done, d) != 0)
        return -1;
    for (size_t i = 0; i < w->n_chunks && *ret_done; i++) {
        const struct chunk_work *c = &w->v[i];
        const struct fact_item item = {
            .kind = FACT_MONTH, .month = w->month, .chunk = c->close.chunk, .is_new = true};
        int64_t n_states, n_points;
        if (run_on(st, "month_state_delete", w->month, c->close.chunk, &n_states, d) != 0 ||
            run_on(st, "month_points_delete", w->month, c->close.chunk, &n_points, d) != 0 ||
            put_states(st, c, d) != 0 || put_points(st, c, d) != 0 ||
            put_close(st, &c->close, d) != 0 ||
            link_rows(st, w->month, c->close.chunk, !n_states && !n_points, d) != 0)
            return -1;
        facts_touch(st, &item);
    }
    return 0;
}

/* ---- what is not true any more ---- */

typedef VEC(int) month_list;

/* Which months of a chunk are closed, from..to. */
static int
list_closed(struct store *st, int chunk, int from, int to, struct arena *a, month_list *ret,
            struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_affected", d);
    if (!s)
        return -1;
    stmt_int(s, chunk);
    stmt_int(s, from);
    stmt_int(s, to);
    enum stmt_answer rc = stmt_run(s, d) == 0 ? STMT_ROW : STMT_FAILED;
    while (rc == STMT_ROW && (rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, ret) = (int)stmt_col_int(s, 0);
    return rc;
}

static int
lock_chunk(struct store *st, int chunk, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_lock", d);
    if (!s)
        return -1;
    stmt_int(s, chunk);
    return stmt_run(s, d);
}

/* The last month that is closed, 0 = none. */
static int
load_last(struct store *st, int *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_last", d);
    enum stmt_answer rc = s ? stmt_first(s, d) : STMT_FAILED;
    *ret = rc == STMT_ROW && !stmt_col_is_null(s, 0) ? (int)stmt_col_int(s, 0) : 0;
    return rc == STMT_FAILED ? -1 : 0;
}

/* A scan that has changed; the key of its fact says which. */
static struct scan_place
place_of(const struct fact *f)
{
    uint64_t v[3] = {0};
    for (int i = 0; i < 24; i++)
        v[i / 8] = v[i / 8] << 8 | f->key.b[i];
    return (struct scan_place){v[0], v[1], (int64_t)v[2]};
}

/* The row of a line and month stands until the month of its next one. */
static int
last_affected(struct store *st, const struct scan_place *at, int *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_next_scan", d);
    int64_t end = month_start(month_after(month_of(at->end)));
    const struct scan_place behind = {at->agent_id, at->line_id, end};
    enum stmt_answer rc = stored_run_at(s, &behind, d) == 0 ? stmt_next(s, d) : STMT_FAILED;
    bool has_next = rc == STMT_ROW && !stmt_col_is_null(s, 0);
    *ret = has_next ? month_before(month_of(stmt_col_time(s, 0))) : MONTH_NONE;
    return rc == STMT_FAILED ? -1 : 0;
}

/* Whoever stores a scan of a month that may be closed and whoever closes it do so one after the other. Clocks of hosts
 * differ by less than a day. */
static int
lock_late(struct store *st, int *ret_closed, struct diag *d)
{
    const struct facts *f = st->facts;
    bool is_late[MONTH_CHUNKS] = {false};
    if (load_last(st, ret_closed, d) != 0)
        return -1;
    int open = month_of(env_wall_us() / 1000000 - MONTH_WAIT_S + 86400);
    for (size_t i = 0; i < f->settled.n; i++) {
        struct scan_place at = place_of(&f->settled.v[i]);
        if (f->settled.v[i].kind == FACT_SCAN &&
            (month_of(at.end) < open || month_of(at.end) <= *ret_closed))
            is_late[month_chunk(at.agent_id)] = true;
    }
    for (int i = 0; i < MONTH_CHUNKS; i++) /* in order: see lock_chunks() */
        if (is_late[i] && lock_chunk(st, i, d) != 0)
            return -1;
    return load_last(st, ret_closed, d);
}

static int
open_months(struct store *st, const struct fact *scan, struct diag *d)
{
    struct facts *f = st->facts;
    struct scan_place at = place_of(scan);
    int to, chunk = month_chunk(at.agent_id);
    size_t of = scan->of; /* the list may move */
    month_list months = {0};
    if (list_closed(st, chunk, month_of(at.end), MONTH_NONE, f->a, &months, d) != 0)
        return -1;
    if (!months.n) /* as nearly always */
        return 0;
    if (last_affected(st, &at, &to, d) != 0)
        return -1;
    for (size_t i = 0; i < months.n && months.v[i] <= to; i++) {
        if (run_on(st, "month_close_delete", months.v[i], chunk, NULL, d) != 0)
            return -1;
        *VEC_PUSH(f->a, &f->settled) = (struct fact){.kind = FACT_MONTH,
                                                     .key = month_key(months.v[i], chunk),
                                                     .text = month_text(months.v[i], chunk, f->a),
                                                     .of = of};
    }
    return 0;
}

int
month_drop_late(struct store *st, struct diag *d)
{
    struct facts *f = st->facts;
    size_t n = f->settled.n;
    int closed;
    bool has_scans = false;
    for (size_t i = 0; i < n && !has_scans; i++)
        has_scans = f->settled.v[i].kind == FACT_SCAN;
    if (!has_scans || f->keeps_months)
        return 0;
    if (lock_late(st, &closed, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const struct fact scan = f->settled.v[i];
        if (scan.kind == FACT_SCAN && month_of(place_of(&scan).end) <= closed &&
            open_months(st, &scan, d) != 0)
            return -1;
    }
    return 0;
}

int
store_open_months(struct store *st, int64_t *ret_n, struct diag *d)
{
    int first;
    int64_t gone;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    assert(st->in_transaction);
    *ret_n = 0;
    if (load_first_scan(st, &first, d) != 0 || prune_load_closed(st, &gone, d) != 0)
        return -1;
    if (gone != CLOCK_NONE && month_of(gone) > first)
        first = month_of(gone);
    for (int chunk = 0; chunk < MONTH_CHUNKS; chunk++) {
        month_list months = {0};
        if (lock_chunk(st, chunk, d) != 0 ||
            list_closed(st, chunk, first, MONTH_NONE, a, &months, d) != 0)
            return -1;
        for (size_t i = 0; i < months.n; i++) {
            const struct fact_item item = {
                .kind = FACT_MONTH, .month = months.v[i], .chunk = chunk};
            facts_touch(st, &item);
        }
        if (facts_look(st, d) != 0)
            return -1;
        for (size_t i = 0; i < months.n; i++)
            if (run_on(st, "month_close_delete", months.v[i], chunk, NULL, d) != 0)
                return -1;
        *ret_n += (int64_t)months.n;
    }
    return 0;
}
