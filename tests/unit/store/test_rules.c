/* Rows that cannot be, a statement each over every column that is a fact: a report stops at the row and
 * names it, and so does the look at all tables. */
#include "large_details.h"
#include "store/detail.h"
#include "store/rules.h"

static const int64_t T = 1790000000;

static const char *const tables[] = {
    "agent_group", "agent",           "policy",     "policy_check", "check_text",
    "evidence",    "check_mapping",   "detail_set", "scan",         "agent_current",
    "enrolment",   "enrolment_alias", "detail_base"};
enum { N_TABLES = sizeof tables / sizeof *tables };

static void
run(struct db *t, const char *sql)
{
    if (mysql_query(t->st->db, sql))
        fprintf(stderr, "  %s: %s\n", sql, mysql_error(t->st->db));
    CHECK(!mysql_errno(t->st->db));
}

static void
keep(struct db *t)
{
    for (int i = 0; i < N_TABLES; i++)
        run(t, arena_fmt(t->a, "CREATE TABLE kept_%s AS SELECT * FROM %s", tables[i], tables[i]).s);
}

static void
drop_kept(struct db *t)
{
    for (int i = 0; i < N_TABLES; i++)
        run(t, arena_fmt(t->a, "DROP TABLE kept_%s", tables[i]).s);
}

static void
back(struct db *t)
{
    for (int i = 0; i < N_TABLES; i++) {
        run(t, arena_fmt(t->a, "DELETE FROM %s", tables[i]).s);
        run(t, arena_fmt(t->a, "INSERT INTO %s SELECT * FROM kept_%s", tables[i], tables[i]).s);
    }
}

/* Two agents, one policy with evidence, a waiver and mappings; a check with three results; a score alone. */
static void
fill(struct db *t)
{
    struct scan_file f = db_file("first"), g = db_file("second"), h = db_file("third");
    struct scan *s = db_scan(t->a, &f, "web1", "P", T, "fpwp.");
    struct str empty = STR("");
    *VEC_PUSH(t->a, &s->checks.v[0].mappings) =
        (struct scan_mapping){STR("cis_csc"), STR("v8"), STR("5.1")};
    *VEC_PUSH(t->a, &s->checks.v[0].references) = STR("https://example.net/a");
    s->checks.v[1].key = empty;
    for (int i = 0; i < 2; i++)
        scan_add_result(t->a, s,
                        (struct scan_result){.check = 0,
                                             .status = STATUS_PASS,
                                             .native = STR("pass"),
                                             .evidence = empty,
                                             .waiver = empty,
                                             .time = CLOCK_NONE});
    s->asset.group = STR("web");
    struct scan *more = db_scan(t->a, &g, "web1", "P", T + 100, "pppp.");
    more->checks = s->checks;
    more->asset.group = STR("web");
    struct scan *only = db_scan(t->a, &h, "db1", "Q", T + 50, "");
    only->score_only = true;
    only->counts[STATUS_PASS] = 30;
    only->counts[STATUS_FAIL] = 10;
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_put_file(t->st, &g, &t->d) == STORE_NEW);
    CHECK(db_put_file(t->st, &h, &t->d) == STORE_NEW);
    struct store_enrolment e = {.name = STR("web1")};
    *VEC_PUSH(t->a, &e.aliases) = STR("www");
    CHECK(db_ok(t, store_begin(t->st, &t->d)) && db_ok(t, store_put_enrolment(t->st, &e, &t->d)) &&
          db_ok(t, store_commit(t->st, &t->d)));
}

/* "place: text", or "ok". Both scans of web1 are looked at: the newest before T + 100, and after. */
static struct str
report_says(struct db *t)
{
    struct str said = STR("ok");
    for (int64_t to = T + 100; to <= T + 200 && str_eqc(said, "ok"); to += 100) {
        struct fleet_query q = {.from = T,
                                .to = to,
                                .policy = STR(""),
                                .agent = STR(""),
                                .with_evidence = true,
                                .with_points = true};
        struct fleet f;
        if (store_load_fleet(t->st, &q, t->a, &f, &t->d) != 0)
            said = t->d.first.code == DIAG_BAD_DATA ? diag_text(&t->d) : STR("another failure");
        diag_clear(&t->d);
    }
    return said;
}

static struct str
verify_says(struct db *t)
{
    struct store_tables n;
    struct str said = STR("ok");
    if (store_verify_tables(t->st, &n, &t->d) != 0)
        said = t->d.first.code == DIAG_BAD_DATA ? diag_text(&t->d) : STR("another failure");
    diag_clear(&t->d);
    return said;
}

#define SCAN  "scan of web1 under P, 2026-09-21T14:13:20Z"
#define FIRST " WHERE scanned_at = '2026-09-21 14:13:20'"

static const struct attack {
    const char *sql, *place, *column; /* place of both; NULL: a report has nothing to do with it */
    const char *in_report;            /* where that sees another column first, or "ok" */
} attacks[] = {
    /* counts and score */
    {"UPDATE scan SET n_pass = 4000000000" FIRST, SCAN, "n_pass says 4000000000", NULL},
    {"UPDATE scan SET n_notselected = 4000000000" FIRST, SCAN, "n_notselected says", NULL},
    {"UPDATE scan SET n_fail = 0, score = 10000" FIRST, SCAN, "n_fail says 0, vec has 1", NULL},
    {"UPDATE scan SET n_pass = 1, score = 5000" FIRST, SCAN, "n_pass says 1, vec has 2", NULL},
    {"UPDATE scan SET n_waived = 0" FIRST, SCAN, "n_waived says 0, vec has 1", NULL},
    {"UPDATE scan SET n_error = 1" FIRST, SCAN, "n_error says 1, vec has no such check", NULL},
    {"UPDATE scan SET n_pass = 1900000, n_notapplicable = 1900000, score = 10000" FIRST, SCAN,
     "add up to", NULL},
    {"UPDATE scan SET score = 9999" FIRST, SCAN, "score says 9999, the counts give 8000", NULL},
    {"UPDATE scan SET score = NULL" FIRST, SCAN, "score says -1", NULL},
    {"UPDATE scan SET n_pass = 31 WHERE n_vec = 0", "scan of db1 under Q", "score says", NULL},
    {"UPDATE scan SET n_pass = 4000000000 WHERE n_vec = 0", "scan of db1 under Q", "n_pass says",
     NULL},
    /* vector */
    {"UPDATE scan SET vec = ''" FIRST, SCAN, "vec has 0 bytes", NULL},
    {"UPDATE scan SET vec = x'131a'" FIRST, SCAN, "vec has 2 bytes", NULL},
    {"UPDATE scan SET vec = CONCAT(vec, x'11')" FIRST, SCAN, "vec has 4 bytes", NULL},
    {"UPDATE scan SET n_vec = 0, vec = ''" FIRST, SCAN, "n_vec says 0, the policy has 5", NULL},
    {"UPDATE scan SET n_vec = 4294967295" FIRST, SCAN, "n_vec says 4294967295", NULL},
    {"UPDATE scan SET n_vec = 6" FIRST, SCAN, "n_vec says 6", NULL},
    {"UPDATE scan SET n_vec = 4, vec = x'131a'" FIRST, SCAN, "n_vec says 4", NULL},
    {"UPDATE scan SET vec = x'131b00'" FIRST, SCAN, "the status 11", NULL},
    {"UPDATE scan SET vec = x'1f1a00'" FIRST, SCAN, "the status 15", NULL},
    {"UPDATE scan SET vec = x'139a00'" FIRST, SCAN, "the status 9", NULL},
    {"UPDATE scan SET vec = x'131a10'" FIRST, SCAN, "behind its last check", NULL},
    {"UPDATE scan SET vec = x'111a00'" FIRST, SCAN, "n_fail says 1, vec has no such check", NULL},
    {"UPDATE scan SET vec = x'030000'" FIRST, SCAN, "ok",
     "ok"}, /* possible: the log knows better */
    /* flags and times */
    {"UPDATE scan SET flags = 1073741824" FIRST, SCAN, "flags says", NULL},
    {"UPDATE scan SET flags = 2" FIRST, SCAN, "n_vec says 5, flags", NULL},
    {"UPDATE scan SET flags = 0 WHERE n_vec = 0", "scan of db1 under Q",
     "n_fail says 10, vec has no", NULL},
    {"UPDATE scan SET started_at = scanned_at + INTERVAL 1 SECOND" FIRST, SCAN, "started_at", NULL},
    {"UPDATE scan SET ingested_at = '0000-00-00'" FIRST, SCAN, "ingested_at", NULL},
    {"UPDATE scan SET said = x'00'" FIRST, SCAN, "said is of deltas", "ok"},
    {"UPDATE scan SET flags = 16, said = x'0000'" FIRST, SCAN, "said has 2 bytes", "ok"},
    /* whose, and of what */
    {"UPDATE scan SET policy_id = 5" FIRST, "scan of web1", "policy_id: there is no", NULL},
    {"UPDATE scan SET line_id = 5" FIRST, SCAN, "line_id is not", NULL},
    {"UPDATE scan SET profile = 'x'" FIRST, "scan of web1 under P (x)", "line_id is not", NULL},
    {"UPDATE scan SET agent_id = 5" FIRST, "scan of agent_id 5", "agent_id: there is no", NULL},
    {"UPDATE agent SET name = 'web2' WHERE name = 'web1'", "agent web2", "name: ", NULL},
    {"UPDATE agent SET group_id = 77 WHERE name = 'web1'", "agent web1", "group_id: ", NULL},
    {"UPDATE agent SET last_seen = '2000-01-01' WHERE name = 'web1'", "agent web1", "first_seen",
     "ok"},
    {"DELETE FROM agent WHERE name = 'web1'", "scan of agent_id", "agent_id: there is no", NULL},
    {"UPDATE agent_group SET name = 'db' WHERE name = 'web'", "agent_group db", "name: ", NULL},
    {"DELETE FROM agent_group WHERE name = 'web'", "agent web1", "group_id: ", NULL},
    {"UPDATE enrolment SET name = 'db1'", "enrolment db1", "name: ", "ok"},
    {"UPDATE enrolment_alias SET alias = 'wwx'", "enrolment_alias wwx", "name: ", "ok"},
    {"UPDATE agent_current SET scanned_at = '2026-09-21 14:13:20' WHERE n_scans = 2",
     "agent_current of web1", "not that of the newest scan, 2026-09-21T14:15:00Z", "ok"},
    {"DELETE FROM agent_current WHERE n_scans = 2", "scan of web1", "agent_current has no row",
     "ok"},
    {"UPDATE agent_current SET n_fail = n_fail + 1 WHERE n_scans = 2", "agent_current of web1",
     "counts are not those of the newest scan", "ok"},
    {"UPDATE agent_current SET n_waived = 7 WHERE n_scans = 2", "agent_current of web1",
     "counts are not those of the newest scan", "ok"},
    {"UPDATE agent_current SET policy_id = 5 WHERE n_scans = 2", "agent_current of web1",
     "policy_id and counts are not those", "ok"},
    {"UPDATE agent_current SET n_scans = 0 WHERE n_scans = 2", "agent_current of web1",
     "n_scans says that there is none", "ok"},
    {"DELETE FROM scan WHERE n_vec = 0", "agent_current of db1", "a scan that is not there", "ok"},
    /* policies and texts */
    {"UPDATE policy SET version = '2' WHERE id = 'P'", "policy P 2", "policy_id is not", NULL},
    {"UPDATE policy SET content_hash = REPEAT('x', 32) WHERE id = 'P'", "policy P 1",
     "policy_id is not", NULL},
    {"UPDATE policy SET n_checks = 4 WHERE id = 'P'", "policy P 1", "policy_check: pos 4", "n_vec"},
    {"UPDATE policy SET n_checks = 4294967295 WHERE id = 'P'", "policy P 1", "n_checks says",
     "n_vec"},
    {"DELETE FROM policy_check WHERE pos = 4", "policy P 1", "policy_check has 4 of 5", NULL},
    {"DELETE FROM policy_check WHERE pos = 1", "policy P 1", "policy_check: pos 2 comes", NULL},
    {"DELETE FROM policy_check", "policy P 1", "policy_check has 0 of 5", NULL},
    {"UPDATE policy_check SET pos = 9 - pos", "policy P 1", "policy_check: pos 5 comes", NULL},
    {"UPDATE policy_check x JOIN policy_check y ON y.pos = 1 - x.pos SET x.text_hash = "
     "y.text_hash, "
     "x.check_hash = y.check_hash WHERE x.pos < 2",
     "policy P 1", "in another order", NULL},
    {"UPDATE policy_check SET check_hash = REPEAT('x', 16) WHERE pos = 3", "policy P 1",
     "check_hash of check 3", NULL},
    {"DELETE FROM check_text WHERE id = 'c1'", "policy P 1", "check_text has nothing for check 1",
     NULL},
    {"UPDATE check_text SET title = 'All is well' WHERE id = 'c0'", "policy P 1",
     "check 0 (c0) is not what", NULL},
    {"UPDATE check_text SET title = CONCAT(REPEAT('x', 1017), '…') WHERE id = 'c0'", "policy P 1",
     "ok", "ok"}, /* what 1.0 cut cannot be told */
    {"UPDATE check_text SET id = 'c9' WHERE id = 'c0'", "policy P 1", "is not what", NULL},
    {"UPDATE check_text SET check_key = 'c9' WHERE id = 'c0'", "policy P 1", "is not what", NULL},
    {"UPDATE check_text SET category = '' WHERE id = 'c3'", "policy P 1", "check 3 (c3)", NULL},
    {"UPDATE check_text SET severity = 1 WHERE id = 'c3'", "policy P 1", "check 3 (c3)", NULL},
    {"UPDATE check_text SET severity = 99 WHERE id = 'c3'", "policy P 1", "severity says 99", NULL},
    {"UPDATE check_text SET description = 'x' WHERE id = 'c3'", "policy P 1", "check 3 (c3)", NULL},
    {"UPDATE check_text SET rationale = 'x' WHERE id = 'c3'", "policy P 1", "check 3 (c3)", NULL},
    {"UPDATE check_text SET remediation = 'x' WHERE id = 'c3'", "policy P 1", "check 3 (c3)", NULL},
    {"UPDATE check_text SET impact = 'x' WHERE id = 'c3'", "policy P 1", "check 3 (c3)", NULL},
    {"UPDATE check_text SET idents = 'x\n' WHERE id = 'c3'", "policy P 1", "check 3 (c3)", NULL},
    {"UPDATE check_text SET refs = 'x\n' WHERE id = 'c0'", "policy P 1", "check 0 (c0)", NULL},
    {"UPDATE check_mapping SET control = '9.9'", "policy P 1", "check 0 (c0)", NULL},
    {"UPDATE check_mapping SET n = 1, edition = 'v7'", "policy P 1", "check 0 (c0)", NULL},
    {"DELETE FROM check_mapping", "policy P 1", "check 0 (c0)", NULL},
    /* evidence and details */
    {"UPDATE evidence SET body = 'all is well'", "evidence ", "body is not what", NULL},
    {"DELETE FROM evidence", "", " is missing", NULL},
    {"UPDATE detail_set SET records = ''", "detail_set ", "records has 0 bytes", NULL},
    {"UPDATE detail_set SET records = CONCAT(records, 'x')", "detail_set ", "a record has 31",
     NULL},
    {"UPDATE detail_set SET records = INSERT(records, 1, 4, x'ffffffff')", "detail_set ",
     "do not ascend", NULL},
    {"UPDATE detail_set SET records = INSERT(records, LENGTH(records) - 30, 4, x'00000009')", "",
     "is not what its hash says", "are not what the hash says"},
    {"UPDATE detail_set SET records = INSERT(records, 21, 1, x'63')", "detail_set ",
     "the severity 99", NULL},
    {"UPDATE detail_set SET records = INSERT(records, 22, 4, x'00000000')", "detail_set ",
     "of no result", NULL},
    {"UPDATE detail_set SET records = INSERT(records, 29, 3, x'ffffff')", "detail_set ",
     "where no word begins", NULL},
    {"UPDATE detail_set SET records = INSERT(records, 5, 16, REPEAT(x'00', 16))", "",
     "is not what its hash says", "are not what the hash says"},
    {"UPDATE detail_set SET words = x'000001'", "detail_set ", "in the middle", NULL},
    {"UPDATE detail_set SET words = ''", "detail_set ", "words is empty", NULL},
    {"UPDATE detail_set SET words = REPLACE(words, 'officer', 'OFFICER')", "",
     "is not what its hash says", "are not what the hash says"},
    {"DELETE FROM detail_set", "", "is missing", NULL},
};

/* The same with rows in the small form. */
static const struct attack small_attacks[] = {
    {"UPDATE detail_set SET records = ''", "detail_set ", "records has 0 bytes", NULL},
    {"UPDATE detail_set SET records = CONCAT(records, 'x')", "detail_set ", "cannot be unpacked",
     NULL},
    {"UPDATE detail_set SET records = INSERT(records, 1, 1, x'ff')", "detail_set ",
     "cannot be unpacked", NULL},
    {"UPDATE detail_set SET records = INSERT(records, 4, 1, x'10')", "detail_set ",
     "bytes when unpacked", NULL},
    {"UPDATE detail_set SET records = x'0100000000'", "detail_set ", "cannot be unpacked", NULL},
    {"UPDATE detail_set SET records = COMPRESS(x'02')", "detail_set ", "in no form", NULL},
    {"UPDATE detail_set SET base = NULL", "detail_set ", "the base says nothing", NULL},
    {"UPDATE detail_set SET base = REPEAT('x', 16)", "", "detail_base 7878", NULL},
    {"UPDATE detail_set SET words = x'000000'", "detail_set ", "a record has 31", NULL},
    {"UPDATE detail_set SET records = COMPRESS(INSERT(UNCOMPRESS(records), 8, 1, x'00'))", "",
     "what its hash says", "what the hash says"},
    {"DELETE FROM detail_base", "detail_base ", "is missing", NULL},
    {"UPDATE detail_base SET body = INSERT(body, LENGTH(body), 1, 'x')", "detail_base ",
     "body is not what its hash says", NULL},
    {"UPDATE detail_base SET policy_id = 7", "detail_base ", "body is not what its hash says",
     NULL},
    {"UPDATE detail_base SET hash = REPEAT('x', 16)", "detail_base 7878",
     "body is not what its hash says", "is missing"},
    {"DELETE FROM detail_set", "", "is missing", NULL},
};

static void
expect(const struct attack *k, const char *who, struct str said, const char *want)
{
    bool ok =
        str_eqc(want ? str_c(want) : STR(""), "ok")
            ? str_eqc(said, "ok")
            : str_find(said, want) >= 0 && (str_find(said, k->place) >= 0 || want == k->in_report);
    CHECK(ok);
    if (!ok)
        fprintf(stderr, "  %s: %s says: %.*s\n", k->sql, who, STR_ARG(said));
}

static void
test_attacks(struct db *t, const struct attack *v, size_t n)
{
    CHECK_STR(report_says(t), "ok");
    CHECK_STR(verify_says(t), "ok");
    run(t, "SET SESSION sql_mode = ''");
    for (size_t i = 0; i < n; i++) {
        const struct attack *k = &v[i];
        run(t, k->sql);
        expect(k, "the report", report_says(t), k->in_report ? k->in_report : k->column);
        expect(k, "the verification", verify_says(t), k->column);
        back(t);
    }
    CHECK_STR(report_says(t), "ok");
    CHECK_STR(verify_says(t), "ok");
}

/* The first is the failure, others are warnings, and all are counted. */
static void
test_many(struct db *t)
{
    struct store_tables n = {0};
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    run(t, "UPDATE scan SET score = 1");
    CHECK(store_verify_tables(t->st, &n, &d) != 0);
    CHECK(n.n_scans == 3);
    CHECK(n.n_bad == 3);
    CHECK(d.warnings.n == 2);
    arena_free(a);
    back(t);
}

/* What is not stored for a report is nobody's reason to build on: the next scan of the line. */
static void
test_neighbour(struct db *t)
{
    struct scan_file f = db_file("fourth");
    db_scan(t->a, &f, "web1", "P", T + 10, "fpwp.");
    run(t, "UPDATE scan SET vec = x'1f1a00'" FIRST);
    CHECK(db_code(t, db_put_file(t->st, &f, &t->d)) == DIAG_BAD_DATA);
    back(t);
}

/* Sets that schema 011 took over have the names that they had. */
static void
test_old_names(struct db *t)
{
    char records[2 * DETAIL_SIZE] = {0}, refs[40] = {0};
    for (int i = 0; i < 2; i++) {
        records[i * DETAIL_SIZE + 3] = refs[i * 20 + 3] = (char)i;
        memset(records + i * DETAIL_SIZE + 4, 'e', 16);
        memset(refs + i * 20 + 4, 'e', 16);
        records[i * DETAIL_SIZE + 24] = 1;
    }
    struct str set = str_n(records, sizeof records), words = str_n("\0\0\0", 3);
    struct hash16 name = ids_hash16(str_n(refs, sizeof refs));
    CHECK(rules_details(set, words, &t->d) == 0);
    CHECK(detail_is_named(set, words, &name));
    records[24] = 2;
    CHECK(!detail_is_named(set, words, &name));
    name = ids_hash16(STR("7-9-2026-09-21 14:13:20"));
    CHECK(detail_is_named_by(7, 9, T, &name) && !detail_is_named_by(7, 9, T + 1, &name));
}

/* Rows of before become small: the same sets under the same names, and nothing is told of them. */
static void
test_carry(struct db *t)
{
    const char *named = "SELECT LOWER(HEX(hash)) FROM detail_set ORDER BY hash";
    struct store_carry at = {.n_sets = 0};
    int64_t n, bytes;
    struct str before = db_rows(t->st, t->a, named);
    CHECK(db_ok(t, store_count_large_details(t->st, &n, &bytes, &t->d)) && n > 0 && bytes > 0);
    run(t, "UPDATE detail_set SET words = REPLACE(words, 'officer', 'OFFICER')");
    while (!at.is_done)
        CHECK(db_ok(t, store_begin(t->st, &t->d)) &&
              db_ok(t, store_carry_details(t->st, &at, &t->d)) &&
              db_ok(t, store_commit(t->st, &t->d)));
    CHECK(at.n_sets == n - 1); /* one was changed: it stays, to be told of */
    CHECK_STR(db_rows(t->st, t->a, named), before.s);
    CHECK(str_find(verify_says(t), "is not what its hash says") >= 0);
    run(t, "UPDATE detail_set SET words = REPLACE(words, 'OFFICER', 'officer')");
    CHECK_STR(report_says(t), "ok");
    for (at = (struct store_carry){.n_sets = 0}; !at.is_done;)
        CHECK(db_ok(t, store_begin(t->st, &t->d)) &&
              db_ok(t, store_carry_details(t->st, &at, &t->d)) &&
              db_ok(t, store_commit(t->st, &t->d)));
    CHECK(at.n_sets == 1 && at.bytes_before > 0);
    CHECK(db_ok(t, store_count_large_details(t->st, &n, &bytes, &t->d)) && n == 0);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM detail_base") > 0);
    CHECK_STR(report_says(t), "ok");
    CHECK_STR(verify_says(t), "ok");
    CHECK_STR(db_rows(t->st, t->a, named), before.s);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_old_names(&t);
    fill(&t);
    keep(&t);
    test_attacks(&t, small_attacks, sizeof small_attacks / sizeof *small_attacks);
    drop_kept(&t);
    large_details(&t);
    keep(&t);
    test_attacks(&t, attacks, sizeof attacks / sizeof *attacks);
    test_many(&t);
    test_neighbour(&t);
    test_carry(&t);
    db_stop(&t);
    return CHECK_DONE();
}
