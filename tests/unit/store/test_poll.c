/* A log manager that polls by SQL, with eight writers at work: by seq of v_audit it sees every
 * record, by an AUTO_INCREMENT column it would not. */
#include <sys/wait.h>

#include "db.h"

enum { WRITERS = 8, ROUNDS = 30, POLL_US = 500 };

static int
run(struct store *st, const char *sql)
{
    int rc = mysql_query(st->db, sql);
    if (rc != 0)
        fprintf(stderr, "  %s: %s\n", sql, mysql_error(st->db));
    return rc;
}

static int
append(struct store *st, struct diag *d)
{
    int64_t seq;
    struct sha256_digest prev;
    if (store_lock_audit_head(st, &seq, &prev, d) != 0)
        return -1;
    struct store_record r = {.seq = seq,
                             .ts_us = (int64_t)1790000000123456,
                             .event = STR("test.event"),
                             .object_type = STR("file"),
                             .object_id = STR("x"),
                             .rec = STR("{}"),
                             .leaf = sha256_of(STR("{}"))};
    return store_put_records(st, &r, 1, d);
}

/* A transaction of a few milliseconds: the counter is drawn at its beginning, seq at its end. */
static int
write_one(struct store *st, struct diag *d)
{
    if (store_begin(st, d) != 0 || run(st, "INSERT INTO poll_auto () VALUES ()") != 0)
        return -1;
    usleep((useconds_t)(env_random_id() % 5000));
    return append(st, d) == 0 ? store_commit(st, d) : -1;
}

static int
write_all(const struct db *t)
{
    struct store *st = NULL;
    struct diag d = diag_init(arena_new());
    struct store_config c = {.state_dir = t->dir};
    int rc = store_open(&c, &st, &d);
    for (int i = 0; rc == 0 && i < ROUNDS;) {
        if (write_one(st, &d) == 0) {
            i++;
            continue;
        }
        store_rollback(st);
        rc = diag_may_pass(&d) ? 0 : -1;
        diag_clear(&d);
    }
    return rc != 0;
}

struct poll { /* what a log manager keeps: the last number it saw */
    const char *sql;
    int64_t last, n_seen;
};

static void
poll_once(struct store *st, struct poll *p)
{
    char sql[200];
    snprintf(sql, sizeof sql, p->sql, (long long)p->last);
    if (run(st, sql) != 0)
        return;
    MYSQL_RES *rows = mysql_store_result(st->db);
    for (MYSQL_ROW row; rows && (row = mysql_fetch_row(rows));) {
        p->last = atoll(row[0]);
        p->n_seen++;
    }
    mysql_free_result(rows);
}

/* What many writers do by chance, done by hand: who draws a number first commits last, and somebody
 * polls in between. */
static void
test_overtaken(struct db *t, struct poll *log, struct poll *counter)
{
    struct store *first = NULL, *second = NULL;
    CHECK(db_ok(t, db_open(t, &first)) && db_ok(t, db_open(t, &second)));
    CHECK(db_ok(t, store_begin(first, &t->d)));
    CHECK(run(first, "INSERT INTO poll_auto () VALUES ()") == 0);
    CHECK(db_ok(t, store_begin(second, &t->d)));
    CHECK(run(second, "INSERT INTO poll_auto () VALUES ()") == 0);
    CHECK(db_ok(t, append(second, &t->d)) && db_ok(t, store_commit(second, &t->d)));
    poll_once(t->st, log);
    poll_once(t->st, counter);
    CHECK(log->n_seen == 1 && counter->n_seen == 1);
    CHECK(db_ok(t, append(first, &t->d)) && db_ok(t, store_commit(first, &t->d)));
    poll_once(t->st, log);
    poll_once(t->st, counter);
    CHECK(log->n_seen == 2);
    CHECK(counter->n_seen == 1); /* the other one is below the last number, for ever */
    store_close(first);
    store_close(second);
}

static void
test_poll(struct db *t)
{
    enum { ALL = 2 + WRITERS * ROUNDS };
    pid_t pids[WRITERS];
    struct poll log = {.sql = "SELECT seq FROM v_audit WHERE seq > %lld ORDER BY seq", .last = -1};
    struct poll counter = {.sql = "SELECT id FROM poll_auto WHERE id > %lld ORDER BY id"};
    CHECK(run(t->st, "CREATE TABLE poll_auto (id BIGINT AUTO_INCREMENT PRIMARY KEY)") == 0);
    test_overtaken(t, &log, &counter);
    for (int i = 0; i < WRITERS; i++)
        if ((pids[i] = fork()) == 0)
            _exit(write_all(t));
    for (int n_left = WRITERS; n_left > 0; usleep(POLL_US)) {
        int status;
        poll_once(t->st, &log);
        poll_once(t->st, &counter);
        for (int i = 0; i < WRITERS; i++)
            if (pids[i] > 0 && waitpid(pids[i], &status, WNOHANG) == pids[i]) {
                CHECK(status == 0);
                pids[i] = 0;
                n_left--;
            }
    }
    poll_once(t->st, &log);
    poll_once(t->st, &counter);
    CHECK(log.n_seen == ALL && log.last == ALL - 1);
    CHECK(counter.n_seen < ALL);
    printf("seq: %d of %d seen; AUTO_INCREMENT: %d\n", (int)log.n_seen, ALL, (int)counter.n_seen);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_poll(&t);
    db_stop(&t);
    return CHECK_DONE();
}
