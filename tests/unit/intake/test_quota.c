/* How much one file and one agent's day may put into the database: what is counted, what is refused, and
 * that neither a duplicate nor another run nor a rollback counts twice. */
#include "intake/quota.c" /* its steps, one by one */

#include <sys/stat.h>

#include "intake/intake.h"
#include "unit/act/session.h"

static struct session s;

/* A file of one agent: n_checks checks of that policy, with evidence of so many bytes each. */
static void
drop(const char *name, const char *agent, const char *policy, int n_checks, int n_evidence)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&b, "<agent_data agent_name='%s' timestamp='2026/11/21 10:00:00'>", agent);
    buf_fmt(&b, "<hardening policy_id='%s'>", policy);
    for (int i = 0; i < n_checks; i++)
        buf_fmt(&b,
                "<check id='%d' status='FAIL'><title>t</title><evidence>%0*d</evidence></check>", i,
                n_evidence, i);
    buf_puts(&b, "</hardening></agent_data>");
    buf_putc(&b, 0);
    session_write(&s, arena_fmt(s.db.a, "spool/%s", name).s, b.data);
}

/* "stored rejected" of a run over the spool; *ret_why = why the first was rejected. */
static struct str
take(struct str *ret_why)
{
    struct intake_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(intake_spool(s.act, session_path(&s, "spool").s, &sum, &d) == 0);
    if (diag_failed(&d))
        fprintf(stderr, "  %s\n", diag_text(&d).s);
    *ret_why = sum.rejected.n ? sum.rejected.v[0].reason : STR("");
    return arena_fmt(s.db.a, "%lld %lld", (long long)sum.n_stored, (long long)sum.n_rejected);
}

/* Behind the program's back. */
static void
change(const char *sql)
{
    CHECK(db_number(s.act->store, sql) == -1 && db_number(s.act->store, "COMMIT") == -1);
}

static int64_t
used(const char *column)
{
    return db_number(s.act->store, arena_fmt(s.db.a,
                                             "SELECT %s FROM agent_usage u JOIN agent a ON "
                                             "a.agent_id = u.agent_id WHERE a.name = 'a1'",
                                             column)
                                       .s);
}

static void
test_file(void)
{
    struct str why;
    drop("many.data", "a0", "p", 21, 1);
    drop("long.data", "a0", "p", 20, 60000);
    drop("fits.data", "a0", "p", 20, 1);
    CHECK_STR(take(&why), "1 2");
    drop("many.data", "a0", "q", 21, 1);
    CHECK_STR(take(&why), "0 1");
    CHECK(str_find(why, "21 checks: the quota of a file is 20 (quota-checks)") > 0);
    drop("long.data", "a0", "q", 20, 60000);
    CHECK_STR(take(&why), "0 1");
    CHECK(str_find(why, "the quota of a file is 1 MiB (quota-size)") > 0);
    CHECK(file_exists(session_path(&s, "spool/rejected/long.data").s));
}

/* Versions of policies, also over several runs; the same again counts once, another agent's not here. */
static void
test_policies(void)
{
    struct str why;
    drop("1", "a1", "p1", 2, 1);
    drop("2", "a1", "p2", 2, 1);
    CHECK_STR(take(&why), "2 0");
    CHECK(used("LENGTH(policies) DIV 8") == 2 && used("n_checks") == 4);
    drop("3", "a1", "p1", 2, 2); /* other evidence of the same policy */
    drop("4", "a1", "p3", 2, 1);
    CHECK_STR(take(&why), "2 0");
    CHECK(used("LENGTH(policies) DIV 8") == 3 && used("n_checks") == 8);
    drop("5", "a1", "p4", 2, 1);
    drop("6", "a2", "p4", 2, 1);
    drop("7", "a1", "p1", 2, 3);
    CHECK_STR(take(&why), "2 1");
    CHECK(str_find(why,
                   "agent a1: with this file it would have reported 4 policies today: the quota "
                   "of a day is 3 (quota-day-policies)") > 0);
    CHECK(used("LENGTH(policies) DIV 8") == 3 && used("n_checks") == 10);
    drop("8", "a1", "p1", 2, 3); /* the same bytes */
    CHECK_STR(take(&why), "0 0");
    CHECK(used("n_checks") == 10);
}

static void
test_checks(void)
{
    struct str why;
    for (int i = 0; i < 3; i++)
        drop(arena_fmt(s.db.a, "c%d", i).s, "a3", "p", 15, i + 1);
    CHECK_STR(take(&why), "2 1");
    CHECK(str_find(why, "45 checks today: the quota of a day is 40 (quota-day-checks)") > 0);
    /* what is smaller still fits */
    drop("c9", "a3", "p", 10, 1);
    CHECK_STR(take(&why), "1 0");
}

/* A day that is over says nothing any more. */
static void
test_day(void)
{
    struct str why;
    change("UPDATE agent_usage SET used_on = used_on - INTERVAL 1 DAY");
    drop("d1", "a1", "p5", 2, 1);
    CHECK_STR(take(&why), "1 0");
    CHECK(used("LENGTH(policies) DIV 8") == 1 && used("n_checks") == 2);
}

/* Another run uses the quota between the verdict and the transaction: the file is judged anew. */
static void
test_overtaken(void)
{
    struct batch_item it = {.arena = arena_new()};
    struct diag d = diag_init(it.arena);
    struct scan *scan = VEC_PUSH(it.arena, &it.scans.scans);
    scan->asset.name = STR("a1");
    scan->policy.id = STR("p9");
    scan->policy.version = scan->policy.profile = STR("");
    it.diag = diag_init(it.arena);
    it.input.name = it.file.name = it.file.path = STR("f");
    CHECK(quota_judge(s.act, &it, 1, &d) == 0 && !diag_failed(&it.diag));
    change("UPDATE agent_usage SET policies = REPEAT('x', 24)");
    CHECK(store_begin(s.act->store, &d) == 0);
    CHECK(quota_book(s.act, &it, 1, &d) == -1 && d.first.code == DIAG_RETRY);
    store_rollback(s.act->store);
    diag_clear(&d);
    CHECK(quota_judge(s.act, &it, 1, &d) == 0 && diag_failed(&it.diag));
    arena_free(it.arena);
}

int
main(void)
{
    session_start(&s,
                  "spool-settle = 0\nquota-checks = 20\nquota-size = 1\nquota-day-policies = 3\n"
                  "quota-day-checks = 40\nquota-day-size = 2\n");
    CHECK(mkdir(session_path(&s, "spool").s, 0700) == 0);
    test_file();
    test_policies();
    test_checks();
    test_day();
    test_overtaken();
    session_stop(&s);
    return CHECK_DONE();
}
