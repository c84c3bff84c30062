/* done/ and rejected/ of a spool, when no file is being taken. Called by job/prune_files.c and cli. */
#include "intake/shelf.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "ingest/spool_move.h"

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct shelf *, shelf_close)

enum { A_RECORD = 100 /* files */ };

struct shelf {
    struct spool_folder root, folder;
};

static const char reason_tail[] = ".reason", signature_tail[] = ".p7s";

int
shelf_open(const struct config *c, const char *name, struct arena *a, struct shelf **ret,
           struct diag *d)
{
    *ret = NULL;
    if (!c->spool_dir.len || !file_exists(file_join(a, c->spool_dir.s, name).s))
        return 0;
    struct shelf *s = ARENA_NEW(a, struct shelf);
    *s = (struct shelf){.root.fd = -1, .folder.fd = -1};
    if (spool_folder_open_root(c->spool_dir.s, a, &s->root, d) != 0 ||
        spool_folder_open(&s->root, name, false, a, &s->folder, d) != 0) {
        shelf_close(s);
        return -1;
    }
    *ret = s;
    return 0;
}

void
shelf_close(struct shelf *s)
{
    if (!s)
        return;
    spool_folder_close(&s->folder);
    spool_folder_close(&s->root);
}

static int
by_time(const void *a, const void *b)
{
    const struct shelf_file *p = a, *q = b;
    return p->at != q->at ? (p->at < q->at ? -1 : 1) : strcmp(p->name.s, q->name.s);
}

/* What the reason says; what is no file of ours says nothing. */
static struct str
read_reason(const struct shelf *s, const char *name, struct arena *a)
{
    char bytes[4096];
    struct str path = arena_fmt(a, "%s%s", name, reason_tail);
    AUTO_FD fd = openat(s->folder.fd, path.s, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t n = fd >= 0 ? read(fd, bytes, sizeof bytes) : 0;
    return n > 0 ? utf8_one_line(a, utf8_repair(a, str_n(bytes, (size_t)n))) : STR("");
}

/* Companions go with their file; one whose file is gone goes by itself. */
static bool
is_companion(const struct shelf *s, struct str name, struct arena *a)
{
    const char *const tails[] = {reason_tail, signature_tail};
    for (int i = 0; i < 2; i++)
        if (str_ends(name, tails[i]) &&
            spool_is_there(&s->folder, arena_str(a, str_n(name.s, name.len - strlen(tails[i]))).s))
            return true;
    return false;
}

int
shelf_list(struct shelf *s, int64_t before, struct arena *a, shelf_files *ret, struct diag *d)
{
    int fd = openat(s->folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    AUTO(closedir_auto) DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0)
            close(fd);
        diag_fail(d, DIAG_IO, "cannot list: %s", strerror(errno));
        return diag_at(d, "%s", s->folder.path);
    }
    for (struct dirent *e; (e = readdir(dir));) {
        struct stat st;
        struct str name = str_c(e->d_name);
        if (e->d_name[0] == '.' ||
            fstatat(s->folder.fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            S_ISDIR(st.st_mode) || st.st_ctime >= before || is_companion(s, name, a))
            continue;
        *VEC_PUSH(a, ret) = (struct shelf_file){.name = arena_str(a, name),
                                                .size = S_ISREG(st.st_mode) ? st.st_size : 0,
                                                .at = st.st_ctime,
                                                .reason = read_reason(s, e->d_name, a)};
    }
    if (ret->n)
        qsort(ret->v, ret->n, sizeof *ret->v, by_time);
    return 0;
}

bool
shelf_hash(struct shelf *s, struct shelf_file *f)
{
    struct stat st;
    f->sha256 = sha256_of(STR(""));
    AUTO_FD fd = openat(s->folder.fd, f->name.s, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           sha256_of_fd(fd, &f->size, &f->sha256) == 0;
}

int
shelf_remove(struct shelf *s, const struct shelf_file *f, struct diag *d)
{
    struct str reason = arena_fmt(d->arena, "%.*s%s", STR_ARG(f->name), reason_tail);
    if (spool_move_away(&s->folder, f->name.s, d->arena) != 0 && errno != ENOENT) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot be removed: %s", strerror(errno));
        return diag_at(d, "%s/%.*s", s->folder.path, STR_ARG(f->name));
    }
    unlinkat(s->folder.fd, reason.s, 0); /* most have none */
    return 0;
}

/* ---- once more ---- */

static bool
is_wanted(const struct shelf_retry *q, const struct shelf_file *f)
{
    bool is = q->all || (q->rule && !q->n_names);
    for (size_t i = 0; i < q->n_names; i++)
        is = is || str_eq(file_base_name(str_c(q->names[i])), f->name);
    return is && (!q->rule || str_find(f->reason, q->rule) >= 0);
}

static int
choose(struct shelf *s, const struct shelf_retry *q, struct arena *a, shelf_files *ret,
       struct diag *d)
{
    shelf_files all = {0};
    if (shelf_list(s, INT64_MAX, a, &all, d) != 0)
        return -1;
    for (size_t i = 0; i < all.n; i++)
        if (is_wanted(q, &all.v[i]) && !str_ends(all.v[i].name, reason_tail) &&
            !str_ends(all.v[i].name, signature_tail))
            *VEC_PUSH(a, ret) = all.v[i];
    for (size_t i = 0; i < q->n_names; i++) {
        bool is_there = false;
        for (size_t k = 0; k < ret->n; k++)
            is_there = is_there || str_eq(file_base_name(str_c(q->names[i])), ret->v[k].name);
        if (!is_there)
            return diag_fail(d, DIAG_USAGE, "%s: no such file in %s%s", q->names[i], s->folder.path,
                             q->rule ? " with that reason" : "");
    }
    return 0;
}

/* One record for some files, with what was wrong with each; before they go, so that none comes back untold. */
static int
record_some(struct act *act, const shelf_files *l, size_t from, size_t n, struct diag *d)
{
    struct event events[A_RECORD];
    assert(n > 0 && n <= A_RECORD);
    for (size_t i = 0; i < n; i++) {
        const struct shelf_file *f = &l->v[from + i];
        events[i] = (struct event){.name = "spool.retry",
                                   .severity = 3,
                                   .object_type = STR("file"),
                                   .object_id = sha256_hex(d->arena, &f->sha256),
                                   .object_name = utf8_repair(d->arena, f->name),
                                   .reason = f->reason};
    }
    return act_record(act, events, n, d);
}

/* Where an ingester put the file back itself meanwhile, it is there once, too. */
static int
put_back(struct shelf *s, const struct shelf_file *f, bool *ret_back, struct diag *d)
{
    struct str reason = arena_fmt(d->arena, "%.*s%s", STR_ARG(f->name), reason_tail);
    *ret_back = spool_move_back(&s->folder, f->name.s, &s->root, d->arena) == 0;
    if (!*ret_back && errno != ENOENT) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot be put back: %s", strerror(errno));
        return diag_at(d, "%s/%.*s", s->folder.path, STR_ARG(f->name));
    }
    if (*ret_back)
        unlinkat(s->folder.fd, reason.s, 0);
    return 0;
}

static int
retry_some(struct act *act, struct shelf *s, shelf_files *l, size_t from, size_t n,
           struct shelf_retried *ret, struct diag *d)
{
    for (size_t i = from; i < from + n; i++)
        shelf_hash(s, &l->v[i]);
    if (!act->dry_run && record_some(act, l, from, n, d) != 0)
        return -1;
    for (size_t i = from; i < from + n; i++) {
        bool is_back = act->dry_run;
        if (!act->dry_run && put_back(s, &l->v[i], &is_back, d) != 0)
            return -1;
        *VEC_PUSH(d->arena, is_back ? &ret->back : &ret->left) = l->v[i];
    }
    return 0;
}

int
shelf_retry(struct act *act, const struct shelf_retry *q, struct shelf_retried *ret, struct diag *d)
{
    AUTO(shelf_close_auto) struct shelf *s = NULL;
    shelf_files l = {0};
    *ret = (struct shelf_retried){0};
    if (shelf_open(&act->config, "rejected", d->arena, &s, d) != 0)
        return -1;
    if (!s)
        return diag_fail(d, DIAG_USAGE, "there is no folder of rejected files (spool-dir)");
    if (flock(s->folder.fd, LOCK_EX | LOCK_NB) != 0)
        return diag_fail(d, DIAG_BUSY, "rejected files are being put back by another process");
    if (choose(s, q, d->arena, &l, d) != 0)
        return -1;
    for (size_t i = 0; i < l.n; i += A_RECORD)
        if (retry_some(act, s, &l, i, l.n - i < A_RECORD ? l.n - i : A_RECORD, ret, d) != 0)
            return -1;
    return 0;
}
