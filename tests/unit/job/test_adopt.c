/* What was there before there were facts is taken once, as it is: then all of it is told by the log, and a
 * change is noticed; a log that says there were facts takes nothing any more. */
#include "job/adopt.h"

#include "store/check_facts.h"
#include "unit/act/session.h"

static struct session s;

static void
sql(const char *statement)
{
    CHECK(mysql_query(s.act->store->db, statement) == 0);
}

static enum diag_code
compare(struct facts_checked *ret)
{
    return db_code(&s.db, store_check_facts(s.act->store, NULL, ret, &s.db.d));
}

/* Stored without acts, as a program does that knows nothing of facts. */
static void
fill(void)
{
    CHECK(db_put(&s.db, "web01", "cis", 1790000000, "pf") == STORE_NEW);
    CHECK(db_put(&s.db, "web01", "cis", 1790100000, "pp") == STORE_NEW);
    CHECK(db_put(&s.db, "web02", "cis", 1790000000, "pf") == STORE_NEW);
    sql("INSERT INTO setting VALUES ('config', 'x'), ('last-run', 'y')");
    sql("DELETE FROM fact_bucket"); /* as the migration leaves it when the log is not empty */
}

int
main(void)
{
    struct facts_checked n;
    session_start(&s, "");
    fill();
    CHECK(compare(&n) == DIAG_SCHEMA);
    CHECK(db_ok(&s.db, adopt_run(s.act, &s.db.d)));
    CHECK(str_starts(session_records(&s, 0), "facts.adopt 5 assay"));
    CHECK(compare(&n) == DIAG_OK);
    CHECK(n.n_rows[FACT_SCAN] == 3 && n.n_rows[FACT_AGENT] == 2 && n.n_rows[FACT_POLICY] == 1 &&
          n.n_rows[FACT_SETTING] == 1 && n.n_facts == 7);
    int64_t size = session_log_size(&s);
    CHECK(db_ok(&s.db, adopt_run(s.act, &s.db.d)));
    CHECK(session_log_size(&s) == size); /* once is enough */
    sql("UPDATE scan SET n_pass = n_pass + 1 WHERE scanned_at > '2026-09-22'");
    CHECK(compare(&n) == DIAG_VERIFY);
    sql("UPDATE scan SET n_pass = n_pass - 1 WHERE scanned_at > '2026-09-22'");
    CHECK(compare(&n) == DIAG_OK);
    sql("DELETE FROM fact_bucket"); /* to have a change adopted */
    CHECK(db_code(&s.db, adopt_run(s.act, &s.db.d)) == DIAG_VERIFY);
    CHECK(session_log_size(&s) == size);
    session_stop(&s);
    return CHECK_DONE();
}
