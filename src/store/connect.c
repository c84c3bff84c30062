/* The way to a database and how it is protected. Below all that sends statements; above session.c. */
#include "store/connect.h"

#include <assert.h>
#include <ctype.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errmsg.h>
#include <mysqld_error.h>

#include "base/auto.h"
#include "base/embed.h"
#include "base/env.h"
#include "base/file.h"
#include "store/embedded.h"
#include "store/optfile.h"

AUTO_DEFINE(struct arena *, arena_wipe)

/* Locks are given within LOCK_S of sql/query/session_locks.sql or not at all, so a statement that has no answer
 * after READ_S has none to expect; but for those that are known to be long. A network that is cut shows in
 * SILENCE_S, however long a statement takes. */
enum {
    CONNECT_S = 10,
    READ_S = 60,
    PATIENT_S = 4 * 3600,
    SILENCE_S = 30,
    EMBEDDED_TRIES = 50,
    EMBEDDED_WAIT_US = 100000
};

/* True of errors that come with a connection that was cut while it was made: a server that ends. */
static bool
is_cut(const char *text)
{
    static const char *const words[] = {"unexpected eof", "reset by peer", "broken pipe",
                                        "timed out"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(text, words[i]))
            return true;
    return false;
}

/* What helps where TLS was refused; empty = this was something else. */
static const char *
tls_advice(const char *text)
{
    if (strcasestr(text, "Validation of SSL server certificate") || strcasestr(text, "hostname") ||
        strcasestr(text, "host name"))
        return "; the certificate is of the right authority, but not of that name: say ssl-verify "
               "= ca, or "
               "ssl-fingerprint, in [assay]";
    if (!client_tells_names() && strcasestr(text, "certificate verify failed"))
        return "; ssl-ca is not the authority of the server's certificate, or (this client library "
               "does not tell "
               "which) the certificate is not of that name: then say ssl-verify = ca in [assay]";
    if (strcasestr(text, "fingerprint"))
        return "; the server has another certificate than the one of ssl-fingerprint";
    if (strcasestr(text, "certificate verify failed") || strcasestr(text, "self-signed") ||
        strcasestr(text, "self signed") || strcasestr(text, "issuer") ||
        strcasestr(text, "not trusted"))
        return "; ssl-ca is not the authority of the server's certificate: take the one that made "
               "it (ca.pem in "
               "the data folder of a MySQL that made its own), or say ssl-fingerprint in [assay]";
    return "";
}

static int
connect_failed(struct store *st, const char *where, struct diag *d)
{
    unsigned e = st->error = mysql_errno(st->db);
    bool refused = e == ER_ACCESS_DENIED_ERROR || e == ER_DBACCESS_DENIED_ERROR ||
                   (e == CR_SSL_CONNECTION_ERROR && !is_cut(mysql_error(st->db)));
    diag_fail(d, refused ? DIAG_CONFIG : DIAG_UNAVAILABLE, "database: %s (%u)%s",
              mysql_error(st->db), e, refused ? tls_advice(mysql_error(st->db)) : "");
    return diag_at(d, "%s", where);
}

/* The library sends a server any file that it asks for, unless that is switched off. */
static MYSQL *
new_handle(bool is_patient)
{
    unsigned connect_s = CONNECT_S, read_s = is_patient ? PATIENT_S : READ_S, no = 0;
    MYSQL *db = mysql_init(NULL);
    assert(db);
    mysql_options(db, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
    mysql_options(db, MYSQL_OPT_READ_TIMEOUT, &read_s);
    mysql_options(db, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
    mysql_options(db, MYSQL_OPT_LOCAL_INFILE, &no);
    mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    return db;
}

/* ---- a server of one's own ---- */

static bool
is_local(const struct optfile *o)
{
    if (o->protocol && strcasecmp(o->protocol, "tcp") == 0)
        return false;
    return !o->host || strcmp(o->host, "localhost") == 0;
}

static int
set_tls(MYSQL *db, const struct optfile *o, const char *path, struct diag *d)
{
    const struct {
        enum mysql_option option;
        const char *value;
    } all[] = {{MYSQL_OPT_SSL_CA, o->ssl_ca},          {MYSQL_OPT_SSL_CAPATH, o->ssl_capath},
               {MYSQL_OPT_SSL_CERT, o->ssl_cert},      {MYSQL_OPT_SSL_KEY, o->ssl_key},
               {MYSQL_OPT_SSL_CIPHER, o->ssl_cipher},  {MYSQL_OPT_SSL_CRL, o->ssl_crl},
               {MYSQL_OPT_TLS_VERSION, o->tls_version}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value)
            mysql_options(db, all[i].option, all[i].value);
    const char *why =
        o->ssl_fingerprint
            ? client_want_fingerprint(db, o->ssl_fingerprint)
            : client_want_tls(db, o->verify_ca_only ? CLIENT_VERIFY_CA : CLIENT_VERIFY_NAME);
    if (!why)
        return 0;
    diag_fail(d, DIAG_CONFIG, "%s", why);
    return diag_at(d, "%s", path);
}

/* Over the network there must be a certificate authority, and the server is verified against it:
 * without that the library takes any certificate, or none at all, and says nothing. */
static int
set_options(MYSQL *db, const struct optfile *o, const char *path, struct diag *d)
{
    bool has_ca = o->ssl_ca || o->ssl_capath;
    unsigned proto = is_local(o) ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    mysql_options(db, MYSQL_OPT_PROTOCOL, &proto);
    if (o->plugin_dir)
        mysql_options(db, MYSQL_PLUGIN_DIR, o->plugin_dir);
    if (o->default_auth)
        mysql_options(db, MYSQL_DEFAULT_AUTH, o->default_auth);
    if (is_local(o))
        return 0;
    if (has_ca || o->ssl_fingerprint)
        return set_tls(db, o, path, d);
    if (o->allow_plaintext)
        return 0;
    diag_fail(d, DIAG_CONFIG,
              "the database is on the network: set ssl-ca or ssl-fingerprint, so that it can be "
              "verified (or assay-allow-plaintext in [assay])");
    return diag_at(d, "%s", path);
}

/* Looks at what the connection is, and not at what was asked for. */
static int
check_transport(struct store *st, const struct optfile *o, struct diag *d)
{
    struct sockaddr_storage addr = {0};
    socklen_t len = sizeof addr;
    const char *cipher = mysql_get_ssl_cipher(st->db);
    bool local = getsockname(client_socket(st->db), (struct sockaddr *)&addr, &len) == 0 &&
                 addr.ss_family == AF_UNIX;
    if (cipher)
        st->transport =
            arena_fmt(st->arena, "%s %s%s", client_tls_version(st->db), cipher,
                      o->ssl_fingerprint  ? ", the server known by its fingerprint"
                      : o->verify_ca_only ? ", the server verified by its authority alone"
                                          : "");
    else if (local)
        st->transport = STR("unix socket");
    else if (o->allow_plaintext)
        st->transport = STR("plaintext over TCP (assay-allow-plaintext)");
    else
        return diag_fail(d, DIAG_CONFIG, "the connection to the database is not encrypted");
    return 0;
}

/* A peer that is gone without a word, or behind a cut cable, is found out while a statement runs. Says nothing
 * to a unix socket. */
static void
notice_silence(int fd)
{
    int yes = 1, idle_s = SILENCE_S / 3, every_s = 5, times = SILENCE_S / 3 * 2 / 5;
    unsigned unanswered_ms = SILENCE_S * 1000;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, SOL_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
    setsockopt(fd, SOL_TCP, TCP_KEEPCNT, &times, sizeof times);
    setsockopt(fd, SOL_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
}

/* The one that the settings name goes before the option file's. */
static int
use_password(const struct store_config *c, struct arena *a, struct optfile *o, struct diag *d)
{
    struct str password;
    if (!c->load_password)
        return 0;
    if (c->load_password(c->of, a, &password, d) != 0)
        return -1;
    o->password = password.s;
    return 0;
}

/* The option file and whatever was read of it is overwritten at the end: a password may stand in it. */
static int
connect_by_file(struct store *st, const char *path, struct diag *d)
{
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    struct optfile o;
    if (optfile_read(path, own, &o, d) != 0 || set_options(st->db, &o, path, d) != 0 ||
        use_password(&st->config, own, &o, d) != 0)
        return -1;
    if (!mysql_real_connect(st->db,
                            is_local(&o) ? NULL
                            : o.host     ? o.host
                                         : "127.0.0.1",
                            o.user, o.password, NULL, o.port, o.socket, 0))
        return connect_failed(st, path, d);
    client_forget_password(st->db);
    notice_silence(client_socket(st->db));
    return check_transport(st, &o, d);
}

/* ---- the embedded server ---- */

static int
connect_embedded(struct store *st, struct diag *d)
{
    struct embedded e;
    unsigned proto = MYSQL_PROTOCOL_SOCKET;
    const char *dir = file_join(st->arena, st->config.state_dir, "db").s;
    if (embedded_open(dir, st->arena, &e, d) != 0)
        return -1;
    st->users_fd = e.users_fd;
    mysql_options(st->db, MYSQL_OPT_PROTOCOL, &proto);
    if (!mysql_real_connect(st->db, NULL, env_user(), NULL, NULL, 0, e.socket.s, 0))
        return connect_failed(st, e.socket.s, d);
    st->transport = arena_fmt(st->arena, "unix socket of the embedded server, which runs as uid %u",
                              (unsigned)e.uid);
    return 0;
}

/* ---- the database ---- */

static bool
is_plain_name(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)s[i]) && s[i] != '_' && s[i] != '-')
            return false;
    return n > 0 && n <= 64;
}

/* The one statement with a name in it, which connect_store has checked. */
int
connect_make_database(struct store *st, struct diag *d)
{
    static const char mark[] = "{database}";
    const char *name = st->config.database;
    if (mysql_select_db(st->db, name) == 0)
        return 0;
    const struct embed_file *f = embed_find("sql/query/database_create.sql");
    struct str text = f ? str_n(f->data, f->len) : STR("");
    long at = str_find(text, mark);
    assert(at > 0 && is_plain_name(name));
    struct str sql =
        arena_fmt(d->arena, "%.*s%s%s", (int)at, text.s, name, text.s + at + sizeof mark - 1);
    if (mysql_real_query(st->db, sql.s, sql.len) || mysql_select_db(st->db, name))
        return connect_failed(st, name, d);
    return 0;
}

static int
connect_once(struct store *st, struct diag *d)
{
    const struct store_config *c = &st->config;
    st->db = new_handle(st->is_patient);
    st->n_connections++;
    st->is_lost = false;
    st->error = 0;
    int rc = c->option_file ? connect_by_file(st, c->option_file, d) : connect_embedded(st, d);
    if (rc != 0 || session_settle(st, d) != 0)
        return -1;
    if (mysql_select_db(st->db, c->database) && mysql_errno(st->db) != ER_BAD_DB_ERROR)
        return connect_failed(st, c->database, d);
    return 0;
}

/* Prepared statements stay behind without a connection, as nothing but memory: closed on a connection
 * that is out of step they would wait for rows. stmt.c frees them. */
void
connect_end(struct store *st)
{
    mysql_close(st->db);
    st->db = NULL;
    embedded_close(st->users_fd);
    st->users_fd = -1;
}

/* Errors of a server that is just ending or was killed a moment ago: another one is started. */
static bool
is_passing(unsigned e)
{
    return e == CR_CONNECTION_ERROR || e == CR_SERVER_LOST || e == CR_SERVER_GONE_ERROR ||
           e == CR_SERVER_LOST_EXTENDED || e == ER_SERVER_SHUTDOWN || e == 1927;
}

/* Who waited in vain says so. */
static int
gave_up(const struct store *st, const struct store_outage *o, struct diag *d)
{
    struct diag_note was = d->first;
    if (was.code != DIAG_UNAVAILABLE && !diag_may_pass(d))
        return -1;
    diag_clear(d);
    diag_fail(d, DIAG_UNAVAILABLE, "%.*s", STR_ARG(was.text));
    if (o->n_waits > 1)
        diag_context(d, "waited %lld s (database-wait)", (long long)st->config.wait_s);
    return was.place.len ? diag_at(d, "%.*s", STR_ARG(was.place)) : -1;
}

int
connect_store(struct store *st, struct diag *d)
{
    assert(!st->db && st->users_fd == -1);
    const char *name = st->config.database;
    struct store_outage o = {0};
    if (!is_plain_name(name))
        return diag_fail(d, DIAG_CONFIG, "database \"%s\": want letters, digits, _ and -", name);
    for (int i = 1; connect_once(st, d) != 0; i++) {
        bool is_own = !st->config.option_file;
        bool again = is_own ? is_passing(st->error) && i < EMBEDDED_TRIES
                            : d->first.code == DIAG_UNAVAILABLE || diag_may_pass(d);
        connect_end(st);
        if (!again || (!is_own && !store_outlast(st, &o, d)))
            return gave_up(st, &o, d);
        diag_clear(d);
        if (is_own)
            usleep(EMBEDDED_WAIT_US);
    }
    return 0;
}

int
connect_ready(struct store *st, struct diag *d)
{
    if (st->is_broken || (st->is_lost && st->in_transaction))
        return diag_fail(d, DIAG_RETRY, "the transaction was rolled back");
    if (!st->is_lost)
        return 0;
    if (st->in_snapshot)
        return diag_fail(d, DIAG_LOST, "the connection to the database was lost");
    connect_end(st);
    int rc = connect_store(st, d);
    st->is_lost = rc != 0;
    return rc;
}

void
connect_be_patient(struct store *st, bool is_patient)
{
    st->is_patient = is_patient;
    if (st->db && !client_set_read_timeout(st->db, is_patient ? PATIENT_S : READ_S))
        st->is_lost = true;
}
