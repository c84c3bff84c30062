/* Folders of versions; report.c asks before the first file is written and after the record is. */
#include "job/report_place.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "sign/manifest.h"

enum { MAX_MANIFEST = 16 << 20, MAX_ASIDE = 10000 };

struct str
report_place_of(const char *reports_dir, const struct report_identity *id, struct arena *a)
{
    assert(id->version.len);
    struct str of_all = file_join(a, reports_dir, id->id.s);
    struct str dir = arena_fmt(a, "%.*s/v%.*s", STR_ARG(of_all), STR_ARG(id->version));
    return id->is_rendering ? arena_fmt(a, "%.*s.%.*s", STR_ARG(dir), STR_ARG(id->language)) : dir;
}

int
report_place_check_free(const char *dir, struct diag *d)
{
    struct manifest m;
    struct str bytes;
    struct diag unread = diag_init(d->arena);
    struct str path = file_join(d->arena, dir, "manifest.json");
    if (!file_exists(path.s))
        return 0;
    if (file_slurp(path.s, MAX_MANIFEST, d->arena, &bytes, &unread) != 0 ||
        manifest_parse(bytes, d->arena, &m, &unread) != 0) {
        diag_fail(d, DIAG_CANNOT_WRITE, "a manifest.json stands in it: name another folder");
        return diag_at(d, "%s", dir);
    }
    struct str version = m.reports.n == 1
                             ? arena_fmt(d->arena, " version %.*s", STR_ARG(m.reports.v[0].version))
                             : STR("");
    diag_fail(d, DIAG_CANNOT_WRITE, "%.*s%.*s stands in it: name another folder",
              STR_ARG(m.report_id), STR_ARG(version));
    return diag_at(d, "%s", dir);
}

/* The first of "<dir><suffix>", "<dir><suffix>-2", "-3" … that is free. */
static int
find_free(struct str dir, const char *suffix, struct arena *a, struct str *ret, struct diag *d)
{
    for (int i = 1; i < MAX_ASIDE; i++) {
        *ret = arena_fmt(a, "%.*s%s", STR_ARG(dir), suffix);
        if (i > 1)
            *ret = arena_fmt(a, "%.*s-%d", STR_ARG(*ret), i);
        if (!file_exists(ret->s))
            return 0;
    }
    return diag_fail(d, DIAG_CANNOT_WRITE, "%.*s: no name beside it is free", STR_ARG(dir));
}

int
report_place_make_free(struct str *dir, bool is_draft, struct arena *a, struct diag *d)
{
    struct str other;
    if (!file_exists(dir->s))
        return 0;
    if (find_free(*dir, is_draft ? "" : ".unrecorded", a, &other, d) != 0)
        return -1;
    if (is_draft) {
        *dir = other;
        return 0;
    }
    if (rename(dir->s, other.s) == 0)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot be moved to %.*s: %s", STR_ARG(other), strerror(errno));
    return diag_at(d, "%.*s", STR_ARG(*dir));
}

int
report_place_set_latest(const char *dir, struct arena *a, struct diag *d)
{
    const char *slash = strrchr(dir, '/');
    assert(slash && slash[1]);
    struct str parent = arena_str(a, str_n(dir, (size_t)(slash - dir)));
    return file_set_link(parent.s, "latest", slash + 1, d);
}
