/* Rows of the audit log that are no records: tiles, and texts that were pruned. */
#include "db.h"

enum { N = 40 };

static const int64_t T0 = 1790000000;

static void
put_records(struct db *t)
{
    struct store_record r[N];
    struct sha256_digest prev;
    int64_t seq;
    for (int i = 0; i < N; i++)
        r[i] = (struct store_record){.seq = i,
                                     .ts_us = (T0 + i) * 1000000,
                                     .event = STR("test"),
                                     .object_type = STR(""),
                                     .object_id = STR(""),
                                     .leaf = sha256_of(str_n((const char *)&i, sizeof i)),
                                     .rec = STR("{}")};
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_lock_audit_head(t->st, &seq, &prev, &t->d)) && seq == 0);
    CHECK(db_ok(t, store_put_records(t->st, r, N, &t->d)));
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
}

static int64_t
first_kept(struct db *t, int64_t size)
{
    int64_t kept = -1;
    CHECK(db_ok(t, store_first_kept(t->st, size, &kept, &t->d)));
    return kept;
}

/* However many are gone, the first that is left is found. */
static void
test_pruning(struct db *t)
{
    struct store_record *r;
    size_t n;
    int64_t since = -1;
    CHECK(first_kept(t, 0) == 0);
    put_records(t);
    CHECK(db_ok(t, store_first_since(t->st, 0, T0 + 7, N, &since, &t->d)) && since == 7);
    CHECK(db_ok(t, store_first_since(t->st, 9, T0 + 7, N, &since, &t->d)) && since == 9);
    CHECK(db_ok(t, store_first_since(t->st, 0, T0 + N, N, &since, &t->d)) && since == N);
    CHECK(db_ok(t, store_prune_records(t->st, 0, 0, &t->d)));
    for (int i = 0; i <= N; i++) {
        CHECK(first_kept(t, N) == i);
        CHECK(first_kept(t, INT64_MAX) == i);
        CHECK(db_ok(t, store_prune_records(t->st, i, i + 1, &t->d)));
        if (i == 20) {
            CHECK(db_ok(t, store_load_records(t->st, 20, 2, t->a, &r, &n, &t->d)) && n == 2);
            CHECK(r[0].is_pruned && r[0].rec.len == 0 && !r[1].is_pruned && r[1].rec.len == 2);
            CHECK(db_number(t->st, "SELECT SUM(pruned) FROM v_audit") == 21);
        }
    }
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM audit_log WHERE LENGTH(leaf) = 32") == N);
}

static size_t
load(struct db *t, int level, int64_t at, struct sha256_digest *v)
{
    size_t n = 99;
    CHECK(db_ok(t, store_load_tile(t->st, level, at, v, &n, &t->d)));
    return n;
}

static void
test_tiles(struct db *t)
{
    struct sha256_digest v[STORE_TILE], got[STORE_TILE];
    for (int i = 0; i < STORE_TILE; i++)
        v[i] = sha256_of(str_n((const char *)&i, sizeof i));
    struct store_tile tiles[] = {{0, 0, STORE_TILE, v}, {0, 1, 3, v}, {1, 0, 1, v + 7}};
    CHECK(load(t, 0, 0, got) == 0);
    CHECK(db_ok(t, store_put_tiles(t->st, tiles, 3, &t->d)));
    CHECK(load(t, 0, 0, got) == STORE_TILE && memcmp(got, v, sizeof v) == 0);
    CHECK(load(t, 0, 1, got) == 3 && load(t, 1, 1, got) == 0);
    CHECK(load(t, 1, 0, got) == 1 && memcmp(got, v + 7, sizeof *v) == 0);
    tiles[1].n = 200;
    CHECK(db_ok(t, store_put_tiles(t->st, tiles + 1, 1, &t->d)) && load(t, 0, 1, got) == 200);
    /* what no program of ours writes is no tile */
    CHECK(mysql_query(t->st->db, "UPDATE audit_tile SET width = 201 WHERE level = 0 AND idx = 1") ==
          0);
    CHECK(load(t, 0, 1, got) == 0);
    CHECK(mysql_query(t->st->db, "UPDATE audit_tile SET width = 0, hashes = '' WHERE idx = 1") ==
          0);
    CHECK(load(t, 0, 1, got) == 0);
    CHECK(mysql_query(t->st->db, "UPDATE audit_tile SET width = 300 WHERE idx = 0") == 0);
    CHECK(load(t, 0, 0, got) == 0);
}

static void
test_waiting(struct db *t)
{
    struct str target;
    int64_t next = -1;
    CHECK(db_ok(t, store_find_waiting(t->st, 10, t->a, &target, &next, &t->d)) && !target.len);
    CHECK(
        mysql_query(
            t->st->db,
            "INSERT INTO export_cursor (target, next_seq) VALUES ('a', 10), ('b', 4), ('c', 9)") ==
        0);
    CHECK(db_ok(t, store_find_waiting(t->st, 10, t->a, &target, &next, &t->d)) && next == 4);
    CHECK_STR(target, "b");
    CHECK(db_ok(t, store_find_waiting(t->st, 4, t->a, &target, &next, &t->d)) && !target.len);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_pruning(&t);
    test_tiles(&t);
    test_waiting(&t);
    db_stop(&t);
    return CHECK_DONE();
}
