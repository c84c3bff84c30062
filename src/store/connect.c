/* The way to a database and its manners; behind store.c. */
#include "store/connect.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "store/embedded.h"

enum { CONNECT_S = 10, READ_S = 600 };

/* A file with a password in it: ours or root's, nobody else may read or write it. */
static int
check_option_file(const char *path, struct diag *d)
{
    struct stat st;
    if (stat(path, &st) != 0)
        diag_fail(d, DIAG_CONFIG, "cannot read the option file: %s", strerror(errno));
    else if (st.st_uid != geteuid() && st.st_uid != 0)
        diag_fail(d, DIAG_CONFIG, "the option file must belong to %s or root", env_user());
    else if (st.st_mode & (S_IWGRP | S_IRWXO))
        diag_fail(d, DIAG_CONFIG,
                  "the option file must not be writable by the group or open to others: chmod 600");
    return diag_failed(d) ? diag_at(d, "%s", path) : 0;
}

static void
set_options(MYSQL *db)
{
    unsigned connect_s = CONNECT_S, read_s = READ_S;
    mysql_options(db, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
    mysql_options(db, MYSQL_OPT_READ_TIMEOUT, &read_s);
    mysql_options(db, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
    mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
}

static int
failed(MYSQL *db, const char *where, struct diag *d)
{
    diag_fail(d, DIAG_UNAVAILABLE, "database: %s (%u)", mysql_error(db), mysql_errno(db));
    return diag_at(d, "%s", where);
}

/* Over a network only an encrypted, verified way will do. */
static int
check_transport(struct store *st, struct diag *d)
{
    const char *cipher = mysql_get_ssl_cipher(st->db);
    const char *host = mysql_get_host_info(st->db);
    bool local = host && (strstr(host, "socket") || strstr(host, "pipe"));
    if (cipher) {
        st->transport = arena_fmt(st->arena, "TLS (%s)", cipher);
        return 0;
    }
    if (!local)
        return diag_fail(d, DIAG_CONFIG,
                         "the connection to %s is not encrypted: set ssl-ca in the option file",
                         host ? host : "the database");
    st->transport = STR("a unix socket");
    return 0;
}

/* ssl-ca without verification protects from nobody: the library would even fall back to plaintext.
 * Both are asked for; a server on a unix socket has no name to verify. */
static void
demand_verification(struct store *st, const char *path, struct diag *d)
{
    struct str text;
    my_bool yes = 1;
    struct diag quiet = diag_init(d->arena);
    if (file_slurp(path, 1 << 20, d->arena, &text, &quiet) != 0)
        return;
    while (text.len) {
        struct str line = str_trim(str_cut(&text, '\n')), key = line;
        key = str_trim(str_cut(&key, '='));
        if (str_eqc(key, "ssl-ca") || str_eqc(key, "ssl_ca"))
            mysql_options(st->db, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
    }
}

static int
connect_by_file(struct store *st, const char *path, struct diag *d)
{
    if (check_option_file(path, d) != 0)
        return -1;
    mysql_options(st->db, MYSQL_READ_DEFAULT_FILE, path);
    mysql_options(st->db, MYSQL_READ_DEFAULT_GROUP, "assay");
    demand_verification(st, path, d);
    if (!mysql_real_connect(st->db, NULL, NULL, NULL, NULL, 0, NULL, 0))
        return failed(st->db, path, d);
    return check_transport(st, d);
}

static int
connect_embedded(struct store *st, const char *state_dir, struct diag *d)
{
    struct str socket;
    unsigned proto = MYSQL_PROTOCOL_SOCKET;
    const char *dir = file_join(st->arena, state_dir, "db").s;
    if (embedded_open(dir, st->arena, &st->users_fd, &socket, d) != 0)
        return -1;
    mysql_options(st->db, MYSQL_OPT_PROTOCOL, &proto);
    if (!mysql_real_connect(st->db, NULL, env_user(), NULL, NULL, 0, socket.s, 0))
        return failed(st->db, socket.s, d);
    st->transport = STR("the embedded server's socket");
    return 0;
}

static bool
is_plain_name(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)s[i]) && s[i] != '_' && s[i] != '-')
            return false;
    return n > 0 && n <= 64;
}

int
connect_store(struct store *st, const struct store_config *c, struct diag *d)
{
    const char *database = c->database ? c->database : "assay";
    if (!is_plain_name(database))
        return diag_fail(d, DIAG_CONFIG, "database \"%s\": want letters, digits, _ and -", database);
    st->db = mysql_init(NULL);
    assert(st->db);
    set_options(st->db);
    int rc = c->option_file ? connect_by_file(st, c->option_file, d)
                            : connect_embedded(st, c->state_dir, d);
    if (rc != 0)
        return -1;
    if (mysql_select_db(st->db, database) == 0)
        return 0;
    /* The one statement with a name in it, checked above; it fails where init may not create. */
    struct str create = arena_fmt(d->arena, "CREATE DATABASE IF NOT EXISTS `%s` "
                                            "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                                  database);
    if (mysql_real_query(st->db, create.s, create.len) || mysql_select_db(st->db, database))
        return failed(st->db, database, d);
    return 0;
}
