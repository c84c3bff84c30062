/* Preloaded into the program under test: its clock is ahead of the real one by the seconds that E2E_CLOCK says. The
 * program has no option that sets its clock, so tests of nights to come need this. Other programs that it
 * starts, the database above all, keep the real one. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

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

static long
seconds_ahead(void)
{
    const char *s = getenv("E2E_CLOCK");
    return s && strncmp(program_invocation_short_name, "assay", 5) == 0 ? atol(s) : 0;
}

int
clock_gettime(clockid_t id, struct timespec *to)
{
    int rc = real_clock()(id, to);
    if (rc == 0 && id == CLOCK_REALTIME)
        to->tv_sec += seconds_ahead();
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
