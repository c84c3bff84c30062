/* Checking what was handed out: which kind of thing a path is, and what is said of things that do not
 * hold. The signatures themselves are the sign room's. */
#include "job/verify.h"

#include <sys/stat.h>

#include "ledger/checkpoint.h"
#include "ledger/log_keys.h"
#include "ledger/verify_log.h"
#include "unit/act/session.h"

static struct session s;

/* "ok|no text" of every line; with the failure of the whole, when there is one. */
static struct str
verify(const char *name, const char *log_key)
{
    struct verify_report r = {.ok = true};
    struct diag d = diag_init(s.db.a);
    struct verify_keys k = {.log_key = session_path(&s, log_key).s};
    AUTO_BUF out = buf_init(1 << 20);
    struct verify *v = NULL;
    int rc = verify_open(&s.act->config, &k, &v, &d);
    if (rc == 0)
        rc = verify_files(v, session_path(&s, name).s, &r, &d);
    verify_close(v);
    if (rc != 0)
        return arena_fmt(s.db.a, "-1 %s", diag_text(&d).s);
    bool all = true;
    for (size_t i = 0; i < r.lines.n; i++) {
        all = all && r.lines.v[i].ok;
        buf_fmt(&out, "%s %.*s\n", r.lines.v[i].ok ? "ok" : "no", STR_ARG(r.lines.v[i].text));
    }
    CHECK(r.ok == all && r.lines.n > 0);
    return arena_str(s.db.a, buf_view(&out));
}

static void
check_says(const char *name, const char *verdict, const char *words)
{
    struct str got = verify(name, "audit.vkeys");
    bool ok = str_starts(got, verdict) && str_find(got, words) >= 0;
    if (!ok)
        fprintf(stderr, "  %s: %.*s\n", name, STR_ARG(got));
    CHECK(ok);
}

static void
test_kinds(void)
{
    CHECK(mkdir(session_path(&s, "empty").s, 0700) == 0);
    session_write(&s, "notes.txt", "hello");
    session_write(&s, "fake.pdf", "hello");
    session_write(&s, "unsigned.json", "{\"version\": 1}");
    check_says("nothing", "no", "cannot read it");
    check_says("empty", "no", "the folder holds no manifest.json");
    check_says("notes.txt", "no", "neither a PDF");
    check_says("fake.pdf", "no", "");
    check_says("unsigned.json", "no", "the manifest is not signed: no .p7s beside it");
    session_write(&s, "unsigned.json.p7s", "hello");
    check_says("unsigned.json", "no", "CMS"); /* there is one, and it is none */
    CHECK(
        str_eq(verify("unsigned.json.p7s", "audit.vkeys"), verify("unsigned.json", "audit.vkeys")));
}

/* Checkpoints and proofs by the key of the log; by that of another they prove nothing. */
static void
test_log_files(void)
{
    struct diag d = diag_init(s.db.a);
    struct checkpoint_made made;
    struct str proof;
    bool is_made;
    const struct event e = {.name = "test.event",
                            .severity = 1,
                            .object_type = STR("x"),
                            .object_id = STR("x"),
                            .object_name = STR("x"),
                            .reason = STR("")};
    CHECK(act_record(s.act, &e, 1, &d) == 0 && act_record(s.act, &e, 1, &d) == 0);
    CHECK(log_keys_make(s.act, &is_made, &d) == 0);
    CHECK(checkpoint_make(s.act, false, &made, &d) == 0);
    CHECK(verify_log_prove(s.act, 1, &proof, &d) == 0);
    if (diag_failed(&d))
        fprintf(stderr, "  %s\n", diag_text(&d).s);
    session_write(&s, "now.checkpoint", made.note.s);
    session_write(&s, "renamed.txt", proof.s); /* proofs are handed on under any name */
    CHECK_STR(verify("now.checkpoint", "audit.vkey"), "ok a checkpoint of unit/assay: 2 records\n");
    struct str got = verify("renamed.txt", "audit.vkey");
    CHECK(str_starts(got, "ok record 1 of unit/assay is below its checkpoint of 2 records: {"));
    /* one byte of the record, and it is not the one that was signed for */
    char *other = arena_strdup(s.db.a, proof.s);
    char *at = strstr(other, "test.event");
    if (!at) { /* the record stands in the proof in base64 */
        at = strstr(other, "\n") + 60;
        *at = *at == 'A' ? 'B' : 'A';
    } else {
        at[0] = 'b';
    }
    session_write(&s, "changed.tlog-proof", other);
    CHECK(str_starts(verify("changed.tlog-proof", "audit.vkey"), "no "));
    CHECK(str_starts(verify("notes.checkpoint", "audit.vkey"), "no "));
    session_write(&s, "notes.checkpoint", "hello\n");
    CHECK(str_starts(verify("notes.checkpoint", "audit.vkey"), "no "));
    CHECK(str_starts(verify("now.checkpoint", "missing.vkey"), "-1 "));
    session_write(&s, "bad.vkey", "no key\n");
    CHECK(str_starts(verify("now.checkpoint", "bad.vkey"), "-1 "));
}

int
main(void)
{
    session_start(&s, "");
    test_kinds();
    test_log_files();
    session_stop(&s);
    return CHECK_DONE();
}
