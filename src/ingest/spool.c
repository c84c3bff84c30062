/* Files of the spool from arrival to done/ or rejected/; intake/intake.c drives it. It knows nothing
 * of what is in the files. Every step is one rename between open folders (spool_move.c,
 * spool_folder.c), so that a kill at any moment leaves a file in exactly one place. */
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
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/map.h"
#include "ingest/spool_move.h"

AUTO_DEFINE(DIR *, closedir)

/* Neither a link nor a pipe can lead or stop us. */
enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY, GATHER_MS = 100 };
enum { DAY_S = 86400, LOCK_FLAGS = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW };

struct waiting {
    char *name;
    int64_t size, mtime_ns;
    bool is_fresh;
};

/* A file that ended too early. */
struct early {
    int64_t size, mtime_ns;
    int64_t since; /* it is like this */
};

struct spool {
    struct arena *arena;
    struct spool_options o;
    struct spool_folder root, work, done, rejected;
    struct spool_folder claim; /* work/<id>, ours */
    const char *claim_name;
    int lock_fd;  /* of claim/.lock, held while we live */
    int watch_fd; /* inotify, or -1 */
    VEC(struct waiting) list;
    size_t next; /* first of list not yet claimed */
    VEC(struct spool_left) left;
    size_t n_told;     /* of them */
    struct map *known; /* names in left */
    struct map *early; /* name -> struct early */
};

static int
fail_at(struct diag *d, enum diag_code code, const char *path, const char *what)
{
    diag_fail(d, code, "%s: %s", what, strerror(errno));
    return diag_at(d, "%s", path);
}

/* ---- files that are left ---- */

/* What hinders one file hinders the others, too. */
static bool
is_of_all(int why)
{
    return why == ENOSPC || why == EDQUOT || why == EROFS || why == EIO || why == EMFILE ||
           why == ENFILE || why == ESTALE;
}

static void
leave(struct spool *s, struct str name, const char *what, int why)
{
    struct str kept = arena_str(s->arena, name);
    if (map_get_index(s->known, kept) >= 0)
        return;
    map_put_index(s->known, kept, s->left.n);
    *VEC_PUSH(s->arena, &s->left) = (struct spool_left){
        .name = kept, .why = arena_fmt(s->arena, "%s: %s", what, strerror(why))};
}

/* After a step that failed with errno: -1 when it is the trouble of all files. */
static int
leave_or_fail(struct spool *s, struct str name, const struct spool_folder *at, const char *what,
              struct diag *d)
{
    int why = errno;
    if (!is_of_all(why)) {
        leave(s, name, what, why);
        return 0;
    }
    diag_fail(d, DIAG_CANNOT_WRITE, "%s: %s", what, strerror(why));
    return diag_at(d, "%s/%.*s", at->path, STR_ARG(name));
}

size_t
spool_take_left(struct spool *s, const struct spool_left **ret)
{
    size_t n = s->left.n - s->n_told;
    *ret = s->left.v + s->n_told;
    s->n_told = s->left.n;
    return n;
}

/* ---- who writes ---- */

enum writer { WRITER_NONE, WRITER_SOME, WRITER_UNKNOWN };

/* Whether some process has the file open for writing. The kernel grants a lease for reading only when
 * none has; it tells the owner of the file and root, of this machine's processes, and not on every
 * file system. Should a writer come in that moment, the signal is one that nobody minds. */
static enum writer
find_writer(int fd)
{
    fcntl(fd, F_SETSIG, SIGURG);
    if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(fd, F_SETLEASE, F_UNLCK);
        return WRITER_NONE;
    }
    return errno == EAGAIN ? WRITER_SOME : WRITER_UNKNOWN;
}

static int64_t
mtime_ns(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* True when the file or its name changed less than settle_s ago, by the clock that changed them. A
 * time to come says that a clock was set: then it says nothing. */
static bool
is_young(const struct spool *s, const struct stat *st, int64_t now)
{
    int64_t changed =
        st->st_ctime > st->st_mtime || st->st_mtime > now ? st->st_ctime : st->st_mtime;
    return changed <= now && now - changed < s->o.settle_s;
}

/* The early file that this one still is; NULL = it is none, or has changed. */
static struct early *
find_early(const struct spool *s, const char *name, const struct stat *st)
{
    struct early *e = map_get(s->early, str_c(name));
    return e && e->size == st->st_size && e->mtime_ns == mtime_ns(st) ? e : NULL;
}

/* True when its content changed less than settle_s ago. Being claimed and put back changes the name's
 * time, not this one. */
static bool
is_fresh(const struct spool *s, const char *name, const struct stat *st, int64_t now)
{
    if (s->o.settle_s == 0 || find_early(s, name, st))
        return false; /* listed again, it has rested */
    if (st->st_mtime > now + DAY_S)
        return is_young(s, st, now);
    return now - st->st_mtime < s->o.settle_s;
}

/* ---- claims of the dead ---- */

/* Names that transports use while they write, and our own companions. */
bool
spool_leaves_alone(const char *name)
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

/* A stream of the folder that leaves its handle as it is. */
static DIR *
list_folder(const struct spool_folder *f)
{
    int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir && fd >= 0)
        close(fd);
    return dir;
}

/* Files with their signatures, or signatures whose file was settled before the run died. */
static int
take_back_some(struct spool *s, const struct spool_folder *claim, bool signatures, struct diag *d)
{
    AUTO(closedir_auto) DIR *dir = list_folder(claim);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (e->d_name[0] == '.' || str_ends(str_c(e->d_name), ".p7s") != signatures ||
            !spool_is_there(claim, e->d_name))
            continue;
        if (spool_move_back(claim, e->d_name, &s->root, s->arena) != 0 &&
            leave_or_fail(s, str_c(e->d_name), claim, "cannot be put back", d) != 0)
            return -1;
    }
    return 0;
}

static int
take_back(struct spool *s, const char *name, struct diag *d)
{
    AUTO_FD fd = openat(s->work.fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct spool_folder claim = {.fd = fd,
                                 .path = arena_fmt(s->arena, "%s/%s", s->work.path, name).s};
    if (fd < 0)
        return 0; /* another run was faster */
    AUTO_FD lock = openat(fd, ".lock", LOCK_FLAGS, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0)
        return 0; /* its process lives */
    if (take_back_some(s, &claim, false, d) != 0 || take_back_some(s, &claim, true, d) != 0)
        return -1;
    unlinkat(fd, ".lock", 0);
    unlinkat(s->work.fd, name, AT_REMOVEDIR);
    return 0;
}

static int
take_back_all(struct spool *s, struct diag *d)
{
    AUTO(closedir_auto) DIR *dir = list_folder(&s->work);
    if (!dir)
        return fail_at(d, DIAG_IO, s->work.path, "cannot list");
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.' && take_back(s, e->d_name, d) != 0)
            return -1;
    return 0;
}

static int
make_claim(struct spool *s, struct diag *d)
{
    struct str name = arena_fmt(s->arena, "%s-%ld-%08llx", env_host(), (long)getpid(),
                                (unsigned long long)(env_random_id() & 0xffffffffu));
    /* Made under a dot name, so that no other run sees it before it is locked. */
    const char *hidden = arena_fmt(s->arena, ".%s", name.s).s;
    s->claim.path = arena_fmt(s->arena, "%s/%s", s->work.path, name.s).s;
    s->claim_name = name.s;
    if (mkdirat(s->work.fd, hidden, 0700) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, s->claim.path, "cannot make the claim");
    s->claim.fd = openat(s->work.fd, hidden, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (s->claim.fd >= 0)
        s->lock_fd = openat(s->claim.fd, ".lock", LOCK_FLAGS, 0600);
    if (s->lock_fd < 0 || flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0 ||
        renameat(s->work.fd, hidden, s->work.fd, name.s) != 0)
        return fail_at(d, DIAG_CANNOT_WRITE, s->claim.path, "cannot lock the claim");
    return 0;
}

/* ---- rejected files that went on ---- */

/* True when the file changed after its reason was written, and nobody is at it any more: its sender
 * took longer than settle_s, and went on writing. */
static bool
has_gone_on(const struct spool *s, const char *name, const struct stat *reason, int64_t now)
{
    struct stat st;
    if (fstatat(s->rejected.fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
        st.st_nlink != 1 || mtime_ns(&st) <= mtime_ns(reason) || st.st_mtime > now)
        return false;
    AUTO_FD fd = openat(s->rejected.fd, name, OPEN_FLAGS);
    enum writer w = fd < 0 ? WRITER_SOME : find_writer(fd);
    return w == WRITER_NONE || (w == WRITER_UNKNOWN && !is_young(s, &st, now));
}

/* Other bytes are another file: it is judged again. */
static int
take_again(struct spool *s, struct diag *d)
{
    int64_t now = env_wall_us() / 1000000;
    AUTO(closedir_auto) DIR *dir = list_folder(&s->rejected);
    if (!dir)
        return fail_at(d, DIAG_IO, s->rejected.path, "cannot list");
    for (struct dirent *e; (e = readdir(dir));) {
        struct stat reason;
        struct str name = str_c(e->d_name);
        if (!str_ends(name, ".reason") ||
            fstatat(dirfd(dir), e->d_name, &reason, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        name = arena_str(s->arena, str_n(name.s, name.len - (sizeof ".reason" - 1)));
        if (!has_gone_on(s, name.s, &reason, now))
            continue;
        if (spool_move_back(&s->rejected, name.s, &s->root, s->arena) == 0)
            unlinkat(s->rejected.fd, e->d_name, 0);
        else if (leave_or_fail(s, name, &s->rejected, "cannot be put back", d) != 0)
            return -1;
    }
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

/* A file that ended too early is not read again while it is as it was, until it has rested. */
static bool
is_ready(struct spool *s, const char *name, const struct stat *st, int64_t now)
{
    bool young = is_young(s, st, now);
    if (s->o.settle_all && young)
        return false;
    if (!S_ISREG(st->st_mode))
        return true;
    const struct early *e = find_early(s, name, st);
    if (e && now - e->since < s->o.settle_s)
        return false;
    AUTO_FD fd = openat(s->root.fd, name, OPEN_FLAGS);
    if (fd < 0 && (errno == EACCES || errno == EPERM)) {
        leave(s, str_c(name), "cannot be read", errno);
        return false;
    }
    enum writer w = fd < 0 ? WRITER_NONE : find_writer(fd);
    return w == WRITER_NONE || (w == WRITER_UNKNOWN && !young);
}

static void
list_one(struct spool *s, const char *name, int64_t now)
{
    struct stat st;
    if (spool_leaves_alone(name) || fstatat(s->root.fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (S_ISDIR(st.st_mode) || !is_ready(s, name, &st, now))
        return;
    *VEC_PUSH(s->arena, &s->list) = (struct waiting){.name = arena_strdup(s->arena, name),
                                                     .size = S_ISREG(st.st_mode) ? st.st_size : 0,
                                                     .mtime_ns = mtime_ns(&st),
                                                     .is_fresh = is_fresh(s, name, &st, now)};
}

int
spool_list(struct spool *s, struct diag *d)
{
    assert(s->next == s->list.n);
    AUTO(closedir_auto) DIR *dir = list_folder(&s->root);
    if (!dir)
        return fail_at(d, DIAG_IO, s->root.path, "cannot list the spool");
    int64_t now = env_wall_us() / 1000000;
    s->list.n = s->next = 0;
    for (struct dirent *e; (e = readdir(dir));)
        list_one(s, e->d_name, now);
    if (s->list.n)
        qsort(s->list.v, s->list.n, sizeof *s->list.v, by_age);
    return 0;
}

static int
open_folders(struct spool *s, struct diag *d)
{
    if (spool_folder_open_root(s->o.dir, s->arena, &s->root, d) != 0 ||
        spool_folder_open(&s->root, "work", true, s->arena, &s->work, d) != 0 ||
        spool_folder_open(&s->root, "rejected", false, s->arena, &s->rejected, d) != 0)
        return -1;
    return s->o.delete_done ? 0 : spool_folder_open(&s->root, "done", false, s->arena, &s->done, d);
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
    assert(o->dir && o->settle_s >= 0);
    struct spool *s = ARENA_NEW(a, struct spool);
    *s = (struct spool){.arena = a,
                        .o = *o,
                        .root.fd = -1,
                        .work.fd = -1,
                        .done.fd = -1,
                        .rejected.fd = -1,
                        .claim.fd = -1,
                        .lock_fd = -1,
                        .watch_fd = -1,
                        .known = map_new(a),
                        .early = map_new(a)};
    if (open_folders(s, d) != 0 || begin_watch(s, d) != 0 || take_back_all(s, d) != 0 ||
        take_again(s, d) != 0 || make_claim(s, d) != 0 || spool_list(s, d) != 0) {
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
open_claimed(struct spool *s, struct spool_file *f)
{
    struct stat st;
    f->fd = openat(s->claim.fd, f->name.s, OPEN_FLAGS);
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

/* Where a move is a link and then one name less (spool_move.c), a run that was killed in between
 * leaves a file that is settled and was taken back all the same: one name of it goes. */
static bool
drop_second_name(struct spool *s, const struct spool_file *f)
{
    const struct spool_folder *settled[] = {&s->done, &s->rejected};
    struct stat mine, there;
    if (fstatat(s->claim.fd, f->name.s, &mine, AT_SYMLINK_NOFOLLOW) != 0 || mine.st_nlink < 2)
        return false;
    for (size_t i = 0; i < sizeof settled / sizeof *settled; i++)
        if (settled[i]->fd >= 0 &&
            fstatat(settled[i]->fd, f->name.s, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
            spool_is_same_file(&mine, &there))
            return unlinkat(s->claim.fd, f->name.s, 0) == 0;
    return false;
}

/* Another run took the claim for that of a dead one. Its files are in the spool again or with that
 * run, none is lost; but here nothing can be claimed any more. */
static int
claim_is_gone(const struct spool *s, struct diag *d)
{
    diag_fail(d, DIAG_CANNOT_WRITE,
              "another run has taken this one's files: locks of one host are not seen by another "
              "(NFS mounted with nolock or local_lock?), or somebody removed the folder");
    return diag_at(d, "%s", s->claim.path);
}

/* One waiting file into the claim: 1 = ours, 0 = not now, -1 = failed. */
static int
claim_one(struct spool *s, const struct waiting *w, struct spool_file *ret, struct diag *d)
{
    struct str name = str_c(w->name);
    if (spool_move_new(&s->root, w->name, &s->claim, w->name) != 0) {
        if (errno == ENOENT && !spool_is_there(&s->work, s->claim_name))
            return claim_is_gone(s, d);
        /* Another run was faster; or the same name came again while the first is being read. */
        if (errno == ENOENT || errno == EEXIST)
            return 0;
        return leave_or_fail(s, name, &s->root, "cannot be claimed", d);
    }
    *ret = (struct spool_file){
        .name = name,
        .path = name,
        .at = arena_fmt(s->arena, "/proc/self/fd/%d/%s", s->claim.fd, w->name).s,
        .size = w->size,
        .mtime = w->mtime_ns / 1000000000,
        .is_fresh = w->is_fresh,
        .fd = -1};
    if (spool_move_signature(&s->root, w->name, &s->claim, w->name, s->arena) != 0)
        return leave_or_fail(s, name, &s->root, "its signature cannot be claimed", d) == 0
                   ? spool_release(s, ret, d)
                   : -1;
    if (drop_second_name(s, ret))
        return 0;
    open_claimed(s, ret);
    if (ret->fd < 0 && !spool_is_there(&s->claim, w->name)) /* taken back by another run */
        return 0;
    if (ret->fd < 0 || find_writer(ret->fd) != WRITER_SOME)
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
        if (files[i].fd >= 0)
            close(files[i].fd); /* the files go back with the claim */
    *ret = files;
    *ret_n = rc < 0 ? 0 : n;
    return rc < 0 ? -1 : 0;
}

/* ---- settling ---- */

/* After a step on a claimed file that failed with errno. A file that is gone was taken back by another
 * run, which judges it again; else it goes back itself, and the next run tries anew. */
static int
settle_failed(struct spool *s, const struct spool_file *f, const struct spool_folder *to,
              struct diag *d)
{
    int why = errno;
    if (!spool_is_there(&s->claim, f->name.s))
        return 0;
    errno = why;
    if (leave_or_fail(s, f->name, to, arena_fmt(s->arena, "cannot be moved to %s", to->path).s,
                      d) != 0)
        return -1;
    spool_move_back(&s->claim, f->name.s, &s->root, s->arena);
    return 0;
}

/* A folder that somebody has removed is made anew. */
static int
move_out(struct spool *s, const struct spool_file *f, struct spool_folder *to, const char *name,
         struct str reason, struct diag *d)
{
    struct diag ignored = diag_init(s->arena);
    if (spool_move_out(&s->claim, f->name.s, to, reason, s->arena) == 0)
        return 0;
    if (errno == ENOENT && spool_is_there(&s->claim, f->name.s) &&
        spool_folder_open(&s->root, name, false, s->arena, to, &ignored) == 0 &&
        spool_move_out(&s->claim, f->name.s, to, reason, s->arena) == 0)
        return 0;
    return settle_failed(s, f, to, d);
}

int
spool_done(struct spool *s, const struct spool_file *f, bool remove, struct diag *d)
{
    if (!remove && !s->o.delete_done)
        return move_out(s, f, &s->done, "done", STR(""), d);
    if (spool_move_away(&s->claim, f->name.s, s->arena) == 0)
        return 0;
    return settle_failed(s, f, &s->claim, d);
}

int
spool_reject(struct spool *s, const struct spool_file *f, struct str reason, struct diag *d)
{
    assert(reason.len);
    return move_out(s, f, &s->rejected, "rejected", reason, d);
}

int
spool_release(struct spool *s, const struct spool_file *f, struct diag *d)
{
    if (spool_move_back(&s->claim, f->name.s, &s->root, s->arena) == 0 ||
        !spool_is_there(&s->claim, f->name.s))
        return 0;
    return leave_or_fail(s, f->name, &s->root, "cannot be put back", d);
}

int
spool_postpone(struct spool *s, const struct spool_file *f, struct diag *d)
{
    struct stat st;
    assert(f->is_fresh);
    if (fstatat(s->claim.fd, f->name.s, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        struct early *e = ARENA_NEW(s->arena, struct early);
        *e = (struct early){st.st_size, mtime_ns(&st), env_wall_us() / 1000000};
        map_put(s->early, f->name, e);
    }
    return spool_release(s, f, d);
}

void
spool_close(struct spool *s)
{
    if (!s)
        return;
    if (s->watch_fd >= 0)
        close(s->watch_fd);
    if (s->lock_fd >= 0) {
        unlinkat(s->claim.fd, ".lock", 0);
        /* stays when a file is still in it: the next run takes it back */
        unlinkat(s->work.fd, s->claim_name, AT_REMOVEDIR);
        close(s->lock_fd);
    }
    s->watch_fd = s->lock_fd = -1;
    struct spool_folder *const all[] = {&s->claim, &s->rejected, &s->done, &s->work, &s->root};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        spool_folder_close(all[i]);
}
