/* What is remembered of a target outside of the database: what arrived, held against the log; and a failure that
 * comes and goes. */
#include "export/cursor.h"

#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "bench.h"

static void
sql(const char *text)
{
    CHECK(db_number(bench_session->store, text) != -2);
}

/* The log ends before record n, as who has the database can make it look. */
static void
cut_off(int64_t n)
{
    sql(arena_fmt(a, "DELETE FROM audit_log WHERE seq >= %lld", (long long)n).s);
    sql(arena_fmt(
            a,
            "UPDATE audit_head SET size = %lld, last = (SELECT leaf FROM audit_log WHERE seq = "
            "%lld)",
            (long long)n, (long long)n - 1)
            .s);
}

static struct sent
load(const struct bench *b)
{
    struct diag d = diag_init(a);
    struct sent s;
    CHECK(sent_load(&bench_session->config, b->t.key, a, &s, &d) == 0);
    return s;
}

static bool
contradicts(struct bench *b)
{
    struct diag d = diag_init(a);
    int rc = cursor_compare(&b->c, &d);
    CHECK(rc == 0 || d.first.code == DIAG_VERIFY);
    CHECK((rc != 0) == b->c.is_contradicted);
    return rc != 0;
}

static void
fail(struct bench *b)
{
    struct diag d = diag_init(a), why = diag_init(a);
    int64_t wait;
    diag_fail(&why, DIAG_UNAVAILABLE, "gone");
    CHECK(cursor_fail(&b->c, &why, 0, &wait, &d) == 0);
}

/* ---- what was sent ---- */

/* The newest record that arrived, with the hash of its bytes; what is filtered was not sent. */
static void
test_remembers(void)
{
    struct bench b;
    bench_append(5, "test.event");
    bench_prepare(&b, "remembers");
    CHECK(b.c.sent.last.seq == -1 && !contradicts(&b));
    CHECK(bench_deliver(&b, 1) == 0);
    struct sent s = load(&b);
    struct store_record r = bench_record(b.end - 1);
    CHECK(s.last.seq == b.end - 1 && memcmp(s.last.leaf.b, r.leaf.b, SHA256_SIZE) == 0);
    CHECK(s.at > 0 && !s.is_followed && s.told == SENT_TOLD_NOTHING);
    CHECK(!contradicts(&b));
    cursor_release(&b.c);
    bench_append(3, "other.event");
    bench_prepare(&b, "remembers"); /* what another process sees */
    CHECK(b.c.sent.last.seq == s.last.seq);
    b.e.events = STR("test.*");
    CHECK(bench_deliver(&b, 1) == 0 && bench_row(&b).seq == b.end && load(&b).last.seq == s.last.seq);
    cursor_release(&b.c);
}

/* A death between the memory and the cursor leaves the cursor behind: what is remembered is still so. */
static void
test_death(void)
{
    struct bench b;
    struct diag d = diag_init(a);
    bench_append(2, "test.event");
    bench_prepare(&b, "remembers");
    struct sent ahead = b.c.sent;
    ahead.last = (struct act_mark){.seq = b.end - 1, .leaf = bench_record(b.end - 1).leaf};
    CHECK(sent_save(&bench_session->config, &ahead, false, &d) == 0);
    b.c.fence = 0;
    sql("UPDATE export_cursor SET owner = '', fence = 0");
    bench_prepare(&b, "remembers");
    CHECK(b.c.sent.last.seq == b.end - 1 && b.c.at.seq < b.end - 1 && !contradicts(&b));
    CHECK(bench_deliver(&b, 1) == 0 && load(&b).last.seq == b.end - 1);
    cursor_release(&b.c);
}

/* Another host had the cursor meanwhile: what this one remembers is older, and as true as it was. */
static void
test_hosts(void)
{
    struct bench b;
    struct diag d = diag_init(a);
    bench_append(4, "test.event");
    bench_prepare(&b, "remembers");
    struct sent mine = b.c.sent;
    CHECK(bench_deliver(&b, 1) == 0);
    cursor_release(&b.c);
    CHECK(sent_save(&bench_session->config, &mine, true, &d) == 0);
    bench_prepare(&b, "remembers");
    CHECK(b.c.sent.last.seq == mine.last.seq && b.c.at.seq > mine.last.seq + 1 && !contradicts(&b));
    cursor_release(&b.c);
}

/* A damaged file, and none at all, remember nothing and stop nothing. */
static void
test_damaged(void)
{
    static const char *const texts[] = {
        "",
        "assay sent 1\n",
        "assay sent 1\n5 00 1 once 0 0 0 nothing\nremembers\n",
        "assay sent 1\n-2 0000000000000000000000000000000000000000000000000000000000000000 1 once "
        "0 0 "
        "0 nothing\nremembers\n",
        "assay sent 1\n5 0000000000000000000000000000000000000000000000000000000000000000 1 twice "
        "0 0 "
        "0 nothing\nremembers\n",
        "assay sent 1\n5 0000000000000000000000000000000000000000000000000000000000000000 1 once 0 "
        "0 0 "
        "nothing\nanother\n"};
    struct bench b;
    bench_prepare(&b, "remembers");
    cursor_release(&b.c);
    struct str path = sent_path(&bench_session->config, b.t.key, a);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct diag d = diag_init(a);
        struct sent s;
        CHECK(file_write_atomic(path.s, str_c(texts[i]), 0600, &d) == 0);
        CHECK(sent_load(&bench_session->config, b.t.key, a, &s, &d) != 0);
        CHECK(d.first.code == DIAG_BAD_DATA && s.last.seq == -1);
        bench_prepare(&b, "remembers");
        CHECK(b.c.sent.last.seq == -1 && !contradicts(&b));
        cursor_release(&b.c);
    }
    CHECK(unlink(path.s) == 0);
    bench_append(1, "test.event");
    bench_prepare(&b, "remembers");
    CHECK(!contradicts(&b) && bench_deliver(&b, 1) == 0 && load(&b).last.seq == b.end - 1);
    cursor_release(&b.c);
}

/* ---- another history ---- */

/* Stops the target, is told once, and goes on when somebody says why. */
static void
check_stopped(struct bench *b, const char *text)
{
    struct diag d = diag_init(a), none = diag_init(a);
    int64_t wait, from = bench_size();
    fake.got.n = 0;
    for (int i = 0; i < 3; i++) {
        struct diag one = diag_init(a);
        CHECK(courier_run(&b->k, bench_size(), &one) != 0 && one.first.code == DIAG_VERIFY);
        CHECK(str_find(one.first.text, text) >= 0);
        CHECK(cursor_fail(&b->c, &one, 0, &wait, &d) == 0);
    }
    CHECK(fake.got.n == 0 && bench_count_events("export.history", from) == 1);
    CHECK(bench_count_events("export.fail", from) == 0);
    CHECK(cursor_accept(&b->c, STR("it was put back"), &d) == 0);
    CHECK(bench_count_events("export.accept", from) == 1 && !contradicts(b));
    CHECK(bench_row(b).attempts == 0 && bench_row(b).failing_since == CLOCK_NONE && bench_row(b).wait_us == 0);
    CHECK(cursor_accept(&b->c, STR("again"), &none) != 0 && none.first.code == DIAG_USAGE);
    b->end = bench_size();
    CHECK(bench_deliver(b, 1) == 0 && fake.got.n > 0 && load(b).last.seq == b->end - 1);
}

static void
test_rewritten(void)
{
    struct bench b;
    bench_append(4, "test.event");
    bench_prepare(&b, "rewritten");
    CHECK(bench_deliver(&b, 1) == 0 && !contradicts(&b));
    bench_append(1, "test.event");
    sql(arena_fmt(a, "UPDATE audit_log SET rec = REPLACE(rec, '\"x\"', '\"y\"') WHERE seq = %lld",
                  (long long)load(&b).last.seq)
            .s);
    check_stopped(&b, "the log was rewritten, or is another one");
    cursor_release(&b.c);
}

/* Put back: there are fewer records than were sent, and the cursor of the backup, or one that is too far. */
static void
test_cut(void)
{
    struct bench b;
    bench_append(6, "test.event");
    bench_prepare(&b, "cut");
    CHECK(bench_deliver(&b, 1) == 0);
    b.c.has_news = false; /* no record tells of it, which would be cut off with its facts */
    cursor_release(&b.c);
    cut_off(b.end - 3);
    sql("UPDATE export_cursor SET next_seq = 1, told_seq = 1 WHERE target = 'cut'");
    bench_prepare(&b, "cut");
    check_stopped(&b, "the end of the log was cut off");
    CHECK(fake_seq_of(fake.got.v[0]) == 1);
    bench_append(3, "test.event");
    b.end = bench_size();
    CHECK(bench_deliver(&b, 1) == 0);
    cut_off(b.end - 2);
    check_stopped(&b, "the end of the log was cut off");
    CHECK(bench_row(&b).seq == bench_size());
    cursor_release(&b.c);
}

/* ---- a failure that comes and goes ---- */

static void
test_flapping(void)
{
    struct bench b;
    struct diag d = diag_init(a);
    bench_append(8, "test.event");
    bench_prepare(&b, "flaps");
    b.e.steady_s = 300;
    int64_t from = b.end;
    for (int64_t i = 1; i <= 4; i++) {
        struct cursor_step s = {.to = {.seq = i, .piece = STR("")},
                                .arrived = true,
                                .last = {.seq = i - 1, .leaf = bench_record(i - 1).leaf}};
        fail(&b);
        fail(&b);
        CHECK(bench_row(&b).attempts == 2 && bench_row(&b).failing_since != CLOCK_NONE);
        CHECK(cursor_move(&b.c, &s, &d) == 0 && bench_row(&b).attempts == 0 && bench_row(&b).wait_us == 0);
        CHECK(bench_row(&b).failing_since != CLOCK_NONE && cursor_recover(&b.c, false, &d) == 0);
    }
    CHECK(bench_count_events("export.fail", from) == 1);
    CHECK(bench_count_events("export.recover", from) == 0);
    cursor_release(&b.c); /* another process goes on with it */
    CHECK(cursor_take(bench_session, &b.t, a, &b.c, &d) == 0);
    CHECK(b.c.sent.n_failed == 8 && b.c.sent.n_again == 3);
    b.c.sent.failed_at -= 301;
    b.c.at.failing_since -= 301;
    int64_t seq = bench_size();
    CHECK(cursor_recover(&b.c, false, &d) == 0 && bench_count_events("export.recover", seq) == 1);
    struct store_record r = bench_record(seq);
    CHECK(str_find(r.rec, "{\"f\":\"attempts\",\"new\":\"8\",\"old\":\"\"}") >= 0);
    CHECK(str_find(r.rec, "{\"f\":\"between\",\"new\":\"3\",\"old\":\"\"}") >= 0);
    CHECK(bench_row(&b).failing_since == CLOCK_NONE && load(&b).n_failed == 0);
    fail(&b);
    CHECK(bench_count_events("export.fail", seq) == 1 && load(&b).n_failed == 1);
    CHECK(cursor_recover(&b.c, true, &d) == 0 &&
          bench_row(&b).failing_since != CLOCK_NONE); /* it fails */
    cursor_release(&b.c);
}

/* A failure at records about exporting is none that is told; at others it is, though it began before. */
static void
test_own(void)
{
    struct bench b;
    struct diag d = diag_init(a), why = diag_init(a);
    int64_t from = bench_size(), wait;
    bench_append(3, "export.fail");
    bench_prepare(&b, "own");
    b.c.at.seq = from;
    fake.is_down = true;
    CHECK(courier_run(&b.k, bench_size(), &why) != 0 && b.c.is_own);
    CHECK(cursor_fail(&b.c, &why, 0, &wait, &d) == 0 && bench_size() == from + 3);
    CHECK(bench_row(&b).failing_since != CLOCK_NONE && load(&b).told == SENT_TOLD_NOTHING);
    bench_append(1, "test.event");
    diag_clear(&why);
    CHECK(courier_run(&b.k, bench_size(), &why) != 0 && !b.c.is_own);
    CHECK(cursor_fail(&b.c, &why, 0, &wait, &d) == 0 && bench_size() == from + 5);
    cursor_release(&b.c);
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    test_remembers();
    test_death();
    test_hosts();
    test_damaged();
    test_rewritten();
    test_cut();
    test_flapping();
    test_own();
    return bench_stop();
}
