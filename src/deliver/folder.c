/* Files into a folder of this machine, which is made when it is not there. deliver.c comes before. Each
 * is written beside its place, synced and renamed: whole or not at all, and final with its put. With a line and an item
 * they go two folders deeper, the link "latest" of the line leads to its newest item, and of many only some stay. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "deliver/sink.h"

AUTO_DEFINE(DIR *, closedir)

enum { FILE_MODE = 0640, DIR_MODE = 0750 };

struct folder {
    struct arena *arena;
    const char *dir;  /* that the files go to */
    const char *line; /* above it; NULL = there is none */
    struct str dest;
    int64_t keep;
};

struct folder_items {
    struct str *v;
    size_t n, cap;
};

static int
folder_open(struct str dest, const struct deliver_options *o, struct arena *a, void **ret,
            struct diag *d)
{
    struct folder *to = ARENA_NEW(a, struct folder);
    if (!dest.len)
        return diag_fail(d, DIAG_CONFIG, "a folder to deliver to needs a name");
    *to = (struct folder){.arena = a, .dest = arena_str(a, dest), .keep = o->keep};
    to->dir = to->dest.s;
    if (o->line.len) {
        assert(o->item.len && o->item.s[0] != '.' && str_find(o->item, "/") < 0);
        to->line = file_join(a, to->dir, o->line.s).s;
        to->dir = file_join(a, to->line, o->item.s).s;
    }
    *ret = to;
    return file_mkdirs(to->dir, DIR_MODE, d);
}

static int
folder_put(void *self, const struct deliver_file *f, struct deliver_rows *rows, struct diag *d)
{
    struct folder *to = self;
    struct str path = file_join(to->arena, to->dir, f->name.s);
    assert(to->dir[0] && f->name.s[f->name.len] == 0);
    if (file_write_atomic(path.s, f->bytes, FILE_MODE, d) != 0)
        return -1;
    *VEC_PUSH(to->arena, &rows->list) =
        (struct deliver_row){.file = f,
                             .destination = arena_fmt(to->arena, "folder:%.*s", STR_ARG(to->dest)),
                             .place = path,
                             .answer = path};
    return 0;
}

/* ---- the items of a line ---- */

/* v2 comes before v10, September before October. */
static int
folder_by_version(const void *a, const void *b)
{
    return strverscmp(((const struct str *)a)->s, ((const struct str *)b)->s);
}

/* Folders with a manifest, the oldest first: what else stands there is somebody else's. */
static int
folder_list(const struct folder *to, struct folder_items *ret, struct diag *d)
{
    AUTO(closedir_auto) DIR *handle = opendir(to->line);
    if (!handle) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot be listed: %s", strerror(errno));
        return diag_at(d, "%s", to->line);
    }
    for (struct dirent *e; (e = readdir(handle));) {
        struct str path = arena_fmt(to->arena, "%s/%s/manifest.json", to->line, e->d_name);
        if (e->d_name[0] != '.' && strcmp(e->d_name, "latest") != 0 && file_exists(path.s))
            *VEC_PUSH(to->arena, ret) = arena_str(to->arena, str_c(e->d_name));
    }
    if (ret->n)
        qsort(ret->v, ret->n, sizeof *ret->v, folder_by_version);
    return 0;
}

/* The manifest goes last: a folder that a kill left half empty is found and emptied by the next. */
static int
folder_remove(const struct folder *to, struct str item, struct diag *d)
{
    struct str dir = file_join(to->arena, to->line, item.s);
    AUTO(closedir_auto) DIR *handle = opendir(dir.s);
    for (struct dirent *e; handle && (e = readdir(handle));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            strcmp(e->d_name, "manifest.json") != 0)
            unlink(file_join(to->arena, dir.s, e->d_name).s);
    unlink(file_join(to->arena, dir.s, "manifest.json").s);
    if (rmdir(dir.s) == 0)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "an old report cannot be removed: %s", strerror(errno));
    return diag_at(d, "%s", dir.s);
}

static int
folder_finish(void *self, struct deliver_rows *rows, struct diag *d)
{
    struct folder *to = self;
    struct folder_items items = {0};
    (void)rows;
    if (!to->line)
        return 0;
    if (folder_list(to, &items, d) != 0)
        return -1;
    assert(items.n > 0);
    if (file_set_link(to->line, "latest", items.v[items.n - 1].s, d) != 0)
        return -1;
    for (size_t i = 0; to->keep > 0 && i + (size_t)to->keep < items.n; i++)
        if (folder_remove(to, items.v[i], d) != 0)
            return -1;
    return 0;
}

const struct deliver_sink folder_sink = {
    .scheme = "folder",
    .open = folder_open,
    .put = folder_put,
    .finish = folder_finish,
};
