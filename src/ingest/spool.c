/* Files of the spool from arrival to done/ or rejected/; job/ingest.c drives it. It knows nothing
 * of what is in the files. Every step is one rename, so that a kill at any moment leaves a file in
 * exactly one place. */
#include "ingest/spool.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"

AUTO_DEFINE(DIR *, closedir)

struct waiting {
    char *name;
    int64_t size, mtime_ns;
};

struct spool {
    struct arena *arena;
    struct spool_options o;
    const char *work, *done, *rejected;
    const char *claim; /* work/<id>, ours */
    int lock_fd;       /* of claim/.lock, held while we live */
    VEC(struct waiting) list;
    size_t next; /* first of list not yet claimed */
};

static int
fail_at(struct diag *d, enum diag_code code, const char *path, const char *what)
{
    diag_fail(d, code, "%s: %s", what, strerror(errno));
    return diag_at(d, "%s", path);
}

static const char *
join(struct arena *a, const char *dir, const char *name)
{
    return file_join(a, dir, name).s;
}

/* Names that transports use while they write, and our own companions. */
static bool
is_left_alone(const char *name)
{
    static const char *const tails[] = {".tmp", ".part", ".reason", ".p7s", ".filepart"};
    struct str s = str_c(name);
    if (name[0] == '.')
        return true;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        if (str_ends(s, tails[i]))
            return true;
    return false;
}

static const char *
signature_of(struct arena *a, const char *path)
{
    return arena_fmt(a, "%s.p7s", path).s;
}

/* A path for name below dir that is free, and its signature's if wanted: name, name.1, name.2 … */
static const char *
free_path(struct arena *a, const char *dir, const char *name, bool with_signature)
{
    const char *path = join(a, dir, name);
    for (int i = 1; file_exists(path) || (with_signature && file_exists(signature_of(a, path)));
         i++)
        path = arena_fmt(a, "%s/%s.%d", dir, name, i).s;
    return path;
}

static int
move(struct spool *s, const char *from, const char *dir, const char *name, struct diag *d)
{
    const char *to = free_path(s->arena, dir, name, false);
    if (rename(from, to) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, to, "cannot move the file here");
    return 0;
}

/* The signature beside a file goes where the file goes; without one there is nothing to do. */
static int
move_signature(struct spool *s, const char *from, const char *to, struct diag *d)
{
    struct stat st;
    const char *is = signature_of(s->arena, from), *will_be = signature_of(s->arena, to);
    if (lstat(is, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    if (rename(is, will_be) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, will_be, "cannot move the signature here");
    return 0;
}

/* Out of a claim, for good: the file first. Killed in between, it is settled without a signature
 * beside it, and is never judged again without one. */
static int
settle(struct spool *s, const char *from, const char *to, struct diag *d)
{
    if (rename(from, to) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, to, "cannot move the file here");
    return move_signature(s, from, to, d);
}

/* Back to where another run takes it: the signature first, so that no run sees the file alone. One
 * that a killed run had left in the spool finds its file again. */
static int
give_back(struct spool *s, const char *from, const char *name, struct diag *d)
{
    bool is_signed = file_exists(signature_of(s->arena, from));
    const char *to = free_path(s->arena, s->o.dir, name, is_signed);
    if (move_signature(s, from, to, d) != 0)
        return -1;
    if (rename(from, to) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, to, "cannot move the file here");
    return 0;
}

/* ---- claims of the dead ---- */

/* The lock of a claim's folder when its process is gone, else -1. */
static int
lock_of_the_dead(struct arena *a, const char *claim)
{
    int fd = open(join(a, claim, ".lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Files with their signatures, or signatures whose file was settled before the run died. */
static int
take_back_some(struct spool *s, DIR *dir, const char *claim, bool signatures, struct diag *d)
{
    rewinddir(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        const char *from = join(s->arena, claim, e->d_name);
        if (e->d_name[0] == '.' || str_ends(str_c(e->d_name), ".p7s") != signatures ||
            !file_exists(from))
            continue;
        if ((signatures ? move(s, from, s->o.dir, e->d_name, d)
                        : give_back(s, from, e->d_name, d)) != 0)
            return -1;
    }
    return 0;
}

static int
take_back(struct spool *s, const char *claim, struct diag *d)
{
    AUTO_FD lock = lock_of_the_dead(s->arena, claim);
    if (lock < 0)
        return 0;
    AUTO(closedir_auto) DIR *dir = opendir(claim);
    if (!dir)
        return 0; /* another run was faster */
    if (take_back_some(s, dir, claim, false, d) != 0 || take_back_some(s, dir, claim, true, d) != 0)
        return -1;
    unlink(join(s->arena, claim, ".lock"));
    rmdir(claim);
    return 0;
}

static int
take_back_all(struct spool *s, struct diag *d)
{
    AUTO(closedir_auto) DIR *dir = opendir(s->work);
    if (!dir)
        return fail_at(d, DIAG_IO, s->work, "cannot list");
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.' && take_back(s, join(s->arena, s->work, e->d_name), d) != 0)
            return -1;
    return 0;
}

static int
make_claim(struct spool *s, struct diag *d)
{
    struct str name = arena_fmt(s->arena, "%s-%ld-%08llx", env_host(), (long)getpid(),
                                (unsigned long long)(env_random_id() & 0xffffffffu));
    s->claim = join(s->arena, s->work, name.s);
    /* Made under a dot name, so that no other run sees it before it is locked. */
    const char *hidden = arena_fmt(s->arena, "%s/.%s", s->work, name.s).s;
    if (mkdir(hidden, 0700) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, hidden, "cannot make the claim");
    s->lock_fd = open(join(s->arena, hidden, ".lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock_fd < 0 || flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0 ||
        rename(hidden, s->claim) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, s->claim, "cannot lock the claim");
    return 0;
}

/* ---- listing ---- */

static int
by_age(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;
    if (x->mtime_ns != y->mtime_ns)
        return x->mtime_ns < y->mtime_ns ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void
list_one(struct spool *s, int dir_fd, const char *name, int64_t now)
{
    struct stat st;
    if (is_left_alone(name) || fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (!S_ISREG(st.st_mode) || now - (int64_t)st.st_mtime < s->o.settle_s)
        return;
    *VEC_PUSH(s->arena, &s->list) =
        (struct waiting){.name = arena_strdup(s->arena, name),
                         .size = st.st_size,
                         .mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
}

static int
list_all(struct spool *s, struct diag *d)
{
    AUTO(closedir_auto) DIR *dir = opendir(s->o.dir);
    if (!dir)
        return fail_at(d, DIAG_IO, s->o.dir, "cannot list the spool");
    int64_t now = env_wall_us() / 1000000;
    for (struct dirent *e; (e = readdir(dir));)
        list_one(s, dirfd(dir), e->d_name, now);
    if (s->list.n)
        qsort(s->list.v, s->list.n, sizeof *s->list.v, by_age);
    return 0;
}

static int
make_folders(struct spool *s, struct diag *d)
{
    s->work = join(s->arena, s->o.dir, "work");
    s->done = join(s->arena, s->o.dir, "done");
    s->rejected = join(s->arena, s->o.dir, "rejected");
    if (file_mkdirs(s->o.dir, 0770, d) != 0 || file_mkdirs(s->work, 0700, d) != 0 ||
        file_mkdirs(s->rejected, 0770, d) != 0)
        return -1;
    return s->o.delete_done ? 0 : file_mkdirs(s->done, 0770, d);
}

int
spool_open(const struct spool_options *o, struct arena *a, struct spool **ret, struct diag *d)
{
    assert(o->dir);
    struct spool *s = ARENA_NEW(a, struct spool);
    *s = (struct spool){.arena = a, .o = *o, .lock_fd = -1};
    if (make_folders(s, d) != 0 || take_back_all(s, d) != 0 || make_claim(s, d) != 0 ||
        list_all(s, d) != 0) {
        spool_close(s);
        return -1;
    }
    *ret = s;
    return 0;
}

size_t
spool_waiting(struct spool *s)
{
    return s->list.n - s->next;
}

int
spool_claim(struct spool *s, size_t max, int64_t max_bytes, struct spool_file **ret, size_t *ret_n,
            struct diag *d)
{
    struct spool_file *files = ARENA_ARRAY(s->arena, struct spool_file, max);
    size_t n = 0;
    int64_t bytes = 0;
    while (n < max && s->next < s->list.n) {
        const struct waiting *w = &s->list.v[s->next];
        if (n && bytes + w->size > max_bytes)
            break;
        s->next++;
        const char *from = join(s->arena, s->o.dir, w->name);
        const char *to = join(s->arena, s->claim, w->name);
        if (rename(from, to) != 0) {
            if (errno == ENOENT)
                continue; /* another run was faster */
            return fail_at(d, DIAG_CANNOT_WRITE, to, "cannot claim the file");
        }
        if (move_signature(s, from, to, d) != 0)
            return -1;
        bytes += w->size;
        files[n++] = (struct spool_file){.name = str_c(w->name),
                                         .path = str_c(to),
                                         .size = w->size,
                                         .mtime = w->mtime_ns / 1000000000};
    }
    *ret = files;
    *ret_n = n;
    return 0;
}

int
spool_done(struct spool *s, const struct spool_file *f, struct diag *d)
{
    if (!s->o.delete_done)
        return settle(s, f->path.s, free_path(s->arena, s->done, f->name.s, true), d);
    if (unlink(f->path.s) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, f->path.s, "cannot remove");
    const char *signature = signature_of(s->arena, f->path.s);
    if (unlink(signature) != 0 && errno != ENOENT)
        return fail_at(d, DIAG_CANNOT_WRITE, signature, "cannot remove");
    return 0;
}

/* The reason is written first: a kill in between leaves a file that will be judged again. */
int
spool_reject(struct spool *s, const struct spool_file *f, struct str reason, struct diag *d)
{
    const char *to = free_path(s->arena, s->rejected, f->name.s, true);
    struct str text = arena_fmt(s->arena, "%.*s\n", STR_ARG(reason));
    if (file_write_atomic(arena_fmt(s->arena, "%s.reason", to).s, text, 0640, d) != 0)
        return -1;
    return settle(s, f->path.s, to, d);
}

int
spool_release(struct spool *s, const struct spool_file *f, struct diag *d)
{
    return give_back(s, f->path.s, f->name.s, d);
}

void
spool_close(struct spool *s)
{
    if (!s || s->lock_fd < 0)
        return;
    unlink(join(s->arena, s->claim, ".lock"));
    rmdir(s->claim); /* stays when a file is still in it: the next run takes it back */
    close(s->lock_fd);
    s->lock_fd = -1;
}
