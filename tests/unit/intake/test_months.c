/* Closed months are what the scans say, whatever came in which order: late scans, deltas, parts, other results of a second,
 * decisions of officers. After every round the table is held against one that SQL makes of the scans, the facts against the
 * rows, and what a report loads with closed months against what it loads without. */
#include "intake/months.h"

#include "intake/late.h"
#include "model/fleet.h"
#include "store/check_facts.h"
#include "store/month.h"
#include "unit/act/session.h"

enum { DAY = 86400, ROUNDS = 8, A_ROUND = 7, MONTHS = 8 };

static const int64_t T = 1735689600; /* 2025-01-01 */

static struct session s;
static unsigned seed = 20261201;

static unsigned
any(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

/* ---- what happens ---- */

struct step {
    const char *agent, *policy;
    int64_t end;
    char statuses[8];
    bool is_delta, is_partial;
    unsigned n; /* of its file */
};

static struct event
event_of(const char *name)
{
    return (struct event){.name = name,
                          .object_type = STR("x"),
                          .object_id = STR("x"),
                          .object_name = STR("x"),
                          .reason = STR("")};
}

static struct scan_file
file_of(const struct step *p)
{
    struct scan_file f = db_file(arena_fmt(s.db.a, "file %u", p->n).s);
    struct scan *sc = db_scan(s.db.a, &f, p->agent, p->policy, p->end, p->statuses);
    sc->delta = p->is_delta;
    sc->partial = p->is_partial;
    return f;
}

static int
put_one(struct act *act, void *ctx, struct diag *d)
{
    struct scan_file f = file_of(ctx);
    struct store_outcome put;
    struct event e = event_of("test.put");
    if (store_put_scan(act->store, &f, &f.scans.v[0], &put, d) != 0)
        return -1;
    return act_append(act, &e, put.put != STORE_SAME, d);
}

static void
put(struct step *p)
{
    struct scan_file f = file_of(p);
    const struct scan_file *file = &f;
    size_t at;
    CHECK(db_ok(&s.db, store_prepare(s.act->store, &file, 1, &at, &s.db.d)));
    CHECK(db_ok(&s.db, act_transact(s.act, put_one, p, &s.db.d)));
    CHECK(db_ok(&s.db, late_merge(s.act, &s.db.d)));
}

static int
decide_one(struct act *act, void *ctx, struct diag *d)
{
    struct store_decided got;
    struct event e = event_of("test.decide");
    return store_decide_scan(act->store, ctx, &got, d) == 0
               ? act_append(act, &e, got.is_change, d)
               : -1;
}

/* Some scan that counts is revoked, or some that does not is accepted. */
static void
decide(void)
{
    static const char *const from[] = {"scan", "scan_revision"};
    bool accepts = any(2);
    struct str row = db_rows(
        s.act->store, s.db.a,
        arena_fmt(s.db.a,
                  "SELECT agent_id, line_id, TIMESTAMPDIFF(SECOND, '1970-01-01', scanned_at), "
                  "revision FROM %s ORDER BY CRC32(CONCAT(agent_id, scanned_at, %u)) LIMIT 1",
                  from[accepts], any(1000))
            .s);
    if (!row.len)
        return;
    int64_t v[4] = {0};
    for (int i = 0; i < 4; i++)
        CHECK(str_to_i64(str_cut(&row, ','), &v[i]));
    struct store_decision q = {.agent_id = (uint64_t)v[0],
                               .line_id = (uint64_t)v[1],
                               .end = v[2],
                               .revision = (unsigned)v[3],
                               .accepts = accepts};
    CHECK(db_ok(&s.db, act_transact(s.act, decide_one, &q, &s.db.d)));
    CHECK(db_ok(&s.db, late_merge(s.act, &s.db.d)));
}

/* Few times, so that some seconds get several scans; the first of all is a whole one. */
static void
happen(unsigned n)
{
    static const char *const agents[] = {"web", "db", "mail \xe2\x82\xac"};
    static const char letters[] = "pfwe.";
    struct step p = {.agent = agents[any(3)], .policy = any(4) ? "P" : "Q", .n = n};
    if (n % 9 == 8) {
        decide();
        return;
    }
    p.end = T + (int64_t)any(MONTHS * 6) * 5 * DAY + (any(6) ? 0 : 1);
    for (int i = 0; i < 5; i++)
        p.statuses[i] = letters[any(sizeof letters - 1)];
    p.statuses[any(5)] = 'p';
    p.is_delta = any(4) == 0;
    p.is_partial = !p.is_delta && any(6) == 0;
    put(&p);
}

/* ---- what must be ---- */

/* Of the chunks that are closed: the newest scan before the end of the month of each line, and the other way round. */
static void
compare_states(int month)
{
    static const char *const sides[] = {
        "SELECT COUNT(*) FROM (%s) w LEFT JOIN (%s) g ON g.agent_id = w.agent_id AND g.line_id = "
        "w.line_id WHERE g.text IS NULL OR g.text <> w.text",
        "SELECT COUNT(*) FROM (%s) w RIGHT JOIN (%s) g ON g.agent_id = w.agent_id AND g.line_id = "
        "w.line_id WHERE w.text IS NULL"};
    static const char text[] = "CONCAT_WS(' ', t.scanned_at, t.policy_id, t.n_pass, t.n_fixed, "
                               "t.n_fail, t.n_error, t.n_unknown, t.n_notchecked, "
                               "t.n_notapplicable, t.n_informational, t.n_notselected, "
                               "t.n_waived, COALESCE(t.score, -1), t.flags) AS text";
    int after = month_after(month);
    struct str closed = arena_fmt(
        s.db.a, "t.agent_id >> 59 IN (SELECT chunk FROM month_close WHERE month = %d)", month);
    struct str want = arena_fmt(
        s.db.a,
        "SELECT t.agent_id, t.line_id, %s FROM scan t WHERE t.scanned_at = (SELECT "
        "MAX(n.scanned_at) FROM scan n WHERE n.agent_id = t.agent_id AND n.line_id = t.line_id "
        "AND n.scanned_at < '%d-%02d-01') AND %s",
        text, after / 100, after % 100, closed.s);
    struct str got = arena_fmt(s.db.a,
                               "SELECT t.agent_id, t.line_id, %s FROM month_state t WHERE t.month "
                               "<= %d AND t.next_month > %d AND %s",
                               text, month, month, closed.s);
    for (size_t i = 0; i < 2; i++)
        CHECK(db_number(s.act->store, arena_fmt(s.db.a, sides[i], want.s, got.s).s) == 0);
}

static void
put_fleet(struct buf *out, const struct fleet *f)
{
    for (size_t i = 0; i < f->scans.n; i++) {
        const struct fleet_scan *c = &f->scans.v[i];
        buf_fmt(out, "scan %.*s %.*s %.*s %lld %lld %lld\n", STR_ARG(f->agents.v[c->agent].name),
                STR_ARG(f->policies.v[c->policy].id), STR_ARG(f->policies.v[c->policy].version),
                (long long)c->end, (long long)c->counts[STATUS_PASS],
                (long long)c->counts[STATUS_FAIL]);
        buf_hex(out, c->vec, c->vec ? (c->n_vec + 1) / 2 : 0);
    }
    for (size_t i = 0; i < f->points.n; i++)
        buf_fmt(out, "point %.*s %.*s %lld %lld %lld\n",
                STR_ARG(f->agents.v[f->points.v[i].agent].name),
                STR_ARG(f->policies.v[f->points.v[i].policy].id), (long long)f->points.v[i].end,
                (long long)f->points.v[i].passed, (long long)f->points.v[i].failed);
}

static int
by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Lines in the order of their bytes: of points of one second and agent the order means nothing. */
static struct str
load(int64_t before, int64_t from, int64_t to, const char *agent, bool compare)
{
    struct fleet f = {0}, previous = {0};
    struct fleet_query q = {.from = from,
                            .to = to,
                            .policy = STR(""),
                            .agent = str_c(agent),
                            .with_points = true,
                            .compare = compare};
    AUTO_BUF out = buf_init(1 << 24);
    VEC(struct str) lines = {0};
    CHECK(db_ok(&s.db, store_load_fleets(s.act->store, &q, before, s.db.a, &f, &previous, &s.db.d)));
    put_fleet(&out, &f);
    struct str rest = arena_str(s.db.a, buf_view(&out));
    while (rest.len)
        *VEC_PUSH(s.db.a, &lines) = str_cut(&rest, '\n');
    if (lines.n)
        qsort(lines.v, lines.n, sizeof *lines.v, by_text);
    buf_cut(&out, 0);
    for (size_t i = 0; i < lines.n; i++)
        buf_fmt(&out, "%.*s\n", STR_ARG(lines.v[i]));
    buf_puts(&out, "before\n");
    put_fleet(&out, &previous);
    return arena_str(s.db.a, buf_view(&out));
}

static void
compare_loads(void)
{
    for (int i = 0; i < 4; i++) {
        int64_t before = T + (int64_t)any(200) * DAY + (any(2) ? 0 : 9 * 3600),
                from = before + (int64_t)any(40) * DAY, to = from + (int64_t)(1 + any(i < 2 ? 40 : 200)) * DAY;
        const char *agent = any(3) ? "" : "web";
        CHECK(str_eq(load(before, from, to, agent, true), load(before, from, to, agent, false)));
    }
}

static void
look(void)
{
    struct facts_checked n;
    CHECK(db_ok(&s.db, store_check_facts(s.act->store, NULL, &n, &s.db.d)));
    for (int m = 202501; m < 202512; m++)
        compare_states(m);
    compare_loads();
}

/* ---- months ---- */

static void
test_months(void)
{
    CHECK(month_of(0) == MONTH_FIRST);
    CHECK(month_of(T) == 202501 && month_of(T - 1) == 202412);
    CHECK(month_start(202501) == T && month_start(MONTH_FIRST) < 0);
    CHECK(month_after(202412) == 202501 && month_before(202501) == 202412);
    uint64_t first, last;
    month_agents(MONTH_CHUNKS - 1, &first, &last);
    CHECK(month_chunk(first) == MONTH_CHUNKS - 1 && last == INT64_MAX);
}

/* What would be worth nothing is left open, but when somebody asks for it. */
static void
test_few(void)
{
    struct months_summary made;
    CHECK(db_ok(&s.db, months_settle(s.act, &s.db.d)));
    CHECK(db_number(s.act->store, "SELECT COUNT(*) FROM month_close") == 0);
    CHECK(db_ok(&s.db, months_make(s.act, &made, &s.db.d)));
    CHECK(made.n_months > 0 && made.n_scans > 0 && made.n_opened == 0);
    CHECK(db_number(s.act->store, "SELECT COUNT(*) FROM month_close") ==
          MONTH_CHUNKS * made.n_months);
}

/* A row that was changed is not closed over. */
static void
test_changed(void)
{
    struct months_summary made;
    CHECK(mysql_query(s.act->store->db, "UPDATE scan SET n_pass = n_pass + 1, score = NULL LIMIT 1") ==
          0);
    CHECK(db_code(&s.db, months_make(s.act, &made, &s.db.d)) == DIAG_VERIFY);
}

int
main(void)
{
    unsigned n = 0;
    test_months();
    session_start(&s, "");
    for (int i = 0; i < 10; i++)
        happen(n++);
    test_few();
    look();
    for (int round = 0; round < ROUNDS; round++) {
        struct months_summary made;
        for (int i = 0; i < A_ROUND; i++)
            happen(n++);
        look(); /* what is not true any more is open */
        CHECK(db_ok(&s.db, months_settle(s.act, &s.db.d)));
        if (round % 4 == 3)
            CHECK(db_ok(&s.db, months_make(s.act, &made, &s.db.d)));
        look();
    }
    CHECK(db_number(s.act->store, "SELECT COUNT(*) FROM month_state WHERE next_month < 999999") > 0);
    CHECK(db_number(s.act->store, "SELECT COUNT(*) FROM scan_revision") > 0);
    test_changed();
    session_stop(&s);
    return CHECK_DONE();
}
