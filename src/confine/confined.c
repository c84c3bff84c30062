/* A forked child for one call; job/verify.c reads signed files this way, parser.c has what ingest needs. */
#include "confine/confined.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "confine/inner.h"
#include "confine/sandbox.h"

enum { LAST_FD = 2, READ_AT_ONCE = 65536, PAGE_COUNT_TEXT = 64 };

/* The address space that the process has by now: limits count from there. */
static int64_t
address_space(void)
{
    long long pages = 0;
    char text[PAGE_COUNT_TEXT] = "";
    AUTO_FILE f = fopen("/proc/self/statm", "re");
    if (f && fgets(text, sizeof text, f))
        sscanf(text, "%lld", &pages);
    return pages * (int64_t)sysconf(_SC_PAGESIZE);
}

/* Nothing but the pipe stays open, and what would be printed comes from nobody. */
static void
close_others(int pipe)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd <= LAST_FD; fd++)
        dup2(null, fd);
    assert(pipe > LAST_FD);
    if (pipe > LAST_FD + 1)
        close_range(LAST_FD + 1, (unsigned)pipe - 1, 0);
    close_range((unsigned)pipe + 1, ~0U, 0);
}

static int
work(confined_fn *fn, void *self, const struct confined_limits *limits, int pipe)
{
    AUTO_BUF answer = buf_init(limits->answer);
    struct sandbox_limits walls = {.seconds = limits->seconds};
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    const char began = PARSER_BEGAN;
    if (limits->memory)
        walls.memory = limits->memory + address_space();
    close_others(pipe);
    if (!limits->is_free && sandbox_enter(&walls, &d) != 0)
        return PARSER_NO_SANDBOX;
    buf_putc(&answer, began);
    fn(self, &answer);
    return !buf_bad(&answer) && file_write_all(pipe, buf_view(&answer)) == 0 ? PARSER_ANSWERED
                                                                             : PARSER_NO_ANSWER;
}

static void
read_all(int fd, struct buf *b)
{
    while (!buf_bad(b)) {
        char *room = buf_room(b, READ_AT_ONCE);
        ssize_t n = room ? read(fd, room, READ_AT_ONCE) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        buf_grew(b, (size_t)n);
    }
}

static int
why_ended(int status, const struct confined_limits *limits, struct diag *d)
{
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (sig == SIGSYS)
        return diag_fail(d, DIAG_BAD_DATA,
                         "reading it made its reader try what that may not (open, connect or run "
                         "something): treat the file and its sender as hostile");
    if (sig == SIGXCPU)
        return diag_fail(d, DIAG_TOO_BIG, "reading it took more than %d s of processor time",
                         limits->seconds);
    if (sig == SIGBUS)
        return diag_fail(d, DIAG_BAD_DATA, "the file became shorter while it was read");
    if (sig)
        return diag_fail(d, DIAG_BAD_DATA,
                         "reading it made its reader crash (signal %d, %s): please report it as a "
                         "bug",
                         sig, strsignal(sig));
    if (WEXITSTATUS(status) == PARSER_NO_SANDBOX)
        return diag_fail(d, DIAG_INTERNAL,
                         "its reader could not be confined: the kernel takes no system call filter "
                         "(seccomp); confine = no in assay.conf does without");
    return diag_fail(d, DIAG_TOO_BIG, "reading it needs more memory than is allowed");
}

int
confined_call(confined_fn *fn, void *self, const struct confined_limits *limits, struct arena *a,
              struct str *ret, struct diag *d)
{
    static bool is_prepared; /* the filter is made once, for all that are forked */
    int ends[2], status = 0;
    AUTO_BUF answer = buf_init(limits->answer + READ_AT_ONCE);
    assert(fn && limits->answer > 0);
    if (!limits->is_free && !is_prepared && sandbox_prepare(d) != 0)
        return -1;
    is_prepared = is_prepared || !limits->is_free;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return diag_fail(d, DIAG_INTERNAL, "cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(work(fn, self, limits, ends[1]));
    }
    close(ends[1]);
    if (pid > 0)
        read_all(ends[0], &answer);
    close(ends[0]);
    if (pid < 0)
        return diag_fail(d, DIAG_INTERNAL, "cannot start a process: %s", strerror(errno));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    struct str said = buf_view(&answer);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != PARSER_ANSWERED || buf_bad(&answer) ||
        !said.len || said.s[0] != PARSER_BEGAN)
        return why_ended(status, limits, d);
    *ret = arena_str(a, str_n(said.s + 1, said.len - 1));
    return 0;
}
