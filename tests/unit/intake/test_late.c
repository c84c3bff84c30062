/* Deltas that are merged again have a record each, and one that is not there any more has none; what was
 * made of them is what the log says. */
#include "intake/late.h"

#include "store/check_facts.h"
#include "unit/act/session.h"

static struct session s;

static void
sql(const char *statement)
{
    CHECK(mysql_query(s.act->store->db, statement) == 0);
}

struct one {
    int64_t end;
    const char *statuses;
    bool delta;
};

static int
put_one(struct act *act, void *ctx, struct diag *d)
{
    const struct one *o = ctx;
    struct scan_file f = db_file("x");
    struct scan *sc = db_scan(s.db.a, &f, "web01", "cis", o->end, o->statuses);
    struct store_outcome put;
    struct event e = {.name = "test.put",
                      .object_type = STR("x"),
                      .object_id = STR("x"),
                      .object_name = STR("x"),
                      .reason = STR("")};
    sc->delta = o->delta;
    return store_put_scan(act->store, &f, sc, &put, d) == 0 ? act_append(act, &e, 1, d) : -1;
}

static void
put(int64_t end, const char *statuses, bool delta)
{
    struct one o = {end, statuses, delta};
    struct scan_file f = db_file("x");
    const struct scan_file *file = &f;
    size_t at;
    db_scan(s.db.a, &f, "web01", "cis", end, statuses)->delta = delta;
    CHECK(db_ok(&s.db, store_prepare(s.act->store, &file, 1, &at, &s.db.d)));
    CHECK(db_ok(&s.db, act_transact(s.act, put_one, &o, &s.db.d)));
}

int
main(void)
{
    struct facts_checked n;
    session_start(&s, "");
    put(1790000000, "ppp", false);
    put(1790300000, "f", true);
    put(1790100000, "pff", false); /* before the delta, behind what it was merged into */
    int64_t from = session_log_size(&s);
    CHECK(db_ok(&s.db, late_merge(s.act, &s.db.d)));
    CHECK(str_starts(session_records(&s, from), "scan.merge 1 web01 scanned_at:>2026-09-25T"));
    CHECK(session_log_size(&s) == from + 1);
    CHECK(db_ok(&s.db, store_check_facts(s.act->store, NULL, &n, &s.db.d)));
    CHECK(n.n_rows[FACT_SCAN] == 3);
    CHECK(db_stray_lines(s.act->store) == 0 &&
          db_number(s.act->store, "SELECT n_fail FROM agent_current") == 3);
    sql("INSERT INTO late_delta SELECT agent_id, line_id, '2026-09-26 00:00:00' FROM agent_current");
    s.act->store->has_late = true;
    CHECK(db_ok(&s.db, late_merge(s.act, &s.db.d)));
    CHECK(session_log_size(&s) == from + 1);
    CHECK(db_number(s.act->store, "SELECT COUNT(*) FROM late_delta") == 0);
    session_stop(&s);
    return CHECK_DONE();
}
