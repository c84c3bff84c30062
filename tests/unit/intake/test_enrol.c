/* Who may report: every policy, with and without password, signature and list; aliases, frozen
 * agents, files of several agents; the secret is gone afterwards and in no message. */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "intake/enrol.h"

static struct arena *a;
static char dir[64];
static struct str hash_servers, hash_old; /* of "s3cret" and of "before" */

static struct str
at(const char *name)
{
    return file_join(a, dir, name);
}

static void
shell(const char *script)
{
    CHECK(system(arena_fmt(a, "cd '%s' && { set -e; %s\n} >>log 2>&1", dir, script).s) == 0);
}

/* ---- settings and files ---- */

static struct config
settings(enum config_enrol enrol)
{
    struct config c = {.enrol = enrol, .agent_certs = STR("")};
    return c;
}

static void
give_password(struct config *c, const char *group, struct str hash)
{
    *VEC_PUSH(a, &c->passwords) = (struct config_password){.group = str_c(group), .hash = hash};
}

static void
give_agent(struct config *c, const char *name, const char *alias)
{
    struct config_agent ag = {.name = str_c(name)};
    if (alias)
        *VEC_PUSH(a, &ag.aliases) = str_c(alias);
    *VEC_PUSH(a, &c->agents) = ag;
}

static struct scan *
add_scan(struct scan_file *f, const char *agent, const char *group)
{
    struct scan *s = VEC_PUSH(a, &f->scans);
    s->asset.name = str_c(agent);
    s->asset.group = str_c(group);
    s->asset.alias = STR("shown");
    s->asset.os = STR("Debian");
    s->policy.id = s->policy.title = STR("cis");
    s->policy.version = s->policy.profile = STR("");
    return s;
}

static struct scan_file
file_of(const char *agent, const char *group, const char *secret)
{
    struct scan_file f = {.path = STR("f"), .secret = arena_str(a, str_c(secret))};
    add_scan(&f, agent, group);
    return f;
}

/* Empty = accepted. */
static struct str
judge_at(struct enrol *e, const char *path, struct scan_file *f)
{
    struct diag d = diag_init(a);
    struct str secret = f->secret;
    int rc = enrol_check(e, path, f, a, &d);
    CHECK(f->secret.len == 0);
    for (size_t i = 0; i < secret.len; i++)
        CHECK(secret.s[i] == 0);
    CHECK((rc == 0) == (f->custody.len > 0));
    CHECK(rc == 0 || d.first.code == DIAG_REFUSED);
    CHECK(str_find(diag_text(&d), "s3cret") < 0 && str_find(diag_text(&d), "wr0ng") < 0);
    return rc == 0 ? STR("") : d.first.text;
}

static struct str
judge(struct enrol *e, struct scan_file f, struct str *ret_custody)
{
    struct str why = judge_at(e, "-", &f);
    *ret_custody = f.custody;
    return why;
}

static struct enrol *
opened(const struct config *c, struct store *st)
{
    struct enrol *e = NULL;
    struct diag d = diag_init(a);
    CHECK(enrol_open(c, st, &e, &d) == 0);
    if (!e) {
        fprintf(stderr, "  %.*s\n", STR_ARG(diag_text(&d)));
        exit(1);
    }
    return e;
}

static bool
has(struct str text, const char *part)
{
    if (text.len && str_find(text, part) >= 0)
        return true;
    fprintf(stderr, "  no \"%s\" in \"%.*s\"\n", part, STR_ARG(text));
    return false;
}

/* ---- policies ---- */

static void
test_open(void)
{
    struct str custody;
    struct config c = settings(ENROL_OPEN);
    CHECK(!enrol_is_asked(&c));
    struct enrol *e = opened(&c, NULL);
    CHECK_STR(judge(e, file_of("web01", "Servers", ""), &custody), "");
    CHECK_STR(custody, "none");
    CHECK_STR(judge(e, file_of("web01", "Servers", "s3cret"), &custody), "");
    CHECK_STR(custody, "none");
    enrol_close(e);
    give_password(&c, "Servers", hash_servers);
    CHECK(enrol_is_asked(&c));
    e = opened(&c, NULL);
    CHECK_STR(judge(e, file_of("web01", "Servers", "s3cret"), &custody), "");
    CHECK_STR(custody, "password");
    CHECK_STR(judge(e, file_of("web01", "Servers", ""), &custody), "");
    CHECK_STR(custody, "none");
    CHECK(has(judge(e, file_of("web01", "Servers", "wr0ng"), &custody), "not that of its group"));
    CHECK_STR(custody, "");
    enrol_close(e);
}

static void
test_password(void)
{
    struct str custody;
    struct config c = settings(ENROL_PASSWORD);
    give_password(&c, "Servers", hash_servers);
    give_password(&c, "Servers", hash_old);
    struct enrol *e = opened(&c, NULL);
    CHECK_STR(judge(e, file_of("web01", "Servers", "s3cret"), &custody), "");
    CHECK_STR(custody, "password");
    CHECK_STR(judge(e, file_of("web01", "Servers", "before"), &custody), "");
    CHECK(has(judge(e, file_of("web01", "Servers", "wr0ng"), &custody), "agent web01: the pass"));
    CHECK(has(judge(e, file_of("web01", "Servers", ""), &custody), "no group password"));
    CHECK(has(judge(e, file_of("web01", "servers", "s3cret"), &custody), "no group-password"));
    CHECK(has(judge(e, file_of("web01", "", "s3cret"), &custody), "no group-password"));
    CHECK_STR(judge(e, file_of("web01", "Servers", "s3cret"), &custody), "");
    struct scan_file two = file_of("web01", "Servers", "s3cret");
    add_scan(&two, "db01", "Databases");
    CHECK(has(judge(e, two, &custody), "agent db01: its group has no group-password (1 of 2"));
    enrol_close(e);
}

static void
test_listed(void)
{
    struct str custody;
    struct config c = settings(ENROL_LISTED);
    give_agent(&c, "web01", "web01.old");
    give_password(&c, "Servers", hash_servers);
    struct enrol *e = opened(&c, NULL);
    CHECK_STR(judge(e, file_of("web01", "X", ""), &custody), "");
    CHECK_STR(custody, "listed");
    CHECK_STR(judge(e, file_of("web01", "Servers", "s3cret"), &custody), "");
    CHECK_STR(custody, "password");
    CHECK(has(judge(e, file_of("web02", "X", ""), &custody), "agent web02: it is not on the list"));
    CHECK(has(judge(e, file_of("WEB01", "X", ""), &custody), "not on the list"));
    CHECK(has(judge(e, file_of("web01", "Servers", "wr0ng"), &custody), "not that of its group"));
    struct scan_file f = file_of("web01.old", "X", "");
    CHECK_STR(judge_at(e, "-", &f), "");
    CHECK_STR(f.scans.v[0].asset.name, "web01");
    CHECK_STR(f.scans.v[0].asset.os, "Debian");
    f = file_of("web09", "X", "");
    add_scan(&f, "web01", "X");
    add_scan(&f, "web08", "X");
    CHECK(has(judge_at(e, "-", &f), "agent web09: it is not on the list of agents (assay agent "
                                    "add) (2 of 3 scans"));
    CHECK_STR(f.scans.v[1].asset.name, "web01");
    enrol_close(e);
}

static void
test_settings(void)
{
    struct enrol *e;
    struct diag d = diag_init(a);
    struct config c = settings(ENROL_PASSWORD);
    CHECK(enrol_open(&c, NULL, &e, &d) == -1 && d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    give_password(&c, "Servers", STR("$scrypt$no"));
    CHECK(enrol_open(&c, NULL, &e, &d) == -1 && d.first.code == DIAG_CONFIG);
    CHECK(has(d.first.text, "group-password of Servers"));
    diag_clear(&d);
    c = settings(ENROL_OPEN);
    c.require_signature = true;
    CHECK(enrol_open(&c, NULL, &e, &d) == -1 && d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    c.agent_certs = STR("/nonexistent/certs");
    CHECK(enrol_open(&c, NULL, &e, &d) == -1 && d.first.code == DIAG_CONFIG);
}

/* ---- assay.conf ---- */

static int
load(const char *text, struct config *ret, struct diag *d)
{
    CHECK(file_write_atomic(at("conf").s, str_c(text), 0600, d) == 0);
    return config_load(at("conf").s, dir, a, ret, d);
}

static void
test_config(void)
{
    struct config c;
    struct diag d = diag_init(a);
    struct str line;
    CHECK(enrol_password_line(STR("A:B"), STR("s3cret"), a, &line, &d) == 0);
    CHECK(load(arena_fmt(a,
                         "enrol = listed\nagent = web01: one , two\nagent = db01\n%.*s\n"
                         "agent-certs = /c\nrequire-signature = yes\n",
                         STR_ARG(line))
                   .s,
               &c, &d) == 0);
    CHECK(c.enrol == ENROL_LISTED && c.require_signature && c.agents.n == 2);
    CHECK(c.agents.v[0].aliases.n == 2 && c.passwords.n == 1);
    CHECK_STR(c.agents.v[0].name, "web01");
    CHECK_STR(c.agents.v[0].aliases.v[1], "two");
    CHECK_STR(c.passwords.v[0].group, "A:B");
    struct str all = config_print(&c, a);
    CHECK(has(all, "enrol = listed\n") && has(all, "agent = web01:one,two\n"));
    CHECK(has(all, "group-password = A:B:sha256 ") && str_find(all, "$scrypt") < 0);
    CHECK(load("enrol = closed\n", &c, &d) == -1 && d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    CHECK(load("group-password = Servers:s3cret\n", &c, &d) == -1);
    CHECK(str_find(diag_text(&d), "s3cret") < 0);
    diag_clear(&d);
    CHECK(load("agent = :x\n", &c, &d) == -1);
    diag_clear(&d);
    CHECK(enrol_password_line(STR("A\nB"), STR("x"), a, &line, &d) == -1);
    diag_clear(&d);
    CHECK(enrol_password_line(STR(" A"), STR("x"), a, &line, &d) == -1);
}

/* ---- signatures ---- */

static struct str
judge_signed(struct enrol *e, const char *name, const char *agent, const char *secret,
             struct str *ret_custody)
{
    int64_t size;
    struct scan_file f = file_of(agent, "Servers", secret);
    CHECK(sha256_of_file(at(name).s, &size, &f.sha256) == 0);
    struct str why = judge_at(e, at(name).s, &f);
    *ret_custody = f.custody;
    return why;
}

static void
test_signature(void)
{
    struct str custody;
    struct config c = settings(ENROL_PASSWORD);
    shell("new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
          "$1.key -out $1.pem -days 30 -subj /CN=$1; }\n"
          "new web01; new web02; new other; cat web01.pem web02.pem >pins\n"
          "for f in good changed bare foreign; do echo \"scan $f\" >$f; done\n"
          "s() { openssl cms -sign -binary -in $1 -signer $2.pem -inkey $2.key -outform DER "
          "-out $1.p7s; }\n"
          "s good web01; s changed web01; s foreign other; echo >>changed");
    c.agent_certs = at("pins");
    give_password(&c, "Servers", hash_servers);
    give_agent(&c, "srv-1", "web01");
    struct enrol *e = opened(&c, NULL);
    CHECK_STR(judge_signed(e, "good", "web01", "", &custody), "");
    CHECK_STR(custody, "signature:CN=web01");
    CHECK_STR(judge_signed(e, "good", "srv-1", "", &custody), "");
    CHECK_STR(judge_signed(e, "good", "web01", "s3cret", &custody), "");
    CHECK_STR(custody, "signature:CN=web01");
    CHECK(has(judge_signed(e, "good", "web02", "", &custody), "that of another agent"));
    CHECK(has(judge_signed(e, "good", "web01", "wr0ng", &custody), "not that of its group"));
    CHECK(has(judge_signed(e, "changed", "web01", "s3cret", &custody), "does not fit"));
    CHECK(has(judge_signed(e, "foreign", "web01", "s3cret", &custody), "not among agent-certs"));
    CHECK(has(judge_signed(e, "bare", "web01", "", &custody), "no group password"));
    CHECK_STR(judge_signed(e, "bare", "web01", "s3cret", &custody), "");
    struct scan_file f = file_of("web01", "Servers", "");
    CHECK(has(judge_at(e, at("good").s, &f), "changed while it was read"));
    enrol_close(e);
    c.enrol = ENROL_OPEN;
    c.require_signature = true;
    e = opened(&c, NULL);
    CHECK(has(judge_signed(e, "bare", "web01", "s3cret", &custody), "no signature beside"));
    CHECK_STR(judge_signed(e, "good", "web01", "", &custody), "");
    enrol_close(e);
}

static void
test_unchecked_signature(void)
{
    struct diag d = diag_init(a);
    struct config c = settings(ENROL_OPEN);
    struct scan_file f = file_of("web01", "Servers", "");
    struct enrol *e = opened(&c, NULL);
    CHECK(enrol_check(e, at("changed").s, &f, a, &d) == 0);
    CHECK_STR(f.custody, "none");
    CHECK(d.warnings.n == 1 && has(d.warnings.v[0].text, "was not checked"));
    enrol_close(e);
}

/* ---- the list of the database ---- */

static void
put(struct store *st, const char *name, bool frozen, const char *alias)
{
    struct diag d = diag_init(a);
    struct store_enrolment e = {.name = str_c(name), .frozen = frozen, .added = 1, .changed = 1};
    *VEC_PUSH(a, &e.aliases) = str_c(alias);
    CHECK(store_begin(st, &d) == 0 && store_put_enrolment(st, &e, &d) == 0 &&
          store_commit(st, &d) == 0);
}

static void
put_scan(struct store *st)
{
    struct store_outcome how;
    struct diag d = diag_init(a);
    struct scan_file f = file_of("web01", "Servers", "");
    const struct scan_file *files = &f;
    size_t at;
    struct scan *s = &f.scans.v[0];
    struct str none = STR("");
    s->format = STR("test");
    s->engine = none;
    s->start = s->end = 1000;
    *VEC_PUSH(a, &s->checks) = (struct scan_check){
        STR("c"), STR("c"), STR("C"), none, none, none, none, none, none, none, none, 0, {0}, {0}, {0}};
    scan_add_result(a, s,
                    (struct scan_result){.status = STATUS_PASS,
                                         .native = STR("pass"),
                                         .evidence = none,
                                         .waiver = none,
                                         .time = 1000});
    CHECK(store_prepare(st, &files, 1, &at, &d) == 0 && store_begin(st, &d) == 0 &&
          store_put_scan(st, &f, s, &how, &d) == 0 && store_commit(st, &d) == 0);
    if (diag_failed(&d))
        fprintf(stderr, "  %.*s\n", STR_ARG(diag_text(&d)));
}

static void
test_frozen(struct store *st)
{
    struct config c = settings(ENROL_OPEN);
    put_scan(st);
    put(st, "web01", true, "web01.new");
    put(st, "web02", true, "web02.new");
    struct enrol *e = opened(&c, st);
    struct scan_file f = file_of("web01.new", "Elsewhere", "");
    *VEC_PUSH(a, &f.scans.v[0].asset.addresses) = STR("192.0.2.1");
    CHECK_STR(judge_at(e, "-", &f), "");
    CHECK_STR(f.scans.v[0].asset.name, "web01");
    CHECK_STR(f.scans.v[0].asset.group, "");
    CHECK_STR(f.scans.v[0].asset.os, "");
    CHECK_STR(f.scans.v[0].asset.alias, "");
    CHECK(f.scans.v[0].asset.addresses.n == 0);
    f = file_of("web01", "Servers", "");
    f.scans.v[0].policy.version = STR("9");
    CHECK_STR(judge_at(e, "-", &f), "");
    f = file_of("web01", "Servers", "");
    f.scans.v[0].policy.profile = STR("server");
    CHECK(has(judge_at(e, "-", &f), "this policy is new to it"));
    f = file_of("web01", "Servers", "");
    f.scans.v[0].delta = true;
    f.scans.v[0].policy.id = STR("");
    CHECK_STR(judge_at(e, "-", &f), "");
    f = file_of("web01", "Servers", "");
    f.scans.v[0].delta = true;
    f.scans.v[0].policy.id = STR("");
    f.scans.v[0].policy.title = STR("another");
    CHECK(has(judge_at(e, "-", &f), "this policy is new to it"));
    f = file_of("web02", "Servers", "");
    CHECK(has(judge_at(e, "-", &f), "frozen"));
    f = file_of("web03", "Servers", "");
    CHECK_STR(judge_at(e, "-", &f), "");
    enrol_close(e);
}

/* web01 is stored under Servers: the password of another group does not speak for it. */
static void
test_other_group(struct store *st)
{
    struct str custody;
    struct config c = settings(ENROL_PASSWORD);
    give_password(&c, "Servers", hash_servers);
    give_password(&c, "Others", hash_old);
    struct enrol *e = opened(&c, st);
    CHECK(has(judge(e, file_of("web01", "Others", "before"), &custody), "under another group"));
    CHECK_STR(judge(e, file_of("web01", "Servers", "s3cret"), &custody), "");
    CHECK_STR(judge(e, file_of("new01", "Others", "before"), &custody), "");
    CHECK(has(judge(e, file_of("new01", "Servers", "s3cret"), &custody), "under another group"));
    CHECK(has(judge(e, file_of("new02", "Others", "s3cret"), &custody), "not that of its group"));
    enrol_close(e);
    give_password(&c, "Servers", hash_old); /* Servers has both now: who knows it may move */
    e = opened(&c, st);
    CHECK_STR(judge(e, file_of("web01", "Others", "before"), &custody), "");
    enrol_close(e);
}

/* The settings have the last word about an alias that the database gives to another agent. */
static void
test_both_lists(struct store *st)
{
    struct config c = settings(ENROL_LISTED);
    give_agent(&c, "srv", "web01.new");
    struct enrol *e = opened(&c, st);
    struct scan_file f = file_of("web01.new", "Servers", "");
    CHECK_STR(judge_at(e, "-", &f), "");
    CHECK_STR(f.scans.v[0].asset.name, "srv");
    f = file_of("web01", "Servers", "");
    CHECK_STR(judge_at(e, "-", &f), "");
    enrol_close(e);
}

static void
test_database(void)
{
    int from, to;
    struct store *st = NULL;
    struct diag d = diag_init(a);
    struct store_config sc = {.state_dir = dir};
    if (access("/usr/sbin/mariadbd", X_OK) != 0) {
        printf("skipped: no mariadb-server-core\n");
        return;
    }
    CHECK(store_open(&sc, &st, &d) == 0 && store_migrate(st, &from, &to, &d) == 0);
    if (!diag_failed(&d)) {
        test_frozen(st);
        test_both_lists(st);
        test_other_group(st);
    }
    store_close(st);
}

int
main(void)
{
    struct diag d;
    struct str line;
    a = arena_new();
    d = diag_init(a);
    snprintf(dir, sizeof dir, "/tmp/assay-enrol-XXXXXX");
    if (!mkdtemp(dir))
        return 1;
    CHECK(enrol_password_line(STR("Servers"), STR("s3cret"), a, &line, &d) == 0);
    str_cut(&line, ':');
    hash_servers = line;
    CHECK(enrol_password_line(STR("Servers"), STR("before"), a, &line, &d) == 0);
    str_cut(&line, ':');
    hash_old = line;
    test_open();
    test_password();
    test_listed();
    test_settings();
    test_config();
    if (system("command -v openssl >/dev/null 2>&1") == 0) {
        test_signature();
        test_unchecked_signature();
    }
    test_database();
    for (int i = 0; i < 50 && system(arena_fmt(a, "rm -rf '%s'", dir).s) != 0; i++)
        usleep(100000);
    arena_free(a);
    return CHECK_DONE();
}
