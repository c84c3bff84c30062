/* Option files: how to reach a database server of one's own.
 * What:   reads the groups [client] and [assay] of a my.cnf (the later line wins, [assay] over
 *         [client]). Only what is known here is taken, so that nothing in the file can weaken the
 *         way unnoticed: an unknown key of [assay] is an error, of [client] it belongs to others.
 * Owner:  texts live in the given arena.
 * Units:  none.
 * Errors: DIAG_CONFIG with file and line.
 * See:    doc/database.md */
#ifndef STORE_OPTFILE_H
#define STORE_OPTFILE_H

#include "base/diag.h"

struct optfile {
    const char *host, *socket, *user, *password; /* NULL = not said */
    const char *ssl_ca, *ssl_capath, *ssl_cert, *ssl_key, *ssl_cipher, *ssl_crl, *tls_version;
    const char *plugin_dir, *default_auth, *protocol;
    const char *ssl_fingerprint; /* of the server's certificate: 40 or 64 hexadecimal digits, small */
    bool verify_ca_only; /* ssl-verify = ca: the authority, and not the name */
    unsigned port;
    bool allow_plaintext; /* assay-allow-plaintext: TCP without TLS, and the operator said so */
};

/* Reads path after checking its owner and mode. */
int optfile_read(const char *path, struct arena *a, struct optfile *ret, struct diag *d);

#endif
