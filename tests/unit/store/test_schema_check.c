/* The schema of a database against the migrations: as they made it, and changed in every way that
 * somebody with the rights of an administrator can. */
#include "db.h"
#include "store/schema_list.h"
#include "store/sql_words.h"

static void
run(struct db *t, const char *sql)
{
    if (mysql_query(t->st->db, sql))
        fprintf(stderr, "  %s: %s\n", sql, mysql_error(t->st->db));
    CHECK(!mysql_errno(t->st->db));
}

/* "place: text", or "ok". */
static struct str
says(struct db *t, struct store_schema *ret)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str said = STR("ok");
    if (store_verify_schema(t->st, ret, &d) != 0)
        said = d.first.code == DIAG_VERIFY ? diag_text(&d) : STR("another failure");
    for (size_t i = 0; i < d.warnings.n; i++)
        said = arena_fmt(t->a, "%.*s; %.*s: %.*s", STR_ARG(said), STR_ARG(d.warnings.v[i].place),
                         STR_ARG(d.warnings.v[i].text));
    said = arena_str(t->a, said);
    arena_free(a);
    return said;
}

static const struct {
    const char *attack, *repair, *want; /* want: what it says begins with it */
} attacks[] = {
    {"CREATE TRIGGER clean BEFORE INSERT ON scan FOR EACH ROW SET NEW.n_fail = 0",
     "DROP TRIGGER clean", "trigger clean on scan: this program makes none"},
    {"CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM scan", "DROP EVENT nightly",
     "event nightly: this program makes none"},
    {"CREATE PROCEDURE clean() DELETE FROM scan", "DROP PROCEDURE clean",
     "routine clean: this program makes none"},
    {"ALTER TABLE scan ADD CONSTRAINT few CHECK (n_fail < 5)",
     "ALTER TABLE scan DROP CONSTRAINT few", "constraint few on scan: this program makes none"},
    {"CREATE OR REPLACE VIEW v_audit AS SELECT seq, ts, event, object_type, object_id, outcome, "
     "LOWER(HEX(leaf)) AS leaf, CONVERT(rec USING utf8mb4) AS record, rec IS NULL AS pruned "
     "FROM audit_log WHERE event <> 'agent.add'",
     NULL, "view v_audit: it is another one"},
    {"CREATE OR REPLACE VIEW v_audit AS SELECT seq, ts, event, object_type, object_id, outcome, "
     "LOWER(HEX(leaf)) AS record, CONVERT(rec USING utf8mb4) AS leaf, rec IS NULL AS pruned "
     "FROM audit_log",
     NULL, "view v_audit: it is another one"},
    {"DROP VIEW v_audit", NULL, "view v_audit: it is missing"},
    {"CREATE OR REPLACE VIEW v_scores AS SELECT 'all is well' AS agent", NULL,
     "view v_scores: it is another one"},
    {"DROP VIEW v_inputs", NULL, "view v_inputs: it is missing"},
    {"ALTER TABLE scan ADD COLUMN hidden INT", "ALTER TABLE scan DROP COLUMN hidden",
     "column scan.hidden: this program did not make it"},
    {"ALTER TABLE scan MODIFY COLUMN n_fail TINYINT UNSIGNED NOT NULL",
     "ALTER TABLE scan MODIFY COLUMN n_fail INT UNSIGNED NOT NULL",
     "column scan.n_fail: it is \"tinyint unsigned not null"},
    {"ALTER TABLE scan MODIFY COLUMN n_fail INT UNSIGNED NOT NULL DEFAULT 0",
     "ALTER TABLE scan MODIFY COLUMN n_fail INT UNSIGNED NOT NULL",
     "column scan.n_fail: it is \"int unsigned not null, default 0\""},
    {"ALTER TABLE scan MODIFY COLUMN n_fail INT UNSIGNED",
     "ALTER TABLE scan MODIFY COLUMN n_fail INT UNSIGNED NOT NULL", "column scan.n_fail: it is"},
    {"ALTER TABLE scan DROP COLUMN n_fail, ADD COLUMN n_fail INT UNSIGNED GENERATED ALWAYS AS (0) "
     "VIRTUAL",
     "ALTER TABLE scan DROP COLUMN n_fail, ADD COLUMN n_fail INT UNSIGNED NOT NULL",
     "column scan.n_fail: it is"},
    {"ALTER TABLE agent MODIFY COLUMN os VARCHAR(255) CHARACTER SET latin1 NOT NULL DEFAULT ''",
     "ALTER TABLE agent MODIFY COLUMN os VARCHAR(255) NOT NULL DEFAULT ''",
     "column agent.os: it is"},
    {"ALTER TABLE agent MODIFY COLUMN name VARCHAR(255) COLLATE utf8mb4_general_ci NOT NULL",
     "ALTER TABLE agent MODIFY COLUMN name VARCHAR(255) NOT NULL", "column agent.name: it is"},
    {"ALTER TABLE agent MODIFY COLUMN alias VARCHAR(255) NOT NULL DEFAULT 'x'",
     "ALTER TABLE agent MODIFY COLUMN alias VARCHAR(255) NOT NULL DEFAULT ''",
     "column agent.alias: it is"},
    {"ALTER TABLE scan DROP KEY k_file", "ALTER TABLE scan ADD KEY k_file (file_sha256)",
     "index scan.k_file: it is missing"},
    {"ALTER TABLE scan DROP KEY k_file, ADD KEY k_file (file_sha256, agent_id)",
     "ALTER TABLE scan DROP KEY k_file, ADD KEY k_file (file_sha256)", "index scan.k_file: it is"},
    {"ALTER TABLE scan DROP KEY k_file, ADD KEY k_file (file_sha256(8))",
     "ALTER TABLE scan DROP KEY k_file, ADD KEY k_file (file_sha256)", "index scan.k_file: it is"},
    {"ALTER TABLE late_delta DROP PRIMARY KEY, ADD PRIMARY KEY (agent_id, line_id)",
     "ALTER TABLE late_delta DROP PRIMARY KEY, ADD PRIMARY KEY (agent_id, line_id, scanned_at)",
     "index late_delta.primary: it is"},
    {"ALTER TABLE scan ADD UNIQUE KEY one (file_sha256)", "ALTER TABLE scan DROP KEY one",
     "index scan.one: this program did not make it"},
    {"ALTER TABLE late_delta ENGINE = MyISAM", "ALTER TABLE late_delta ENGINE = InnoDB",
     "table late_delta: it is \"base table, utf8mb4_bin, engine myisam\""},
    {"RENAME TABLE late_delta TO other", "RENAME TABLE other TO late_delta",
     "table late_delta: it is missing"},
    {"RENAME TABLE late_delta TO other; CREATE VIEW late_delta AS SELECT * FROM other",
     "DROP VIEW late_delta; RENAME TABLE other TO late_delta", "table late_delta: it is missing"},
    /* of a site: said, and no failure */
    {"CREATE TABLE site (n INT PRIMARY KEY)", "DROP TABLE site", "ok; table site: it is not"},
    {"CREATE VIEW site AS SELECT name FROM agent", "DROP VIEW site", "ok; view site: it is not"},
    {"ALTER TABLE scan ADD KEY site (engine)", "ALTER TABLE scan DROP KEY site",
     "ok; index scan.site: this program"},
    {"CREATE TABLE site (n INT PRIMARY KEY); CREATE TRIGGER own BEFORE INSERT ON site FOR EACH ROW "
     "SET NEW.n = 1",
     "DROP TABLE site", "ok; trigger own on site: it belongs"},
};

static void
run_all(struct db *t, const char *sql)
{
    struct str rest = str_c(sql);
    while (rest.len)
        run(t, arena_str(t->a, str_cut(&rest, ';')).s);
}

/* The views are made again from the last migration that made each. */
static void
repair_views(struct db *t)
{
    AUTO_BUF sql = buf_init(1 << 20);
    for (const struct embed_file *f = NULL; (f = embed_next("sql/schema/", f));) {
        struct str text = str_n(f->data, f->len);
        while (schema_next_statement(&text, &sql)) {
            struct str one = str_trim(buf_view(&sql));
            if (str_starts(one, "CREATE VIEW "))
                one = arena_fmt(t->a, "CREATE OR REPLACE %.*s",
                                STR_ARG(str_n(one.s + 7, one.len - 7)));
            if (str_starts(one, "CREATE OR REPLACE VIEW ")) /* of tables that are gone: it fails */
                mysql_real_query(t->st->db, one.s, one.len);
        }
    }
}

static void
test_attacks(struct db *t)
{
    struct store_schema s;
    CHECK_STR(says(t, &s), "ok");
    CHECK(s.sees_triggers && s.sees_events && s.n_bad == 0 && s.n_own == 0 && s.n_unseen == 0);
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        run_all(t, attacks[i].attack);
        struct str said = says(t, &s);
        CHECK(str_starts(said, attacks[i].want));
        if (!str_starts(said, attacks[i].want))
            fprintf(stderr, "  %s: %.*s\n", attacks[i].attack, STR_ARG(said));
        if (attacks[i].repair)
            run_all(t, attacks[i].repair);
        else
            repair_views(t);
    }
    CHECK_STR(says(t, &s), "ok");
}

static struct str
socket_of(struct db *t)
{
    return db_rows(t->st, t->a, "SELECT @@socket");
}

/* An account that may not see triggers is told so, and not that there are none. */
static void
test_blind(struct db *t)
{
    struct store_schema s;
    struct store *root = t->st;
    run(t, "CREATE USER reader@localhost IDENTIFIED BY 'secret'");
    run(t, "GRANT SELECT ON assay.* TO reader@localhost");
    MYSQL *mine = root->db, *theirs = mysql_init(NULL);
    CHECK(mysql_real_connect(theirs, NULL, "reader", "secret", "assay", 0, socket_of(t).s, 0) !=
          NULL);
    if (mysql_errno(theirs))
        fprintf(stderr, "  %s\n", mysql_error(theirs));
    root->db = theirs;
    root->n_connections++;
    CHECK(str_starts(says(t, &s), "ok"));
    CHECK(!s.sees_triggers && !s.sees_events && s.n_unseen > 0);
    root->db = mine;
    root->n_connections++;
    mysql_close(theirs);
    CHECK_STR(says(t, &s), "ok");
}

/* What MySQL 8 and MariaDB say of the same view. */
static void
test_spelling(struct arena *a)
{
    struct str want = sql_words_select(
        STR("SELECT s.a + s.b AS passed, LOWER(HEX(s.file)) AS f, (ORD(SUBSTRING(s.vec, 1 + (k.pos "
            "DIV 2), 1)) >> ((k.pos MOD 2) * 4)) & 15 AS status, COALESCE(NULLIF(s.x, ''), 'pass') "
            "AS w FROM scan s JOIN agent a ON a.id = s.id LEFT JOIN e ON e.h = s.h WHERE s.n NOT "
            "IN "
            "(0, 1) AND (s.t = (SELECT MAX(h.at) FROM h WHERE h.id = s.id ORDER BY h.at DESC LIMIT "
            "1) OR e.h IS NOT NULL)"),
        STR(""), a);
    static const char *const forms[] = {
        "select (`s`.`a` + `s`.`b`) AS `passed`,lower(hex(`s`.`file`)) AS "
        "`f`,((ord(substr(`s`.`vec`,(1 "
        "+ (`k`.`pos` DIV 2)),1)) >> ((`k`.`pos` % 2) * 4)) & 15) AS "
        "`status`,coalesce(nullif(`s`.`x`,"
        "''),_utf8mb4'pass') AS `w` from ((`assay`.`scan` `s` join `assay`.`agent` `a` "
        "on((`a`.`id` = "
        "`s`.`id`))) left join `assay`.`e` on((`assay`.`e`.`h` = `s`.`h`))) where ((`s`.`n` not in "
        "(0,1)) "
        "and ((`s`.`t` = (select max(`h`.`at`) AS `MAX(h.at)` from `assay`.`h` where (`h`.`id` = "
        "`s`.`id`) "
        "order by `h`.`at` desc limit 1)) or (`e`.`h` is not null)))",
        "select `s`.`a` + `s`.`b` AS `passed`,lcase(hex(`s`.`file`)) AS `f`,ord(substr(`s`.`vec`,1 "
        "+ "
        "`k`.`pos` DIV 2,1)) >> `k`.`pos` MOD 2 * 4 & 15 AS "
        "`status`,coalesce(nullif(`s`.`x`,''),'pass') "
        "AS `w` from ((`assay`.`scan` `s` join `assay`.`agent` `a` on(`a`.`id` = `s`.`id`)) left "
        "join "
        "`assay`.`e` on(`e`.`h` = `s`.`h`)) where `s`.`n` not in (0,1) and (`s`.`t` = (select "
        "max(`h`.`at`) from `assay`.`h` where `h`.`id` = `s`.`id` order by `h`.`at` desc limit 1) "
        "or "
        "`e`.`h` is not null)"};
    for (int i = 0; i < 2; i++)
        CHECK_STR(sql_words_select(str_c(forms[i]), STR("assay"), a), want.s);
    CHECK_STR(sql_words_select(STR("select 0x0a1F AS b"), STR(""), a),
              sql_words_select(STR("SELECT X'0A1f' AS b"), STR(""), a).s);
    CHECK(!str_eq(want, sql_words_select(STR("SELECT s.a AS passed FROM scan s"), STR(""), a)));
    CHECK_STR(
        sql_words_select(STR("select `assay`.`t`.`b` AS `b` from `assay`.`t`"), STR("assay"), a),
        sql_words_select(STR("SELECT b FROM t"), STR(""), a).s);
    CHECK_STR(schema_list_type(STR("INT(10) unsigned"), a), "int unsigned");
    CHECK_STR(schema_list_type(STR("varchar(255)"), a), "varchar(255)");
    CHECK_STR(schema_list_type(STR("datetime(6)"), a), "datetime(6)");
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_spelling(t.a);
    test_attacks(&t);
    test_blind(&t);
    db_stop(&t);
    return CHECK_DONE();
}
