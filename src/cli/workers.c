/* Starts, watches and ends the workers. Called by cmd_export.c. */
#include "cli/workers.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"
#include "export/follow.h"
#include "job/heartbeat.h"

enum { PAUSE_S = 1, PATIENCE_S = 45 };

struct worker {
    const struct config_export *target; /* NULL = heartbeats and metrics */
    pid_t pid;                          /* 0 = not running */
    int64_t start_at;                   /* not before this second */
};

struct crew {
    struct cli *cli;
    struct worker *v;
    size_t n;
    int status; /* of the one that ended them all */
};

static volatile sig_atomic_t stop;

static void
on_stop(int signal)
{
    (void)signal;
    stop = 1;
}

static void
on_nothing(int signal)
{
    (void)signal;
}

/* Without SA_RESTART: waiting ends when a signal comes. */
static void
catch_signals(void)
{
    struct sigaction a = {.sa_handler = on_stop};
    sigaction(SIGTERM, &a, NULL);
    sigaction(SIGINT, &a, NULL);
    a.sa_handler = on_nothing;
    sigaction(SIGCHLD, &a, NULL);
}

/* ---- the child ---- */

/* The life of a worker: a database connection of its own, then one target (or heartbeats and metrics)
 * until a signal comes. Returns the exit status of the process. */
static int
work_in_child(struct cli *c, const struct config_export *target)
{
    assert(!c->act); /* none of the parent's is inherited */
    c->waits_for_ever = true;
    int status = cli_open(c, true);
    if (status)
        return status;
    c->act->progress = NULL;
    int rc = target ? follow_run(c->act, target, &stop, &c->diag)
                    : heartbeat_keep(c->act, &stop, &c->diag);
    status = rc == 0 ? 0 : cli_fail(c);
    act_close(c->act);
    return status;
}

static void
start_worker(struct crew *crew, struct worker *w)
{
    assert(w->pid <= 0);
    pid_t parent = getpid();
    w->pid = fork();
    if (w->pid != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* it died before that, and nobody will tell us */
        stop = 1;
    _exit(work_in_child(crew->cli, w->target));
}

/* ---- the parent ---- */

/* A worker that ended is started again after a pause. One that says that the settings are wrong would
 * say so again: it ends them all. */
static void
note_end(struct crew *crew, pid_t pid, int status)
{
    for (size_t i = 0; i < crew->n; i++) {
        struct worker *w = &crew->v[i];
        if (w->pid != pid)
            continue;
        w->pid = 0;
        w->start_at = env_wall_us() / 1000000 + PAUSE_S;
        if (WIFEXITED(status) && WEXITSTATUS(status) == diag_exit_status(DIAG_CONFIG)) {
            crew->status = WEXITSTATUS(status);
            stop = 1;
        }
    }
}

static void
reap_workers(struct crew *crew)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        note_end(crew, pid, status);
}

static bool
is_running(const struct crew *crew)
{
    for (size_t i = 0; i < crew->n; i++)
        if (crew->v[i].pid > 0)
            return true;
    return false;
}

static void
tell_all(const struct crew *crew, int signal)
{
    for (size_t i = 0; i < crew->n; i++)
        if (crew->v[i].pid > 0)
            kill(crew->v[i].pid, signal);
}

/* Starts whoever does not run and is due, until a signal comes or a worker ends them all. */
static void
watch_workers(struct crew *crew)
{
    while (!stop) {
        for (size_t i = 0; i < crew->n && !stop; i++)
            if (crew->v[i].pid <= 0 && env_wall_us() / 1000000 >= crew->v[i].start_at)
                start_worker(crew, &crew->v[i]);
        usleep(200000); /* SIGCHLD ends it early */
        reap_workers(crew);
    }
}

/* A worker finishes the message that it is sending, and has PATIENCE_S for it: one whose receiver does
 * not answer would never end by itself. */
static void
end_workers(struct crew *crew)
{
    tell_all(crew, SIGTERM);
    for (int i = 0; i < PATIENCE_S * 20 && is_running(crew); i++) {
        usleep(50000);
        reap_workers(crew);
    }
    tell_all(crew, SIGKILL);
}

int
workers_run(struct cli *c, const struct config_export *targets, size_t n)
{
    assert(n > 0 && targets);
    struct crew crew = {.cli = c, .n = n + 1};
    crew.v = ARENA_ARRAY(c->arena, struct worker, n + 1);
    for (size_t i = 0; i < n; i++)
        crew.v[i].target = &targets[i];
    catch_signals();
    watch_workers(&crew);
    end_workers(&crew);
    return crew.status;
}
