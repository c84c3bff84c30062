/* Connecting: option file or embedded server, with what protects the way.
 * What:   sets up the session (UTC, READ COMMITTED, strict, utf8mb4) and refuses plaintext over TCP.
 * Owner:  fills st->db, st->users_fd, st->transport.   Units: seconds.
 * Errors: DIAG_UNAVAILABLE, DIAG_CONFIG. */
#ifndef STORE_CONNECT_H
#define STORE_CONNECT_H

#include "store/inner.h"

/* Connects st. */
int connect_store(struct store *st, const struct store_config *c, struct diag *d);

#endif
