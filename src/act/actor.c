/* The surroundings of the process -> the actor of its records. Called by act.c. */
#include "act/actor.h"

#include <assert.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"

enum {
    MAX_NAME = 64, /* of an account; a record has room for so much */
    MAX_PEER = 96, /* an address with its scope, a port */
    MAX_ABOVE = 16,
    MAX_FILE = 1 << 17
};

/* The beginning of a file below proc, which says of none how long it is; empty when it cannot be read. */
static struct str
actor_read(const char *proc, struct str pid, const char *name, struct arena *a)
{
    static char text[MAX_FILE];
    struct str path = arena_fmt(a, "%s/%.*s/%s", proc, STR_ARG(pid), name);
    AUTO_FILE f = fopen(path.s, "re");
    return f ? arena_str(a, str_n(text, fread(text, 1, sizeof text, f))) : STR("");
}

/* "SSH_CONNECTION" is "CLIENT PORT SERVER PORT": who came from where is the first half. */
static struct str
actor_peer(struct str connection)
{
    struct str rest = connection, address = str_cut(&rest, ' '), port = str_cut(&rest, ' ');
    size_t n = address.len + 1 + port.len;
    return address.len && port.len && n <= MAX_PEER ? str_n(connection.s, n) : STR("");
}

/* The process above, from "PID (COMM) STATE PPID …"; a name may hold blanks and brackets. */
static struct str
actor_above(struct str stat)
{
    size_t at = stat.len;
    while (at > 0 && stat.s[at - 1] != ')')
        at--;
    struct str rest = str_trim(str_n(stat.s + at, stat.len - at));
    str_cut(&rest, ' ');
    return str_cut(&rest, ' ');
}

/* sudo starts a program without the variables of the session, and so does su: the shell above still has
 * them. Its environment as it was started can be read by root and by its own account. */
static struct str
actor_peer_above(const char *proc, struct arena *a)
{
    static const char name[] = "SSH_CONNECTION=";
    struct str pid = actor_above(actor_read(proc, STR("self"), "stat", a));
    for (int i = 0; i < MAX_ABOVE && pid.len && !str_eqc(pid, "0"); i++) {
        struct str rest = actor_read(proc, pid, "environ", a);
        while (rest.len) {
            struct str one = str_cut(&rest, '\0');
            if (str_starts(one, name))
                return actor_peer(str_n(one.s + sizeof name - 1, one.len - sizeof name + 1));
        }
        pid = actor_above(actor_read(proc, pid, "stat", a));
    }
    return STR("");
}

void
actor_find_person(struct audit_actor *who, const char *proc, const char *sudo_user, const char *ssh,
                  struct arena *a)
{
    enum { UNSET = 0xffffffff };
    int64_t uid;
    assert(who && proc);
    who->login_uid = -1;
    who->login = STR("");
    if (str_to_i64(str_trim(actor_read(proc, STR("self"), "loginuid", a)), &uid) && uid >= 0 &&
        uid < (int64_t)UNSET) {
        const struct passwd *pw = getpwuid((uid_t)uid);
        who->login_uid = uid;
        who->login = pw && strlen(pw->pw_name) <= MAX_NAME
                         ? arena_str(a, str_c(pw->pw_name))
                         : arena_fmt(a, "uid %lld", (long long)uid);
    }
    who->sudo_user =
        sudo_user && strlen(sudo_user) <= MAX_NAME ? arena_str(a, str_c(sudo_user)) : STR("");
    who->ssh_peer = ssh ? arena_str(a, actor_peer(str_c(ssh))) : actor_peer_above(proc, a);
}

struct audit_actor
actor_of_process(const struct config *c, struct arena *a)
{
    const char *by_hand = isatty(0) || isatty(2) ? "cli" : "batch";
    struct audit_actor who = {.origin = c->origin,
                              .user = str_c(env_user()),
                              .uid = (int64_t)geteuid(),
                              .host = str_c(env_host()),
                              .via = str_c(getenv("INVOCATION_ID") ? "systemd" : by_hand),
                              .run = arena_fmt(a, "%016llx", (unsigned long long)env_random_id()),
                              .app = STR(ASSAY_VERSION)};
    actor_find_person(&who, "/proc", getenv("SUDO_USER"), getenv("SSH_CONNECTION"), a);
    return who;
}
