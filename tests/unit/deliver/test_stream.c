/* Peers that talk where none should, say a byte now and then, hang up, or take nothing: each has its
 * time and its bytes, and no more, and what it said is quoted. */
#include "deliver/stream.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"
#include "base/mem.h"
#include "loopback.h"

/* What is meant to run out, and what never does: a peer lives shorter than LONG_MS, and who waited
 * for its end would say another reason. */
enum { SOON_MS = 700, PEER_S = 120, LONG_MS = 300000 };

static int listener;
static struct str peer;

static void
listen_on_loopback(struct arena *a)
{
    int port;
    listener = loopback_listen(&port);
    peer = arena_fmt(a, "127.0.0.1:%d", port);
}

static void
talk(int fd)
{
    static char noise[65536];
    while (write(fd, noise, sizeof noise) > 0)
        ;
}

static void
drip(int fd)
{
    static const char header[] = {0x16, 3, 3, 0x40, 0}; /* also the beginning of a record of TLS */
    bool ok = write(fd, header, sizeof header) > 0;
    while (ok && write(fd, "x", 1) > 0)
        usleep(50000);
}

static void
take_nothing(int fd)
{
    (void)fd;
    pause();
}

static pid_t
serve(void (*manner)(int fd))
{
    pid_t child = fork();
    if (child != 0)
        return child;
    signal(SIGPIPE, SIG_IGN);
    alarm(PEER_S);
    manner(accept(listener, NULL, NULL));
    _exit(0);
}

struct visit {
    pid_t child;
    struct stream *s;
    struct diag d;
};

/* Connected; a test sets the time that is to run out. */
static struct visit
visit(void (*manner)(int fd), struct arena *a)
{
    struct visit v = {.child = serve(manner), .d = diag_init(a)};
    CHECK(stream_open(peer, NULL, env_mono_ms() + LONG_MS, &v.s, &v.d) == 0);
    return v;
}

/* It failed because of the peer, and for that reason. */
static void
leave(struct visit *v, enum diag_code code, const char *why)
{
    CHECK(v->d.first.code == code);
    CHECK_STR(v->d.first.text, why);
    stream_close(v->s);
    kill(v->child, SIGKILL);
    waitpid(v->child, NULL, 0);
}

/* A banner, as a server says who was not spoken to. */
static void
banner(int fd)
{
    static const char said[] = "SSH-2.0-\"x\\\033[2J\r\n";
    if (write(fd, said, sizeof said - 1) > 0)
        pause();
}

static void
hang_up(int fd)
{
    close(fd);
}

/* Ends its own connection behind ours, and says nothing. */
static void
behave(int fd)
{
    char c;
    while (read(fd, &c, 1) > 0)
        ;
    close(fd);
}

static void
check_talkers(struct arena *a)
{
    struct visit v = visit(talk, a);
    CHECK(stream_watch(v.s, LONG_MS, DIAG_UNAVAILABLE, &v.d) == -1); /* its words end the look */
    CHECK(v.d.first.code == DIAG_CONFIG);
    CHECK(str_starts(v.d.first.text,
                     "a receiver of syslog never says anything, and this one said \""
                     "\\x00\\x00"));
    CHECK(v.d.first.text.len < 400);
    leave(&v, v.d.first.code, v.d.first.text.s);
    v = visit(banner, a);
    CHECK(stream_end(v.s, &v.d) == 0 && stream_wait_end(v.s, &v.d) == -1);
    CHECK(v.d.first.code == DIAG_CONFIG);
    CHECK(str_ends(v.d.first.text,
                   "said \"SSH-2.0-\\\"x\\\\\\x1b[2J\\r\\n\", as a server of SSH does"));
    leave(&v, v.d.first.code, v.d.first.text.s);
}

/* An orderly end is a failure before ours, of the kind that the caller says, and none behind it. */
static void
check_ends(struct arena *a)
{
    static const enum diag_code codes[] = {DIAG_CONFIG, DIAG_UNAVAILABLE};
    for (size_t i = 0; i < 2; i++) {
        struct visit v = visit(hang_up, a);
        CHECK(stream_watch(v.s, LONG_MS, codes[i], &v.d) == -1 && v.d.first.code == codes[i]);
        CHECK(str_starts(v.d.first.text, "it ended the connection before we did"));
        leave(&v, v.d.first.code, v.d.first.text.s);
    }
    struct visit v = visit(behave, a);
    int64_t from_ms = env_mono_ms();
    CHECK(stream_watch(v.s, 0, DIAG_CONFIG, &v.d) == 0);
    CHECK(stream_watch(v.s, 50, DIAG_CONFIG, &v.d) == 0 && env_mono_ms() - from_ms >= 50);
    CHECK(stream_end(v.s, &v.d) == 0 && stream_wait_end(v.s, &v.d) == 0 && !diag_failed(&v.d));
    diag_fail(&v.d, DIAG_UNAVAILABLE, "none");
    leave(&v, DIAG_UNAVAILABLE, "none");
}

/* Each byte that comes is no reason to wait longer. */
static void
check_dripper(struct arena *a)
{
    char c;
    size_t n;
    struct visit v = visit(drip, a);
    for (int i = 0; i < 6; i++) /* more than the header: it drips */
        CHECK(stream_read(v.s, &c, 1, &n, &v.d) == 0 && n == 1);
    int64_t from_ms = env_mono_ms();
    stream_until(v.s, from_ms + SOON_MS);
    while (stream_read(v.s, &c, 1, &n, &v.d) == 0)
        ;
    CHECK(env_mono_ms() - from_ms >= SOON_MS);
    leave(&v, DIAG_UNAVAILABLE, "it does not come to an end in time");
    v = visit(take_nothing, a); /* nor is who never ends waited for */
    stream_until(v.s, env_mono_ms() + SOON_MS);
    CHECK(stream_end(v.s, &v.d) == 0 && stream_wait_end(v.s, &v.d) == -1);
    leave(&v, DIAG_UNAVAILABLE, "it does not end the connection");
}

static void
check_no_taker(struct arena *a)
{
    struct visit v = visit(take_nothing, a);
    size_t n = 64 << 20;
    char *much = mem_alloc(n);
    stream_until(v.s, env_mono_ms() + SOON_MS);
    CHECK(stream_write(v.s, str_n(much, n), &v.d) == -1);
    leave(&v, DIAG_UNAVAILABLE, "it takes nothing any more");
    free(much);
}

static void
check_handshake(struct arena *a)
{
    struct stream_tls tls = {.ca = STR(""), .cert = STR(""), .key = STR("")};
    struct visit v = {.child = serve(drip), .d = diag_init(a)};
    int64_t from_ms = env_mono_ms();
    CHECK(stream_open(peer, &tls, from_ms + SOON_MS, &v.s, &v.d) == -1);
    CHECK(env_mono_ms() - from_ms >= SOON_MS);
    leave(&v, DIAG_UNAVAILABLE, "it does not come to an end in time");
    v = (struct visit){.child = serve(take_nothing), .d = diag_init(a)};
    CHECK(stream_open(peer, &tls, env_mono_ms() + SOON_MS, &v.s, &v.d) == -1);
    v.s = NULL;
    leave(&v, DIAG_UNAVAILABLE,
          "it takes the connection and does not answer the handshake of TLS: a port without TLS?");
    v = (struct visit){.child = serve(banner), .d = diag_init(a)};
    CHECK(stream_open(peer, &tls, env_mono_ms() + LONG_MS, &v.s, &v.d) == -1);
    CHECK(v.d.first.code == DIAG_CONFIG);
    CHECK(str_starts(v.d.first.text, "TLS handshake: it does not speak TLS, and said \"SSH-2.0-"));
    leave(&v, v.d.first.code, v.d.first.text.s);
}

int
main(void)
{
    struct arena *a = arena_new();
    alarm(360); /* a hang is a failure */
    listen_on_loopback(a);
    check_talkers(a);
    check_ends(a);
    check_dripper(a);
    check_no_taker(a);
    check_handshake(a);
    arena_free(a);
    return CHECK_DONE();
}
