/* A parser that turns hostile costs its file and nothing else. The program is its own helper: the
 * first word of a "file" says what the parser shall try; everything else is parsed as always. */
#include "confine/confine.h"

#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "check.h"
#include "confine/wire.h"
#include "ingest/category/category.h"
#include "ingest/encoding.h"

static const char *program;
static const char *planted; /* a file that may never be; in the helpers, their second argument */

/* Processor seconds of a parser: enough on any machine, and what a loop is to run out of. */
enum { LONG_S = 30, SHORT_S = 1 };

/* ---- in the parser process ---- */

static void
try_calls(struct str word)
{
    if (str_eqc(word, "open"))
        open("/etc/passwd", O_RDONLY);
    if (str_eqc(word, "create"))
        open(planted, O_WRONLY | O_CREAT, 0600);
    if (str_eqc(word, "stat")) {
        struct stat st;
        stat("/etc/shadow", &st);
    }
    if (str_eqc(word, "socket"))
        socket(AF_INET, SOCK_STREAM, 0);
    if (str_eqc(word, "exec"))
        execl("/bin/touch", "touch", planted, (char *)NULL);
    if (str_eqc(word, "fork"))
        fork();
    if (str_eqc(word, "kill"))
        kill(getppid(), SIGKILL);
    if (str_eqc(word, "ptrace"))
        syscall(SYS_ptrace, 16, 1, 0, 0);
    if (str_eqc(word, "code"))
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (str_eqc(word, "protect")) /* made first, then to be run */
        mprotect(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096,
                 PROT_READ | PROT_EXEC);
}

/* Calls by their numbers: newer ways to do what the older ones may not, ways around a filter, and
 * what has served to attack kernels. None may be allowed, whatever it is given. */
static const struct {
    const char *word;
    long number;
} numbered[] = {
    {"openat2", SYS_openat2},
    {"open_tree", SYS_open_tree},
    {"name_to_handle_at", SYS_name_to_handle_at},
    {"readlink", SYS_readlinkat},
    {"unlink", SYS_unlinkat},
    {"memfd_create", SYS_memfd_create},
    {"execveat", SYS_execveat},
    {"clone3", SYS_clone3},
    {"pidfd_open", SYS_pidfd_open},
    {"pidfd_getfd", SYS_pidfd_getfd},
    {"pidfd_send_signal", SYS_pidfd_send_signal},
    {"process_vm_readv", SYS_process_vm_readv},
    {"io_uring_setup", SYS_io_uring_setup},
    {"userfaultfd", SYS_userfaultfd},
    {"perf_event_open", SYS_perf_event_open},
    {"bpf", SYS_bpf},
    {"keyctl", SYS_keyctl},
    {"unshare", SYS_unshare},
    {"mount", SYS_mount},
    {"socketpair", SYS_socketpair},
    {"connect", SYS_connect},
    {"sendmsg", SYS_sendmsg},
    {"prctl", SYS_prctl},
    {"prlimit", SYS_prlimit64},
    {"seccomp", SYS_seccomp},
    {"dup", SYS_dup3},
    {"fcntl", SYS_fcntl},
    {"ioctl", SYS_ioctl},
    {"personality", SYS_personality},
    {"shmget", SYS_shmget},
    {"setsid", SYS_setsid},
};

static void
try_numbered(struct str word)
{
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
        if (str_eqc(word, numbered[i].word))
            syscall(numbered[i].number, 0, 0, 0, 0, 0, 0);
}

#ifdef __x86_64__
/* The 32-bit entry has numbers of its own: 5 is open() there. */
static void
try_old_entry(struct str word)
{
    long rc;
    if (str_eqc(word, "int80"))
        __asm__ volatile("int $0x80" : "=a"(rc) : "a"(5L), "b"(0L), "c"(0L), "d"(0L) : "memory");
    if (str_eqc(word, "x32"))
        syscall(0x40000000L | SYS_openat, 0, 0, 0, 0, 0, 0);
}
#endif

static void
misuse_resources(struct str word)
{
    volatile uint64_t n = 0;
    if (str_eqc(word, "deny")) /* what a parser says that could not be confined */
        _exit(2);
    if (str_eqc(word, "cold")) /* again and again */
        _exit(3);
    if (str_eqc(word, "crash"))
        raise(SIGABRT);
    if (str_eqc(word, "killed-cold") && encoding_is_cold())
        syscall(SYS_tgkill, getpid(), gettid(), SIGKILL);
    if (str_eqc(word, "killed")) /* by the out-of-memory killer, say */
        syscall(SYS_tgkill, getpid(), gettid(), SIGKILL);
    while (str_eqc(word, "loop"))
        n++;
    while (str_eqc(word, "bomb"))
        memset(arena_alloc(arena_new(), 1 << 24), 1, 1 << 24);
    if (str_eqc(word, "flood") || str_eqc(word, "babble"))
        for (int fd = 3; fd < 10; fd++)
            for (int i = 0; i < (str_eqc(word, "flood") ? 400 : 1); i++)
                if (write(fd, "assay answer 1\n\0\0\0\0\0\0\0\377\377\377\377\377\377\377\377",
                          31) < 0)
                    break;
}

/* A scan that breaks a promise; index says which. */
static int
lie(struct str word, struct arena *a, struct scan_file *ret)
{
    struct scan s = {.format = STR("x"), .start = 0, .end = 0};
    s.asset = (struct scan_asset){
        .name = STR("h"), .alias = STR("h"), .os = STR(""), .group = STR("")};
    s.policy = (struct scan_policy){STR("p"), STR("1"), STR(""), STR("")};
    s.engine = STR("e");
    struct scan_check *c = VEC_PUSH(a, &s.checks);
    *c = scan_check_new(STR("t"));
    struct str *const texts[] = {&c->title,  &c->description, &c->rationale,
                                 &c->impact, &c->category,    &c->remediation};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = STR("t");
    scan_add_result(
        a, &s,
        (struct scan_result){
            .status = STATUS_PASS, .native = STR("pass"), .evidence = STR(""), .waiver = STR("")});
    if (str_eqc(word, "lie-index"))
        s.results.v[0].check = 7;
    if (str_eqc(word, "lie-count"))
        s.counts[STATUS_PASS] = 1000000;
    if (str_eqc(word, "lie-text"))
        c->title = STR("\xff\xfe");
    if (str_eqc(word, "lie-status"))
        s.results.v[0].status = (enum status)200;
    if (str_eqc(word, "lie-id"))
        c->id = STR("");
    *VEC_PUSH(a, &ret->scans) = s;
    ret->compression = STR("");
    return 0;
}

static int
hostile_parse(const struct ingest_context *ctx, int fd, struct arena *a, struct scan_file *ret,
              struct diag *d)
{
    char bytes[64];
    ssize_t n = pread(fd, bytes, 0, 0); /* not even that is allowed */
    (void)n;
    return ingest_fd(ctx, fd, a, ret, d);
}

static int
planted_parse(const struct ingest_context *ctx, int fd, struct arena *a, struct scan_file *ret,
              struct diag *d)
{
    struct str word = str_c(ctx->asset_name.len ? ctx->asset_name.s : "");
    if (str_eqc(word, "pread"))
        return hostile_parse(ctx, fd, a, ret, d);
    try_calls(word);
    try_numbered(word);
#ifdef __x86_64__
    try_old_entry(word);
#endif
    misuse_resources(word);
    if (str_starts(word, "lie"))
        return lie(word, a, ret);
    if (str_eqc(word, "blame"))
        return diag_fail(d, DIAG_UNAVAILABLE, "the database is away");
    return ingest_fd(ctx, fd, a, ret, d);
}

/* ---- in the parent ---- */

static struct confine *
start(unsigned jobs, int seconds, bool is_free)
{
    struct confine_options o = {.program = program,
                                .argv = {"helper", "serve", planted},
                                .jobs = jobs,
                                .seconds = seconds,
                                .memory = 512 << 20,
                                .answer = 8 << 20,
                                .is_free = is_free};
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct confine *c = NULL;
    CHECK(confine_open(&o, &c, &d) == 0);
    arena_free(a);
    return c;
}

static int
parse(struct confine *c, unsigned job, const char *word, struct arena *a, struct scan_file *ret,
      struct diag *d)
{
    struct ingest_context ctx = {
        .path = "samples/xccdf/two-results.xml", .mtime = 1795291200, .asset_name = str_c(word)};
    int fd = ingest_open(ctx.path, d);
    CHECK(fd >= 0);
    int rc = confine_parse(c, job, &ctx, fd, a, ret, d);
    close(fd);
    return rc;
}

/* Opens and parses. */
static int
parse_path(struct confine *c, const struct ingest_context *ctx, struct arena *a,
           struct scan_file *ret, struct diag *d)
{
    int fd = ingest_open(ctx->path, d);
    int rc = fd < 0 ? -1 : confine_parse(c, 0, ctx, fd, a, ret, d);
    if (fd >= 0)
        close(fd);
    return rc;
}

static void
check_good(struct confine *c, unsigned job)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    CHECK(parse(c, job, "", a, &f, &d) == 0);
    CHECK(f.scans.n == 2);
    CHECK(f.scans.n == 2 && f.scans.v[0].results.n > 0 && f.scans.v[0].checks.v[0].title.len);
    if (diag_failed(&d))
        fprintf(stderr, "%s\n", diag_text(&d).s);
    arena_free(a);
}

static const struct {
    const char *word, *want;
    enum diag_code code;
} attempts[] = {
    {"open", "may not", DIAG_BAD_DATA},
    {"create", "may not", DIAG_BAD_DATA},
    {"stat", "may not", DIAG_BAD_DATA},
    {"socket", "may not", DIAG_BAD_DATA},
    {"exec", "may not", DIAG_BAD_DATA},
    {"fork", "may not", DIAG_BAD_DATA},
    {"kill", "may not", DIAG_BAD_DATA},
    {"ptrace", "may not", DIAG_BAD_DATA},
    {"code", "may not", DIAG_BAD_DATA},
    {"protect", "may not", DIAG_BAD_DATA},
#ifdef __x86_64__
    {"int80", "may not", DIAG_BAD_DATA},
    {"x32", "may not", DIAG_BAD_DATA},
#endif
    {"pread", "may not", DIAG_BAD_DATA},
    {"crash", "crash (signal 6", DIAG_BAD_DATA},
    {"killed", "killed twice", DIAG_TOO_BIG},
#ifndef ASSAY_SANITIZED
    {"bomb", "MiB of memory", DIAG_TOO_BIG},
#endif
    {"deny", "as no parser does", DIAG_BAD_DATA},
    {"cold", "as no parser does", DIAG_BAD_DATA},
    {"flood", "answer is none", DIAG_BAD_DATA},
    {"babble", "answer is none", DIAG_BAD_DATA},
    {"blame", "its failure is not one of a file", DIAG_BAD_DATA},
    {"lie-index", "of no check", DIAG_BAD_DATA},
    {"lie-count", "counts are not those", DIAG_BAD_DATA},
    {"lie-text", "not UTF-8", DIAG_BAD_DATA},
    {"lie-status", "out of its range", DIAG_BAD_DATA},
    {"lie-id", "has no id", DIAG_BAD_DATA},
};

static void
check_planted(struct confine *c, const char *word, const char *want, enum diag_code code)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    int rc = parse(c, 0, word, a, &f, &d);
    struct str text = diag_text(&d);
    if (rc != -1 || str_find(text, want) < 0 || d.first.code != code)
        fprintf(stderr, "%s: %s\n", word, text.s);
    CHECK(rc == -1 && d.first.code == code);
    CHECK(str_find(text, want) >= 0);
    CHECK(f.scans.n == 0);
    arena_free(a);
    check_good(c, 0);
}

/* A kernel without the 32-bit entry ends whoever uses it, before seccomp is asked: what is said of that
 * depends on who catches the signal. */
static bool
has_old_entry(void)
{
#ifdef __x86_64__
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL);
        try_old_entry(STR("int80"));
        _exit(0);
    }
    return waitpid(pid, &status, 0) == pid && !WIFSIGNALED(status);
#else
    return false;
#endif
}

static void
test_planted(void)
{
    struct confine *c = start(1, LONG_S, false);
    bool has_entry = has_old_entry();
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        bool is_ended = !has_entry && strcmp(attempts[i].word, "int80") == 0;
        check_planted(c, attempts[i].word, is_ended ? "" : attempts[i].want,
                      attempts[i].code);
    }
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
        check_planted(c, numbered[i].word, "may not", DIAG_BAD_DATA);
    CHECK(!file_exists(planted));
    confine_close(c);
}

/* Who loops meets the limit of processor time; on a machine so busy that a second of it takes forty
 * by the clock, that of the clock. Nothing else runs under so short a limit. */
static void
test_loop(void)
{
    struct confine *c = start(1, SHORT_S, false);
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    CHECK(parse(c, 0, "loop", a, &f, &d) == -1 && d.first.code == DIAG_TOO_BIG);
    CHECK(str_eqc(d.first.text, "reading it took more than 1 s of processor time") ||
          str_eqc(d.first.text, "reading it took more than 40 s"));
    CHECK(f.scans.n == 0);
    check_good(c, 0);
    arena_free(a);
    confine_close(c);
}

/* A helper that is killed is replaced; the file does not suffer. */
static void
test_killed_helper(void)
{
    struct confine *c = start(1, LONG_S, false);
    check_good(c, 0);
    char command[64];
    snprintf(command, sizeof command, "pkill -9 -P %d -f ^helper", (int)getpid());
    CHECK(system(command) == 0);
    check_good(c, 0);
    check_good(c, 0);
    confine_close(c);
}

/* Who was killed is read once more, and it may need converters then: they are there. */
static void
test_killed_once(void)
{
    struct confine *c = start(1, LONG_S, false);
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    CHECK(parse(c, 0, "killed-cold", a, &f, &d) == 0);
    CHECK(f.scans.n == 2);
    arena_free(a);
    confine_close(c);
}

static void
test_refused_file(void)
{
    struct confine *c = start(1, LONG_S, false);
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    struct ingest_context ctx = {.path = "CMakeLists.txt", .asset_name = STR("")};
    CHECK(parse_path(c, &ctx, a, &f, &d) == -1);
    CHECK(d.first.code == DIAG_FORMAT_UNKNOWN);
    d = diag_init(a);
    ctx.path = "no/such/file";
    CHECK(parse_path(c, &ctx, a, &f, &d) == -1);
    CHECK(d.first.code == DIAG_IO);
    check_good(c, 0);
    arena_free(a);
    confine_close(c);
}

static void *
many(void *arg)
{
    struct confine *c = *(struct confine **)arg;
    unsigned job = *(unsigned *)((char *)arg + sizeof c);
    for (int i = 0; i < 20; i++)
        check_good(c, job);
    return NULL;
}

static void
test_jobs(void)
{
    struct confine *c = start(3, LONG_S, false);
    struct {
        struct confine *c;
        unsigned job;
    } args[3];
    pthread_t threads[3];
    CHECK(confine_jobs(c) == 3);
    for (unsigned i = 0; i < 3; i++) {
        args[i].c = c;
        args[i].job = i;
        CHECK(pthread_create(&threads[i], NULL, many, &args[i]) == 0);
    }
    for (unsigned i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    confine_close(c);
}

/* Without the sandbox a file still has a process of its own. */
static void
test_free(void)
{
    struct confine *c = start(1, LONG_S, true);
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    CHECK(parse(c, 0, "open", a, &f, &d) == 0);
    CHECK(parse(c, 0, "crash", a, &f, &d) == -1);
    check_good(c, 0);
    arena_free(a);
    confine_close(c);
}

/* Every encoding that is promised must be loaded before the doors close. */
static void
test_encodings(void)
{
    struct confine *c = start(1, LONG_S, false);
    struct arena *a = arena_new();
    static const struct {
        const char *name, *host;
    } cases[] = {{"ISO-8859-1", "b\xfcro"},
                 {"windows-1252", "b\xfcro"},
                 {"Shift_JIS", "\x8c\x6f"},
                 {"EUC-JP", "\xb7\xd0"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = diag_init(a);
        struct scan_file f = {0};
        struct str text = arena_fmt(
            a,
            "<?xml version='1.0' encoding='%s'?><TestResult "
            "xmlns='http://checklists.nist.gov/xccdf/1.2' id='t' end-time='2026-01-01T00:00:00Z'>"
            "<benchmark id='b'/><target>%s</target><rule-result idref='r'><result>pass</result>"
            "</rule-result></TestResult>",
            cases[i].name, cases[i].host);
        const char *path = arena_fmt(a, "%s.xml", planted).s;
        CHECK(file_write_atomic(path, text, 0600, &d) == 0);
        struct ingest_context ctx = {.path = path, .mtime = 1795291200, .asset_name = STR("")};
        int rc = parse_path(c, &ctx, a, &f, &d);
        CHECK(rc == 0);
        if (rc != 0)
            fprintf(stderr, "%s: %s\n", cases[i].name, diag_text(&d).s);
        else
            CHECK(f.scans.v[0].asset.name.len >= 3 && utf8_valid(f.scans.v[0].asset.name));
        unlink(path);
    }
    arena_free(a);
    confine_close(c);
}

static int
collect(void *self, struct str bytes)
{
    buf_str(self, bytes);
    return 0;
}

/* What a library loads when it is first used is missing inside: the sandbox must not change a
 * result of any format. */
static void
check_same_inside(struct confine *c, const char *path)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a), e = diag_init(a);
    struct scan_file inside = {0}, outside = {0};
    struct ingest_context ctx = {.path = path, .mtime = 1795291200, .asset_name = STR("")};
    AUTO_BUF x = buf_init(1 << 26), y = buf_init(1 << 26);
    int rc = ingest_file(&ctx, a, &outside, &d);
    category_settle(a, &outside);
    CHECK(parse_path(c, &ctx, a, &inside, &e) == rc);
    wire_put_answer(&outside, &d, NULL, collect, &x);
    wire_put_answer(&inside, &e, NULL, collect, &y);
    if (!str_eq(buf_view(&x), buf_view(&y)))
        fprintf(stderr, "%s: %s\n", path, diag_text(&e).s);
    CHECK(str_eq(buf_view(&x), buf_view(&y)));
    arena_free(a);
}

static void
test_samples(void)
{
    glob_t found;
    struct confine *c = start(1, LONG_S, false);
    CHECK(glob("samples/*/*", 0, NULL, &found) == 0);
    CHECK(found.gl_pathc >= 10);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_same_inside(c, found.gl_pathv[i]);
    globfree(&found);
    confine_close(c);
}

int
main(int argc, char **argv)
{
    program = argv[0];
    if (argc > 2) {
        planted = argv[2];
        return confine_serve(planted_parse);
    }
    char dir[] = "/tmp/assay-confine-XXXXXX", path[64];
    if (!mkdtemp(dir))
        return 1;
    snprintf(path, sizeof path, "%s/planted", dir);
    planted = path;
    test_refused_file();
    test_killed_helper();
    test_killed_once();
    test_planted();
    test_loop();
    test_jobs();
    test_free();
    test_encodings();
    test_samples();
    CHECK(rmdir(dir) == 0);
    return CHECK_DONE();
}
