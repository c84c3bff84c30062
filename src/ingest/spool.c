/* Files of the spool from arrival to done/ or rejected/; intake/ingest.c drives it. It knows nothing
 * of what is in the files. Every step is one rename (spool_move.c), so that a kill at any moment
 * leaves a file in exactly one place. */
#include "ingest/spool.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "ingest/spool_move.h"

AUTO_DEFINE(DIR *, closedir)

/* Neither a link nor a pipe can lead or stop us. */
enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY, GATHER_MS = 100 };

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
    int watch_fd;      /* inotify, or -1 */
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

/* ---- claims of the dead ---- */

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
        if (spool_move_back(from, s->o.dir, e->d_name, s->arena, d) != 0)
            return -1;
    }
    return 0;
}

static int
take_back(struct spool *s, const char *claim, struct diag *d)
{
    AUTO_FD lock = open(join(s->arena, claim, ".lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0)
        return 0; /* its process lives */
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

/* True when some process has the file open for writing. The kernel grants a lease for reading only
 * when none has; it tells the owner of the file and root, and not on every file system. Should a
 * writer come in that moment, the signal is one that nobody minds. */
static bool
is_written(int fd)
{
    fcntl(fd, F_SETSIG, SIGURG);
    if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(fd, F_SETLEASE, F_UNLCK);
        return false;
    }
    return errno == EAGAIN;
}

static bool
is_ready(const struct spool *s, int dir_fd, const char *name, const struct stat *st, int64_t now)
{
    /* Seconds since the file or its name changed, by the clock that changed them. A time to come
     * says that a clock was set: then it says nothing. */
    int64_t changed =
        st->st_ctime > st->st_mtime || st->st_mtime > now ? st->st_ctime : st->st_mtime;
    int64_t age = changed > now ? INT32_MAX : now - changed;
    if (age < s->o.settle_s)
        return false;
    if (!S_ISREG(st->st_mode))
        return true;
    AUTO_FD fd = openat(dir_fd, name, OPEN_FLAGS);
    return fd < 0 || !is_written(fd);
}

static void
list_one(struct spool *s, int dir_fd, const char *name, int64_t now)
{
    struct stat st;
    if (is_left_alone(name) || fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (S_ISDIR(st.st_mode) || !is_ready(s, dir_fd, name, &st, now))
        return;
    *VEC_PUSH(s->arena, &s->list) =
        (struct waiting){.name = arena_strdup(s->arena, name),
                         .size = S_ISREG(st.st_mode) ? st.st_size : 0,
                         .mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
}

int
spool_list(struct spool *s, struct diag *d)
{
    assert(s->next == s->list.n);
    AUTO(closedir_auto) DIR *dir = opendir(s->o.dir);
    if (!dir)
        return fail_at(d, DIAG_IO, s->o.dir, "cannot list the spool");
    int64_t now = env_wall_us() / 1000000;
    s->list.n = s->next = 0;
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

/* ---- watching ---- */

/* Begun before the first listing, so that nothing arrives unseen between the two. */
static int
begin_watch(struct spool *s, struct diag *d)
{
    if (!s->o.watch)
        return 0;
    s->watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (s->watch_fd < 0 ||
        inotify_add_watch(s->watch_fd, s->o.dir, IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) < 0)
        return fail_at(d, DIAG_IO, s->o.dir, "cannot watch the spool");
    return 0;
}

int
spool_wait(struct spool *s, int ms, struct diag *d)
{
    struct pollfd p = {.fd = s->watch_fd, .events = POLLIN};
    struct timespec moment = {.tv_nsec = GATHER_MS * 1000000};
    assert(s->o.watch);
    int n = poll(&p, 1, ms);
    if (n < 0 && errno != EINTR)
        return fail_at(d, DIAG_IO, s->o.dir, "cannot watch the spool");
    if (n <= 0)
        return 0;
    nanosleep(&moment, NULL);
    /* drained: the caller looks at the folder itself, whatever they say */
    char events[4096];
    while (read(s->watch_fd, events, sizeof events) > 0)
        ;
    return 0;
}

/* ---- the door ---- */

int
spool_open(const struct spool_options *o, struct arena *a, struct spool **ret, struct diag *d)
{
    assert(o->dir);
    struct spool *s = ARENA_NEW(a, struct spool);
    *s = (struct spool){.arena = a, .o = *o, .lock_fd = -1, .watch_fd = -1};
    if (make_folders(s, d) != 0 || begin_watch(s, d) != 0 || take_back_all(s, d) != 0 ||
        make_claim(s, d) != 0 || spool_list(s, d) != 0) {
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

/* Opens what was claimed: nobody but us can put something else in its place now. */
static void
open_claimed(struct spool_file *f)
{
    struct stat st;
    f->fd = open(f->path.s, OPEN_FLAGS);
    if (f->fd < 0) {
        f->why = errno == ELOOP ? "a symbolic link, which is never followed" : strerror(errno);
        return;
    }
    if (fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode))
        return;
    close(f->fd);
    f->fd = -1;
    f->why = "not a regular file";
}

/* Another run took the claim for that of a dead one. Its files are in the spool again or with that
 * run, none is lost; but here nothing can be claimed any more. */
static int
claim_is_gone(const struct spool *s, struct diag *d)
{
    diag_fail(d, DIAG_CANNOT_WRITE,
              "another run has taken this one's files: locks of one host are not seen by another "
              "(NFS mounted with nolock or local_lock?), or somebody removed the folder");
    return diag_at(d, "%s", s->claim);
}

/* One waiting file into the claim: 1 = ours, 0 = not now, -1 = failed. */
static int
claim_one(struct spool *s, const struct waiting *w, struct spool_file *ret, struct diag *d)
{
    const char *from = join(s->arena, s->o.dir, w->name);
    const char *to = join(s->arena, s->claim, w->name);
    if (spool_move_new(from, to) != 0) {
        int why = errno;
        if (why == ENOENT && !file_exists(s->claim))
            return claim_is_gone(s, d);
        /* Another run was faster; or the same name came again while the first is being read. */
        if (why == ENOENT || why == EEXIST)
            return 0;
        errno = why;
        return fail_at(d, DIAG_CANNOT_WRITE, to, "cannot claim the file");
    }
    if (spool_move_signature(from, to, s->arena, d) != 0)
        return -1;
    *ret = (struct spool_file){.name = str_c(w->name),
                               .path = str_c(to),
                               .size = w->size,
                               .mtime = w->mtime_ns / 1000000000};
    open_claimed(ret);
    if (ret->fd < 0 && !spool_exists(to)) /* taken back by another run */
        return 0;
    if (ret->fd < 0 || !is_written(ret->fd))
        return 1;
    close(ret->fd);
    return spool_release(s, ret, d);
}

int
spool_claim(struct spool *s, size_t max, int64_t max_bytes, struct spool_file **ret, size_t *ret_n,
            struct diag *d)
{
    struct spool_file *files = ARENA_ARRAY(s->arena, struct spool_file, max);
    size_t n = 0;
    int64_t bytes = 0;
    int rc = 0;
    while (rc >= 0 && n < max && s->next < s->list.n) {
        const struct waiting *w = &s->list.v[s->next];
        if (n && bytes + w->size > max_bytes)
            break;
        s->next++;
        rc = claim_one(s, w, &files[n], d);
        if (rc > 0) {
            bytes += w->size;
            n++;
        }
    }
    for (size_t i = 0; rc < 0 && i < n; i++)
        close(files[i].fd); /* the files go back with the claim */
    *ret = files;
    *ret_n = rc < 0 ? 0 : n;
    return rc < 0 ? -1 : 0;
}

int
spool_done(struct spool *s, const struct spool_file *f, struct diag *d)
{
    if (!s->o.delete_done)
        return spool_move_out(f->path.s, s->done, f->name.s, STR(""), s->arena, d);
    if (unlink(f->path.s) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, f->path.s, "cannot remove");
    const char *signature = arena_fmt(s->arena, "%.*s.p7s", STR_ARG(f->path)).s;
    if (unlink(signature) != 0 && errno != ENOENT)
        return fail_at(d, DIAG_CANNOT_WRITE, signature, "cannot remove");
    return 0;
}

int
spool_reject(struct spool *s, const struct spool_file *f, struct str reason, struct diag *d)
{
    assert(reason.len);
    return spool_move_out(f->path.s, s->rejected, f->name.s, reason, s->arena, d);
}

int
spool_release(struct spool *s, const struct spool_file *f, struct diag *d)
{
    return spool_move_back(f->path.s, s->o.dir, f->name.s, s->arena, d);
}

void
spool_close(struct spool *s)
{
    if (!s)
        return;
    if (s->watch_fd >= 0)
        close(s->watch_fd);
    s->watch_fd = -1;
    if (s->lock_fd < 0)
        return;
    unlink(join(s->arena, s->claim, ".lock"));
    rmdir(s->claim); /* stays when a file is still in it: the next run takes it back */
    close(s->lock_fd);
    s->lock_fd = -1;
}
