/* Putting back: a scan that is gone, one that was changed, one that another file brought; and what the log
 * does not know. */
#include "intake/restore.h"

#include "unit/act/session.h"

static struct session s;

/* "put back, texts, as they were, of others, rejected" of a file. */
static struct str
take(const char *name, bool restore)
{
    const char *path = session_path(&s, name).s;
    struct intake_paths p = {.v = &path, .n = 1, .restore = restore};
    struct intake_summary n = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(intake_paths(s.act, &p, &n, &d) == 0);
    if (diag_failed(&d))
        fprintf(stderr, "  %.*s\n", STR_ARG(diag_text(&d)));
    return arena_fmt(s.db.a, "%lld %lld %lld %lld %lld", (long long)n.n_restored,
                     (long long)n.n_named, (long long)n.n_kept, (long long)n.n_others,
                     (long long)n.n_rejected);
}

static void
sql(const char *text)
{
    CHECK(mysql_query(s.db.st->db, text) == 0);
    if (mysql_errno(s.db.st->db))
        fprintf(stderr, "  %s\n", mysql_error(s.db.st->db));
}

static int64_t
n_bad(void)
{
    struct store_tables n = {.n_bad = -1};
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    store_verify_tables(s.db.st, &n, &d);
    arena_free(a);
    return n.n_bad;
}

int
main(void)
{
    struct str text;
    session_start(&s, "");
    CHECK(db_ok(&s.db, file_slurp("samples/xccdf/scc.xml", 1 << 22, s.db.a, &text, &s.db.d)));
    session_write(&s, "scan.xml", text.s);
    session_write(&s, "more.xml", arena_fmt(s.db.a, "%.*s\n", STR_ARG(text)).s);
    CHECK_STR(take("scan.xml", true), "0 0 0 0 1"); /* it was never stored */
    take("scan.xml", false);
    int64_t from = session_log_size(&s);
    CHECK_STR(take("scan.xml", true), "0 0 1 0 0"); /* nothing to do: no record */
    CHECK(session_log_size(&s) == from);
    sql("UPDATE scan SET n_pass = n_pass + 1, vec = ''");
    CHECK(n_bad() > 0);
    CHECK_STR(take("scan.xml", true), "1 0 0 0 0");
    CHECK(n_bad() == 0);
    CHECK(str_starts(session_records(&s, from), "ingest.restore 6 scan.xml record:>"));
    sql("DELETE FROM scan");
    sql("DELETE FROM detail_set");
    sql("UPDATE evidence SET body = 'x'");
    CHECK(str_starts(take("scan.xml", true), "1 ") && n_bad() == 0);
    /* a dry run, and a file of a signature of its own that nobody knows */
    sql("UPDATE scan SET score = 1");
    s.act->dry_run = true;
    CHECK_STR(take("scan.xml", true), "0 0 0 0 0");
    s.act->dry_run = false;
    CHECK(n_bad() == 1);
    sql("UPDATE scan SET file_sha256 = REPEAT('x', 32)");
    CHECK_STR(take("scan.xml", true), "1 0 0 0 0");
    CHECK(n_bad() == 0);
    take("more.xml", false); /* the same scan: the row keeps the first file */
    CHECK_STR(take("more.xml", true), "0 0 0 1 0");
    session_stop(&s);
    return CHECK_DONE();
}
