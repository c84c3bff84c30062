/* What a target is sent to see whether it takes anything: in which order, how much of it, and what
 * its answers come to. */
#include "export/proof.h"

#include "bench.h"

/* ---- a target that notes what it is sent, and takes one of it ---- */

static VEC(struct str) asked; /* ids */
static struct str liked;      /* it takes this one; empty = none */
static enum diag_code dislike;

static int
picky_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    (void)self;
    CHECK(n == 1);
    struct str id =
        m->is_reduced ? arena_fmt(a, "%.*s reduced", STR_ARG(m->id)) : arena_str(a, m->id);
    *VEC_PUSH(a, &asked) = id;
    *ret_n = str_eq(id, liked);
    return *ret_n ? 0 : diag_fail(d, dislike, "not that");
}

static struct outlet picky;

static struct str
id(int64_t seq, const char *more)
{
    struct diag d = diag_init(a);
    struct store_record r = bench_record(seq);
    struct audit_record rec;
    CHECK(audit_record_parse(r.rec, a, &rec, &d) == 0);
    return arena_fmt(a, "%.*s%s", STR_ARG(audit_record_uid(&rec, a)), more);
}

static struct message_mark
mark(const struct store_record *r, const char *piece)
{
    return (struct message_mark){.stored = r, .piece = str_c(piece), .unreadable = STR("")};
}

static enum attempt_answer
ask(struct bench *b, const struct message_mark *m, int64_t last, struct str takes)
{
    struct diag d = diag_init(a);
    asked.n = 0;
    liked = takes;
    enum attempt_answer said = proof_ask(&b->k.attempt, m, last, &d);
    CHECK(diag_failed(&d) == (said != ATTEMPT_TAKEN && said != ATTEMPT_NOTHING));
    return said;
}

/* ---- cases ---- */

/* What arrived last is asked for first, then the newest that is older; three of a look. */
static void
test_order(struct bench *b)
{
    struct store_record r = bench_record(9);
    struct message_mark m = mark(&r, MESSAGES_RECORD);
    CHECK(ask(b, &m, 4, id(4, "")) == ATTEMPT_TAKEN && asked.n == 1);
    CHECK(ask(b, &m, -1, id(8, "")) == ATTEMPT_TAKEN && asked.n == 1);
    CHECK(ask(b, &m, 4, id(6, "")) == ATTEMPT_TAKEN && asked.n == 4);
    CHECK(str_eq(asked.v[0], id(4, "")) && str_eq(asked.v[1], id(8, "")));
    CHECK(str_eq(asked.v[2], id(7, "")) && str_eq(asked.v[3], id(6, "")));
    CHECK(ask(b, &m, 4, STR("")) == ATTEMPT_REFUSED && asked.n == 4);
    CHECK(ask(b, &m, -1, id(5, "")) == ATTEMPT_REFUSED && asked.n == 3);
}

/* The first of a log has nothing before it, and a filter may leave nothing: its own reduced form is
 * no proof for a record. */
static void
test_nothing(struct bench *b)
{
    struct store_record first = bench_record(0), later = bench_record(9);
    struct message_mark m = mark(&first, MESSAGES_RECORD), l = mark(&later, MESSAGES_RECORD);
    CHECK(ask(b, &m, -1, STR("")) == ATTEMPT_NOTHING && asked.n == 0);
    b->e.events = STR("nothing.of.that");
    CHECK(ask(b, &l, -1, STR("")) == ATTEMPT_NOTHING && asked.n == 0);
    CHECK(ask(b, &l, 4, STR("")) == ATTEMPT_REFUSED && asked.n == 1); /* it had that one */
    b->e.events = STR("");
}

/* Who is not there, or busy, is not asked for more. */
static void
test_down(struct bench *b)
{
    struct store_record r = bench_record(9);
    struct message_mark m = mark(&r, MESSAGES_RECORD);
    dislike = DIAG_UNAVAILABLE;
    CHECK(ask(b, &m, 4, STR("")) == ATTEMPT_LOST && asked.n == 1);
    dislike = DIAG_CONFIG;
    CHECK(ask(b, &m, -1, STR("")) == ATTEMPT_LATER && asked.n == 1);
    dislike = DIAG_CANNOT_WRITE;
    fake.is_down = true;
    target_close(&b->t);
    CHECK(ask(b, &m, 4, STR("")) == ATTEMPT_ABSENT && asked.n == 0);
    fake.is_down = false;
}

/* A result: the one before it, and then who is who of its record; no records of others, where the
 * target gets none. */
static void
test_result(struct bench *b, int64_t seq)
{
    struct store_record r = bench_record(seq);
    struct diag d = diag_init(a);
    struct message_walk walk = {.a = NULL};
    struct message_batch batch;
    b->e.send = SEND_RESULTS;
    CHECK(messages_load(bench_session, &b->t, (struct message_place){seq, STR("")}, seq + 1, 9,
                        &walk, a, &batch, &d) == 0 &&
          batch.m.n == 4);
    messages_forget(&walk);
    struct message_mark m = batch.marks.v[2];
    b->c.at.seq = seq;
    b->c.at.piece = batch.marks.v[1].behind.piece;
    CHECK(ask(b, &m, 4, batch.m.v[1].id) == ATTEMPT_TAKEN && asked.n == 1);
    CHECK(ask(b, &m, 4, id(seq, " reduced")) == ATTEMPT_TAKEN && asked.n == 2);
    CHECK(ask(b, &m, 4, STR("")) == ATTEMPT_REFUSED && asked.n == 2);
    b->c.at.piece = STR(""); /* the first of them has none before it */
    m = batch.marks.v[0];
    m.stored = &r;
    CHECK(ask(b, &m, -1, id(seq, " reduced")) == ATTEMPT_TAKEN && asked.n == 1);
    b->e.send = SEND_ALL;
    CHECK(ask(b, &m, -1, id(seq - 1, "")) == ATTEMPT_TAKEN && asked.n == 1);
}

int
main(void)
{
    struct bench b;
    int status = bench_start();
    if (status)
        return status;
    bench_append(10, "test.event");
    int64_t scan = bench_put_scan("one", 3);
    bench_prepare(&b, "proof");
    picky = fake_outlet;
    picky.send = picky_send;
    dislike = DIAG_CANNOT_WRITE;
    b.t.outlet = &picky;
    test_order(&b);
    test_nothing(&b);
    test_down(&b);
    test_result(&b, scan);
    courier_close(&b.k);
    cursor_release(&b.c);
    return bench_stop();
}
