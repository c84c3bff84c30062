/* What was said about the log: which files say something, and what a statement that is not true does. */
#include "ledger/statements.h"

#include "audit/encode.h"
#include "model/report.h"
#include "site.h"

static int
gather(struct site *s, struct statements *c, const char *file)
{
    struct expected e;
    expected_read(&s->act.config, &file, file != NULL, s->a, &e);
    return statements_gather(c, &s->act, &e, &s->d);
}

static int
try_gather(struct site *s, const char *file)
{
    struct statements c;
    return gather(s, &c, file);
}

/* All leaves of the log through the comparison, as verify_log.c walks them. */
static int
compare(struct site *s, struct statements *c)
{
    struct audit_edge e;
    int64_t size = site_number(s, "SELECT size FROM audit_head");
    struct sha256_digest *v = ARENA_ARRAY(s->a, struct sha256_digest, (size_t)size + 1);
    audit_edge_start(&e, 0);
    CHECK(site_ok(s, store_load_leaves(s->act.store, 0, (size_t)size, v, &s->d)));
    if (statements_compare(c, &e, NULL, &s->d) != 0)
        return -1;
    for (int64_t i = 0; i < size; i++)
        if (audit_edge_add(&e, &v[i], NULL, NULL, &s->d) != 0 ||
            statements_compare(c, &e, &v[i], &s->d) != 0)
            return -1;
    return statements_end(c, size, &s->d);
}

/* A file with that text; its path. */
static const char *
file_of(struct site *s, struct str text)
{
    site_write(s, "expected", text);
    return site_path(s, "expected");
}

static struct str
leaf_hex(struct site *s, int64_t seq)
{
    struct sha256_digest leaf;
    CHECK(site_ok(s, store_load_leaves(s->act.store, seq, 1, &leaf, &s->d)));
    return sha256_hex(s->a, &leaf);
}

/* Record seq as an exporter writes it, with a line end. */
static struct str
exported(struct site *s, int64_t seq, const char *format)
{
    struct store_record *r;
    struct audit_record rec;
    size_t n;
    AUTO_BUF out = buf_init(1 << 16);
    struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473")};
    CHECK(site_ok(s, store_load_records(s->act.store, seq, 1, s->a, &r, &n, &s->d)) && n == 1);
    CHECK(site_ok(s, audit_record_parse(r->rec, s->a, &rec, &s->d)));
    audit_encoder_find(str_c(format))->encode(&rec, &o, s->a, &out);
    buf_putc(&out, '\n');
    return arena_str(s->a, buf_view(&out));
}

/* Files that say something true: how many statements each holds. */
static void
test_true(struct site *s)
{
    site_append(s, 6);
    struct str note = site_sign(s);
    site_append(s, 1);
    const struct {
        struct str text;
        int64_t n;
    } t[] = {
        {note, 1},
        {arena_fmt(s->a, "{\"audit\":{\"seq\":2,\"hash\":\"%s\"}}", leaf_hex(s, 2).s), 1},
        {arena_fmt(s->a, "{\"audit\":{\"seq\":6,\"sha256\":\"%s\"}}", leaf_hex(s, 6).s), 1},
        {arena_fmt(s->a, "<!doctype html><pre id=\"" REPORT_CHECKPOINT_ID "\">%.*s</pre>",
                   STR_ARG(note)),
         1},
        {exported(s, 0, "json"), 1},
        {arena_fmt(s->a, "%s\n%s%s", exported(s, 3, "cef").s, exported(s, 1, "ecs").s,
                   exported(s, 3, "rfc5424").s),
         3},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct statements c;
        CHECK(site_ok(s, gather(s, &c, file_of(s, t[i].text))));
        CHECK(c.n_expected == t[i].n && c.n_signed == 1 && c.newest == 6);
        CHECK(site_ok(s, compare(s, &c)));
    }
}

/* Files that say nothing about a log, and none at all. */
static void
test_nothing(struct site *s)
{
    static const char *const texts[] = {"",
                                        "\n \n",
                                        "hello\n",
                                        "{}",
                                        "{\"audit\":{}}",
                                        "{\"audit\":{\"seq\":-1,\"hash\":\"00\"}}",
                                        "{\"audit\":{\"seq\":1,\"hash\":\"xyz\"}}",
                                        "{\"audit\":7}",
                                        "<!doctype html><p>nothing</p>",
                                        "unit\nx\nAAAA\n\n— unit AAAA\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_FAILS(s, try_gather(s, file_of(s, str_c(texts[i]))), DIAG_BAD_DATA, "expected");
    CHECK_FAILS(s, try_gather(s, "/nonexistent/file"), DIAG_IO, "/nonexistent/file");
}

/* Statements that are not true, each found where it speaks of. */
static void
test_untrue(struct site *s)
{
    struct statements c;
    site_append(s, 6);
    struct str note = site_sign(s);
    struct str wrong = arena_fmt(s->a, "{\"audit\":{\"seq\":2,\"hash\":\"%s\"}}", leaf_hex(s, 3).s);
    CHECK(site_ok(s, gather(s, &c, file_of(s, wrong))));
    CHECK_FAILS(s, compare(s, &c), DIAG_VERIFY, "record 2 that a report names is not the one");
    struct str kept = exported(s, 5, "json");
    site_cut_off(s, 2);
    CHECK(site_ok(s, gather(s, &c, NULL)));
    CHECK_FAILS(s, compare(s, &c), DIAG_VERIFY,
                "the log has 4 records; the checkpoint of 6 records: its end was cut off");
    site_append(s, 2);
    CHECK(site_ok(s, gather(s, &c, file_of(s, kept))));
    CHECK_FAILS(s, compare(s, &c), DIAG_VERIFY, "the log was rewritten");
    /* where there are keys, a checkpoint that they did not sign like this is no statement */
    CHECK_FAILS(s, try_gather(s, file_of(s, arena_fmt(s->a, "x%s", note.s))), DIAG_VERIFY,
                "does not hold");
}

/* The file outside and the database must fit each other. */
static void
test_kept(struct site *s)
{
    struct str note;
    site_append(s, 2);
    site_sign(s);
    note = site_read(s, "audit.checkpoint");
    CHECK(unlink(site_path(s, "audit.checkpoint")) == 0);
    CHECK_FAILS(s, try_gather(s, NULL), DIAG_VERIFY, "audit.checkpoint is gone");
    site_write(s, "audit.checkpoint", note);
    site_sql(s, "DELETE FROM audit_checkpoint");
    CHECK_FAILS(s, try_gather(s, NULL), DIAG_VERIFY,
                "a checkpoint of 2 records was made and is not in the database");
    site_write(s, "audit.checkpoint", STR("x"));
    CHECK_FAILS(s, try_gather(s, NULL), DIAG_VERIFY, "audit.checkpoint: not a signed note");
}

/* Rows of the database: of this host, of another one, and changed ones. */
static void
test_stored(struct site *s)
{
    struct statements c;
    struct audit_signer *other = NULL;
    struct str note;
    site_append(s, 2);
    site_sign(s);
    struct sha256_digest v[2];
    CHECK(site_ok(s, store_load_leaves(s->act.store, 0, 2, v, &s->d)));
    struct sha256_digest root = audit_tree_root_of(v, 2);
    CHECK(site_ok(s, audit_signer_make(STR("elsewhere"), &other, &s->d)));
    CHECK(site_ok(s, audit_checkpoint_sign(2, &root, other, s->a, &note, &s->d)));
    struct store_checkpoint row = {.origin = STR("elsewhere+1"), .size = 2, .note = note};
    CHECK(site_ok(s, store_put_checkpoint(s->act.store, &row, &s->d)));
    CHECK(site_ok(s, gather(s, &c, NULL)) && c.n_signed == 1 && c.n_unsigned == 1);
    CHECK(site_ok(s, compare(s, &c)));
    root.b[0] ^= 1;
    CHECK(site_ok(s, audit_checkpoint_sign(2, &root, other, s->a, &row.note, &s->d)));
    CHECK(site_ok(s, store_put_checkpoint(s->act.store, &row, &s->d)));
    CHECK(site_ok(s, gather(s, &c, NULL)));
    CHECK_FAILS(s, compare(s, &c), DIAG_VERIFY, "the checkpoint of 2 records does not fit");
    site_sql(s, "DELETE FROM audit_checkpoint WHERE origin = 'elsewhere+1'");
    site_sql(s, "UPDATE audit_checkpoint SET size = 1");
    CHECK_FAILS(s, try_gather(s, NULL), DIAG_VERIFY, "the column says 1 records");
    site_sql(s, "UPDATE audit_checkpoint SET size = 2, note = REPLACE(note, '\n2\n', '\n1\n')");
    CHECK_FAILS(s, try_gather(s, NULL), DIAG_VERIFY, "checkpoint of 2 records in the database");
    audit_signer_free(other);
}

/* A host without a key has nothing to check with: others' statements still count. A key file that
 * cannot be used is no such host. */
static void
test_no_key(struct site *s)
{
    struct statements c;
    site_append(s, 3);
    struct str note = site_sign(s);
    CHECK(system(arena_fmt(s->a, "rm %s/audit.*", s->db.dir).s) == 0);
    CHECK(site_ok(s, gather(s, &c, file_of(s, note))));
    CHECK(c.keys.v.n == 0 && c.n_unsigned == 1 && c.n_expected == 1);
    CHECK(site_ok(s, compare(s, &c)));
    site_write(s, "audit.vkey", STR("nonsense\n"));
    CHECK_FAILS(s, try_gather(s, NULL), DIAG_CONFIG, "audit.vkey");
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_true, test_nothing, test_untrue,
                                                   test_kept, test_stored,  test_no_key};
    struct site s;
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
