/* Surroundings of the process; below map.c (seed) and everything that asks for the time. */
#include "base/env.h"

#include <assert.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static int64_t fixed_now, as_of;

int64_t
env_now(void)
{
    return fixed_now ? fixed_now : env_wall_us() / 1000000;
}

void
env_set_now(int64_t t)
{
    assert(t >= 0);
    fixed_now = t;
}

void
env_set_as_of(int64_t t)
{
    assert(t >= 0);
    as_of = t;
}

int64_t
env_as_of(void)
{
    return as_of;
}

int64_t
env_today(void)
{
    return as_of ? as_of : env_now();
}

int64_t
env_wall_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
env_mono_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
env_random(void *p, size_t n)
{
    assert(p || n == 0);
    char *to = p;
    while (n) {
        /* up to 256 bytes come at once or not at all, whatever signals do: getrandom(2) */
        ssize_t got = getrandom(to, n > 256 ? 256 : n, 0);
        if (got <= 0) {
            fputs("assay: no random source\n", stderr);
            _Exit(71);
        }
        to += got;
        n -= (size_t)got;
    }
}

/* Of 63 bits, as the columns of the database are signed to some clients; never 0. */
uint64_t
env_random_id(void)
{
    uint64_t id;
    do {
        env_random(&id, sizeof id);
        id >>= 1;
    } while (id == 0);
    return id;
}

struct str
env_folder(struct arena *a)
{
    char path[PATH_MAX];
    return arena_str(a, str_c(getcwd(path, sizeof path) ? path : "."));
}

const char *
env_host(void)
{
    static char name[256];
    if (!name[0] && (gethostname(name, sizeof name - 1) != 0 || !name[0]))
        snprintf(name, sizeof name, "localhost");
    return name;
}

const char *
env_user(void)
{
    static char name[64];
    if (name[0])
        return name;
    const struct passwd *pw = getpwuid(geteuid());
    if (pw)
        snprintf(name, sizeof name, "%s", pw->pw_name);
    else
        snprintf(name, sizeof name, "uid %lu", (unsigned long)geteuid());
    return name;
}
