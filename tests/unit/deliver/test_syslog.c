/* Syslog over TCP with octet counting: a batch arrived when the receiver has read it to the end and
 * lived on. Newlines and datagrams are test_legacy's. */
#include "deliver/outlet.h"

#include "peer.h"

static const struct outlet_message two[] = {
    {STR_INIT("<104>1 - one"), STR_INIT("o:1"), 0, false, STR_INIT("")},
    {STR_INIT("<104>1 - two\nlines"), STR_INIT("o:2"), 0, false, STR_INIT("")},
};
#define FRAMES "12 <104>1 - one18 <104>1 - two\nlines"

static struct arena *a;
static struct peer peer;

/* Reads n connections to their end and ends them, and hands on what came. */
static void
receive(int n)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
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
            if (write(ends[1], got, (size_t)len) != len)
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
    receive(2); /* the batch, and the sign of life behind it */
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
    receive(3);
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
    receive(1);
    close(peer.listener); /* there is no other who listens */
    CHECK(peer_send(&syslog_outlet, peer.at, &none, two, 2, &n, &wait, &d) != 0 && n == 0);
    CHECK(d.first.code == DIAG_UNAVAILABLE);
    CHECK_STR(peer_wait(&peer, a), FRAMES);
    CHECK(peer_send(&syslog_outlet, peer.at, &none, two, 2, &n, &wait, &d) != 0 && n == 0);
}

int
main(void)
{
    a = arena_new();
    peer = peer_new(a);
    test_send();
    test_post();
    test_dead();
    arena_free(a);
    return CHECK_DONE();
}
