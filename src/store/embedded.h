/* The private database server of a site that has none.
 * What:   a mariadbd of our own on a unix socket in a folder, started by the first assay that needs
 *         it, shared by all of the same user, ended with the last. No TCP, no password: the kernel
 *         tells the peer's uid. The data directory is made whole beside its place and renamed. Run
 *         by root, the server is "mysql" or "nobody", who owns the data.
 * Owner:  embedded_close (closing the descriptor) says that we use it no more; a killed process is
 *         let go by the kernel.
 * Units:  a socket path has at most 107 bytes.
 * Errors: DIAG_UNAVAILABLE with what to install or where the server's log is.
 * See:    doc/database.md, doc/decisions/0002-store.md, mariadb-install-db(1) */
#ifndef STORE_EMBEDDED_H
#define STORE_EMBEDDED_H

#include <sys/types.h>

#include "base/diag.h"

struct embedded {
    int users_fd; /* holds our use of the server */
    struct str socket;
    uid_t uid; /* who it runs as */
};

/* Makes sure that the server of dir runs. */
int embedded_open(const char *dir, struct arena *a, struct embedded *ret, struct diag *d);
/* Gives up our use; -1 is allowed. */
void embedded_close(int fd);

#endif
