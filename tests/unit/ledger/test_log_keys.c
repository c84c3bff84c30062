/* The log key of a host: made once, never made again over, and its list believed only when it fits. */
#include "ledger/log_keys.h"

#include "site.h"

/* A host without a database: keys need none. */
static void
start(struct site *s)
{
    memset(s, 0, sizeof *s);
    snprintf(s->db.dir, sizeof s->db.dir, "/tmp/assay-unit-XXXXXX");
    CHECK(mkdtemp(s->db.dir));
    s->a = arena_new();
    s->d = diag_init(s->a);
    s->act.config.state_dir = str_c(s->db.dir);
    s->act.config.origin = STR("unit.example/assay");
}

static void
stop(struct site *s)
{
    CHECK(system(arena_fmt(s->a, "rm -rf %s", s->db.dir).s) == 0);
    arena_free(s->a);
}

static bool
makes(struct site *s)
{
    bool made = false;
    CHECK(site_ok(s, log_keys_make(&s->act, &made, &s->d)));
    return made;
}

static int
load_all(struct site *s, size_t *n)
{
    struct audit_keys k;
    int rc = log_keys_load_all(&s->act.config, s->a, &k, &s->d);
    *n = rc == 0 ? k.v.n : 0;
    return rc;
}

static int
load_signer(struct site *s, struct audit_vkey *ret)
{
    struct audit_signer *key = NULL;
    int rc = log_keys_load_signer(&s->act.config, &key, &s->d);
    if (rc == 0) {
        *ret = audit_signer_vkey(key);
        ret->name = arena_str(s->a, ret->name);
    }
    audit_signer_free(key);
    return rc;
}

static void
test_none(struct site *s)
{
    struct audit_vkey k;
    size_t n;
    CHECK_FAILS(s, log_keys_load_vkey(&s->act.config, s->a, &k, &s->d), DIAG_CONFIG, "assay init");
    CHECK_FAILS(s, load_signer(s, &k), DIAG_CONFIG, "assay init");
    CHECK_FAILS(s, load_all(s, &n), DIAG_CONFIG, "assay init");
}

static void
test_makes_once(struct site *s)
{
    struct stat st;
    size_t n;
    CHECK(makes(s));
    CHECK(stat(site_path(s, "audit.key"), &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK(stat(site_path(s, "audit.vkey"), &st) == 0 && (st.st_mode & 0777) == 0644);
    struct str key = site_read(s, "audit.key"), vkey = site_read(s, "audit.vkey");
    CHECK(!makes(s));
    /* a crash behind the key: what verifies it is made of the key that is there */
    CHECK(unlink(site_path(s, "audit.vkey")) == 0 && unlink(site_path(s, "audit.vkeys")) == 0);
    CHECK(!makes(s));
    CHECK(str_eq(site_read(s, "audit.key"), key) && str_eq(site_read(s, "audit.vkey"), vkey));
    CHECK(site_ok(s, load_all(s, &n)) && n == 1); /* no list: the one key signs everything */
}

/* The setting origin may change, the name of a key does not. */
static void
test_keeps_its_name(struct site *s)
{
    struct audit_vkey k;
    CHECK(makes(s));
    s->act.config.origin = STR("renamed.example");
    CHECK(site_ok(s, load_signer(s, &k)));
    CHECK_STR(k.name, "unit.example/assay");
}

/* A list without the key in force, and files that are no keys. */
static void
test_refuses(struct site *s)
{
    struct audit_signer *other = NULL;
    struct audit_vkey k;
    size_t n;
    CHECK(makes(s));
    struct str vkey = site_read(s, "audit.vkey"), list = site_read(s, "audit.vkeys");
    CHECK(site_ok(s, audit_signer_make(STR("unit.example/assay"), &other, &s->d)));
    k = audit_signer_vkey(other);
    CHECK(site_ok(s, log_keys_put_vkey(&s->act.config, &k, &s->d)));
    CHECK_FAILS(s, load_all(s, &n), DIAG_CONFIG, "does not list the key of audit.vkey");
    audit_signer_free(other);
    site_write(s, "audit.vkey", vkey);
    site_write(s, "audit.vkeys", STR("# nothing\n\n"));
    CHECK_FAILS(s, load_all(s, &n), DIAG_CONFIG, "audit.vkeys: no key");
    site_write(s, "audit.vkeys", arena_fmt(s->a, "%.*s 7 3\n", STR_ARG(str_trim(vkey))));
    CHECK_FAILS(s, load_all(s, &n), DIAG_CONFIG, "two sizes");
    site_write(s, "audit.vkeys", list);
    site_write(s, "audit.vkey", STR("x+1+y\n"));
    CHECK_FAILS(s, load_all(s, &n), DIAG_CONFIG, "audit.vkey");
    CHECK_FAILS(s, load_signer(s, &k), DIAG_CONFIG, "audit.vkey");
    site_write(s, "audit.vkey", vkey);
    site_write(s, "audit.key", STR("-----BEGIN PRIVATE KEY-----\nMAo=\n"));
    CHECK_FAILS(s, load_signer(s, &k), DIAG_CONFIG, "audit.key: no private key");
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_none, test_makes_once, test_keeps_its_name,
                                                   test_refuses};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct site s;
        start(&s);
        tests[i](&s);
        stop(&s);
    }
    return CHECK_DONE();
}
