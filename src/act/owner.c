/* Owners of leases; export/cursor.c takes and gives up leases in their names. */
#include "act/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/env.h"
#include "base/file.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { START_FIELD = 22, MAX_PROC = 4096 };

/* When the process started, in ticks since boot; empty = there is none. The name, in parentheses,
 * may hold anything. */
static struct str
start_of(struct str pid, struct arena *a)
{
    char text[MAX_PROC];
    int fd = open(arena_fmt(a, "/proc/%.*s/stat", STR_ARG(pid)).s, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    const char *end = n > 0 ? memrchr(text, ')', (size_t)n) : NULL;
    if (!end || end + 2 > text + n)
        return STR("");
    struct str rest = str_n(end + 2, (size_t)(text + n - end - 2)), field = STR("");
    /* field 3 of proc(5) begins here */
    for (int i = 3; i <= START_FIELD; i++)
        field = str_cut(&rest, ' ');
    return arena_str(a, field);
}

static struct str
place_of_process(struct arena *a)
{
    char boot[40] = "", space[64] = "";
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, boot, 36), m = readlink("/proc/self/ns/pid", space, 63);
    if (fd >= 0)
        close(fd);
    return n == 36 && m > 0 ? arena_fmt(a, "%.*s/%.*s", (int)n, boot, (int)m, space) : STR("?");
}

struct str
owner_self(struct arena *a)
{
    struct str pid = arena_fmt(a, "%ld", (long)getpid()), start = start_of(pid, a),
               here = place_of_process(a);
    return arena_fmt(a, "%s %.*s %.*s %.*s", env_host(), STR_ARG(pid), STR_ARG(start),
                     STR_ARG(here));
}

bool
owner_is_dead(struct str owner)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct str rest = owner;
    str_cut(&rest, ' ');
    struct str pid = str_cut(&rest, ' '), start = str_cut(&rest, ' '), here = place_of_process(a);
    int64_t number;
    if (!str_to_i64(pid, &number) || number <= 0 || number > INT32_MAX || !start.len ||
        str_eqc(here, "?") || !str_eq(rest, here))
        return false;
    /* empty when the process is gone, but also when /proc hides it (hidepid): then kill(2) tells */
    struct str is = start_of(pid, a);
    return is.len ? !str_eq(is, start) : kill((pid_t)number, 0) != 0 && errno == ESRCH;
}
