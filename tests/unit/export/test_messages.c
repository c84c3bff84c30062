/* Records and results as messages, a batch at a time: all of them once and in order wherever a batch
 * begins, and what a batch costs when the scan is long. */
#include "export/messages.h"

#include "settings/target_options.h"
#include "unit/store/db.h"

enum { MANY = 1000, BATCH = 128 };

static const int64_t T = 1790000000;

static struct act *session;
static struct arena *a;

static int64_t
count(const char *status)
{
    struct str sql = arena_fmt(a,
                               "SELECT variable_value FROM information_schema.session_status "
                               "WHERE variable_name = '%s'",
                               status);
    return db_number(session->store, sql.s);
}

/* A scan with that many findings, and the record that says so. */
static void
put_scan(const char *name, int n)
{
    struct diag d = diag_init(a);
    struct scan_file f = db_file(name);
    char *letters = arena_alloc(a, (size_t)n + 1);
    memset(letters, 'f', (size_t)n);
    letters[n] = 0;
    db_scan(a, &f, name, "P", T, letters);
    CHECK(db_put_file(session->store, &f, &d) == STORE_NEW);
    struct event_change stored = {
        .field = STR("verdict"), .old_value = STR(""), .new_value = STR("stored")};
    struct event e = {.name = "ingest.file",
                      .object_type = STR("file"),
                      .object_id = sha256_hex(a, &f.sha256),
                      .object_name = STR("x"),
                      .reason = STR(""),
                      .changes = &stored,
                      .n_changes = 1};
    CHECK(act_record(session, &e, 1, &d) == 0);
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
    CHECK(messages_load(session, &w->t, w->at, end, BATCH, &w->walk, a, &b, &d) == 0);
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
    CHECK(messages_load(session, &w.t, w.at, end, 3, &w.walk, a, &b, &d) == 0 && b.m.n == 3);
    behind_three = b.end;
    next(&w, end);
    w.at = behind_three;
    w.ids.n = 0;
    next(&w, end);
    CHECK(w.ids.n == BATCH && !str_eq(w.ids.v[0], b.m.v[2].id));
    messages_forget(&w.walk);
}

int
main(void)
{
    struct db t;
    struct config c = {0};
    int from, to;
    db_init(&t);
    a = t.a;
    if (!db_ok(&t, config_load(NULL, t.dir, a, &c, &t.d)) ||
        !db_ok(&t, act_open(&c, false, &session, &t.d)) ||
        !db_ok(&t, store_migrate(session->store, &from, &to, &t.d)))
        return 1;
    put_scan("one", MANY);
    put_scan("two", MANY);
    test_cost(2);
    test_anew(2);
    test_elsewhere(2);
    act_close(session);
    db_stop(&t);
    return CHECK_DONE();
}
