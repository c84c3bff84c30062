/* First use: what is made when it is missing, what is never written over, and what the log says. */
#include "job/init.h"

#include <sys/stat.h>

#include "unit/act/session.h"

static struct session s;

static struct init_summary
run(void)
{
    struct init_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(init_run(s.act, &sum, &d) == 0);
    if (diag_failed(&d))
        fprintf(stderr, "  %s\n", diag_text(&d).s);
    return sum;
}

static struct str
slurp(const char *name)
{
    struct str text = STR("");
    CHECK(db_ok(&s.db, file_slurp(session_path(&s, name).s, 1 << 20, s.db.a, &text, &s.db.d)));
    return text;
}

static void
test_folders(void)
{
    struct diag d = diag_init(s.db.a);
    struct config c = s.act->config;
    struct stat st;
    c.spool_dir = session_path(&s, "a/spool");
    c.reports_dir = session_path(&s, "b/reports");
    CHECK(init_folders(&c, &d) == 0 && init_folders(&c, &d) == 0);
    CHECK(stat(c.spool_dir.s, &st) == 0 && S_ISDIR(st.st_mode));
    CHECK(stat(c.reports_dir.s, &st) == 0 && (st.st_mode & 07) == 0); /* reports are not for all */
    c.spool_dir = arena_fmt(s.db.a, "%s/below", session_write(&s, "file", "x").s);
    CHECK(init_folders(&c, &d) == -1 && d.first.code == DIAG_CANNOT_WRITE);
}

static void
test_first(void)
{
    struct init_summary sum = run();
    CHECK(sum.schema_from == 0 && sum.schema_to > 1);
    CHECK(sum.made_key && sum.made_log_key && sum.certificate.self_signed);
    CHECK(str_starts(sum.log_vkey, "unit/assay+"));
    struct str told = session_records(&s, 0);
    long schema = str_find(told, "schema.upgrade 5 "), key = str_find(told, "key.create 6 CN="),
         log_key = str_find(told, "key.create 6 unit/assay"),
         settings = str_find(told, "config.change 5 assay.conf");
    CHECK(schema == 0 && schema < key && key < log_key && log_key < settings);
    CHECK(str_find(told, arena_fmt(s.db.a, "schema:0>%d\n", sum.schema_to).s) > 0);
}

/* A second time nothing is made and nothing recorded: keys stay what they are. */
static void
test_again(void)
{
    int64_t size = session_log_size(&s);
    struct str key = slurp("sign.key"), log_key = slurp("audit.key");
    struct init_summary sum = run();
    CHECK(sum.schema_from == sum.schema_to && !sum.made_key && !sum.made_log_key);
    CHECK(sum.certificate.self_signed && sum.log_vkey.len > 0); /* told all the same */
    CHECK(str_eq(slurp("sign.key"), key) && str_eq(slurp("audit.key"), log_key));
    CHECK(session_log_size(&s) == size);
}

/* A key that is there but cannot be used is the site's to mend: it is not replaced. */
static void
test_broken_key(void)
{
    struct init_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    session_write(&s, "sign.key", "not a key\n");
    CHECK(init_run(s.act, &sum, &d) == -1 && !sum.made_key);
    CHECK(str_starts(d.first.text, "cannot sign: "));
    CHECK_STR(slurp("sign.key"), "not a key\n");
}

static void
test_unsigned(void)
{
    CHECK(unlink(session_path(&s, "sign.key").s) == 0);
    s.act->config.sign = false;
    struct init_summary sum = run();
    CHECK(!sum.made_key && sum.certificate.subject.len == 0);
    CHECK(!file_exists(session_path(&s, "sign.key").s));
}

int
main(void)
{
    session_open(&s, "");
    test_folders();
    test_first();
    test_again();
    test_broken_key();
    test_unsigned();
    session_stop(&s);
    return CHECK_DONE();
}
