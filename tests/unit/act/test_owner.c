/* Who lives, who is dead, and of whom nothing can be known. */
#include "act/owner.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static struct arena *a;

/* What a process of that number would write of itself, but for when it started. */
static struct str
with_pid(long pid, const char *start)
{
    struct str rest = owner_self(a), host = str_cut(&rest, ' ');
    struct str mine = str_cut(&rest, ' '), began = str_cut(&rest, ' ');
    if (!start)
        start = arena_str(a, began).s;
    (void)mine;
    return arena_fmt(a, "%.*s %ld %s %.*s", STR_ARG(host), pid, start, STR_ARG(rest));
}

int
main(void)
{
    a = arena_new();
    struct str me = owner_self(a);
    CHECK(!owner_is_dead(me));
    CHECK(owner_is_dead(with_pid(getpid(), "1"))); /* the number is another's now */
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK(owner_is_dead(with_pid(child, NULL)));
    CHECK(!owner_is_dead(arena_fmt(a, "%.*s/elsewhere", STR_ARG(me))));
    const char *const odd[] = {"", "host", "host x 1 y", "host -1 1 y", "host 99999999999 1 y"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        CHECK(!owner_is_dead(str_c(odd[i])));
    CHECK(!owner_is_dead(with_pid(0, NULL)));
    arena_free(a);
    return CHECK_DONE();
}
