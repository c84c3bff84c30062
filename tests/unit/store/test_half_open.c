/* A statement that loses in the middle of its rows, and runs again: on MariaDB the rows that it had
 * already sent are followed by the error, and what the client library makes of that must not make
 * the next run wait for the rest. Where it waits, the alarm ends this program. */
#include <unistd.h>

#include "db.h"

enum { AGENTS = 30, HELD = 10, TOO_LONG_S = 50 }; /* the connection would wait for hours */

static const int64_t T = 1790000000;

static void
put_agents(struct db *t, struct scan_file files[AGENTS], const struct scan_file *ptrs[AGENTS])
{
    for (int i = 0; i < AGENTS; i++) {
        struct str name = arena_fmt(t->a, "agent%02d", i);
        files[i] = db_file(name.s);
        db_scan(t->a, &files[i], name.s, "policy", T, "pf");
        CHECK(db_put_file(t->st, &files[i], &t->d) == STORE_NEW);
        ptrs[i] = &files[i];
    }
}

/* The lock of the first store is on one row in the middle: the second has read those before it. */
static void
hold_one(struct db *t)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT agent_id FROM agent_current ORDER BY agent_id, line_id LIMIT %d, 1", HELD);
    int64_t id = db_number(t->st, sql);
    CHECK(id > 0);
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM agent_current WHERE agent_id = %lld FOR UPDATE",
             (long long)id);
    CHECK(db_number(t->st, sql) == 1);
}

static void
test_timeout_among_rows(struct db *t)
{
    struct scan_file files[AGENTS];
    const struct scan_file *ptrs[AGENTS];
    struct store *two = NULL;
    struct str v;
    put_agents(t, files, ptrs);
    CHECK(db_ok(t, db_open(t, &two)));
    CHECK(mysql_query(two->db, "SET SESSION innodb_lock_wait_timeout = 1") == 0);
    for (int round = 0; round < 2; round++) {
        hold_one(t);
        CHECK(db_ok(t, store_begin(two, &t->d)));
        CHECK(db_code(t, store_lock_lines(two, ptrs, AGENTS, &t->d)) == DIAG_RETRY);
        store_rollback(two);
        store_rollback(t->st);
        /* with Connector/C 3.4 a half-open statement stops all others */
        for (int i = 0; i < 2; i++)
            CHECK(db_ok(t, store_load_setting(two, STR("x"), t->a, &v, &t->d)) && !two->is_lost);
        CHECK(db_ok(t, store_begin(two, &t->d)));
        alarm(TOO_LONG_S);
        CHECK(db_ok(t, store_lock_lines(two, ptrs, AGENTS, &t->d)));
        alarm(0);
        store_rollback(two);
    }
    CHECK(db_number(two, "SELECT COUNT(*) FROM agent_current") == AGENTS);
    store_close(two);
}

/* The library gives up in the middle of an answer: more than this connection takes. The rest of it
 * must not be taken for the answer to what follows. */
static void
test_too_large(struct db *t)
{
    struct str v = STR("?"), large = arena_fmt(t->a, "%0100000d", 1);
    CHECK(db_ok(t, store_put_setting(t->st, STR("large"), large, &t->d)));
    CHECK(db_ok(t, store_put_setting(t->st, STR("other"), STR("small"), &t->d)));
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    t->st->db->net.max_packet_size = 1000;
    alarm(TOO_LONG_S);
    CHECK(db_code(t, store_load_setting(t->st, STR("large"), t->a, &v, &t->d)) == DIAG_LOST);
    CHECK(db_code(t, store_load_setting(t->st, STR("other"), t->a, &v, &t->d)) == DIAG_RETRY);
    store_rollback(t->st);
    CHECK(db_ok(t, store_load_setting(t->st, STR("other"), t->a, &v, &t->d)));
    alarm(0);
    CHECK_STR(v, "small");
    CHECK(db_ok(t, store_load_setting(t->st, STR("large"), t->a, &v, &t->d)) && str_eq(v, large));
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_timeout_among_rows(&t);
    test_too_large(&t);
    db_stop(&t);
    return CHECK_DONE();
}
