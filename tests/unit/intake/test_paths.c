/* Files and folders of the command line: which files a folder stands for, that they stay where they
 * are, and when one is not read again. */
#include "intake/intake.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unit/act/session.h"

static struct session s;
static struct str events; /* of Wazuh: a file that names no agent */

/* A file that was left alone for a while: only such are remembered. */
static void
put(const char *name)
{
    const struct timespec t[2] = {{.tv_sec = 1790000000}, {.tv_sec = 1790000000}};
    struct str path = session_write(&s, name, events.s);
    CHECK(utimensat(AT_FDCWD, path.s, t, 0) == 0);
}

/* "stored duplicate (unchanged) rejected" of what is at that path. */
static struct str
take(const char *name, bool read_all)
{
    const char *path = session_path(&s, name).s;
    struct intake_paths p = {.v = &path, .n = 1, .read_all = read_all};
    struct intake_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(intake_paths(s.act, &p, &sum, &d) == 0);
    CHECK(sum.n_files == sum.n_stored + sum.n_duplicate + sum.n_rejected);
    return arena_fmt(s.db.a, "%lld %lld (%lld) %lld", (long long)sum.n_stored,
                     (long long)sum.n_duplicate, (long long)sum.n_unchanged,
                     (long long)sum.n_rejected);
}

/* The files of a folder by their names, without those that are no results. */
static void
test_folder(void)
{
    int64_t from = session_log_size(&s);
    CHECK(mkdir(session_path(&s, "in").s, 0700) == 0);
    CHECK(mkdir(session_path(&s, "in/below").s, 0700) == 0);
    put("in/c@x");
    put("in/a@x");
    put("in/b@x");
    put("in/a@x.p7s");
    put("in/.hidden@x");
    put("in/below/d@x");
    CHECK(symlink("a@x", session_path(&s, "in/e@x").s) == 0);
    struct intake_paths flat = {.v = (const char *[]){session_path(&s, "in").s}, .n = 1, .no_recurse = true};
    struct intake_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(intake_paths(s.act, &flat, &sum, &d) == 0 && sum.n_stored == 3);
    struct str told = session_records(&s, from);
    long at_a = str_find(told, "a@x"), at_b = str_find(told, "b@x"), at_c = str_find(told, "c@x");
    CHECK(at_a >= 0 && at_a < at_b && at_b < at_c);
    CHECK(file_exists(session_path(&s, "in/a@x").s));
    CHECK(unlink(session_path(&s, "in/below/d@x").s) == 0);
}

/* Folders below, however deep; links are not followed, what a spool has taken in is passed over, and a
 * folder that cannot be read costs itself. */
static void
test_below(void)
{
    static const char *const folders[] = {"deep",          "deep/1",        "deep/1/2", "deep/s",
                                          "deep/s/work",   "deep/s/done",   "deep/s/rejected",
                                          "deep/s/other",  "deep/done",     "deep/.git"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        CHECK(mkdir(session_path(&s, folders[i]).s, 0700) == 0);
    put("deep/1/2/h1@x");
    put("deep/1/h2@x");
    put("deep/done/h3@x");
    put("deep/s/h4@x");
    put("deep/s/other/h5@x");
    put("deep/s/done/no1@x");
    put("deep/s/work/no2@x");
    put("deep/s/rejected/no3@x");
    put("deep/.git/no4@x");
    CHECK(symlink("..", session_path(&s, "deep/1/up").s) == 0);
    CHECK(symlink(session_path(&s, "in").s, session_path(&s, "deep/in").s) == 0);
    CHECK_STR(take("deep", false), "5 0 (0) 0");
    if (geteuid() != 0) {
        const char *path = session_path(&s, "deep").s;
        struct intake_paths p = {.v = &path, .n = 1};
        struct intake_summary sum = {0};
        struct diag d = diag_init(s.db.a);
        CHECK(chmod(session_path(&s, "deep/1").s, 0) == 0);
        CHECK(intake_paths(s.act, &p, &sum, &d) == 0 && sum.left.n == 1 && sum.n_files == 3);
        CHECK(chmod(session_path(&s, "deep/1").s, 0700) == 0);
    }
}

static void
test_missing(void)
{
    const char *path = session_path(&s, "nothing").s;
    struct intake_paths p = {.v = &path, .n = 1};
    struct intake_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(intake_paths(s.act, &p, &sum, &d) == -1 && d.first.code == DIAG_IO);
    CHECK_STR(d.first.place, path);
}

/* Files are remembered only when they had been left alone for two seconds as they were read; the time
 * of their change cannot be set, so they have to wait for it. */
static void
test_unchanged(void)
{
    const struct timespec rest = {.tv_sec = 2, .tv_nsec = 200000000};
    nanosleep(&rest, NULL);
    CHECK(str_starts(take("in", false), "0 3 (")); /* read, and remembered from now on */
    int64_t from = session_log_size(&s);
    CHECK_STR(take("in", false), "0 3 (3) 0");
    /* one record for all of them */
    CHECK(str_starts(session_records(&s, from), "ingest.unchanged 1 ") &&
          str_ends(session_records(&s, from), " files:>3\n") && session_log_size(&s) == from + 1);
    CHECK_STR(take("in", true), "0 3 (0) 0"); /* asked to read all */
    put("in/b@x");                            /* the same bytes, written anew */
    CHECK_STR(take("in", false), "0 3 (2) 0");
    put("in/b@x");
    put("in/d@x");
    CHECK_STR(take("in", false), "1 3 (2) 0");
    /* whose a file is counts: the same bytes are not stored for another agent */
    put("plain");
    const char *path = session_path(&s, "plain").s;
    struct intake_paths other = {.v = &path, .n = 1, .agent = "z"};
    struct intake_summary sum = {0};
    struct diag d = diag_init(s.db.a);
    CHECK(intake_paths(s.act, &other, &sum, &d) == 0 && sum.n_stored == 1 && sum.n_unchanged == 0);
}

/* A dry run remembers and records nothing. */
static void
test_dry_run(void)
{
    int64_t from = session_log_size(&s);
    s.act->dry_run = true;
    CHECK(str_starts(take("in", false), "0 4 ("));
    CHECK(session_log_size(&s) == from);
    s.act->dry_run = false;
}

int
main(void)
{
    session_start(&s, "");
    CHECK(db_ok(&s.db,
                file_slurp("samples/wazuh/web01-events.jsonl", 1 << 20, s.db.a, &events, &s.db.d)));
    test_folder();
    test_below();
    test_missing();
    test_unchanged();
    test_dry_run();
    session_stop(&s);
    return CHECK_DONE();
}
