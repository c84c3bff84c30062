/* Creating, repeating and refusing a schema. */
#include "db.h"

static void
test_none(struct db *t)
{
    struct store *st = NULL;
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK(db_code(t, store_check_schema(st, &t->d)) == DIAG_SCHEMA);
    int from = -1, to = -1;
    CHECK(db_ok(t, store_migrate(st, &from, &to, &t->d)));
    CHECK(from == 0 && to >= 2);
    CHECK(db_ok(t, store_check_schema(st, &t->d)));
    int64_t tables = db_number(st, "SELECT COUNT(*) FROM information_schema.tables WHERE "
                                   "table_schema='assay'");
    CHECK(tables > 20);
    int from2 = -1, to2 = -1;
    CHECK(db_ok(t, store_migrate(st, &from2, &to2, &t->d)));
    CHECK(from2 == to && to2 == to);
    CHECK(db_number(st, "SELECT COUNT(*) FROM information_schema.tables WHERE "
                        "table_schema='assay'") == tables);
    CHECK(db_number(st, "SELECT COUNT(*) FROM audit_head") == 1);
    store_close(st);
}

/* A migration that was cut off before its row: the next try ends the work. */
static void
test_cut_off(struct db *t)
{
    struct store *st = NULL;
    int from = -1, to = -1;
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK(mysql_query(st->db, "DELETE FROM schema_version") == 0);
    CHECK(mysql_query(st->db, "DROP TABLE setting") == 0);
    CHECK(mysql_query(st->db, "DROP VIEW v_audit") == 0);
    CHECK(db_code(t, store_check_schema(st, &t->d)) == DIAG_SCHEMA);
    CHECK(db_ok(t, store_migrate(st, &from, &to, &t->d)));
    CHECK(from == 0 && db_ok(t, store_check_schema(st, &t->d)));
    CHECK(db_number(st, "SELECT COUNT(*) FROM setting") == 0);
    CHECK(db_number(st, "SELECT COUNT(*) FROM v_audit") == 0);
    CHECK(db_number(st, "SELECT COUNT(*) FROM audit_head") == 1);
    store_close(st);
}

static void
test_newer(struct db *t)
{
    struct store *st = NULL;
    int from = -1, to = -1;
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK(mysql_query(st->db, "INSERT INTO schema_version VALUES (999,'future',NOW())") == 0);
    CHECK(db_code(t, store_check_schema(st, &t->d)) == DIAG_SCHEMA);
    CHECK(db_code(t, store_migrate(st, &from, &to, &t->d)) == DIAG_SCHEMA);
    CHECK(from == -1);
    CHECK(mysql_query(st->db, "DELETE FROM schema_version WHERE version > 1") == 0);
    CHECK(db_code(t, store_check_schema(st, &t->d)) == DIAG_SCHEMA); /* older: asks for init */
    CHECK(db_ok(t, store_migrate(st, &from, &to, &t->d)) && from == 1);
    store_close(st);
}

/* What every session must be, whatever the server's defaults are. */
static void
test_session(struct db *t)
{
    struct store *st = NULL;
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK_STR(db_rows(st, t->a, "SELECT @@tx_isolation, @@time_zone, @@character_set_client"),
              "READ-COMMITTED,+00:00,utf8mb4");
    CHECK(db_number(st, "SELECT @@sql_mode LIKE '%STRICT_ALL_TABLES%'") == 1);
    CHECK(db_number(st, "SELECT @@skip_networking") == 1);
    CHECK(mysql_query(st->db, "SET timestamp = 1") != 0); /* secure-timestamp */
    CHECK(db_number(st, "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema="
                        "'assay' AND collation_name IS NOT NULL AND collation_name <> "
                        "'utf8mb4_bin' AND table_name NOT LIKE 'v\\_%'") == 0);
    /* What one schema for MariaDB, MySQL, Galera and TiDB must not have. */
    CHECK(db_number(st, "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema="
                        "'assay' AND extra LIKE '%auto_increment%'") == 0);
    CHECK(db_number(st, "SELECT COUNT(*) FROM information_schema.tables t WHERE table_schema="
                        "'assay' AND table_type='BASE TABLE' AND NOT EXISTS (SELECT 1 FROM "
                        "information_schema.statistics s WHERE s.table_schema=t.table_schema AND "
                        "s.table_name=t.table_name AND s.index_name='PRIMARY')") == 0);
    store_close(st);
}

int
main(void)
{
    struct db t;
    db_init(&t);
    test_none(&t);
    test_cut_off(&t);
    test_newer(&t);
    test_session(&t);
    db_stop(&t);
    return CHECK_DONE();
}
