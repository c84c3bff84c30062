/* The two client libraries. Below connect.c, which is the only one to call most of it. */
#include "store/client.h"

#include <assert.h>
#include <string.h>

#include <errmsg.h>

void
client_forget_password(MYSQL *db)
{
    if (db->passwd)
        explicit_bzero(db->passwd, strlen(db->passwd));
}

#ifdef MARIADB_PACKAGE_VERSION

#include <ma_pvio.h>

enum { SHA1_DIGITS = 40, SHA256_DIGITS = 64, FIRST_OF_3_4 = 30400 };

static bool
is_3_4(void)
{
    return mysql_get_client_version() >= FIRST_OF_3_4 ||
           strncmp(mysql_get_client_info(), "3.3", 3) > 0;
}

/* Up to 3.3 the chain is verified whenever an authority is named, the name when it is asked for. From 3.4 on it
 * is both or neither. */
const char *
client_want_tls(MYSQL *db, enum client_verify how)
{
    my_bool yes = 1, name = how == CLIENT_VERIFY_NAME;
    if (!name && is_3_4())
        return "this client library (Connector/C 3.4 or newer) cannot verify the authority without "
               "the "
               "name: use ssl-fingerprint";
    mysql_options(db, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_options(db, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &name);
    return NULL;
}

/* Up to 3.3 it is SHA-1, which is enough to know one certificate again: nobody can make a second one. */
const char *
client_want_fingerprint(MYSQL *db, const char *hex)
{
    my_bool yes = 1;
    size_t n = strlen(hex);
    assert(n == SHA1_DIGITS || n == SHA256_DIGITS);
    if (n == SHA256_DIGITS && !is_3_4())
        return "this client library (Connector/C 3.3) compares SHA-1: give the 40 digits of "
               "openssl x509 -noout -fingerprint -sha1";
    mysql_options(db, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_options(db, MARIADB_OPT_TLS_PEER_FP, hex);
    return NULL;
}

bool
client_tells_names(void)
{
    return true;
}

int
client_socket(MYSQL *db)
{
    return mysql_get_socket(db);
}

const char *
client_tls_version(MYSQL *db)
{
    const char *version = NULL;
    mariadb_get_infov(db, MARIADB_CONNECTION_TLS_VERSION, (void *)&version);
    return version ? version : "TLS";
}

/* TLS reads the option each time, a plain socket what was made of it when it was opened. */
bool
client_set_read_timeout(MYSQL *db, unsigned seconds)
{
    mysql_options(db, MYSQL_OPT_READ_TIMEOUT, &seconds);
    if (db->net.pvio)
        db->net.pvio->timeout[PVIO_READ_TIMEOUT] = (int)seconds * 1000;
    return true;
}

bool
client_made_error(unsigned code)
{
    return (code >= CR_MIN_ERROR && code <= CR_MAX_ERROR) ||
           (code >= CER_MIN_ERROR && code <= CER_MAX_ERROR);
}

#else /* libmysqlclient */

const char *
client_want_tls(MYSQL *db, enum client_verify how)
{
    unsigned mode = how == CLIENT_VERIFY_NAME ? SSL_MODE_VERIFY_IDENTITY : SSL_MODE_VERIFY_CA;
    mysql_options(db, MYSQL_OPT_SSL_MODE, &mode);
    return NULL;
}

const char *
client_want_fingerprint(MYSQL *db, const char *hex)
{
    (void)db;
    assert(strlen(hex) > 0);
    return "this client library (libmysqlclient) knows no fingerprints: use ssl-verify = ca";
}

bool
client_tells_names(void)
{
    return false;
}

int
client_socket(MYSQL *db)
{
    return db->net.fd;
}

const char *
client_tls_version(MYSQL *db)
{
    (void)db;
    return "TLS";
}

bool
client_set_read_timeout(MYSQL *db, unsigned seconds)
{
    mysql_options(db, MYSQL_OPT_READ_TIMEOUT, &seconds);
    return false;
}

bool
client_made_error(unsigned code)
{
    return code >= CR_MIN_ERROR && code <= CR_ERROR_LAST;
}

#endif
