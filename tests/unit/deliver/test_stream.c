/* Peers that talk without end, say a byte now and then, or take nothing: each has its time and its
 * bytes, and no more. */
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
leave(struct visit *v, const char *why)
{
    CHECK(v->d.first.code == DIAG_UNAVAILABLE);
    CHECK_STR(v->d.first.text, why);
    stream_close(v->s);
    kill(v->child, SIGKILL);
    waitpid(v->child, NULL, 0);
}

static void
check_talker(struct arena *a)
{
    static char some[65536];
    size_t n;
    struct visit v = visit(talk, a);
    CHECK(stream_read(v.s, some, sizeof some, &n, &v.d) == 0); /* it has begun */
    for (int i = 0; i < 20; i++)
        CHECK(stream_check(v.s, &v.d) == 0);
    CHECK(stream_finish(v.s, &v.d) == -1); /* the bytes are what ends it, not the time */
    leave(&v, "it sends without end what nobody asked for");
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
    leave(&v, "it does not come to an end in time");
    v = visit(drip, a);
    stream_until(v.s, env_mono_ms() + SOON_MS);
    CHECK(stream_finish(v.s, &v.d) == -1);
    diag_clear(&v.d);
    CHECK(stream_read(v.s, &c, 1, &n, &v.d) == -1);
    leave(&v, "it does not come to an end in time");
}

static void
check_no_taker(struct arena *a)
{
    struct visit v = visit(take_nothing, a);
    size_t n = 64 << 20;
    char *much = mem_alloc(n);
    stream_until(v.s, env_mono_ms() + SOON_MS);
    CHECK(stream_write(v.s, str_n(much, n), &v.d) == -1);
    leave(&v, "it takes nothing any more");
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
    leave(&v, "it does not come to an end in time");
}

int
main(void)
{
    struct arena *a = arena_new();
    alarm(360); /* a hang is a failure */
    listen_on_loopback(a);
    check_talker(a);
    check_dripper(a);
    check_no_taker(a);
    check_handshake(a);
    arena_free(a);
    return CHECK_DONE();
}
