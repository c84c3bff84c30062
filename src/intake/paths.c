/* Files and folders named on the command line: they stay where they are, and those
 * that have not changed since they were stored are not read. Beside intake.c, which does the rest. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "intake/parsers.h"
#include "intake/source.h"

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct batch_reader *, batch_close)
AUTO_DEFINE(struct unchanged *, unchanged_close)

/* ---- the list ---- */

struct path_list {
    VEC(struct spool_file) files;
};

static int
add_path(struct path_list *l, const char *path, struct arena *a, struct diag *d)
{
    struct stat st;
    if (strcmp(path, "-") == 0) {
        *VEC_PUSH(a, &l->files) = (struct spool_file){.name = STR("(standard input)"),
                                                      .path = STR("-"),
                                                      .mtime = env_wall_us() / 1000000,
                                                      .fd = -1};
        return 0;
    }
    if (stat(path, &st) != 0) {
        diag_fail(d, DIAG_IO, "cannot read: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    struct str p = arena_str(a, str_c(path));
    *VEC_PUSH(a, &l->files) = (struct spool_file){.name = file_base_name(p),
                                                  .path = p,
                                                  .size = st.st_size,
                                                  .mtime = (int64_t)st.st_mtime,
                                                  .fd = -1};
    return 0;
}

static int
by_name(const void *a, const void *b)
{
    return str_cmp(((const struct spool_file *)a)->name, ((const struct spool_file *)b)->name);
}

static int
add_folder(struct path_list *l, const char *path, struct arena *a, struct diag *d)
{
    struct stat st;
    size_t first = l->files.n;
    AUTO(closedir_auto) DIR *dir = opendir(path);
    if (!dir) {
        diag_fail(d, DIAG_IO, "cannot list: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    for (struct dirent *e; (e = readdir(dir));) {
        const char *sub = file_join(a, path, e->d_name).s;
        if (e->d_name[0] == '.' || lstat(sub, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        if (str_ends(str_c(sub), ".p7s"))
            continue; /* a signature: it is read together with the file that it stands beside */
        if (add_path(l, sub, a, d) != 0)
            return -1;
    }
    if (l->files.n > first)
        qsort(l->files.v + first, l->files.n - first, sizeof *l->files.v, by_name);
    return 0;
}

static int
list_paths(const struct intake_paths *paths, struct path_list *ret, struct arena *a, struct diag *d)
{
    struct stat st;
    for (size_t i = 0; i < paths->n; i++) {
        bool folder = stat(paths->v[i], &st) == 0 && S_ISDIR(st.st_mode);
        if ((folder ? add_folder : add_path)(ret, paths->v[i], a, d) != 0)
            return -1;
    }
    return 0;
}

/* ---- files that have not changed ---- */

/* Files whose state is known, with what the database is asked about them. */
struct candidates {
    size_t *at; /* in the list of files */
    struct store_bytes *bytes;
    size_t n;
};

static void
find_candidates(struct act *act, const struct path_list *l, const struct unchanged *u,
                const char *agent, struct candidates *ret, struct arena *a)
{
    ret->at = ARENA_ARRAY(a, size_t, l->files.n + 1);
    ret->bytes = ARENA_ARRAY(a, struct store_bytes, l->files.n + 1);
    for (size_t i = 0; i < l->files.n; i++) {
        const struct spool_file *f = &l->files.v[i];
        struct stat st;
        if (str_eqc(f->path, "-") || stat(f->path.s, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        struct unchanged_state state = unchanged_state(&st);
        const struct sha256_digest *known = unchanged_find(u, &state);
        if (!known)
            continue;
        struct str name = parsers_context(&act->config, f->path.s, f->name, f->mtime, a).asset_name;
        ret->bytes[ret->n] = (struct store_bytes){known, agent ? str_c(agent) : name};
        ret->at[ret->n++] = i;
    }
}

/* Takes those that are stored off the list; the others keep their order. */
static size_t
leave_out(struct path_list *l, const struct candidates *c, const bool *stored)
{
    size_t kept = 0, k = 0;
    for (size_t i = 0; i < l->files.n; i++) {
        bool is_candidate = k < c->n && c->at[k] == i;
        bool is_out = is_candidate && stored[k];
        k += is_candidate;
        if (!is_out)
            l->files.v[kept++] = l->files.v[i];
    }
    assert(k == c->n && kept <= l->files.n); /* the candidates stand in the order of the list */
    size_t n = l->files.n - kept;
    l->files.n = kept;
    return n;
}

/* One record for all of them: each has a record of its own from the run that stored it. */
static int
record_unchanged(struct act *act, size_t n, struct arena *a, struct diag *d)
{
    struct event_change files = {
        .field = STR("files"), .old_value = STR(""), .new_value = arena_fmt(a, "%zu", n)};
    struct event e = {.name = "ingest.unchanged",
                      .outcome = EVENT_SUCCESS,
                      .severity = 1,
                      .object_type = STR("host"),
                      .object_id = str_c(env_host()),
                      .object_name = str_c(env_host()),
                      .reason = STR(""),
                      .changes = &files,
                      .n_changes = 1};
    return n && !act->dry_run ? act_record(act, &e, 1, d) : 0;
}

static int
skip_unchanged(struct act *act, struct path_list *l, const struct unchanged *u, const char *agent,
               struct intake_summary *sum, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct candidates c = {.n = 0};
    find_candidates(act, l, u, agent, &c, a);
    bool *stored = ARENA_ARRAY(a, bool, c.n + 1);
    if (c.n && store_find_stored(act->store, c.bytes, c.n, stored, d) != 0)
        return -1;
    size_t n = leave_out(l, &c, stored);
    sum->n_files += (int64_t)n;
    sum->n_duplicate += (int64_t)n;
    sum->n_unchanged += (int64_t)n;
    return record_unchanged(act, n, a, d);
}

int
intake_paths(struct act *act, const struct intake_paths *paths, struct intake_summary *ret,
             struct diag *d)
{
    struct path_list l = {0};
    AUTO(unchanged_close_auto) struct unchanged *u = unchanged_open(act->config.state_dir.s);
    if (list_paths(paths, &l, d->arena, d) != 0 ||
        (!paths->read_all && !paths->restore &&
         skip_unchanged(act, &l, u, paths->agent, ret, d) != 0))
        return -1;
    struct intake_source from = {.files = l.files.v,
                                 .n = l.files.n,
                                 .total = l.files.n,
                                 .unchanged = u,
                                 .restore = paths->restore};
    AUTO(batch_close_auto) struct batch_reader *r = NULL;
    if (batch_open(act, paths->agent, &r, d) != 0)
        return -1;
    if (paths->restore)
        batch_reread(r);
    return intake_all(act, r, &from, ret, d);
}
