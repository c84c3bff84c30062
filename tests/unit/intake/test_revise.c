/* What is told of several scans of one second, and what an officer decides: found by what the list
 * prints, refused when it is not clear which, recorded with old and new. */
#include "intake/revise.h"

#include "unit/act/session.h"

static struct session s;
static const int64_t T = 1790000000; /* 2026-09-21T14:13:20Z */

static void
put(const char *agent, const char *policy, const char *profile, const char *letters)
{
    static int n;
    struct scan_file f = db_file(arena_fmt(s.db.a, "file %d", n++).s);
    db_scan(s.db.a, &f, agent, policy, T, letters)->policy.profile = str_c(profile);
    CHECK(db_put_file(s.act->store, &f, &s.db.d) >= 0);
}

/* "counted>counts", "same" when it was so already, or what is wrong. */
static struct str
decide(bool accepts, const char *agent, unsigned revision, const char *policy, const char *profile,
       const char *reason)
{
    struct str named = str_c(profile ? profile : "");
    struct revise_request q = {.accepts = accepts,
                               .agent = str_c(agent),
                               .end = T,
                               .revision = revision,
                               .policy = str_c(policy),
                               .profile = profile ? &named : NULL,
                               .reason = str_c(reason)};
    struct store_decided r;
    struct diag d = diag_init(s.db.a);
    if (revise_decide(s.act, &q, &r, &d) != 0) {
        CHECK(d.first.code == DIAG_USAGE);
        return d.first.text;
    }
    return r.is_change ? arena_fmt(s.db.a, "%u>%u", r.counted, r.counts) : STR("same");
}

static void
test_decide(void)
{
    put("web01", "P", "", "pf");
    put("web01", "P", "", "pp");
    int64_t from = session_log_size(&s);
    CHECK_STR(decide(true, "web01", 2, "", NULL, "ticket 1"), "1>2");
    CHECK_STR(decide(true, "web01", 2, "P", "", "ticket 1"), "same");
    CHECK_STR(decide(false, "web01", 2, "P", NULL, "ticket 2"), "2>1");
    CHECK_STR(decide(false, "web01", 1, "P", NULL, "ticket 3"), "1>0");
    struct str told = session_records(&s, from);
    CHECK(str_starts(told, "scan.accept 6 web01 policy:>P profile:> "
                           "scanned_at:>2026-09-21T14:13:20Z revision:>2 file:>"));
    CHECK(str_find(told, " standing:superseded>accepted counts:1>2\nscan.revoke 6 web01 ") > 0);
    CHECK(str_find(told, " standing:accepted>revoked counts:2>1\n") > 0);
    CHECK(str_find(told, " standing:first>revoked counts:1>none\n") > 0);
    CHECK(session_log_size(&s) == from + 3);
}

static void
test_refused(void)
{
    int64_t from = session_log_size(&s);
    put("db01", "P", "", "pf");
    put("db01", "Q", "", "pf");
    put("db01", "Q", "strict", "pp");
    put("db01", "Q", "strict", "ff");
    CHECK_STR(decide(true, "db01", 1, "", NULL, "x"),
              "db01 has several scans of 2026-09-21T14:13:20Z: name the policy (--policy, "
              "--profile)");
    CHECK(str_starts(decide(true, "db01", 1, "Q", NULL, "x"), "db01 has several scans"));
    CHECK_STR(decide(true, "db01", 1, "Q", "", "x"), "1>1");
    CHECK_STR(decide(true, "db01", 2, "", NULL, "x"), "1>2"); /* only one has a second */
    CHECK_STR(decide(true, "db01", 3, "", NULL, "x"),
              "db01 has no such revision of 2026-09-21T14:13:20Z (assay scan list)");
    CHECK_STR(decide(true, "ghost", 1, "", NULL, "x"),
              "ghost has no scan of 2026-09-21T14:13:20Z (assay scan list)");
    CHECK_STR(decide(true, "db01", 0, "P", NULL, "x"), "revisions are numbered from 1");
    CHECK(str_starts(decide(true, "db01", 1, "P", NULL, " "), "the reason is UTF-8 of 1 to"));
    CHECK(str_starts(decide(true, "db01", 1, "P", NULL, "\xff"), "the reason is UTF-8 of 1 to"));
    CHECK(session_log_size(&s) == from + 2);
    s.act->dry_run = true;
    CHECK_STR(decide(false, "db01", 1, "P", NULL, "x"), "0>0");
    CHECK(str_starts(decide(false, "db01", 9, "P", NULL, "x"), "db01 has no such revision"));
    s.act->dry_run = false;
    CHECK(session_log_size(&s) == from + 2);
}

/* What hosts write is shown on one line. */
static void
test_text(void)
{
    struct scan_file f = db_file("text");
    struct scan *scan = db_scan(s.db.a, &f, "a\nb", "P", T, "p");
    struct store_outcome o = {.put = STORE_REVISED,
                              .revision = 2,
                              .other_revision = 1,
                              .standing = STANDING_SUPERSEDED,
                              .other_standing = STANDING_FIRST};
    struct str text = revise_text(scan, &o, s.db.a);
    CHECK(str_find(text, "\n") < 0);
    CHECK(str_find(text, "P, 2026-09-21T14:13:20Z: another result of the same second: revision 1 "
                         "counts, the first (assay scan list)") > 0);
    o.standing = STANDING_WORST;
    CHECK(str_find(revise_text(scan, &o, s.db.a), "revision 2 counts, the worst of its file") > 0);
    struct event e = revise_event(scan, &f.sha256, &o, s.db.a);
    CHECK(e.severity == 6 && e.n_changes == 9);
    o.put = STORE_CONTAINED;
    CHECK(revise_event(scan, &f.sha256, &o, s.db.a).severity == 2);
}

int
main(void)
{
    session_start(&s, "");
    test_decide();
    test_refused();
    test_text();
    session_stop(&s);
    return CHECK_DONE();
}
