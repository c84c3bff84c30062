/* Small rows: transactions, inputs, report runs, the audit log, cursors, settings; what two
 * connections see of each other. */
#include <signal.h>
#include <sys/wait.h>

#include "base/utf8.h"
#include "db.h"

static const int64_t T = 1790000000;

/* In a transaction of its own. */
static int
finish(struct store *st, uint64_t token, const struct store_run *run, struct diag *d)
{
    int rc = store_begin(st, d) == 0 ? store_finish_run(st, token, run, d) : -1;
    if (rc == 0)
        return store_commit(st, d);
    store_rollback(st);
    return -1;
}

/* In a transaction of its own. */
static int
claim(struct store *st, struct str definition, struct str period_key, int lease_s,
      uint64_t *ret_token, struct diag *d)
{
    int rc = store_begin(st, d) == 0
                 ? store_claim_run(st, definition, period_key, lease_s, ret_token, d)
                 : -1;
    if (rc == 0)
        return store_commit(st, d);
    store_rollback(st);
    return -1;
}

static struct str
setting(struct db *t, struct store *st, const char *key)
{
    struct str v = STR("?");
    CHECK(db_ok(t, store_load_setting(st, str_c(key), t->a, &v, &t->d)));
    return v;
}

static void
test_transactions(struct db *t)
{
    struct store *two = NULL;
    CHECK(db_ok(t, db_open(t, &two)));
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_put_setting(t->st, STR("k"), STR("v \xc3\xa9 '\\"), &t->d)));
    CHECK_STR(setting(t, two, "k"), "");
    store_rollback(t->st);
    CHECK_STR(setting(t, t->st, "k"), "");
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_put_setting(t->st, STR("k"), STR("v \xc3\xa9 '\\"), &t->d)));
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
    CHECK_STR(setting(t, two, "k"), "v \xc3\xa9 '\\");
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_put_setting(t->st, STR("k"), STR("/srv/\xff\xfe"), &t->d)));
    CHECK_STR(setting(t, t->st, "k"), "/srv/\xef\xbf\xbd");
    store_rollback(t->st);
    store_rollback(t->st); /* outside a transaction: nothing */
    store_close(two);
}

/* The server rolls one of two back: that one can do nothing but roll back and begin again. */
static void
test_deadlock(struct db *t)
{
    struct store *two = NULL;
    CHECK(db_ok(t, db_open(t, &two)));
    CHECK(mysql_query(t->st->db, "REPLACE INTO setting VALUES ('x','0'),('y','0')") == 0);
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_put_setting(t->st, STR("x"), STR("1"), &t->d)));
    pid_t pid = fork();
    if (pid == 0) {
        /* A connection does not survive a fork in two processes: a new one. */
        struct store *st = NULL;
        struct diag d = diag_init(arena_new());
        struct store_config c = {.state_dir = t->dir};
        int rc = store_open(&c, &st, &d);
        rc = rc ? rc : store_begin(st, &d);
        for (char key = 'c'; rc == 0 && key < 'i'; key++) /* more written: not the victim */
            rc = store_put_setting(st, str_n(&key, 1), STR("2"), &d);
        rc = rc ? rc : store_put_setting(st, STR("y"), STR("2"), &d);
        rc = rc ? rc : store_put_setting(st, STR("x"), STR("2"), &d); /* waits */
        rc = rc ? rc : store_commit(st, &d);
        _exit(rc != 0);
    }
    CHECK(db_await(two, "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = "
                        "'LOCK WAIT'"));
    CHECK(db_code(t, store_put_setting(t->st, STR("y"), STR("1"), &t->d)) == DIAG_RETRY);
    CHECK(db_code(t, store_put_setting(t->st, STR("z"), STR("1"), &t->d)) == DIAG_RETRY);
    CHECK(db_code(t, store_commit(t->st, &t->d)) == DIAG_RETRY);
    store_rollback(t->st);
    int status = -1;
    waitpid(pid, &status, 0);
    CHECK(status == 0);
    CHECK_STR(setting(t, two, "x"), "2");
    CHECK_STR(setting(t, two, "y"), "2");
    CHECK_STR(setting(t, two, "z"), "");
    store_close(two);
}

/* One stored file among many that were never seen. */
static void
check_stored(struct db *t, const struct sha256_digest *stored)
{
    enum { N = 95 };
    struct sha256_digest other = sha256_of(STR("never seen"));
    struct store_bytes files[N];
    bool is[N];
    size_t n = 0;
    for (size_t i = 0; i < N; i++)
        files[i] = (struct store_bytes){i % 43 == 41 ? stored : &other, STR("")};
    CHECK(db_ok(t, store_find_stored(t->st, files, N, is, &t->d)));
    for (size_t i = 0; i < N; i++)
        n += is[i] == (i % 43 == 41);
    CHECK(n == N);
}

/* The same bytes of two agents are two files; without an agent they are one. */
/* The server refuses rows that wait for the end of the batch: no file of it counts as stored. */
static void
test_refused_rows(struct db *t)
{
    struct scan_file f = db_file("refused rows");
    struct store_input in = {.sha256 = f.sha256, .verdict = STR("stored"), .received = T};
    struct store_outcome put;
    in.name = in.format = in.reason = in.host = in.custody = STR("");
    db_scan(t->a, &f, "full01", "full", T, "pf");
    CHECK(mysql_query(t->st->db, "CREATE TRIGGER full BEFORE INSERT ON scan FOR EACH ROW SIGNAL "
                                 "SQLSTATE '45000' SET MESSAGE_TEXT = 'the table is full'") == 0);
    CHECK(db_prepare(t->st, &f, &t->d) == 0 && store_begin(t->st, &t->d) == 0);
    CHECK(store_put_scan(t->st, &f, &f.scans.v[0], &put, &t->d) == 0);
    CHECK(db_put_input(t->st, &in, &t->d) == -1 && diag_failed(&t->d));
    CHECK(str_find(diag_text(&t->d), "the table is full") >= 0);
    store_rollback(t->st);
    diag_clear(&t->d);
    CHECK(mysql_query(t->st->db, "DROP TRIGGER full") == 0);
}

static void
test_whose(struct db *t)
{
    struct scan_file f = db_file("alike");
    struct store_input in = {.sha256 = f.sha256, .verdict = STR("stored"), .received = T};
    in.name = in.format = in.reason = in.host = in.custody = STR("");
    struct store_bytes files[] = {
        {&f.sha256, STR("node01")}, {&f.sha256, STR("node02")}, {&f.sha256, STR("")}};
    bool is[3];
    db_scan(t->a, &f, "node01", "alike", T, "pf");
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_ok(t, store_find_stored(t->st, files, 3, is, &t->d)) && !is[0] && !is[1] && !is[2]);
    CHECK(db_ok(t, store_begin(t->st, &t->d)) && db_ok(t, db_put_input(t->st, &in, &t->d)) &&
          db_ok(t, store_commit(t->st, &t->d)));
    CHECK(db_ok(t, store_find_stored(t->st, files, 3, is, &t->d)) && is[0] && !is[1] && is[2]);
    f.scans.v[0].asset.name = STR("node02");
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_ok(t, store_find_stored(t->st, files, 3, is, &t->d)) && is[0] && is[1] && is[2]);
}

static void
test_inputs(struct db *t)
{
    struct store_input in = {.sha256 = sha256_of(STR("file")),
                             .name = STR("a'b\n.xml"),
                             .format = STR("xccdf-1.2"),
                             .verdict = STR("rejected"),
                             .reason = STR("line 3: broken"),
                             .host = STR("here"),
                             .size = (int64_t)5 << 32,
                             .received = T,
                             .n_scans = 0};
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_inputs WHERE host = 'here'") == 0);
    CHECK(db_ok(t, store_begin(t->st, &t->d)) && db_ok(t, db_put_input(t->st, &in, &t->d)));
    in.verdict = STR("stored");
    in.reason = STR("");
    in.n_scans = 3;
    CHECK(db_ok(t, db_put_input(t->st, &in, &t->d)));
    struct scan_file f = db_file("x");
    f.sha256 = in.sha256;
    for (int i = 0; i < 3; i++)
        *VEC_PUSH(t->a, &f.warnings) =
            (struct diag_note){DIAG_WARN_TIME, STR("3:1"), arena_fmt(t->a, "odd \xff thing %d", i)};
    CHECK(db_ok(t, store_put_warnings(t->st, &f, &t->d)));
    CHECK(db_ok(t, store_put_warnings(t->st, &f, &t->d))); /* again: the same rows */
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
    CHECK_STR(
        db_rows(t->st, t->a,
                "SELECT verdict, name, n_scans, TIMESTAMPDIFF(SECOND, '1970-01-01', received) "
                "FROM v_inputs WHERE host = 'here'"),
        "stored,a'b\n.xml,3,1790000000");
    CHECK(db_number(t->st, "SELECT size FROM v_inputs") == (int64_t)5 << 32);
    check_stored(t, &in.sha256);
    CHECK_STR(db_rows(t->st, t->a, "SELECT kind, text FROM input_warning WHERE n = 2"),
              "time,odd \xef\xbf\xbd thing 2");
}

static void
test_runs(struct db *t)
{
    struct store *two = NULL;
    uint64_t mine = 0, theirs = 1, again = 0;
    CHECK(db_ok(t, db_open(t, &two)));
    CHECK(db_ok(t, claim(t->st, STR("monthly"), STR("2026-10"), 60, &mine, &t->d)));
    CHECK(db_ok(t, claim(two, STR("monthly"), STR("2026-10"), 60, &theirs, &t->d)));
    CHECK(mine != 0 && theirs == 0);
    /* The lease runs out: another takes over, and the first one's token is void. */
    CHECK(mysql_query(two->db, "UPDATE report_run SET lease_until = UTC_TIMESTAMP() - INTERVAL 1 "
                               "SECOND") == 0);
    CHECK(db_ok(t, claim(two, STR("monthly"), STR("2026-10"), 60, &theirs, &t->d)));
    CHECK(theirs != 0 && theirs != mine);
    struct store_run run = {.definition = STR("monthly"),
                            .period_key = STR("2026-10"),
                            .state = STR("done"),
                            .report_id = STR("HR-1"),
                            .dataset_hex = STR("aa"),
                            .manifest_hex = STR("bb"),
                            .changed = T};
    CHECK(db_code(t, finish(t->st, mine, &run, &t->d)) == DIAG_BUSY);
    run.state = STR("failed");
    CHECK(db_ok(t, finish(two, theirs, &run, &t->d)));
    CHECK(db_ok(t, claim(t->st, STR("monthly"), STR("2026-10"), 60, &again, &t->d)));
    CHECK(again != 0); /* a failed one can be claimed */
    run.state = STR("done");
    CHECK(db_ok(t, finish(t->st, again, &run, &t->d)));
    CHECK(db_ok(t, claim(two, STR("monthly"), STR("2026-10"), 0, &theirs, &t->d)));
    CHECK(theirs == 0); /* a done one never */
    CHECK(db_ok(t, claim(two, STR("monthly"), STR("2026-09"), 60, &theirs, &t->d)));
    struct store_run *runs = NULL;
    size_t n = 0;
    CHECK(db_ok(t, store_load_runs(t->st, STR("monthly"), t->a, &runs, &n, &t->d)));
    CHECK(n == 2);
    CHECK_STR(runs[0].period_key, "2026-09");
    CHECK_STR(runs[0].state, "claimed");
    CHECK_STR(runs[1].report_id, "HR-1");
    CHECK(runs[1].changed == T);
    store_close(two);
}

static int
append(struct store *st, int n, struct diag *d)
{
    int64_t seq;
    struct sha256_digest prev;
    if (store_begin(st, d) != 0 || store_lock_audit_head(st, &seq, &prev, d) != 0)
        return -1;
    for (int i = 0; i < n; i++, seq++) {
        struct buf b = buf_init(4096);
        buf_fmt(&b, "{\"seq\":%lld,\"prev\":\"", (long long)seq);
        buf_hex(&b, prev.b, sizeof prev.b);
        buf_puts(&b, "\"}");
        struct store_record r = {.seq = seq,
                                 .ts_us = (int64_t)1790000000123456,
                                 .event = STR("test.event"),
                                 .object_type = STR("file"),
                                 .object_id = STR("x"),
                                 .rec = buf_view(&b),
                                 .leaf = sha256_of(buf_view(&b))};
        int rc = store_put_records(st, &r, 1, d);
        prev = r.leaf;
        buf_done(&b);
        if (rc != 0)
            return -1;
    }
    return 0;
}

/* Two processes append at once: dense numbers, each record linked to the one before. */
static void
test_audit(struct db *t)
{
    enum { PROCS = 2, ROUNDS = 40 };
    pid_t pids[PROCS];
    int64_t size = -1;
    struct sha256_digest last;
    CHECK(db_ok(t, store_audit_size(t->st, &size, &last, &t->d)) && size == 0);
    for (int p = 0; p < PROCS; p++) {
        if ((pids[p] = fork()) != 0)
            continue;
        struct store *st = NULL;
        struct diag d = diag_init(arena_new());
        struct store_config c = {.state_dir = t->dir};
        int rc = store_open(&c, &st, &d);
        for (int i = 0; rc == 0 && i < ROUNDS; i++) {
            rc = append(st, 3, &d);
            if (i % 4 == 3)
                store_rollback(st); /* takes its numbers with it */
            else
                rc = rc ? rc : store_commit(st, &d);
        }
        _exit(rc != 0);
    }
    for (int p = 0; p < PROCS; p++) {
        int status = -1;
        waitpid(pids[p], &status, 0);
        CHECK(status == 0);
    }
    CHECK(db_ok(t, store_audit_size(t->st, &size, &last, &t->d)));
    CHECK(size == PROCS * ROUNDS * 3 * 3 / 4);
    struct store_record *r = NULL;
    size_t n = 0;
    CHECK(db_ok(t, store_load_records(t->st, 0, 1000, t->a, &r, &n, &t->d)));
    CHECK(n == (size_t)size);
    struct sha256_digest prev = {{0}};
    size_t good = 0;
    for (size_t i = 0; i < n; i++) {
        struct sha256_digest leaf = sha256_of(r[i].rec);
        good += r[i].seq == (int64_t)i && str_find(r[i].rec, sha256_hex(t->a, &prev).s) > 0 &&
                memcmp(leaf.b, r[i].leaf.b, sizeof leaf.b) == 0 &&
                r[i].ts_us == (int64_t)1790000000123456;
        prev = leaf;
    }
    CHECK(good == n && memcmp(prev.b, last.b, sizeof last.b) == 0);
    CHECK(db_ok(t, store_load_records(t->st, 7, 2, t->a, &r, &n, &t->d)) && n == 2 &&
          r[0].seq == 7);
    /* A record that does not follow the head is refused. */
    int64_t seq = 0;
    CHECK(db_ok(t, store_begin(t->st, &t->d)) &&
          db_ok(t, store_lock_audit_head(t->st, &seq, &prev, &t->d)));
    struct store_record odd = *r;
    odd.seq = seq + 5;
    CHECK(db_code(t, store_put_records(t->st, &odd, 1, &t->d)) == DIAG_VERIFY);
    store_rollback(t->st);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_audit") == size);
}

/* A path of any bytes names an object: it is kept, repaired, and never stops the log. */
static void
test_object_ids(struct db *t)
{
    static const char *const ids[] = {"/etc/\xff\xfe.conf", "a\xed\xa0\x80z", "\xf0\x9f\x94\x92",
                                      "'; --"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        int64_t seq = 0;
        size_t n = 0;
        struct sha256_digest prev;
        struct store_record *got, r = {.ts_us = (int64_t)1790000000123456,
                                       .event = STR("test.event"),
                                       .object_type = STR("file"),
                                       .object_id = str_c(ids[i]),
                                       .rec = STR("{}"),
                                       .leaf = sha256_of(STR("{}"))};
        CHECK(db_ok(t, store_begin(t->st, &t->d)) &&
              db_ok(t, store_lock_audit_head(t->st, &seq, &prev, &t->d)));
        r.seq = seq;
        CHECK(db_ok(t, store_put_records(t->st, &r, 1, &t->d)) &&
              db_ok(t, store_commit(t->st, &t->d)));
        CHECK(db_ok(t, store_load_records(t->st, seq, 1, t->a, &got, &n, &t->d)) && n == 1);
        CHECK(n == 1 && str_eq(got[0].object_id, utf8_repair(t->a, r.object_id)));
    }
}

/* Whoever holds the head holds up the other, who then sees the new end. */
static void
test_head_lock(struct db *t)
{
    struct store *two = NULL;
    int64_t seq = 0, other = 0;
    struct sha256_digest prev;
    CHECK(db_ok(t, db_open(t, &two)));
    CHECK(mysql_query(two->db, "SET SESSION innodb_lock_wait_timeout = 1") == 0);
    CHECK(append(t->st, 1, &t->d) == 0);
    CHECK(db_ok(t, store_begin(two, &t->d)));
    CHECK(db_code(t, store_lock_audit_head(two, &other, &prev, &t->d)) == DIAG_RETRY);
    store_rollback(two);
    CHECK(db_ok(t, store_audit_size(t->st, &seq, &prev, &t->d)));
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
    CHECK(db_ok(t, store_begin(two, &t->d)) &&
          db_ok(t, store_lock_audit_head(two, &other, &prev, &t->d)));
    CHECK(other == seq);
    store_close(two); /* in the middle of a transaction: rolled back */
    CHECK(append(t->st, 1, &t->d) == 0 && db_ok(t, store_commit(t->st, &t->d)));
}

/* Taking, moving and losing a cursor: the fence decides, and not who says that he holds it. */
static void
test_cursors(struct db *t)
{
    struct str target = STR("json:/var/log/x.json"), me = STR("me"), other = STR("other");
    uint64_t mine = 0, theirs = 0;
    struct store_cursor c;
    CHECK(db_ok(t, store_load_cursor(t->st, target, t->a, &c, &t->d)));
    CHECK(c.seq == 0 && c.piece.len == 0 && c.owner.len == 0 && c.last_ok == CLOCK_NONE);
    CHECK(db_ok(t, store_take_cursor(t->st, target, me, STR(""), 60, &mine, &t->d)) && mine);
    CHECK(db_ok(t, store_take_cursor(t->st, target, other, STR(""), 60, &theirs, &t->d)));
    CHECK(theirs == 0);
    c.seq = 5;
    c.piece = STR("=");
    CHECK(db_ok(t, store_move_cursor(t->st, &c, mine, true, 60, &t->d)));
    CHECK(
        db_ok(t, store_move_cursor(t->st, &c, mine, true, 60, &t->d))); /* once more is the same */
    CHECK(db_code(t, store_move_cursor(t->st, &c, mine + 1, true, 60, &t->d)) == DIAG_BUSY);
    CHECK(db_ok(t, store_load_cursor(t->st, target, t->a, &c, &t->d)));
    CHECK(c.seq == 5 && str_eqc(c.piece, "=") && c.last_ok != CLOCK_NONE && str_eq(c.owner, me));

    /* known to be dead: taken over at once, and the dead move nothing */
    CHECK(db_ok(t, store_take_cursor(t->st, target, other, me, 60, &theirs, &t->d)) && theirs);
    c.seq = 7;
    CHECK(db_code(t, store_move_cursor(t->st, &c, mine, true, 60, &t->d)) == DIAG_BUSY);
    CHECK(db_code(t, store_keep_cursor(t->st, target, mine, 60, &t->d)) == DIAG_BUSY);
    CHECK(db_ok(t, store_move_cursor(t->st, &c, theirs, false, 0, &t->d))); /* a lease of no time */
    usleep(2000); /* the lease has to be over by the server's clock: time itself */
    CHECK(db_ok(t, store_take_cursor(t->st, target, me, STR(""), 60, &mine, &t->d)) && mine);
    CHECK(db_code(t, store_keep_cursor(t->st, target, theirs, 60, &t->d)) == DIAG_BUSY);
    CHECK(db_ok(t, store_release_cursor(t->st, target, mine, &t->d)));
    CHECK(db_ok(t, store_load_cursor(t->st, target, t->a, &c, &t->d)));
    CHECK(c.seq == 7 && c.owner.len == 0);
}

static void
test_cursor_failures(struct db *t)
{
    struct str target = STR("cef:relp://a:1");
    uint64_t fence = 0;
    struct store_cursor c;
    CHECK(db_ok(t, store_take_cursor(t->st, target, STR("me"), STR(""), 60, &fence, &t->d)));
    CHECK(db_ok(t, store_load_cursor(t->st, target, t->a, &c, &t->d)) && c.wait_us == 0);
    c.attempts = 1;
    c.error = STR("nobody there");
    CHECK(db_ok(t, store_fail_cursor(t->st, &c, fence, 3000, 60, &t->d)));
    CHECK(db_ok(t, store_load_cursor(t->st, target, t->a, &c, &t->d)));
    CHECK(c.attempts == 1 && c.wait_us > 2000000000 && c.wait_us <= 3000000000);
    CHECK(c.failing_since != CLOCK_NONE && str_eqc(c.error, "nobody there"));
    CHECK(db_ok(t, store_recover_cursor(t->st, target, fence, true, 60, &t->d)));
    CHECK(db_ok(t, store_load_cursor(t->st, target, t->a, &c, &t->d)));
    CHECK(c.attempts == 0 && c.wait_us == 0 && c.failing_since == CLOCK_NONE && c.error.len == 0);
}

/* kill -9 in the middle of a transaction: nothing of it stays, nothing stays locked. */
static void
test_killed_client(struct db *t)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct store *st = NULL;
        struct diag d = diag_init(arena_new());
        struct store_config c = {.state_dir = t->dir};
        if (store_open(&c, &st, &d) != 0 || append(st, 1, &d) != 0 ||
            store_put_setting(st, STR("half"), STR("x"), &d) != 0)
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status));
    int64_t before = 0, after = 0;
    struct sha256_digest last;
    CHECK(db_ok(t, store_audit_size(t->st, &before, &last, &t->d)));
    CHECK(append(t->st, 1, &t->d) == 0 && db_ok(t, store_commit(t->st, &t->d)));
    CHECK(db_ok(t, store_audit_size(t->st, &after, &last, &t->d)));
    CHECK(after == before + 1);
    CHECK_STR(setting(t, t->st, "half"), "");
}

/* The server closes an idle connection: the next transaction has a new one. */
static void
test_idle(struct db *t)
{
    struct str kill_it =
        arena_fmt(t->a, "KILL %lld", (long long)db_number(t->st, "SELECT CONNECTION_ID()"));
    struct store *two = NULL;
    CHECK(db_ok(t, db_open(t, &two)));
    CHECK(mysql_query(two->db, kill_it.s) == 0);
    CHECK(db_code(t, store_begin(t->st, &t->d)) == DIAG_LOST);
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_put_setting(t->st, STR("idle"), STR("1"), &t->d)));
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
    CHECK_STR(setting(t, two, "idle"), "1");
    store_close(two);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_transactions(&t);
    test_deadlock(&t);
    test_whose(&t);
    test_refused_rows(&t);
    test_inputs(&t);
    test_runs(&t);
    test_audit(&t);
    test_object_ids(&t);
    test_head_lock(&t);
    test_cursors(&t);
    test_cursor_failures(&t);
    test_killed_client(&t);
    test_idle(&t);
    db_stop(&t);
    return CHECK_DONE();
}
