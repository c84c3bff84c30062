/* Opening the private server: its folder, its data, its start. Three lock files: "lock" is held
 * while somebody makes, starts or ends it; "users" is held shared by every process that uses it, so
 * that the supervisor knows when nobody does; "server" is held by supervisor and server while they
 * live. Behind connect.c, before supervise.c. */
#include "store/embedded.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "store/supervise.h"

enum {
    MAX_SOCKET_PATH = 107,
    START_TRIES = 6000, /* of START_WAIT_US: a minute for a recovery after a crash */
    START_WAIT_US = 10000
};

static int
open_lock(const struct supervise_server *s, const char *name, int how, struct diag *d)
{
    const char *path = supervise_path(s, name);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && (how == 0 || flock(fd, how) == 0))
        return fd;
    diag_fail(d, DIAG_UNAVAILABLE, "cannot lock: %s", strerror(errno));
    diag_at(d, "%s", path);
    if (fd >= 0)
        close(fd);
    return -1;
}

/* ---- what must be installed ---- */

static int
need_tool(struct arena *a, const char *tool, const char *package, struct diag *d)
{
    struct str rest = str_c(SUPERVISE_PATH);
    while (rest.len) {
        struct str dir = str_cut(&rest, ':');
        if (access(arena_fmt(a, "%.*s/%s", STR_ARG(dir), tool).s, X_OK) == 0)
            return 0;
    }
    return diag_fail(d, DIAG_UNAVAILABLE,
                     "no database is configured, and %s is missing for the embedded one: install "
                     "the package %s, or set option-file",
                     tool, package);
}

/* ---- who the server runs as ---- */

/* True when that account can reach dir: a folder above may be closed to it. */
static bool
can_reach(const char *dir, uid_t uid, gid_t gid)
{
    int status = 1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(setgroups(0, NULL) != 0 || setgid(gid) != 0 || setuid(uid) != 0 || chdir(dir) != 0);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* The folder above ours (the state folder) must let the account pass: x, and nothing else, is added
 * when it belongs to root; taken back when that does not help. */
static bool
open_way(const char *dir, uid_t uid, gid_t gid, struct arena *a)
{
    struct stat st;
    const char *above = arena_fmt(a, "%s/..", dir).s;
    if (can_reach(dir, uid, gid))
        return true;
    if (stat(above, &st) != 0 || st.st_uid != 0 || (st.st_mode & S_IXOTH) ||
        chmod(above, (st.st_mode & 07777) | S_IXOTH) != 0)
        return false;
    if (can_reach(dir, uid, gid))
        return true;
    (void)!chmod(above, st.st_mode & 07777);
    return false;
}

/* mariadbd refuses root unless told so; an account without rights is better where it can be. */
static void
choose_account(struct supervise_server *s)
{
    static const char *const names[] = {"mysql", "nobody"};
    s->uid = geteuid();
    s->gid = getegid();
    for (size_t i = 0; s->uid == 0 && i < sizeof names / sizeof *names; i++) {
        const struct passwd *pw = getpwnam(names[i]);
        if (!pw || !open_way(s->dir, pw->pw_uid, pw->pw_gid, s->a))
            continue;
        s->uid = pw->pw_uid;
        s->gid = pw->pw_gid;
    }
}

/* The owner of data that is there runs the server. */
static int
settle_account(struct supervise_server *s, struct diag *d)
{
    struct stat st;
    if (stat(supervise_path(s, "data"), &st) != 0) {
        choose_account(s);
        return 0;
    }
    s->uid = st.st_uid;
    s->gid = st.st_gid;
    if (geteuid() != 0 && st.st_uid != geteuid()) {
        diag_fail(d, DIAG_UNAVAILABLE, "the embedded database belongs to uid %u, we are %s",
                  (unsigned)st.st_uid, env_user());
        return diag_at(d, "%s", supervise_path(s, "data"));
    }
    if (geteuid() == 0 && st.st_uid != 0 && !open_way(s->dir, st.st_uid, st.st_gid, s->a)) {
        diag_fail(d, DIAG_UNAVAILABLE,
                  "uid %u, who owns the data, cannot reach it: chmod o+x the "
                  "folders above",
                  (unsigned)st.st_uid);
        return diag_at(d, "%s", s->dir);
    }
    return 0;
}

/* ---- making the data directory ---- */

/* Runs a program; what it prints goes to the file log, or nowhere when that is NULL. */
static int
run_quietly(const struct supervise_server *s, const char *const *argv, const char *log)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        int out = log ? open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : null;
        dup2(null, STDIN_FILENO);
        dup2(out < 0 ? null : out, STDOUT_FILENO);
        dup2(out < 0 ? null : out, STDERR_FILENO);
        umask(077);
        if (supervise_become(s) == 0 && chdir("/") == 0)
            execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What a bootstrap that was killed left behind; we hold "lock", so nobody is at it. */
static void
remove_leftovers(const struct supervise_server *s)
{
    struct supervise_server as_me = *s;
    as_me.uid = geteuid();
    as_me.gid = getegid();
    DIR *dir = opendir(s->dir);
    for (const struct dirent *e; dir && (e = readdir(dir));) {
        if (!str_starts(str_c(e->d_name), "data.tmp."))
            continue;
        run_quietly(&as_me,
                    (const char *const[]){"rm", "-rf", "--", supervise_path(s, e->d_name), NULL},
                    NULL);
    }
    if (dir)
        closedir(dir);
}

/* The beginning of a log, on one line: there stands the cause, and behind it general advice. */
static struct str
first_words(struct arena *a, const char *log)
{
    enum { MAX_LOG = 1 << 20, SHOWN = 800 };
    struct diag d = diag_init(a);
    struct str text;
    if (file_slurp(log, MAX_LOG, a, &text, &d) != 0)
        return STR("it left no log");
    return utf8_one_line(a, utf8_cut(text, SHOWN));
}

static int
install_data(const struct supervise_server *s, const char *tmp, struct diag *d)
{
    const char *argv[] = {
        "mariadb-install-db", "--no-defaults", arena_fmt(s->a, "--datadir=%s", tmp).s,
        /* in a shared one, other servers remove temporary tables when they start */
        arena_fmt(s->a, "--tmpdir=%s", tmp).s, "--auth-root-authentication-method=socket",
        arena_fmt(s->a, "--auth-root-socket-user=%s", env_user()).s, "--skip-test-db",
        /* or it wants to look up the name of this host, which nobody needs: there is a socket only */
        "--force", "--innodb-log-file-size=32M", "--innodb-autoextend-increment=8",
        s->uid == 0 ? "--user=root" : NULL, NULL};
    const char *log = supervise_path(s, "install.log");
    int rc = run_quietly(s, argv, log);
    if (rc != 0) {
        diag_fail(d, DIAG_UNAVAILABLE, "mariadb-install-db failed (%d): %s", rc,
                  first_words(s->a, log).s);
        return diag_at(d, "%s", log);
    }
    unlink(log);
    return 0;
}

static int
make_tmp(const struct supervise_server *s, const char *tmp, struct diag *d)
{
    if (file_mkdirs(tmp, 0700, d) != 0)
        return -1;
    if (s->uid == geteuid() || chown(tmp, s->uid, s->gid) == 0)
        return 0;
    diag_fail(d, DIAG_UNAVAILABLE, "cannot give to uid %u: %s", (unsigned)s->uid, strerror(errno));
    return diag_at(d, "%s", tmp);
}

/* The data is made under another name and renamed when mariadb-install-db has ended: a kill before
 * that leaves nothing that looks like a database. */
static int
make_data(const struct supervise_server *s, struct diag *d)
{
    if (file_exists(supervise_path(s, "data")))
        return 0;
    const char *tmp = arena_fmt(s->a, "%s/data.tmp.%ld", s->dir, (long)getpid()).s;
    remove_leftovers(s);
    if (need_tool(s->a, "mariadb-install-db", "mariadb-server-core", d) != 0 ||
        need_tool(s->a, "my_print_defaults", "mariadb-client-core", d) != 0 ||
        make_tmp(s, tmp, d) != 0 || install_data(s, tmp, d) != 0)
        return -1;
    if (rename(tmp, supervise_path(s, "data")) != 0)
        return diag_fail(d, DIAG_UNAVAILABLE, "cannot rename %s: %s", tmp, strerror(errno));
    return file_sync_dir(s->dir, d);
}

/* ---- starting ---- */

static bool
answers(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    assert(strlen(path) < sizeof addr.sun_path);
    memcpy(addr.sun_path, path, strlen(path));
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (const struct sockaddr *)&addr, sizeof addr) == 0;
}

enum start { START_FAILED, START_FORKED, START_LIVES };

/* Forks a supervisor unless one lives. */
static enum start
start_once(const struct supervise_server *s, bool may_fork, struct diag *d)
{
    AUTO_FD fd = open_lock(s, "server", 0, d);
    if (fd < 0)
        return START_FAILED;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return START_LIVES;
    if (!may_fork) {
        diag_fail(d, DIAG_UNAVAILABLE, "the embedded server does not start");
        diag_at(d, "%s", supervise_path(s, "data/error.log"));
        return START_FAILED;
    }
    supervise_start(s, fd);
    return START_FORKED;
}

static int
start_and_wait(const struct supervise_server *s, struct diag *d)
{
    bool forked = false;
    for (int i = 0; i < START_TRIES; i++) {
        if (answers(s->socket))
            return 0;
        enum start now = start_once(s, !forked, d);
        if (now == START_FAILED)
            return -1;
        forked = forked || now == START_FORKED;
        usleep(START_WAIT_US);
    }
    diag_fail(d, DIAG_UNAVAILABLE, "the embedded server does not answer");
    return diag_at(d, "%s", supervise_path(s, "data/error.log"));
}

/* ---- opening ---- */

static int
find_dir(const char *dir, struct supervise_server *s, struct diag *d)
{
    char whole[PATH_MAX];
    if (file_mkdirs(dir, 0711, d) != 0)
        return -1;
    if (!realpath(dir, whole)) {
        diag_fail(d, DIAG_UNAVAILABLE, "cannot be used: %s", strerror(errno));
        return diag_at(d, "%s", dir);
    }
    s->dir = arena_strdup(s->a, whole);
    s->socket = supervise_path(s, "data/s.sock");
    if (strlen(s->socket) <= MAX_SOCKET_PATH)
        return 0;
    diag_fail(d, DIAG_UNAVAILABLE,
              "the path of a socket has at most %d bytes, this one %zu: choose a shorter state-dir",
              MAX_SOCKET_PATH, strlen(s->socket));
    return diag_at(d, "%s", s->socket);
}

int
embedded_open(const char *dir, struct arena *a, struct embedded *ret, struct diag *d)
{
    struct supervise_server s = {.a = a};
    if (find_dir(dir, &s, d) != 0)
        return -1;
    AUTO_FD lock = open_lock(&s, "lock", LOCK_EX, d);
    if (lock < 0)
        return -1;
    AUTO_FD users = open_lock(&s, "users", LOCK_SH, d);
    if (users < 0 || settle_account(&s, d) != 0 ||
        need_tool(a, "mariadbd", "mariadb-server-core", d) != 0 || make_data(&s, d) != 0 ||
        start_and_wait(&s, d) != 0)
        return -1;
    ret->users_fd = users;
    ret->socket = str_c(s.socket);
    ret->uid = s.uid;
    users = -1;
    return 0;
}

void
embedded_close(int fd)
{
    if (fd >= 0)
        close(fd);
}
