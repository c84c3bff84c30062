/* Files into a folder of this machine, which is made when it is not there. deliver.c comes before. Each
 * is written beside its place, synced and renamed: whole or not at all, and final with its put. */
#include <assert.h>

#include "base/file.h"
#include "deliver/sink.h"

enum { FILE_MODE = 0640, DIR_MODE = 0750 };

struct folder {
    struct arena *arena;
    const char *dir;
};

static int
folder_open(struct str dest, const struct deliver_options *o, struct arena *a, void **ret,
            struct diag *d)
{
    struct folder *to = ARENA_NEW(a, struct folder);
    (void)o;
    if (!dest.len)
        return diag_fail(d, DIAG_CONFIG, "a folder to deliver to needs a name");
    *to = (struct folder){.arena = a, .dir = arena_str(a, dest).s};
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
    *VEC_PUSH(to->arena, &rows->list) = (struct deliver_row){
        .file = f, .destination = arena_fmt(to->arena, "folder:%s", to->dir), .place = path};
    return 0;
}

const struct deliver_sink folder_sink = {
    .scheme = "folder",
    .open = folder_open,
    .put = folder_put,
};
