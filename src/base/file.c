/* Whole files in and out; the spool's renames stand in ingest/spool.c. */
#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"

static int
read_all(int fd, char *to, size_t size, size_t *ret_got)
{
    size_t got = 0;
    while (got < size) {
        ssize_t n = read(fd, to + got, size - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    *ret_got = got;
    return 0;
}

int
file_slurp(const char *path, size_t cap, struct arena *a, struct str *ret, struct diag *d)
{
    assert(path && cap < SIZE_MAX);
    struct stat st;
    /* or a FIFO would wait for a writer, and a terminal become the one of this process */
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) != 0) {
        diag_fail(d, DIAG_IO, "cannot read: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    if (!S_ISREG(st.st_mode)) {
        diag_fail(d, DIAG_IO, "not a regular file");
        return diag_at(d, "%s", path);
    }
    if ((uint64_t)st.st_size > cap) {
        diag_fail(d, DIAG_TOO_BIG, "%lld bytes, at most %zu are read", (long long)st.st_size, cap);
        return diag_at(d, "%s", path);
    }
    size_t got, size = (size_t)st.st_size;
    char *data = arena_alloc(a, size + 1);
    if (read_all(fd, data, size, &got) != 0) {
        diag_fail(d, DIAG_IO, "cannot read: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    data[got] = 0;
    *ret = str_n(data, got);
    return 0;
}

int
file_write_all(int fd, struct str s)
{
    while (s.len) {
        ssize_t n = write(fd, s.s, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        s = str_n(s.s + n, s.len - (size_t)n);
    }
    return 0;
}

static struct str
dir_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return STR(".");
    return arena_str(a, str_n(path, slash == path ? 1 : (size_t)(slash - path)));
}

/* Synced before it is renamed: after a crash there is the old file or the whole new one. */
static int
write_temporary(char *tmp, struct str bytes, unsigned mode, bool is_synced)
{
    AUTO_FD fd = mkostemp(tmp, O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fchmod(fd, mode) != 0 || file_write_all(fd, bytes) != 0 || (is_synced && fsync(fd) != 0)) {
        int keep = errno;
        unlink(tmp);
        errno = keep;
        return -1;
    }
    return 0;
}

static int
replace(const char *path, struct str dir, struct str bytes, unsigned mode, bool is_synced,
        struct diag *d)
{
    char *tmp = (char *)arena_fmt(d->arena, "%s/.assay-XXXXXX", dir.s).s;
    if (write_temporary(tmp, bytes, mode, is_synced) != 0) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    if (rename(tmp, path) != 0) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot rename into place: %s", strerror(errno));
        unlink(tmp);
        return diag_at(d, "%s", path);
    }
    return 0;
}

int
file_write_atomic(const char *path, struct str bytes, unsigned mode, struct diag *d)
{
    assert(path && path[0]);
    struct str dir = dir_of(d->arena, path);
    return replace(path, dir, bytes, mode, true, d) == 0 ? file_sync_dir(dir.s, d) : -1;
}

int
file_replace(const char *path, struct str bytes, unsigned mode, struct diag *d)
{
    assert(path && path[0]);
    return replace(path, dir_of(d->arena, path), bytes, mode, false, d);
}

int
file_mkdirs(const char *path, unsigned mode, struct diag *d)
{
    assert(path && path[0]);
    char *p = arena_strdup(d->arena, path);
    for (char *slash = p + 1; *p && (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        if (mkdir(p, 0755) != 0 && errno != EEXIST)
            break;
        *slash = '/';
    }
    if (mkdir(path, mode) == 0 || errno == EEXIST)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot make the folder: %s", strerror(errno));
    return diag_at(d, "%s", path);
}

bool
file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

struct str
file_join(struct arena *a, const char *dir, const char *name)
{
    size_t n = strlen(dir);
    return arena_fmt(a, "%s%s%s", dir, n && dir[n - 1] == '/' ? "" : "/", name);
}

struct str
file_base_name(struct str path)
{
    const char *slash = path.len ? memrchr(path.s, '/', path.len) : NULL;
    if (!slash)
        return path;
    return str_n(slash + 1, path.len - (size_t)(slash + 1 - path.s));
}

int
file_sync_dir(const char *dir, struct diag *d)
{
    AUTO_FD fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && (fsync(fd) == 0 || errno == EINVAL)) /* some file systems sync no folders */
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot sync the folder: %s", strerror(errno));
    return diag_at(d, "%s", dir);
}

int
file_set_link(const char *dir, const char *name, const char *target, struct diag *d)
{
    struct str link = file_join(d->arena, dir, name);
    struct str fresh = arena_fmt(d->arena, "%s/.%s-%ld", dir, name, (long)getpid());
    unlink(fresh.s); /* of a process that was killed here and had this number */
    if (symlink(target, fresh.s) == 0 && rename(fresh.s, link.s) == 0)
        return file_sync_dir(dir, d);
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot be made a link to %s: %s", target, strerror(errno));
    unlink(fresh.s);
    return diag_at(d, "%.*s", STR_ARG(link));
}
