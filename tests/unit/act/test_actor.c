/* Who acts: the account that logged in, by the kernel; sudo and SSH by the environment, of this process or,
 * where sudo took it away, of the shell above. Over a folder in the shape of /proc. */
#include "act/actor.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "check.h"

static struct arena *a;
static const char *proc;

static void
put(const char *pid, const char *name, struct str text)
{
    struct diag d = diag_init(a);
    const char *folder = arena_fmt(a, "%s/%s", proc, pid).s;
    CHECK(file_mkdirs(folder, 0700, &d) == 0);
    CHECK(file_write_atomic(arena_fmt(a, "%s/%s", folder, name).s, text, 0600, &d) == 0);
}

static struct audit_actor
found(const char *sudo_user, const char *ssh)
{
    struct audit_actor who = {.uid = 0};
    actor_find_person(&who, proc, sudo_user, ssh, a);
    return who;
}

static void
test_login(void)
{
    static const char *const none[] = {"4294967295", "", "x", "-2", "99999999999"};
    struct audit_actor who = found(NULL, NULL); /* an empty /proc */
    CHECK(who.login_uid == -1 && !who.login.len && !who.sudo_user.len && !who.ssh_peer.len);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        put("self", "loginuid", str_c(none[i]));
        who = found(NULL, NULL);
        CHECK(who.login_uid == -1 && !who.login.len);
    }
    put("self", "loginuid", STR("0"));
    who = found(NULL, NULL);
    CHECK(who.login_uid == 0 && str_eqc(who.login, getpwuid(0)->pw_name));
    put("self", "loginuid", STR("3999999999\n"));
    who = found(NULL, NULL);
    CHECK(who.login_uid == 3999999999 && str_eqc(who.login, "uid 3999999999"));
}

static void
test_environment(void)
{
    char longest[200];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    struct audit_actor who = found("alice", "192.0.2.7 50222 192.0.2.1 22");
    CHECK(str_eqc(who.sudo_user, "alice") && str_eqc(who.ssh_peer, "192.0.2.7 50222"));
    CHECK(str_eqc(found(NULL, "fe80::1%eth0 1 fe80::2%eth0 22").ssh_peer, "fe80::1%eth0 1"));
    CHECK(!found(longest, NULL).sudo_user.len); /* no account has such a name */
    CHECK(!found(NULL, longest).ssh_peer.len && !found(NULL, "").ssh_peer.len);
    CHECK(!found(NULL, "192.0.2.7").ssh_peer.len);
}

/* assay below sudo below a shell whose name has a bracket, below sshd. */
static void
test_above(void)
{
    static const char environ[] = "PATH=/bin\0SSH_CONNECTION=198.51.100.9 7 192.0.2.1 22\0TERM=x";
    put("self", "stat", STR("40 (assay) S 30 40 30 0"));
    put("30", "stat", STR("30 (sudo) S 20 30 20 0"));
    put("30", "environ", STR("PATH=/bin"));
    put("20", "stat", STR("20 (a) S 7 (sh) S 10 20 20 0"));
    CHECK(!found(NULL, NULL).ssh_peer.len);
    put("20", "environ", str_n(environ, sizeof environ));
    CHECK(str_eqc(found("alice", NULL).ssh_peer, "198.51.100.9 7"));
    CHECK(str_eqc(found(NULL, "192.0.2.7 1 192.0.2.1 22").ssh_peer, "192.0.2.7 1")); /* nearer */
    put("20", "environ", STR("SSH_CONNECTION="));
    CHECK(!found(NULL, NULL).ssh_peer.len);
    put("20", "environ", STR("A=B"));
    put("20", "stat", STR("20 (sh) S 20 20 20 0")); /* no end in a ring */
    CHECK(!found(NULL, NULL).ssh_peer.len);
}

int
main(void)
{
    a = arena_new();
    char folder[] = "/tmp/assay-actor-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    proc = folder;
    test_login();
    test_environment();
    test_above();
    static const char *const files[] = {
        "self/loginuid", "self/stat", "30/stat", "30/environ", "20/stat",
        "20/environ",    "self",      "30",      "20",         ""};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        remove(arena_fmt(a, "%s/%s", folder, files[i]).s);
    arena_free(a);
    return CHECK_DONE();
}
