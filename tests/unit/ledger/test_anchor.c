/* Time stamps: when one is due, whom the password goes to, and what a failure leaves behind. What an
 * authority signs is tried end to end. */
#include "ledger/anchor.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "site.h"

static void
set_last(struct site *s, int64_t t)
{
    CHECK(site_ok(s, store_begin(s->act.store, &s->d)) &&
          site_ok(s, store_put_setting(s->act.store, STR("anchor:last"),
                                       arena_fmt(s->a, "%lld", (long long)t), &s->d)) &&
          site_ok(s, store_commit(s->act.store, &s->d)));
}

static void
set_authority(struct site *s, const char *url)
{
    s->act.config.tsa_url = str_c(url);
    s->act.config.tsa_ca = url ? str_c(site_path(s, "audit.vkey")) : STR("");
}

static int
try_make(struct site *s)
{
    struct anchor_made made;
    return anchor_make(&s->act, &made, &s->d);
}

/* Whether one was due: nobody answers at the port, so that a try is a warning. */
static bool
was_tried(struct site *s)
{
    struct anchor_made made = {.size = 99};
    CHECK(site_ok(s, anchor_make_due(&s->act, &made, &s->d)) && made.size == ANCHOR_NONE);
    size_t n = s->d.warnings.n;
    CHECK(n == 0 || (n == 1 && s->d.warnings.v[0].code == DIAG_WARN_ABSENT));
    s->d = diag_init(s->a);
    return n == 1;
}

static void
test_due(struct site *s)
{
    int64_t now = env_wall_us() / 1000000;
    site_append(s, 2);
    site_sign(s);
    s->act.config.audit_anchor = ANCHOR_DAILY;
    CHECK(!was_tried(s)); /* no authority in the settings */
    set_authority(s, "http://127.0.0.1:1/");
    CHECK(was_tried(s)); /* none was made yet */
    set_last(s, now - 80000);
    CHECK(!was_tried(s));
    s->act.config.audit_anchor = ANCHOR_HOURLY;
    CHECK(was_tried(s));
    set_last(s, now - 3000);
    CHECK(!was_tried(s));
    s->act.config.audit_anchor = ANCHOR_EACH;
    CHECK(was_tried(s));
    s->act.config.audit_anchor = ANCHOR_DAILY;
    set_last(s, now + 80000); /* the clock was set back since */
    CHECK(was_tried(s));
    set_last(s, now - 90000);
    CHECK(was_tried(s));
    s->act.config.audit_anchor = ANCHOR_NO;
    CHECK(!was_tried(s));
    CHECK(site_count(s, "audit.anchor") == 1); /* it failed all the time: told once */
}

static void
test_state(struct site *s)
{
    static const struct {
        enum config_anchor often;
        int64_t age;
        bool is_late;
    } t[] = {{ANCHOR_NO, 900000, false},   {ANCHOR_DAILY, 170000, false},
             {ANCHOR_DAILY, 175000, true}, {ANCHOR_HOURLY, 7000, false},
             {ANCHOR_HOURLY, 7300, true},  {ANCHOR_EACH, 7000, false},
             {ANCHOR_EACH, 7300, true}};
    int64_t last, now = env_wall_us() / 1000000;
    bool is_late;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        s->act.config.audit_anchor = t[i].often;
        set_authority(s, "http://127.0.0.1:1/");
        set_last(s, now - t[i].age);
        CHECK(site_ok(s, anchor_state(&s->act, &last, &is_late, &s->d)));
        CHECK(last == now - t[i].age && is_late == t[i].is_late);
        set_authority(s, NULL);
        CHECK(site_ok(s, anchor_state(&s->act, &last, &is_late, &s->d)) && !is_late);
    }
}

/* A password goes over TLS, or to this host; to nobody when its file cannot be read. */
static void
test_password(struct site *s)
{
    site_append(s, 1);
    site_sign(s);
    site_write(s, "tsa-user", STR("me:secret\n"));
    s->act.config.tsa_user_file = str_c(site_path(s, "tsa-user"));
    set_authority(s, "http://tsa.example/");
    CHECK_FAILS(s, try_make(s), DIAG_CONFIG, "a password goes out over https only");
    static const char *const near[] = {"http://127.0.0.1:1/", "http://localhost:1/",
                                       "http://[::1]:1/", "https://127.0.0.1:1/"};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        set_authority(s, near[i]);
        CHECK(try_make(s) == -1 &&
              (s->d.first.code == DIAG_UNAVAILABLE || s->d.first.code == DIAG_CONFIG));
        CHECK(str_find(diag_text(&s->d), "over https only") < 0);
        diag_clear(&s->d);
    }
    s->act.config.tsa_user_file = STR("/nonexistent");
    set_authority(s, "http://127.0.0.1:1/");
    CHECK_FAILS(s, try_make(s), DIAG_CONFIG, "/nonexistent");
    site_write(s, "tsa-user", STR("\nme:secret\n"));
    s->act.config.tsa_user_file = str_c(site_path(s, "tsa-user"));
    CHECK_FAILS(s, try_make(s), DIAG_CONFIG, site_path(s, "tsa-user"));
    CHECK(chmod(site_path(s, "tsa-user"), 0644) == 0);
    CHECK_FAILS(s, try_make(s), DIAG_CONFIG, "tsa-user-file: others may read it");
    s->act.config.tsa_user_file = STR("");
}

/* An authority that gives this answer once; its address. */
static const char *
answer_once(struct site *s, const char *answer, pid_t *ret)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 1) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &n) == 0);
    *ret = fork();
    if (*ret == 0) {
        char piece[4096];
        int peer = accept(fd, NULL, NULL);
        bool ok = read(peer, piece, sizeof piece) > 0 &&
                  write(peer, answer, strlen(answer)) == (ssize_t)strlen(answer);
        shutdown(peer, SHUT_WR);
        while (read(peer, piece, sizeof piece) > 0)
            ;
        _exit(!ok);
    }
    close(fd);
    return arena_fmt(s->a, "http://127.0.0.1:%d/", ntohs(at.sin_port)).s;
}

/* Answers that are no stamp of this checkpoint: nothing is kept, and the outage is told. */
static void
test_bad_answers(struct site *s)
{
    static const struct {
        const char *answer;
        enum diag_code code;
        const char *words;
    } t[] = {{"HTTP/1.0 500 no\r\nContent-Length: 0\r\n\r\n", DIAG_UNAVAILABLE, "status 500"},
             {"HTTP/1.0 200 ok\r\nContent-Length: 5\r\n\r\nhello", DIAG_VERIFY, ""}};
    site_append(s, 1);
    site_sign(s);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        pid_t pid;
        int status;
        set_authority(s, answer_once(s, t[i].answer, &pid));
        CHECK_FAILS(s, try_make(s), t[i].code, t[i].words);
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    CHECK(site_number(s, "SELECT COUNT(*) FROM audit_anchor") == 0);
    CHECK(!file_exists(site_path(s, "anchors")) && site_count(s, "audit.anchor") == 2);
}

static void
test_settings(struct site *s)
{
    set_authority(s, NULL);
    CHECK_FAILS(s, try_make(s), DIAG_USAGE, "no checkpoint yet");
    site_sign(s);
    CHECK_FAILS(s, try_make(s), DIAG_CONFIG, "tsa-url and tsa-ca");
    CHECK(site_count(s, "audit.anchor") == 0); /* nobody was asked */
}

static void
test_load(struct site *s)
{
    struct anchor *v;
    size_t n;
    struct store_anchor one = {
        .origin = STR("unit+1"), .size = 3, .note = STR("note"), .tsr = STR("\x30\x00x")};
    CHECK(site_ok(s, anchor_load(&s->act, s->a, &v, &n, &s->d)) && n == 0);
    CHECK(site_ok(s, store_put_anchor(s->act.store, &one, env_wall_us(), &s->d)));
    CHECK(mkdir(site_path(s, "anchors"), 0700) == 0);
    site_write(s, "anchors/7.checkpoint", STR("kept"));
    site_write(s, "anchors/7.tsr", STR("stamp"));
    site_write(s, "anchors/.tsr", STR("x"));
    site_write(s, "anchors/8.checkpoint", STR("whose stamp never came"));
    CHECK(site_ok(s, anchor_load(&s->act, s->a, &v, &n, &s->d)) && n == 2);
    CHECK(str_eqc(v[0].where, "time stamp of 3 records in the database"));
    CHECK(str_eqc(v[1].note, "kept") && str_eqc(v[1].tsr, "stamp"));
    CHECK(unlink(site_path(s, "anchors/7.checkpoint")) == 0);
    CHECK_FAILS(s, anchor_load(&s->act, s->a, &v, &n, &s->d), DIAG_IO, "7.checkpoint");
}

int
main(void)
{
    static void (*const tests[])(struct site *) = {test_due,         test_state,    test_password,
                                                   test_bad_answers, test_settings, test_load};
    struct site s;
    signal(SIGPIPE, SIG_IGN);
    site_start(&s);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i](&s);
        set_authority(&s, NULL);
        site_reset(&s);
    }
    site_stop(&s);
    return CHECK_DONE();
}
