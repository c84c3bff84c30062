/* Kills by progress. A process says after each step that it is done, and begins the next one only
 * when it may; whoever counts its steps ends it within a certain one, however fast the machine is.
 * Where in that step it dies is chance, and no verdict hangs on it. */
#ifndef TESTS_STORE_GATE_H
#define TESTS_STORE_GATE_H

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

struct gate {
    int may[2], did[2]; /* pipes: a byte for each step, to the process and back */
};

/* Before the fork. */
static inline void
gate_open(struct gate *g)
{
    if (pipe(g->may) != 0 || pipe(g->did) != 0)
        exit(1);
}

/* In the process, before each step; NULL = whenever it likes. */
static inline void
gate_wait(const struct gate *g)
{
    char c;
    if (g && read(g->may[0], &c, 1) != 1)
        _exit(3);
}

/* In the process, after each step. */
static inline void
gate_tell(const struct gate *g)
{
    if (g && write(g->did[1], "d", 1) != 1)
        _exit(3);
}

/* After the fork: lets the process take n + 1 steps and kills it when it has told of n, and late_us
 * later. It cannot have come to its end if it has more than n + 1 steps to take. */
static inline void
gate_kill_after(struct gate *g, pid_t pid, int n, useconds_t late_us)
{
    char c;
    int status = 0;
    close(g->may[0]);
    close(g->did[1]);
    for (int i = 0; i <= n; i++)
        CHECK(write(g->may[1], "m", 1) == 1);
    for (int i = 0; i < n; i++)
        CHECK(read(g->did[0], &c, 1) == 1);
    usleep(late_us);
    kill(pid, SIGKILL);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    close(g->may[1]);
    close(g->did[0]);
}

#endif
