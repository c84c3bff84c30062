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
    db_schema(st, 2);
    CHECK(mysql_query(st->db, "DELETE FROM schema_version") == 0);
    CHECK(mysql_query(st->db, "DROP TABLE setting") == 0);
    CHECK(mysql_query(st->db, "DROP VIEW v_audit") == 0);
    CHECK(db_code(t, store_check_schema(st, &t->d)) == DIAG_SCHEMA);
    CHECK(db_ok(t, store_migrate(st, &from, &to, &t->d)));
    CHECK(from == 0 && db_ok(t, store_check_schema(st, &t->d)));
    CHECK(db_number(st, "SELECT COUNT(*) FROM setting") == 0);
    CHECK(db_number(st, "SELECT COUNT(*) FROM v_audit") == 0);
    CHECK(db_number(st, "SELECT COUNT(*) FROM audit_head") == 1);
    for (int v = 1; v < to; v++) {
        db_schema(st, v);
        CHECK(mysql_query(st->db, "DELETE FROM schema_version ORDER BY version DESC LIMIT 1") == 0);
        CHECK(db_ok(t, store_migrate(st, &from, &to, &t->d)) && from == v - 1);
    }
    store_close(st);
}

/* The first of the two scans that test_details() stores. */
static void
check_evidence(struct store *st, struct db *t)
{
    CHECK_STR(db_rows(st, t->a,
                      "SELECT k.pos, e.body FROM scan s JOIN detail_set d ON d.hash = s.detail_set "
                      "JOIN policy_check k ON k.policy_id = s.policy_id AND 31 * k.pos < "
                      "LENGTH(d.records) JOIN evidence e ON e.hash = SUBSTRING(d.records, 5 + 31 * "
                      "k.pos, 16) WHERE s.scanned_at = '2026-09-01 10:00:00' ORDER BY k.pos"),
              "0,was off;1,is on");
}

/* Findings that had a row each: nothing of them is lost, and evidence of older scans is found. */
static void
test_details(struct db *t)
{
    static const char *const rows[] = {
        "INSERT INTO agent_group VALUES (1, 'g')",
        "INSERT INTO agent VALUES (1, 'a1', '', '', '', 1, NOW(), NOW())",
        "INSERT INTO policy VALUES (1, 'P', '1', 'P', REPEAT(x'01', 32), 4, NOW())",
        "INSERT INTO check_text VALUES (REPEAT('A', 16), 'c0', 'c0', 'T0', '', 4, '', '', 'mend "
        "0', '', '', ''), "
        "(REPEAT('B', 16), 'c1', 'c1', 'T1', '', 4, '', '', '', '', '', ''), "
        "(REPEAT('C', 16), 'c2', 'c2', 'T2', '', 4, '', '', '', '', '', ''), "
        "(REPEAT('D', 16), 'c3', 'c3', 'T3', '', 4, '', '', '', '', '', '')",
        "INSERT INTO policy_check VALUES (1, 0, REPEAT('a', 16), REPEAT('A', 16)), (1, 1, "
        "REPEAT('b', 16), "
        "REPEAT('B', 16)), (1, 2, REPEAT('c', 16), REPEAT('C', 16)), (1, 3, REPEAT('d', 16), "
        "REPEAT('D', 16))",
        "INSERT INTO evidence VALUES (REPEAT('e', 16), 'was off'), (REPEAT('f', 16), 'is on')",
        /* c0 failed, c1 passed with evidence, c2 waived, c3 passed. */
        "INSERT INTO evidence_set VALUES (REPEAT('s', 16), CONCAT(x'00000000', REPEAT('e', 16), "
        "x'00000001', REPEAT('f', 16)))",
        "INSERT INTO scan (agent_id, line_id, scanned_at, policy_id, profile, format, engine, "
        "ingested_at, n_pass, "
        "n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, "
        "n_notselected, "
        "n_waived, flags, file_sha256, content_hash, evidence_set, n_vec, vec) SELECT 1, 1, d, 1, "
        "'', 'f', 'e', d, 2, "
        "0, 1, 0, 0, 0, 0, 0, 0, 1, 0, REPEAT('h', 32), REPEAT(LEFT(RIGHT(d, 9), 1), 32), "
        "REPEAT('s', 16), 4, x'131a' "
        "FROM (SELECT '2026-09-01 10:00:00' AS d UNION SELECT '2026-09-02 10:00:00') x",
        "INSERT INTO agent_current VALUES (1, 1, '2026-09-02 10:00:00', 1, 2)",
        "INSERT INTO finding VALUES (1, 1, REPEAT('a', 16), REPEAT('A', 16), 3, 2, 'NON "
        "\"COMPLIANT\"', 3, "
        "REPEAT('e', 16), '', '2026-09-01 10:00:00'), (1, 1, REPEAT('c', 16), REPEAT('C', 16), 10, "
        "4, 'waived', 1, NULL, "
        "'by the officer\nuntil spring', '2026-09-02 10:00:00')",
        "INSERT INTO result_change VALUES (1, 1, REPEAT('c', 16), '2026-09-02 10:00:00', 3, 10)",
    };
    static const char q[] = "SELECT check_id, status, severity, native, occurrences, since, "
                            "evidence, waiver, remediation "
                            "FROM v_findings ORDER BY check_id";
    struct store *st = NULL;
    int from = -1, to = -1;
    CHECK(db_ok(t, db_open(t, &st)));
    db_schema(st, 10);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(mysql_query(st->db, rows[i]) == 0);
    CHECK(db_ok(t, store_migrate(st, &from, &to, &t->d)) && from == 10);
    CHECK_STR(db_rows(st, t->a, q),
              "c0,3,2,NON \"COMPLIANT\",3,2026-09-01 10:00:00,was off,,mend 0;c2,10,4,waived,1,"
              "2026-09-02 10:00:00,NULL,by the officer\nuntil spring,");
    CHECK_STR(db_rows(st, t->a,
                      "SELECT COUNT(DISTINCT s.detail_set), SUM(LENGTH(d.records)) FROM scan s "
                      "JOIN detail_set d "
                      "ON d.hash = s.detail_set"),
              "2,155");
    CHECK(db_number(st, "SELECT COUNT(*) FROM scan WHERE revision = 1 AND standing = 0") == 2);
    CHECK(db_number(st, "SELECT SUM(n_revoked) FROM agent_current") == 0);
    CHECK_STR(db_rows(st, t->a, "SELECT n_pass, n_fail, n_waived FROM agent_current"), "2,1,1");
    CHECK(db_stray_lines(st) == 0);
    check_evidence(st, t);
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
    db_schema(st, 1);
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
    test_details(&t);
    test_newer(&t);
    test_session(&t);
    db_stop(&t);
    return CHECK_DONE();
}
