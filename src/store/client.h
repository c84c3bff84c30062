/* The client library: MariaDB's Connector/C or Oracle's libmysqlclient.
 * What:   the few calls in which the two differ, under one name; all others are the same in both.
 * Owner:  none.
 * Units:  seconds.
 * Errors: none; what a library cannot do is said by the answer.
 * See:    doc/database.md, cmake -DASSAY_MYSQL */
#ifndef STORE_CLIENT_H
#define STORE_CLIENT_H

#include <stdbool.h>

#include <mysql.h>

#ifndef MARIADB_PACKAGE_VERSION
typedef bool my_bool; /* of all versions before 8.0 */
#endif

/* How the server's certificate is looked at. */
enum client_verify {
    CLIENT_VERIFY_NAME, /* of an authority that is trusted, and of the server's name */
    CLIENT_VERIFY_CA    /* of the authority alone */
};

/* Wants TLS, and the certificate verified in that way. Why this library cannot; NULL = it does. */
const char *client_want_tls(MYSQL *db, enum client_verify how);
/* Wants TLS with the server whose certificate has this fingerprint: hexadecimal, 40 digits (SHA-1) or 64
 * (SHA-256), without colons. Why this library cannot; NULL = it does. */
const char *client_want_fingerprint(MYSQL *db, const char *hex);
/* True when a certificate of another name is told apart from one of another authority. */
bool client_tells_names(void);
/* The socket of a connection. */
int client_socket(MYSQL *db);
/* "TLSv1.3" of a connection that has a cipher. */
const char *client_tls_version(MYSQL *db);
/* Overwrites the library's copy of the password, which it keeps for a connection that it makes anew: it never does. */
void client_forget_password(MYSQL *db);
/* From now on an answer may take that long. False: only from the next connection on. */
bool client_set_read_timeout(MYSQL *db, unsigned seconds);
/* Errors of the library and not of the server. */
bool client_made_error(unsigned code);

#endif
