/* The renames of spool.c. Two runs, or a run and a sender, may want the same name at the same time:
 * whoever is second takes another one. */
#include "ingest/spool_move.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/utf8.h"

enum { COUNTED = 9, TRIES = 100, HASH_DIGITS = 16 };

bool
spool_is_there(const struct spool_folder *dir, const char *name)
{
    struct stat st;
    return fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
           (errno != ENOENT && errno != ENAMETOOLONG);
}

bool
spool_is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* NFS and others know no RENAME_NOREPLACE; a second name, then one less, does the same. Killed in
 * between, the file has both, and what stands at the target is the file itself. */
static int
move_by_link(const struct spool_folder *from, const char *name, const struct spool_folder *to,
             const char *target)
{
    struct stat mine, there;
    if (linkat(from->fd, name, to->fd, target, 0) == 0)
        return unlinkat(from->fd, name, 0);
    if (errno == EEXIST) {
        if (fstatat(from->fd, name, &mine, AT_SYMLINK_NOFOLLOW) == 0 &&
            fstatat(to->fd, target, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
            spool_is_same_file(&mine, &there))
            return unlinkat(from->fd, name, 0);
        errno = EEXIST;
        return -1;
    }
    if (spool_is_there(to,
                       target)) { /* no links here (FAT, some shares): what is left is to look */
        errno = EEXIST;
        return -1;
    }
    return renameat(from->fd, name, to->fd, target);
}

int
spool_move_new(const struct spool_folder *from, const char *name, const struct spool_folder *to,
               const char *target)
{
    if (renameat2(from->fd, name, to->fd, target, RENAME_NOREPLACE) == 0)
        return 0;
    return errno == EINVAL || errno == ENOSYS ? move_by_link(from, name, to, target) : -1;
}

static const char *
signature_of(struct arena *a, const char *name)
{
    return arena_fmt(a, "%s.p7s", name).s;
}

static bool
is_signed(const struct spool_folder *dir, const char *name, struct arena *a)
{
    struct stat st;
    return fstatat(dir->fd, signature_of(a, name), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(st.st_mode);
}

int
spool_move_signature(const struct spool_folder *from, const char *name,
                     const struct spool_folder *to, const char *target, struct arena *a)
{
    if (!is_signed(from, name, a))
        return 0;
    return renameat(from->fd, signature_of(a, name), to->fd, signature_of(a, target));
}

int
spool_move_away(const struct spool_folder *from, const char *name, struct arena *a)
{
    if (unlinkat(from->fd, name, 0) != 0)
        return -1;
    int rc = unlinkat(from->fd, signature_of(a, name), 0);
    return rc == 0 || errno == ENOENT || errno == ENAMETOOLONG ? 0 : -1;
}

/* The name itself when there is room behind it for a number and ".reason"; else its beginning, which
 * keeps the agent of "<agent>@…", and a hash of it. */
static const char *
fit_name(const struct spool_folder *to, const char *name, struct arena *a)
{
    long max = fpathconf(to->fd, _PC_NAME_MAX);
    size_t most = (size_t)(max > 64 ? max : NAME_MAX) - (sizeof ".00000000.reason" - 1);
    struct str whole = str_c(name);
    if (whole.len <= most)
        return name;
    struct sha256_digest hash = sha256_of(whole);
    struct str head = utf8_cut(whole, most - HASH_DIGITS - 1);
    return arena_fmt(a, "%.*s~%.*s", STR_ARG(head), HASH_DIGITS, sha256_hex(a, &hash).s).s;
}

/* The nth name to try: name, name.1 … name.9, then name.<random>. */
static const char *
candidate(struct arena *a, const char *name, int n)
{
    if (n == 0)
        return name;
    if (n <= COUNTED)
        return arena_fmt(a, "%s.%d", name, n).s;
    return arena_fmt(a, "%s.%08llx", name, (unsigned long long)(env_random_id() & 0xffffffffu)).s;
}

/* Writes the reason; its name is taken by that, too. */
static int
write_reason(const struct spool_folder *to, const char *name, struct str reason)
{
    AUTO_FD fd = openat(to->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd < 0)
        return -1;
    if (file_write_all(fd, reason) == 0 && fsync(fd) == 0)
        return 0;
    int why = errno;
    unlinkat(to->fd, name, 0);
    errno = why;
    return -1;
}

/* One try. */
static int
out_to(const struct spool_folder *from, const char *name, const struct spool_folder *to,
       const char *target, struct str reason, struct arena *a)
{
    const char *beside = arena_fmt(a, "%s.reason", target).s;
    if (spool_is_there(to, signature_of(a, target))) { /* one left behind is of another file */
        errno = EEXIST;
        return -1;
    }
    if (reason.len && write_reason(to, beside, reason) != 0)
        return -1;
    if (spool_move_new(from, name, to, target) == 0)
        return 0;
    int why = errno;
    if (reason.len)
        unlinkat(to->fd, beside, 0);
    errno = why;
    return -1;
}

int
spool_move_out(const struct spool_folder *from, const char *name, const struct spool_folder *to,
               struct str reason, struct arena *a)
{
    struct str line = reason.len ? arena_fmt(a, "%.*s\n", STR_ARG(reason)) : STR("");
    const char *wanted = fit_name(to, name, a);
    for (int n = 0;; n++) {
        const char *target = candidate(a, wanted, n);
        if (out_to(from, name, to, target, line, a) == 0)
            return spool_move_signature(from, name, to, target, a);
        if (errno != EEXIST || n == TRIES)
            return -1;
    }
}

/* One try. */
static int
back_to(const struct spool_folder *from, const char *name, const struct spool_folder *to,
        const char *target, bool with_signature, struct arena *a)
{
    const char *mine = signature_of(a, name), *there = signature_of(a, target);
    if (with_signature && spool_move_new(from, mine, to, there) != 0)
        return -1;
    if (spool_move_new(from, name, to, target) == 0)
        return 0;
    int why = errno;
    if (with_signature)
        renameat(to->fd, there, from->fd, mine);
    errno = why;
    return -1;
}

int
spool_move_back(const struct spool_folder *from, const char *name, const struct spool_folder *to,
                struct arena *a)
{
    bool with_signature = is_signed(from, name, a);
    const char *fitting = fit_name(to, name, a);
    for (int n = 0;; n++) {
        const char *target = n ? candidate(a, fitting, n) : name; /* as it was there before */
        if (back_to(from, name, to, target, with_signature, a) == 0)
            return 0;
        if (errno != EEXIST || n == TRIES)
            return -1;
    }
}
