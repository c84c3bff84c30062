/* Top-N failed checks over AGENTS agents x CHECKS checks: the engine's pass over packed vectors,
 * with and without loading them, against SQL GROUP BY on a normalised table holding the same
 * results. Both must give the same counts, or there is no figure.
 * Usage: topn STATE_DIR [RUNS]; the state directory is made by `assay init`. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/env.h"
#include "engine/topn.h"
#include "measure.h"
#include "sql.h"

enum { AGENTS = 10000, CHECKS = 250, BATCH = 200, SCAN_TIME = 1792483200, TOP = 20, MAX_RUNS = 64 };

static enum status
status_of(int agent, int check)
{
    unsigned x = (unsigned)(agent * 2654435761u) ^ (unsigned)(check * 40503u) * 97u;
    return x % 10 < 6 ? STATUS_PASS : x % 10 < 9 ? STATUS_FAIL : STATUS_NOTAPPLICABLE;
}

static struct scan
make_scan(struct arena *a, int agent)
{
    struct str none = STR("");
    struct scan s = {.format = STR("bench"), .engine = none, .start = CLOCK_NONE, .end = SCAN_TIME};
    s.asset =
        (struct scan_asset){.name = arena_fmt(a, "host%05d", agent), .alias = none, .os = none};
    s.asset.group = STR("Bench");
    s.policy = (struct scan_policy){STR("bench"), STR("1"), STR("Bench"), none};
    for (int k = 0; k < CHECKS; k++) {
        struct scan_check *c = VEC_PUSH(a, &s.checks);
        c->id = c->key = arena_fmt(a, "%d", 19000 + k);
        c->title = arena_fmt(a, "Ensure setting %d", k);
        c->description = c->rationale = c->remediation = c->impact = c->category = none;
        scan_add_result(a, &s,
                        (struct scan_result){.check = (size_t)k,
                                             .status = status_of(agent, k),
                                             .native = none,
                                             .evidence = none,
                                             .waiver = none,
                                             .time = CLOCK_NONE});
    }
    return s;
}

static void
put_batch(struct store *st, int first)
{
    struct store_outcome put;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {.path = STR("")};
    for (int i = 0; i < BATCH; i++)
        *VEC_PUSH(a, &f.scans) = make_scan(a, first + i);
    const struct scan_file *file = &f;
    size_t at;
    bench_must(store_prepare(st, &file, 1, &at, &d), &d);
    bench_must(store_begin(st, &d), &d);
    for (size_t i = 0; i < f.scans.n; i++)
        bench_must(store_put_scan(st, &f, &f.scans.v[i], &put, &d), &d);
    bench_must(store_commit(st, &d), &d);
    arena_free(a);
}

/* One row a result, with a covering index, all of it in memory. */
static void
fill_normalised(struct store *st)
{
    bench_sql(st, "SET GLOBAL innodb_buffer_pool_size = 536870912");
    bench_sql(st,
              "CREATE TABLE IF NOT EXISTS bench_result (agent_id BIGINT UNSIGNED, check_id INT, "
              "status TINYINT,"
              " PRIMARY KEY (agent_id, check_id), KEY k_check (check_id, status))");
    bench_sql(st, "INSERT IGNORE INTO bench_result SELECT s.agent_id, k.pos,"
                  " (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15"
                  " FROM scan s JOIN policy_check k ON k.policy_id = s.policy_id");
    bench_sql(st, "ANALYZE TABLE bench_result");
}

/* The same question in SQL; failed[] gets the counts, most failures first. */
static double
group_by_s(struct store *st, long failed[TOP])
{
    static const char query[] =
        "SELECT check_id, SUM(status = 3) AS failed, SUM(status IN (1, 2, 3)) AS assessed"
        " FROM bench_result GROUP BY check_id ORDER BY failed DESC, check_id LIMIT 20";
    double start = bench_wall_s();
    MYSQL_RES *r = bench_sql_rows(st, query, sizeof query - 1);
    double took = bench_wall_s() - start;
    for (int i = 0; i < TOP; i++) {
        MYSQL_ROW row = r ? mysql_fetch_row(r) : NULL;
        failed[i] = row ? atol(row[1]) : -1;
    }
    mysql_free_result(r);
    return took;
}

struct times {
    double load[MAX_RUNS], pass[MAX_RUNS], group_by[MAX_RUNS];
};

/* One run of each, and their comparison. */
static void
run(struct store *st, struct times *t, int i)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct fleet f;
    struct fleet_query q = {
        .from = SCAN_TIME - 1, .to = SCAN_TIME + 1, .policy = STR(""), .agent = STR("")};
    long failed[TOP];
    double start = bench_wall_s();
    bench_must(store_load_fleet(st, &q, a, &f, &d), &d);
    double loaded = bench_wall_s();
    struct pick *p = pick_make(&f, &(struct pick_filter){.agent = STR(""), .policy = STR("")}, a);
    struct topn_checks top = topn_checks(p, TOP, a);
    t->load[i] = loaded - start;
    t->pass[i] = bench_wall_s() - loaded;
    t->group_by[i] = group_by_s(st, failed);
    for (size_t k = 0; k < TOP; k++)
        if (top.n != TOP || top.v[k].failed != failed[k] || failed[k] <= 0) {
            fprintf(stderr, "topn: rank %zu: %zu shown, %ld failed in SQL\n", k, top.n, failed[k]);
            exit(1);
        }
    arena_free(a);
}

int
main(int argc, char **argv)
{
    static struct times t;
    int runs = argc > 2 ? atoi(argv[2]) : 9;
    struct store *st;
    struct rusage use;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (argc < 2 || runs < 1 || runs > MAX_RUNS) {
        fprintf(stderr, "usage: topn STATE_DIR [RUNS up to %d]\n", MAX_RUNS);
        return 64;
    }
    bench_must(store_open(&(struct store_config){.state_dir = argv[1]}, &st, &d), &d);
    for (int i = 0; i < AGENTS; i += BATCH)
        put_batch(st, i);
    fill_normalised(st);
    run(st, &t, 0); /* the first one of each warms the caches and is written over */
    for (int i = 0; i < runs; i++)
        run(st, &t, i);
    double load = bench_median(t.load, runs) * 1e3, pass = bench_median(t.pass, runs) * 1e3;
    double group_by = bench_median(t.group_by, runs) * 1e3;
    getrusage(RUSAGE_SELF, &use);
    printf("topn: %d agents x %d checks: engine %.1f ms (loading the vectors %.1f ms), %ld MB; SQL "
           "GROUP BY %.1f ms: ratio %.1f, with loading %.1f (above 1: assay is faster; %d runs)\n",
           AGENTS, CHECKS, pass, load, use.ru_maxrss / 1000, group_by, group_by / pass,
           group_by / (load + pass), runs);
    store_close(st);
    arena_free(a);
    return 0;
}
