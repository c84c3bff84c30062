/* The audit log: appending, growing the tree, and checkpoints, each against a floor that does the same
 * work without being tamper-evident, in turn in one run.
 * Usage: audit STATE_DIR [RECORDS] [RUNS]; the state directory is made by `assay init`. */
#include <stdio.h>
#include <stdlib.h>

#include "audit/tiles.h"
#include "base/buf.h"
#include "ledger/checkpoint.h"
#include "measure.h"
#include "sql.h"

enum { SINGLE = 200, BATCH = 100, BATCHES = 20, FILL = 500, TREE = 200000, MAX_RUNS = 64 };

/* ---- appending ---- */

static void
append(struct act *act, size_t n_tx, size_t n)
{
    for (size_t i = 0; i < n_tx; i++) {
        struct arena *a = arena_new();
        struct diag d = diag_init(a);
        struct event *e = ARENA_ARRAY(a, struct event, n);
        struct event_change changes[] = {{STR("min_length"), STR("8"), STR("14"), false},
                                         {STR("owner"), STR("tanaka"), STR("suzuki"), false}};
        for (size_t k = 0; k < n; k++)
            e[k] = (struct event){.name = "config.change",
                                  .severity = 5,
                                  .object_type = STR("config"),
                                  .object_id = STR("/etc/assay/assay.conf"),
                                  .object_name = STR("assay.conf"),
                                  .reason = STR("bench"),
                                  .changes = changes,
                                  .n_changes = 2};
        bench_must(act_record(act, e, n, &d), &d);
        arena_free(a);
    }
}

/* The same bytes in the same columns, without head, chain and lock. */
static void
insert_plain(struct act *act, size_t n_tx, size_t n, struct str rec)
{
    static int64_t seq;
    struct store *st = act->store;
    for (size_t i = 0; i < n_tx; i++) {
        struct diag d = diag_init(act->arena);
        AUTO_BUF q = buf_init(1 << 24);
        buf_puts(&q, "INSERT INTO bench_plain VALUES ");
        for (size_t k = 0; k < n; k++) {
            buf_fmt(&q,
                    "%s(%lld, NOW(6), 'config.change', 'config', '/etc/assay/assay.conf', 0, x'",
                    k ? "," : "", (long long)seq++);
            buf_hex(&q, rec.s, 32);
            buf_puts(&q, "', x'");
            buf_hex(&q, rec.s, rec.len);
            buf_puts(&q, "')");
        }
        bench_must(store_begin(st, &d), &d);
        mysql_free_result(bench_sql_rows(st, q.data, q.len));
        bench_must(store_commit(st, &d), &d);
    }
}

static struct str
last_record(struct act *act)
{
    struct diag d = diag_init(act->arena);
    struct store_record *r;
    size_t n;
    bench_must(store_load_records(act->store, act->appended.seq, 1, act->arena, &r, &n, &d), &d);
    return r[0].rec;
}

static void
bench_append(struct act *act, int runs, size_t n_tx, size_t n)
{
    double a[MAX_RUNS], b[MAX_RUNS];
    append(act, 1, n);
    struct str rec = last_record(act);
    for (int i = 0; i < runs; i++) {
        double t0 = bench_wall_s();
        append(act, n_tx, n);
        double t1 = bench_wall_s();
        insert_plain(act, n_tx, n, rec);
        a[i] = t1 - t0;
        b[i] = bench_wall_s() - t1;
    }
    double total = (double)(n_tx * n), ma = bench_median(a, runs), mb = bench_median(b, runs);
    printf(
        "append, %zu a transaction, %zu bytes: %.0f records/s; plain INSERT %.0f/s; ratio %.2f\n",
        n, rec.len, total / ma, total / mb, ma / mb);
}

/* ---- the tree ---- */

/* Leaves and tree of TREE records, against one SHA-256 over the same bytes. */
static void
bench_tree(struct act *act, int runs)
{
    double a[MAX_RUNS], b[MAX_RUNS];
    struct str rec = last_record(act);
    for (int i = 0; i < runs; i++) {
        struct audit_edge e;
        audit_edge_start(&e, 0);
        double t0 = bench_wall_s();
        for (int k = 0; k < TREE; k++) {
            struct sha256_digest leaf = audit_record_leaf(rec);
            audit_edge_add(&e, &leaf, NULL, NULL, NULL);
        }
        double t1 = bench_wall_s();
        struct sha256 *h = sha256_new();
        for (int k = 0; k < TREE; k++)
            sha256_add(h, rec.s, rec.len);
        struct sha256_digest all = sha256_final(h);
        a[i] = t1 - t0;
        b[i] = bench_wall_s() - t1;
        if (e.size != TREE || all.b[0] == all.b[1] + 1000)
            exit(1);
    }
    double ma = bench_median(a, runs), mb = bench_median(b, runs);
    printf("tree, %zu bytes a record: %.0f records/s; SHA-256 of the bytes %.0f/s; ratio %.2f\n",
           rec.len, TREE / ma, TREE / mb, ma / mb);
}

/* ---- checkpoints ---- */

static void
fill(struct act *act, int64_t size)
{
    struct diag d = diag_init(act->arena);
    struct sha256_digest last;
    int64_t is;
    bench_must(store_audit_size(act->store, &is, &last, &d), &d);
    bench_sql(act->store, "SET GLOBAL innodb_flush_log_at_trx_commit = 0");
    for (; is < size; is += FILL)
        append(act, 1, FILL);
    bench_sql(act->store, "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
}

static double
checkpoint_s(struct act *act, bool rebuild, struct checkpoint_made *m)
{
    struct diag d = diag_init(act->arena);
    double t0 = bench_wall_s();
    bench_must(checkpoint_make(act, rebuild, m, &d), &d);
    return bench_wall_s() - t0;
}

/* A hundred new records each time; the same root must come out from all leaves. */
static void
bench_checkpoint(struct act *act, int runs)
{
    double a[MAX_RUNS], b[MAX_RUNS];
    struct checkpoint_made one, all;
    checkpoint_s(act, true, &all);
    for (int i = 0; i < runs; i++) {
        append(act, 1, BATCH);
        a[i] = checkpoint_s(act, false, &one);
        b[i] = checkpoint_s(act, true, &all);
        if (one.size != all.size || !str_eq(one.note, all.note)) {
            fprintf(stderr, "audit: two checkpoints of one log differ\n");
            exit(1);
        }
    }
    double ma = bench_median(a, runs), mb = bench_median(b, runs);
    printf("checkpoint of %lld records, %d of them new: %.1f ms; from all leaves %.0f ms; ratio "
           "%.4f\n",
           (long long)one.size, BATCH, ma * 1e3, mb * 1e3, ma / mb);
}

int
main(int argc, char **argv)
{
    struct act *act;
    struct config c;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    int64_t size = argc > 2 ? atoll(argv[2]) : 1000000;
    int runs = argc > 3 ? atoi(argv[3]) : 5;
    if (argc < 2 || runs < 1 || runs > MAX_RUNS) {
        fprintf(stderr, "usage: audit STATE_DIR [RECORDS] [RUNS]\n");
        return 64;
    }
    bench_must(config_load(NULL, argv[1], a, &c, &d), &d);
    bench_must(act_open(&c, true, &act, &d), &d);
    bench_sql(act->store, "SET GLOBAL innodb_buffer_pool_size = 536870912");
    bench_sql(act->store, "CREATE TABLE IF NOT EXISTS bench_plain LIKE audit_log");
    bench_append(act, runs, SINGLE, 1);
    bench_append(act, runs, BATCHES, BATCH);
    bench_tree(act, runs);
    fill(act, size);
    bench_checkpoint(act, runs);
    act_close(act);
    arena_free(a);
    return 0;
}
