/* Minding mariadbd: start, watch, start again, end. Forked by embedded.c, which waits for the
 * socket to answer. */
#include "store/supervise.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

enum {
    WATCH_US = 100000,
    END_TRIES = 600,  /* of WATCH_US: a minute to write what is in memory */
    MAX_RESTARTS = 5, /* in a row, each before STEADY_S */
    STEADY_S = 60,
    LOCK_FD = 3 /* the lock on "server", in supervisor and server */
};

const char *
supervise_path(const struct supervise_server *s, const char *name)
{
    return file_join(s->a, s->dir, name).s;
}

int
supervise_become(const struct supervise_server *s)
{
    static const char *const unwanted[] = {"TMPDIR", "MYSQL_HOME", "LD_PRELOAD", "MYSQL_UNIX_PORT"};
    for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
        unsetenv(unwanted[i]);
    setenv("PATH", SUPERVISE_PATH, 1);
    if (geteuid() != 0 || s->uid == 0)
        return 0;
    return setgroups(0, NULL) != 0 || setgid(s->gid) != 0 || setuid(s->uid) != 0 ? -1 : 0;
}

/* The account is taken before exec and not by mariadbd: a later change of uid would clear the
 * signal that ends it with its supervisor. */
static pid_t
start_server(const struct supervise_server *s, const char *const *argv)
{
    pid_t parent = getpid(), pid = fork();
    if (pid != 0)
        return pid;
    if (supervise_become(s) == 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent)
        execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* True once the whole folder is gone: there is nothing to save and nobody can come. */
static bool
is_deleted(int fd)
{
    struct stat st;
    return fstat(fd, &st) != 0 || st.st_nlink == 0;
}

static void
end_server(pid_t pid, bool at_once)
{
    kill(pid, at_once ? SIGKILL : SIGTERM);
    for (int i = 0; i < END_TRIES; i++) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return;
        usleep(WATCH_US / 10);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Both locks: nobody uses the server, and nobody is about to. They stay held until we are gone. */
static bool
is_unused(int users, int lock)
{
    if (flock(users, LOCK_EX | LOCK_NB) != 0)
        return false;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    flock(users, LOCK_UN);
    return false;
}

static void
watch_server(const struct supervise_server *s, const char *const *argv, int users, int lock)
{
    int restarts = 0;
    time_t started = time(NULL);
    pid_t pid = start_server(s, argv);
    while (pid > 0) {
        usleep(WATCH_US);
        if (waitpid(pid, NULL, WNOHANG) == 0) {
            if (!is_unused(users, lock))
                continue;
            end_server(pid, is_deleted(users));
            return;
        }
        restarts = time(NULL) - started >= STEADY_S ? 1 : restarts + 1;
        if (restarts > MAX_RESTARTS || is_deleted(users))
            return;
        started = time(NULL);
        pid = start_server(s, argv); /* it crashed: InnoDB recovers */
    }
}

/* Nothing of the caller's may be kept open, or its pipes would never end. */
static void
let_go_of_caller(int fd)
{
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    if (fd != LOCK_FD)
        dup2(fd, LOCK_FD);
    fcntl(LOCK_FD, F_SETFD, 0);
    if (close_range(LOCK_FD + 1, ~0U, 0) != 0)
        for (int i = LOCK_FD + 1; i < 1024; i++)
            close(i);
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    umask(077);
    prctl(PR_SET_NAME, "assay-db");
}

/* Bytes of the tables in a folder, and in its own as deep as that. */
static int64_t
count_tables(const struct supervise_server *s, const char *dir, int depth)
{
    DIR *d = opendir(dir);
    int64_t n = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        struct stat at;
        const char *path = file_join(s->a, dir, e->d_name).s;
        if (e->d_name[0] == '.' || lstat(path, &at) != 0)
            continue;
        if (S_ISDIR(at.st_mode) && depth > 0)
            n += count_tables(s, path, depth - 1);
        else if (S_ISREG(at.st_mode) && str_ends(str_c(path), ".ibd"))
            n += at.st_size;
    }
    if (d)
        closedir(d);
    return n;
}

/* What is read for every report should stay in memory while it is made: as much as the tables have, at most a quarter
 * of the machine. Only what is read is taken. */
static int64_t
pool_mb(const struct supervise_server *s)
{
    enum { LEAST = 128, MOST = 4096 };
    int64_t machine = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) >> 20;
    int64_t most = machine / 4 < MOST ? machine / 4 : MOST;
    int64_t n = ((count_tables(s, supervise_path(s, "data"), 1) >> 20) + LEAST) / LEAST * LEAST;
    return n < most ? n : most > LEAST ? most / LEAST * LEAST : LEAST;
}

static void
supervise(const struct supervise_server *s, int fd)
{
    let_go_of_caller(fd);
    int users = open(supervise_path(s, "users"), O_RDWR | O_CLOEXEC);
    int lock = open(supervise_path(s, "lock"), O_RDWR | O_CLOEXEC);
    if (users < 0 || lock < 0 || chdir("/") != 0)
        return;
    const char *pool = arena_fmt(s->a, "--innodb-buffer-pool-size=%lldM", (long long)pool_mb(s)).s;
    const char *argv[] = {"mariadbd",
                          "--no-defaults",
                          arena_fmt(s->a, "--datadir=%s/data", s->dir).s,
                          arena_fmt(s->a, "--socket=%s", s->socket).s,
                          arena_fmt(s->a, "--pid-file=%s/data/pid", s->dir).s,
                          arena_fmt(s->a, "--log-error=%s/data/error.log", s->dir).s,
                          arena_fmt(s->a, "--secure-file-priv=%s/data", s->dir).s,
                          arena_fmt(s->a, "--tmpdir=%s/data", s->dir).s,
                          "--skip-networking",
                          pool,
                          "--innodb-log-file-size=32M",
                          "--innodb-autoextend-increment=8", /* 64 would be most of a new folder */
                          "--max-connections=40",
                          "--max-allowed-packet=64M",
                          "--performance-schema=OFF",
                          "--character-set-server=utf8mb4",
                          "--collation-server=utf8mb4_bin",
                          "--secure-timestamp=YES",
                          "--local-infile=OFF",
                          "--symbolic-links=0",
                          s->uid == 0 ? "--user=root" : NULL,
                          NULL};
    watch_server(s, argv, users, lock);
}

void
supervise_start(const struct supervise_server *s, int fd)
{
    assert(fd >= LOCK_FD && s->dir[0] == '/');
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        if (fork() == 0)
            supervise(s, fd);
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}
