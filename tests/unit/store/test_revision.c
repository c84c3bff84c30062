/* Several scans of one second: which one counts, in every pair of kinds and in every order of arrival;
 * what an officer decides; and that nothing that was stored is ever gone. */
#include "db.h"
#include "model/fleet.h"
#include "store/revision.h"
#include "store/scan_row.h"

static const int64_t T = 1790000000; /* a day in September 2026 */
enum { DAY = 86400 };

/* ---- putting ---- */

enum kind { SCORE, PART, WHOLE, DELTA };

/* A scan of that kind in the file: letters as db_scan() takes them. */
static void
add_kind(struct db *t, struct scan_file *f, const char *agent, enum kind kind, const char *letters)
{
    struct scan *s = db_scan(t->a, f, agent, "P", T, letters);
    s->partial = kind == PART;
    s->delta = s->bare = kind == DELTA;
    if (kind == SCORE) {
        s->score_only = true;
        s->results.n = 0;
    }
    scan_settle_catalogue(s);
}

static const char *
put_word(int put)
{
    static const char *const words[] = {"new", "same", "fuller", "contained", "revised"};
    return put < 0 ? "failed" : words[put];
}

/* What of the second counts and what does not: "P/F revision standing" of each, what counts first. */
static struct str
stands(struct db *t, const char *agent)
{
    struct str q = arena_fmt(
        t->a,
        "SELECT CONCAT(passed,'/',failed,' ',revision,' ',standing) FROM (SELECT * FROM v_scores "
        "UNION ALL SELECT * FROM v_scan_revision) s WHERE agent='%s' ORDER BY standing>3, revision, scanned_at",
        agent);
    return db_rows(t->st, t->a, q.s);
}

/* ---- every pair of kinds ---- */

struct pair {
    enum kind first;
    const char *first_letters;
    enum kind second;
    const char *second_letters;
    const char *one_file, *two_files; /* of the second: what store_put_scan() said, then stands() */
};

/* Other content comes worse and better than what is there. */
static const struct pair pairs[] = {
    {SCORE, "pf", SCORE, "pf", "same: 1/1 1 0", "same: 1/1 1 0"},
    {SCORE, "pf", SCORE, "ff", "revised: 0/2 2 1;1/1 1 4", "revised: 1/1 1 0;0/2 2 4"},
    {SCORE, "pf", SCORE, "pp", "revised: 1/1 1 1;2/0 2 4", "revised: 1/1 1 0;2/0 2 4"},
    {SCORE, "pf", PART, "pf", "fuller: 1/1 2 2;1/1 1 5", "fuller: 1/1 2 2;1/1 1 5"},
    {SCORE, "pf", PART, "p.", "revised: 1/1 1 1;1/0 2 4", "revised: 1/1 1 0;1/0 2 4"},
    {SCORE, "pf", WHOLE, "fp", "fuller: 1/1 2 2;1/1 1 5", "fuller: 1/1 2 2;1/1 1 5"},
    {SCORE, "pf", WHOLE, "pp", "revised: 1/1 1 1;2/0 2 4", "revised: 1/1 1 0;2/0 2 4"},
    {PART, "pf.", SCORE, "pf", "contained: 1/1 1 2;1/1 2 5", "contained: 1/1 1 2;1/1 2 5"},
    {PART, "pf.", SCORE, "pp", "revised: 1/1 1 1;2/0 2 4", "revised: 1/1 1 0;2/0 2 4"},
    {PART, "pf.", PART, "pf.", "same: 1/1 1 0", "same: 1/1 1 0"},
    {PART, "pf.", PART, "pfp", "fuller: 2/1 2 2;1/1 1 5", "fuller: 2/1 2 2;1/1 1 5"},
    {PART, "pf.", PART, ".f.", "contained: 1/1 1 2;0/1 2 5", "contained: 1/1 1 2;0/1 2 5"},
    {PART, "pf.", PART, "pp.", "revised: 1/1 1 1;2/0 2 4", "revised: 1/1 1 0;2/0 2 4"},
    {PART, "pf.", WHOLE, "pf.", "fuller: 1/1 2 2;1/1 1 5", "fuller: 1/1 2 2;1/1 1 5"},
    {PART, "pf.", WHOLE, "pfp", "fuller: 2/1 2 2;1/1 1 5", "fuller: 2/1 2 2;1/1 1 5"},
    {PART, "pf.", WHOLE, "ppp", "revised: 1/1 1 1;3/0 2 4", "revised: 1/1 1 0;3/0 2 4"},
    {PART, "pp.", WHOLE, "ppf", "fuller: 2/1 2 2;2/0 1 5", "fuller: 2/1 2 2;2/0 1 5"},
    {PART, "pp.", WHOLE, "fpf", "revised: 1/2 2 1;2/0 1 4", "revised: 2/0 1 0;1/2 2 4"},
    {WHOLE, "pf.", SCORE, "pf", "contained: 1/1 1 2;1/1 2 5", "contained: 1/1 1 2;1/1 2 5"},
    {WHOLE, "pf.", SCORE, "pp", "revised: 1/1 1 1;2/0 2 4", "revised: 1/1 1 0;2/0 2 4"},
    {WHOLE, "pf.", PART, "pf.", "same: 1/1 1 0", "same: 1/1 1 0"},
    {WHOLE, "pf.", PART, ".f.", "contained: 1/1 1 2;0/1 2 5", "contained: 1/1 1 2;0/1 2 5"},
    {WHOLE, "pf.", PART, "..f", "revised: 1/1 1 1;0/1 2 4", "revised: 1/1 1 0;0/1 2 4"},
    {WHOLE, "pf.", PART, "f.f", "revised: 0/2 2 1;1/1 1 4", "revised: 1/1 1 0;0/2 2 4"},
    {WHOLE, "pf.", WHOLE, "pf.", "same: 1/1 1 0", "same: 1/1 1 0"},
    {WHOLE, "pf.", WHOLE, "pfp", "revised: 1/1 1 1;2/1 2 4", "revised: 1/1 1 0;2/1 2 4"},
    {WHOLE, "pf.", WHOLE, "ppp", "revised: 1/1 1 1;3/0 2 4", "revised: 1/1 1 0;3/0 2 4"},
    {WHOLE, "pf.", WHOLE, "ff.", "revised: 0/2 2 1;1/1 1 4", "revised: 1/1 1 0;0/2 2 4"},
    {WHOLE, "pf.", DELTA, "p--", "same: 1/1 1 0", "same: 1/1 1 0"},
    {WHOLE, "pf.", DELTA, "--f", "fuller: 1/2 2 2;1/1 1 5", "fuller: 1/2 2 2;1/1 1 5"},
    {WHOLE, "pf.", DELTA, "-p-", "revised: 1/1 1 1;2/0 2 4", "revised: 1/1 1 0;2/0 2 4"},
    {PART, "pf.", DELTA, "--f", "fuller: 1/2 2 2;1/1 1 5", "fuller: 1/2 2 2;1/1 1 5"},
    {PART, "pf.", DELTA, "-p-", "revised: 1/1 1 1;2/0 2 4", "revised: 1/1 1 0;2/0 2 4"},
    {DELTA, "f--", DELTA, "f--", "same: 0/1 1 0", "same: 0/1 1 0"},
    {DELTA, "f--", DELTA, "-p-", "fuller: 1/1 2 2;0/1 1 5", "fuller: 1/1 2 2;0/1 1 5"},
    {DELTA, "f--", DELTA, "p--", "revised: 0/1 1 1;1/0 2 4", "revised: 0/1 1 0;1/0 2 4"},
    {DELTA, "f--", WHOLE, "fpp", "fuller: 2/1 2 2;0/1 1 5", "fuller: 2/1 2 2;0/1 1 5"},
    {DELTA, "f--", WHOLE, "ppp", "revised: 0/1 1 1;3/0 2 4", "revised: 0/1 1 0;3/0 2 4"},
    {DELTA, "f--", SCORE, "f", "contained: 0/1 1 2;0/1 2 5", "contained: 0/1 1 2;0/1 2 5"},
};

/* Without a state before it, so that a delta is a part. Twice the same changes nothing. */
static void
test_pairs(struct db *t)
{
    for (size_t i = 0; i < 2 * (sizeof pairs / sizeof *pairs); i++) {
        const struct pair *p = &pairs[i / 2];
        bool is_one = i % 2 == 0;
        struct str agent = arena_fmt(t->a, "pair%zu", i);
        struct scan_file f = db_file(arena_fmt(t->a, "first %zu", i).s),
                         g = db_file(arena_fmt(t->a, "second %zu", i).s);
        add_kind(t, &f, agent.s, p->first, p->first_letters);
        CHECK(is_one || db_put_file(t->st, &f, &t->d) == STORE_NEW);
        add_kind(t, is_one ? &f : &g, agent.s, p->second, p->second_letters);
        int put = db_put_file(t->st, is_one ? &f : &g, &t->d);
        struct str got = arena_fmt(t->a, "%s: %s", put_word(put), stands(t, agent.s).s);
        const char *want = is_one ? p->one_file : p->two_files;
        if (!str_eqc(got, want))
            fprintf(stderr, "  pair %zu, %s\n", i / 2, is_one ? "one file" : "two files");
        CHECK_STR(got, want);
        CHECK(db_put_file(t->st, is_one ? &f : &g, &t->d) == STORE_SAME);
        CHECK_STR(stands(t, agent.s), strchr(want, ' ') + 1);
    }
}

/* ---- orders ---- */

/* What counts, and the standings of all by what they say. */
static struct str
judged(struct db *t, const char *agent)
{
    struct str q = arena_fmt(
        t->a,
        "SELECT CONCAT(passed,'/',failed,' ',standing) FROM (SELECT * FROM v_scores UNION ALL SELECT "
        "* FROM v_scan_revision) s WHERE agent='%s' ORDER BY standing>3, passed, failed, standing",
        agent);
    return db_rows(t->st, t->a, q.s);
}

/* The order-th permutation of n numbers. */
static void
permute(int *ret, int n, int order)
{
    int left[8];
    for (int i = 0; i < n; i++)
        left[i] = i;
    for (int i = 0; i < n; i++) {
        int at = order % (n - i);
        order /= n - i;
        ret[i] = left[at];
        memmove(left + at, left + at + 1, (size_t)(n - i - 1 - at) * sizeof *left);
    }
}

/* All orders of what one file holds of a second give one state: neither the first nor the last of a
 * file is better than the others. */
static void
test_orders_of_one_file(struct db *t)
{
    static const struct {
        enum kind kind;
        const char *letters;
    } all[] = {{PART, "pf.."}, {WHOLE, "pfpp"}, {WHOLE, "ppff"}, {WHOLE, "ppfp"}, {SCORE, "ppff"}};
    enum { N = sizeof all / sizeof *all, ORDERS = 120 };
    for (int order = 0; order < ORDERS; order++) {
        int at[N];
        struct str agent = arena_fmt(t->a, "order%d", order);
        struct scan_file f = db_file(agent.s);
        permute(at, N, order);
        for (int i = 0; i < N; i++)
            add_kind(t, &f, agent.s, all[at[i]].kind, all[at[i]].letters);
        CHECK(db_put_file(t->st, &f, &t->d) >= 0);
        CHECK_STR(judged(t, agent.s), "2/2 1;1/1 4;2/2 5;3/1 4;3/1 4");
    }
}

/* Of several files the first counts, whatever else comes and in whatever order; and a copy that is a
 * little better, or holds a little more, never takes its place. */
static void
test_first_file(struct db *t)
{
    static const char *const others[] = {"ppff", "pppp", "ppfpp", "ffff"};
    for (int order = 0; order < 24; order++) {
        int at[4];
        struct str agent = arena_fmt(t->a, "first%d", order);
        permute(at, 4, order);
        CHECK(db_put(t, agent.s, "P", T, "pfpf") == STORE_NEW);
        for (int i = 0; i < 4; i++)
            CHECK(db_put(t, agent.s, "P", T, others[at[i]]) == STORE_REVISED);
        CHECK_STR(judged(t, agent.s), "2/2 0;0/4 4;2/2 4;4/0 4;4/1 4");
    }
}

/* Pages of one scan, in every order: together they say what all of them say, and it stays a part. What
 * contradicts is another result. */
static void
test_pages(struct db *t)
{
    static const char *const pages[] = {"pf----", "--fp--", "----pp"};
    for (int order = 0; order < 6; order++) {
        int at[3];
        struct str agent = arena_fmt(t->a, "pages%d", order);
        permute(at, 3, order);
        for (int i = 0; i < 3; i++) {
            struct scan_file f = db_file(arena_fmt(t->a, "page %d %d", order, at[i]).s);
            add_kind(t, &f, agent.s, PART, pages[at[i]]);
            CHECK(db_put_file(t->st, &f, &t->d) == (i ? STORE_FULLER : STORE_NEW));
            CHECK(db_put_file(t->st, &f, &t->d) == (i ? STORE_CONTAINED : STORE_SAME));
            CHECK(db_put_file(t->st, &f, &t->d) == STORE_SAME);
        }
        struct str all = arena_fmt(t->a,
                                   "SELECT GROUP_CONCAT(status ORDER BY check_id) FROM v_scan_result "
                                   "WHERE agent='%s'",
                                   agent.s);
        CHECK_STR(db_rows(t->st, t->a, all.s), "1,3,3,1,1,1");
        CHECK_STR(str_n(judged(t, agent.s).s, 5), "4/2 2");
    }
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_scores WHERE agent LIKE 'pages%' AND flags & 1") ==
          6);
    struct scan_file f = db_file("odd page");
    add_kind(t, &f, "pages0", PART, "ff----");
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_REVISED);
    CHECK_STR(str_n(judged(t, "pages0").s, 5), "4/2 2");
    /* evidence of all of them is there */
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT GROUP_CONCAT(evidence ORDER BY check_id) FROM v_findings WHERE "
                      "agent='pages3'"),
              "E1,E2");
}

/* ---- decisions ---- */

static struct store_decided
decide(struct db *t, const char *agent, unsigned revision, bool accepts)
{
    struct store_decided r = {0};
    struct scan_policy p = {.id = STR("P"), .profile = STR("")};
    struct store_decision q = {ids_agent(str_c(agent)), ids_line(&p), T, revision, accepts};
    CHECK(db_ok(t, store_begin(t->st, &t->d)) && db_ok(t, store_decide_scan(t->st, &q, &r, &t->d)) &&
          db_ok(t, store_commit(t->st, &t->d)) && db_ok(t, db_merge_late(t)));
    return r;
}

static struct str
changes(struct db *t, const char *agent)
{
    struct str q = arena_fmt(t->a,
                             "SELECT TIMESTAMPDIFF(SECOND,'1970-01-01',changed_at)-%lld,check_id,"
                             "old_status,new_status FROM v_changes WHERE agent='%s' "
                             "ORDER BY changed_at, check_id",
                             (long long)T, agent);
    return db_rows(t->st, t->a, q.s);
}

static struct str
current(struct db *t, const char *agent)
{
    struct str q = arena_fmt(
        t->a,
        "SELECT TIMESTAMPDIFF(SECOND,'1970-01-01',scanned_at)-%lld,n_scans,n_revoked FROM "
        "agent_current c JOIN agent a USING (agent_id) WHERE a.name='%s'",
        (long long)T, agent);
    return db_rows(t->st, t->a, q.s);
}

static struct str
latest(struct db *t, const char *agent)
{
    struct str q = arena_fmt(
        t->a, "SELECT check_id,status FROM v_latest WHERE agent='%s' ORDER BY check_id", agent);
    return db_rows(t->st, t->a, q.s);
}

/* Drift and current state follow what counts, to and fro. */
static void
test_accept(struct db *t)
{
    CHECK(db_put(t, "acc", "P", T - DAY, "pp") == STORE_NEW);
    CHECK(db_put(t, "acc", "P", T, "pf") == STORE_NEW);
    CHECK(db_put(t, "acc", "P", T, "fp") == STORE_REVISED);
    CHECK(db_put(t, "acc", "P", T + DAY, "ff") == STORE_NEW);
    struct str first = changes(t, "acc");
    CHECK_STR(first, "0,c1,1,3;86400,c0,1,3");
    struct store_decided r = decide(t, "acc", 2, true);
    CHECK(r.is_change && r.counted == 1 && r.counts == 2 && r.was == STANDING_SUPERSEDED);
    CHECK_STR(stands(t, "acc"), "2/0 1 0;0/2 1 0;1/1 2 3;1/1 1 6");
    CHECK_STR(changes(t, "acc"), "0,c0,1,3;86400,c1,1,3");
    CHECK_STR(current(t, "acc"), "86400,3,0");
    CHECK(db_stray_lines(t->st) == 0);
    CHECK(!decide(t, "acc", 2, true).is_change);
    CHECK(db_put(t, "acc", "P", T, "nn") == STORE_REVISED); /* is told, and takes no place */
    CHECK_STR(changes(t, "acc"), "0,c0,1,3;86400,c1,1,3");
    r = decide(t, "acc", 2, false);
    CHECK(r.counted == 2 && r.counts == 1 && r.is == STANDING_REVOKED);
    CHECK_STR(changes(t, "acc"), first.s);
    CHECK_STR(stands(t, "acc"), "2/0 1 0;1/1 1 0;0/2 1 0;1/1 2 7;0/0 3 4");
    CHECK(db_put(t, "acc", "P", T, "fp") == STORE_SAME); /* what is revoked stays so */
    CHECK(decide(t, "acc", 2, true).counts == 2);        /* but for an officer */
    CHECK_STR(changes(t, "acc"), "0,c0,1,3;86400,c1,1,3");
}

/* A line without a scan at that second: its neighbours follow each other. */
static void
test_revoke_all(struct db *t)
{
    CHECK(db_put(t, "rev", "P", T - DAY, "pp") == STORE_NEW);
    CHECK(db_put(t, "rev", "P", T, "ff") == STORE_NEW);
    CHECK_STR(current(t, "rev"), "0,2,0");
    CHECK(decide(t, "rev", 1, false).counts == 0);
    CHECK_STR(changes(t, "rev"), "");
    CHECK_STR(latest(t, "rev"), "c0,1;c1,1");
    CHECK_STR(current(t, "rev"), "-86400,1,1");
    CHECK(db_stray_lines(t->st) == 0);
    CHECK(db_put(t, "rev", "P", T, "ff") == STORE_SAME);
    CHECK_STR(latest(t, "rev"), "c0,1;c1,1");
    CHECK(db_put(t, "rev", "P", T, "fp") == STORE_REVISED); /* counts, and is told */
    CHECK_STR(stands(t, "rev"), "2/0 1 0;1/1 2 0;0/2 1 7");
    CHECK_STR(current(t, "rev"), "0,2,0");
    CHECK_STR(changes(t, "rev"), "0,c0,1,3");
    CHECK(decide(t, "rev", 2, false).counts == 0);
    CHECK(decide(t, "rev", 1, true).counts == 1);
    CHECK_STR(current(t, "rev"), "0,2,0");
    CHECK_STR(changes(t, "rev"), "0,c0,1,3;0,c1,1,3");
    /* the only scan of a line: as if it had never reported */
    CHECK(db_put(t, "one", "P", T, "ff") == STORE_NEW);
    CHECK(decide(t, "one", 1, false).counts == 0);
    CHECK_STR(latest(t, "one"), "");
    CHECK(db_number(t->st, "SELECT n_scans FROM agent_current c JOIN agent a USING (agent_id) "
                           "WHERE a.name='one'") == 0);
    CHECK(db_stray_lines(t->st) == 0);
    CHECK(db_put(t, "one", "P", T - DAY, "pp") == STORE_NEW);
    CHECK_STR(latest(t, "one"), "c0,1;c1,1");
}

/* Deltas behind it are merged again into what counts now. */
static void
test_deltas_behind(struct db *t)
{
    struct scan_file f = db_file("delta behind");
    CHECK(db_put(t, "beh", "P", T, "pf") == STORE_NEW);
    CHECK(db_put(t, "beh", "P", T, "ff") == STORE_REVISED);
    struct scan *s = db_scan(t->a, &f, "beh", "P", T + DAY, "-p");
    s->delta = s->bare = true;
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK_STR(latest(t, "beh"), "c0,1;c1,1");
    decide(t, "beh", 2, true);
    CHECK_STR(latest(t, "beh"), "c0,3;c1,1");
    CHECK_STR(changes(t, "beh"), "86400,c1,3,1");
    decide(t, "beh", 2, false);
    CHECK_STR(latest(t, "beh"), "c0,1;c1,1");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM late_delta") == 0);
}

/* ---- the list ---- */

static int
list_one(void *ctx, const struct store_listed *v, struct diag *d)
{
    (void)d;
    buf_fmt(ctx, "%.*s %u %s %lld/%lld%s%s;", STR_ARG(v->agent), v->revision,
            standing_word(v->standing), (long long)v->tally.passed, (long long)v->tally.failed,
            v->late ? " late" : "", v->ahead ? " ahead" : "");
    return 0;
}

static struct str
list(struct db *t, const char *agent, bool contested)
{
    AUTO_BUF out = buf_init(1 << 20);
    struct store_list_query q = {str_c(agent), STR(""), T - DAY, T + 1000 * DAY, contested};
    CHECK(db_ok(t, store_list_scans(t->st, &q, list_one, &out, &t->d)));
    return arena_str(t->a, buf_view(&out));
}

static void
test_list(struct db *t)
{
    CHECK(db_put(t, "lis", "P", T, "pf") == STORE_NEW);
    CHECK(db_put(t, "lis", "P", T, "ff") == STORE_REVISED);
    CHECK(db_put(t, "lis", "P", T + DAY, "pp") == STORE_NEW);
    CHECK_STR(list(t, "lis", false), "lis 1 first 1/1 late;lis 2 superseded 0/2 late;"
                                     "lis 1 first 2/0 late;");
    CHECK_STR(list(t, "lis", true), "lis 1 first 1/1 late;lis 2 superseded 0/2 late;");
    decide(t, "lis", 1, true);
    CHECK_STR(list(t, "lis", true), "");
}

/* ---- what is dated ahead of the clock ---- */

static void
test_ahead(struct db *t)
{
    int64_t now = env_wall_us() / 1000000;
    struct diag d = diag_init(t->a);
    struct fleet f = {0};
    struct fleet_query q = {.from = now - DAY,
                            .to = now + 30 * DAY,
                            .agent = STR("ahe"),
                            .policy = STR(""),
                            .with_points = true};
    CHECK(db_put(t, "ahe", "P", now - 60, "fp") == STORE_NEW);
    CHECK(db_put(t, "ahe", "P", now + 20 * 3600, "pp") == STORE_NEW);
    CHECK_STR(latest(t, "ahe"), "c0,3;c1,1");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_findings WHERE agent='ahe'") == 1);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM agent WHERE name='ahe' AND last_seen <= "
                           "UTC_TIMESTAMP()") == 1);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_scores WHERE agent='ahe' AND flags & 64") == 1);
    CHECK(store_load_fleet(t->st, &q, t->a, &f, &d) == 0 && f.scans.n == 1 && f.points.n == 1);
    CHECK(f.scans.v[0].end == now - 60 && !f.scans.v[0].ahead);
    /* its time has come */
    env_set_now(now + 21 * 3600);
    CHECK(store_load_fleet(t->st, &q, t->a, &f, &d) == 0 && f.scans.n == 1 && f.points.n == 2);
    CHECK(f.scans.v[0].end == now + 20 * 3600 && f.scans.v[0].ahead);
    env_set_now(0);
    /* clocks that differ a little are no matter */
    CHECK(db_put(t, "ahe", "P", now + 60, "pf") == STORE_NEW);
    CHECK_STR(latest(t, "ahe"), "c0,1;c1,3");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_scores WHERE agent='ahe' AND flags & 64") == 1);
}

/* Late is what comes when the month it is of has ended. */
static void
test_late(void)
{
    struct scan s = {.end = clock_days(2026, 2, 28) * DAY + DAY - 1};
    CHECK(!(scan_row_flags(&s, s.end) & FLAG_LATE) && scan_row_flags(&s, s.end + 1) & FLAG_LATE);
    s.end = clock_days(2026, 12, 1) * DAY;
    CHECK(!(scan_row_flags(&s, s.end + 31 * DAY - 1) & FLAG_LATE));
    CHECK(scan_row_flags(&s, s.end + 31 * DAY) & FLAG_LATE);
    CHECK(!(scan_row_flags(&s, s.end - 300) & FLAG_AHEAD));
    CHECK(scan_row_flags(&s, s.end - 301) & FLAG_AHEAD);
}

/* ---- what reports get ---- */

static void
test_fleet(struct db *t)
{
    struct diag d = diag_init(t->a);
    struct fleet f = {0};
    struct fleet_query q = {.from = T, .to = T + 1, .agent = STR("fle"), .policy = STR("")};
    CHECK(db_put(t, "fle", "P", T, "pf") == STORE_NEW);
    CHECK(db_put(t, "fle", "P", T, "pp") == STORE_REVISED);
    CHECK(store_load_fleet(t->st, &q, t->a, &f, &d) == 0 && f.scans.n == 1);
    CHECK(f.revisions.n == 2 && f.revisions.v[0].number == 1 && f.revisions.v[0].failed == 1 &&
          standing_counts(f.revisions.v[0].standing) && f.revisions.v[1].number == 2 &&
          f.revisions.v[1].standing == STANDING_SUPERSEDED && f.revisions.v[1].passed == 2);
    CHECK(db_put(t, "fl2", "P", T, "pf") == STORE_NEW);
    q.agent = STR("fl2");
    CHECK(store_load_fleet(t->st, &q, t->a, &f, &d) == 0 && f.revisions.n == 0);
}

/* Everything that was ever stored here is still there: rows are moved, never lost, and no second has
 * two that count. */
static void
test_nothing_lost(struct db *t)
{
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM scan s JOIN scan_revision r USING (agent_id, "
                           "line_id, scanned_at, revision)") == 0);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM scan WHERE standing > 3") == 0);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM scan_revision WHERE standing < 4") == 0);
    /* numbers without a hole */
    CHECK(db_number(t->st,
                    "SELECT COUNT(*) FROM (SELECT MAX(revision) AS top, COUNT(*) AS n FROM (SELECT "
                    "agent_id, line_id, scanned_at, revision FROM scan UNION ALL SELECT agent_id, "
                    "line_id, scanned_at, revision FROM scan_revision) a GROUP BY agent_id, line_id, "
                    "scanned_at HAVING top <> n) b") == 0);
    CHECK(db_stray_lines(t->st) == 0);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_pairs(&t);
    test_orders_of_one_file(&t);
    test_first_file(&t);
    test_pages(&t);
    test_accept(&t);
    test_revoke_all(&t);
    test_deltas_behind(&t);
    test_list(&t);
    test_ahead(&t);
    test_late();
    test_fleet(&t);
    test_nothing_lost(&t);
    db_stop(&t);
    return CHECK_DONE();
}
