/* From a spool into the database: each file exactly once, what cannot be kept is kept aside, what one
 * run began another can go on with, and the audit log says of every file what became of it. */
#include "intake/intake.c" /* its steps, one by one */

#include <fcntl.h>
#include <sys/stat.h>

#include "unit/act/session.h"

static struct session s;
static struct str events; /* of Wazuh: a file that names no agent */

static void
drop(const char *name, const char *text)
{
    session_write(&s, arena_fmt(s.db.a, "spool/%s", name).s, text);
}

static bool
is_there(const char *name)
{
    return file_exists(session_path(&s, name).s);
}

/* "stored duplicate rejected scans" of a run over the spool. */
static struct str
take(void)
{
    struct intake_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(intake_spool(s.act, session_path(&s, "spool").s, &sum, &d) == 0);
    if (diag_failed(&d))
        fprintf(stderr, "  %s\n", diag_text(&d).s);
    CHECK(sum.n_files == sum.n_stored + sum.n_duplicate + sum.n_rejected);
    CHECK(sum.rejected.n == (size_t)sum.n_rejected);
    return arena_fmt(s.db.a, "%lld %lld %lld %lld", (long long)sum.n_stored,
                     (long long)sum.n_duplicate, (long long)sum.n_rejected, (long long)sum.n_scans);
}

static int64_t
n_scans(void)
{
    return db_number(s.act->store, "SELECT COUNT(*) FROM scan");
}

static void
test_once(void)
{
    int64_t from = session_log_size(&s);
    CHECK_STR(take(), "0 0 0 0");
    CHECK(session_log_size(&s) == from); /* a run with nothing to do leaves no trace */
    drop("web01@a", events.s);
    drop("web01@b", "garbage");
    CHECK_STR(take(), "1 0 1 1");
    CHECK(is_there("spool/done/web01@a") && !is_there("spool/web01@a"));
    CHECK(is_there("spool/rejected/web01@b") && is_there("spool/rejected/web01@b.reason"));
    struct str told = session_records(&s, from);
    CHECK(str_find(told, "ingest.file 1 web01@a verdict:>stored size:>8410 format:>wazuh-sca "
                         "scans:>1 new:>1 same:>0 revised:>0\n") >= 0);
    CHECK(str_find(told, "ingest.file 5 web01@b verdict:>rejected size:>7 !") >= 0);
    CHECK(n_scans() == 1);
}

/* The same bytes of the same agent are nothing new, whatever the file is called; of another agent they
 * are another scan. */
static void
test_again(void)
{
    int64_t from = session_log_size(&s);
    drop("web01@again", events.s);
    drop("web02@x", events.s);
    drop("web02@y", events.s);
    CHECK_STR(take(), "1 2 0 1");
    CHECK(is_there("spool/done/web01@again"));
    struct str told = session_records(&s, from);
    CHECK(str_find(told, "web01@again verdict:>duplicate size:>8410 format:> scans:>0\n") > 0);
    CHECK(n_scans() == 2);
}

/* The same scan in other bytes: known already, or told differently by two files. */
static void
test_same_scan(void)
{
    int64_t from = session_log_size(&s);
    drop("web01@spaced", arena_fmt(s.db.a, "%.*s\n", STR_ARG(events)).s);
    CHECK_STR(take(), "1 0 0 0");
    CHECK(str_find(session_records(&s, from), "new:>0 same:>1 revised:>0") > 0);
    CHECK(n_scans() == 2);
}

/* Two runs have the same file, where locks of files do not reach from one host to the other. The second
 * looks for duplicates before the first has stored it, and comes to its transaction afterwards. */
static void
test_overtaken(void)
{
    struct batch_reader *r;
    struct batch b = {0}, rest = {0};
    struct diag d = diag_init(s.db.a);
    struct str path = session_write(&s, "elsewhere", events.s);
    struct spool_file file = {.name = STR("web09@x"),
                              .path = path,
                              .size = (int64_t)events.len,
                              .fd = open(path.s, O_RDONLY | O_CLOEXEC)};
    CHECK(batch_open(s.act, NULL, &r, &d) == 0);
    CHECK(batch_begin(r, &file, 1, &b, &d) == 0 && batch_finish(r, &b, &rest, &d) == 0);
    struct part part = {.act = s.act, .items = b.v, .n = b.n};
    CHECK(mark_duplicates(&part, &d) == 0 && prepare_part(&part, &d) == 0 && !b.v[0].duplicate);
    drop("web09@x", events.s);
    CHECK_STR(take(), "1 0 0 1");
    int64_t from = session_log_size(&s);
    CHECK(act_transact(s.act, put_part, &part, &d) != 0 && d.first.code == DIAG_RETRY);
    CHECK(session_log_size(&s) == from); /* nothing was recorded twice */
    diag_clear(&d);
    CHECK(store_part(&part, &d) == 0 && b.v[0].duplicate);
    CHECK(str_find(session_records(&s, from), "verdict:>duplicate") > 0);
    batch_drop(&b);
    batch_close(r);
}

/* Nothing is stored, and every file is where it was. */
static void
test_dry_run(void)
{
    int64_t from = session_log_size(&s);
    s.act->dry_run = true;
    drop("web03@a", events.s);
    drop("web03@b", "garbage");
    CHECK_STR(take(), "1 0 1 0");
    CHECK(is_there("spool/web03@a") && is_there("spool/web03@b"));
    CHECK(n_scans() == 2 && session_log_size(&s) == from);
    s.act->dry_run = false;
    CHECK_STR(take(), "1 0 1 1");
}

/* What the database cannot hold costs its file, not the batch that it came with. */
static void
test_culprit(void)
{
    struct str long_id = arena_fmt(s.db.a, "%0300d", 1), text = events, out = STR("");
    long at;
    while ((at = str_find(text, "house_debian")) >= 0) {
        out = arena_fmt(s.db.a, "%.*s%.*s%.*s", STR_ARG(out), (int)at, text.s, STR_ARG(long_id));
        text = str_n(text.s + at + 12, text.len - (size_t)at - 12);
    }
    out = arena_fmt(s.db.a, "%.*s%.*s", STR_ARG(out), STR_ARG(text));
    drop("web04@long", out.s);
    drop("web04@good", events.s);
    CHECK_STR(take(), "1 0 1 1");
    CHECK(is_there("spool/rejected/web04@long") && is_there("spool/done/web04@good"));
}

static void
test_deleted(void)
{
    s.act->config.spool_delete = true;
    drop("web05@a", events.s);
    CHECK_STR(take(), "1 0 0 1");
    CHECK(!is_there("spool/done/web05@a") && !is_there("spool/web05@a"));
    s.act->config.spool_delete = false;
}

/* With the database gone the run fails, and the files wait where they were. */
static void
test_database_gone(void)
{
    struct intake_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    drop("web06@a", events.s);
    CHECK(db_number(s.act->store, "SELECT COUNT(*) FROM scan") > 0);
    CHECK(mysql_query(s.act->store->db, "RENAME TABLE scan TO elsewhere") == 0);
    CHECK(intake_spool(s.act, session_path(&s, "spool").s, &sum, &d) == -1);
    CHECK(is_there("spool/web06@a") && sum.n_stored == 0);
    CHECK(mysql_query(s.act->store->db, "RENAME TABLE elsewhere TO scan") == 0);
    CHECK_STR(take(), "1 0 0 1");
}

int
main(void)
{
    session_start(&s, "");
    CHECK(mkdir(session_path(&s, "spool").s, 0700) == 0);
    CHECK(db_ok(&s.db,
                file_slurp("samples/wazuh/web01-events.jsonl", 1 << 20, s.db.a, &events, &s.db.d)));
    test_once();
    test_again();
    test_same_scan();
    test_dry_run();
    test_culprit();
    test_deleted();
    test_overtaken();
    test_database_gone();
    session_stop(&s);
    return CHECK_DONE();
}
