/* Witnesses, asked and checked: what ends a checkpoint, what is a warning, whose lines count. */
#include "ledger/witness.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "ledger/cosigner.h"
#include "site.h"

/* ---- an honest witness, at a socket in the state directory ---- */

struct honest {
    const char *dir;
    struct str vkey, whom; /* "unix:PATH" */
    pid_t pid;
};

static struct str
read_to_end(int fd, struct arena *a)
{
    AUTO_BUF b = buf_init(COSIGNER_MAX_REQUEST);
    char piece[4096];
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;)
        buf_add(&b, piece, (size_t)n);
    return arena_str(a, buf_view(&b));
}

/* As `assay witness cosign` answers. */
static void
serve(int listener, const char *dir)
{
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; close(fd)) {
        struct arena *a = arena_new();
        struct diag d = diag_init(a);
        struct cosigner_answer r;
        int rc = cosigner_answer(dir, read_to_end(fd, a), env_wall_us() / 1000000, &r, &d);
        struct str text = rc == 0 ? r.line
                          : d.first.code == DIAG_RETRY
                              ? arena_fmt(a, "%lld\n", (long long)r.known)
                              : arena_fmt(a, "refused: %.*s\n", STR_ARG(d.first.text));
        CHECK(write(fd, text.s, text.len) == (ssize_t)text.len);
        arena_free(a);
    }
    _exit(0);
}

static struct honest
start_honest(struct site *s, const char *name)
{
    struct honest h = {.dir = site_path(s, name)};
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t n;
    snprintf(at.sun_path, sizeof at.sun_path, "%s.sock", h.dir);
    unlink(at.sun_path);
    CHECK(site_ok(s, cosigner_init(h.dir, arena_fmt(s->a, "unit/%s", name), &h.vkey, &s->d)));
    CHECK(site_ok(s, cosigner_trust(h.dir, site_read(s, "audit.vkey"), &n, &s->d)));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 5) == 0);
    h.whom = arena_fmt(s->a, "unix:%s", at.sun_path);
    h.pid = fork();
    if (h.pid == 0)
        serve(fd, h.dir);
    close(fd);
    return h;
}

static void
stop_honest(struct site *s, const struct honest *h)
{
    kill(h->pid, SIGKILL);
    CHECK(waitpid(h->pid, NULL, 0) == h->pid);
    CHECK(system(arena_fmt(s->a, "rm -rf %s %s.sock", h->dir, h->dir).s) == 0);
}

/* ---- settings ---- */

static void
set_witness(struct site *s, struct str vkey, struct str whom)
{
    struct config *c = &s->act.config;
    c->witnesses.n = c->witness_asks.n = 0;
    *VEC_PUSH(s->a, &c->witnesses) = vkey;
    *VEC_PUSH(s->a, &c->witness_asks) = whom;
}

/* A command that says this, whatever it is asked. */
static struct str
says(struct site *s, const char *answer)
{
    site_write(s, "says", arena_fmt(s->a, "cat >/dev/null; printf '%%b' '%s'", answer));
    return arena_fmt(s->a, "sh %s", site_path(s, "says"));
}

static enum audit_cosigned
is_cosigned(struct site *s, struct str note, struct str vkey)
{
    struct audit_vkey k;
    int64_t at;
    CHECK(site_ok(s, audit_vkey_parse_witness(vkey, s->a, &k, &s->d)));
    return audit_cosigned(note, &k, s->a, &at, &s->d);
}

static int
try_make(struct site *s)
{
    struct checkpoint_made made;
    return checkpoint_make(&s->act, false, &made, &s->d);
}

/* ---- tests ---- */

/* Each checkpoint is cosigned; what was signed before there was a witness lacks one. */
static void
test_honest(struct site *s)
{
    struct witness_verdict v;
    site_append(s, 2);
    site_sign(s);
    struct honest h = start_honest(s, "w1");
    set_witness(s, h.vkey, h.whom);
    for (int i = 0; i < 3; i++) {
        site_append(s, 100);
        CHECK(is_cosigned(s, site_sign(s), h.vkey) == AUDIT_COSIGNED);
    }
    struct str kept = site_read(s, "audit.checkpoint");
    CHECK(site_ok(s, witness_verify(&s->act, kept, &v, &s->d)));
    CHECK(v.n_witnesses == 1 && v.n_held == 3 && v.n_lacking == 1 && v.n_asked == 1);
    CHECK(v.newest_at > 1700000000);
    /* without a checkpoint nobody is asked */
    CHECK(site_ok(s, witness_verify(&s->act, STR(""), &v, &s->d)) && v.n_asked == 0);
    CHECK(site_count(s, "audit.witness") == 0);
    stop_honest(s, &h);
}

/* Database and state directory are put back together: only the witness knows. */
static void
test_put_back(struct site *s)
{
    struct witness_verdict v;
    struct honest h = start_honest(s, "w2");
    set_witness(s, h.vkey, h.whom);
    site_append(s, 5);
    struct str kept = site_sign(s);
    site_append(s, 3);
    site_sign(s);
    site_cut_off(s, 3);
    site_sql(s, "DELETE FROM audit_checkpoint WHERE size > 5");
    site_write(s, "audit.checkpoint", kept);
    CHECK_FAILS(s, witness_verify(&s->act, kept, &v, &s->d), DIAG_VERIFY, "the log went back");
    site_append(s, 1);
    CHECK_FAILS(s, try_make(s), DIAG_VERIFY, "the witness has seen 8");
    site_append(s, 4); /* longer than what it saw, and another history */
    site_sql(s, "DELETE FROM audit_tile");
    CHECK_FAILS(s, try_make(s), DIAG_VERIFY, "a witness");
    CHECK(str_eq(site_read(s, "audit.checkpoint"), kept));
    CHECK(site_count(s, "audit.witness") == 1); /* failed, once */
    stop_honest(s, &h);
}

/* Answers that say that the witness has seen another log stop the checkpoint. */
static void
test_refusals(struct site *s)
{
    static const struct {
        const char *answer, *words;
    } t[] = {{"refused: it is another one",
              "a witness refuses the checkpoint of 4 records: it is another"},
             {"9", "a witness has seen 9 records of the audit log"},
             {"0\\n", "records of the audit log are others"}};
    struct honest h = start_honest(s, "w3"); /* for its key */
    site_append(s, 4);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        set_witness(s, h.vkey, says(s, t[i].answer));
        CHECK_FAILS(s, try_make(s), DIAG_VERIFY, t[i].words);
        CHECK(!file_exists(site_path(s, "audit.checkpoint")));
    }
    stop_honest(s, &h);
}

/* Everything else is a warning: the checkpoint is made without a cosignature. */
static void
test_no_use(struct site *s)
{
    struct honest h = start_honest(s, "w4"), other = start_honest(s, "w5");
    site_append(s, 4);
    /* it answers 1, 2, 1, 2 …: as if another log asked in between */
    site_write(s, "n", STR("1"));
    site_write(s, "turns",
               arena_fmt(s->a, "cat >/dev/null; n=$(cat %s); echo $((3 - n)) >%s; echo $n",
                         site_path(s, "n"), site_path(s, "n")));
    const struct str whom[] = {says(s, ""),
                               says(s, "-5"),
                               says(s, "— unit/w4 AAAA\\n"),
                               STR("/nonexistent/program"),
                               STR("unix:/nonexistent"),
                               other.whom, /* its key is not in the settings */
                               arena_fmt(s->a, "sh %s", site_path(s, "turns"))};
    for (size_t i = 0; i < sizeof whom / sizeof *whom; i++) {
        if (i < 3)
            says(s, (const char *[]){"", "-5", "— unit/w4 AAAA\\n"}[i]);
        set_witness(s, h.vkey, whom[i]);
        CHECK(try_make(s) == 0);
        CHECK(s->d.warnings.n == 1 && s->d.warnings.v[0].code == DIAG_WARN_ABSENT);
        s->d = diag_init(s->a);
        CHECK(is_cosigned(s, site_read(s, "audit.checkpoint"), h.vkey) == AUDIT_COSIGNED_NOT);
    }
    stop_honest(s, &h);
    stop_honest(s, &other);
}

/* A cosignature of before is none of now; in the database one that does not hold is a finding. */
static void
test_replayed(struct site *s)
{
    struct witness_verdict v;
    struct honest h = start_honest(s, "w6");
    set_witness(s, h.vkey, h.whom);
    site_append(s, 4);
    struct str old = site_sign(s);
    struct str text = STR(""), lines = STR("");
    CHECK(audit_note_part(old, &text, &lines));
    str_cut(&lines, '\n'); /* the log's own; what is left is the witness's */
    site_append(s, 1);
    site_write(s, "line", lines);
    site_write(s, "replay", arena_fmt(s->a, "cat >/dev/null; cat %s", site_path(s, "line")));
    set_witness(s, h.vkey, arena_fmt(s->a, "sh %s", site_path(s, "replay")));
    CHECK(try_make(s) == 0 && s->d.warnings.n == 1);
    s->d = diag_init(s->a);
    struct str now = site_read(s, "audit.checkpoint");
    CHECK(is_cosigned(s, now, h.vkey) == AUDIT_COSIGNED_NOT);
    struct store_checkpoint c = {
        .origin = STR("elsewhere"), .size = 5, .note = arena_fmt(s->a, "%s%s", now.s, lines.s)};
    CHECK(site_ok(s, store_put_checkpoint(s->act.store, &c, &s->d)));
    CHECK_FAILS(s, witness_verify(&s->act, now, &v, &s->d), DIAG_VERIFY,
                "the cosignature of the witness unit/w6 does not hold");
    stop_honest(s, &h);
}

static void
test_bad_setting(struct site *s)
{
    struct witness_verdict v;
    set_witness(s, site_read(s, "audit.vkey"), STR("true")); /* a log's key is no witness's */
    site_append(s, 1);
    CHECK_FAILS(s, try_make(s), DIAG_CONFIG, "audit-witness: not a witness's key");
    CHECK_FAILS(s, witness_verify(&s->act, STR(""), &v, &s->d), DIAG_CONFIG, "audit-witness");
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_honest, test_put_back, test_refusals,
                                                   test_no_use, test_replayed, test_bad_setting};
    struct site s;
    signal(SIGPIPE, SIG_IGN);
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        s.act.config.witnesses.n = s.act.config.witness_asks.n = 0;
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
