/* Which files of settings there are. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "settings/config_parts.h"

AUTO_DEFINE(DIR *, closedir)

static int
by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* conf.d beside a file of the usual name, by the names of its files. Beside others conf.d may be anybody's. */
static int
list_folder(struct config_files *f, struct diag *d)
{
    VEC(struct str) names = {0};
    struct str base = file_base_name(f->path);
    struct str above = str_n(f->path.s, (size_t)(base.s - f->path.s));
    if (!str_eqc(base, "assay.conf"))
        return 0;
    const char *dir = arena_fmt(d->arena, "%.*sconf.d", STR_ARG(above)).s;
    AUTO(closedir_auto) DIR *handle = opendir(dir);
    /* settings of the system that are not for this account: none, as for assay.conf in a closed folder */
    if (!handle && (errno == ENOENT || (errno == EACCES && f->v.n == 0)))
        return 0;
    if (!handle) {
        diag_fail(d, DIAG_CONFIG, "cannot list the folder of settings: %s", strerror(errno));
        return diag_at(d, "%s", dir);
    }
    for (struct dirent *e; (e = readdir(handle));)
        if (e->d_name[0] != '.' && str_ends(str_c(e->d_name), ".conf"))
            *VEC_PUSH(d->arena, &names) = arena_str(d->arena, str_c(e->d_name));
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, by_name);
    for (size_t i = 0; i < names.n; i++)
        *VEC_PUSH(d->arena, &f->v) = file_join(d->arena, dir, names.v[i].s);
    return 0;
}

int
config_files_list(const char *path, struct config_files *ret, struct diag *d)
{
    static const char standard[] = "/etc/assay/assay.conf";
    *ret = (struct config_files){.path = STR("")};
    if (!path)
        path = getenv("ASSAY_CONFIG");
    bool is_named = path && path[0];
    if (!is_named)
        path = standard;
    ret->path = arena_str(d->arena, str_c(path));
    /* without a file all settings have their standards: assay works on one host with none */
    if (is_named || file_exists(path))
        *VEC_PUSH(d->arena, &ret->v) = ret->path;
    return list_folder(ret, d);
}
