/* The private server as a process: shared, ended with the last user, surviving kills. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "db.h"

static char *
path(struct db *t, const char *name)
{
    return arena_strdup(t->a, arena_fmt(t->a, "%s/db/%s", t->dir, name).s);
}

/* Pid of the server, from its own file. */
static pid_t
server_pid(struct db *t)
{
    struct str text;
    int64_t pid = 0;
    if (file_slurp(path(t, "data/pid"), 100, t->a, &text, &t->d) != 0)
        diag_clear(&t->d);
    else
        str_to_i64(str_trim(text), &pid);
    return (pid_t)pid;
}

static pid_t
parent_of(pid_t pid)
{
    char name[64];
    int parent = 0;
    snprintf(name, sizeof name, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(name, "r");
    if (!f || fscanf(f, "%*d %*s %*c %d", &parent) != 1)
        parent = 0;
    if (f)
        fclose(f);
    return parent;
}

/* Waits for its end, a minute at the most. */
static bool
is_gone(pid_t pid)
{
    for (int i = 0; i < 1200; i++) {
        if (kill(pid, 0) != 0 && errno == ESRCH)
            return true;
        usleep(50000);
    }
    return false;
}

static int64_t
now_ms(void)
{
    return env_wall_us() / 1000;
}

/* First start, second start, one server for two users, gone with the last. */
static void
test_life(struct db *t)
{
    struct store *one = NULL, *two = NULL;
    int64_t start = now_ms();
    CHECK(db_ok(t, db_open(t, &one)));
    printf("first open %lld ms\n", (long long)(now_ms() - start));
    CHECK_STR(store_server(one, t->a).len > 7 ? STR("named") : STR(""), "named");
    CHECK(str_starts(store_transport(one, t->a), "unix socket of the embedded server"));
    pid_t pid = server_pid(t);
    CHECK(pid > 0 && kill(pid, 0) == 0);
    CHECK(db_ok(t, db_open(t, &two)));
    CHECK(server_pid(t) == pid);
    store_close(one);
    usleep(500000); /* that nothing happens can only be seen by waiting: time itself */
    CHECK(kill(pid, 0) == 0);
    CHECK(db_number(two, "SELECT 1") == 1);
    store_close(two);
    CHECK(is_gone(pid));
    start = now_ms();
    CHECK(db_ok(t, db_open(t, &one)));
    printf("later open %lld ms\n", (long long)(now_ms() - start));
    CHECK(server_pid(t) != pid);
    store_close(one);
}

/* Its memory grows with its tables: what reports read stays in it. */
static void
test_memory(struct db *t)
{
    struct store *st = NULL;
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK(db_number(st, "SELECT @@innodb_buffer_pool_size >> 20") == 128);
    pid_t pid = server_pid(t);
    store_close(st);
    CHECK(is_gone(pid));
    int fd = open(path(t, "data/none.ibd"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && ftruncate(fd, 150 << 20) == 0 && close(fd) == 0);
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK(db_number(st, "SELECT @@innodb_buffer_pool_size >> 20") == 256);
    store_close(st);
    CHECK(unlink(path(t, "data/none.ibd")) == 0);
}

/* Six processes at once, on a folder that is not there yet. */
static void
test_together(struct db *t)
{
    enum { N = 6 };
    pid_t pids[N];
    for (int i = 0; i < N; i++) {
        if ((pids[i] = fork()) != 0)
            continue;
        struct store *st = NULL;
        bool ok = db_open(t, &st) == 0 && db_number(st, "SELECT 1") == 1;
        if (ok)
            store_close(st);
        _exit(!ok);
    }
    for (int i = 0; i < N; i++) {
        int status = -1;
        waitpid(pids[i], &status, 0);
        CHECK(status == 0);
    }
}

/* In a process: starts the server with the pipe as its output, says so, and ends without
 * store_close, as if killed, when it hears that somebody else uses the server as well. */
static void
start_and_end(struct db *t, int out, int told)
{
    struct store *st = NULL;
    char c;
    dup2(out, 1);
    dup2(out, 2);
    dup2(out, 2000);
    int rc = db_open(t, &st);
    if (write(told, rc == 0 ? "y" : "n", 1) != 1 || read(told, &c, 1) != 1)
        _exit(2);
    _exit(rc != 0);
}

/* The supervisor must not keep the caller's pipe open: who reads it would wait for as long as
 * anybody uses the server, and somebody does. */
static void
test_pipe(struct db *t)
{
    int out[2], told[2], status = -1;
    char c = 0;
    struct store *st = NULL;
    CHECK(pipe(out) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, told) == 0);
    pid_t pid = fork();
    if (pid == 0)
        start_and_end(t, out[1], told[1]);
    close(out[1]);
    close(told[1]);
    CHECK(read(told[0], &c, 1) == 1 && c == 'y');
    CHECK(db_ok(t, db_open(t, &st)));
    pid_t server = server_pid(t);
    CHECK(write(told[0], "e", 1) == 1);
    waitpid(pid, &status, 0);
    CHECK(status == 0);
    struct pollfd end = {.fd = out[0], .events = POLLIN};
    CHECK(poll(&end, 1, 60000) == 1 && read(out[0], &c, 1) == 0);
    CHECK(kill(server, 0) == 0); /* it was not its end that closed the pipe */
    close(out[0]);
    close(told[0]);
    store_close(st);
    CHECK(is_gone(server)); /* nobody uses it any more */
}

static void
test_kill_server(struct db *t)
{
    struct store *st = NULL;
    int from, to;
    CHECK(db_ok(t, db_open(t, &st)) && db_ok(t, store_migrate(st, &from, &to, &t->d)));
    CHECK(db_ok(t, store_begin(st, &t->d)) &&
          db_ok(t, store_put_setting(st, STR("kept"), STR("yes"), &t->d)) &&
          db_ok(t, store_commit(st, &t->d)));
    CHECK(db_ok(t, store_begin(st, &t->d)) &&
          db_ok(t, store_put_setting(st, STR("lost"), STR("yes"), &t->d)));
    pid_t server = server_pid(t);
    CHECK(kill(server, SIGKILL) == 0 && is_gone(server));
    /* In the transaction: it is lost, and then nothing but a retry. */
    CHECK(db_code(t, store_put_setting(st, STR("lost2"), STR("x"), &t->d)) == DIAG_LOST);
    CHECK(db_code(t, store_commit(st, &t->d)) == DIAG_RETRY);
    store_rollback(st);
    /* Afterwards the same store works on, with what was committed. */
    struct str v = STR("?");
    CHECK(db_ok(t, store_begin(st, &t->d)));
    CHECK(db_ok(t, store_load_setting(st, STR("kept"), t->a, &v, &t->d)));
    CHECK_STR(v, "yes");
    CHECK(db_ok(t, store_load_setting(st, STR("lost"), t->a, &v, &t->d)));
    CHECK_STR(v, "");
    store_rollback(st);
    store_close(st);
}

/* kill -9 of the supervisor: the server goes with it, and the next open starts a new one. */
static void
test_kill_supervisor(struct db *t)
{
    struct store *st = NULL, *two = NULL;
    CHECK(db_ok(t, db_open(t, &st)));
    pid_t server = server_pid(t), supervisor = parent_of(server);
    CHECK(supervisor > 1 && supervisor != getpid());
    CHECK(supervisor > 1 && kill(supervisor, SIGKILL) == 0);
    if (!db_ok(t, db_open(t, &two)))
        exit(1);
    CHECK(is_gone(server));
    int rc = store_begin(two, &t->d);
    if (rc != 0 && db_code(t, rc) == DIAG_LOST) /* it was let in by the one that ended */
        rc = store_begin(two, &t->d);
    CHECK(db_ok(t, rc));
    store_rollback(two);
    CHECK(db_number(two, "SELECT 1") == 1);
    store_close(st);
    store_close(two);
}

/* A bootstrap that was killed leaves a folder that the next one removes. */
static void
test_leftovers(struct db *t)
{
    struct store *st = NULL;
    CHECK(file_mkdirs(path(t, "data.tmp.1/mysql"), 0700, &t->d) == 0);
    CHECK(file_write_atomic(path(t, "data.tmp.1/mysql/x"), STR("x"), 0600, &t->d) == 0);
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK(!file_exists(path(t, "data.tmp.1")));
    CHECK(file_exists(path(t, "data/ibdata1")));
    store_close(st);
}

/* A folder that is removed under the server takes the server with it. */
static void
test_removed(void)
{
    struct db t;
    struct store *st = NULL;
    db_init(&t);
    CHECK(db_ok(&t, db_open(&t, &st)));
    pid_t server = server_pid(&t);
    pid_t supervisor = parent_of(server);
    store_close(st);
    db_stop(&t);
    CHECK(is_gone(server));
    CHECK(supervisor > 1 && is_gone(supervisor));
}

static void
test_long_path(struct db *t)
{
    struct store *st = NULL;
    char name[121];
    memset(name, 'x', 120);
    name[120] = 0;
    struct store_config c = {.state_dir = file_join(t->a, t->dir, name).s};
    CHECK(store_open(&c, &st, &t->d) == -1);
    CHECK(str_find(t->d.first.text, "107") >= 0);
    CHECK(db_code(t, -1) == DIAG_UNAVAILABLE);
}

/* As root the server is somebody without rights, who owns the data, where folders let him pass. */
static void
test_account(void)
{
    struct db t;
    struct store *st = NULL;
    struct stat sb;
    if (geteuid() != 0)
        return;
    db_init(&t);
    CHECK(chmod(t.dir, 0711) == 0);
    struct store_config c = {.state_dir = file_join(t.a, t.dir, "state").s};
    CHECK(mkdir(c.state_dir, 0750) == 0);
    CHECK(db_ok(&t, store_open(&c, &st, &t.d)));
    CHECK(stat(arena_fmt(t.a, "%s/db/data", c.state_dir).s, &sb) == 0);
    CHECK(sb.st_uid != 0 && (sb.st_mode & 077) == 0);
    CHECK(stat(c.state_dir, &sb) == 0 && (sb.st_mode & 0777) == 0751);
    CHECK(str_ends(store_transport(st, t.a), "uid 0") == false);
    CHECK(db_number(st, "SELECT CURRENT_USER() LIKE 'root@%'") == 1);
    store_close(st);
    db_stop(&t);
}

int
main(void)
{
    struct db t;
    db_init(&t);
    test_life(&t);
    test_memory(&t);
    test_pipe(&t);
    test_kill_server(&t);
    test_kill_supervisor(&t);
    test_long_path(&t);
    db_stop(&t);
    db_init(&t);
    test_leftovers(&t);
    db_stop(&t);
    db_init(&t);
    test_together(&t);
    db_stop(&t);
    test_removed();
    test_account();
    return CHECK_DONE();
}
