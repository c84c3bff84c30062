/* The process that minds the private server.
 * What:   runs mariadbd, starts it again after a crash, ends it when nobody uses it. Never returns
 *         to the program that forked it.
 * Owner:  none: it lives on its own.
 * Units:  uid and gid as in the system.
 * Errors: none to report: the opener sees that "server" is unlocked and that nobody answers.
 * See:    store/embedded.h for the lock files */
#ifndef STORE_SUPERVISE_H
#define STORE_SUPERVISE_H

#include <sys/types.h>

#include "base/arena.h"

/* Where the tools of a server are looked for; nothing of the caller's PATH is trusted. */
#define SUPERVISE_PATH "/usr/sbin:/usr/bin:/sbin:/bin"

/* A server, as opener and supervisor see it. */
struct supervise_server {
    struct arena *a;
    const char *dir, *socket; /* absolute */
    uid_t uid;                /* who owns the data and runs the server */
    gid_t gid;
};

/* dir/name. */
const char *supervise_path(const struct supervise_server *s, const char *name);
/* In a child about to exec: becomes the server's account, with a clean environment. */
int supervise_become(const struct supervise_server *s);
/* Forks the supervisor. fd holds the lock on "server": supervisor and mariadbd keep it until both
 * are gone. Returns at once. */
void supervise_start(const struct supervise_server *s, int fd);

#endif
