/* Preloaded into the program under test: its clock is ahead of the real one by the seconds that E2E_CLOCK says, or stands
 * still at E2E_CLOCK_STILL, seconds since 1970, its clock that only goes forward goes E2E_HASTE times as fast, and its host is
 * called E2E_HOST, for tests that compare all that is printed. The
 * program has no option that sets its clock, so tests of nights to come need this. Other programs that it
 * starts, the database above all, keep the real one. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

typedef int clock_fn(clockid_t, struct timespec *);

/* Also before any constructor of a library has run. */
static clock_fn *
real_clock(void)
{
    static clock_fn *found;
    if (!found)
        *(void **)&found = dlsym(RTLD_NEXT, "clock_gettime");
    return found;
}

/* What the variable says to the program under test, else NULL. */
static const char *
said(const char *variable)
{
    return strncmp(program_invocation_short_name, "assay", 5) == 0 ? getenv(variable) : NULL;
}

int
gethostname(char *name, size_t size)
{
    struct utsname u;
    const char *host = said("E2E_HOST");
    if (!host && uname(&u) != 0)
        return -1;
    snprintf(name, size, "%s", host ? host : u.nodename);
    return 0;
}

int
clock_gettime(clockid_t id, struct timespec *to)
{
    int rc = real_clock()(id, to);
    const char *haste = id == CLOCK_MONOTONIC && rc == 0 ? said("E2E_HASTE") : NULL;
    if (haste)
        to->tv_sec = to->tv_sec * atol(haste) + to->tv_nsec * atol(haste) / 1000000000;
    if (rc != 0 || id != CLOCK_REALTIME)
        return rc;
    const char *ahead = said("E2E_CLOCK"), *still = said("E2E_CLOCK_STILL");
    to->tv_sec += ahead ? atol(ahead) : 0;
    if (still)
        *to = (struct timespec){.tv_sec = atol(still)};
    return rc;
}

time_t
time(time_t *to)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (to)
        *to = t.tv_sec;
    return t.tv_sec;
}

int
gettimeofday(struct timeval *to, void *zone)
{
    struct timespec t;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &t);
    *to = (struct timeval){.tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000};
    return 0;
}
