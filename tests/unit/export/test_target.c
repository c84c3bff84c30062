/* What settings of a target are refused before anything is sent, what it is sent, and in which frame. */
#include "export/target.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "settings/target_options.h"

static struct arena *a;
static struct config config;

/* A target as it is written behind "export =". */
static struct config_export
written(const char *line)
{
    struct diag d = diag_init(a);
    struct config_export e;
    CHECK(target_options_parse(str_c(line), a, &e, &d) == 0);
    return e;
}

static void
test_refused(void)
{
    static const struct {
        const char *line, *why;
    } rows[] = {
        {"nonsense:/x", "no audit format"},
        {"json:nonsense://x:1", "no such target"},
        {"ecs:relp://x:1", "too long for syslog"},
        {"cef:elastic+https://x:1/i", "takes JSON only"},
        {"cef:relp://x:1 max=2048", "over syslog wants at least"},
        {"cef:newline://x:1", "needs legacy=yes"},
        {"rfc5424:udp://x:1", "needs legacy=yes"},
        {"json:splunk+https://x:1", "wants a token"},
        {"json:splunk+https://x:1 token-file=/nowhere", "token-file"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diag d = diag_init(a);
        struct config_export e = written(rows[i].line);
        struct target t;
        CHECK(target_find(&config, &e, a, &t, &d) != 0 && d.first.code == DIAG_CONFIG);
        if (str_find(d.first.text, rows[i].why) < 0)
            CHECK_STR(d.first.text, rows[i].why);
    }
}

static void
test_found(void)
{
    static const struct {
        const char *line, *scheme, *key, *peer;
    } rows[] = {
        {"json:/var/log/x.json", NULL, "json:/var/log/x.json", "/var/log/x.json"},
        {"rfc5424:relps://siem:20514 name=siem", "relps", "siem", "siem:20514"},
        {"cef:newline://x:1 legacy=yes", "newline", "cef:newline://x:1", "x:1"},
        {"ecs:elastic+https://e:9200/audit", "elastic+https", "ecs:elastic+https://e:9200/audit",
         "e:9200/audit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diag d = diag_init(a);
        struct config_export e = written(rows[i].line);
        struct target t;
        CHECK(target_find(&config, &e, a, &t, &d) == 0 && !t.session);
        CHECK((t.outlet->scheme == NULL) == (rows[i].scheme == NULL));
        CHECK(!rows[i].scheme || strcmp(t.outlet->scheme, rows[i].scheme) == 0);
        CHECK_STR(t.key, rows[i].key);
        CHECK_STR(t.peer, rows[i].peer);
    }
}

/* Options of the target come before those for all; a certificate and its key together. */
static void
test_tls(void)
{
    struct diag d = diag_init(a);
    struct config all = {.tls_ca = STR("ca"), .tls_cert = STR("cert"), .tls_key = STR("key")};
    struct config_export e = written("rfc5424:relps://x:1 tls-ca=own");
    struct target t;
    CHECK(target_find(&all, &e, a, &t, &d) == 0);
    CHECK_STR(t.options.tls.ca, "own");
    CHECK_STR(t.options.tls.cert, "cert");
    CHECK_STR(t.options.tls.key, "key");
    e = written("rfc5424:relps://x:1 tls-cert=mine");
    CHECK(target_find(&all, &e, a, &t, &d) == 0);
    CHECK_STR(t.options.tls.cert, "mine");
    CHECK_STR(t.options.tls.key, ""); /* it stands in the same file: the common one does not fit */
}

static struct str came; /* the token that a session was opened with */

static int
open_stub(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    (void)peer, (void)d;
    came = arena_str(a, o->token);
    *ret = &came;
    return 0;
}

static void
close_stub(void *self)
{
    CHECK(self == &came);
}

/* Read for each session, and gone behind it. */
static void
open_with_token(struct target *t, struct diag *d, const char *want)
{
    static const struct outlet stub = {.wants_token = true, .open = open_stub, .close = close_stub};
    CHECK_STR(t->options.token, "");
    t->outlet = &stub;
    CHECK(target_open(t, d) == 0);
    CHECK_STR(came, want);
    CHECK_STR(t->options.token, "");
    target_close(t);
}

static void
test_token(void)
{
    char path[] = "/tmp/assay-unit-XXXXXX";
    int fd = mkstemp(path);
    struct diag d = diag_init(a);
    struct target t;
    CHECK(fd >= 0 && write(fd, " secret \nmore\n", 14) == 14);
    struct config_export e = written(arena_fmt(a, "json:splunk+https://x:1 token-file=%s", path).s);
    CHECK(target_find(&config, &e, a, &t, &d) == 0);
    open_with_token(&t, &d, "secret");
    CHECK(pwrite(fd, " newer! ", 8, 0) == 8);
    open_with_token(&t, &d, "newer!");
    CHECK(chmod(path, 0644) == 0 && target_find(&config, &e, a, &t, &d) != 0);
    CHECK(str_find(d.first.text, "others may read it") >= 0);
    diag_clear(&d);
    CHECK(chmod(path, 0600) == 0 && ftruncate(fd, 0) == 0);
    CHECK(target_find(&config, &e, a, &t, &d) != 0 &&
          str_find(d.first.text, "its first line is empty") >= 0);
    diag_clear(&d);
    CHECK(pwrite(fd, " \n", 2, 0) == 2 && target_find(&config, &e, a, &t, &d) != 0);
    CHECK(str_find(d.first.text, "it is empty") >= 0);
    close(fd);
    unlink(path);
}

static void
test_weakness(void)
{
    struct config_export relp = written("rfc5424:relp://x:1"), udp = written("cef:udp://x:1");
    struct config_export splunk = written("json:splunk+https://x:1");
    CHECK(!target_weakness(&relp) && target_weakness(&udp) && !target_weakness(&splunk));
    splunk.ack_less = true;
    CHECK(target_weakness(&splunk));
}

/* Record and result of that name and severity: whether a target wants them. */
static void
test_wants(void)
{
    static const struct {
        const char *options, *event;
        int severity;
        bool record, result;
    } rows[] = {
        {"", "test.event", 0, true, false},
        {"send=results", "test.event", 0, false, true},
        {"send=all", "test.event", 0, true, true},
        {"send=all min-severity=5", "test.event", 4, false, false},
        {"send=all min-severity=5", "test.event", 5, true, true},
        {"send=all \"events=audit.*, test.*\"", "test.event", 0, true, true},
        {"send=all events=audit.*", "test.event", 0, false, false},
        {"send=all group=dmz", "test.event", 0, true, false},
        {"send=all group=web*", "test.event", 0, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config_export e = written(arena_fmt(a, "json:/x %s", rows[i].options).s);
        struct target t = {.e = &e};
        struct audit_record r = {.event = str_c(rows[i].event), .severity = rows[i].severity};
        struct result_event v = {.severity = rows[i].severity, .weight = rows[i].severity};
        RESULT_TEXT(&v, EVENT) = str_c(rows[i].event);
        RESULT_TEXT(&v, GROUP) = STR("web servers");
        CHECK(target_wants(&t, &r, a) == rows[i].record);
        CHECK(target_wants_result(&t, &v, a) == rows[i].result);
    }
}

/* Good news of a severe finding goes where the finding went; a baseline is its summary alone. */
static void
test_wants_findings(void)
{
    static const struct {
        const char *options, *marks;
        enum result_kind kind;
        int severity, weight;
        bool want;
    } rows[] = {
        {"min-severity=7", "", RESULT_FIXED, 2, 8, true},
        {"min-severity=7", "", RESULT_FIXED, 2, 5, false},
        {"baseline=yes", "first", RESULT_SCAN, 1, 1, true},
        {"baseline=yes", "first,superseded", RESULT_NEW, 8, 8, false},
        {"baseline=yes", "delta", RESULT_NEW, 8, 8, true},
        {"baseline=no", "first", RESULT_NEW, 8, 8, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config_export e =
            written(arena_fmt(a, "json:/x send=results %s", rows[i].options).s);
        struct target t = {.e = &e};
        struct result_event v = {
            .kind = rows[i].kind, .severity = rows[i].severity, .weight = rows[i].weight};
        RESULT_TEXT(&v, MARKS) = str_c(rows[i].marks);
        CHECK(target_wants_result(&t, &v, a) == rows[i].want);
    }
}

/* ---- a session ---- */

static int n_opened, n_closed, open_rc;

static int
fake_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    (void)peer, (void)o;
    n_opened++;
    *ret = &n_opened;
    return open_rc == 0 ? 0 : diag_fail(d, DIAG_UNAVAILABLE, "nobody there");
}

static int64_t
fake_wait_s(void *self)
{
    return self ? 7 : 0;
}

static void
fake_close(void *self)
{
    n_closed += self != NULL;
}

static void
test_session(void)
{
    static const struct outlet o = {.open = fake_open, .wait_s = fake_wait_s, .close = fake_close};
    struct config_export e = written("json:fake://x");
    struct target t = {.e = &e, .outlet = &o};
    struct diag d = diag_init(a);
    CHECK(target_wait_s(&t) == 0);
    CHECK(target_open(&t, &d) == 0 && target_open(&t, &d) == 0 && n_opened == 1);
    CHECK(target_wait_s(&t) == 7);
    target_close(&t);
    target_close(&t);
    CHECK(n_closed == 1 && !t.session && target_wait_s(&t) == 0);
    open_rc = -1;
    CHECK(target_open(&t, &d) != 0 && !t.session);
    CHECK_STR(d.first.place, "fake://x");
}

/* A format that is no syslog gets a header on the way of syslog, and the room for it. */
static void
test_encode(void)
{
    struct diag d = diag_init(a);
    struct audit_record r = {.origin = STR("test/assay"), .event = STR("test.event"), .seq = 5};
    static const char *const lines[] = {"cef:/x", "cef:relp://x:1", "rfc5424:relp://x:1"};
    static const char *const begins[] = {"CEF:0", "<1", "<1"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        AUTO_BUF out = buf_init(1 << 20);
        struct config_export e = written(lines[i]);
        struct target t;
        CHECK(target_find(&config, &e, a, &t, &d) == 0);
        target_encode(&t, &r, a, &out);
        CHECK(!buf_bad(&out) && str_starts(buf_view(&out), begins[i]));
        CHECK((str_find(buf_view(&out), "CEF:0") >= 0) == (i < 2));
        CHECK(out.len <= (size_t)e.max);
    }
}

int
main(void)
{
    a = arena_new();
    test_refused();
    test_found();
    test_tls();
    test_token();
    test_weakness();
    test_wants();
    test_wants_findings();
    test_session();
    test_encode();
    arena_free(a);
    return CHECK_DONE();
}
