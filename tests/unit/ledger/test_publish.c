/* The log as files: what is written once, what is taken away, and what is never given out. */
#include "ledger/publish.h"

#include "audit/tiles.h"
#include "site.h"

static int
publish(struct site *s, struct publish_summary *ret)
{
    return publish_run(&s->act, site_path(s, "audit.out"), ret, &s->d);
}

static int
try_publish(struct site *s)
{
    struct publish_summary sum;
    return publish(s, &sum);
}

static const char *
out(struct site *s, const char *name)
{
    return arena_fmt(s->a, "audit.out/%s", name).s;
}

static bool
is_there(struct site *s, const char *name)
{
    return file_exists(site_path(s, out(s, name)));
}

/* Files below the folder. */
static int
n_files(struct site *s)
{
    int n = -1;
    FILE *f = popen(arena_fmt(s->a, "find %s -type f | wc -l", site_path(s, "audit.out")).s, "r");
    CHECK(f && fscanf(f, "%d", &n) == 1);
    if (f)
        pclose(f);
    return n;
}

static void
test_grows(struct site *s)
{
    struct publish_summary sum;
    CHECK_FAILS(s, publish(s, &sum), DIAG_USAGE, "no checkpoint yet");
    site_append(s, 300);
    site_sign(s);
    CHECK(site_ok(s, publish(s, &sum)) && sum.size == 300);
    /* two tiles of hashes and two of records, one above them; checkpoint and keys */
    CHECK(sum.n_files == 5 && n_files(s) == 7);
    CHECK(is_there(s, "tile/0/000") && is_there(s, "tile/0/001.p/44"));
    CHECK(is_there(s, "tile/entries/001.p/44") && is_there(s, "tile/1/000.p/1"));
    CHECK(str_eq(site_read(s, out(s, "checkpoint")), site_read(s, "audit.checkpoint")));
    CHECK(site_read(s, out(s, "tile/0/001.p/44")).len == 44 * SHA256_SIZE);
    CHECK(site_ok(s, publish(s, &sum)) && sum.n_files == 0 && sum.n_removed == 0);
    site_append(s, 20); /* not full yet: one more partial file of each, the old ones stay */
    site_sign(s);
    CHECK(site_ok(s, publish(s, &sum)) && sum.n_files == 2 && is_there(s, "tile/0/001.p/44"));
    site_append(s, 192);
    site_sign(s);
    CHECK(site_ok(s, publish(s, &sum)));
    CHECK(sum.n_removed == 4 && !is_there(s, "tile/0/001.p") && is_there(s, "tile/0/001"));
}

/* What was given out must be what the log has, file by file. */
static void
test_changed_files(struct site *s)
{
    static const char *const names[] = {"tile/0/000", "tile/entries/000", "tile/1/000.p/1"};
    site_append(s, 256);
    site_sign(s);
    CHECK(site_ok(s, try_publish(s)));
    struct str note = site_read(s, out(s, "checkpoint"));
    CHECK(unlink(site_path(s, out(s, "checkpoint"))) == 0); /* all of it is written again */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str good = site_read(s, out(s, names[i]));
        site_write(s, out(s, names[i]), str_n(good.s, good.len - 1));
        CHECK_FAILS(s, try_publish(s), DIAG_VERIFY, names[i]);
        CHECK(!is_there(s, "checkpoint"));
        site_write(s, out(s, names[i]), good);
    }
    CHECK(site_ok(s, try_publish(s)));
    CHECK(str_eq(site_read(s, out(s, "checkpoint")), note));
}

/* A folder of another log, of a newer one, or with another history. */
static void
test_other_folders(struct site *s)
{
    struct audit_signer *other = NULL;
    struct sha256_digest root = sha256_of(STR("x"));
    struct str note;
    site_append(s, 5);
    struct str older = site_sign(s);
    site_append(s, 5);
    site_sign(s);
    CHECK(site_ok(s, try_publish(s)));
    struct str newest = site_read(s, "audit.checkpoint");
    site_write(s, "audit.checkpoint", older);
    CHECK_FAILS(s, try_publish(s), DIAG_VERIFY, "10 records are published");
    site_write(s, "audit.checkpoint", newest);
    CHECK(site_ok(s, audit_signer_make(STR("elsewhere"), &other, &s->d)));
    CHECK(site_ok(s, audit_checkpoint_sign(3, &root, other, s->a, &note, &s->d)));
    site_write(s, out(s, "checkpoint"), note);
    CHECK_FAILS(s, try_publish(s), DIAG_VERIFY, "audit.out/checkpoint");
    audit_signer_free(other);
    /* of this key, but not a beginning of this log */
    CHECK(site_ok(s, log_keys_load_signer(&s->act.config, &other, &s->d)));
    CHECK(site_ok(s, audit_checkpoint_sign(3, &root, other, s->a, &note, &s->d)));
    site_write(s, out(s, "checkpoint"), note);
    CHECK_FAILS(s, try_publish(s), DIAG_VERIFY, "audit.out/checkpoint");
    audit_signer_free(other);
}

/* Records that are not those that were signed: nothing of them is written. */
static void
test_changed_records(struct site *s)
{
    site_append(s, 300);
    site_sign(s);
    site_sql(s, "UPDATE audit_log SET leaf = REPEAT(x'11', 32) WHERE seq = 280");
    CHECK_FAILS(s, try_publish(s), DIAG_VERIFY, "the records are not those that were signed");
    CHECK(n_files(s) == 0);
    site_reset(s);
    site_append(s, 300);
    site_sign(s);
    site_sql(s, "UPDATE audit_log SET rec = REPLACE(rec, 'cli', 'CLI') WHERE seq = 299");
    CHECK_FAILS(s, try_publish(s), DIAG_VERIFY, "record 299 is not the one that was signed");
    CHECK(!is_there(s, "checkpoint"));
    site_reset(s);
    site_append(s, 300);
    site_sign(s);
    site_sql(s, "DELETE FROM audit_log WHERE seq = 299");
    CHECK(try_publish(s) == -1);
    diag_clear(&s->d);
    CHECK(!is_there(s, "checkpoint"));
}

/* Texts that were pruned go, hashes stay; a folder that is made later never has them. */
static void
test_pruned(struct site *s)
{
    struct publish_summary sum;
    site_append(s, 600);
    site_sign(s);
    CHECK(site_ok(s, publish(s, &sum)));
    site_sql(s, "UPDATE audit_log SET rec = NULL WHERE seq < 512");
    CHECK(site_ok(s, publish(s, &sum)) && sum.n_files == 0 && sum.n_removed == 2);
    CHECK(is_there(s, "tile/0/001") && !is_there(s, "tile/entries/001"));
    CHECK(is_there(s, "tile/entries/002.p/88"));
    CHECK(system(arena_fmt(s->a, "rm -r %s", site_path(s, "audit.out")).s) == 0);
    CHECK(site_ok(s, publish(s, &sum)) && sum.n_removed == 0);
    CHECK(is_there(s, "tile/0/001") && !is_there(s, "tile/entries/001"));
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {
        test_grows, test_changed_files, test_other_folders, test_changed_records, test_pruned};
    struct site s;
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
