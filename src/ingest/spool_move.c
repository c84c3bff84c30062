/* The renames of spool.c. Two runs, or a run and a sender, may want the same name at the same time:
 * whoever is second takes another one. */
#include "ingest/spool_move.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"

enum { COUNTED = 9, TRIES = 100 };

/* NFS and others know no RENAME_NOREPLACE; a second name, then one less, does the same. Killed in
 * between, the file has both: its bytes are known when it is met again. */
static int
move_by_link(const char *from, const char *to)
{
    if (link(from, to) == 0)
        return unlink(from);
    if (errno == EEXIST)
        return -1;
    if (file_exists(to)) { /* no links here (FAT, some shares): what is left is to look first */
        errno = EEXIST;
        return -1;
    }
    return rename(from, to);
}

bool
spool_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 || errno != ENOENT;
}

int
spool_move_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    return errno == EINVAL || errno == ENOSYS ? move_by_link(from, to) : -1;
}

static const char *
signature_of(struct arena *a, const char *path)
{
    return arena_fmt(a, "%s.p7s", path).s;
}

static bool
is_signed(struct arena *a, const char *path)
{
    struct stat st;
    return lstat(signature_of(a, path), &st) == 0 && S_ISREG(st.st_mode);
}

static int
fail_to(struct diag *d, const char *to, const char *what)
{
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot move the %s here: %s", what, strerror(errno));
    return diag_at(d, "%s", to);
}

int
spool_move_signature(const char *from, const char *to, struct arena *a, struct diag *d)
{
    if (!is_signed(a, from))
        return 0;
    const char *target = signature_of(a, to);
    return rename(signature_of(a, from), target) == 0 ? 0 : fail_to(d, target, "signature");
}

/* The nth name to try: name, name.1 … name.9, then name.<random>. */
static const char *
candidate(struct arena *a, const char *dir, const char *name, int n)
{
    if (n == 0)
        return file_join(a, dir, name).s;
    if (n <= COUNTED)
        return arena_fmt(a, "%s/%s.%d", dir, name, n).s;
    return arena_fmt(a, "%s/%s.%08llx", dir, name,
                     (unsigned long long)(env_random_id() & 0xffffffffu))
        .s;
}

/* Writes the reason; its name is taken by that, too. -1 with errno. */
static int
write_reason(const char *path, struct str reason)
{
    AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0)
        return -1;
    if (write(fd, reason.s, reason.len) == (ssize_t)reason.len && fsync(fd) == 0)
        return 0;
    int why = errno;
    unlink(path);
    errno = why;
    return -1;
}

/* One try; -1 with errno. */
static int
out_to(const char *from, const char *to, struct str reason, struct arena *a)
{
    const char *beside = arena_fmt(a, "%s.reason", to).s;
    errno = EEXIST;
    if (file_exists(signature_of(a, to))) /* one left behind is of another file */
        return -1;
    if (reason.len && write_reason(beside, reason) != 0)
        return -1;
    if (spool_move_new(from, to) == 0)
        return 0;
    int why = errno;
    if (reason.len)
        unlink(beside);
    errno = why;
    return -1;
}

int
spool_move_out(const char *from, const char *dir, const char *name, struct str reason,
               struct arena *a, struct diag *d)
{
    struct str line = reason.len ? arena_fmt(a, "%.*s\n", STR_ARG(reason)) : STR("");
    for (int n = 0;; n++) {
        const char *to = candidate(a, dir, name, n);
        if (out_to(from, to, line, a) == 0)
            return spool_move_signature(from, to, a, d);
        if (errno == ENOENT && !spool_exists(from))
            return 0;
        if (errno != EEXIST || n == TRIES)
            return fail_to(d, to, "file");
    }
}

/* One try; -1 with errno. */
static int
back_to(const char *from, const char *to, bool with_signature, struct arena *a)
{
    const char *mine = signature_of(a, from), *there = signature_of(a, to);
    if (with_signature && spool_move_new(mine, there) != 0)
        return -1;
    if (spool_move_new(from, to) == 0)
        return 0;
    int why = errno;
    if (with_signature)
        rename(there, mine);
    errno = why;
    return -1;
}

int
spool_move_back(const char *from, const char *dir, const char *name, struct arena *a,
                struct diag *d)
{
    bool with_signature = is_signed(a, from);
    for (int n = 0;; n++) {
        const char *to = candidate(a, dir, name, n);
        if (back_to(from, to, with_signature, a) == 0)
            return 0;
        if (errno != EEXIST || n == TRIES)
            return fail_to(d, to, "file");
    }
}
