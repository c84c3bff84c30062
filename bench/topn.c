/* Top-N failed checks over AGENTS agents x CHECKS checks: the engine's pass over packed vectors,
 * with and without loading them, against SQL GROUP BY on a normalised table holding the same
 * results. Usage: topn STATE_DIR [RUNS]; the state directory is made by `assay init`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mysql.h>

#include "base/env.h"
#include "engine/topn.h"
#include "store/inner.h"

enum { AGENTS = 10000, CHECKS = 250, BATCH = 200, SCAN_TIME = 1792483200 };

static double
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
must(int rc, const struct diag *d)
{
    if (rc == 0)
        return;
    fprintf(stderr, "topn: %.*s\n", STR_ARG(d->first.text));
    exit(1);
}

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
    enum store_put put;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {.path = STR("")};
    for (int i = 0; i < BATCH; i++)
        *VEC_PUSH(a, &f.scans) = make_scan(a, first + i);
    must(store_prepare(st, &f, &d), &d);
    must(store_begin(st, &d), &d);
    for (size_t i = 0; i < f.scans.n; i++)
        must(store_put_scan(st, &f, &f.scans.v[i], &put, &d), &d);
    must(store_commit(st, &d), &d);
    arena_free(a);
}

static void
sql(struct store *st, const char *text)
{
    if (mysql_query(st->db, text)) {
        fprintf(stderr, "topn: %s\n", mysql_error(st->db));
        exit(1);
    }
    MYSQL_RES *r = mysql_store_result(st->db);
    if (r)
        mysql_free_result(r);
}

/* One row a result, with a covering index. */
static void
fill_normalised(struct store *st)
{
    sql(st, "CREATE TABLE IF NOT EXISTS bench_result (agent_id BIGINT UNSIGNED, check_id INT, "
            "status TINYINT,"
            " PRIMARY KEY (agent_id, check_id), KEY k_check (check_id, status))");
    sql(st, "INSERT IGNORE INTO bench_result SELECT s.agent_id, k.pos,"
            " (ORD(SUBSTRING(s.vec, 1 + (k.pos DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15"
            " FROM scan s JOIN policy_check k ON k.policy_id = s.policy_id");
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
    double load[64], pass[64], group_by[64];
    int runs = argc > 2 ? atoi(argv[2]) : 7;
    struct store *st;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (argc < 2 || runs < 1 || runs > 64)
        return 64;
    must(store_open(&(struct store_config){.state_dir = argv[1]}, &st, &d), &d);
    for (int i = 0; i < AGENTS; i += BATCH)
        put_batch(st, i);
    fill_normalised(st);
    for (int i = 0; i < runs; i++) {
        struct arena *b = arena_new();
        struct diag e = diag_init(b);
        struct fleet f;
        struct fleet_query q = {
            .from = SCAN_TIME - 1, .to = SCAN_TIME + 1, .policy = STR(""), .agent = STR("")};
        double t0 = now_ms();
        must(store_load_fleet(st, &q, b, &f, &e), &e);
        double t1 = now_ms();
        struct pick *p =
            pick_make(&f, &(struct pick_filter){.agent = STR(""), .policy = STR("")}, b);
        struct topn_checks top = topn_checks(p, 20, b);
        double t2 = now_ms();
        sql(st, "SELECT check_id, SUM(status = 3) AS failed, SUM(status IN (1, 2, 3)) AS assessed"
                " FROM bench_result GROUP BY check_id ORDER BY failed DESC, check_id LIMIT 20");
        group_by[i] = now_ms() - t2;
        load[i] = t1 - t0;
        pass[i] = t2 - t1;
        if (top.n != 20)
            return 1;
        arena_free(b);
    }
    qsort(load, (size_t)runs, sizeof *load, by_value);
    qsort(pass, (size_t)runs, sizeof *pass, by_value);
    qsort(group_by, (size_t)runs, sizeof *group_by, by_value);
    double l = load[runs / 2], p = pass[runs / 2], g = group_by[runs / 2];
    printf("topn: %d agents x %d checks: engine %.1f ms (loading the vectors %.1f ms), SQL GROUP "
           "BY %.1f ms: %.1f times "
           "faster, %.1f with loading\n",
           AGENTS, CHECKS, p, l, g, g / p, g / (l + p));
    store_close(st);
    arena_free(a);
    return 0;
}
