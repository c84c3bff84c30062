/* The parent's side: starts helpers, hands them files, reads answers. Called by intake/intake.c. */
#include "confine/confine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/mem.h"
#include "confine/inner.h"
#include "confine/wire.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { READ_AT_ONCE = 1 << 16, KEPT_ANSWER = 16 << 20 };

struct helper {
    pid_t pid;
    int socket;
    struct buf answer; /* kept from file to file: memory that was used once is there already */
    bool is_encoded;   /* a file needed converters: they are loaded from now on */
};

struct confine {
    struct confine_options o;
    int program;        /* of the helpers, and */
    char **environment; /* theirs */
    struct catalogues *known;
    struct helper *helpers;
};

/* ---- helpers ---- */

/* Ours, and that every symbol is looked up before the first parser is forked: else each of them
 * would do it for itself. */
static char **
make_environment(void)
{
    static char bind[] = "LD_BIND_NOW=1";
    size_t n = 0;
    while (environ[n])
        n++;
    char **e = mem_alloc((n + 2) * sizeof *e);
    e[0] = bind;
    memcpy(e + 1, environ, (n + 1) * sizeof *e);
    return e;
}

static int
start_helper(const struct confine *c, struct helper *h, struct diag *d)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return diag_fail(d, DIAG_INTERNAL, "cannot make a socket: %s", strerror(errno));
    h->pid = fork();
    if (h->pid == 0) {
        dup2(ends[1], STDIN_FILENO);
        /* Also what we were given without knowing. */
        close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
        signal(SIGPIPE, SIG_DFL);
        execveat(c->program, "", (char *const *)(uintptr_t)c->o.argv, c->environment,
                 AT_EMPTY_PATH);
        _exit(127);
    }
    int why = errno;
    close(ends[1]);
    h->socket = ends[0];
    return h->pid > 0 ? 0 : diag_fail(d, DIAG_INTERNAL, "cannot start a parser: %s", strerror(why));
}

int
confine_open(const struct confine_options *o, struct confine **ret, struct diag *d)
{
    assert(o->jobs > 0 && o->answer > 0 && o->program && o->argv[0]);
    int program = open(o->program, O_PATH | O_CLOEXEC);
    if (program < 0)
        return diag_fail(d, DIAG_INTERNAL, "%s, which reads files, is missing: %s", o->program,
                         strerror(errno));
    struct confine *c = mem_alloc(sizeof *c);
    c->o = *o;
    c->program = program;
    c->environment = make_environment();
    c->known = catalogues_new();
    c->helpers = mem_alloc(o->jobs * sizeof *c->helpers);
    for (unsigned i = 0; i < o->jobs; i++)
        c->helpers[i] = (struct helper){.socket = -1, .answer = buf_init((size_t)o->answer)};
    *ret = c;
    return 0;
}

void
confine_close(struct confine *c)
{
    if (!c)
        return;
    for (unsigned i = 0; i < c->o.jobs; i++)
        if (c->helpers[i].socket >= 0)
            close(c->helpers[i].socket); /* the helper ends when it reads this */
    for (unsigned i = 0; i < c->o.jobs; i++)
        if (c->helpers[i].pid > 0)
            waitpid(c->helpers[i].pid, NULL, 0);
    for (unsigned i = 0; i < c->o.jobs; i++)
        buf_done(&c->helpers[i].answer);
    close(c->program);
    free(c->environment);
    catalogues_free(c->known);
    free(c->helpers);
    free(c);
}

unsigned
confine_jobs(const struct confine *c)
{
    return c->o.jobs;
}

/* ---- one request ---- */

static int
collect(void *self, struct str bytes)
{
    buf_str(self, bytes);
    return 0;
}

static int
send_request(struct helper *h, const struct parser_limits *limits, struct str bytes,
             const int fds[2])
{
    struct iovec parts[] = {{(void *)(uintptr_t)limits, sizeof *limits},
                            {(void *)(uintptr_t)bytes.s, bytes.len}};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(REQUEST_FDS * sizeof(int))] = {0};
    struct msghdr m = {.msg_iov = parts,
                       .msg_iovlen = 2,
                       .msg_control = control,
                       .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(REQUEST_FDS * sizeof(int));
    memcpy(CMSG_DATA(c), fds, REQUEST_FDS * sizeof(int));
    ssize_t n;
    do
        n = sendmsg(h->socket, &m, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -1 : 0;
}

/* Reads until the parser closes the pipe; what is beyond the maximum is dropped by closing it. */
static int
read_answer(int fd, struct buf *b)
{
    while (!buf_bad(b)) {
        char *room = buf_room(b, READ_AT_ONCE);
        if (!room)
            break;
        ssize_t n = read(fd, room, READ_AT_ONCE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return (int)n;
        buf_grew(b, (size_t)n);
    }
    return 0;
}

/* ---- what became of it ---- */

static int
why_killed(const struct confine *c, int signal_number, struct diag *d)
{
    switch (signal_number) {
    case SIGSYS:
        return diag_fail(d, DIAG_BAD_DATA,
                         "reading it made the parser try what a parser may not (open, connect or "
                         "run something): treat the file and its sender as hostile");
    case SIGXCPU:
        return diag_fail(d, DIAG_TOO_BIG, "reading it took more than %d s of processor time",
                         c->o.seconds);
    case SIGKILL:
        return diag_fail(d, DIAG_TOO_BIG,
                         "its parser was killed twice: was the machine out of memory?");
    default:
        return diag_fail(d, DIAG_BAD_DATA,
                         "reading it made the parser crash (signal %d, %s): the file is kept; "
                         "please report it as a bug",
                         signal_number, strsignal(signal_number));
    }
}

/* Out of memory ends a process with a status of its own (base/mem.c). Only a parser that has not
 * begun can say that it was not confined: one that has may say anything. */
static int
why_exited(const struct confine *c, int status, bool has_begun, struct diag *d)
{
    if (status == PARSER_COLD || (status == PARSER_NO_SANDBOX && has_begun))
        return diag_fail(d, DIAG_BAD_DATA,
                         "reading it made the parser end as no parser does: treat the file and its "
                         "sender as hostile");
    if (status == PARSER_NO_SANDBOX)
        return diag_fail(d, DIAG_INTERNAL,
                         "the parser could not be confined: the kernel takes no system call filter "
                         "(seccomp); confine = no in assay.conf does without");
    return diag_fail(d, DIAG_TOO_BIG, "reading it needs more than %lld MiB of memory",
                     (long long)(c->o.memory >> 20));
}

static int
judge_answer(const struct confine *c, const struct parser_end *end, const struct buf *answer,
             struct arena *a, struct scan_file *ret, struct diag *d)
{
    if (buf_bad(answer))
        return diag_fail(d, DIAG_TOO_BIG, "what is to be kept of it needs more than %lld MiB",
                         (long long)(c->o.answer >> 20));
    switch ((enum parser_fate)end->fate) {
    case PARSER_NOT_STARTED:
        return diag_fail(d, DIAG_INTERNAL, "cannot start a parser: %s", strerror(end->number));
    case PARSER_TIMED_OUT:
        return diag_fail(d, DIAG_TOO_BIG, "reading it took more than %d s",
                         PARSER_CLOCK_S(c->o.seconds));
    case PARSER_KILLED:
        return why_killed(c, end->number, d);
    case PARSER_EXITED:
        break;
    }
    bool has_begun = answer->len > 0 && answer->data[0] == PARSER_BEGAN;
    if (end->number != 0)
        return why_exited(c, end->number, has_begun, d);
    struct str said = has_begun ? str_n(answer->data + 1, answer->len - 1) : STR("");
    return wire_get_answer(said, c->known, a, ret, d);
}

/* Ready for the next answer; a large one is not kept for the small ones that follow. */
static void
forget_answer(struct helper *h, bool holds_secret)
{
    if (holds_secret)
        explicit_bzero(h->answer.data, h->answer.len);
    if (h->answer.cap > KEPT_ANSWER || buf_bad(&h->answer))
        buf_done(&h->answer);
    buf_cut(&h->answer, 0);
}

/* Talks to the helper; a failure here is of the helper, not of the file. */
static int
converse(struct helper *h, const struct parser_limits *limits, struct str request, int file,
         struct parser_end *ret)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    int rc = send_request(h, limits, request, (const int[]){file, ends[1]});
    close(ends[1]);
    if (rc == 0)
        rc = read_answer(ends[0], &h->answer);
    close(ends[0]); /* before waiting: a parser that still writes ends by this */
    if (rc != 0)
        return rc;
    ssize_t n;
    do
        n = recv(h->socket, ret, sizeof *ret, 0);
    while (n < 0 && errno == EINTR);
    return n == sizeof *ret ? 0 : -1;
}

static void
restart_helper(struct confine *c, unsigned job)
{
    struct helper *h = &c->helpers[job];
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag ignored = diag_init(a); /* converse() fails next and says so */
    if (h->socket >= 0)
        close(h->socket);
    if (h->pid > 0) {
        kill(h->pid, SIGKILL);
        waitpid(h->pid, NULL, 0);
    }
    start_helper(c, h, &ignored);
}

/* A file that needs converters is read once more with them. So is, from its beginning and unless it
 * is a stream, one whose helper or parser somebody killed: that says nothing about the file. */
static int
converse_again(struct confine *c, unsigned job, struct parser_limits *limits, struct str request,
               int fd, struct parser_end *end)
{
    struct helper *h = &c->helpers[job];
    int rc = converse(h, limits, request, fd, end);
    bool is_cold =
        rc == 0 && end->fate == PARSER_EXITED && end->number == PARSER_COLD && !limits->is_encoded;
    bool was_killed = rc == 0 && end->fate == PARSER_KILLED && end->number == SIGKILL;
    if ((rc == 0 && !was_killed && !is_cold) || lseek(fd, 0, SEEK_SET) != 0)
        return rc;
    if (rc != 0)
        restart_helper(c, job);
    if (is_cold)
        h->is_encoded = true;
    limits->is_encoded = true; /* there is no third time */
    forget_answer(h, false);
    return converse(h, limits, request, fd, end);
}

int
confine_parse(struct confine *c, unsigned job, const struct ingest_context *ctx, int fd,
              struct arena *a, struct scan_file *ret, struct diag *d)
{
    assert(job < c->o.jobs && fd >= 0);
    struct parser_limits limits = {
        .memory = c->o.memory, .seconds = c->o.seconds, .is_free = c->o.is_free};
    struct parser_end end;
    /* A stream cannot be read once more. */
    limits.is_encoded = c->helpers[job].is_encoded || lseek(fd, 0, SEEK_CUR) < 0;
    if (c->helpers[job].pid == 0 && start_helper(c, &c->helpers[job], d) != 0)
        return -1;
    AUTO_BUF request = buf_init(REQUEST_MAX);
    struct catalogue_keys keys;
    catalogues_keys(c->known, &keys);
    wire_put_request(ctx, &keys, collect, &request);
    if (buf_bad(&request))
        return diag_fail(d, DIAG_TOO_BIG, "the name of the file is too long");
    if (converse_again(c, job, &limits, buf_view(&request), fd, &end) != 0)
        return diag_fail(d, DIAG_INTERNAL,
                         "%s ended without an answer (%s): was assay upgraded meanwhile?",
                         c->o.program, strerror(errno));
    struct scan_file f = {.path = str_c(ctx->path)};
    int rc = judge_answer(c, &end, &c->helpers[job].answer, a, &f, d);
    forget_answer(&c->helpers[job], f.secret.len > 0);
    if (rc != 0)
        return diag_at(d, "%s", ctx->path);
    *ret = f;
    return 0;
}
