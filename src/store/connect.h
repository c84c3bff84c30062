/* Connecting: option file or embedded server, with what protects the way.
 * What:   sets up the session (UTC, READ COMMITTED, strict, utf8mb4), refuses plaintext over TCP,
 *         and replaces a connection that was lost.
 * Owner:  fills st->db, st->users_fd, st->transport.
 * Units:  seconds.
 * Errors: DIAG_UNAVAILABLE, DIAG_CONFIG. */
#ifndef STORE_CONNECT_H
#define STORE_CONNECT_H

#include "store/inner.h"

/* Connects st as st->config says. */
int connect_store(struct store *st, struct diag *d);
/* Drops the connection with its statements and connects anew. */
int connect_again(struct store *st, struct diag *d);
/* Ends the connection, its statements and the use of the embedded server. */
void connect_end(struct store *st);
/* Creates the database of st->config when it is missing, and selects it. */
int connect_make_database(struct store *st, struct diag *d);

#endif
