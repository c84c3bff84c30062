/* Syslog over UDP: a message a datagram, and no word of what became of it.
 * Beside syslog.c.
 * What:   what is longer than DATAGRAM_MAX is cut at a character. A datagram counts as delivered
 *         when it has left and nobody has said that there is no one: that is all that can be known.
 *         Between datagrams is a pause, so that a receiver's buffer takes them.
 * Owner, Units, Errors: those of deliver/outlet.h.
 * See:    RFC 5426 §3.2 (sizes: 480 must be taken, 2048 should) */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "deliver/outlet.h"

enum { DATAGRAM_MAX = 2048 };
enum { PAUSE_EVERY = 16, PAUSE_MS = 2, LISTEN_MS = 50 };

struct target {
    int fd;
};

static int
udp_lose(struct diag *d, const char *why)
{
    return diag_fail(d, DIAG_UNAVAILABLE, "%s", why);
}

static void
udp_close(void *self)
{
    struct target *t = self;
    if (!t)
        return;
    if (t->fd >= 0)
        close(t->fd);
    free(t);
}

static int
udp_connect(const char *host, const char *port, int *ret, struct diag *d)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM}, *list = NULL;
    int rc = getaddrinfo(host, port, &hints, &list), why = EHOSTUNREACH;
    if (rc != 0)
        return udp_lose(d, gai_strerror(rc));
    for (const struct addrinfo *i = list; i && *ret < 0; i = i->ai_next) {
        *ret = socket(i->ai_family, i->ai_socktype | SOCK_CLOEXEC, i->ai_protocol);
        if (*ret < 0 || connect(*ret, i->ai_addr, i->ai_addrlen) == 0)
            continue;
        why = errno;
        close(*ret);
        *ret = -1;
    }
    freeaddrinfo(list);
    return *ret >= 0 ? 0 : udp_lose(d, strerror(why));
}

static int
udp_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    const char *host, *port;
    int fd = -1;
    (void)o;
    if (stream_part_peer(peer, &host, &port, d) != 0)
        return -1;
    if (udp_connect(host, port, &fd, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(peer));
    struct target *t = mem_alloc(sizeof *t);
    t->fd = fd;
    *ret = t;
    return 0;
}

/* Whether the network has said, within that time, that nobody is there. */
static int
udp_listen_for_errors(const struct target *t, int ms, struct diag *d)
{
    int error = 0;
    socklen_t n = sizeof error;
    struct pollfd p = {.fd = t->fd};
    if (poll(&p, 1, ms) > 0 && getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error)
        return udp_lose(d, strerror(error));
    return 0;
}

static int
udp_send_one(const struct target *t, struct str text, struct diag *d)
{
    struct str s = utf8_cut(text, DATAGRAM_MAX);
    for (;;) {
        ssize_t n = send(t->fd, s.s, s.len, MSG_NOSIGNAL);
        if (n == (ssize_t)s.len)
            return 0;
        if (n >= 0 || errno != EINTR)
            return udp_lose(d, n >= 0 ? "a datagram was cut" : strerror(errno));
    }
}

/* When an error comes back, it is that of any of them: none is known to have arrived. */
static int
udp_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    const struct target *t = self;
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        if (udp_send_one(t, m[i].text, d) != 0)
            return -1;
        if ((i + 1) % PAUSE_EVERY == 0 && udp_listen_for_errors(t, PAUSE_MS, d) != 0)
            return -1;
    }
    if (udp_listen_for_errors(t, LISTEN_MS, d) != 0)
        return -1;
    *ret_n = n;
    return 0;
}

const struct outlet udp_outlet = {
    .scheme = "udp",
    .weakness = "it was sent, and nobody knows whether it arrived",
    .is_syslog = true,
    .is_legacy = true,
    .max = DATAGRAM_MAX,
    .open = udp_open,
    .send = udp_send,
    .close = udp_close,
};
