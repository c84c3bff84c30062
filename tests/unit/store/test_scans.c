/* What becomes of a scan: row, drift, findings, evidence, in whatever order scans arrive. */
#include "large_details.h"
#include "store/seen.h"

#include "model/fleet.h"

static const int64_t T = 1790000000; /* a day in September 2026 */
enum { DAY = 86400 };

static struct str
changes(struct db *t, const char *agent)
{
    struct str q = arena_fmt(t->a,
                             "SELECT TIMESTAMPDIFF(SECOND,'1970-01-01',changed_at)-%lld,check_id,"
                             "old_status,new_status FROM v_changes WHERE agent='%s' "
                             "ORDER BY changed_at, check_id",
                             (long long)T, agent);
    return db_rows(t->st, t->a, q.s);
}

static struct str
findings(struct db *t, const char *agent)
{
    struct str q = arena_fmt(t->a,
                             "SELECT check_id,status,TIMESTAMPDIFF(SECOND,'1970-01-01',since)-%lld,"
                             "COALESCE(evidence,'-') FROM v_findings WHERE agent='%s' "
                             "ORDER BY check_id",
                             (long long)T, agent);
    return db_rows(t->st, t->a, q.s);
}

static struct str
results(struct db *t, const char *agent, int64_t end)
{
    struct str q = arena_fmt(t->a,
                             "SELECT check_id,status FROM v_scan_result WHERE agent='%s' AND "
                             "TIMESTAMPDIFF(SECOND,'1970-01-01',scanned_at)=%lld ORDER BY check_id",
                             agent, (long long)end);
    return db_rows(t->st, t->a, q.s);
}

static void
test_put(struct db *t)
{
    CHECK(db_put(t, "a1", "P", T, "pfnw") == STORE_NEW);
    CHECK_STR(results(t, "a1", T), "c0,1;c1,3;c2,7;c3,10");
    CHECK_STR(findings(t, "a1"), "c1,3,0,E1;c3,10,0,-"); /* no evidence for notapplicable: none */
    CHECK_STR(changes(t, "a1"), "");
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT passed, failed, skipped, score FROM v_scores WHERE agent='a1'"),
              "1,1,1,50.0000");
    CHECK(db_put(t, "a1", "P", T, "pfnw") == STORE_SAME);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM scan") == 1);
    CHECK(db_put(t, "a1", "P", T + DAY, "ppnf") == STORE_NEW);
    CHECK_STR(changes(t, "a1"), "86400,c1,3,1;86400,c3,10,3");
    CHECK_STR(findings(t, "a1"), "c3,3,86400,E3");
    CHECK(db_number(t->st, "SELECT n_scans FROM agent_current") == 2);
    CHECK_STR(db_rows(t->st, t->a, "SELECT check_id,status FROM v_latest ORDER BY check_id"),
              "c0,1;c1,1;c2,7;c3,3");
}

/* All orders of arrival of four scans give one history. */
static void
test_late(struct db *t)
{
    static const char *const scans[] = {"ffpp", "fpfp", "ffff", "fff."};
    struct str want_changes = {0}, want_findings = {0};
    for (int order = 0; order < 24; order++) {
        struct str agent = arena_fmt(t->a, "late%d", order);
        int left[] = {0, 1, 2, 3}, rest = order;
        for (int n = 4; n > 0; n--) {
            int at = rest % n, i = left[at];
            rest /= n;
            memmove(left + at, left + at + 1, (size_t)(3 - at) * sizeof *left);
            CHECK(db_put(t, agent.s, "P", T + i * DAY, scans[i]) == STORE_NEW);
        }
        if (order == 0) {
            want_changes = changes(t, agent.s);
            want_findings = findings(t, agent.s);
        }
        CHECK_STR(changes(t, agent.s), want_changes.s);
        CHECK_STR(findings(t, agent.s), want_findings.s);
    }
    CHECK_STR(want_changes, "86400,c1,3,1;86400,c2,1,3;172800,c1,1,3;172800,c3,1,3;259200,c3,3,0");
    CHECK_STR(want_findings, "c0,3,0,E0;c1,3,172800,E1;c2,3,86400,E2");
}

/* What says something else of the same second is kept beside the first, and told. */
static void
test_revised(struct db *t)
{
    CHECK(db_put(t, "con", "P", T, "pf.") == STORE_NEW);
    CHECK(db_put(t, "con", "P", T, "fp.") == STORE_REVISED);
    CHECK(db_put(t, "con", "P", T, "ppp") == STORE_REVISED); /* says more, and takes no place */
    CHECK_STR(results(t, "con", T), "c0,1;c1,3;c2,0");
    CHECK_STR(findings(t, "con"), "c1,3,0,E1");
    CHECK(db_put(t, "con", "P", T, "pf.") == STORE_SAME);
    CHECK(db_put(t, "con", "P", T, "ppp") == STORE_SAME);
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT revision, standing, passed, failed FROM v_scan_revision "
                      "WHERE agent='con' ORDER BY revision"),
              "2,4,1,1;3,4,3,0");
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT revision, standing, passed, failed FROM v_scores WHERE agent='con'"),
              "1,0,1,1");
    CHECK(db_number(t->st, "SELECT n_scans FROM agent_current c JOIN agent a USING (agent_id) "
                           "WHERE a.name='con'") == 1);
}

/* A partial scan yields to a whole one of the same moment, and the drift around it is rewritten. */
static void
test_partial(struct db *t)
{
    struct scan_file f = db_file("partial");
    CHECK(db_put(t, "par", "P", T, "fff") == STORE_NEW);
    CHECK(db_put(t, "par", "P", T + 2 * DAY, "fpp") == STORE_NEW);
    struct scan *s = db_scan(t->a, &f, "par", "P", T + DAY, "f..");
    s->partial = true;
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK_STR(changes(t, "par"), "86400,c1,3,0;86400,c2,3,0;172800,c1,0,1;172800,c2,0,1");
    CHECK(db_put(t, "par", "P", T + DAY, "ffp") == STORE_FULLER);
    CHECK_STR(changes(t, "par"), "86400,c2,3,1;172800,c1,3,1");
    CHECK_STR(findings(t, "par"), "c0,3,0,E0");
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_SAME);
}

static void
test_score_only(struct db *t)
{
    struct scan_file f = db_file("score");
    CHECK(db_put(t, "sco", "P", T, "fp") == STORE_NEW);
    struct scan *s = db_scan(t->a, &f, "sco", "P", T + DAY, "");
    s->score_only = true;
    s->counts[STATUS_PASS] = s->counts[STATUS_FAIL] = 1;
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK_STR(findings(t, "sco"), "c0,3,0,E0");
    CHECK(db_put(t, "sco", "P", T + 2 * DAY, "pp") == STORE_NEW); /* drift looks past the score */
    CHECK_STR(changes(t, "sco"), "172800,c0,3,1");
    CHECK_STR(findings(t, "sco"), "");
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT passed,failed,score FROM v_scores WHERE agent='sco' ORDER BY "
                      "scanned_at"),
              "1,1,50.0000;1,1,50.0000;2,0,100.0000");
    CHECK(db_put(t, "sco", "P", T + DAY / 2, "pp") == STORE_NEW); /* and so does a late scan */
    CHECK_STR(changes(t, "sco"), "43200,c0,3,1");
    CHECK(db_put(t, "sco", "P", T + DAY, "ff") == STORE_REVISED); /* not what the score says */
    CHECK_STR(changes(t, "sco"), "43200,c0,3,1");
    CHECK(db_put(t, "sco", "P", T + DAY, "fp") == STORE_FULLER); /* the same in single results */
    CHECK_STR(changes(t, "sco"), "43200,c0,3,1;86400,c0,1,3;172800,c0,3,1");
}

/* Several results of a check: the worst counts, their number and evidence are kept. */
static void
test_ordinals(struct db *t)
{
    struct scan_file f = db_file("ordinals");
    struct scan *s = db_scan(t->a, &f, "ord", "P", T, "pp");
    struct scan_result r = s->results.v[0];
    for (unsigned i = 1; i < 3; i++) {
        r.ordinal = i;
        r.status = STATUS_FAIL;
        r.native = STR("fail");
        r.evidence = arena_fmt(t->a, "port %u", i);
        scan_add_result(t->a, s, r);
    }
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK_STR(results(t, "ord", T), "c0,3;c1,1");
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT check_id, occurrences, evidence FROM v_findings WHERE agent='ord'"),
              "c0,3,port 1\nport 2");
    CHECK_STR(db_rows(t->st, t->a, "SELECT passed, failed FROM v_scores WHERE agent='ord'"), "2,2");
}

static void
put_delta(struct db *t, const char *agent, int64_t end, const char *letters)
{
    struct scan_file f = db_file(arena_fmt(t->a, "delta %s %s", agent, letters).s);
    struct scan *s = db_scan(t->a, &f, agent, "P", end, letters);
    s->delta = s->bare = true;
    int put = db_put_file(t->st, &f, &t->d);
    CHECK(put == STORE_NEW || put == STORE_FULLER);
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_SAME);
}

static void
test_delta(struct db *t)
{
    CHECK(db_put(t, "del", "P", T, "pfwn") == STORE_NEW);
    int64_t versions = db_number(t->st, "SELECT COUNT(*) FROM policy");
    put_delta(t, "del", T + DAY, "f---");
    CHECK_STR(results(t, "del", T + DAY), "c0,3;c1,3;c2,10;c3,7");
    CHECK_STR(findings(t, "del"), "c0,3,86400,E0;c1,3,0,E1;c2,10,0,-");
    CHECK_STR(changes(t, "del"), "86400,c0,1,3");
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT waiver FROM v_findings WHERE agent='del' AND "
                      "check_id='c2'"),
              "by the officer");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM policy") == versions);
    put_delta(t, "del", T + DAY, "-p--"); /* the same second: merged into what is there */
    CHECK_STR(results(t, "del", T + DAY), "c0,3;c1,1;c2,10;c3,7");
    put_delta(t, "del", T + 2 * DAY, "----f"); /* a check nobody knew: a new policy version */
    CHECK_STR(results(t, "del", T + 2 * DAY), "c0,3;c1,1;c2,10;c3,7;c4,3");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM policy") == versions + 1);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM check_text WHERE id='c0' AND title='Check 0'") >=
          1);
    CHECK_STR(changes(t, "del"), "86400,c0,1,3;86400,c1,3,1;172800,c4,0,3");
    /* Nothing to build on: kept for what it is. */
    put_delta(t, "new", T, "f");
    CHECK(db_number(t->st, "SELECT flags & 1 FROM scan s JOIN agent a USING (agent_id) WHERE "
                           "a.name='new'") == 1);
}

/* What a line holds, without checks that say nothing: policy versions differ by those. */
static struct str
history(struct db *t, const char *agent)
{
    struct str q =
        arena_fmt(t->a,
                  "SELECT TIMESTAMPDIFF(SECOND,'1970-01-01',r.scanned_at)-%lld,r.check_id,r.status,"
                  "(SELECT CONCAT(s.flags & 1,'/',n_pass,'/',n_fail) FROM scan s JOIN agent a "
                  "USING (agent_id) "
                  "WHERE a.name=r.agent AND s.scanned_at=r.scanned_at) FROM v_scan_result r "
                  "WHERE r.agent='%s' AND r.status<>0 ORDER BY r.scanned_at,r.check_id",
                  (long long)T, agent);
    return db_rows(t->st, t->a, q.s);
}

static void
put_dated(struct db *t, const char *agent, int day, const char *letters, bool is_delta)
{
    struct scan_file f = db_file(arena_fmt(t->a, "dated %s %d", agent, day).s);
    struct scan *s = db_scan(t->a, &f, agent, "P", T + day * DAY, letters);
    s->delta = is_delta;
    scan_settle_catalogue(s); /* as the ingest job does */
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_ok(t, db_merge_late(t)));
}

/* All orders of arrival of whole scans and deltas give one history: a delta that says what was so
 * already, one that takes a change back, one with a check nobody knew, a whole scan in between. */
static void
test_late_deltas(struct db *t)
{
    static const struct {
        const char *letters;
        bool is_delta;
    } scans[] = {{"pfwn", false}, {"f---", true},  {"p--f", true},
                 {"-p--f", true}, {"ppff", false}, {"-f--", true}};
    enum { N = sizeof scans / sizeof *scans, ORDERS = 720 };
    struct str want = {0}, want_changes = {0}, want_findings = {0};
    for (int order = 0; order < ORDERS; order += order ? 7 : 1) {
        struct str agent = arena_fmt(t->a, "again%d", order);
        int left[N], rest = order;
        for (int i = 0; i < N; i++)
            left[i] = i;
        for (int n = N; n > 0; n--) {
            int at = rest % n, i = left[at];
            rest /= n;
            memmove(left + at, left + at + 1, (size_t)(N - 1 - at) * sizeof *left);
            put_dated(t, agent.s, i, scans[i].letters, scans[i].is_delta);
        }
        if (order == 0) {
            want = history(t, agent.s);
            want_changes = changes(t, agent.s);
            want_findings = findings(t, agent.s);
        }
        CHECK_STR(history(t, agent.s), want.s);
        CHECK_STR(changes(t, agent.s), want_changes.s);
        CHECK_STR(findings(t, agent.s), want_findings.s);
    }
    CHECK_STR(want_changes, "86400,c0,1,3;172800,c0,3,1;172800,c3,7,3;259200,c1,3,1;259200,c4,0,3;"
                            "345600,c2,10,3;345600,c4,3,0;432000,c1,1,3");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM late_delta") == 0);
}

/* A run that is killed between storing and merging leaves the work on the list. */
static void
test_late_after_kill(struct db *t)
{
    struct scan_file f = db_file("late base");
    put_dated(t, "killed", 1, "-p", true);
    db_scan(t->a, &f, "killed", "P", T, "ff");
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK_STR(history(t, "killed"), "0,c0,3,0/0/2;0,c1,3,0/0/2;86400,c1,1,1/1/0");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM late_delta") == 1);
    CHECK(db_ok(t, db_merge_late(t)));
    CHECK_STR(history(t, "killed"), "0,c0,3,0/0/2;0,c1,3,0/0/2;86400,c0,3,0/1/1;86400,c1,1,0/1/1");
    CHECK_STR(findings(t, "killed"), "c0,3,0,E0");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM late_delta") == 0);
}

/* A connection that ended before the list is read: the list is read from another one, and worked off. */
static void
test_late_after_loss(struct db *t)
{
    struct scan_file f = db_file("lost base");
    struct store *two = NULL;
    put_dated(t, "lost", 1, "-p", true);
    db_scan(t->a, &f, "lost", "P", T, "ff");
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    struct str kill_it =
        arena_fmt(t->a, "KILL %lld", (long long)db_number(t->st, "SELECT CONNECTION_ID()"));
    CHECK(db_ok(t, db_open(t, &two)) && mysql_query(two->db, kill_it.s) == 0);
    unsigned connections = t->st->n_connections;
    CHECK(db_number(two, "SELECT COUNT(*) FROM late_delta") == 1);
    CHECK(db_ok(t, db_merge_late(t)) && t->st->n_connections == connections + 1);
    CHECK(db_number(two, "SELECT COUNT(*) FROM late_delta") == 0);
    store_close(two);
}

/* The same changes of two agents, of which one is known: one policy has more checks than the other. */
static void
test_same_delta(struct db *t)
{
    put_dated(t, "known", 0, "pppp", false);
    put_dated(t, "known", 1, "f", true);
    put_dated(t, "stranger", 1, "f", true);
    CHECK_STR(results(t, "known", T + DAY), "c0,3;c1,1;c2,1;c3,1");
    CHECK(db_number(t->st, "SELECT flags & 1 FROM scan s JOIN agent a USING (agent_id) WHERE "
                           "a.name='stranger'") == 1);
}

/* Ids alone take a version that has them all; other texts are another version. */
static void
test_versions(struct db *t)
{
    struct scan_file f = db_file("bare"), g = db_file("texts");
    CHECK(db_put(t, "ver", "V", T, "pfpf") == STORE_NEW);
    struct scan *s = db_scan(t->a, &f, "ver2", "V", T, "pf");
    s->bare = true;
    s->checks.v[0].title = STR("");
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM policy WHERE id='V'") == 1);
    CHECK_STR(results(t, "ver2", T), "c0,1;c1,3;c2,0;c3,0");
    s = db_scan(t->a, &g, "ver", "V", T + DAY, "fpf");
    s->policy.version = STR("2");
    s->checks.v[0].title = STR("Another title");
    CHECK(db_put_file(t->st, &g, &t->d) == STORE_NEW);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM policy WHERE id='V'") == 2);
    /* The newest of the policy id is current, whatever the version; drift maps by check id. */
    CHECK_STR(db_rows(t->st, t->a,
                      "SELECT check_id,status FROM v_latest WHERE agent='ver' ORDER "
                      "BY check_id"),
              "c0,3;c1,1;c2,3");
    CHECK_STR(changes(t, "ver"), "86400,c0,1,3;86400,c1,3,1;86400,c2,1,3;86400,c3,3,0");
    CHECK_STR(findings(t, "ver"), "c0,3,86400,E0;c2,3,86400,E2");
}

/* A scan of a STIG release: rules SV-<n>r<revision>, and one whose key two checks share. */
static void
put_release(struct db *t, int day, int revision, const char *letters)
{
    struct scan_file f = db_file(arena_fmt(t->a, "release %d", day).s);
    struct scan *s = db_scan(t->a, &f, "stig", "S", T + day * DAY, letters);
    s->policy.version = arena_fmt(t->a, "V1R%d", revision);
    for (size_t i = 0; i < s->checks.n; i++) {
        struct scan_check *c = &s->checks.v[i];
        c->key = arena_fmt(t->a, "SV-%zu", i < 4 ? i : 4);
        c->id = arena_fmt(t->a, "SV-%zur%d_rule", i, i < 3 ? revision : 1);
    }
    scan_settle_catalogue(s);
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
}

/* A rule of the next release is the rule of the last one: what failed goes on failing since then, in
 * whatever order the scans come. */
static void
test_releases(struct db *t)
{
    put_release(t, 0, 1, "fpfpfp");
    put_release(t, 2, 3, "fffppf");
    put_release(t, 1, 2, "fppppf"); /* late */
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM policy WHERE id='S'") == 3);
    CHECK_STR(
        db_rows(t->st, t->a,
                "SELECT check_id,status,TIMESTAMPDIFF(DAY,'2026-09-21',since) FROM v_findings "
                "WHERE agent='stig' ORDER BY check_id"),
        "SV-0r3_rule,3,0;SV-1r3_rule,3,2;SV-2r3_rule,3,2;SV-5r1_rule,3,1");
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_changes WHERE agent='stig'") == 5);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_changes WHERE agent='stig' AND "
                           "(old_status=0 OR new_status=0)") == 0);
}

/* Scans that differ by nothing but the keys of their checks: what a host can write must not stop us. */
static void
test_other_keys(struct db *t)
{
    static const char *const keys[] = {"SV-1", "", "SV-2", "c1"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct scan_file f = db_file(arena_fmt(t->a, "keys %zu", i).s);
        struct scan *s = db_scan(t->a, &f, "keys", "K", T + (int64_t)i * DAY, "fp");
        s->checks.v[0].key = str_c(keys[i]);
        scan_settle_catalogue(s);
        struct store *other = NULL; /* another process, which has seen none of them */
        CHECK(db_ok(t, db_open(t, &other)));
        CHECK(db_put_file(other, &f, &t->d) == STORE_NEW);
        store_close(other);
        CHECK_STR(results(t, "keys", T + (int64_t)i * DAY), "c0,3;c1,1");
    }
}

/* What hosts write reaches the columns whole or visibly cut, never as an error of the server. */
static void
test_hostile(struct db *t)
{
    struct scan_file f = db_file("hostile");
    struct scan *s = db_scan(t->a, &f, "", "P'; DROP TABLE scan; --", T, "fff");
    char *name = arena_alloc(t->a, 256), *big = arena_alloc(t->a, 300001);
    memset(name, 'n', 255);
    memset(big, 'x', 300000);
    s->asset.name = str_c(name);
    s->asset.alias = s->asset.os = s->asset.group = s->engine = s->policy.profile = str_c(big);
    s->policy.title = s->checks.v[0].title = s->checks.v[0].own_category = str_c(big);
    s->checks.v[0].category = s->checks.v[0].category_source = s->checks.v[0].section = str_c(big);
    s->results.v[0].native = str_c(big);
    s->results.v[0].evidence = STR("quote ' back \\ nul \0 \xf0\x9f\x92\xa3 bad \xff end");
    s->results.v[1].evidence = str_c(big);
    s->results.v[2].waiver = str_c(big);
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_SAME);
    db_ok(t, t->d.first.code ? -1 : 0);
    CHECK(db_number(t->st, "SELECT LENGTH(name) FROM agent WHERE name LIKE 'nnn%'") == 255);
    CHECK(db_number(t->st, "SELECT LENGTH(evidence) FROM v_findings WHERE agent LIKE 'nnn%' AND "
                           "check_id='c1'") == 300000);
    CHECK(db_number(t->st, "SELECT LENGTH(waiver) FROM v_findings WHERE agent LIKE 'nnn%' AND "
                           "check_id='c2'") == 300000);
    CHECK(db_number(t->st, "SELECT evidence LIKE '%bad \xef\xbf\xbd end' FROM v_findings WHERE "
                           "agent LIKE 'nnn%' AND check_id='c0'") == 1);
    CHECK(db_number(t->st, "SELECT native LIKE '%\xe2\x80\xa6' FROM v_findings WHERE native LIKE "
                           "'xxx%'") == 1);
    /* What cannot be kept is refused. */
    struct scan_file bad = db_file("bad");
    s = db_scan(t->a, &bad, "", "P", T, "p");
    CHECK(db_code(t, db_prepare(t->st, &bad, &t->d)) == DIAG_BAD_DATA);
    s->asset.name = str_n(big, 256);
    CHECK(db_code(t, db_prepare(t->st, &bad, &t->d)) == DIAG_BAD_DATA);
    s->asset.name = STR("x");
    s->end = CLOCK_NONE;
    CHECK(db_code(t, db_prepare(t->st, &bad, &t->d)) == DIAG_BAD_DATA);
    s->end = INT64_MAX / 2;
    CHECK(db_code(t, db_prepare(t->st, &bad, &t->d)) == DIAG_BAD_DATA);
}

/* Many files at once: whoever cannot be kept is named, and the others are there after a second
 * try without it. */
static void
test_prepare_many(struct db *t)
{
    enum { N = 120, BAD = 77 };
    struct scan_file v[N];
    const struct scan_file *files[N];
    size_t at = 0;
    for (size_t i = 0; i < N; i++) {
        const char *name = i == BAD ? "" : arena_fmt(t->a, "many-%zu", i % 100).s;
        v[i] = db_file(arena_fmt(t->a, "many-%zu", i).s);
        db_scan(t->a, &v[i], name, "many", T + (int64_t)i, "pf")->asset.group = STR("Many");
        files[i] = &v[i];
    }
    CHECK(db_code(t, store_prepare(t->st, files, N, &at, &t->d)) == DIAG_BAD_DATA && at == BAD);
    files[BAD] = files[0];
    CHECK(db_ok(t, store_prepare(t->st, files, N, &at, &t->d)) && at == N);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM agent WHERE name LIKE 'many-%'") == 99);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM agent a JOIN agent_current c USING (agent_id) "
                           "JOIN agent_group g USING (group_id) WHERE a.name LIKE 'many-%' AND "
                           "g.name = 'Many' AND n_scans = 0") == 99);
    seen_forget(t->st); /* as another process: the rows are found, not inserted */
    CHECK(db_ok(t, store_prepare(t->st, files, N, &at, &t->d)) && at == N);
    CHECK(db_ok(t, store_prepare(t->st, files, 0, &at, &t->d)) && at == 0);
    CHECK(db_put_file(t->st, &v[3], &t->d) == STORE_NEW);
}

/* Names differ by every byte: case, accents and spaces at the end too. */
static void
test_names(struct db *t)
{
    static const char *const names[] = {"web", "Web", "web ",
                                        ("w\xc3\xa9"
                                         "b")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(db_put(t, names[i], "N", T, "p") == STORE_NEW);
    CHECK(db_number(t->st, "SELECT COUNT(DISTINCT s.agent_id) FROM scan s JOIN policy p USING "
                           "(policy_id) WHERE p.id='N'") == 4);
}

/* 100,000 checks: the largest benchmark a reader lets through. */
static void
test_large(struct db *t)
{
    enum { N = 100000 };
    struct scan_file f = db_file("large");
    char *letters = arena_alloc(t->a, N + 1);
    memset(letters, 'p', N);
    letters[N - 1] = 'f';
    db_scan(t->a, &f, "large", "L", T, letters);
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_number(t->st, "SELECT n_vec FROM scan s JOIN agent a USING (agent_id) WHERE "
                           "a.name='large'") == N);
    CHECK_STR(findings(t, "large"), "c99999,3,0,E99999");
    large_details(t);
    CHECK(db_number(t->st, "SELECT LENGTH(records) FROM detail_set d JOIN scan s ON "
                           "s.detail_set=d.hash JOIN agent a USING (agent_id) WHERE "
                           "a.name='large'") == 31);
    CHECK_STR(findings(t, "large"), "c99999,3,0,E99999");
}

/* Texts that are too many for a base: all of them are kept. */
static void
test_wordy(struct db *t)
{
    enum { N = 90, LONG = 12000 };
    struct scan_file f = db_file("wordy");
    char *letters = arena_alloc(t->a, N + 1);
    memset(letters, 'f', N);
    letters[N] = 0;
    struct scan *s = db_scan(t->a, &f, "wordy", "W", T, letters);
    for (size_t i = 0; i < N; i++) {
        char *text = arena_alloc(t->a, LONG);
        for (size_t k = 0; k < LONG; k++)
            text[k] = (char)(' ' + (k * (i + 7) + k / 11) % 90);
        s->results.v[i].evidence = str_n(text, LONG);
    }
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_findings WHERE agent='wordy' AND "
                           "LENGTH(evidence) = 12000") == N);
    CHECK(db_number(t->st, "SELECT COUNT(DISTINCT evidence) FROM v_findings WHERE "
                           "agent='wordy'") == N);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    test_put(&t);
    test_late(&t);
    test_revised(&t);
    test_partial(&t);
    test_score_only(&t);
    test_ordinals(&t);
    test_delta(&t);
    test_same_delta(&t);
    test_late_deltas(&t);
    test_late_after_kill(&t);
    test_late_after_loss(&t);
    test_versions(&t);
    test_releases(&t);
    test_other_keys(&t);
    test_hostile(&t);
    test_prepare_many(&t);
    test_names(&t);
    test_large(&t);
    test_wordy(&t);
    db_stop(&t);
    return CHECK_DONE();
}
