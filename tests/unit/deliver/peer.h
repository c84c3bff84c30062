/* A peer of the outlets in a process of its own, which plays what a test wrote down.
 * What:   peer_http answers requests of HTTP, one answer each, over as many connections as it takes;
 *         what was asked comes back through a pipe. peer_wait ends it and says how it went.
 * Owner:  peer_wait releases.   Units: requests.
 * Errors: CHECK.   See: loopback.h */
#ifndef TESTS_DELIVER_PEER_H
#define TESTS_DELIVER_PEER_H

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deliver/outlet.h"
#include "loopback.h"

struct peer {
    int listener, seen; /* what came, each request ended by NUL */
    pid_t pid;
    struct str at; /* "127.0.0.1:PORT" */
};

/* Reads until `end` stands at the end, or one request of HTTP with its body; 0 = nothing came. */
static inline size_t
peer_read_request(int fd, char *to, size_t room)
{
    size_t len = 0, want = room;
    while (len < want) {
        ssize_t n = read(fd, to + len, room - 1 - len);
        if (n <= 0)
            return 0;
        len += (size_t)n;
        to[len] = 0;
        const char *body = strstr(to, "\r\n\r\n"), *size = strstr(to, "Content-Length: ");
        if (body && size)
            want = (size_t)(body - to) + 4 + (size_t)atol(size + 16);
    }
    return len;
}

/* Begins to listen; a play is to follow. */
static inline struct peer
peer_new(struct arena *a)
{
    struct peer p = {.seen = -1};
    int port;
    p.listener = loopback_listen(&port);
    p.at = arena_fmt(a, "127.0.0.1:%d", port);
    return p;
}

/* Answers n requests, and what comes behind them like the last, until the connection ends; "" = the
 * connection is ended instead of an answer. */
static inline void
peer_http(struct peer *p, const char *const *answers, size_t n)
{
    enum { ROOM = 4 << 20 };
    int ends[2];
    CHECK(pipe(ends) == 0);
    p->seen = ends[0];
    p->pid = fork();
    if (p->pid != 0) {
        close(ends[1]);
        return;
    }
    char *got = malloc(ROOM);
    signal(SIGPIPE, SIG_IGN);
    int fd = -1;
    for (size_t i = 0; i < n || fd >= 0;) {
        if (fd < 0)
            fd = accept(p->listener, NULL, NULL);
        size_t len = peer_read_request(fd, got, ROOM);
        if (len > 0) {
            const char *answer = answers[i < n ? i : n - 1];
            i++;
            /* the answer first: who reads the pipe waits for that */
            if (write(fd, answer, strlen(answer)) < 0 || write(ends[1], got, len + 1) < 0)
                _exit(1);
            if (answer[0])
                continue;
        }
        close(fd);
        fd = -1;
    }
    free(got);
    _exit(0);
}

/* Waits for the end of the play; what it was asked. Another may follow. */
static inline struct str
peer_wait(struct peer *p, struct arena *a)
{
    char some[65536];
    ssize_t n;
    int status;
    struct str all = STR("");
    while ((n = read(p->seen, some, sizeof some)) > 0) {
        char *joined = arena_alloc(a, all.len + (size_t)n + 1);
        memcpy(joined, all.s, all.len);
        memcpy(joined + all.len, some, (size_t)n);
        all = str_n(joined, all.len + (size_t)n);
    }
    close(p->seen);
    CHECK(waitpid(p->pid, &status, 0) == p->pid && status == 0);
    return all;
}

/* An answer of HTTP with a body. */
static inline const char *
peer_answer(struct arena *a, const char *head, const char *body)
{
    return arena_fmt(a, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", head, strlen(body), body).s;
}

/* Opens, sends once, and closes; *ret_wait_s = how long the peer wants to be left alone. */
static inline int
peer_send(const struct outlet *o, struct str peer, const struct outlet_options *options,
          const struct outlet_message *m, size_t n, size_t *ret_n, int64_t *ret_wait_s,
          struct diag *d)
{
    void *session;
    *ret_n = 0;
    *ret_wait_s = 0;
    diag_clear(d);
    if (o->open(peer, options, &session, d) != 0)
        return -1;
    int rc = o->send(session, m, n, ret_n, d);
    if (o->wait_s)
        *ret_wait_s = o->wait_s(session);
    o->close(session);
    CHECK((rc == 0) == !diag_failed(d) && *ret_n <= n);
    return rc;
}

#endif
