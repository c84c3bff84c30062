/* The walk over what a file brought: the order of its events, their keys, and where it goes on. */
#include "export/result_walk.h"

#include "bench.h"

enum { FINDINGS = 5, SCANS = 3, ALL = SCANS * (FINDINGS + 1) };

static struct audit_record record; /* that says the file was stored */

/* Keys and ids of the events behind a key; returns how many. */
static size_t
walk(struct str behind, struct str *keys, struct str *ids)
{
    struct diag d = diag_init(a);
    struct results w;
    struct result_event v;
    struct str key;
    enum results_answer got;
    size_t n = 0;
    CHECK(results_open(bench_session, &record, NULL, behind, a, &w, &d) == 0);
    while ((got = results_next(&w, &v, &key, &d)) == RESULTS_EVENT) {
        CHECK(n < ALL);
        CHECK(str_eq(RESULT_TEXT(&v, ORIGIN), record.origin) &&
              str_eq(RESULT_TEXT(&v, LEAF), record.leaf_hex));
        CHECK(str_eqc(RESULT_TEXT(&v, N_EVENTS), v.kind == RESULT_SCAN ? "5" : ""));
        keys[n] = arena_str(a, key);
        ids[n++] = arena_str(a, RESULT_TEXT(&v, UID));
    }
    CHECK(got == RESULTS_END && results_next(&w, &v, &key, &d) == RESULTS_END);
    results_close(&w);
    CHECK(!w.scan_a);
    return n;
}

/* A summary, then each check that changed, scan by scan; keys rise, and no two ids are the same. */
static void
test_order(void)
{
    struct str keys[ALL], ids[ALL];
    struct str none = STR("");
    CHECK(walk(none, keys, ids) == ALL);
    for (size_t i = 0; i < ALL; i++) {
        CHECK(i == 0 || str_cmp(keys[i], keys[i - 1]) > 0);
        CHECK(str_starts(keys[i], keys[i - i % (FINDINGS + 1)].s)); /* of its scan */
        CHECK(str_ends(ids[i], keys[i].s));
    }
}

/* Behind any of them it goes on with the next, and never again with one before. */
static void
test_behind(void)
{
    struct str keys[ALL], ids[ALL], rest[ALL], rest_ids[ALL];
    walk(STR(""), keys, ids);
    for (size_t i = 0; i < ALL; i++) {
        size_t n = walk(keys[i], rest, rest_ids);
        CHECK(n == ALL - i - 1);
        for (size_t k = 0; k < n; k++)
            CHECK(str_eq(rest[k], keys[i + 1 + k]) && str_eq(rest_ids[k], ids[i + 1 + k]));
    }
}

/* Only records of files that were stored have results. */
static void
test_has(void)
{
    struct diag d = diag_init(a);
    struct audit_record r;
    int64_t at = bench_size();
    bench_put_file_record(STR("00"), "duplicate");
    bench_append(1, "test.event");
    for (; at < bench_size(); at++) {
        struct store_record stored = bench_record(at);
        CHECK(audit_record_parse(stored.rec, a, &r, &d) == 0 && !results_has(&r));
    }
    CHECK(results_has(&record));
}

/* A scan that is gone since: the walk goes on without it. */
static void
test_gone(void)
{
    struct str keys[ALL], ids[ALL], hash = record.object_id;
    record.object_id = STR("0000");
    CHECK(walk(STR(""), keys, ids) == 0);
    record.object_id = hash;
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    struct diag d = diag_init(a);
    struct scan_file f = db_file("three");
    char letters[FINDINGS + 1] = {0};
    memset(letters, 'f', FINDINGS);
    for (int i = 0; i < SCANS; i++)
        db_scan(a, &f, arena_fmt(a, "agent-%d", i).s, "P", 1790000000 + i, letters);
    CHECK(db_put_file(bench_session->store, &f, &d) == STORE_NEW);
    bench_put_file_record(sha256_hex(a, &f.sha256), "stored");
    struct store_record stored = bench_record(bench_size() - 1);
    CHECK(audit_record_parse(stored.rec, a, &record, &d) == 0);
    test_order();
    test_behind();
    test_has();
    test_gone();
    return bench_stop();
}
