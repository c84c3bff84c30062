/* One question and its answer, over a socket at which a program listens, or with a command that is
 * started with the other end of a socket pair as its standard input and output. ledger/witness.c
 * asks witnesses so. */
#include "ledger/exchange.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/env.h"

extern char **environ;

enum { MAX_WORDS = 64, END_MS = 5000 };

static int
unreachable(struct diag *d, int error)
{
    return diag_fail(d, DIAG_UNAVAILABLE, "%s", strerror(error));
}

/* ---- the other side ---- */

/* A connection to the socket of that name; -1 = there is none. */
static int
connect_to(struct str path, struct diag *d)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path.len >= sizeof to.sun_path)
        return diag_fail(d, DIAG_UNAVAILABLE, "the name of the socket is too long");
    memcpy(to.sun_path, path.s, path.len); /* the NUL is there: all of `to` was zero */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    unreachable(d, errno);
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The words of a command. It is parted at blanks and no shell reads it, so that nothing in a setting
 * can be taken for syntax. */
static char **
split_command(struct str command, struct arena *a)
{
    char **argv = ARENA_ARRAY(a, char *, MAX_WORDS + 1);
    size_t n = 0;
    while (command.len && n < MAX_WORDS) {
        struct str word = str_cut(&command, ' ');
        if (!word.len)
            continue;
        argv[n] = arena_alloc(a, word.len + 1);
        memcpy(argv[n], word.s, word.len);
        argv[n++][word.len] = '\0';
    }
    assert(n <= MAX_WORDS);
    argv[n] = NULL;
    return argv;
}

/* Starts the program with `end` as its standard input and output; what it has to complain of goes to
 * our standard error. It gets the signals as they are by default: we ignore SIGPIPE, and a program
 * that inherits that does not end when nobody reads it. Returns an errno, 0 = it runs. */
static int
spawn_on(char **argv, int end, pid_t *ret)
{
    assert(argv[0] && end >= 0);
    sigset_t blocked, by_default;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_t fa;
    sigemptyset(&blocked);
    sigemptyset(&by_default);
    sigaddset(&by_default, SIGPIPE);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attr, &blocked);
    posix_spawnattr_setsigdefault(&attr, &by_default);
    posix_spawn_file_actions_init(&fa);
    posix_spawn_file_actions_adddup2(&fa, end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&fa, end, STDOUT_FILENO);
    int rc = posix_spawnp(ret, argv[0], &fa, &attr, argv, environ);
    posix_spawn_file_actions_destroy(&fa);
    posix_spawnattr_destroy(&attr);
    return rc;
}

/* Our end of the pair whose other end the command has; -1 = it does not start. */
static int
start_command(struct str command, pid_t *ret_pid, struct diag *d)
{
    int ends[2];
    char **argv = split_command(command, d->arena);
    if (!argv[0])
        return diag_fail(d, DIAG_UNAVAILABLE, "the command is empty");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return unreachable(d, errno);
    int rc = spawn_on(argv, ends[1], ret_pid);
    close(ends[1]);
    if (rc == 0)
        return ends[0];
    close(ends[0]);
    return unreachable(d, rc);
}

/* A command may go on when its answer has ended, for example to wait for children of its own. It has
 * END_MS to end by itself, then it is killed, because whoever asked holds the lock of the log
 * meanwhile. One that did not answer in time is killed at once. Returns its exit status. */
static int
end_command(pid_t pid, bool has_answered)
{
    assert(pid > 0);
    int status = 0;
    pid_t rc;
    const struct timespec pause = {.tv_nsec = 10000000};
    int64_t until = env_mono_ms() + (has_answered ? END_MS : 0);
    while ((rc = waitpid(pid, &status, WNOHANG)) == 0 && env_mono_ms() < until)
        nanosleep(&pause, NULL);
    if (rc == 0)
        kill(pid, SIGKILL);
    while (rc == 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- question and answer ---- */

/* Until the other side can be read or written, at most until then. */
static int
wait_for(int fd, short events, int64_t until, struct diag *d)
{
    assert(fd >= 0);
    struct pollfd p = {.fd = fd, .events = events};
    for (;;) {
        int64_t left = until - env_mono_ms();
        int rc = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (rc > 0)
            return 0;
        if (rc == 0)
            return diag_fail(d, DIAG_UNAVAILABLE, "no answer within %d seconds", EXCHANGE_SECONDS);
        if (errno != EINTR)
            return unreachable(d, errno);
    }
}

/* Sends the question and says that this was all of it. The other side may answer, and close, before
 * it has read everything: then the rest is not sent, and the answer counts. */
static int
send_question(int fd, struct str s, int64_t until, struct diag *d)
{
    while (s.len) {
        if (wait_for(fd, POLLOUT, until, d) != 0)
            return -1;
        ssize_t n = send(fd, s.s, s.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
            break;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return unreachable(d, errno);
        if (n > 0)
            s = str_n(s.s + n, s.len - (size_t)n);
    }
    shutdown(fd, SHUT_WR);
    return 0;
}

/* All that it says until it closes its end; an end by force counts as the end. */
static int
receive_answer(int fd, struct buf *b, int64_t until, struct diag *d)
{
    char piece[4096];
    for (;;) {
        if (wait_for(fd, POLLIN, until, d) != 0)
            return -1;
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n == 0 || (n < 0 && errno == ECONNRESET))
            return 0;
        if (n < 0 && errno != EINTR)
            return unreachable(d, errno);
        buf_add(b, piece, n > 0 ? (size_t)n : 0);
        if (buf_bad(b))
            return diag_fail(d, DIAG_TOO_BIG, "the answer is longer than %d bytes",
                             EXCHANGE_MAX_ANSWER);
    }
}

int
exchange(struct str whom, struct str question, struct str *ret, int *ret_status, struct diag *d)
{
    pid_t pid = 0;
    bool is_socket = str_starts(whom, "unix:");
    int64_t until = env_mono_ms() + EXCHANGE_SECONDS * 1000;
    AUTO_BUF b = buf_init(EXCHANGE_MAX_ANSWER);
    *ret_status = 0;
    AUTO_FD fd =
        is_socket ? connect_to(str_n(whom.s + 5, whom.len - 5), d) : start_command(whom, &pid, d);
    if (fd < 0)
        return diag_context(d, "%.*s", STR_ARG(whom));
    bool has_answered =
        send_question(fd, question, until, d) == 0 && receive_answer(fd, &b, until, d) == 0;
    if (pid)
        *ret_status = end_command(pid, has_answered);
    *ret = arena_str(d->arena, buf_view(&b));
    return has_answered ? 0 : diag_context(d, "%.*s", STR_ARG(whom));
}
