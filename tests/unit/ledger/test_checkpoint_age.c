/* How old the newest checkpoint may be: what counts as new, and what is said of it. */
#include "ledger/checkpoint_age.h"

#include "site.h"

static int64_t
counted(struct site *s)
{
    int64_t ret = -1;
    CHECK(site_ok(s, checkpoint_age_size(&s->act, site_number(s, "SELECT size FROM audit_head"),
                                         &ret, &s->d)));
    return ret;
}

static struct checkpoint_age
age_now(struct site *s)
{
    int64_t size;
    struct checkpoint_age age = {0};
    CHECK(site_ok(s, checkpoint_age_now(&s->act, &size, &age, &s->d)));
    CHECK(size >= age.size);
    return age;
}

/* Records of verifications at the end do not count, however many; one that stands before another does. */
static void
test_size(struct site *s)
{
    CHECK(counted(s) == 0);
    site_append_at(s, 3, "audit.verify", env_wall_us());
    CHECK(counted(s) == 0);
    site_append(s, 1);
    CHECK(counted(s) == 4);
    site_append_at(s, 63, "audit.verify", env_wall_us());
    CHECK(counted(s) == 4);
    site_append_at(s, 1, "audit.verify", env_wall_us());
    CHECK(counted(s) == 4);
    site_append_at(s, 90, "audit.verify", env_wall_us());
    CHECK(counted(s) == 4);
    site_append_at(s, 1, "audit.verified", env_wall_us());
    CHECK(counted(s) == 159);
}

static void
test_none(struct site *s)
{
    struct checkpoint_age age = age_now(s);
    CHECK(age.is_due && age.is_none && !age.is_old && !age.is_stale);
    site_make_old(s, "audit.vkey", 7300); /* nobody signs since the key was made */
    age = age_now(s);
    CHECK(age.is_old && age.is_stale && age.age_s >= 7300 && age.covered == 0);
    CHECK_FAILS(s, checkpoint_age_check(&s->act.config, &age, &s->d), DIAG_VERIFY,
                "no checkpoint was made since the key was, 121 minutes ago");
    CHECK(unlink(site_path(s, "audit.vkey")) == 0);
    age = age_now(s);
    CHECK(age.age_s == -1 && !age.is_stale); /* no key: nothing is signed here */
}

static void
test_heartbeat(struct site *s)
{
    site_append(s, 2);
    site_sign(s);
    struct checkpoint_age age = age_now(s);
    CHECK(age.covered == 2 && age.size == 2 && !age.is_due && !age.is_none);
    site_append_at(s, 1, "audit.verify", env_wall_us());
    CHECK(!age_now(s).is_due);
    site_append(s, 1);
    CHECK(age_now(s).is_due && !age_now(s).is_stale);
    site_sign(s);
    site_make_old(s, "audit.checkpoint", 3700);
    age = age_now(s);
    CHECK(age.is_due && !age.is_old);
    site_make_old(s, "audit.checkpoint", 7300);
    age = age_now(s);
    CHECK(age.is_old && !age.is_stale); /* old, but nothing came since */
    CHECK(site_ok(s, checkpoint_age_check(&s->act.config, &age, &s->d)));
    site_append(s, 5);
    age = age_now(s);
    CHECK(age.is_stale);
    CHECK_FAILS(s, checkpoint_age_check(&s->act.config, &age, &s->d), DIAG_VERIFY,
                "5 records are covered by no checkpoint, and the newest one is 121 minutes old");
}

/* The time of a file can be set: of the future it is a finding, and records say for themselves how long they
 * wait. */
static void
test_touched(struct site *s)
{
    site_append(s, 2);
    site_sign(s);
    site_make_old(s, "audit.checkpoint", -500);
    struct checkpoint_age age = age_now(s);
    CHECK(age.is_due && age.ahead_s > 400 && age.age_s == 0);
    CHECK_FAILS(s, checkpoint_age_check(&s->act.config, &age, &s->d), DIAG_VERIFY,
                "the time of audit.checkpoint lies");
    site_make_old(s, "audit.checkpoint", -30); /* the clocks of two machines */
    CHECK(age_now(s).ahead_s == 0);
    site_append_at(s, 1, "test.event", env_wall_us() - 7300 * 1000000LL);
    site_append(s, 1);
    age = age_now(s);
    CHECK(age.waits_s >= 7300 && age.age_s == age.waits_s && age.is_stale);
    site_sign(s);
    CHECK(age_now(s).waits_s == 0 && !age_now(s).is_due);
}

/* The log of yesterday below the checkpoint of today. */
static void
test_cut(struct site *s)
{
    site_append(s, 5);
    site_sign(s);
    site_cut_off(s, 2);
    struct checkpoint_age age = age_now(s);
    CHECK(age.is_cut);
    CHECK_FAILS(s, checkpoint_age_check(&s->act.config, &age, &s->d), DIAG_VERIFY,
                "the log has 3 records, the newest checkpoint covers 5");
}

/* A file that nobody of this host signed has no age. */
static void
test_forged(struct site *s)
{
    int64_t size;
    struct checkpoint_age age;
    site_sign(s);
    site_write(s, "audit.checkpoint", STR("unit.example/assay\n9\nAAAA\n\n"));
    CHECK_FAILS(s, checkpoint_age_now(&s->act, &size, &age, &s->d), DIAG_VERIFY, "");
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_size,    test_none, test_heartbeat,
                                                   test_touched, test_cut,  test_forged};
    struct site s;
    site_start(&s);
    s.act.config.audit_heartbeat_s = 3600;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
