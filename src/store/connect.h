/* Connecting: option file or embedded server, with what protects the way.
 * What:   connects, sets up the session, refuses plaintext over TCP, and replaces a connection that
 *         was lost.
 * Owner:  fills st->db, st->users_fd, st->transport.
 * Units:  seconds.
 * Errors: DIAG_UNAVAILABLE (also after waiting for store_config.wait_s), DIAG_CONFIG. */
#ifndef STORE_CONNECT_H
#define STORE_CONNECT_H

#include "store/session.h"

/* Connects st as st->config says. */
int connect_store(struct store *st, struct diag *d);
/* Before a statement: a connection that was lost is replaced, but never in the middle of a
 * transaction or snapshot, whose first half would be missing (DIAG_RETRY, DIAG_LOST). */
int connect_ready(struct store *st, struct diag *d);
/* Statements may take hours (a migration, a large report), or again no more than a minute. */
void connect_be_patient(struct store *st, bool is_patient);
/* Ends the connection and the use of the embedded server; prepared statements are freed by stmt.c. */
void connect_end(struct store *st);
/* Creates the database of st->config when it is missing, and selects it. */
int connect_make_database(struct store *st, struct diag *d);

#endif
