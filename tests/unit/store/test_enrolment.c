/* The list of agents that may report: what is put is what is loaded, an alias belongs to one agent,
 * frozen agents come with what they reported; custody of inputs, and that a stored input stays so.
 */
#include "db.h"

static struct store_enrolments
load(struct db *t, bool with_lines)
{
    struct store_enrolments l = {0};
    CHECK(db_ok(t, store_load_enrolments(t->st, false, with_lines, t->a, &l, &t->d)));
    return l;
}

static int
put(struct db *t, const char *name, bool frozen, const char *alias)
{
    struct store_enrolment e = {
        .name = str_c(name), .frozen = frozen, .added = 1000, .changed = 2000};
    if (alias)
        *VEC_PUSH(t->a, &e.aliases) = str_c(alias);
    int rc = store_begin(t->st, &t->d);
    if (rc == 0)
        rc = store_put_enrolment(t->st, &e, &t->d);
    if (rc == 0)
        return store_commit(t->st, &t->d);
    store_rollback(t->st);
    return rc;
}

static void
test_list(struct db *t)
{
    CHECK(load(t, true).v.n == 0);
    CHECK(db_ok(t, put(t, "web02", false, NULL)));
    CHECK(db_ok(t, put(t, "web01", false, "web01.old")));
    struct store_enrolments l = load(t, true);
    CHECK(l.v.n == 2);
    CHECK_STR(l.v.v[0].name, "web01");
    CHECK(l.v.v[0].aliases.n == 1 && l.v.v[1].aliases.n == 0);
    CHECK_STR(l.v.v[0].aliases.v[0], "web01.old");
    CHECK(!l.v.v[0].frozen && l.v.v[0].added == 1000 && l.v.v[0].changed == 2000);
    CHECK(db_code(t, put(t, "web02", false, "web01.old")) == DIAG_BUSY);
    CHECK(load(t, false).v.v[1].aliases.n == 0);
    CHECK(db_ok(t, put(t, "web01", true, "web01.new")));
    l = load(t, false);
    CHECK(l.v.v[0].frozen && l.v.v[0].aliases.n == 1);
    CHECK_STR(l.v.v[0].aliases.v[0], "web01.new");
}

static void
test_lines(struct db *t)
{
    CHECK(db_put(t, "web01", "cis", 5000, "pf") == STORE_NEW);
    CHECK(db_put(t, "web02", "stig", 5000, "pf") == STORE_NEW);
    struct store_enrolments l = load(t, true);
    CHECK(l.v.v[0].lines.n == 1 && l.v.v[1].lines.n == 0);
    CHECK_STR(l.v.v[0].lines.v[0].policy, "cis");
    CHECK_STR(l.v.v[0].lines.v[0].title, "cis");
    CHECK_STR(l.v.v[0].lines.v[0].profile, "");
    struct store_agent_group *groups;
    size_t n;
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_move_agent(t->st, STR("web02"), STR("Moved"), 6000, &t->d)));
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
    CHECK(db_ok(t, store_load_agent_groups(t->st, t->a, &groups, &n, &t->d)));
    CHECK(n == 2);
    CHECK_STR(groups[0].group, "");
    CHECK_STR(groups[1].name, "web02");
    CHECK_STR(groups[1].group, "Moved");
}

static void
test_delete(struct db *t)
{
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, store_delete_enrolment(t->st, STR("web01"), &t->d)));
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
    CHECK(load(t, true).v.n == 1);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM enrolment_alias") == 0);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM agent WHERE name = 'web01'") == 1);
}

static void
put_input(struct db *t, const char *verdict, const char *custody)
{
    struct store_input in = {.sha256 = sha256_of(STR("file")), .received = 1000};
    in.name = in.format = in.reason = in.host = STR("x");
    in.verdict = str_c(verdict);
    in.custody = str_c(custody);
    CHECK(db_ok(t, store_begin(t->st, &t->d)));
    CHECK(db_ok(t, db_put_input(t->st, &in, &t->d)));
    CHECK(db_ok(t, store_commit(t->st, &t->d)));
}

static void
test_custody(struct db *t)
{
    put_input(t, "rejected", "");
    put_input(t, "stored", "signature:CN=web01");
    put_input(t, "rejected", "");
    CHECK_STR(db_rows(t->st, t->a, "SELECT verdict, custody FROM input WHERE name = 'x'"),
              "stored,signature:CN=web01");
}

/* A schema of the version before, with an input in it. */
static void
test_upgrade(struct db *t)
{
    int from, to;
    db_schema(t->st, 2);
    CHECK(mysql_query(t->st->db, "INSERT INTO input VALUES (UNHEX(SHA2('old', 256)), 'f', 'x', "
                                 "'stored', '', 'h', 1, NOW(), 1)") == 0);
    CHECK(db_ok(t, store_migrate(t->st, &from, &to, &t->d)) && from == 2 && to >= 3);
    CHECK_STR(db_rows(t->st, t->a, "SELECT name, custody FROM v_inputs"), "f,none");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM enrolment_alias") == 0);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_upgrade(&t);
    test_list(&t);
    test_lines(&t);
    test_delete(&t);
    test_custody(&t);
    db_stop(&t);
    return CHECK_DONE();
}
