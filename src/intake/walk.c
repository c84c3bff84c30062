/* Folders into files; called by paths.c. */
#include "intake/walk.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"

AUTO_DEFINE(DIR *, closedir)

enum { MOST_DEPTH = 64, FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* What stands in a folder. */
struct content {
    VEC(struct str) files, folders;
};

static int
fail_at(struct diag *d, const char *path, const char *what)
{
    diag_fail(d, DIAG_IO, "%s: %s", what, strerror(errno));
    return diag_at(d, "%s", path);
}

static void
leave(struct walk *w, const char *path, const char *why)
{
    *VEC_PUSH(w->arena, &w->left) =
        (struct intake_left){.name = str_c(path), .why = arena_str(w->arena, str_c(why))};
}

static void
add_file(struct walk *w, const char *path, const struct stat *st)
{
    struct str p = arena_str(w->arena, str_c(path));
    *VEC_PUSH(w->arena, &w->files) = (struct spool_file){.name = file_base_name(p),
                                                         .path = p,
                                                         .size = st->st_size,
                                                         .mtime = (int64_t)st->st_mtime,
                                                         .fd = -1};
}

static int
by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void
read_content(struct walk *w, DIR *dir, struct content *ret)
{
    struct stat st;
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.' || fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        struct str name = arena_str(w->arena, str_c(e->d_name));
        if (S_ISDIR(st.st_mode))
            *VEC_PUSH(w->arena, &ret->folders) = name;
        else if (S_ISREG(st.st_mode) && !str_ends(name, ".p7s"))
            *VEC_PUSH(w->arena, &ret->files) = name;
    }
    if (ret->files.n)
        qsort(ret->files.v, ret->files.n, sizeof *ret->files.v, by_name);
    if (ret->folders.n)
        qsort(ret->folders.v, ret->folders.n, sizeof *ret->folders.v, by_name);
}

static bool
has_folder(const struct content *c, const char *name)
{
    for (size_t i = 0; i < c->folders.n; i++)
        if (str_eqc(c->folders.v[i], name))
            return true;
    return false;
}

/* Only a spool has both; what lies there was taken in before. */
static bool
is_of_spool(const struct content *c, struct str name)
{
    return has_folder(c, "work") && has_folder(c, "rejected") &&
           (str_eqc(name, "work") || str_eqc(name, "done") || str_eqc(name, "rejected"));
}

/* Takes the descriptor. Each folder is opened in the one before it, so that none is a link. */
static void
add_folder(struct walk *w, int fd, const char *path, int depth)
{
    struct stat st;
    struct content c = {.files = {0}};
    AUTO(closedir_auto) DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        leave(w, path, "the folder cannot be read");
        return;
    }
    read_content(w, dir, &c);
    for (size_t i = 0; i < c.files.n; i++)
        if (fstatat(dirfd(dir), c.files.v[i].s, &st, AT_SYMLINK_NOFOLLOW) == 0)
            add_file(w, file_join(w->arena, path, c.files.v[i].s).s, &st);
    for (size_t i = 0; !w->no_recurse && i < c.folders.n; i++) {
        const char *name = c.folders.v[i].s, *sub = file_join(w->arena, path, name).s;
        if (is_of_spool(&c, c.folders.v[i]))
            continue;
        int below = depth < MOST_DEPTH ? openat(dirfd(dir), name, FOLDER_FLAGS) : -1;
        if (below >= 0)
            add_folder(w, below, sub, depth + 1);
        else
            leave(w, sub, depth < MOST_DEPTH ? strerror(errno) : "folders nested too deep");
    }
}

int
walk_add(struct walk *w, const char *path, struct diag *d)
{
    struct stat st;
    assert(w->arena && path);
    if (strcmp(path, "-") == 0) {
        *VEC_PUSH(w->arena, &w->files) = (struct spool_file){.name = STR("(standard input)"),
                                                             .path = STR("-"),
                                                             .mtime = env_wall_us() / 1000000,
                                                             .fd = -1};
        return 0;
    }
    if (stat(path, &st) != 0)
        return fail_at(d, path, "cannot read");
    if (!S_ISDIR(st.st_mode)) {
        add_file(w, path, &st);
        return 0;
    }
    int fd = open(path, FOLDER_FLAGS & ~O_NOFOLLOW); /* what is named may be a link */
    if (fd < 0)
        return fail_at(d, path, "cannot list");
    add_folder(w, fd, path, 0);
    return 0;
}

int
walk_look_at_spool(const char *dir, struct arena *a, struct walk_waiting *ret, struct diag *d)
{
    AUTO(closedir_auto) DIR *handle = opendir(dir);
    *ret = (struct walk_waiting){.unreadable = STR("")};
    if (!handle)
        return errno == ENOENT ? 0 : fail_at(d, dir, "cannot read");
    for (struct dirent *e; (e = readdir(handle));) {
        struct stat st;
        if (spool_leaves_alone(e->d_name) ||
            fstatat(dirfd(handle), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(st.st_mode))
            continue;
        if (ret->n++ == 0 || st.st_ctime < ret->oldest)
            ret->oldest = st.st_ctime;
        ret->size += st.st_size;
        if (faccessat(dirfd(handle), e->d_name, R_OK, AT_EACCESS) != 0 && ret->n_unreadable++ == 0)
            ret->unreadable = arena_str(a, str_c(e->d_name));
    }
    return 0;
}
