/* The way of messages to a target that refuses some, dies of some, or takes nothing: what arrives,
 * in which form, where the cursor stands, and what the log says about it. */
#include "export/courier.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/env.h"
#include "check.h"
#include "settings/target_options.h"

enum { MANY = 300 };

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
    size_t most, most_bytes;       /* of one call */
    VEC(struct str) got;
    struct arena *a;
} fake;

static int64_t
seq_of(struct str text)
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

static bool
is_reduced(struct str text)
{
    return str_find(text, "\"truncated\":\"1\"") >= 0;
}

static int
fake_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    (void)peer, (void)o;
    fake.n_opened++;
    if (fake.is_down || fake.n_down-- > 0)
        return diag_fail(d, DIAG_UNAVAILABLE, "nobody there");
    *ret = &fake;
    return 0;
}

static bool
is_poison(struct str text)
{
    return seq_of(text) == fake.poison && (fake.hates_reduced || !is_reduced(text)) &&
           (!fake.faints || fake.n_deaths < fake.faints);
}

static int
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
        bad |= is_poison(m[i].text);
    for (size_t i = 0; i < n && !bad; i++) {
        bad = is_poison(m[i].text);
        if (bad)
            break;
        CHECK(m[i].is_reduced == is_reduced(m[i].text));
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

static int
fake_post(void *self, const struct outlet_message *m, size_t n, struct diag *d)
{
    size_t ignored;
    return fake_send(self, m, n, &ignored, d);
}

static int
fake_confirm(void *self, struct diag *d)
{
    (void)self;
    fake.n_confirms++;
    return fake.forgets-- > 0 ? diag_fail(d, DIAG_UNAVAILABLE, "reset") : 0;
}

static int64_t
fake_wait_s(void *self)
{
    (void)self;
    return fake.wait_s;
}

static void
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

/* ---- a log to send ---- */

static struct act *session;
static struct arena *a;

static void
append(int n, const char *name)
{
    struct event events[MANY];
    struct diag d = diag_init(a);
    for (int i = 0; i < n; i++)
        events[i] = (struct event){.name = name,
                                   .severity = i % 10,
                                   .object_type = STR("file"),
                                   .object_id = arena_fmt(a, "%d", i),
                                   .object_name = STR("x"),
                                   .reason = STR("")};
    CHECK(act_record(session, events, (size_t)n, &d) == 0);
}

static int64_t
size(void)
{
    struct diag d = diag_init(a);
    struct sha256_digest last;
    int64_t n = -1;
    CHECK(store_audit_size(session->store, &n, &last, &d) == 0);
    return n;
}

static int
count_events(const char *name, int64_t from)
{
    struct diag d = diag_init(a);
    struct store_record *v;
    size_t n;
    int found = 0;
    CHECK(store_load_records(session->store, from, 5000, a, &v, &n, &d) == 0);
    for (size_t i = 0; i < n; i++)
        found += str_eqc(v[i].event, name);
    return found;
}

static size_t
count_letters(const char *key, const char *state)
{
    struct diag d = diag_init(a);
    struct store_letter *v;
    size_t n, found = 0;
    CHECK(store_load_letters(session->store, a, &v, &n, &d) == 0);
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

static void
prepare(struct bench *b, const char *name)
{
    struct diag d = diag_init(a);
    fake = (struct fake){.poison = -1, .a = a};
    b->e = target_plain(STR("json"), STR("fake://"));
    b->e.name = str_c(name);
    b->t = (struct target){.e = &b->e,
                           .key = b->e.name,
                           .encoder = audit_encoder_find(STR("json")),
                           .outlet = &fake_outlet};
    b->end = size();
    b->is_killed = false;
    CHECK(cursor_take(session, &b->t, a, &b->c, &d) == 0);
    b->k = courier_new(&b->t, &b->c);
}

/* Runs until it is done, or at most `tries` attempts have failed. */
static int
deliver(struct bench *b, int tries)
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
            CHECK(cursor_take(session, &b->t, a, &b->c, &books) == 0);
            b->k = courier_new(&b->t, &b->c);
        }
    }
    return b->c.at.seq < b->end ? -1 : 0;
}

/* Every record arrived, in order, but for what came again. */
static void
check_got(int64_t end, int64_t reduced, int64_t missing)
{
    int64_t next = 0;
    for (size_t i = 0; i < fake.got.n; i++) {
        int64_t seq = seq_of(fake.got.v[i]);
        if (next == missing)
            next++;
        CHECK(seq <= next);
        if (seq == next)
            CHECK(is_reduced(fake.got.v[i]) == (seq == reduced));
        next += seq == next;
    }
    CHECK(next == end);
}

/* ---- cases ---- */

static void
test_plain(void)
{
    struct bench b;
    prepare(&b, "plain");
    CHECK(deliver(&b, 0 + 1) == 0);
    check_got(b.end, -1, -1);
    CHECK(fake.most == 128 && fake.n_opened == 1 && b.k.n_delivered == b.end);
    cursor_release(&b.c);
    CHECK(count_events("audit.export", b.end) == 1); /* one record for all of it */
}

static void
test_poison(bool says_where, bool hates_reduced)
{
    struct bench b;
    prepare(&b, says_where ? "poison-1" : hates_reduced ? "poison-2" : "poison-3");
    fake.poison = 150;
    fake.says_where = says_where;
    fake.hates_reduced = hates_reduced;
    CHECK(deliver(&b, 1) == 0);
    check_got(b.end, hates_reduced ? -1 : 150, hates_reduced ? 150 : -1);
    CHECK(fake.n_sends < 40); /* found by halves, not one by one */
    CHECK(count_letters(b.t.key.s, hates_reduced ? "refused" : "reduced") == 1);
    CHECK(count_events(hates_reduced ? "export.deadletter" : "export.reduce", b.end) == 1);
    cursor_release(&b.c);
}

/* Whoever takes nothing at all loses nobody a record. */
static void
test_refuses_all(void)
{
    struct bench b;
    prepare(&b, "refuser");
    fake.refuses_all = true;
    CHECK(deliver(&b, 6) != 0 && b.c.at.seq == 0 && fake.got.n == 0);
    CHECK(count_letters("refuser", "refused") == 0);
    CHECK(count_events("export.fail", b.end) == 1); /* once, not six times */
    fake.refuses_all = false;
    CHECK(deliver(&b, 1) == 0);
    check_got(b.end, -1, -1);
    CHECK(count_events("export.recover", b.end) == 1);
    cursor_release(&b.c);
}

static void
test_dies(void)
{
    struct bench b;
    prepare(&b, "mortal");
    fake.poison = 7;
    fake.dies = true;
    CHECK(deliver(&b, 4) == 0);
    check_got(b.end, 7, -1);
    CHECK(count_letters("mortal", "reduced") == 1);
    cursor_release(&b.c);
}

/* One that died of something else gets no short form beside the whole record. */
static void
test_faints(int64_t poison, int faints)
{
    struct bench b;
    prepare(&b, arena_fmt(a, "faint-%lld-%d", (long long)poison, faints).s);
    fake.poison = poison;
    fake.dies = true;
    fake.faints = faints;
    CHECK(deliver(&b, 9) == 0);
    check_got(b.end, -1, -1);
    for (size_t i = 0; i < fake.got.n; i++)
        CHECK(!is_reduced(fake.got.v[i]));
    CHECK(count_letters(b.t.key.s, "reduced") + count_letters(b.t.key.s, "refused") == 0);
    cursor_release(&b.c);
}

/* The first record has none before it, by which to see that the target is well. */
static void
test_dies_of_first(void)
{
    struct bench b;
    prepare(&b, "mortal-first");
    fake.poison = 0;
    fake.dies = true;
    CHECK(deliver(&b, 10) == 0);
    check_got(b.end, 0, -1);
    CHECK(count_letters("mortal-first", "reduced") == 1);
    cursor_release(&b.c);
}

/* A receiver that has to be started again is not there when one looks whether it is well: what it dies of
 * is found all the same, whatever stands before it, and whoever tries next. */
static void
test_dies_for_long(int64_t poison, bool hates_reduced, bool is_killed)
{
    static const char *const names[] = {"long-1", "long-2", "long-3", "long-4"};
    struct bench b;
    prepare(&b, names[2 * hates_reduced + is_killed]);
    fake.poison = poison;
    fake.dies = fake.all_or_none = true;
    fake.hates_reduced = hates_reduced;
    fake.restart = 1;
    b.is_killed = is_killed;
    CHECK(deliver(&b, 60) == 0);
    check_got(b.end, hates_reduced ? -1 : poison, hates_reduced ? poison : -1);
    CHECK(count_letters(b.t.key.s, hates_reduced ? "refused" : "reduced") == 1);
    CHECK(count_letters(b.t.key.s, hates_reduced ? "reduced" : "refused") == 0);
    CHECK(fake.n_deaths > 3 && fake.n_deaths < 25);
    cursor_release(&b.c);
}

/* What looks like a death is an outage, and then the target takes one call and not the next: to look
 * first whether it is well must not be the one that it takes. */
static void
test_busy(void)
{
    struct bench b;
    prepare(&b, "busy");
    b.end = 5;
    CHECK(deliver(&b, 1) == 0);
    b.end = size();
    fake.dies = fake.refuses_all = true;
    CHECK(deliver(&b, 4) != 0 && b.c.at.seq == 5 && b.c.at.deaths == 1);
    fake.dies = fake.refuses_all = false;
    fake.is_busy = true;
    fake.n_sends = 0;
    CHECK(deliver(&b, 9) == 0);
    check_got(b.end, -1, -1);
    CHECK(count_letters("busy", "reduced") + count_letters("busy", "refused") == 0);
    cursor_release(&b.c);
}

/* A target that is away, or dies of everything, makes no suspect of the first record. */
static void
test_away(bool at_once)
{
    struct bench b;
    prepare(&b, at_once ? "away-1" : "away-2");
    b.end = 5;
    CHECK(deliver(&b, 1) == 0);
    courier_close(&b.k);
    b.end = size();
    fake.n_down = at_once ? 9 : 0;
    fake.dies = fake.refuses_all = !at_once;
    CHECK(deliver(&b, 9) != 0 && b.c.at.seq == 5);
    fake.dies = fake.refuses_all = false;
    CHECK(deliver(&b, 1) == 0);
    check_got(b.end, -1, -1);
    CHECK(count_letters(b.t.key.s, "reduced") + count_letters(b.t.key.s, "refused") == 0);
    cursor_release(&b.c);
}

static void
test_filter(void)
{
    struct bench b;
    append(20, "other.event");
    prepare(&b, "filter");
    b.e.events = STR("nothing,other.*");
    b.e.min_severity = 8;
    CHECK(deliver(&b, 1) == 0 && b.c.at.seq == b.end);
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
    int64_t first = size();
    append(1, "rare.event");
    append(MANY, "test.event");
    append(1, "rare.event");
    prepare(&b, "rare");
    b.e.events = STR("rare.event");
    b.end = first + 1;
    CHECK(deliver(&b, 1) == 0 && fake.got.n == 1);
    b.end = size();
    b.k = courier_new(&b.t, &b.c); /* another process */
    fake.poison = first + 1 + MANY;
    fake.hates_reduced = true;
    CHECK(deliver(&b, 1) == 0 && count_letters("rare", "refused") == 1);
    cursor_release(&b.c);
}

/* A peer that never answers: the cursor stays until it was asked, and a loss brings all of it again. */
static void
test_trailing(void)
{
    struct bench b;
    struct diag d = diag_init(a);
    for (int i = 0; i < 4; i++)
        append(MANY, "test.event");
    prepare(&b, "silent");
    b.t.outlet = &silent_outlet;
    b.e.confirm_s = 3600;
    b.k.may_trail = true;
    CHECK(courier_run(&b.k, 10, &d) == 0 && b.c.at.seq == 0 && b.k.posted.is_ahead && fake.got.n == 10);
    CHECK(courier_run(&b.k, 20, &d) == 0 && b.c.at.seq == 0 && fake.got.n == 20);
    CHECK(fake.n_confirms == 0 && courier_confirm(&b.k, &d) == 0);
    CHECK(b.c.at.seq == 20 && fake.n_confirms == 1 && b.k.n_delivered == 20 && !b.k.posted.is_ahead);
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
    int64_t at = size();
    CHECK(act_transact(session, put_garbage, NULL, &d) == 0);
    append(3, "test.event");
    prepare(&b, "broken");
    CHECK(deliver(&b, 1) == 0);
    check_got(b.end, -1, at);
    CHECK(count_letters("broken", "unreadable") == 1);
    CHECK(count_events("export.deadletter", b.end) == 1);
    cursor_release(&b.c);
}

/* How long others wait before they take the cursor for that of a dead one. */
static int64_t
lease(struct bench *b)
{
    struct diag d = diag_init(a);
    struct store_cursor c;
    CHECK(store_load_cursor(session->store, b->t.key, a, &c, &d) == 0);
    return c.lease_until - env_wall_us() / 1000000;
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
    prepare(&b, "slow");
    CHECK(lease(&b) > 100 && lease(&b) < 130);
    b.t.outlet = &slow;
    CHECK(cursor_keep(&b.c, &d) == 0 && lease(&b) > 400);
    b.e.ack_s = 5000;
    CHECK(deliver(&b, 1) == 0 && lease(&b) > 5000);
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
    prepare(&b, "two");
    CHECK(cursor_take(session, &b.t, a, &other, &d) != 0 && d.first.code == DIAG_BUSY);
    CHECK_STR(d.first.text, arena_fmt(a, "another export is at it: %s", env_host()).s);
    CHECK(store_take_cursor(session->store, b.t.key, STR("x"), b.c.at.owner, 60, &fence, &e) == 0);
    CHECK(fence && courier_run(&b.k, b.end, &e) != 0 && e.first.code == DIAG_BUSY);
    CHECK(b.c.at.seq == 0);
}

int
main(void)
{
    a = arena_new();
    struct diag d = diag_init(a);
    char dir[] = "/tmp/assay-unit-XXXXXX";
    struct config c = {0};
    int from, to;
    if (access("/usr/sbin/mariadbd", X_OK) != 0) {
        printf("skipped: no mariadb-server-core\n");
        return 77;
    }
    if (!mkdtemp(dir) || config_load(NULL, dir, a, &c, &d) != 0 ||
        act_open(&c, false, &session, &d) != 0 ||
        store_migrate(session->store, &from, &to, &d) != 0) {
        fprintf(stderr, "%s\n", diag_text(&d).s);
        return 1;
    }
    append(MANY, "test.event");
    test_plain();
    test_poison(false, false);
    test_poison(false, true);
    test_poison(true, false);
    test_refuses_all();
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
    test_lease();
    test_two();
    test_trailing();
    test_unreadable();
    act_close(session);
    CHECK(system(arena_fmt(a, "rm -rf %s", dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
