/* A listening socket on a free port of this host; shared by the tests of this room. */
#ifndef TESTS_DELIVER_LOOPBACK_H
#define TESTS_DELIVER_LOOPBACK_H

#include <arpa/inet.h>
#include <sys/socket.h>

#include "check.h"

/* The socket; *ret_port is its port. */
static inline int
loopback_listen(int *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 4) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &n) == 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

#endif
