/* Starting, sharing and ending the private server. Two lock files: "lock" is held while somebody
 * makes, starts or ends it; "users" is held shared by every process that uses it, so that the
 * supervisor knows when nobody does. Behind connect.c. */
#include "store/embedded.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"

enum {
    MAX_SOCKET_PATH = 107,
    START_TRIES = 1500,       /* of START_WAIT_US: 30 s for a recovery after a crash */
    START_WAIT_US = 20000,
    WATCH_US = 200000,
    MAX_RESTARTS = 20
};

static const char path_of_tools[] = "/usr/sbin:/usr/bin:/sbin:/bin";

struct server {
    struct arena *a;
    const char *dir, *socket;
    const char *user; /* account mariadbd runs as, NULL = ours */
};

static const char *
at(const struct server *s, const char *name)
{
    return file_join(s->a, s->dir, name).s;
}

static int
open_lock(const struct server *s, const char *name, int how, struct diag *d)
{
    int fd = open(at(s, name), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && flock(fd, how) == 0)
        return fd;
    diag_fail(d, DIAG_UNAVAILABLE, "cannot lock: %s", strerror(errno));
    diag_at(d, "%s", at(s, name));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* ---- who the server runs as ---- */

/* True when that account can reach dir: a folder above may be closed to it. */
static bool
can_reach(const char *dir, const struct passwd *pw)
{
    int status = 1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(setgid(pw->pw_gid) != 0 || setuid(pw->pw_uid) != 0 || chdir(dir) != 0);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* mariadbd refuses root unless told so; an account without rights is better where it can be. */
static const char *
choose_user(const struct server *s)
{
    static const char *const names[] = {"mysql", "nobody"};
    if (geteuid() != 0)
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct passwd *pw = getpwnam(names[i]);
        if (pw && can_reach(s->dir, pw))
            return names[i];
    }
    return "root";
}

/* ---- making the data directory ---- */

static int
run_quietly(char *const argv[])
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        setenv("PATH", path_of_tools, 1);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
install(const struct server *s, const char *tmp, struct diag *d)
{
    const char *argv[] = {"mariadb-install-db",
                          "--no-defaults",
                          arena_fmt(s->a, "--datadir=%s", tmp).s,
                          "--auth-root-authentication-method=socket",
                          arena_fmt(s->a, "--auth-root-socket-user=%s", env_user()).s,
                          "--skip-test-db",
                          "--innodb-log-file-size=32M",
                          s->user ? arena_fmt(s->a, "--user=%s", s->user).s : NULL,
                          NULL};
    int rc = run_quietly((char *const *)(uintptr_t)argv);
    if (rc == 127)
        return diag_fail(d, DIAG_UNAVAILABLE,
                         "no database is configured and mariadb-install-db is missing: install "
                         "mariadb-server-core and mariadb-client-core, or set option-file");
    if (rc != 0)
        return diag_fail(d, DIAG_UNAVAILABLE, "mariadb-install-db failed (%d) in %s", rc, tmp);
    return 0;
}

static int
give_to_user(const struct server *s, const char *path, struct diag *d)
{
    const struct passwd *pw = s->user ? getpwnam(s->user) : NULL;
    if (pw && chown(path, pw->pw_uid, pw->pw_gid) != 0) {
        diag_fail(d, DIAG_UNAVAILABLE, "cannot give to %s: %s", s->user, strerror(errno));
        return diag_at(d, "%s", path);
    }
    return 0;
}

/* Never used before it was shut down cleanly: what install-db makes has been. */
static int
make_data(const struct server *s, struct diag *d)
{
    if (file_exists(at(s, "data")))
        return 0;
    const char *tmp = arena_fmt(s->a, "%s/data.tmp.%ld", s->dir, (long)getpid()).s;
    if (file_mkdirs(tmp, 0700, d) != 0 || give_to_user(s, tmp, d) != 0 || install(s, tmp, d) != 0)
        return -1;
    if (rename(tmp, at(s, "data")) != 0)
        return diag_fail(d, DIAG_UNAVAILABLE, "cannot rename %s: %s", tmp, strerror(errno));
    return file_sync_dir(s->dir, d);
}

/* ---- the supervisor: a process of its own session ---- */

static pid_t
start_server(const char *const *argv)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setenv("PATH", path_of_tools, 1);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* Ends the server when nobody uses it and nobody is about to; returns when it is gone. */
static bool
end_when_unused(const struct server *s, int users, pid_t pid)
{
    if (flock(users, LOCK_EX | LOCK_NB) != 0)
        return false;
    int lock = open(at(s, "lock"), O_RDWR | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
        flock(users, LOCK_UN);
        if (lock >= 0)
            close(lock);
        return false;
    }
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    return true;
}

static void
watch(const struct server *s, const char *const *argv)
{
    pid_t pid = start_server(argv);
    int users = open(at(s, "users"), O_RDWR | O_CLOEXEC);
    for (int restarts = 0; restarts < MAX_RESTARTS && users >= 0;) {
        usleep(WATCH_US);
        if (waitpid(pid, NULL, WNOHANG) == pid) {
            restarts++;
            pid = start_server(argv); /* it crashed: InnoDB recovers */
        } else if (end_when_unused(s, users, pid)) {
            return;
        }
    }
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

/* Nothing of the caller's may be kept open, or its pipes would never end. */
static void
let_go_of_caller(void)
{
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(null, 2);
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    umask(077);
}

static void
supervise(const struct server *s)
{
    let_go_of_caller();
    const char *argv[] = {"mariadbd",
                          "--no-defaults",
                          arena_fmt(s->a, "--datadir=%s/data", s->dir).s,
                          arena_fmt(s->a, "--socket=%s", s->socket).s,
                          arena_fmt(s->a, "--pid-file=%s/data/pid", s->dir).s,
                          arena_fmt(s->a, "--log-error=%s/data/error.log", s->dir).s,
                          arena_fmt(s->a, "--secure-file-priv=%s/data", s->dir).s,
                          "--skip-networking",
                          "--innodb-buffer-pool-size=128M",
                          "--innodb-log-file-size=32M",
                          "--max-connections=40",
                          "--max-allowed-packet=64M",
                          "--performance-schema=OFF",
                          "--character-set-server=utf8mb4",
                          "--collation-server=utf8mb4_bin",
                          "--secure-timestamp=YES",
                          "--local-infile=OFF",
                          "--symbolic-links=0",
                          s->user ? arena_fmt(s->a, "--user=%s", s->user).s : NULL,
                          NULL};
    watch(s, argv);
}

static bool
answers(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    memcpy(addr.sun_path, path, strlen(path));
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (const struct sockaddr *)&addr, sizeof addr) == 0;
}

static int
start(const struct server *s, struct diag *d)
{
    if (answers(s->socket))
        return 0;
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        if (fork() == 0)
            supervise(s);
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
    for (int i = 0; i < START_TRIES; i++) {
        if (answers(s->socket))
            return 0;
        usleep(START_WAIT_US);
    }
    return diag_fail(d, DIAG_UNAVAILABLE, "the embedded server did not start: see %s/data/error.log",
                     s->dir);
}

int
embedded_open(const char *dir, struct arena *a, int *ret_fd, struct str *ret_socket,
              struct diag *d)
{
    struct server s = {.a = a, .dir = dir, .socket = file_join(a, dir, "data/s.sock").s};
    if (strlen(s.socket) > MAX_SOCKET_PATH)
        return diag_fail(d, DIAG_UNAVAILABLE,
                         "%s: a socket path has at most %d bytes: choose a shorter state-dir",
                         s.socket, MAX_SOCKET_PATH);
    if (file_mkdirs(dir, 0711, d) != 0)
        return -1;
    s.user = choose_user(&s);
    AUTO_FD lock = open_lock(&s, "lock", LOCK_EX, d);
    if (lock < 0)
        return -1;
    int users = open_lock(&s, "users", LOCK_SH, d);
    if (users < 0)
        return -1;
    if (make_data(&s, d) != 0 || start(&s, d) != 0) {
        close(users);
        return -1;
    }
    *ret_fd = users;
    *ret_socket = str_c(s.socket);
    return 0;
}

void
embedded_close(int fd)
{
    if (fd >= 0)
        close(fd);
}
