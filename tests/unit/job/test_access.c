/* Reading the audit log leaves records: of what was found, also when it does not hold. */
#include "job/access.h"

#include "settings/target_options.h"
#include "unit/act/session.h"

static struct session s;
static struct diag d;

static void
test_verify(void)
{
    struct audit_verdict v = {.n_records = 7, .n_signed = 2, .n_expected = 1};
    int64_t from = session_log_size(&s);
    CHECK(access_note_verify(s.act, &v, STR(""), &d) == 0);
    /* what was counted until it broke off would look like a result */
    CHECK(access_note_verify(s.act, &v, STR("record 3 was changed"), &d) == 0);
    CHECK_STR(session_records(&s, from),
              "audit.verify 1 unit/assay records:>7 checkpoints:>2 expected:>1\n"
              "audit.verify 9 unit/assay !record 3 was changed\n");
}

static void
test_prove(void)
{
    int64_t from = session_log_size(&s);
    CHECK(access_note_prove(s.act, 12, &d) == 0);
    CHECK_STR(session_records(&s, from), "audit.prove 2 12\n");
}

static void
test_repeat(void)
{
    struct config_export e = target_plain(STR("json"), STR("/var/log/x"));
    struct export_summary sum = {.first = 5, .n = 3};
    int64_t from = session_log_size(&s);
    CHECK(access_note_repeat(s.act, &e, &sum, STR(""), &d) == 0);
    CHECK(access_note_repeat(s.act, &e, &sum, STR("no space"), &d) == 0);
    CHECK_STR(session_records(&s, from),
              "audit.repeat 2 /var/log/x first:>5 messages:>3\n"
              "audit.repeat 4 /var/log/x first:>5 messages:>3 !no space\n");
}

static void
test_publish(void)
{
    struct publish_summary sum = {.size = 9};
    int64_t from = session_log_size(&s);
    CHECK(access_note_publish(s.act, "/srv/log", &sum, &d) == 0); /* nothing was written */
    CHECK(session_log_size(&s) == from);
    sum.n_files = 4;
    CHECK(access_note_publish(s.act, "/srv/log", &sum, &d) == 0);
    CHECK_STR(session_records(&s, from), "audit.publish 2 /srv/log records:>9 files:>4\n");
}

int
main(void)
{
    session_start(&s, "");
    d = diag_init(s.db.a);
    test_verify();
    test_prove();
    test_repeat();
    test_publish();
    CHECK(!diag_failed(&d));
    session_stop(&s);
    return CHECK_DONE();
}
