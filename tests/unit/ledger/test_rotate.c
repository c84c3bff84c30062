/* Another log key: all of it, or what the next call ends. */
#include "ledger/rotate.h"

#include <sys/file.h>

#include "site.h"

static int
try_rotate(struct site *s)
{
    struct rotation r;
    return rotate_run(&s->act, &r, &s->d);
}

static struct audit_keys
keys_of(struct site *s)
{
    struct audit_keys k = {0};
    CHECK(site_ok(s, log_keys_load_all(&s->act.config, s->a, &k, &s->d)));
    return k;
}

static void
test_rotates(struct site *s)
{
    struct rotation r;
    struct audit_checkpoint cp;
    struct str before = str_trim(site_read(s, "audit.vkey"));
    site_append(s, 3);
    CHECK(site_ok(s, rotate_run(&s->act, &r, &s->d)));
    CHECK(str_eq(r.old_vkey, before) && r.size == 3);
    CHECK(str_eq(str_trim(site_read(s, "audit.vkey")), r.new_vkey) &&
          !str_eq(r.old_vkey, r.new_vkey));
    CHECK(site_count(s, "audit.key.rotate") == 1 && !file_exists(site_path(s, "audit.key.new")));
    struct audit_keys k = keys_of(s);
    CHECK(k.v.n == 2 && k.v.v[0].last == 4); /* the record of the rotation is the fourth */
    CHECK(k.v.v[1].first == 3 && k.v.v[1].last == INT64_MAX);
    /* the new key signs from now on, and the list still verifies what the old one signed */
    site_append(s, 1);
    struct str note = site_sign(s);
    CHECK(site_ok(s, audit_keys_open(&k, note, s->a, &cp, NULL, &s->d)) && cp.size == 5);
    CHECK(!audit_note_names(note, &k.v.v[0].key, s->a));
}

/* Cut off behind the file of the new key: that very key is used, from the size that it says. */
static void
test_goes_on_with_the_key(struct site *s)
{
    struct rotation r;
    struct audit_signer *next = NULL;
    site_append(s, 2);
    CHECK(site_ok(s, audit_signer_make(s->act.config.origin, &next, &s->d)));
    struct audit_vkey k = audit_signer_vkey(next);
    struct str want = audit_vkey_text(&k, s->a);
    site_write(s, "audit.key.new", arena_fmt(s->a, "first 1\n%s", audit_signer_pem(next, s->a).s));
    CHECK(site_ok(s, rotate_run(&s->act, &r, &s->d)));
    CHECK(str_eq(r.new_vkey, want) && r.size == 1);
    CHECK(keys_of(s).v.v[1].first == 1);
    audit_signer_free(next);
}

/* Cut off behind the list: no second record, no third key, the files change places. */
static void
test_goes_on_behind_the_list(struct site *s)
{
    struct rotation r;
    struct audit_signer *next = NULL;
    site_append(s, 2);
    CHECK(site_ok(s, audit_signer_make(s->act.config.origin, &next, &s->d)));
    site_write(s, "audit.key.new", arena_fmt(s->a, "first 2\n%s", audit_signer_pem(next, s->a).s));
    CHECK(site_ok(s, checkpoint_make_with(&s->act, next, 2, &s->d)));
    struct str list = site_read(s, "audit.vkeys");
    CHECK(site_ok(s, rotate_run(&s->act, &r, &s->d)));
    CHECK(site_count(s, "audit.key.rotate") == 0);
    CHECK(str_eq(site_read(s, "audit.vkeys"), list));
    CHECK(!file_exists(site_path(s, "audit.key.new")));
    site_sign(s); /* with the new key, which is in force */
    audit_signer_free(next);
}

/* What is no key that was made to follow stops it before anything changes. */
static void
test_refuses(struct site *s)
{
    struct str list = site_read(s, "audit.vkeys"), key = site_read(s, "audit.key");
    static const char *const bad[] = {"", "first\n", "first -1\n", "first x\n", "last 1\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        site_write(s, "audit.key.new", arena_fmt(s->a, "%s%.*s", bad[i], STR_ARG(key)));
        CHECK_FAILS(s, try_rotate(s), DIAG_CONFIG, "audit.key.new: not a key that was made");
    }
    site_write(s, "audit.key.new", STR("first 1\nnonsense\n"));
    CHECK_FAILS(s, try_rotate(s), DIAG_CONFIG, "audit.key.new: no private key");
    CHECK(str_eq(site_read(s, "audit.vkeys"), list) && str_eq(site_read(s, "audit.key"), key));
    CHECK(site_count(s, "audit.key.rotate") == 0);
    CHECK(unlink(site_path(s, "audit.key.new")) == 0);
}

/* A log that does not hold gets no other key. */
static void
test_log_must_hold(struct site *s)
{
    site_append(s, 3);
    site_sign(s);
    site_cut_off(s, 1);
    CHECK_FAILS(s, try_rotate(s), DIAG_VERIFY, "it was cut off");
    CHECK(keys_of(s).v.n == 1 && !file_exists(site_path(s, "audit.key.new")));
}

static void
test_one_at_a_time(struct site *s)
{
    int fd = open(s->db.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0);
    CHECK_FAILS(s, try_rotate(s), DIAG_BUSY, "rotated already");
    close(fd);
    CHECK(site_ok(s, try_rotate(s)));
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {
        test_rotates, test_goes_on_with_the_key, test_goes_on_behind_the_list,
        test_refuses, test_log_must_hold,        test_one_at_a_time};
    struct site s;
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
