/* The tables behind the log: the schema and the rows, both looked at whatever the other says. */
#include "ledger/verify_tables.h"

#include "site.h"

static void
test_both(struct site *s)
{
    struct tables_verdict v;
    struct str text = STR("");
    CHECK(site_ok(s, verify_tables_run(&s->act, &v, &s->d)));
    CHECK(v.rows.n_agents == 0 && v.schema.n_bad == 0 && v.schema.sees_triggers);
    CHECK(site_ok(s, verify_tables_schema(&s->act, s->a, &text, &s->d)));
    CHECK_STR(text, "tables, columns, indexes and views are as this program makes them");
    site_sql(s, "INSERT INTO agent VALUES (1, 'x', '', '', '', 1, NOW(), NOW())");
    CHECK_FAILS(s, verify_tables_run(&s->act, &v, &s->d), DIAG_VERIFY, "agent x: name: ");
    site_sql(s, "CREATE TRIGGER t BEFORE INSERT ON scan FOR EACH ROW SET NEW.n_fail = 0");
    size_t before = s->d.warnings.n;
    CHECK_FAILS(s, verify_tables_run(&s->act, &v, &s->d), DIAG_VERIFY, "trigger t on scan");
    CHECK(s->d.warnings.n == before + 1 && v.rows.n_bad == 1 && v.schema.n_bad == 1);
    CHECK_FAILS(s, verify_tables_schema(&s->act, s->a, &text, &s->d), DIAG_VERIFY, "trigger t");
    site_sql(s, "DROP TRIGGER t");
    site_sql(s, "DELETE FROM agent");
    site_sql(s, "CREATE TABLE site (n INT PRIMARY KEY)");
    CHECK(site_ok(s, verify_tables_schema(&s->act, s->a, &text, &s->d)));
    CHECK(str_find(text, "1 more are the site's") >= 0);
    site_sql(s, "DROP TABLE site");
}

int
main(void)
{
    struct site s;
    site_start(&s);
    test_both(&s);
    site_stop(&s);
    return CHECK_DONE();
}
