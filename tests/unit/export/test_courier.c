/* The way of messages to a target that refuses some, dies of some, or takes nothing: what arrives,
 * in which form, where the cursor stands, and what the log says about it. */
#include "bench.h"

enum { MANY = 300 };

/* Every record arrived, in order, but for what came again. */
static void
check_got(int64_t end, int64_t reduced, int64_t missing)
{
    int64_t next = 0;
    for (size_t i = 0; i < fake.got.n; i++) {
        int64_t seq = fake_seq_of(fake.got.v[i]);
        if (next == missing)
            next++;
        CHECK(seq <= next);
        if (seq == next)
            CHECK(fake_is_reduced(fake.got.v[i]) == (seq == reduced));
        next += seq == next;
    }
    CHECK(next == end);
}

/* ---- cases ---- */

static void
test_plain(void)
{
    struct bench b;
    bench_prepare(&b, "plain");
    CHECK(bench_deliver(&b, 0 + 1) == 0);
    check_got(b.end, -1, -1);
    CHECK(fake.most == 128 && fake.n_opened == 1 && b.k.n_delivered == b.end);
    cursor_release(&b.c);
    CHECK(bench_count_events("audit.export", b.end) == 1); /* one record for all of it */
}

static void
test_poison(bool says_where, bool hates_reduced)
{
    struct bench b;
    bench_prepare(&b, says_where ? "poison-1" : hates_reduced ? "poison-2" : "poison-3");
    fake.poison = 150;
    fake.says_where = says_where;
    fake.hates_reduced = hates_reduced;
    CHECK(bench_deliver(&b, 1) == 0);
    check_got(b.end, hates_reduced ? -1 : 150, hates_reduced ? 150 : -1);
    CHECK(fake.n_sends < 40); /* found by halves, not one by one */
    CHECK(bench_count_letters(b.t.key.s, hates_reduced ? "refused" : "reduced") == 1);
    CHECK(bench_count_events(hates_reduced ? "export.deadletter" : "export.reduce", b.end) == 1);
    cursor_release(&b.c);
}

/* A target that failed takes a part of what it is sent, and then fails again: that it works again is
 * told, in the transaction that moves the cursor behind that part. */
static void
test_partly(void)
{
    struct bench b;
    bench_prepare(&b, "partly");
    int before = bench_count_events("export.recover", 0);
    fake.n_down = 1;
    fake.poison = 7;
    fake.says_where = fake.dies = true;
    CHECK(bench_deliver(&b, 2) != 0 && b.c.at.seq == 7 && b.c.at.attempts == 1);
    CHECK(bench_count_events("export.recover", 0) == before + 1);
    fake.poison = -1;
    CHECK(bench_deliver(&b, 1) == 0);
    check_got(b.end, -1, -1);
    cursor_release(&b.c);
}

/* Whoever takes nothing at all loses nobody a record. */
static void
test_refuses_all(void)
{
    struct bench b;
    bench_prepare(&b, "refuser");
    fake.refuses_all = true;
    CHECK(bench_deliver(&b, 6) != 0 && b.c.at.seq == 0 && fake.got.n == 0);
    CHECK(bench_count_letters("refuser", "refused") == 0);
    CHECK(bench_count_events("export.fail", b.end) == 1); /* once, not six times */
    fake.refuses_all = false;
    CHECK(bench_deliver(&b, 1) == 0);
    check_got(b.end, -1, -1);
    CHECK(bench_count_events("export.recover", b.end) == 1);
    cursor_release(&b.c);
}

static void
test_dies(void)
{
    struct bench b;
    bench_prepare(&b, "mortal");
    fake.poison = 7;
    fake.dies = true;
    CHECK(bench_deliver(&b, 4) == 0);
    check_got(b.end, 7, -1);
    CHECK(bench_count_letters("mortal", "reduced") == 1);
    cursor_release(&b.c);
}

/* One that died of something else gets no short form beside the whole record. */
static void
test_faints(int64_t poison, int faints)
{
    struct bench b;
    bench_prepare(&b, arena_fmt(a, "faint-%lld-%d", (long long)poison, faints).s);
    fake.poison = poison;
    fake.dies = true;
    fake.faints = faints;
    CHECK(bench_deliver(&b, 9) == 0);
    check_got(b.end, -1, -1);
    for (size_t i = 0; i < fake.got.n; i++)
        CHECK(!fake_is_reduced(fake.got.v[i]));
    CHECK(bench_count_letters(b.t.key.s, "reduced") + bench_count_letters(b.t.key.s, "refused") ==
          0);
    cursor_release(&b.c);
}

/* The first record has none before it, by which to see that the target is well. */
static void
test_dies_of_first(void)
{
    struct bench b;
    bench_prepare(&b, "mortal-first");
    fake.poison = 0;
    fake.dies = true;
    CHECK(bench_deliver(&b, 10) == 0);
    check_got(b.end, 0, -1);
    CHECK(bench_count_letters("mortal-first", "reduced") == 1);
    cursor_release(&b.c);
}

/* A receiver that has to be started again is not there when one looks whether it is well: what it dies of
 * is found all the same, whatever stands before it, and whoever tries next. */
static void
test_dies_for_long(int64_t poison, bool hates_reduced, bool is_killed)
{
    static const char *const names[] = {"long-1", "long-2", "long-3", "long-4"};
    struct bench b;
    bench_prepare(&b, names[2 * hates_reduced + is_killed]);
    fake.poison = poison;
    fake.dies = fake.all_or_none = true;
    fake.hates_reduced = hates_reduced;
    fake.restart = 1;
    b.is_killed = is_killed;
    CHECK(bench_deliver(&b, 60) == 0);
    check_got(b.end, hates_reduced ? -1 : poison, hates_reduced ? poison : -1);
    CHECK(bench_count_letters(b.t.key.s, hates_reduced ? "refused" : "reduced") == 1);
    CHECK(bench_count_letters(b.t.key.s, hates_reduced ? "reduced" : "refused") == 0);
    CHECK(fake.n_deaths > 3 && fake.n_deaths < 25);
    cursor_release(&b.c);
}

/* What looks like a death is an outage, and then the target takes one call and not the next: to look
 * first whether it is well must not be the one that it takes. */
static void
test_busy(void)
{
    struct bench b;
    bench_prepare(&b, "busy");
    b.end = 5;
    CHECK(bench_deliver(&b, 1) == 0);
    b.end = bench_size();
    fake.dies = fake.refuses_all = true;
    CHECK(bench_deliver(&b, 4) != 0 && b.c.at.seq == 5 && b.c.at.deaths == 1);
    fake.dies = fake.refuses_all = false;
    fake.is_busy = true;
    fake.n_sends = 0;
    CHECK(bench_deliver(&b, 9) == 0);
    check_got(b.end, -1, -1);
    CHECK(bench_count_letters("busy", "reduced") + bench_count_letters("busy", "refused") == 0);
    cursor_release(&b.c);
}

/* A target that is away, or dies of everything, makes no suspect of the first record. */
static void
test_away(bool at_once)
{
    struct bench b;
    bench_prepare(&b, at_once ? "away-1" : "away-2");
    b.end = 5;
    CHECK(bench_deliver(&b, 1) == 0);
    courier_close(&b.k);
    b.end = bench_size();
    fake.n_down = at_once ? 9 : 0;
    fake.dies = fake.refuses_all = !at_once;
    CHECK(bench_deliver(&b, 9) != 0 && b.c.at.seq == 5);
    fake.dies = fake.refuses_all = false;
    CHECK(bench_deliver(&b, 1) == 0);
    check_got(b.end, -1, -1);
    CHECK(bench_count_letters(b.t.key.s, "reduced") + bench_count_letters(b.t.key.s, "refused") ==
          0);
    cursor_release(&b.c);
}

static void
test_filter(void)
{
    struct bench b;
    bench_append(20, "other.event");
    bench_prepare(&b, "filter");
    b.e.events = STR("nothing,other.*");
    b.e.min_severity = 8;
    CHECK(bench_deliver(&b, 1) == 0 && b.c.at.seq == b.end);
    CHECK(fake.got.n == 4 && fake.n_opened == 1);
    for (size_t i = 0; i < fake.got.n; i++)
        CHECK(str_find(fake.got.v[i], "\"event\":\"other.event\"") >= 0);
    cursor_release(&b.c);
}

/* What proves that a target takes anything may be long ago: not everything is for it. */
static void
test_rare(void)
{
    struct bench b;
    int64_t first = bench_size();
    bench_append(1, "rare.event");
    bench_append(MANY, "test.event");
    bench_append(1, "rare.event");
    bench_prepare(&b, "rare");
    b.e.events = STR("rare.event");
    b.end = first + 1;
    CHECK(bench_deliver(&b, 1) == 0 && fake.got.n == 1);
    b.end = bench_size();
    b.k = courier_new(&b.t, &b.c); /* another process */
    fake.poison = first + 1 + MANY;
    fake.hates_reduced = true;
    CHECK(bench_deliver(&b, 1) == 0 && bench_count_letters("rare", "refused") == 1);
    cursor_release(&b.c);
}

/* A peer that never answers: the cursor stays until it was asked, and a loss brings all of it again. */
static void
test_trailing(void)
{
    struct bench b;
    struct diag d = diag_init(a);
    for (int i = 0; i < 4; i++)
        bench_append(MANY, "test.event");
    bench_prepare(&b, "silent");
    b.t.outlet = &silent_outlet;
    b.e.confirm_s = 3600;
    b.k.may_trail = true;
    CHECK(courier_run(&b.k, 10, &d) == 0 && b.c.at.seq == 0 && b.k.posted.is_ahead &&
          fake.got.n == 10);
    CHECK(courier_run(&b.k, 20, &d) == 0 && b.c.at.seq == 0 && fake.got.n == 20);
    CHECK(fake.n_confirms == 0 && courier_confirm(&b.k, &d) == 0);
    CHECK(b.c.at.seq == 20 && fake.n_confirms == 1 && b.k.n_delivered == 20 &&
          !b.k.posted.is_ahead);
    CHECK(courier_run(&b.k, 30, &d) == 0 && b.c.at.seq == 20);
    fake.forgets = 1;
    CHECK(courier_confirm(&b.k, &d) != 0 && d.first.code == DIAG_UNAVAILABLE);
    CHECK(b.c.at.seq == 20 && !b.k.posted.is_ahead);
    diag_clear(&d);
    while (courier_next(&b.k) < b.end)
        CHECK(courier_run(&b.k, b.end, &d) == 0);
    CHECK(fake.n_confirms > 2); /* 512 KiB are the most that is left open */
    CHECK(fake.most_bytes > OUTLET_SOME / 2 && fake.most_bytes <= OUTLET_SOME); /* and written */
    CHECK(courier_confirm(&b.k, &d) == 0 && b.c.at.seq == b.end);
    check_got(b.end, -1, -1);
    cursor_release(&b.c);
}

static int
put_garbage(struct act *act, void *ctx, struct diag *d)
{
    struct store_record r = {.ts_us = 1, .event = STR("x"), .rec = STR("no record at all")};
    struct sha256_digest prev;
    (void)ctx;
    r.object_type = r.object_id = STR("");
    return store_lock_audit_head(act->store, &r.seq, &prev, d) == 0
               ? store_put_records(act->store, &r, 1, d)
               : -1;
}

/* A record that somebody broke is told of, and does not stop what is behind it. */
static void
test_unreadable(void)
{
    struct bench b;
    struct diag d = diag_init(a);
    int64_t at = bench_size();
    CHECK(act_transact(bench_session, put_garbage, NULL, &d) == 0);
    bench_append(3, "test.event");
    bench_prepare(&b, "broken");
    CHECK(bench_deliver(&b, 1) == 0);
    check_got(b.end, -1, at);
    CHECK(bench_count_letters("broken", "unreadable") == 1);
    CHECK(bench_count_events("export.deadletter", b.end) == 1);
    cursor_release(&b.c);
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    bench_append(MANY, "test.event");
    test_plain();
    test_poison(false, false);
    test_poison(false, true);
    test_poison(true, false);
    test_refuses_all();
    test_partly();
    test_dies();
    for (int faints = 1; faints <= 5; faints++) /* the third goes alone: it is suspected */
        test_faints(7, faints);
    for (int faints = 1; faints <= 5; faints++)
        test_faints(0, faints);
    test_dies_of_first();
    test_dies_for_long(7, false, false);
    test_dies_for_long(100, false, true);
    test_dies_for_long(120, true, false);
    test_dies_for_long(200, true, true);
    test_busy();
    test_away(true);
    test_away(false);
    test_filter();
    test_rare();
    test_trailing();
    test_unreadable();
    return bench_stop();
}
