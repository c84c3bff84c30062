/* Files into a folder, each whole or not at all; behind job/report.c. */
#include "deliver/folder.h"

#include <assert.h>

#include "base/file.h"

enum { FILE_MODE = 0640, DIR_MODE = 0750 };

static int
folder_open(struct str dest, struct diag *d)
{
    return file_mkdirs(arena_str(d->arena, dest).s, DIR_MODE, d);
}

static int
folder_put(struct str dest, const struct deliver_file *f, struct str *ret_place, struct diag *d)
{
    assert(f->name.len && str_find(f->name, "/") < 0);
    const char *dir = arena_str(d->arena, dest).s;
    *ret_place = file_join(d->arena, dir, arena_str(d->arena, f->name).s);
    return file_write_atomic(ret_place->s, f->bytes, FILE_MODE, d);
}

const struct deliver_sink folder_sink = {
    .scheme = "folder",
    .open = folder_open,
    .put = folder_put,
};
