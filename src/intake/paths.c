/* Files and folders named on the command line (walk.c): they stay where they are, and those that have not changed since they were stored are not read. Beside intake.c, which does the rest. */
#include <assert.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/env.h"
#include "intake/parsers.h"
#include "intake/source.h"
#include "intake/walk.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct batch_reader *, batch_close)
AUTO_DEFINE(struct unchanged *, unchanged_close)
AUTO_DEFINE(struct nothing *, nothing_free)

/* ---- files that have not changed ---- */

/* Files whose state is known, with what the database is asked about them. */
struct candidates {
    size_t *at; /* in the list of files */
    struct store_bytes *bytes;
    size_t n;
};

static void
find_candidates(struct act *act, const struct walk *l, const struct unchanged *u,
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
        struct ingest_context x =
            parsers_context(&act->config, f->path.s, f->name, agent, f->mtime, a);
        ret->bytes[ret->n] = (struct store_bytes){known, x.asset_name};
        ret->at[ret->n++] = i;
    }
}

/* Takes those that are stored off the list; the others keep their order. */
static size_t
leave_out(struct walk *l, const struct candidates *c, const bool *stored)
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
skip_unchanged(struct act *act, struct walk *l, const struct unchanged *u, const char *agent,
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
    struct walk l = {.arena = d->arena, .no_recurse = paths->no_recurse};
    AUTO(nothing_free_auto) struct nothing *nothing = nothing_new();
    AUTO(unchanged_close_auto) struct unchanged *u = unchanged_open(act->config.state_dir.s);
    for (size_t i = 0; i < paths->n; i++)
        if (walk_add(&l, paths->v[i], d) != 0)
            return -1;
    for (size_t i = 0; i < l.left.n; i++)
        *VEC_PUSH(d->arena, &ret->left) = l.left.v[i];
    if (!paths->read_all && !paths->restore &&
        skip_unchanged(act, &l, u, paths->agent, ret, d) != 0)
        return -1;
    struct intake_source from = {.files = l.files.v,
                                 .n = l.files.n,
                                 .total = l.files.n,
                                 .nothing = nothing,
                                 .unchanged = u,
                                 .restore = paths->restore};
    AUTO(batch_close_auto) struct batch_reader *r = NULL;
    if (batch_open(act, paths->agent, &r, d) != 0)
        return -1;
    if (paths->restore)
        batch_reread(r);
    return intake_all(act, r, &from, ret, d) == 0 ? nothing_settle(nothing, act, NULL, d) : -1;
}
