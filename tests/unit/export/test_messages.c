/* Records and results as messages, a batch at a time: all of them once and in order wherever a batch
 * begins, and what a batch costs when the scan is long. */
#include "export/messages.h"

#include "bench.h"

enum { MANY = 1000, BATCH = 128 };

static int64_t
count(const char *status)
{
    struct str sql = arena_fmt(a,
                               "SELECT variable_value FROM information_schema.session_status "
                               "WHERE variable_name = '%s'",
                               status);
    return db_number(bench_session->store, sql.s);
}

struct trip { /* batches behind each other */
    struct target t;
    struct message_walk walk;
    struct message_place at;
    VEC(struct str) ids;
};

static void
start(struct trip *w, struct config_export *e)
{
    *e = target_plain(STR("json"), STR("fake://"));
    e->send = SEND_RESULTS;
    *w = (struct trip){.t = {.e = e,
                             .key = STR("fake"),
                             .encoder = audit_encoder_find(STR("json")),
                             .outlet = outlet_find(STR("relp://x:1"), &(struct str){0})},
                       .at = {.seq = 0, .piece = STR("")}};
}

static void
next(struct trip *w, int64_t end)
{
    struct diag d = diag_init(a);
    struct message_batch b;
    CHECK(messages_load(bench_session, &w->t, w->at, end, BATCH, &w->walk, a, &b, &d) == 0);
    for (size_t i = 0; i < b.m.n; i++) {
        CHECK(b.marks.v[i].behind.seq > w->at.seq ||
              str_cmp(b.marks.v[i].behind.piece, w->at.piece) > 0);
        *VEC_PUSH(a, &w->ids) = b.m.v[i].id;
        w->at = b.marks.v[i].behind;
    }
    CHECK(b.m.n <= BATCH);
    w->at = b.end;
}

/* A scan is loaded once for all of its batches. */
static void
test_cost(int64_t end)
{
    struct config_export e;
    struct trip w;
    start(&w, &e);
    int64_t rows = count("Rows_sent");
    while (w.at.seq < end)
        next(&w, end);
    CHECK(w.ids.n == 2 * (MANY + 1));
    CHECK(count("Rows_sent") - rows < 2 * MANY + 200);
    CHECK(!w.walk.a && !w.walk.results.scan_a);
}

/* Somebody else goes on in the middle, without what the first had loaded. */
static void
test_anew(int64_t end)
{
    struct config_export e;
    struct trip w, other;
    start(&w, &e);
    start(&other, &e);
    while (w.at.seq < end) {
        next(&w, end);
        if (w.ids.n % 3 == 0)
            messages_forget(&w.walk);
        w.at.piece = arena_str(a, w.at.piece);
    }
    while (other.at.seq < end)
        next(&other, end);
    CHECK(w.ids.n == other.ids.n);
    for (size_t i = 0; i < w.ids.n && i < other.ids.n; i++)
        CHECK(str_eq(w.ids.v[i], other.ids.v[i]));
}

/* A walk that stands elsewhere than the cursor is none. */
static void
test_elsewhere(int64_t end)
{
    struct config_export e;
    struct trip w;
    struct message_place behind_three;
    struct diag d = diag_init(a);
    struct message_batch b;
    start(&w, &e);
    CHECK(messages_load(bench_session, &w.t, w.at, end, 3, &w.walk, a, &b, &d) == 0 && b.m.n == 3);
    behind_three = b.end;
    next(&w, end);
    w.at = behind_three;
    w.ids.n = 0;
    next(&w, end);
    CHECK(w.ids.n == BATCH && !str_eq(w.ids.v[0], b.m.v[2].id));
    messages_forget(&w.walk);
}

/* A piece made again is the message that it was; of what is gone there is none. */
static void
test_again(void)
{
    struct config_export e;
    struct trip w;
    struct diag d = diag_init(a);
    struct message_batch b;
    struct outlet_message m;
    start(&w, &e);
    e.send = SEND_ALL;
    CHECK(messages_load(bench_session, &w.t, w.at, 1, 5, &w.walk, a, &b, &d) == 0 && b.m.n == 5);
    messages_forget(&w.walk);
    CHECK(messages_is_record(b.marks.v[0].piece) && !messages_is_record(b.marks.v[1].piece));
    for (size_t i = 0; i < b.m.n; i++) {
        CHECK(messages_again(bench_session, &w.t, 0, b.marks.v[i].piece, a, &m, &d) ==
              MESSAGES_MADE);
        CHECK(str_eq(m.id, b.m.v[i].id) && str_eq(m.text, b.m.v[i].text));
    }
    CHECK(messages_again(bench_session, &w.t, 0, STR("none"), a, &m, &d) == MESSAGES_GONE);
    CHECK(messages_again(bench_session, &w.t, 99, STR("="), a, &m, &d) == MESSAGES_GONE);
    CHECK(!diag_failed(&d));
}

/* A record that is not in the log stops what is behind it, once what is before it has gone. */
static void
test_missing(int64_t end)
{
    struct config_export e;
    struct trip w;
    struct diag d = diag_init(a);
    struct message_batch b;
    start(&w, &e);
    e.send = SEND_AUDIT;
    CHECK(messages_load(bench_session, &w.t, w.at, end + 2, BATCH, &w.walk, a, &b, &d) == 0);
    CHECK(b.m.n == (size_t)end && b.end.seq == end);
    CHECK(messages_load(bench_session, &w.t, b.end, end + 2, BATCH, &w.walk, a, &b, &d) != 0);
    CHECK(d.first.code == DIAG_VERIFY);
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    bench_put_scan("one", MANY);
    bench_put_scan("two", MANY);
    test_cost(2);
    test_anew(2);
    test_elsewhere(2);
    test_again();
    test_missing(2);
    return bench_stop();
}
