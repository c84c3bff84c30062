/* The chain: every way of tampering with stored records is found at the record it concerns. */
#include "audit/chain.h"
#include "base/clock.h"
#include "check.h"
#include "hostile.h"

enum { N = 12 };

static struct arena *a;

struct row {
    struct audit_columns cols;
    struct str rec;
};

struct table {
    struct row rows[N + 2];
    size_t n;
    int64_t head_size;
    struct sha256_digest head_last;
};

static const struct audit_actor who = {.origin = {"log", 3},
                                       .user = {"u", 1},
                                       .host = {"h", 1},
                                       .via = {"cli", 3},
                                       .run = {"r", 1},
                                       .app = {"1", 1}};

static struct row
make_row(int64_t seq, const struct sha256_digest *prev, int64_t ts_us, struct str object_id)
{
    struct event e = {.name = seq % 2 ? "output.write" : "ingest.file",
                      .outcome = seq % 3 ? EVENT_SUCCESS : EVENT_FAILURE,
                      .object_type = STR("file"),
                      .object_id = object_id,
                      .object_name = STR("n"),
                      .reason = STR("")};
    struct row r = {.cols = {.seq = seq,
                             .ts_us = ts_us,
                             .event = str_c(e.name),
                             .object_type = e.object_type,
                             .object_id = object_id,
                             .outcome = (int)e.outcome}};
    audit_record_build(seq, prev, ts_us, &who, &e, a, &r.rec, &r.cols.leaf);
    return r;
}

static struct table
make_table(void)
{
    struct table t = {.n = N, .head_size = N};
    for (size_t i = 0; i < N; i++) {
        struct str id = arena_fmt(a, "id %zu", i);
        t.rows[i] = make_row((int64_t)i, &t.head_last, 1795000000000000 + (int64_t)i, id);
        t.head_last = t.rows[i].cols.leaf;
    }
    return t;
}

/* The record at which the walk breaks; N + 1 = at the head, -1 = all holds. */
static long
walk(const struct table *t, struct str *ret_text)
{
    struct audit_chain c = audit_chain_start();
    struct diag d = diag_init(a);
    *ret_text = STR("");
    for (size_t i = 0; i < t->n; i++) {
        if (audit_chain_next(&c, &t->rows[i].cols, t->rows[i].rec, a, &d) == 0)
            continue;
        CHECK(d.first.code == DIAG_VERIFY);
        CHECK(str_eq(d.first.place, arena_fmt(a, "record %lld", (long long)t->rows[i].cols.seq)));
        *ret_text = diag_text(&d);
        return (long)i;
    }
    if (audit_chain_end(&c, t->head_size, &t->head_last, &d) == 0)
        return -1;
    CHECK(d.first.code == DIAG_VERIFY);
    *ret_text = diag_text(&d);
    return N + 1;
}

#define BREAKS(t, at, word)                                                                        \
    do {                                                                                           \
        struct str text_;                                                                          \
        long got_ = walk((t), &text_);                                                             \
        CHECK(got_ == (at));                                                                       \
        CHECK(str_find(text_, (word)) >= 0);                                                       \
        if (got_ != (at) || str_find(text_, (word)) < 0)                                           \
            fprintf(stderr, "    broke at %ld: %.*s\n", got_, STR_ARG(text_));                     \
    } while (0)

static void
test_whole(void)
{
    struct table t = make_table(), empty = {.n = 0};
    struct str text;
    CHECK(walk(&t, &text) == -1);
    CHECK(walk(&empty, &text) == -1);
}

/* Any one byte of any record: its hash no longer fits, or it is no record any more. */
static void
test_edits(void)
{
    for (size_t i = 0; i < N; i++) {
        struct table t = make_table();
        for (size_t at = 0; at < t.rows[i].rec.len; at += 29) {
            struct table e = t;
            char *s = arena_copy(a, t.rows[i].rec.s, t.rows[i].rec.len);
            s[at] ^= 1;
            e.rows[i].rec = str_n(s, t.rows[i].rec.len);
            BREAKS(&e, (long)i, "");
        }
    }
}

/* The edited record with its leaf recomputed in the column: the next one still knows the old leaf;
 * the newest one is held by the head. */
static void
test_edit_with_leaf(void)
{
    for (size_t i = 0; i < N; i++) {
        struct table t = make_table();
        char *s = arena_copy(a, t.rows[i].rec.s, t.rows[i].rec.len);
        char *salt = strstr(s, "\"salt\":\"") + 8;
        *salt = *salt == '0' ? '1' : '0';
        t.rows[i].rec = str_n(s, t.rows[i].rec.len);
        t.rows[i].cols.leaf = audit_record_leaf(t.rows[i].rec);
        BREAKS(&t, (long)i + 1 == N ? N + 1 : (long)i + 1, i + 1 == N ? "head" : "prev");
    }
}

static void
test_delete(void)
{
    for (size_t i = 0; i < N; i++) {
        struct table t = make_table();
        memmove(&t.rows[i], &t.rows[i + 1], (N - i - 1) * sizeof *t.rows);
        t.n--;
        BREAKS(&t, i + 1 == N ? N + 1 : (long)i, i + 1 == N ? "cut off" : "missing");
    }
}

/* The gap closed by new numbers in the columns: the bytes say another number or another prev. */
static void
test_delete_renumbered(void)
{
    for (size_t i = 0; i + 1 < N; i++) {
        struct table t = make_table();
        memmove(&t.rows[i], &t.rows[i + 1], (N - i - 1) * sizeof *t.rows);
        t.n--;
        t.head_size--;
        for (size_t k = i; k < t.n; k++)
            t.rows[k].cols.seq = (int64_t)k;
        BREAKS(&t, (long)i, "prev");
    }
}

static void
test_insert(void)
{
    for (size_t i = 0; i <= N; i++) {
        struct table t = make_table();
        struct sha256_digest prev = i ? t.rows[i - 1].cols.leaf : (struct sha256_digest){{0}};
        struct row forged = make_row((int64_t)i, &prev, 1795000000000000, STR("forged"));
        memmove(&t.rows[i + 1], &t.rows[i], (N - i) * sizeof *t.rows);
        t.rows[i] = forged;
        t.n++;
        BREAKS(&t, i == N ? N + 1 : (long)i + 1, i == N ? "head" : "missing");
        t.head_size++;
        for (size_t k = i + 1; k < t.n; k++)
            t.rows[k].cols.seq++;
        BREAKS(&t, i == N ? N + 1 : (long)i + 1, i == N ? "head" : "prev");
    }
}

static void
test_swap(void)
{
    for (size_t i = 0; i + 1 < N; i++) {
        struct table t = make_table();
        struct row r = t.rows[i];
        t.rows[i] = t.rows[i + 1];
        t.rows[i + 1] = r;
        BREAKS(&t, (long)i, "missing");
        t.rows[i].cols.seq--;
        t.rows[i + 1].cols.seq++;
        BREAKS(&t, (long)i, "prev");
    }
}

static void
test_columns(void)
{
    for (size_t i = 0; i < N; i++) {
        const struct table t = make_table();
        struct table e = t;
        e.rows[i].cols.ts_us++;
        BREAKS(&e, (long)i, "ts");
        e = t;
        e.rows[i].cols.event = STR("config.change");
        BREAKS(&e, (long)i, "event");
        e = t;
        e.rows[i].cols.object_type = STR("key");
        BREAKS(&e, (long)i, "object_type");
        e = t;
        e.rows[i].cols.object_id = STR("id");
        BREAKS(&e, (long)i, "object_id");
        e = t;
        e.rows[i].cols.outcome = !e.rows[i].cols.outcome;
        BREAKS(&e, (long)i, "outcome");
        e = t;
        e.rows[i].cols.leaf.b[31] ^= 1;
        BREAKS(&e, (long)i, "hash");
        e = t;
        e.rows[i].cols.seq = 99;
        BREAKS(&e, (long)i, "missing");
    }
}

static void
test_head(void)
{
    struct table t = make_table();
    for (size_t n = 0; n < N; n++) {
        t.n = n;
        BREAKS(&t, N + 1, "cut off");
    }
    t = make_table();
    t.head_size = N - 1;
    BREAKS(&t, N + 1, "head");
    t = make_table();
    t.head_last.b[0] ^= 1;
    BREAKS(&t, N + 1, "hash of the last");
    t = make_table();
    t.n = 0, t.head_size = 0;
    BREAKS(&t, N + 1, "hash of the last");
}

/* The tail written anew with the same length: only the head tells. */
static void
test_rewritten_tail(void)
{
    struct table t = make_table();
    struct sha256_digest prev = t.rows[7].cols.leaf;
    for (size_t i = 8; i < N; i++) {
        t.rows[i] = make_row((int64_t)i, &prev, 1795000000000000 + (int64_t)i, STR("new"));
        prev = t.rows[i].cols.leaf;
    }
    BREAKS(&t, N + 1, "hash of the last");
}

static void
test_clock_steps(void)
{
    static const int64_t ts[] = {5, 6, 6, 4, 7, 3, 3};
    struct audit_chain c = audit_chain_start();
    struct diag d = diag_init(a);
    struct sha256_digest prev = {{0}};
    for (size_t i = 0; i < sizeof ts / sizeof *ts; i++) {
        struct row r = make_row((int64_t)i, &prev, ts[i] * 1000000, STR("x"));
        CHECK(audit_chain_next(&c, &r.cols, r.rec, a, &d) == 0);
        prev = r.cols.leaf;
    }
    CHECK(c.n_clock_steps == 2 && c.next_seq == 7);
}

/* Columns hold the text whole, the record may hold it repaired or by its hash. */
static void
test_hostile(void)
{
    struct hostile h = hostile_all(a);
    struct audit_chain c = audit_chain_start();
    struct diag d = diag_init(a);
    struct sha256_digest prev = {{0}};
    for (size_t i = 0; i < h.list.n; i++) {
        struct row r = make_row((int64_t)i, &prev, 1000, h.list.v[i]);
        CHECK(audit_chain_next(&c, &r.cols, r.rec, a, &d) == 0);
        prev = r.cols.leaf;
    }
    CHECK(audit_chain_end(&c, (int64_t)h.list.n, &prev, &d) == 0);
    struct row big = make_row((int64_t)h.list.n, &prev, 1000, h.list.v[h.list.n - 1]);
    char *other = arena_copy(a, big.cols.object_id.s, big.cols.object_id.len);
    other[big.cols.object_id.len - 1] ^= 1;
    big.cols.object_id.s = other;
    CHECK(audit_chain_next(&c, &big.cols, big.rec, a, &d) == -1);
}

int
main(void)
{
    a = arena_new();
    test_whole();
    test_edits();
    test_edit_with_leaf();
    test_delete();
    test_delete_renumbered();
    test_insert();
    test_swap();
    test_columns();
    test_head();
    test_rewritten_tail();
    test_clock_steps();
    test_hostile();
    arena_free(a);
    return CHECK_DONE();
}
