/* Outages of others: a record when one begins, changes or ends, and none in between. */
#include "ledger/outage.h"

#include "site.h"

/* What came of asking whom: DIAG_OK = it answered. */
static void
note(struct site *s, const char *whom, enum diag_code code)
{
    struct diag why = diag_init(s->a);
    if (code != DIAG_OK)
        diag_fail(&why, code, "no answer");
    outage_note(&s->act, "audit.witness", "witness", str_c(whom), &why);
}

static struct str
last_record(struct site *s)
{
    return db_rows(s->act.store, s->a,
                   "SELECT outcome, JSON_VALUE(rec, '$.sev'), JSON_VALUE(rec, '$.object.id'), "
                   "JSON_VALUE(rec, '$.reason') FROM audit_log ORDER BY seq DESC LIMIT 1");
}

static void
test_once_each(struct site *s)
{
    note(s, "one", DIAG_OK); /* works as ever */
    CHECK(site_count(s, "audit.witness") == 0);
    note(s, "one", DIAG_UNAVAILABLE);
    note(s, "one", DIAG_UNAVAILABLE);
    CHECK(site_count(s, "audit.witness") == 1);
    CHECK_STR(last_record(s), "1,5,one,no answer (unavailable)");
    note(s, "one", DIAG_VERIFY); /* fails in another way, and a worse one */
    note(s, "one", DIAG_VERIFY);
    CHECK(site_count(s, "audit.witness") == 2);
    CHECK_STR(last_record(s), "1,9,one,no answer (verify)");
    note(s, "one", DIAG_OK);
    note(s, "one", DIAG_OK);
    CHECK(site_count(s, "audit.witness") == 3);
    CHECK_STR(last_record(s), "0,3,one,works again");
}

/* Each of those who are asked has a state of its own. */
static void
test_each_by_itself(struct site *s)
{
    note(s, "one", DIAG_UNAVAILABLE);
    note(s, "two", DIAG_UNAVAILABLE);
    note(s, "one", DIAG_OK);
    note(s, "two", DIAG_UNAVAILABLE);
    CHECK(site_count(s, "audit.witness") == 3);
}

/* A dry run leaves nothing behind; a log that takes no record does not hide the failure itself. */
static void
test_no_record(struct site *s)
{
    s->act.dry_run = true;
    note(s, "one", DIAG_UNAVAILABLE);
    s->act.dry_run = false;
    CHECK(site_count(s, "audit.witness") == 0 &&
          site_number(s, "SELECT COUNT(*) FROM setting") == 0);
    site_sql(s, "RENAME TABLE audit_head TO elsewhere");
    note(s, "one", DIAG_UNAVAILABLE);
    site_sql(s, "RENAME TABLE elsewhere TO audit_head");
    /* the state was not kept without the record: it is told the next time */
    CHECK(site_number(s, "SELECT COUNT(*) FROM setting") == 0);
    note(s, "one", DIAG_UNAVAILABLE);
    CHECK(site_count(s, "audit.witness") == 1);
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_once_each, test_each_by_itself,
                                                   test_no_record};
    struct site s;
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
