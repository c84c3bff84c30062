/* The account of the system's assay. Called by cli/cmd_init.c before init.c. */
#include "job/system.h"

#include <assert.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;

#define SYSTEM_HOME "/var/lib/assay"

/* Runs a program to its end; true when it is there and says 0. */
static bool
has_run(const char *const *argv)
{
    pid_t pid;
    int status = 0;
    if (posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ) != 0)
        return false;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* By the tools of the system, which know where accounts are kept. */
static const struct passwd *
make_account(void)
{
    const char *const by_systemd[] = {
        "systemd-sysusers", "--inline",
        "u " SYSTEM_ACCOUNT " - \"Compliance reports and audit log\" " SYSTEM_HOME, NULL};
    const char *const by_shadow[] = {
        "useradd",          "--system", "--user-group",      "--home-dir",   SYSTEM_HOME,
        "--no-create-home", "--shell",  "/usr/sbin/nologin", SYSTEM_ACCOUNT, NULL};
    const struct passwd *pw = getpwnam(SYSTEM_ACCOUNT);
    if (!pw && (has_run(by_systemd) || has_run(by_shadow)))
        pw = getpwnam(SYSTEM_ACCOUNT);
    return pw;
}

/* A folder of root's that was just made, or holds nothing, changes hands. What is somebody else's stays so. */
static int
own_folder(const char *path, unsigned mode, const struct passwd *pw, struct diag *d)
{
    struct stat st;
    bool is_new = !file_exists(path);
    if (is_new && file_mkdirs(path, mode, d) != 0)
        return -1;
    if (stat(path, &st) != 0) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot look at the folder: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    if (!is_new && st.st_uid != pw->pw_uid)
        diag_fail(d, DIAG_CONFIG,
                  "the folder was there and belongs to uid %u, not to %s: chown -R %s: it, or name "
                  "another "
                  "in the settings",
                  (unsigned)st.st_uid, pw->pw_name, pw->pw_name);
    else if (is_new && (chown(path, pw->pw_uid, pw->pw_gid) != 0 || chmod(path, mode) != 0))
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot give the folder to %s: %s", pw->pw_name,
                  strerror(errno));
    return diag_failed(d) ? diag_at(d, "%s", path) : 0;
}

/* Root's, for the account to read: secrets may stand there. Left alone when it is there. */
static int
make_settings_folder(const struct passwd *pw, struct diag *d)
{
    static const char *const paths[] = {"/etc/assay", "/etc/assay/conf.d"};
    for (size_t i = 0; i < 2; i++) {
        if (file_exists(paths[i]))
            continue;
        if (file_mkdirs(paths[i], 0750, d) != 0)
            return -1;
        if (chown(paths[i], 0, pw->pw_gid) != 0) {
            diag_fail(d, DIAG_CANNOT_WRITE, "cannot give the folder to the group of %s: %s",
                      pw->pw_name, strerror(errno));
            return diag_at(d, "%s", paths[i]);
        }
    }
    return 0;
}

static int
make_folders(const struct config *c, const struct passwd *pw, struct diag *d)
{
    /* another sink than a folder (deliver/sink.h) is made by nobody here */
    bool has_reports = c->reports_dir.s[0] == '/';
    /* others write to a spool, and may have one already */
    bool has_spool = file_exists(c->spool_dir.s);
    if (make_settings_folder(pw, d) != 0 || own_folder(c->state_dir.s, 0750, pw, d) != 0 ||
        (!has_spool && own_folder(c->spool_dir.s, 02770, pw, d) != 0) ||
        (has_reports && own_folder(c->reports_dir.s, 0750, pw, d) != 0))
        return -1;
    return file_exists("/var/log/assay") ? 0 : own_folder("/var/log/assay", 0750, pw, d);
}

/* For good; and what it will have to read it can. */
static int
become(const struct passwd *pw, const struct config *c, struct diag *d)
{
    if (initgroups(pw->pw_name, pw->pw_gid) != 0 || setgid(pw->pw_gid) != 0 ||
        setuid(pw->pw_uid) != 0)
        return diag_fail(d, DIAG_INTERNAL, "cannot become %s: %s", pw->pw_name, strerror(errno));
    setenv("HOME", pw->pw_dir, 1);
    for (size_t i = 0; i < c->files.n; i++)
        if (access(c->files.v[i].s, R_OK) != 0) {
            diag_fail(d, DIAG_CONFIG, "%s cannot read these settings: chgrp %s them, chmod 640",
                      pw->pw_name, pw->pw_name);
            return diag_at(d, "%.*s", STR_ARG(c->files.v[i]));
        }
    return 0;
}

int
system_settle(const struct config *c, struct diag *d)
{
    assert(c->state_dir.len && c->spool_dir.len && c->reports_dir.len);
    if (geteuid() != 0)
        return diag_fail(d, DIAG_USAGE,
                         "--system makes an account and its folders: that is for root to do");
    const struct passwd *pw = make_account();
    if (!pw)
        return diag_fail(
            d, DIAG_CONFIG,
            "the account %s could not be made: neither systemd-sysusers nor useradd did it; "
            "make it, and repeat this",
            SYSTEM_ACCOUNT);
    return make_folders(c, pw, d) == 0 ? become(pw, c, d) : -1;
}

int
system_become_owner(const struct config *c, struct str *ret_name, struct diag *d)
{
    struct stat st;
    *ret_name = STR("");
    if (geteuid() != 0 || stat(c->state_dir.s, &st) != 0 || st.st_uid == 0)
        return 0;
    const struct passwd *pw = getpwuid(st.st_uid);
    if (!pw) {
        diag_fail(d, DIAG_CONFIG, "the folder belongs to uid %u, which is no account",
                  (unsigned)st.st_uid);
        return diag_at(d, "%.*s", STR_ARG(c->state_dir));
    }
    *ret_name = arena_str(d->arena, str_c(pw->pw_name));
    return become(pw, c, d);
}
