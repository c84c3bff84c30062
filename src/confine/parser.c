/* The helper and its parser processes: the far side of confine.c. The helper reads no byte of any
 * host; it forks, waits and tells how it ended. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "confine/confine.h"
#include "confine/inner.h"
#include "confine/sandbox.h"
#include "confine/wire.h"
#include "ingest/category/category.h"
#include "ingest/warm.h"

enum { LAST_FD = 2, SUPPLY = 32 << 20 };

struct request {
    struct parser_limits limits;
    char bytes[REQUEST_MAX];
    size_t len;
    int file, answer;
};

/* ---- the parser process ---- */

/* Fails when the parent has had enough of the answer. */
static int
write_answer(void *self, struct str bytes)
{
    return file_write_all(*(int *)self, bytes);
}

/* Everything that happens to the bytes of a host happens below this call. */
static int
parse_and_answer(const struct request *r, confine_parse_fn *parse)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct ingest_context ctx;
    struct scan_file f = {0};
    struct catalogue_keys keys = {.n = 0};
    struct sandbox_limits limits = {.memory = r->limits.memory, .seconds = r->limits.seconds};
    const char began = PARSER_BEGAN;
    int out = r->answer;
    if (!r->limits.is_free) {
        ingest_close_files();
        if (sandbox_enter(&limits, &d) != 0)
            return PARSER_NO_SANDBOX;
    }
    if (write_answer(&out, str_n(&began, 1)) != 0)
        return PARSER_NO_ANSWER;
    if (wire_get_request(str_n(r->bytes, r->len), a, &ctx, &keys, &d) == 0 &&
        parse(&ctx, r->file, a, &f, &d) == 0)
        category_settle(a, &f);
    if (d.first.code == DIAG_RETRY)
        return PARSER_COLD;
    return wire_put_answer(&f, &d, &keys, write_answer, &out) == 0 ? PARSER_ANSWERED
                                                                   : PARSER_NO_ANSWER;
}

/* ---- the helper ---- */

/* Waits for the parser; SIGCHLD is blocked, so that none is missed between looking and waiting. */
static struct parser_end
wait_for(pid_t pid, int seconds)
{
    int status;
    sigset_t set;
    bool is_late = false;
    int64_t deadline = env_mono_ms() + 1000 * PARSER_CLOCK_S((int64_t)seconds);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        int64_t left = seconds ? deadline - env_mono_ms() : 60000;
        struct timespec t = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
        if (left <= 0) {
            is_late = true;
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            break;
        }
        sigtimedwait(&set, NULL, &t);
    }
    if (is_late)
        return (struct parser_end){.fate = PARSER_TIMED_OUT};
    if (WIFSIGNALED(status))
        return (struct parser_end){.fate = PARSER_KILLED, .number = WTERMSIG(status)};
    return (struct parser_end){.fate = PARSER_EXITED, .number = WEXITSTATUS(status)};
}

static struct parser_end
run_parser(struct request *r, confine_parse_fn *parse)
{
    pid_t pid = fork();
    if (pid < 0)
        return (struct parser_end){.fate = PARSER_NOT_STARTED, .number = errno};
    if (pid == 0) {
        /* Dies with the helper, holds nothing open but its file and its pipe, and is silent: what
         * it could print would come from a host. */
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, SIG_DFL);
        for (int fd = 0; null >= 0 && fd <= LAST_FD; fd++)
            dup2(null, fd);
        assert(r->file > LAST_FD && r->answer > LAST_FD && null > LAST_FD);
        close(null);
        arena_reserve(SUPPLY);
        _exit(parse_and_answer(r, parse));
    }
    /* The parent sees the end of the answer only when nobody else holds the pipe. */
    close(r->answer);
    close(r->file);
    return wait_for(pid, r->limits.seconds);
}

/* The next request; 0 = there will be none. */
static int
receive(struct request *r)
{
    struct iovec parts[] = {{&r->limits, sizeof r->limits}, {r->bytes, sizeof r->bytes}};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(REQUEST_FDS * sizeof(int))];
    struct msghdr m = {.msg_iov = parts,
                       .msg_iovlen = 2,
                       .msg_control = control,
                       .msg_controllen = sizeof control};
    ssize_t n;
    do
        n = recvmsg(STDIN_FILENO, &m, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (n < (ssize_t)sizeof r->limits || !c || c->cmsg_len != CMSG_LEN(REQUEST_FDS * sizeof(int)))
        return 0;
    int fds[REQUEST_FDS];
    memcpy(fds, CMSG_DATA(c), sizeof fds);
    r->file = fds[0];
    r->answer = fds[1];
    r->len = (size_t)n - sizeof r->limits;
    return 1;
}

int
confine_serve(confine_parse_fn *parse)
{
    static struct request r; /* too large for the stack */
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGINT, SIG_IGN); /* ctrl-C: the parent ends, the socket closes, and so do we */
    ingest_warm();
    category_warm();
    struct arena *a = arena_new();
    struct diag ignored = diag_init(a); /* a failure is told by the parser that needs the walls */
    sandbox_prepare(&ignored);
    arena_free(a);
    while (receive(&r)) {
        if (r.limits.is_encoded)
            ingest_warm_encodings();
        struct parser_end end = run_parser(&r, parse);
        if (send(STDIN_FILENO, &end, sizeof end, MSG_NOSIGNAL) != sizeof end)
            return 1;
    }
    return 0;
}
