/* Syslog over TCP with octet counting: a batch arrived when the receiver has read it to the end and
 * lived on. Newlines and datagrams are test_legacy's. */
#include "deliver/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>

#include "peer.h"

static const struct outlet_message two[] = {
    {STR_INIT("<104>1 - one"), STR_INIT("o:1"), 0, false, STR_INIT("")},
    {STR_INIT("<104>1 - two\nlines"), STR_INIT("o:2"), 0, false, STR_INIT("")},
};
#define FRAMES "12 <104>1 - one18 <104>1 - two\nlines"

static struct arena *a;
static struct peer peer;

/* Reads n connections to their end and ends them, and hands on what came, unless it is much. */
static void
receive(int n)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    peer.seen = ends[0];
    peer.pid = fork();
    if (peer.pid != 0) {
        close(ends[1]);
        return;
    }
    for (int i = 0; i < n; i++) {
        char got[8192];
        int fd = accept(peer.listener, NULL, NULL);
        for (ssize_t len; (len = read(fd, got, sizeof got)) > 0;)
            if (write(ends[1], got, (size_t)len) < 0 && errno != EAGAIN)
                _exit(1);
        close(fd);
    }
    close(peer.listener);
    _exit(0);
}

static void
test_send(void)
{
    struct outlet_options none = {.token = STR("")};
    struct diag d = diag_init(a);
    int64_t wait;
    size_t n;
    receive(3); /* the batch, a look whether it is a receiver, and the sign of life behind it */
    CHECK(peer_send(&syslog_outlet, peer.at, &none, two, 2, &n, &wait, &d) == 0 && n == 2);
    CHECK_STR(peer_wait(&peer, a), FRAMES);
}

/* What is posted over an open connection arrived when that was asked for, not before. */
static void
test_post(void)
{
    struct outlet_options none = {.token = STR("")};
    struct diag d = diag_init(a);
    void *s;
    receive(4);
    CHECK(syslog_outlet.open(peer.at, &none, &s, &d) == 0);
    CHECK(syslog_outlet.post(s, two, 1, &d) == 0 && syslog_outlet.post(s, two + 1, 1, &d) == 0);
    CHECK(syslog_outlet.confirm(s, &d) == 0 && !diag_failed(&d));
    CHECK(syslog_outlet.confirm(s, &d) == 0); /* nothing is open any more */
    CHECK(syslog_outlet.post(s, two, 1, &d) == 0);
    syslog_outlet.close(s);
    CHECK_STR(peer_wait(&peer, a), FRAMES "12 <104>1 - one");
}

/* A receiver that is gone behind the batch may have read it and not have written it. */
static void
test_dead(void)
{
    struct outlet_options none = {.token = STR("")};
    struct diag d = diag_init(a);
    int64_t wait;
    size_t n;
    receive(2);
    close(peer.listener); /* there is no other who listens */
    CHECK(peer_send(&syslog_outlet, peer.at, &none, two, 2, &n, &wait, &d) != 0 && n == 0);
    CHECK(d.first.code == DIAG_UNAVAILABLE);
    CHECK_STR(peer_wait(&peer, a), FRAMES);
    CHECK(peer_send(&syslog_outlet, peer.at, &none, two, 2, &n, &wait, &d) != 0 && n == 0);
}

/* Batches go out one after the other, and the sign of life behind one is one for those before it. */
static void
test_overlap(void)
{
    enum { MANY = 1200, LONG = 1000, POSTS = 4 };
    struct outlet_message m[MANY];
    struct outlet_options none = {.token = STR("")};
    struct diag d = diag_init(a);
    struct str text = str_n(arena_alloc(a, LONG), LONG);
    void *s;
    size_t least = SIZE_MAX;
    memset((char *)text.s, 'x', LONG);
    for (size_t i = 0; i < MANY; i++)
        m[i] = (struct outlet_message){text, STR("o:1"), 0, false, STR("")};
    receive(64);
    CHECK(syslog_outlet.open(peer.at, &none, &s, &d) == 0 && syslog_outlet.waiting(s) == 0);
    CHECK(syslog_outlet.post(s, m, 1, &d) == 0 && syslog_outlet.waiting(s) == 1);
    for (size_t i = 1; i <= POSTS || (least == SIZE_MAX && i < 60); i++) { /* 1.2 MB each */
        CHECK(syslog_outlet.post(s, m, MANY, &d) == 0 && !diag_failed(&d));
        size_t waiting = syslog_outlet.waiting(s), all = 1 + i * MANY;
        CHECK(waiting >= MANY && waiting <= all); /* no batch is known by itself */
        if (waiting < all)
            least = waiting;
        usleep(
            60000); /* time itself: those before it are known by this one a tenth of a second on */
    }
    CHECK(least < SIZE_MAX);
    CHECK(syslog_outlet.confirm(s, &d) == 0 && syslog_outlet.waiting(s) == 0);
    syslog_outlet.close(s);
    close(peer.seen);
    kill(peer.pid, SIGKILL);
    CHECK(waitpid(peer.pid, NULL, 0) == peer.pid);
}

/* Who is no receiver: says something, or hangs up, before it took anything. */
static void
stranger(const char *says, bool waits)
{
    char got[8192];
    peer.pid = fork();
    if (peer.pid != 0)
        return;
    signal(SIGPIPE, SIG_IGN);
    int fd = accept(peer.listener, NULL, NULL);
    while (waits && read(fd, got, sizeof got) == (ssize_t)sizeof got)
        ;
    if (write(fd, says, strlen(says)) < 0 || shutdown(fd, SHUT_WR) != 0)
        _exit(1);
    while (read(fd, got, sizeof got) > 0) /* in order: what is unread at a close becomes a reset */
        ;
    close(fd);
    _exit(0);
}

static void
test_strangers(void)
{
    static const struct {
        const char *says;
        bool waits; /* for what it is sent */
    } rows[] = {
        {"", false}, {"", true}, {"HTTP/1.1 400 Bad Request\r\n", true}, {"SSH-2.0-x\r\n", false}};
    struct outlet_options none = {.token = STR("")};
    int64_t wait;
    size_t n;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diag d = diag_init(a);
        stranger(rows[i].says, rows[i].waits);
        CHECK(peer_send(&syslog_outlet, peer.at, &none, two, 2, &n, &wait, &d) != 0 && n == 0);
        CHECK(waitpid(peer.pid, NULL, 0) == peer.pid);
        if (d.first.code != DIAG_CONFIG)
            fprintf(stderr, "  \"%s\": %.*s\n", rows[i].says, STR_ARG(diag_text(&d)));
        CHECK(d.first.code == DIAG_CONFIG);
        CHECK(!rows[i].says[0] || str_find(d.first.text, " server of ") > 0);
    }
}

/* A web server that has enough after some bytes says so and hangs up: its words are told, and not that
 * the pipe is broken. */
static void
test_busy_stranger(void)
{
    enum { MUCH = 400 << 10 };
    struct outlet_options none = {.token = STR("")};
    struct diag d = diag_init(a);
    char *text = arena_alloc(a, MUCH);
    struct outlet_message m = {str_n(text, MUCH), STR("o:1"), 0, false, STR("")};
    int64_t wait;
    size_t n;
    memset(text, 'x', MUCH);
    peer.pid = fork();
    if (peer.pid == 0) {
        static const char said[] = "HTTP/1.1 414 URI Too Long\r\n\r\n";
        int small = 4096;
        char got[1024];
        setsockopt(peer.listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        int fd = accept(peer.listener, NULL, NULL);
        bool ok = read(fd, got, sizeof got) > 0 && write(fd, said, sizeof said - 1) > 0;
        usleep(50000); /* time itself: the words are on their way before the reset */
        close(fd);
        _exit(ok ? 0 : 1);
    }
    CHECK(peer_send(&syslog_outlet, peer.at, &none, &m, 1, &n, &wait, &d) != 0 && n == 0);
    CHECK(waitpid(peer.pid, NULL, 0) == peer.pid);
    if (d.first.code != DIAG_CONFIG)
        fprintf(stderr, "  %.*s\n", STR_ARG(diag_text(&d)));
    CHECK(d.first.code == DIAG_CONFIG && str_find(d.first.text, "414 URI Too Long") > 0);
}

int
main(void)
{
    a = arena_new();
    peer = peer_new(a);
    test_send();
    test_post();
    test_overlap();
    test_strangers();
    test_busy_stranger();
    test_dead();
    arena_free(a);
    return CHECK_DONE();
}
