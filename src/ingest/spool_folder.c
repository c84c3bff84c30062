/* Opening the folders of spool.c, and who may write to them. */
#include "ingest/spool_folder.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC, MODE_OURS = 0700, MODE_SHARED = 0770 };

static int
fail_at(struct diag *d, const char *path, const char *what)
{
    diag_fail(d, DIAG_CANNOT_WRITE, "%s: %s", what, strerror(errno));
    return diag_at(d, "%s", path);
}

static int
refuse_mode(struct diag *d, const char *path, const char *why)
{
    diag_fail(d, DIAG_CONFIG, "%s", why);
    return diag_at(d, "%s", path);
}

int
spool_folder_open_root(const char *path, struct arena *a, struct spool_folder *ret, struct diag *d)
{
    struct stat st;
    if (file_mkdirs(path, MODE_SHARED, d) != 0)
        return -1;
    *ret = (struct spool_folder){.fd = open(path, FOLDER_FLAGS), .path = arena_strdup(a, path)};
    if (ret->fd < 0 || fstat(ret->fd, &st) != 0)
        return fail_at(d, path, "cannot open the spool");
    ret->owner = st.st_uid;
    if (faccessat(ret->fd, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return fail_at(d, path, "files cannot be taken out of the spool");
    if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
        return refuse_mode(d, path,
                           "everybody may write to the spool and remove what others put there: "
                           "chmod o-w, or +t");
    return 0;
}

static int
check_folder(const struct spool_folder *root, const struct spool_folder *f, const struct stat *st,
             bool is_ours, struct diag *d)
{
    mode_t others = is_ours ? S_IWGRP | S_IWOTH : S_IWOTH;
    if (st->st_uid != geteuid() && st->st_uid != 0 && st->st_uid != root->owner)
        return refuse_mode(d, f->path,
                           "the folder belongs neither to this account nor to root nor to the "
                           "owner of the spool");
    if ((st->st_mode & others) && (is_ours || !(st->st_mode & S_ISVTX)))
        return refuse_mode(d, f->path,
                           is_ours ? "others may write to the folder of claims: chmod go-w"
                                   : "everybody may write to the folder: chmod o-w, or +t");
    return 0;
}

int
spool_folder_open(const struct spool_folder *root, const char *name, bool is_ours, struct arena *a,
                  struct spool_folder *ret, struct diag *d)
{
    struct stat st;
    assert(root->fd >= 0);
    spool_folder_close(ret);
    ret->path = file_join(a, root->path, name).s;
    if (mkdirat(root->fd, name, is_ours ? MODE_OURS : MODE_SHARED) != 0 && errno != EEXIST)
        return fail_at(d, ret->path, "cannot make the folder");
    ret->fd = openat(root->fd, name, FOLDER_FLAGS | O_NOFOLLOW);
    if (ret->fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return refuse_mode(d, ret->path, "not a folder, or a link, which is never followed");
    if (ret->fd < 0 || fstat(ret->fd, &st) != 0)
        return fail_at(d, ret->path, "cannot open the folder");
    ret->owner = st.st_uid;
    return check_folder(root, ret, &st, is_ours, d);
}

void
spool_folder_close(struct spool_folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}
