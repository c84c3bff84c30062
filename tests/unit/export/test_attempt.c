/* What a target's answer is called, what becomes of the session, and that nobody sends whose lease is
 * lost. */
#include "export/attempt.h"

#include "bench.h"

static struct outlet_message
message(const char *text)
{
    return (struct outlet_message){.text = str_c(text), .id = STR("test/assay:1")};
}

/* Sends n messages of which the record `poison` stands among them. */
static enum attempt_answer
send(struct bench *b, size_t n, size_t *ret_n, struct diag *d)
{
    struct outlet_message m[4];
    for (size_t i = 0; i < n; i++)
        m[i] = message(arena_fmt(a, "{\"seq\":%zu}", i).s);
    diag_clear(d);
    return attempt_send(&b->k.attempt, m, n, ret_n, d);
}

static void
test_answers(struct bench *b)
{
    struct diag d = diag_init(a);
    size_t n;
    CHECK(send(b, 3, &n, &d) == ATTEMPT_TAKEN && n == 3 && !diag_failed(&d) && b->t.session);
    fake.poison = 1;
    fake.says_where = true;
    CHECK(send(b, 3, &n, &d) == ATTEMPT_REFUSED && n == 1 && !b->t.session);
    CHECK_STR(d.first.place, "fake://");
    fake.dies = true;
    CHECK(send(b, 3, &n, &d) == ATTEMPT_LOST && n == 1 && d.first.code == DIAG_UNAVAILABLE);
    CHECK(fake.n_opened == 2 && b->k.attempt.peer_wait_s == 0);
    fake.is_busy = true;
    fake.n_sends = 1;
    CHECK(send(b, 1, &n, &d) == ATTEMPT_LATER && n == 0 && b->k.attempt.peer_wait_s == 1);
    fake.is_busy = false;
    fake.is_down = true;
    CHECK(send(b, 1, &n, &d) == ATTEMPT_ABSENT && n == 0 && !b->t.session);
    fake.is_down = false;
    fake.poison = -1;
    CHECK(send(b, 2, &n, &d) == ATTEMPT_TAKEN && n == 2 && !diag_failed(&d));
}

static int
sends_and_fails(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    (void)self, (void)m;
    *ret_n = n;
    return diag_fail(d, DIAG_UNAVAILABLE, "gone behind the last answer");
}

static int
says(struct diag *d, enum diag_code code)
{
    return diag_fail(d, code, "no");
}

static enum diag_code code_said;

static int
fails(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    (void)self, (void)m, (void)n;
    *ret_n = 0;
    return says(d, code_said);
}

/* Every code of an outlet has its word; what failed behind all of it is no failure of it. */
static void
test_codes(struct bench *b)
{
    static const struct {
        enum diag_code code;
        enum attempt_answer answer;
    } rows[] = {{DIAG_CANNOT_WRITE, ATTEMPT_REFUSED},
                {DIAG_TOO_BIG, ATTEMPT_REFUSED},
                {DIAG_UNAVAILABLE, ATTEMPT_LOST},
                {DIAG_CONFIG, ATTEMPT_LATER},
                {DIAG_BUSY, ATTEMPT_LATER}};
    struct outlet o = fake_outlet;
    struct diag d = diag_init(a);
    size_t n;
    b->t.outlet = &o;
    o.send = fails;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        code_said = rows[i].code;
        CHECK(send(b, 1, &n, &d) == rows[i].answer && d.first.code == rows[i].code);
    }
    o.send = sends_and_fails;
    CHECK(send(b, 2, &n, &d) == ATTEMPT_TAKEN && n == 2 && !diag_failed(&d) && !b->t.session);
    b->t.outlet = &fake_outlet;
}

static void
test_record(struct bench *b)
{
    struct diag d = diag_init(a);
    struct store_record r = bench_record(3);
    fake.got.n = 0;
    CHECK(attempt_record(&b->k.attempt, &r, false, a, &d) == ATTEMPT_TAKEN);
    CHECK(attempt_record(&b->k.attempt, &r, true, a, &d) == ATTEMPT_TAKEN);
    CHECK(fake.got.n == 2 && fake_seq_of(fake.got.v[0]) == 3 && fake_seq_of(fake.got.v[1]) == 3);
    CHECK(!fake_is_reduced(fake.got.v[0]) && fake_is_reduced(fake.got.v[1]));
    r.rec = STR("no record");
    CHECK(attempt_record(&b->k.attempt, &r, false, a, &d) == ATTEMPT_FAILED && fake.got.n == 2);
    CHECK(d.first.code == DIAG_BAD_DATA);
}

static void
test_silent(struct bench *b)
{
    struct diag d = diag_init(a);
    struct outlet_message m = message("{\"seq\":1}");
    target_close(&b->t);
    b->t.outlet = &silent_outlet;
    size_t waiting = 0;
    CHECK(attempt_post(&b->k.attempt, NULL, 0, &waiting, &d) == 0 && !b->t.session);
    CHECK(attempt_post(&b->k.attempt, &m, 1, &waiting, &d) == 0 && b->t.session && waiting == 1);
    CHECK(attempt_post(&b->k.attempt, &m, 1, &waiting, &d) == 0 && waiting == 2);
    CHECK(attempt_confirm(&b->k.attempt, &waiting, &d) == 0 && b->t.session && waiting == 0);
    fake.forgets = 1;
    waiting = 2;
    CHECK(attempt_confirm(&b->k.attempt, &waiting, &d) != 0 && !b->t.session && waiting == 2);
    CHECK(d.first.code == DIAG_UNAVAILABLE);
    diag_clear(&d);
    b->t.outlet = &passing_outlet; /* one that knows in passing */
    waiting = 3;
    fake.waiting = 2;
    CHECK(attempt_post(&b->k.attempt, &m, 1, &waiting, &d) == 0 && waiting == 2);
    fake.is_down = true;
    target_close(&b->t);
    CHECK(attempt_post(&b->k.attempt, &m, 1, &waiting, &d) != 0 && waiting == 3);
    fake.is_down = false;
    diag_clear(&d);
    fake.refuses_all = true; /* what failed is on its way for all we know */
    CHECK(attempt_post(&b->k.attempt, &m, 1, &waiting, &d) != 0 && waiting == 3);
    fake.refuses_all = false;
    fake.waiting = 0;
    b->t.outlet = &fake_outlet;
}

/* Who talks where none should, or takes no settings of ours: a receiver that never talks may have died
 * of a message. */
static int
stranger_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    (void)self, (void)m, (void)n;
    *ret_n = 0;
    return diag_fail(d, DIAG_CONFIG, "no receiver");
}

static void
test_wrong_port(struct bench *b)
{
    static const struct outlet strangers[] = {
        {.is_mute = true, .open = fake_open, .send = stranger_send, .close = fake_close},
        {.open = fake_open, .send = stranger_send, .close = fake_close}};
    struct outlet_message m = message("{\"seq\":1}");
    for (size_t i = 0; i < 2; i++) {
        struct diag d = diag_init(a);
        target_close(&b->t);
        b->t.outlet = &strangers[i];
        CHECK(attempt_one(&b->k.attempt, &m, &d) == (i == 0 ? ATTEMPT_LOST : ATTEMPT_LATER));
        CHECK(d.first.code == DIAG_CONFIG && !b->t.session);
    }
    b->t.outlet = &fake_outlet;
}

/* A cursor that somebody took over: nothing is sent any more. What nobody holds is sent freely. */
static void
test_lease(struct bench *b)
{
    struct diag d = diag_init(a);
    struct outlet_message m = message("{\"seq\":1}");
    uint64_t fence = 0;
    CHECK(attempt_one(&b->k.attempt, &m, &d) == ATTEMPT_TAKEN);
    CHECK(store_take_cursor(bench_session->store, b->t.key, STR("x"), b->c.at.owner, 60, &fence,
                            &d) == 0 &&
          fence);
    int n_sends = fake.n_sends;
    CHECK(attempt_one(&b->k.attempt, &m, &d) == ATTEMPT_FAILED && d.first.code == DIAG_BUSY);
    CHECK(fake.n_sends == n_sends);
    struct cursor loose = cursor_loose(bench_session, &b->t, 0, a);
    struct attempt free = {.target = &b->t, .cursor = &loose};
    diag_clear(&d);
    CHECK(attempt_one(&free, &m, &d) == ATTEMPT_TAKEN && fake.n_sends == n_sends + 1);
}

int
main(void)
{
    struct bench b;
    int status = bench_start();
    if (status)
        return status;
    bench_append(5, "test.event");
    bench_prepare(&b, "attempt");
    test_answers(&b);
    test_codes(&b);
    test_record(&b);
    test_silent(&b);
    test_wrong_port(&b);
    test_lease(&b);
    target_close(&b.t);
    return bench_stop();
}
