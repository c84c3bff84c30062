/* Checkpoints: what is signed and kept, and what is never signed. */
#include "ledger/checkpoint.h"

#include "audit/cosign.h"
#include "site.h"

static struct checkpoint_made
make(struct site *s)
{
    struct checkpoint_made made = {.size = -1};
    CHECK(site_ok(s, checkpoint_make(&s->act, false, &made, &s->d)));
    return made;
}

static int
try_make(struct site *s, bool rebuild)
{
    struct checkpoint_made made;
    return checkpoint_make(&s->act, rebuild, &made, &s->d);
}

static void
test_grows(struct site *s)
{
    struct audit_checkpoint cp;
    struct str note;
    CHECK_FAILS(s, checkpoint_load_newest(&s->act.config, s->a, &note, &cp, &s->d), DIAG_USAGE,
                "no checkpoint yet");
    struct checkpoint_made m = make(s);
    CHECK(m.size == 0 && m.is_new); /* also of no records: from now on it cannot be cut off */
    m = make(s);
    CHECK(m.size == 0 && !m.is_new);
    site_append(s, 3);
    m = make(s);
    CHECK(m.size == 3 && m.is_new);
    CHECK(site_ok(s, checkpoint_load_newest(&s->act.config, s->a, &note, &cp, &s->d)));
    CHECK(cp.size == 3 && str_eq(note, m.note));
    CHECK(site_number(s, "SELECT COUNT(*) FROM audit_checkpoint") == 2);
}

/* Each fails, keeps nothing, and what was kept before is still there. */
static void
test_contradictions(struct site *s)
{
    site_append(s, 5);
    struct str kept = site_sign(s);
    site_append(s, 1);
    site_cut_off(s, 2);
    CHECK_FAILS(s, try_make(s, false), DIAG_VERIFY, "5 were signed: it was cut off");
    site_append(s, 1); /* as many as before, and another fifth one */
    CHECK_FAILS(s, try_make(s, true), DIAG_VERIFY, "the first 5 records");
    CHECK(str_eq(site_read(s, "audit.checkpoint"), kept));
    /* tiles that give the signed root are believed: what is signed again is that root, not the record */
    CHECK(str_eq(site_sign(s), kept));
    site_sql(s, "DELETE FROM audit_tile");
    CHECK_FAILS(s, try_make(s, false), DIAG_VERIFY, "the first 5 records");
    site_append(s, 300);
    CHECK_FAILS(s, try_make(s, false), DIAG_VERIFY, "the first 5 records");
    CHECK(site_number(s, "SELECT MAX(size) FROM audit_checkpoint") == 5);
}

/* What is kept outside is read before anything is signed. */
static void
test_kept_file(struct site *s)
{
    site_append(s, 2);
    struct str kept = site_sign(s);
    site_write(s, "audit.checkpoint", STR("nonsense\n"));
    CHECK_FAILS(s, try_make(s, false), DIAG_VERIFY, "audit.checkpoint: not a signed note");
    struct str other = arena_fmt(s->a, "%.*s", STR_ARG(kept));
    ((char *)other.s)[str_find(other, "\n2\n") + 1] = '1'; /* another size below the same name */
    site_write(s, "audit.checkpoint", other);
    CHECK_FAILS(s, try_make(s, false), DIAG_VERIFY, "does not hold");
    site_write(s, "audit.checkpoint", kept);
    CHECK(make(s).size == 2);
}

/* The database has it first: the file is never ahead. */
static void
test_order(struct site *s)
{
    site_append(s, 1);
    site_sign(s);
    struct str kept = site_read(s, "audit.checkpoint");
    site_append(s, 1);
    site_sql(s, "RENAME TABLE audit_checkpoint TO elsewhere");
    CHECK(try_make(s, false) == -1);
    diag_clear(&s->d);
    site_sql(s, "RENAME TABLE elsewhere TO audit_checkpoint");
    CHECK(str_eq(site_read(s, "audit.checkpoint"), kept));
    struct checkpoint_made m = make(s);
    CHECK(m.size == 2 && m.is_new);
}

/* The checkpoint that hands over to another key: signed by both, known to the list at once. */
static void
test_next_key(struct site *s)
{
    struct audit_signer *next = NULL;
    struct audit_keys keys;
    struct audit_checkpoint cp;
    site_append(s, 4);
    CHECK(site_ok(s, audit_signer_make(s->act.config.origin, &next, &s->d)));
    CHECK(site_ok(s, checkpoint_make_with(&s->act, next, 4, &s->d)));
    struct str note = site_read(s, "audit.checkpoint");
    struct audit_vkey is = audit_signer_vkey(next);
    CHECK(site_ok(s, audit_checkpoint_open(note, &is, s->a, &cp, &s->d)) && cp.size == 4);
    CHECK(site_number(s, "SELECT COUNT(*) FROM audit_checkpoint WHERE size = 4") == 2);
    CHECK(site_ok(s, log_keys_load_all(&s->act.config, s->a, &keys, &s->d)));
    CHECK(keys.v.n == 2 && keys.v.v[0].last == 4 && keys.v.v[1].first == 4);
    CHECK(keys.v.v[1].last == INT64_MAX);
    CHECK(site_ok(s, audit_keys_open(&keys, note, s->a, &cp, NULL, &s->d)));
    /* audit.key is still the old one: a rotation that was cut off here signs nothing more */
    CHECK_FAILS(s, try_make(s, false), DIAG_CONFIG, "not the key that audit.vkeys has in force");
    audit_signer_free(next);
}

static void
test_no_key(struct site *s)
{
    struct audit_checkpoint cp;
    struct str note;
    CHECK(unlink(site_path(s, "audit.key")) == 0);
    CHECK_FAILS(s, try_make(s, false), DIAG_CONFIG, "no key yet");
    CHECK(unlink(site_path(s, "audit.vkey")) == 0 && unlink(site_path(s, "audit.vkeys")) == 0);
    CHECK_FAILS(s, checkpoint_load_newest(&s->act.config, s->a, &note, &cp, &s->d), DIAG_CONFIG,
                "no key yet");
    CHECK(site_ok(s, checkpoint_load_kept(&s->act.config, s->a, &note, &s->d)) && note.len == 0);
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_grows, test_contradictions, test_kept_file,
                                                   test_order, test_next_key,       test_no_key};
    struct site s;
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
