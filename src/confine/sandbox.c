/* The walls around a parser process; parser.c enters them before it reads a byte of the file. */
#include "confine/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/auto.h"

AUTO_DEFINE(scmp_filter_ctx, seccomp_release)

enum { MAX_FILTER = 256, NOBODY = 0x7fffffff /* above any process id */ };

/* What the C library needs to read, write, compute, allocate and end. None takes a path. */
static const int harmless[] = {
    SCMP_SYS(read),           SCMP_SYS(write),        SCMP_SYS(close),
    SCMP_SYS(munmap),         SCMP_SYS(mremap),       SCMP_SYS(brk),
    SCMP_SYS(madvise),        SCMP_SYS(futex),        SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),   SCMP_SYS(getrandom),    SCMP_SYS(exit),
    SCMP_SYS(exit_group),     SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid),       SCMP_SYS(gettid),
    SCMP_SYS(lseek),
#ifdef ASSAY_SANITIZED
    SCMP_SYS(sigaltstack),    SCMP_SYS(sched_yield),  SCMP_SYS(rt_sigaction),
#endif
};

/* ---- the filter: made once, then loaded by each process with its own id in it ---- */

static struct {
    struct sock_filter code[MAX_FILTER];
    unsigned short len, at_pid;
} filter;

static int
add_rules(scmp_filter_ctx f)
{
    /* Memory, but never memory that can be run. */
    static const int memory[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    const struct scmp_arg_cmp not_to_run = {
        .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0};
    /* abort() ends the process by a signal to itself. */
    const struct scmp_arg_cmp to_itself = {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = NOBODY};
    int rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree: shorter ways through it */
    for (size_t i = 0; rc == 0 && i < sizeof memory / sizeof *memory; i++)
        rc = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, memory[i], 1, &not_to_run);
    for (size_t i = 0; rc == 0 && i < sizeof harmless / sizeof *harmless; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, harmless[i], 0);
    if (rc == 0)
        rc = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &to_itself);
    return rc;
}

/* Through a file in memory: libseccomp writes a filter nowhere else. */
static int
take_code(scmp_filter_ctx f)
{
    AUTO_FD fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0 || seccomp_export_bpf(f, fd) != 0)
        return -1;
    ssize_t n = pread(fd, filter.code, sizeof filter.code, 0);
    if (n <= 0 || n == sizeof filter.code || n % (ssize_t)sizeof *filter.code != 0)
        return -1;
    filter.len = (unsigned short)((size_t)n / sizeof *filter.code);
    unsigned n_pids = 0;
    for (unsigned short i = 0; i < filter.len; i++)
        if (BPF_CLASS(filter.code[i].code) == BPF_JMP && filter.code[i].k == NOBODY) {
            filter.at_pid = i;
            n_pids++;
        }
    return n_pids == 1 ? 0 : -1;
}

int
sandbox_prepare(struct diag *d)
{
    AUTO(seccomp_release_auto) scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (f && add_rules(f) == 0 && take_code(f) == 0)
        return 0;
    filter.len = 0;
    return diag_fail(d, DIAG_INTERNAL, "libseccomp makes no system call filter");
}

static int
load_filter(struct diag *d)
{
    struct sock_filter code[MAX_FILTER];
    struct sock_fprog program = {.filter = code};
    if (filter.len == 0 && sandbox_prepare(d) != 0)
        return -1;
    program.len = filter.len;
    memcpy(code, filter.code, filter.len * sizeof *code);
    code[filter.at_pid].k = (uint32_t)getpid();
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
        return 0;
    return diag_fail(d, DIAG_INTERNAL, "the kernel takes no system call filter: %s",
                     strerror(errno));
}

static int
limit(int what, rlim_t soft, rlim_t hard)
{
    struct rlimit l;
    if (getrlimit(what, &l) != 0)
        return -1;
    if (l.rlim_max == RLIM_INFINITY || hard < l.rlim_max)
        l.rlim_max = hard;
    l.rlim_cur = soft < l.rlim_max ? soft : l.rlim_max;
    return setrlimit(what, &l);
}

/* No core: it would hold what hosts sent. AddressSanitizer maps more than any limit allows. */
static int
set_limits(const struct sandbox_limits *limits)
{
    rlim_t seconds = (rlim_t)limits->seconds, memory = (rlim_t)limits->memory;
    int rc = limit(RLIMIT_CORE, 0, 0) | limit(RLIMIT_FSIZE, 0, 0) | limit(RLIMIT_NOFILE, 0, 0);
    if (seconds)
        rc |= limit(RLIMIT_CPU, seconds, seconds + 1); /* SIGXCPU says why; SIGKILL would not */
#ifdef ASSAY_SANITIZED
    memory = 0;
#endif
    if (memory)
        rc |= limit(RLIMIT_AS, memory, memory);
    return rc;
}

int
sandbox_enter(const struct sandbox_limits *limits, struct diag *d)
{
    assert(limits->memory >= 0 && limits->seconds >= 0);
    if (set_limits(limits) != 0)
        return diag_fail(d, DIAG_INTERNAL, "cannot set the limits of the parser: %s",
                         strerror(errno));
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return diag_fail(d, DIAG_INTERNAL, "cannot give up privileges: %s", strerror(errno));
    return load_filter(d);
}
