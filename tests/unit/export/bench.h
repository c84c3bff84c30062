/* The frame of the tests of delivery: a target in this process that does what a test wants of it, a
 * log to send, and a bench with one target, its cursor and its courier.
 * What:   bench_start() makes a database of its own; fake_outlet is a target that answers each call,
 *         silent_outlet one that answers when it is asked, passing_outlet one that
 *         is known to have messages while others are posted.
 * Owner:  everything lives in the arena `a` until bench_stop().   Units: records.
 * Errors: CHECK.   See: tests/check.h */
#ifndef TESTS_EXPORT_BENCH_H
#define TESTS_EXPORT_BENCH_H

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "export/courier.h"
#include "settings/target_options.h"
#include "unit/store/db.h"

/* ---- an outlet in this process ---- */

static struct fake {
    int64_t poison; /* the record that it does not take; -1 = it takes all */
    bool dies;      /* of it, instead of refusing it */
    bool hates_reduced;
    bool all_or_none; /* what stands before it in a call is not known to have arrived */
    int restart;      /* so many openings fail when it died */
    int n_deaths;
    int faints;   /* of so many deaths it dies, and takes the same then; 0 = it always dies */
    bool is_busy; /* takes every second call, and says so of the others */
    int64_t wait_s;
    bool refuses_all, is_down, says_where;
    int n_opened, n_sends, n_down; /* it is down for so many openings */
    int n_confirms, forgets;       /* so many confirmations fail */
    size_t waiting;          /* what it says of what was posted, when it is asked in passing */
    size_t most, most_bytes; /* of one call */
    VEC(struct str) got;
    struct arena *a;
} fake;

static inline int64_t
fake_seq_of(struct str text)
{
    long at = str_find(text, "seq\":");
    struct str rest = at < 0 ? STR("") : str_n(text.s + at + 5, text.len - (size_t)at - 5);
    int64_t n = -1;
    size_t digits = 0;
    while (digits < rest.len && rest.s[digits] >= '0' && rest.s[digits] <= '9')
        digits++;
    str_to_i64(str_n(rest.s, digits), &n);
    return n;
}

static inline bool
fake_is_reduced(struct str text)
{
    return str_find(text, "\"truncated\":\"1\"") >= 0;
}

static inline int
fake_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    (void)peer, (void)o;
    fake.n_opened++;
    if (fake.is_down || fake.n_down-- > 0)
        return diag_fail(d, DIAG_UNAVAILABLE, "nobody there");
    *ret = &fake;
    return 0;
}

static inline bool
fake_is_poison(struct str text)
{
    return fake_seq_of(text) == fake.poison && (fake.hates_reduced || !fake_is_reduced(text)) &&
           (!fake.faints || fake.n_deaths < fake.faints);
}

static inline int
fake_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    bool bad = fake.refuses_all;
    (void)self;
    fake.n_sends++;
    fake.wait_s = fake.is_busy && fake.n_sends % 2 == 0;
    if (fake.wait_s) {
        *ret_n = 0;
        return diag_fail(d, DIAG_UNAVAILABLE, "too much at the moment");
    }
    fake.most = n > fake.most ? n : fake.most;
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += m[i].text.len;
    fake.most_bytes = bytes > fake.most_bytes ? bytes : fake.most_bytes;
    *ret_n = 0;
    for (size_t i = 0; i < n && !fake.says_where && !fake.dies; i++)
        bad |= fake_is_poison(m[i].text);
    for (size_t i = 0; i < n && !bad; i++) {
        bad = fake_is_poison(m[i].text);
        if (bad)
            break;
        CHECK(m[i].is_reduced == fake_is_reduced(m[i].text));
        *VEC_PUSH(fake.a, &fake.got) = arena_str(fake.a, m[i].text);
        ++*ret_n;
    }
    if (bad && fake.all_or_none)
        *ret_n = 0;
    if (bad && fake.dies) {
        fake.n_deaths++;
        fake.n_down = fake.restart;
    }
    return bad ? diag_fail(d, fake.dies ? DIAG_UNAVAILABLE : DIAG_CANNOT_WRITE, "no") : 0;
}

static inline int
fake_post(void *self, const struct outlet_message *m, size_t n, struct diag *d)
{
    size_t ignored;
    return fake_send(self, m, n, &ignored, d);
}

static inline int
fake_confirm(void *self, struct diag *d)
{
    (void)self;
    fake.n_confirms++;
    return fake.forgets-- > 0 ? diag_fail(d, DIAG_UNAVAILABLE, "reset") : 0;
}

static inline size_t
fake_waiting(const void *self)
{
    (void)self;
    return fake.waiting;
}

static inline int64_t
fake_wait_s(void *self)
{
    (void)self;
    return fake.wait_s;
}

static inline void
fake_close(void *self)
{
    (void)self;
}

static const struct outlet fake_outlet = {.scheme = "fake",
                                          .open = fake_open,
                                          .send = fake_send,
                                          .wait_s = fake_wait_s,
                                          .close = fake_close};
static const struct outlet silent_outlet = {.scheme = "fake",
                                            .open = fake_open,
                                            .send = fake_send,
                                            .post = fake_post,
                                            .confirm = fake_confirm,
                                            .close = fake_close};
static const struct outlet passing_outlet = {.scheme = "fake",
                                             .open = fake_open,
                                             .send = fake_send,
                                             .post = fake_post,
                                             .confirm = fake_confirm,
                                             .waiting = fake_waiting,
                                             .close = fake_close};

/* ---- a log to send ---- */

static struct act *bench_session;
static struct arena *a; /* of the whole test */
static char bench_dir[] = "/tmp/assay-unit-XXXXXX";

static inline void
bench_append(int n, const char *name)
{
    struct event *events = ARENA_ARRAY(a, struct event, n);
    struct diag d = diag_init(a);
    for (int i = 0; i < n; i++)
        events[i] = (struct event){.name = name,
                                   .severity = i % 10,
                                   .object_type = STR("file"),
                                   .object_id = arena_fmt(a, "%d", i),
                                   .object_name = STR("x"),
                                   .reason = STR("")};
    CHECK(act_record(bench_session, events, (size_t)n, &d) == 0);
}

/* A record with that change of its verdict, as ingest writes it. */
static inline void
bench_put_file_record(struct str hash, const char *verdict)
{
    struct diag d = diag_init(a);
    struct event_change stored = {
        .field = STR("verdict"), .old_value = STR(""), .new_value = str_c(verdict)};
    struct event e = {.name = "ingest.file",
                      .object_type = STR("file"),
                      .object_id = hash,
                      .object_name = STR("x"),
                      .reason = STR(""),
                      .changes = &stored,
                      .n_changes = 1};
    CHECK(act_record(bench_session, &e, 1, &d) == 0);
}

static inline int64_t
bench_size(void)
{
    struct diag d = diag_init(a);
    struct sha256_digest last;
    int64_t n = -1;
    CHECK(store_audit_size(bench_session->store, &n, &last, &d) == 0);
    return n;
}

/* A scan with n findings, and the record that says it was stored: n + 1 results. Returns the record. */
static inline int64_t
bench_put_scan(const char *name, int n)
{
    struct diag d = diag_init(a);
    struct scan_file f = db_file(name);
    int64_t seq = bench_size();
    char *letters = arena_alloc(a, (size_t)n + 1);
    memset(letters, 'f', (size_t)n);
    db_scan(a, &f, name, "P", 1790000000, letters);
    CHECK(db_put_file(bench_session->store, &f, &d) == STORE_NEW);
    bench_put_file_record(sha256_hex(a, &f.sha256), "stored");
    return seq;
}

static inline struct store_record
bench_record(int64_t seq)
{
    struct diag d = diag_init(a);
    struct store_record *v;
    size_t n;
    CHECK(store_load_records(bench_session->store, seq, 1, a, &v, &n, &d) == 0 && n == 1);
    return *v;
}

static inline int
bench_count_events(const char *name, int64_t from)
{
    struct diag d = diag_init(a);
    struct store_record *v;
    size_t n;
    int found = 0;
    CHECK(store_load_records(bench_session->store, from, 5000, a, &v, &n, &d) == 0);
    for (size_t i = 0; i < n; i++)
        found += str_eqc(v[i].event, name);
    return found;
}

static inline size_t
bench_count_letters(const char *key, const char *state)
{
    struct diag d = diag_init(a);
    struct store_letter *v;
    size_t n, found = 0;
    CHECK(store_load_letters(bench_session->store, a, &v, &n, &d) == 0);
    for (size_t i = 0; i < n; i++)
        found += str_eqc(v[i].target, key) && str_eqc(v[i].state, state);
    return found;
}

struct bench { /* a target, its cursor and its courier */
    struct config_export e;
    struct target t;
    struct cursor c;
    struct courier k;
    int64_t end;
    bool is_killed; /* whoever tries next knows no more than the database */
};

static inline void
bench_prepare(struct bench *b, const char *name)
{
    struct diag d = diag_init(a);
    fake = (struct fake){.poison = -1, .a = a};
    b->e = target_plain(STR("json"), STR("fake://"));
    b->e.name = str_c(name);
    b->e.steady_s = 0; /* well with the first message that arrives */
    b->t = (struct target){.e = &b->e,
                           .key = b->e.name,
                           .encoder = audit_encoder_find(STR("json")),
                           .outlet = &fake_outlet};
    b->end = bench_size();
    b->is_killed = false;
    CHECK(cursor_take(bench_session, &b->t, a, &b->c, &d) == 0);
    b->k = courier_new(&b->t, &b->c);
}

/* Runs until it is done, or at most `tries` attempts have failed. */
static inline int
bench_deliver(struct bench *b, int tries)
{
    while (b->c.at.seq < b->end && tries > 0) {
        struct diag d = diag_init(a), books = diag_init(a);
        int64_t wait;
        if (courier_run(&b->k, b->end, &d) == 0)
            continue;
        tries--;
        CHECK(cursor_fail(&b->c, &d, 0, &wait, &books) == 0 && wait >= 1 && wait <= 60);
        if (b->is_killed) {
            cursor_release(&b->c);
            CHECK(cursor_take(bench_session, &b->t, a, &b->c, &books) == 0);
            b->k = courier_new(&b->t, &b->c);
        }
    }
    return b->c.at.seq < b->end ? -1 : 0;
}

/* ---- beginning and end ---- */

/* What main() returns when it is not 0: 77 where there is no database server. */
static inline int
bench_start(void)
{
    struct config c = {0};
    int from, to;
    a = arena_new();
    struct diag d = diag_init(a);
    if (access("/usr/sbin/mariadbd", X_OK) != 0) {
        printf("skipped: no mariadb-server-core\n");
        return 77;
    }
    if (!mkdtemp(bench_dir) || config_load(NULL, bench_dir, a, &c, &d) != 0 ||
        act_open(&c, false, &bench_session, &d) != 0 ||
        store_migrate(bench_session->store, &from, &to, &d) != 0) {
        fprintf(stderr, "%s\n", diag_text(&d).s);
        return 1;
    }
    return 0;
}

/* What the database has of its cursor. */
static inline struct store_cursor
bench_row(const struct bench *b)
{
    struct diag d = diag_init(a);
    struct store_cursor c;
    CHECK(store_load_cursor(bench_session->store, b->t.key, a, &c, &d) == 0);
    return c;
}

/* Whatever was tried, the log has all of its records. */
static inline int
bench_stop(void)
{
    CHECK(db_number(bench_session->store, "SELECT COUNT(*) FROM audit_log") == bench_size());
    act_close(bench_session);
    CHECK(system(arena_fmt(a, "rm -rf %s", bench_dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}

#endif
