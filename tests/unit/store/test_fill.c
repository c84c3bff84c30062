/* Rows out of a database and into an empty one: all bytes and NULLs come back, the mark keeps everybody else out, and what
 * does not fit a table is refused and taken away. */
#include "store/dump.h"

#include "store/parts.h"
#include "unit/store/db.h"

struct kept {
    struct arena *a;
    VEC(struct str) v;
};

static int
keep_row(void *ctx, const struct str *values, size_t n, struct diag *d)
{
    struct kept *k = ctx;
    (void)d;
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(k->a, &k->v) = values[i].s ? arena_str(k->a, values[i]) : values[i];
    return 0;
}

static int
stop(void *ctx, const struct str *values, size_t n, struct diag *d)
{
    (void)ctx, (void)values, (void)n;
    return diag_fail(d, DIAG_CANNOT_WRITE, "full");
}

static const struct store_part *
find_part(const struct store_dump *dump, const char *name)
{
    for (size_t i = 0; i < dump->parts.n; i++)
        if (str_eqc(dump->parts.v[i].name, name))
            return &dump->parts.v[i];
    return NULL;
}

static enum store_content
look(struct db *t, struct str *ret_owner)
{
    enum store_content c = STORE_FULL;
    CHECK(db_ok(t, store_look(t->st, t->a, &c, ret_owner, &t->d)));
    return c;
}

/* Every byte in a blob, in a text what SQL could mean, NULL where it may be. */
static void
test_rows(struct db *t)
{
    struct store_dump dump;
    struct kept first = {.a = t->a}, second = {.a = t->a};
    struct str owner;
    CHECK(db_put(t, "we'b \"\xf0\x9f\x98\x80\\", "p", 1700000000, "pfxw.f") == STORE_NEW);
    CHECK(
        mysql_query(
            t->st->db,
            "UPDATE scan SET vec = UNHEX('00275C0A0DFF1A22'), reported_score = 0.1, said = NULL") ==
        0);
    CHECK(mysql_query(t->st->db, "CREATE TABLE of_the_site (a INT)") == 0);
    CHECK(look(t, &owner) == STORE_FULL);
    CHECK(db_ok(t, store_dump_begin(t->st, t->a, &dump, &t->d)));
    CHECK(dump.schema == schema_newest() && dump.parts.n > 25);
    CHECK(!find_part(&dump, "of_the_site") && !find_part(&dump, "schema_version"));
    const struct store_part *scan = find_part(&dump, "scan"), *agent = find_part(&dump, "agent");
    CHECK(scan && agent);
    CHECK(db_ok(t, store_dump_rows(t->st, scan, keep_row, &first, &t->d)));
    size_t n_scan = first.v.n;
    CHECK(db_ok(t, store_dump_rows(t->st, agent, keep_row, &first, &t->d)));
    CHECK(db_code(t, store_dump_rows(t->st, agent, stop, NULL, &t->d)) == DIAG_CANNOT_WRITE);
    store_dump_end(t->st);
    CHECK(n_scan == scan->columns.n);

    struct store_fill *f;
    CHECK(db_ok(t, store_fill_undo(t->st, &t->d)));
    CHECK(look(t, &owner) == STORE_EMPTY);
    CHECK(db_ok(t, store_fill_begin(t->st, STR("me 1"), dump.schema, &t->d)));
    CHECK(db_code(t, store_check_schema(t->st, &t->d)) == DIAG_SCHEMA);
    CHECK(look(t, &owner) == STORE_HALF);
    CHECK_STR(owner, "me 1");
    CHECK(db_ok(t, store_fill_open(t->st, scan, t->a, &f, &t->d)) &&
          db_ok(t, store_fill_row(f, first.v.v, &t->d)) && db_ok(t, store_fill_close(f, &t->d)));
    CHECK(db_ok(t, store_fill_open(t->st, agent, t->a, &f, &t->d)) &&
          db_ok(t, store_fill_row(f, first.v.v + n_scan, &t->d)) &&
          db_ok(t, store_fill_close(f, &t->d)));
    int reached;
    CHECK(db_ok(t, store_fill_upgrade(t->st, &reached, &t->d)) && reached == dump.schema);
    CHECK(db_ok(t, store_fill_release(t->st, &t->d)));
    CHECK(db_ok(t, store_check_schema(t->st, &t->d)));
    CHECK(db_ok(t, store_dump_begin(t->st, t->a, &dump, &t->d)));
    CHECK(db_ok(t, store_dump_rows(t->st, find_part(&dump, "scan"), keep_row, &second, &t->d)));
    CHECK(db_ok(t, store_dump_rows(t->st, find_part(&dump, "agent"), keep_row, &second, &t->d)));
    store_dump_end(t->st);
    CHECK(first.v.n == second.v.n);
    for (size_t i = 0; i < first.v.n && i < second.v.n; i++)
        CHECK(str_eq(first.v.v[i], second.v.v[i]) && !first.v.v[i].s == !second.v.v[i].s);
}

static struct store_part
agent_but(struct arena *a, const struct store_part *like, size_t at, struct store_column c)
{
    struct store_part p = {.name = like->name};
    for (size_t i = 0; i < like->columns.n; i++)
        *VEC_PUSH(a, &p.columns) = i == at ? c : like->columns.v[i];
    return p;
}

/* What somebody wrote who knows the format. */
static void
test_hostile(struct db *t)
{
    static const struct str no_numbers[] = {
        STR_INIT("1), (2"), STR_INIT(""),    STR_INIT("1 OR 1"), STR_INIT("0x10"), STR_INIT("NULL"),
        STR_INIT("1\0"),    STR_INIT("--1"), STR_INIT("1e"),     STR_INIT("nan")};
    struct store_dump dump;
    struct store_fill *f;
    CHECK(db_ok(t, store_dump_begin(t->st, t->a, &dump, &t->d)));
    store_dump_end(t->st);
    const struct store_part *agent = find_part(&dump, "agent");
    CHECK(db_code(t, store_fill_begin(t->st, STR("me"), dump.schema + 1, &t->d)) == DIAG_SCHEMA);
    CHECK(db_ok(t, store_fill_begin(t->st, STR("me"), dump.schema, &t->d)));
    struct store_part wrong[] = {
        {.name = STR("no_such_table")},
        {.name = STR("schema_version")},
        agent_but(t->a, agent, 0, (struct store_column){STR("other"), STORE_NUMBER}),
        agent_but(t->a, agent, 0, (struct store_column){STR("agent_id"), STORE_TEXT_VALUE}),
        agent_but(t->a, agent, 0, (struct store_column){STR("name"), STORE_TEXT_VALUE})};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(db_code(t, store_fill_open(t->st, &wrong[i], t->a, &f, &t->d)) == DIAG_BAD_DATA);
    struct store_part fewer = agent_but(t->a, agent, agent->columns.n, (struct store_column){0});
    fewer.columns.n--;
    CHECK(db_code(t, store_fill_open(t->st, &fewer, t->a, &f, &t->d)) == DIAG_BAD_DATA);
    struct str *row = ARENA_ARRAY(t->a, struct str, agent->columns.n);
    for (size_t k = 0; k < sizeof no_numbers / sizeof *no_numbers; k++) {
        for (size_t i = 0; i < agent->columns.n; i++)
            row[i] =
                agent->columns.v[i].kind == STORE_NUMBER ? STR("1") : STR("2026-11-01 00:00:00");
        row[0] = no_numbers[k];
        CHECK(db_ok(t, store_fill_open(t->st, agent, t->a, &f, &t->d)));
        CHECK(store_fill_row(f, row, &t->d) != 0 && t->d.first.code == DIAG_BAD_DATA);
        CHECK(store_fill_close(f, &t->d) != 0);
        diag_clear(&t->d);
    }
    /* a name where the table has a time, and nothing where something must be: the server says no */
    row[0] = STR("1");
    row[6] = STR("yesterday'); --");
    CHECK(db_ok(t, store_fill_open(t->st, agent, t->a, &f, &t->d)) &&
          db_ok(t, store_fill_row(f, row, &t->d)));
    CHECK(db_code(t, store_fill_close(f, &t->d)) == DIAG_BAD_DATA);
    store_rollback(t->st);
    row[6] = row[7];
    CHECK(db_ok(t, store_fill_open(t->st, agent, t->a, &f, &t->d)) &&
          db_ok(t, store_fill_row(f, row, &t->d)) && db_ok(t, store_fill_row(f, row, &t->d)));
    CHECK(db_code(t, store_fill_close(f, &t->d)) == DIAG_BAD_DATA); /* twice */
    store_rollback(t->st);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM agent") == 0);
    CHECK(db_ok(t, store_fill_undo(t->st, &t->d)));
    CHECK(db_number(
              t->st,
              "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'assay'") == 0);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_rows(&t);
    test_hostile(&t);
    CHECK(parts_is_name(STR("a_1")) && !parts_is_name(STR("")) && !parts_is_name(STR("A")) &&
          !parts_is_name(STR("a`b")));
    db_stop(&t);
    return CHECK_DONE();
}
