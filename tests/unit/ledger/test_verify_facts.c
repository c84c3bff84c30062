/* The lists of facts in the records, chained anew: they give the states that the records say, also when the
 * first records have lost their text at any point; a record that says something else is named. */
#include "ledger/verify_facts.h"

#include "unit/act/session.h"

static struct session s;
static struct store_record *records;
static size_t n_records;

struct three {
    int round;
};

/* Three settings in an act of two records. */
static int
put_three(struct act *act, void *ctx, struct diag *d)
{
    const struct three *t = ctx;
    const struct event e[2] = {{.name = "test.one",
                                .severity = 1,
                                .object_type = STR_INIT("x"),
                                .object_id = STR_INIT("x"),
                                .object_name = STR_INIT("x"),
                                .reason = STR_INIT("")},
                               {.name = "test.two",
                                .severity = 1,
                                .object_type = STR_INIT("x"),
                                .object_id = STR_INIT("x"),
                                .object_name = STR_INIT("x"),
                                .reason = STR_INIT("")}};
    for (int i = 0; i < 3; i++) {
        store_facts_for(act->store, (size_t)i / 2);
        struct str name = arena_fmt(d->arena, "s%d", i),
                   value = arena_fmt(d->arena, "%d", t->round * (i + 1));
        if (store_put_setting(act->store, name, value, d) != 0)
            return -1;
    }
    return act_append(act, e, 2, d);
}

/* Feeds all records, the first n_pruned without their text. */
static enum diag_code
feed(size_t n_pruned, struct facts_checked *ret)
{
    struct verify_facts v;
    int rc = 0;
    verify_facts_start(&v, s.act);
    for (size_t i = 0; i < n_records && rc == 0; i++)
        if (i < n_pruned)
            verify_facts_pruned(&v);
        else
            rc = verify_facts_record(&v, &records[i], &s.db.d);
    if (rc == 0)
        rc = verify_facts_end(&v, ret, &s.db.d);
    verify_facts_free(&v);
    return db_code(&s.db, rc);
}

/* Another byte in the value of a member of a record. */
static void
change_record(size_t at, const char *mark, size_t behind)
{
    long pos = str_find(records[at].rec, mark);
    CHECK(pos >= 0);
    char *p = (char *)(uintptr_t)records[at].rec.s + pos + strlen(mark) + behind;
    *p = *p == '1' ? '2' : '1';
}

int
main(void)
{
    struct facts_checked n;
    session_start(&s, "");
    for (int i = 1; i <= 4; i++) {
        struct three t = {i};
        CHECK(db_ok(&s.db, act_transact(s.act, put_three, &t, &s.db.d)));
    }
    CHECK(db_ok(&s.db,
                store_load_records(s.act->store, 0, 100, s.db.a, &records, &n_records, &s.db.d)));
    CHECK(n_records == 8);
    for (size_t k = 0; k < n_records; k++) {
        CHECK(feed(k, &n) == DIAG_OK);
        CHECK(n.n_facts == 12 && n.n_rows[FACT_SETTING] == 3);
    }
    change_record(7, "{\"f\":\"facts\",\"new\":\"12 ", 0);
    CHECK(feed(0, &n) == DIAG_VERIFY);
    change_record(7, "{\"f\":\"facts\",\"new\":\"12 ", 0);
    change_record(0, "{\"f\":\"fact.setting\",\"new\":\"", 5);
    CHECK(feed(0, &n) == DIAG_VERIFY);
    session_stop(&s);
    return CHECK_DONE();
}
