/* Files of the portal into their folder; portal.c and portal_site.c put them. */
#include "job/portal_place.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct arena *, arena_free)

#define MARKER ".assay-portal"
#define MARKER_TEXT                                                                                \
    "This folder is kept by assay (setting portal-dir): what is put here by hand is removed.\n"

enum { MODE = 0644, DIR_MODE = 0755, MAX_DEPTH = 8, COPY = 1 << 16 };

struct entry {
    struct str path;
    struct sha256_digest sha256;
    ino_t inode; /* of what stands at its place or beside it */
    dev_t device;
    bool is_fresh; /* waits beside its place */
};

struct portal_place {
    struct arena *a;
    struct str dir;
    bool dry, is_done;
    int lock;
    VEC(struct entry) files;
    struct map *at;      /* path -> position */
    struct map *folders; /* made or seen */
    int64_t n_written, n_removed;
};

/* ---- the folder ---- */

static int
check_empty(const char *dir, struct diag *d)
{
    AUTO(closedir_auto) DIR *h = opendir(dir);
    for (struct dirent *e = h ? readdir(h) : NULL; e; e = readdir(h)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        diag_fail(d, DIAG_CONFIG,
                  "portal-dir: the folder is no portal and holds %s: name an empty one", e->d_name);
        return diag_at(d, "%s", dir);
    }
    return 0;
}

int
portal_place_open(const char *dir, bool dry, struct arena *a, struct portal_place **ret,
                  struct diag *d)
{
    struct str marker = file_join(a, dir, MARKER);
    struct portal_place *p = ARENA_NEW(a, struct portal_place);
    *p = (struct portal_place){.a = a,
                               .dir = str_c(dir),
                               .dry = dry,
                               .lock = -1,
                               .at = map_new(a),
                               .folders = map_new(a)};
    if (!file_exists(marker.s) && check_empty(dir, d) != 0)
        return -1;
    if (!dry && !file_exists(marker.s) &&
        (file_mkdirs(dir, DIR_MODE, d) != 0 ||
         file_write_atomic(marker.s, STR(MARKER_TEXT), MODE, d) != 0))
        return -1;
    if (!dry) {
        p->lock = open(marker.s, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (p->lock < 0 || flock(p->lock, LOCK_EX | LOCK_NB) != 0) {
            bool is_busy = p->lock >= 0 && errno == EWOULDBLOCK;
            diag_fail(d, is_busy ? DIAG_BUSY : DIAG_CANNOT_WRITE, "%s",
                      is_busy ? "another process makes the portal" : strerror(errno));
            portal_place_close(p);
            return diag_at(d, "%s", marker.s);
        }
    }
    *ret = p;
    return 0;
}

static struct str
full(const struct portal_place *p, struct str path, struct arena *a)
{
    assert(path.len && path.s[0] != '/');
    return file_join(a, p->dir.s, path.s);
}

/* Beside its place, under a name that no page has. */
static struct str
beside(const struct portal_place *p, struct str path, struct arena *a)
{
    struct str name = file_base_name(path);
    return arena_fmt(a, "%.*s/%.*s.%.*s.new", STR_ARG(p->dir), (int)(path.len - name.len), path.s,
                     STR_ARG(name));
}

void
portal_place_close(struct portal_place *p)
{
    if (!p)
        return;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    for (size_t i = 0; i < p->files.n && !p->is_done; i++)
        if (p->files.v[i].is_fresh)
            unlink(beside(p, p->files.v[i].path, a).s);
    if (p->lock >= 0)
        close(p->lock);
    p->lock = -1;
}

/* All folders of a path, whatever the umask: a web server has to go through them. */
static int
make_folder(struct portal_place *p, struct str path, struct diag *d)
{
    for (size_t i = 0; i < path.len; i++) {
        struct str folder = str_n(path.s, i);
        if (path.s[i] != '/' || map_get_index(p->folders, folder) >= 0)
            continue;
        folder = arena_str(p->a, folder);
        const char *at = file_join(p->a, p->dir.s, folder.s).s;
        map_put_index(p->folders, folder, 0);
        if ((mkdir(at, DIR_MODE) != 0 && errno != EEXIST) || chmod(at, DIR_MODE) != 0) {
            diag_fail(d, DIAG_CANNOT_WRITE, "cannot be made: %s", strerror(errno));
            return diag_at(d, "%s", at);
        }
    }
    return 0;
}

/* ---- putting ---- */

static struct entry *
add_entry(struct portal_place *p, struct str path, const struct sha256_digest *sha256)
{
    struct str copy = arena_str(p->a, path);
    assert(map_get_index(p->at, path) < 0); /* paths are made of hashes and of fixed words */
    map_put_index(p->at, copy, p->files.n);
    struct entry *e = VEC_PUSH_SOLE(p->a, &p->files);
    *e = (struct entry){.path = copy, .sha256 = *sha256};
    return e;
}

/* Whether a regular file with these bytes and rights stands there. */
static bool
is_same(const char *path, struct str bytes, struct stat *ret)
{
    char block[COPY];
    size_t at = 0;
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, ret) != 0 || !S_ISREG(ret->st_mode) ||
        (size_t)ret->st_size != bytes.len || (ret->st_mode & 07777) != MODE)
        return false;
    while (at < bytes.len) {
        ssize_t n = read(fd, block, sizeof block);
        if (n <= 0 || (size_t)n > bytes.len - at || memcmp(block, bytes.s + at, (size_t)n) != 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

/* A new file beside its place; what a killed process left there is taken away. -1 = no, with errno. */
static int
open_beside(const char *path)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, MODE);
    if (fd >= 0 && fchmod(fd, MODE) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int
cannot_write(const char *path, struct diag *d)
{
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
    return diag_at(d, "%s", path);
}

int
portal_place_put(struct portal_place *p, struct str path, struct str bytes, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest sha256 = sha256_of(bytes);
    struct entry *e = add_entry(p, path, &sha256);
    struct stat st = {0};
    bool same = is_same(full(p, path, a).s, bytes, &st);
    e->inode = st.st_ino;
    e->device = st.st_dev;
    if (same)
        return 0;
    p->n_written++;
    if (p->dry)
        return 0;
    if (make_folder(p, path, d) != 0)
        return -1;
    const char *fresh = beside(p, path, a).s;
    AUTO_FD fd = open_beside(fresh);
    e->is_fresh = fd >= 0;
    if (fd < 0 || file_write_all(fd, bytes) != 0 || fstat(fd, &st) != 0)
        return cannot_write(fresh, d);
    e->inode = st.st_ino;
    e->device = st.st_dev;
    return 0;
}

/* One file with two names takes its room once; where the system has none, the second is a copy. */
int
portal_place_link(struct portal_place *p, struct str path, struct str of, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    long at = map_get_index(p->at, of);
    assert(at >= 0);
    const struct entry one = p->files.v[at];
    struct entry *e = add_entry(p, path, &one.sha256);
    struct stat st;
    struct str to = full(p, path, a), fresh = beside(p, path, a), bytes;
    struct str from = one.is_fresh ? beside(p, of, a) : full(p, of, a);
    if (!one.is_fresh && lstat(to.s, &st) == 0 && st.st_ino == one.inode &&
        st.st_dev == one.device)
        return 0;
    p->n_written++;
    if (p->dry)
        return 0;
    if (make_folder(p, path, d) != 0)
        return -1;
    unlink(fresh.s);
    e->is_fresh = link(from.s, fresh.s) == 0;
    if (e->is_fresh)
        return 0;
    AUTO_FD fd = open_beside(fresh.s);
    e->is_fresh = fd >= 0;
    if (fd < 0)
        return cannot_write(fresh.s, d);
    if (file_slurp(from.s, (size_t)1 << 32, a, &bytes, d) != 0)
        return -1;
    return file_write_all(fd, bytes) == 0 ? 0 : cannot_write(fresh.s, d);
}

static int
copy_bytes(int from, int to)
{
    char block[COPY];
    ssize_t n;
    while ((n = read(from, block, sizeof block)) != 0)
        if (n < 0 || file_write_all(to, str_n(block, (size_t)n)) != 0)
            return -1;
    return 0;
}

/* A copy has the time of what it is one of, by which it is known again. */
int
portal_place_copy(struct portal_place *p, struct str path, const char *from,
                  const struct sha256_digest *sha256, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct entry *e = add_entry(p, path, sha256);
    struct stat is, was;
    struct str to = full(p, path, a), fresh = beside(p, path, a);
    AUTO_FD in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (in < 0 || fstat(in, &is) != 0 || !S_ISREG(is.st_mode)) {
        diag_fail(d, DIAG_IO, "cannot be read as a file");
        return diag_at(d, "%s", from);
    }
    bool is_there = lstat(to.s, &was) == 0 && S_ISREG(was.st_mode);
    e->inode = is_there ? was.st_ino : 0;
    e->device = is_there ? was.st_dev : 0;
    if (is_there && was.st_size == is.st_size && was.st_mtim.tv_sec == is.st_mtim.tv_sec &&
        was.st_mtim.tv_nsec == is.st_mtim.tv_nsec)
        return 0;
    p->n_written++;
    if (p->dry)
        return 0;
    if (make_folder(p, path, d) != 0)
        return -1;
    AUTO_FD out = open_beside(fresh.s);
    const struct timespec times[2] = {is.st_mtim, is.st_mtim};
    e->is_fresh = out >= 0;
    if (out < 0 || copy_bytes(in, out) != 0 || futimens(out, times) != 0 || fstat(out, &is) != 0)
        return cannot_write(fresh.s, d);
    e->inode = is.st_ino;
    e->device = is.st_dev;
    return 0;
}

bool
portal_place_keep(struct portal_place *p, struct str path)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest sha256;
    int64_t size;
    if (sha256_of_file(full(p, path, a).s, &size, &sha256) != 0)
        return false;
    add_entry(p, path, &sha256);
    return true;
}

/* ---- sums ---- */

static int
by_path(const void *a, const void *b)
{
    const struct entry *const *x = a, *const *y = b;
    return str_cmp((*x)->path, (*y)->path);
}

struct str
portal_place_sums(const struct portal_place *p, struct str folder, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct entry **v = ARENA_ARRAY(a, const struct entry *, p->files.n + 1);
    size_t n = 0, skip = folder.len + 1;
    for (size_t i = 0; i < p->files.n; i++) {
        struct str path = p->files.v[i].path;
        if (path.len > skip && memcmp(path.s, folder.s, folder.len) == 0 && path.s[folder.len] == '/')
            v[n++] = &p->files.v[i];
    }
    qsort(v, n, sizeof *v, by_path);
    for (size_t i = 0; i < n; i++) {
        buf_hex(&out, v[i]->sha256.b, SHA256_SIZE);
        buf_puts(&out, "  ");
        buf_add(&out, v[i]->path.s + skip, v[i]->path.len - skip);
        buf_putc(&out, '\n');
    }
    return buf_give(&out, a);
}

/* ---- the end ---- */

/* What is below a folder and was not put goes; *ret_empty: nothing is left in it. */
static int
remove_strangers(struct portal_place *p, struct str folder, int depth, bool *ret_empty,
                 struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO(closedir_auto) DIR *h = opendir(full(p, folder, a).s);
    *ret_empty = true;
    for (struct dirent *e = h ? readdir(h) : NULL; e; e = readdir(h)) {
        struct stat st;
        bool is_left = false;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        struct str path = arena_fmt(a, "%.*s/%s", STR_ARG(folder), e->d_name), at = full(p, path, a);
        if (map_get_index(p->at, path) >= 0 || lstat(at.s, &st) != 0) {
            *ret_empty = false;
            continue;
        }
        if (S_ISDIR(st.st_mode) && depth < MAX_DEPTH) {
            bool is_empty;
            if (remove_strangers(p, path, depth + 1, &is_empty, d) != 0)
                return -1;
            is_left = !is_empty || (!p->dry && rmdir(at.s) != 0);
        } else {
            p->n_removed++;
            if (!p->dry && unlink(at.s) != 0)
                return cannot_write(at.s, d);
        }
        *ret_empty = *ret_empty && !is_left;
    }
    return 0;
}

int
portal_place_commit(struct portal_place *p, struct diag *d)
{
    bool is_empty;
    for (size_t i = 0; i < p->files.n; i++) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct entry *e = &p->files.v[i];
        if (!e->is_fresh)
            continue;
        struct str fresh = beside(p, e->path, a), to = full(p, e->path, a);
        if (rename(fresh.s, to.s) != 0)
            return cannot_write(to.s, d);
        unlink(fresh.s); /* two names of one file are not renamed into each other */
        e->is_fresh = false;
    }
    p->is_done = true;
    if (remove_strangers(p, STR("fleet"), 0, &is_empty, d) != 0)
        return -1;
    return remove_strangers(p, STR("groups"), 0, &is_empty, d);
}

void
portal_place_counts(const struct portal_place *p, int64_t *ret_files, int64_t *ret_written,
                    int64_t *ret_removed)
{
    *ret_files = (int64_t)p->files.n;
    *ret_written = p->n_written;
    *ret_removed = p->n_removed;
}
