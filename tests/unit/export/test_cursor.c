/* The hold on a cursor, how long the next attempt waits, what a move forgets, and the books. */
#include "export/cursor.h"

#include "base/env.h"
#include "bench.h"

/* How long others wait before they take the cursor for that of a dead one. */
static int64_t
lease(struct bench *b)
{
    return bench_row(b).lease_until - env_wall_us() / 1000000;
}

/* Who waits, for an acknowledgement or for the next attempt, is not dead. */
static void
test_lease(void)
{
    struct bench b;
    struct diag d = diag_init(a), why = diag_init(a);
    struct outlet slow = fake_outlet;
    int64_t wait;
    slow.wants_token = true;
    bench_prepare(&b, "slow");
    CHECK(lease(&b) > 100 && lease(&b) < 130);
    b.t.outlet = &slow;
    CHECK(cursor_keep(&b.c, &d) == 0 && lease(&b) > 400);
    b.e.ack_s = 5000;
    CHECK(bench_deliver(&b, 1) == 0 && lease(&b) > 5000);
    b.t.outlet = &fake_outlet;
    diag_fail(&why, DIAG_UNAVAILABLE, "come back in an hour");
    CHECK(cursor_fail(&b.c, &why, 3600, &wait, &d) == 0 && wait == 3600 && lease(&b) > 3600);
    cursor_release(&b.c);
}

/* A second exporter finds the cursor taken, and the first loses it when its fence is not the one. */
static void
test_two(void)
{
    struct bench b;
    struct cursor other;
    struct diag d = diag_init(a), e = diag_init(a);
    uint64_t fence = 0;
    bench_prepare(&b, "two");
    CHECK(cursor_take(bench_session, &b.t, a, &other, &d) != 0 && d.first.code == DIAG_BUSY);
    CHECK_STR(d.first.text, arena_fmt(a, "another export is at it: %s", env_host()).s);
    CHECK(store_take_cursor(bench_session->store, b.t.key, STR("x"), b.c.at.owner, 60, &fence,
                            &e) == 0);
    CHECK(fence && courier_run(&b.k, b.end, &e) != 0 && e.first.code == DIAG_BUSY);
    CHECK(b.c.at.seq == 0);
}

/* Twice as long each time, a quarter of it by chance, a minute at most; longer when the peer asks. */
static void
test_wait(void)
{
    struct bench b;
    struct diag d = diag_init(a), why = diag_init(a);
    int64_t most = 1, wait;
    bench_prepare(&b, "waits");
    diag_fail(&why, DIAG_UNAVAILABLE, "nobody there");
    for (int i = 1; i <= 10; i++, most *= 2) {
        int64_t limit = most < 60 ? most : 60;
        CHECK(cursor_fail(&b.c, &why, 0, &wait, &d) == 0);
        CHECK(wait <= limit && wait >= limit - limit / 4 && b.c.at.attempts == i);
    }
    CHECK(bench_row(&b).attempts == 10 && bench_row(&b).wait_us > 0 && bench_row(&b).failing_since != CLOCK_NONE);
    CHECK_STR(bench_row(&b).error, "nobody there (unavailable)");
    CHECK(bench_count_events("export.fail", 0) == 1); /* when it began, not each time */
    CHECK(cursor_fail(&b.c, &why, 500, &wait, &d) == 0 && wait == 500);
    cursor_release(&b.c);
}

static int
move(struct bench *b, int64_t seq, const char *piece, bool arrived)
{
    struct diag d = diag_init(a);
    struct cursor_step s = {
        .to = {.seq = seq, .piece = str_c(piece)}, .is_news = true, .arrived = arrived};
    return cursor_move(&b->c, &s, &d);
}

/* How often the receiver was gone is about one message: at another place nothing is known. What
 * arrived ends a failure; a move alone does not. */
static void
test_deaths(void)
{
    struct bench b;
    struct diag d = diag_init(a), why = diag_init(a);
    int64_t wait;
    bench_prepare(&b, "deaths");
    diag_fail(&why, DIAG_UNAVAILABLE, "gone");
    cursor_note_deaths(&b.c, 1);
    CHECK(bench_row(&b).deaths == 0); /* until the attempt has failed */
    CHECK(cursor_fail(&b.c, &why, 0, &wait, &d) == 0 && bench_row(&b).deaths == 1);
    CHECK(cursor_keep(&b.c, &d) == 0 && bench_row(&b).deaths == 1);
    CHECK(move(&b, 0, "", false) == 0 && b.c.at.deaths == 1 && bench_row(&b).deaths == 1);
    CHECK(move(&b, 0, "k", false) == 0 && b.c.at.deaths == 0 && bench_row(&b).deaths == 0);
    CHECK(b.c.at.attempts == 1 && bench_row(&b).attempts == 1);
    CHECK(move(&b, 1, "", true) == 0 && b.c.at.attempts == 0 && bench_row(&b).attempts == 0);
    CHECK(b.c.at.failing_since == CLOCK_NONE && bench_row(&b).failing_since == CLOCK_NONE);
    CHECK(bench_row(&b).last_ok != CLOCK_NONE && bench_count_events("export.recover", 0) == 1);
    cursor_release(&b.c);
}

/* A piece is kept, however often it changes and whatever becomes of the caller's text. */
static void
test_piece(void)
{
    struct bench b;
    char text[] = "agent-1/long enough";
    bench_prepare(&b, "pieces");
    CHECK(move(&b, 3, text, true) == 0);
    memset(text, '?', sizeof text - 1);
    CHECK_STR(b.c.at.piece, "agent-1/long enough");
    CHECK_STR(bench_row(&b).piece, "agent-1/long enough");
    size_t used = arena_used(a);
    CHECK(move(&b, 3, "agent-2", true) == 0);
    CHECK_STR(b.c.at.piece, "agent-2");
    CHECK(move(&b, 4, "", true) == 0 && b.c.at.piece.len == 0 && bench_row(&b).seq == 4);
    CHECK(used > 0);
    cursor_release(&b.c);
}

/* A session is one record, however often the cursor moves; none, where only bookkeeping went. */
static void
test_told(void)
{
    struct bench b;
    struct diag d = diag_init(a);
    bench_prepare(&b, "told");
    int before = bench_count_events("audit.export", 0);
    for (int64_t seq = 1; seq <= 5; seq++)
        CHECK(move(&b, seq, "", true) == 0);
    CHECK(bench_count_events("audit.export", 0) == before);
    CHECK(cursor_tell(&b.c, &d) == 0 && cursor_tell(&b.c, &d) == 0);
    CHECK(bench_count_events("audit.export", 0) == before + 1 && bench_row(&b).told_seq == 5);
    struct cursor_step quiet = {.to = {.seq = 7, .piece = STR("")}, .arrived = true};
    CHECK(cursor_move(&b.c, &quiet, &d) == 0 && cursor_tell(&b.c, &d) == 0);
    CHECK(bench_count_events("audit.export", 0) == before + 1 && bench_row(&b).told_seq == 7);
    CHECK(move(&b, 8, "", true) == 0);
    b.c.fence = 0; /* it died: the next one tells what this one did not */
    CHECK(store_release_cursor(bench_session->store, b.t.key, 1, &d) != 0);
    diag_clear(&d);
    CHECK(cursor_take(bench_session, &b.t, a, &b.c, &d) != 0); /* we live: nobody takes over */
}

/* What nobody holds moves here and nowhere else. */
static void
test_loose(void)
{
    struct bench b;
    struct diag d = diag_init(a), why = diag_init(a);
    int64_t wait, size;
    bench_prepare(&b, "loose");
    cursor_release(&b.c);
    size = bench_size();
    b.c = cursor_loose(bench_session, &b.t, 2, a);
    diag_fail(&why, DIAG_UNAVAILABLE, "gone");
    CHECK(move(&b, 6, "", true) == 0 && b.c.at.seq == 6 && bench_row(&b).seq == 0);
    CHECK(cursor_fail(&b.c, &why, 0, &wait, &d) == 0 && wait == 1 && bench_row(&b).attempts == 0);
    CHECK(cursor_tell(&b.c, &d) == 0 && bench_size() == size);
    cursor_release(&b.c);
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    bench_append(20, "test.event");
    test_wait();
    test_deaths();
    test_piece();
    test_told();
    test_loose();
    test_lease();
    test_two();
    return bench_stop();
}
