/* Option files, and the way to a server on the network: what protects it and what is refused. */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "db.h"
#include "store/optfile.h"
#include "unit/deliver/loopback.h"

static const char *
put_file(struct db *t, const char *text, unsigned mode)
{
    const char *path = file_join(t->a, t->dir, "my.cnf").s;
    CHECK(file_write_atomic(path, str_c(text), mode, &t->d) == 0);
    CHECK(chmod(path, mode) == 0);
    return path;
}

static enum diag_code
read_code(struct db *t, const char *text)
{
    struct optfile o;
    return db_code(t, optfile_read(put_file(t, text, 0600), t->a, &o, &t->d));
}

static void
test_values(struct db *t)
{
    struct optfile o = {0};
    const char *path = put_file(t,
                                "# comment\n[client]\nhost = db.example.org\nport=3307\n"
                                "user = \"a b\"\npassword='x#y\\\\z'\nssl_ca = /etc/ca.pem\n"
                                "loose-unknown = 1\nssl-verify-server-cert\n\n"
                                "[mysqldump]\nhost = wrong\n; more\n[assay]\nuser = assay\n",
                                0600);
    CHECK(db_ok(t, optfile_read(path, t->a, &o, &t->d)));
    CHECK_STR(str_c(o.host), "db.example.org");
    CHECK_STR(str_c(o.user), "assay");
    CHECK_STR(str_c(o.password), "x#y\\z");
    CHECK_STR(str_c(o.ssl_ca), "/etc/ca.pem");
    CHECK(o.port == 3307 && !o.allow_plaintext && !o.socket);
    path = put_file(t, "[assay]\nuser = first\n[client]\nuser = second\n", 0600);
    CHECK(db_ok(t, optfile_read(path, t->a, &o, &t->d)));
    CHECK_STR(str_c(o.user), "first"); /* ours wins wherever it stands */
}

/* A server that is known by other means than its name. */
static void
test_knowing(struct db *t)
{
    struct optfile o;
    const char *path = put_file(t,
                                "[assay]\nssl-verify = ca\nssl_fingerprint = "
                                "AB:cd:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:01:02\n",
                                0600);
    CHECK(db_ok(t, optfile_read(path, t->a, &o, &t->d)) && o.verify_ca_only);
    CHECK_STR(str_c(o.ssl_fingerprint), "abcd00112233445566778899aabbccddeeff0102");
    path = put_file(t, "[assay]\nssl-verify = name\n", 0600);
    CHECK(db_ok(t, optfile_read(path, t->a, &o, &t->d)) && !o.verify_ca_only && !o.ssl_fingerprint);
    CHECK(read_code(t, "[assay]\nssl-verify = no\n") == DIAG_CONFIG);
    CHECK(read_code(t, "[assay]\nssl-verify\n") == DIAG_CONFIG);
    CHECK(read_code(t, "[assay]\nssl-fingerprint = abcd\n") == DIAG_CONFIG);
    CHECK(read_code(t, "[assay]\nssl-fingerprint = "
                       "xbcd00112233445566778899aabbccddeeff0102\n") == DIAG_CONFIG);
}

static void
test_refused(struct db *t)
{
    struct optfile o;
    CHECK(read_code(t, "[client]\nuser=x\n") == DIAG_OK);
    CHECK(read_code(t, "[assay]\nhots=x\n") == DIAG_CONFIG);
    CHECK(read_code(t, "[client]\nport=99999\n") == DIAG_CONFIG);
    CHECK(read_code(t, "[client]\nssl-verify-server-cert=0\n") == DIAG_CONFIG);
    CHECK(read_code(t, "[client]\nssl=off\n") == DIAG_CONFIG);
    CHECK(read_code(t, "[client]\nskip-ssl\n") == DIAG_CONFIG);
    CHECK(read_code(t, "!include /etc/my.cnf\n") == DIAG_CONFIG);
    static const unsigned bad[] = {0620, 0604, 0602, 0666, 0601};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(db_code(t, optfile_read(put_file(t, "[client]\n", bad[i]), t->a, &o, &t->d)) ==
              DIAG_CONFIG);
    CHECK(db_code(t, optfile_read(put_file(t, "[client]\n", 0640), t->a, &o, &t->d)) == DIAG_OK);
    CHECK(db_code(t, optfile_read("/nonexistent", t->a, &o, &t->d)) == DIAG_CONFIG);
    CHECK(db_code(t, optfile_read(t->dir, t->a, &o, &t->d)) == DIAG_CONFIG);
    if (geteuid() == 0) {
        const char *path = put_file(t, "[client]\n", 0600);
        CHECK(chown(path, 65534, 65534) == 0);
        CHECK(db_code(t, optfile_read(path, t->a, &o, &t->d)) == DIAG_CONFIG);
        CHECK(chown(path, 0, 0) == 0);
    }
}

/* ---- a server on the network ---- */

static bool
run(const char *cmd)
{
    return system(cmd) == 0;
}

/* A certificate for "localhost" and 127.0.0.1 under an authority of our own, and a stranger's. */
static bool
make_certificates(struct db *t)
{
    return run(
        arena_fmt(
            t->a,
            "cd %s && exec 2>/dev/null && "
            "for ca in ca other; do openssl req -x509 -newkey rsa:2048 -nodes -days 2 "
            "-subj /CN=$ca -keyout $ca.key -out $ca.pem || exit 1; done && "
            "openssl req -newkey rsa:2048 -nodes -subj /CN=db -keyout srv.key -out srv.csr && "
            "printf 'subjectAltName=DNS:localhost\\n' >ext && "
            "openssl x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -set_serial 1 -days 2 "
            "-extfile ext -out srv.pem && chmod 644 *.pem *.key",
            t->dir)
            .s);
}

struct net {
    pid_t pid;
    unsigned port;
};

static void
exec_server(struct db *t, unsigned port, bool tls)
{
    const char *dir = t->dir;
    const char *argv[] = {"/usr/sbin/mariadbd",
                          "--no-defaults",
                          arena_fmt(t->a, "--datadir=%s/net", dir).s,
                          arena_fmt(t->a, "--socket=%s/net.sock", dir).s,
                          arena_fmt(t->a, "--port=%u", port).s,
                          "--bind-address=127.0.0.1,127.0.0.2",
                          "--skip-name-resolve",
                          "--innodb-log-file-size=32M",
                          arena_fmt(t->a, "--log-error=%s/net.log", dir).s,
                          arena_fmt(t->a, "--pid-file=%s/net.pid", dir).s,
                          geteuid() == 0 ? "--user=root" : "--skip-symbolic-links",
                          tls ? arena_fmt(t->a, "--ssl-cert=%s/srv.pem", dir).s : "--skip-ssl",
                          tls ? arena_fmt(t->a, "--ssl-key=%s/srv.key", dir).s : NULL,
                          NULL};
    if (!freopen("/dev/null", "w", stderr))
        _exit(126);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* The account that the tests use, made through the socket as soon as the server listens; false when
 * it ends before, or does not listen within a minute. */
static bool
make_account(struct db *t, pid_t server)
{
    bool made = false;
    for (int i = 0; i < 1200 && !made && waitpid(server, NULL, WNOHANG) == 0; i++, usleep(50000)) {
        MYSQL *db = mysql_init(NULL);
        made = mysql_real_connect(db, NULL, env_user(), NULL, NULL, 0,
                                  file_join(t->a, t->dir, "net.sock").s, 0) &&
               mysql_query(db, "CREATE OR REPLACE USER u@'127.0.0.%' IDENTIFIED BY 'p'") == 0 &&
               mysql_query(db, "GRANT ALL ON assay.* TO u@'127.0.0.%'") == 0;
        mysql_close(db);
    }
    return made;
}

/* A port where nobody listens. */
static unsigned
free_port(void)
{
    int port, fd = loopback_listen(&port);
    close(fd);
    return (unsigned)port;
}

static void
stop_net(struct net *n)
{
    kill(n->pid, SIGTERM);
    waitpid(n->pid, NULL, 0);
}

/* Somebody else may take the port before the server does: then it ends at once, and another one is
 * tried. */
static bool
start_net(struct db *t, bool tls, struct net *ret)
{
    for (int i = 0; i < 5; i++) {
        *ret = (struct net){.port = free_port()};
        if ((ret->pid = fork()) == 0)
            exec_server(t, ret->port, tls);
        if (make_account(t, ret->pid))
            return true;
        stop_net(ret);
    }
    return false;
}

/* The code of an attempt with these lines; the transport when it came through. */
static enum diag_code
attempt(struct db *t, const struct net *n, const char *lines, struct str *ret_transport)
{
    struct store *st = NULL;
    struct str text = arena_fmt(
        t->a, "[client]\nport=%u\nuser=u\npassword=p\nprotocol=tcp\n[assay]\n%s\n", n->port, lines);
    struct store_config c = {.option_file = put_file(t, text.s, 0600), .state_dir = t->dir};
    *ret_transport = STR("");
    int rc = store_open(&c, &st, &t->d);
    if (rc == 0)
        *ret_transport = store_transport(st, t->a);
    store_close(rc == 0 ? st : NULL);
    return db_code(t, rc);
}

static void
test_tls(struct db *t)
{
    struct net n;
    struct str how;
    CHECK(start_net(t, true, &n));
    const char *dir = t->dir;
    const char *good = arena_fmt(t->a, "host=localhost\nssl-ca=%s/ca.pem", dir).s;
    CHECK(attempt(t, &n, good, &how) == DIAG_OK);
    CHECK(str_starts(how, "TLSv1"));
    /* Another authority, another name, no authority: refused. (Of 127.0.0.1, Connector/C 3.4 asks for
     * the authority only.) */
    CHECK(attempt(t, &n, arena_fmt(t->a, "host=localhost\nssl-ca=%s/other.pem", dir).s, &how) ==
          DIAG_CONFIG);
    CHECK(attempt(t, &n, arena_fmt(t->a, "host=127.0.0.2\nssl-ca=%s/ca.pem", dir).s, &how) ==
          DIAG_CONFIG);
    CHECK(attempt(t, &n, "host=localhost", &how) == DIAG_CONFIG);
    CHECK(attempt(t, &n, "host=localhost\nssl", &how) == DIAG_CONFIG);
    CHECK(attempt(t, &n, arena_fmt(t->a, "%s\npassword=wrong", good).s, &how) == DIAG_CONFIG);
    CHECK(attempt(t, &n, arena_fmt(t->a, "%s\nport=1", good).s, &how) == DIAG_UNAVAILABLE);
    /* The schema is made and used over the network as well. */
    struct store *st = NULL;
    int from, to;
    struct store_config c = {.option_file = file_join(t->a, dir, "my.cnf").s, .state_dir = dir};
    put_file(
        t,
        arena_fmt(t->a, "[assay]\nuser=u\npassword=p\nprotocol=TCP\nport=%u\n%s\n", n.port, good).s,
        0600);
    CHECK(db_ok(t, store_open(&c, &st, &t->d)));
    CHECK(db_code(t, store_check_schema(st, &t->d)) == DIAG_SCHEMA);
    CHECK(db_ok(t, store_migrate(st, &from, &to, &t->d)));
    CHECK(db_ok(t, store_check_schema(st, &t->d)));
    store_close(st);
    stop_net(&n);
}

static void
test_plaintext(struct db *t)
{
    struct net n;
    struct str how;
    CHECK(start_net(t, false, &n));
    CHECK(attempt(t, &n, arena_fmt(t->a, "host=localhost\nssl-ca=%s/ca.pem", t->dir).s, &how) ==
          DIAG_CONFIG);
    CHECK(attempt(t, &n, "host=127.0.0.1", &how) == DIAG_CONFIG);
    CHECK(attempt(t, &n, "host=127.0.0.1\nassay-allow-plaintext", &how) == DIAG_OK);
    CHECK(attempt(t, &n, "host=127.0.0.2\nassay-allow-plaintext", &how) == DIAG_OK);
    CHECK(str_starts(how, "plaintext"));
    /* The socket of a server of one's own needs none of it. */
    struct store *st = NULL;
    struct store_config c = {.state_dir = t->dir};
    c.option_file = put_file(
        t, arena_fmt(t->a, "[client]\nuser=%s\nsocket=%s/net.sock\n", env_user(), t->dir).s, 0600);
    CHECK(db_ok(t, store_open(&c, &st, &t->d)));
    CHECK_STR(store_transport(st, t->a), "unix socket");
    store_close(st);
    stop_net(&n);
}

static bool
install_net(struct db *t)
{
    return run(arena_fmt(t->a,
                         "mariadb-install-db --no-defaults --datadir=%s/net --skip-test-db "
                         "--auth-root-authentication-method=socket --auth-root-socket-user=%s "
                         "--innodb-log-file-size=32M %s >/dev/null 2>&1",
                         t->dir, env_user(), geteuid() == 0 ? "--user=root" : "")
                   .s);
}

int
main(void)
{
    struct db t;
    db_init(&t);
    test_values(&t);
    test_knowing(&t);
    test_refused(&t);
    CHECK(install_net(&t));
    CHECK(make_certificates(&t));
    test_tls(&t);
    test_plaintext(&t);
    db_stop(&t);
    return CHECK_DONE();
}
