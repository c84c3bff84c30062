/* What is written to a target that never answers: how much of it, when it is asked, and that the
 * cursor waits for that. */
#include "export/posted.h"

#include "bench.h"

/* A batch of n messages of so many bytes, one a record from record 1 on. */
static struct message_batch
batch(size_t n, size_t bytes)
{
    static const struct store_record stored = {.seq = 1, .rec = STR_INIT("{}")};
    struct message_batch b = {.a = a, .is_news = true};
    char *text = arena_alloc(a, bytes + 1);
    memset(text, 'x', bytes);
    for (size_t i = 0; i < n; i++) {
        *VEC_PUSH(a, &b.m) = (struct outlet_message){.text = str_n(text, bytes), .id = STR("i")};
        *VEC_PUSH(a, &b.marks) = (struct message_mark){
            .behind = {(int64_t)i + 2, STR("")}, .stored = &stored, .piece = STR("="), .unreadable = STR("")};
        b.end = b.marks.v[i].behind;
    }
    return b;
}

static void
test_batches(void)
{
    struct message_batch b = batch(10, OUTLET_SOME / 4);
    CHECK(posted_can(&b));
    b.marks.v[3].behind.piece = STR("k"); /* records may be cut in two */
    b.end.piece = STR("k");
    CHECK(posted_can(&b));
    b = batch(2, 10);
    b.marks.v[1].unreadable = STR("broken");
    CHECK(!posted_can(&b));
    b = batch(0, 1); /* records that are not for the target move the cursor, too */
    CHECK(posted_can(&b));
}

static void
test_due(struct bench *b)
{
    struct posted p = {.is_ahead = true, .n_portions = 1, .bytes = 1};
    p.v[0].since_us = env_wall_us();
    b->e.confirm_s = 3600;
    CHECK(!posted_is_due(&p, &b->t));
    p.bytes = OUTLET_SOME;
    CHECK(posted_is_due(&p, &b->t));
    b->t.outlet = &passing_outlet; /* it is only the messages that count, so many may come twice */
    p.waiting = POSTED_MOST - POSTED_WINDOW;
    CHECK(!posted_is_due(&p, &b->t));
    p.waiting++;
    CHECK(posted_is_due(&p, &b->t));
    b->t.outlet = &silent_outlet;
    p.is_ahead = false;
    CHECK(!posted_is_due(&p, &b->t));
    p = (struct posted){.is_ahead = true, .n_portions = 1};
    p.v[0].since_us = env_wall_us() - 3601 * 1000000LL;
    CHECK(posted_is_due(&p, &b->t));
    p.v[0].since_us = env_wall_us() + 60 * 1000000LL; /* the clock was set back meanwhile */
    CHECK(posted_is_due(&p, &b->t));
    CHECK(posted_suits(&b->t));
    b->t.outlet = &fake_outlet;
    CHECK(!posted_suits(&b->t));
    b->t.outlet = &silent_outlet;
}

static void
test_confirm(struct bench *b)
{
    struct diag d = diag_init(a);
    struct attempt *t = &b->k.attempt;
    struct posted p = {.is_ahead = false};
    struct message_batch three = batch(3, 10), two = batch(2, 10);
    int64_t n;
    two.end.seq = 6;
    CHECK(posted_confirm(&p, t, &n, &d) == 0 && n == 0 && fake.n_confirms == 0);
    CHECK(posted_write(&p, t, &three, &n, &d) == 0 && posted_write(&p, t, &two, &n, &d) == 0);
    CHECK(p.is_ahead && p.n == 5 && p.bytes == 50 && p.behind.seq == 6 && b->c.at.seq == 0);
    CHECK(posted_confirm(&p, t, &n, &d) == 0 && n == 5 && !p.is_ahead && b->c.at.seq == 6);
    three.end.seq = 9;
    CHECK(posted_write(&p, t, &three, &n, &d) == 0 && p.n == 3 && p.bytes == 30);
    fake.forgets = 1;
    CHECK(posted_confirm(&p, t, &n, &d) != 0 && n == 0 && !p.is_ahead && b->c.at.seq == 6);
    diag_clear(&d);
    fake.is_down = true;
    CHECK(posted_write(&p, t, &three, &n, &d) != 0 && !p.is_ahead);
    fake.is_down = false;
    diag_clear(&d);
    struct message_batch none = batch(0, 1);
    none.end.seq = 9; /* nothing to ask for */
    CHECK(posted_write(&p, t, &none, &n, &d) == 0 && posted_confirm(&p, t, &n, &d) == 0);
    CHECK(n == 0 && b->c.at.seq == 9 && fake.n_confirms == 2);
}

/* What is known in passing moves the cursor portion by portion, also within a record, and also when the
 * next thing fails. */
static void
test_passing(struct bench *b)
{
    struct diag d = diag_init(a);
    struct attempt *t = &b->k.attempt;
    struct posted p = {.is_ahead = false};
    struct message_batch three = batch(3, OUTLET_SOME / 2 + 1); /* three portions */
    int64_t n, from = b->c.at.seq;
    int n_confirms = fake.n_confirms;
    b->t.outlet = &passing_outlet;
    for (size_t i = 0; i < 3; i++)
        three.marks.v[i].behind = (struct message_place){from, i == 2 ? STR("c") : STR("b")};
    three.end = three.marks.v[2].behind;
    fake.waiting = 1; /* of each that is posted, the one before is there */
    CHECK(posted_write(&p, t, &three, &n, &d) == 0 && n == 2 && p.n_portions == 1);
    CHECK(b->c.at.seq == from && str_eqc(b->c.at.piece, "b") && fake.n_confirms == n_confirms);
    CHECK(str_eqc(p.behind.piece, "c") && p.behind.piece.s != three.end.piece.s);
    fake.refuses_all = true;
    fake.waiting = 0; /* but what just failed */
    CHECK(posted_write(&p, t, &three, &n, &d) != 0 && n == 1 && !p.is_ahead);
    CHECK(b->c.at.seq == from && str_eqc(b->c.at.piece, "c"));
    fake.refuses_all = false;
    diag_clear(&d);
    fake.waiting = SIZE_MAX;
    CHECK(posted_write(&p, t, &three, &n, &d) == 0 && n == 0 && p.n_portions == 3);
    posted_forget(&p);
    CHECK(!p.is_ahead && p.n == 0 && p.waiting == 0);
    b->t.outlet = &silent_outlet;
}

/* Whose lease is lost moves nothing, and still knows what is on its way. */
static void
test_lost(struct bench *b)
{
    struct diag d = diag_init(a);
    struct posted p = {.is_ahead = false};
    struct message_batch one = batch(1, 10);
    uint64_t fence;
    int64_t n;
    one.end.seq = 10;
    CHECK(posted_write(&p, &b->k.attempt, &one, &n, &d) == 0);
    CHECK(store_take_cursor(bench_session->store, b->t.key, STR("x"), b->c.at.owner, 60, &fence,
                            &d) == 0);
    int n_confirms = fake.n_confirms;
    CHECK(posted_confirm(&p, &b->k.attempt, &n, &d) != 0 && d.first.code == DIAG_BUSY);
    CHECK(p.is_ahead && b->c.at.seq == 9 && fake.n_confirms == n_confirms);
    posted_forget(&p);
}

int
main(void)
{
    struct bench b;
    int status = bench_start();
    if (status)
        return status;
    bench_append(12, "test.event");
    bench_prepare(&b, "posted");
    b.t.outlet = &silent_outlet;
    fake.poison = -2; /* no text here has a number */
    test_batches();
    test_due(&b);
    test_confirm(&b);
    test_passing(&b);
    test_lost(&b);
    courier_close(&b.k);
    return bench_stop();
}
