/* Syslog as old receivers want it: datagrams, and lines over TCP. */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"
#include "check.h"
#include "deliver/datagram.c" /* its limit */
#include "deliver/outlet.h"

static const struct outlet_message two[] = {
    {STR_INIT("<104>1 - one"), STR_INIT("o:1"), 0, false, STR_INIT("")},
    {STR_INIT("<104>1 - zw\xc3\xb6"), STR_INIT("o:2"), 0, false, STR_INIT("")},
};

/* A socket on a port of the loopback that nobody else has. */
static int
bind_loopback(int type, struct str *ret_peer, struct arena *a)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, type, 0);
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &n) == 0);
    *ret_peer = arena_fmt(a, "127.0.0.1:%d", ntohs(at.sin_port));
    return fd;
}

static int
send_all(const struct outlet *o, struct str peer, const struct outlet_message *m, size_t n,
         size_t *ret_n, struct diag *d)
{
    struct outlet_options none = {.token = STR("")};
    void *session;
    *ret_n = 0;
    if (o->open(peer, &none, &session, d) != 0)
        return -1;
    int rc = o->send(session, m, n, ret_n, d);
    o->close(session);
    return rc;
}

static void
check_datagrams(struct arena *a)
{
    struct diag d = diag_init(a);
    struct str peer;
    size_t n;
    char got[8192], big[3001];
    int fd = bind_loopback(SOCK_DGRAM, &peer, a);
    CHECK(send_all(&udp_outlet, peer, two, 2, &n, &d) == 0 && n == 2);
    for (size_t i = 0; i < 2; i++) {
        ssize_t len = recv(fd, got, sizeof got, 0);
        CHECK(str_eq(str_n(got, (size_t)len), two[i].text));
    }
    for (size_t i = 0; i < 3000; i += 3)
        memcpy(big + i, "\xe3\x81\x82", 4);
    struct outlet_message m = {str_n(big, 3000), STR("o:3"), 0, false, STR_INIT("")};
    CHECK(send_all(&udp_outlet, peer, &m, 1, &n, &d) == 0 && n == 1);
    ssize_t len = recv(fd, got, sizeof got, 0);
    CHECK(len <= DATAGRAM_MAX && len > DATAGRAM_MAX - 3 && utf8_valid(str_n(got, (size_t)len)));
    close(fd);
    CHECK(send_all(&udp_outlet, peer, two, 2, &n, &d) == -1 && n == 0);
    CHECK(d.first.code == DIAG_UNAVAILABLE);
    struct diag wrong = diag_init(a);
    CHECK(send_all(&udp_outlet, STR("nowhere"), two, 2, &n, &wrong) == -1);
    CHECK(wrong.first.code == DIAG_CONFIG);
}

enum peer_end { LIVES, RESETS, DIES };

/* Reads connections to their end, and hands on what came; or ends the first with a reset, or is no
 * more once it has read it. */
static void
receive(int listener, int to, enum peer_end how)
{
    char got[8192];
    /* the lines, a look whether it is a receiver, the sign of life */
    for (int i = 0; i < (how == LIVES ? 3 : 1); i++) {
        int fd = accept(listener, NULL, NULL);
        for (ssize_t n; how != RESETS && (n = read(fd, got, sizeof got)) > 0;)
            if (write(to, got, (size_t)n) != n)
                _exit(1);
        struct linger now = {.l_onoff = 1};
        if (how == RESETS)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(fd);
    }
    _exit(0);
}

/* What a receiver has read it may not have written yet: that counts when it lives on. */
static void
check_lines(struct arena *a, enum peer_end how)
{
    struct diag d = diag_init(a);
    struct str peer;
    size_t n;
    char got[8192];
    int ends[2], status, fd = bind_loopback(SOCK_STREAM, &peer, a);
    CHECK(listen(fd, 1) == 0 && pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0)
        receive(fd, ends[1], how);
    close(ends[1]);
    close(fd);
    int rc = send_all(&newline_outlet, peer, two, 2, &n, &d);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    ssize_t len = read(ends[0], got, sizeof got);
    if (how == LIVES)
        CHECK(rc == 0 && n == 2);
    else
        CHECK(rc == -1 && n == 0 && d.first.code == DIAG_UNAVAILABLE);
    if (how != RESETS)
        CHECK_STR(str_n(got, (size_t)len), "<104>1 - one\n<104>1 - zw\xc3\xb6\n");
    close(ends[0]);
}

int
main(void)
{
    struct arena *a = arena_new();
    check_datagrams(a);
    check_lines(a, LIVES);
    check_lines(a, RESETS);
    check_lines(a, DIES);
    arena_free(a);
    return CHECK_DONE();
}
