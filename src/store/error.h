/* What an error of the server or of the client library means.
 * What:   an error number -> a diag code, and what it says of the transaction and the connection.
 * Owner:  by value.
 * Units:  error numbers of MariaDB, MySQL and TiDB.
 * Errors: these are they; see store.h for the codes. */
#ifndef STORE_ERROR_H
#define STORE_ERROR_H

#include "store/session.h"

/* Sets the diag to an error that happened at `what`, and notes when the transaction or the connection
 * went with it; always -1. */
int error_set(struct store *st, unsigned code, const char *text, const char *what, struct diag *d);
/* The same with the error that the connection had last. */
int error_of_connection(struct store *st, const char *what, struct diag *d);

#endif
