/* Pruning: the bounds, what goes, and that nothing goes before all is signed. */
#include "ledger/prune.h"

#include "base/clock.h"
#include "ledger/verify_log.h"
#include "settings/target_options.h"
#include "site.h"

enum { DAY = 86400 };

static int64_t
days_ago(int64_t days)
{
    return env_wall_us() / 1000000 - days * DAY;
}

static int
prune(struct site *s, struct prune_request q, struct prune_summary *ret)
{
    return prune_run(&s->act, &q, ret, &s->d);
}

static int
prune_before(struct site *s, int64_t before, bool force, struct prune_summary *ret)
{
    return prune(s, (struct prune_request){.keep_months = -1, .before = before, .force = force},
                 ret);
}

static int64_t
n_gone(struct site *s)
{
    int64_t n = -1;
    CHECK(
        site_ok(s, prune_count(&s->act, site_number(s, "SELECT size FROM audit_head"), &n, &s->d)));
    CHECK(n == site_number(s, "SELECT COUNT(*) FROM audit_log WHERE rec IS NULL"));
    return n;
}

/* 600 records of two years ago and 100 of now. */
static void
fill(struct site *s)
{
    site_append_at(s, 600, "report.make", days_ago(730) * 1000000);
    site_append(s, 100);
}

static void
test_bounds(struct site *s)
{
    struct prune_summary m;
    fill(s);
    site_sign(s);
    s->act.dry_run = true;
    CHECK_FAILS(s, prune_before(s, days_ago(80), true, &m), DIAG_USAGE, "last 3 months");
    CHECK_FAILS(s, prune_before(s, days_ago(200), false, &m), DIAG_USAGE, "12 months at least");
    CHECK(site_ok(s, prune_before(s, days_ago(200), true, &m)));
    CHECK_STR(m.forced, "records are kept for 12 months at least");
    s->act.config.audit_keep_months = 24;
    CHECK_FAILS(s, prune_before(s, days_ago(500), false, &m), DIAG_USAGE,
                "audit-keep-months is 24 (--force overrides, and the log says so)");
    struct prune_request months = {.keep_months = 13, .before = CLOCK_NONE};
    CHECK_FAILS(s, prune(s, months, &m), DIAG_USAGE, "audit-keep-months");
    s->act.config.audit_keep_months = 12;
    CHECK(site_ok(s, prune(s, months, &m)) && m.first == 0 && m.minimum == 512);
    CHECK(m.forced.len == 0);
    /* nothing is that old */
    months.keep_months = 36;
    CHECK(site_ok(s, prune(s, months, &m)) && m.first == m.minimum);
    CHECK(n_gone(s) == 0 && site_count(s, "audit.prune") == 0);
}

/* Only what a checkpoint covers, and whole tiles. */
static void
test_covered(struct site *s)
{
    struct prune_summary m;
    site_append_at(s, 300, "report.make", days_ago(730) * 1000000);
    s->act.dry_run = true;
    CHECK_FAILS(s, prune_before(s, days_ago(400), false, &m), DIAG_USAGE, "no checkpoint yet");
    s->act.dry_run = false;
    site_sign(s);
    site_append_at(s, 300, "report.make", days_ago(730) * 1000000);
    s->act.dry_run = true;
    CHECK(site_ok(s, prune_before(s, days_ago(400), false, &m)));
    CHECK(m.minimum == 256); /* of 300 that are covered; 600 are old enough */
}

/* A target that lacks records, by its cursor or because it never got any. */
static void
test_targets(struct site *s)
{
    struct prune_summary m;
    struct config_export e;
    fill(s);
    site_sign(s);
    s->act.dry_run = true;
    site_sql(s, "INSERT INTO export_cursor (target, next_seq) VALUES ('gone-target', 511)");
    CHECK_FAILS(s, prune_before(s, days_ago(400), false, &m), DIAG_USAGE,
                "gone-target has not got the records from 511 on");
    site_sql(s, "UPDATE export_cursor SET next_seq = 512");
    CHECK(site_ok(s, prune_before(s, days_ago(400), false, &m)));
    CHECK(site_ok(s, target_options_parse(STR("json:/tmp/new"), s->a, &e, &s->d)));
    *VEC_PUSH(s->a, &s->act.config.exports) = e;
    CHECK_FAILS(s, prune_before(s, days_ago(400), false, &m), DIAG_USAGE,
                "/tmp/new has not got the records from 0 on");
    site_sql(s, "UPDATE export_cursor SET next_seq = 3");
    CHECK(site_ok(s, prune_before(s, days_ago(400), true, &m)));
    CHECK_STR(m.forced, "gone-target has not got the records from 3 on; /tmp/new has not got the "
                        "records from 0 on");
    s->act.config.exports.n = 0;
}

static void
test_prunes(struct site *s)
{
    struct prune_summary m;
    struct audit_verdict v;
    fill(s);
    CHECK(site_ok(s, prune_before(s, days_ago(400), false, &m)));
    CHECK(m.first == 0 && m.minimum == 512 && n_gone(s) == 512);
    CHECK(site_count(s, "audit.prune") == 1);
    CHECK(site_ok(s, verify_log_run(&s->act, NULL, &v, &s->d)));
    CHECK(v.n_pruned == 512 && v.covered == 701);
    /* again: nothing to do, and no further record */
    CHECK(site_ok(s, prune_before(s, days_ago(400), false, &m)) && m.first == 512);
    CHECK(m.minimum == 512 && site_count(s, "audit.prune") == 1);
}

/* Cut off while the texts go: the log holds as it is, and the next call takes the rest. */
static void
test_goes_on(struct site *s)
{
    struct prune_summary m;
    struct audit_verdict v;
    fill(s);
    site_sql(s, "CREATE TABLE saved AS SELECT seq, rec FROM audit_log");
    CHECK(site_ok(s, prune_before(s, days_ago(400), false, &m)));
    site_sql(s,
             "UPDATE audit_log l, saved o SET l.rec = o.rec WHERE l.seq = o.seq AND l.seq >= 200");
    CHECK(n_gone(s) == 200);
    CHECK(site_ok(s, verify_log_run(&s->act, NULL, &v, &s->d)) && v.n_pruned == 200);
    CHECK(site_ok(s, prune_before(s, days_ago(400), false, &m)));
    CHECK(m.first == 200 && m.minimum == 512 && n_gone(s) == 512);
    site_sql(s, "DROP TABLE saved");
}

/* A log that does not hold keeps all its texts. */
static void
test_must_hold(struct site *s)
{
    struct prune_summary m;
    fill(s);
    site_sign(s);
    site_sql(s, "UPDATE audit_log SET rec = REPLACE(rec, 'cli', 'CLI') WHERE seq = 3");
    CHECK_FAILS(s, prune_before(s, days_ago(400), false, &m), DIAG_VERIFY, "record 3");
    CHECK(n_gone(s) == 0 && site_count(s, "audit.prune") == 0);
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_bounds, test_covered, test_targets,
                                                   test_prunes, test_goes_on, test_must_hold};
    struct site s;
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        s.act.config.audit_keep_months = 12;
        tests[i](&s);
        s.act.dry_run = false;
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
