/* POST: what goes out, every kind of end of an answer, and servers that say nothing. */
#include "deliver/http.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loopback.h"

#define HANGS "HTTP/1.1 200 O"              /* and nothing more, for as long as somebody listens */
#define DRIPS "HTTP/1.1 200 OK\r\nX-Slow: " /* and a byte now and then */
#define TALKS "HTTP/1.1 200 OK\r\n\r\n"     /* and a body without end */

static int listener;
static struct str url;

static void
listen_on_loopback(struct arena *a)
{
    int port;
    listener = loopback_listen(&port);
    url = arena_fmt(a, "http://127.0.0.1:%d/in", port);
}

/* What comes behind the beginning of an answer. */
static void
go_on(int fd, const char *answer)
{
    char rest, much[65536] = {'x'};
    while (strcmp(answer, HANGS) == 0 && read(fd, &rest, 1) > 0)
        ;
    while (strcmp(answer, DRIPS) == 0 && send(fd, "x", 1, MSG_NOSIGNAL) > 0)
        usleep(50000);
    while (strcmp(answer, TALKS) == 0 && send(fd, much, sizeof much, MSG_NOSIGNAL) > 0)
        ;
}

/* A server for one connection: reads n requests of that end, answers each with the same bytes. */
static pid_t
serve(const char *answer, int n, int seen)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    int fd = accept(listener, NULL, NULL);
    for (int i = 0; i < n; i++) {
        char got[65536];
        size_t len = 0;
        do {
            ssize_t more = read(fd, got + len, sizeof got - len);
            len += more > 0 ? (size_t)more : 0;
        } while (len < 4 || memcmp(got + len - 4, "END\n", 4) != 0);
        if (write(seen, got, len) < 0 || write(fd, answer, strlen(answer)) < 0)
            _exit(1);
    }
    go_on(fd, answer);
    close(fd);
    _exit(0);
}

struct result {
    int rc;
    struct http_answer answer;
    struct diag d;
    struct str sent;
};

/* Posts to a server that answers so. Only who never comes to an end is given up soon. */
static void
post(const char *answer, size_t max_answer, struct arena *a, struct result *r)
{
    static const struct str headers[] = {STR_INIT("Content-Type: application/x-ndjson"),
                                         STR_INIT("X-One: a b")};
    bool is_endless = strcmp(answer, HANGS) == 0 || strcmp(answer, DRIPS) == 0;
    struct http_options o = {
        .plain = true, .max_answer = max_answer, .timeout_s = is_endless ? 2 : 120};
    struct http *h;
    int seen[2], status;
    CHECK(pipe(seen) == 0);
    *r = (struct result){.d = diag_init(a)};
    pid_t child = serve(answer, 1, seen[1]);
    CHECK(http_open(&o, &h, &r->d) == 0);
    r->rc = http_post(h, url, headers, 2, STR("{\"a\":1}\nEND\n"), &r->answer, &r->d);
    r->answer.body = arena_str(a, r->answer.body);
    http_close(h);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    char *got = arena_alloc(a, 65536);
    r->sent = str_n(got, (size_t)read(seen[0], got, 65536));
    close(seen[0]);
    close(seen[1]);
}

static void
check_request(struct arena *a)
{
    struct result r;
    post("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", 0, a, &r);
    CHECK(r.rc == 0 && r.answer.status == 201 && r.answer.retry_after_s == 0);
    CHECK_STR(r.answer.body, "ok");
    CHECK(str_starts(r.sent, "POST /in HTTP/1.1\r\n"));
    CHECK(str_find(r.sent, "\r\nContent-Type: application/x-ndjson\r\n") > 0);
    CHECK(str_find(r.sent, "\r\nX-One: a b\r\n") > 0);
    CHECK(str_find(r.sent, "\r\nUser-Agent: assay/") > 0);
    CHECK(str_find(r.sent, "\r\nContent-Length: 12\r\n") > 0);
    CHECK(str_find(r.sent, "Expect") < 0);
    CHECK(str_ends(r.sent, "\r\n\r\n{\"a\":1}\nEND\n"));
}

static void
check_answers(struct arena *a)
{
    struct result r;
    post("HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n", 0, a, &r);
    CHECK(r.rc == 0 && r.answer.status == 503 && r.answer.retry_after_s == 17);
    post("HTTP/1.1 503 Busy\r\nRetry-After: 99999999\r\nContent-Length: 0\r\n\r\n", 0, a, &r);
    CHECK(r.rc == 0 && r.answer.retry_after_s == 3600);
    post("HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 0, a, &r);
    CHECK(r.rc == 0 && r.answer.status == 307);
    post("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789", 4, a, &r);
    CHECK(r.rc == -1 && r.d.first.code == DIAG_UNAVAILABLE);
    CHECK_STR(r.d.first.text, "the answer is larger than 4 bytes");
    post("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1234", 4, a, &r);
    CHECK(r.rc == 0);
    CHECK_STR(r.answer.body, "1234");
    post("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 0, a, &r);
    CHECK(r.rc == -1 && r.d.first.code == DIAG_UNAVAILABLE);
    post("", 0, a, &r);
    CHECK(r.rc == -1 && r.d.first.code == DIAG_UNAVAILABLE);
    post(HANGS, 0, a, &r);
    CHECK(r.rc == -1 && r.d.first.code == DIAG_UNAVAILABLE);
    CHECK(str_find(r.d.first.text, "timed out") >= 0);
    post(DRIPS, 0, a, &r);
    CHECK(r.rc == -1 && r.d.first.code == DIAG_UNAVAILABLE);
    CHECK(str_find(r.d.first.text, "timed out") >= 0);
    post(TALKS, 0, a, &r);
    CHECK(r.rc == -1 && r.d.first.code == DIAG_UNAVAILABLE);
    CHECK_STR(r.d.first.text, "the answer is larger than 1114112 bytes");
    post("SSH-2.0-OpenSSH\r\n", 0, a, &r);
    CHECK(r.rc == -1 && r.d.first.code == DIAG_UNAVAILABLE);
}

/* The connection is kept, and the second answer replaces the first. */
static void
check_again(struct arena *a)
{
    struct http_options o = {.plain = true};
    struct diag d = diag_init(a);
    struct http *h;
    struct http_answer answer;
    int seen[2], status;
    CHECK(pipe(seen) == 0);
    pid_t child = serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 2, seen[1]);
    CHECK(http_open(&o, &h, &d) == 0);
    for (int i = 0; i < 2; i++) {
        CHECK(http_post(h, url, NULL, 0, STR("END\n"), &answer, &d) == 0);
        CHECK_STR(answer.body, "ok");
    }
    http_close(h);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(seen[0]);
    close(seen[1]);
}

static enum diag_code
code_of(struct http_options o, const char *to, struct arena *a)
{
    struct diag d = diag_init(a);
    struct http *h;
    struct http_answer answer;
    CHECK(http_open(&o, &h, &d) == 0);
    CHECK(http_post(h, str_c(to), NULL, 0, STR(""), &answer, &d) == -1);
    http_close(h);
    return d.first.code;
}

int
main(void)
{
    struct arena *a = arena_new();
    struct http_options plain = {.plain = true}, tls = {0}, missing = {0};
    missing.tls.ca = STR("/nonexistent/ca.pem");
    listen_on_loopback(a);
    check_request(a);
    check_answers(a);
    check_again(a);
    CHECK(code_of(plain, "http://127.0.0.1:1/", a) == DIAG_UNAVAILABLE);
    CHECK(code_of(plain, "https://127.0.0.1:1/", a) == DIAG_UNAVAILABLE);
    CHECK(code_of(tls, "http://127.0.0.1:1/", a) == DIAG_UNAVAILABLE);
    CHECK(code_of(tls, "file:///etc/passwd", a) == DIAG_UNAVAILABLE);
    CHECK(code_of(tls, "https://127.0.0.1:1/", a) == DIAG_UNAVAILABLE);
    CHECK(code_of(missing, arena_fmt(a, "https%s", url.s + 4).s, a) == DIAG_CONFIG);
    arena_free(a);
    return CHECK_DONE();
}
