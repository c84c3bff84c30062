/* The ingest job: spool or paths -> batches -> ingest room -> store room. Behind ingest/spool.c and
 * ingest/ingest.c, before everything that reports. */
#include "job/ingest.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/spool.h"

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct spool *, spool_close)

enum { BATCH_FILES = 100, BATCH_EVENTS = BATCH_FILES };
#define BATCH_BYTES ((int64_t)32 << 20)

/* One file on its way through a batch. */
struct item {
    struct spool_file file;
    struct scan_file scans;
    struct store_input input;
    bool rejected, duplicate;
    int64_t n_new, n_same, n_conflict;
    struct event event;
    struct event_change details[8];
};

struct batch {
    struct job *job;
    struct arena *arena;
    const char *agent;
    struct item *items;
    size_t n;
};

/* ---- parsing ---- */

struct ingest_context
job_ingest_context(const struct config *c, const char *path, struct str name, int64_t mtime,
                   struct arena *a)
{
    struct str agent = name;
    agent = str_cut(&agent, '@');
    return (struct ingest_context){
        .path = path,
        .mtime = mtime,
        .zone_offset_s = clock_local_offset(mtime),
        .asset_name = agent.len < name.len ? utf8_repair(a, arena_str(a, agent)) : STR(""),
        .suggestion_informational = c->suggestion_informational};
}

/* A scan must say whose it is and what was checked, or it cannot be kept. */
static int
check_identity(const struct scan_file *f, struct diag *d)
{
    for (size_t i = 0; i < f->scans.n; i++) {
        const struct scan *s = &f->scans.v[i];
        if (!s->asset.name.len)
            return diag_fail(d, DIAG_BAD_DATA,
                             "the file names no agent: name it <agent>@<anything>, or give "
                             "--agent");
        if (s->asset.name.len > LIMIT_AGENT_NAME)
            return diag_fail(d, DIAG_BAD_DATA,
                             "the agent's name has %zu bytes, at most %d are kept",
                             s->asset.name.len, LIMIT_AGENT_NAME);
        if (!s->policy.id.len && !s->delta)
            return diag_fail(d, DIAG_BAD_DATA, "the scan of %.*s names no policy or benchmark",
                             STR_ARG(s->asset.name));
        if (s->policy.id.len > LIMIT_ID || s->policy.version.len > LIMIT_ID ||
            s->policy.profile.len > LIMIT_ID)
            return diag_fail(d, DIAG_TOO_BIG,
                             "the policy's id, version or profile has more than %d bytes",
                             LIMIT_ID);
    }
    if (f->scans.n == 0)
        return diag_fail(d, DIAG_BAD_DATA, "the file holds no scan");
    return 0;
}

static void
fill_input(struct item *it, const struct scan_file *f, const struct diag *d, struct arena *a)
{
    it->input = (struct store_input){.sha256 = f->sha256,
                                     .name = utf8_repair(a, it->file.name),
                                     .format = f->scans.n ? f->scans.v[0].format : STR(""),
                                     .verdict = it->rejected ? STR("rejected") : STR("stored"),
                                     .reason = it->rejected ? diag_text(d) : STR(""),
                                     .host = str_c(env_host()),
                                     .size = it->file.size,
                                     .received = env_wall_us() / 1000000,
                                     .n_scans = (int64_t)f->scans.n};
}

/* The hash of a file that no reader took; that of no bytes when it cannot even be read. */
static struct sha256_digest
hash_of(const char *path)
{
    int64_t size;
    struct sha256_digest digest;
    return sha256_of_file(path, &size, &digest) == 0 ? digest : sha256_of(STR(""));
}

static void
name_assets(struct scan_file *f, struct str name)
{
    for (size_t i = 0; name.len && i < f->scans.n; i++)
        f->scans.v[i].asset.name = name;
}

/* Formats that know no groups get them from the settings, by the agent's name. */
static void
group_assets(const struct config *c, struct scan_file *f, struct arena *a)
{
    for (size_t i = 0; i < f->scans.n; i++) {
        struct scan_asset *as = &f->scans.v[i].asset;
        const char *name = arena_str(a, as->name).s;
        for (size_t k = 0; k < c->groups.n && !as->group.len; k++)
            if (fnmatch(c->groups.v[k].pattern.s, name, 0) == 0)
                as->group = c->groups.v[k].name;
    }
}

static void
parse_item(struct batch *b, struct item *it)
{
    struct diag d = diag_init(b->arena);
    struct scan_file f = {.path = it->file.path};
    struct ingest_context c = job_ingest_context(&b->job->config, it->file.path.s, it->file.name,
                                                 it->file.mtime, b->arena);
    if (b->agent)
        c.asset_name = str_c(b->agent);
    int rc = ingest_file(&c, b->arena, &f, &d);
    if (rc == 0) {
        name_assets(&f, c.asset_name);
        group_assets(&b->job->config, &f, b->arena);
        for (size_t i = 0; i < d.warnings.n; i++)
            *VEC_PUSH(b->arena, &f.warnings) = d.warnings.v[i];
        rc = check_identity(&f, &d);
    }
    it->rejected = rc != 0;
    if (it->rejected) {
        diag_at(&d, "%.*s", STR_ARG(it->file.name));
        f = (struct scan_file){.path = it->file.path, .sha256 = hash_of(it->file.path.s)};
    }
    it->scans = f;
    fill_input(it, &f, &d, b->arena);
}

/* ---- the audit record of a file ---- */

static void
add_detail(struct item *it, const char *field, struct str value)
{
    assert(it->event.n_changes < sizeof it->details / sizeof *it->details);
    it->details[it->event.n_changes++] =
        (struct event_change){.field = str_c(field), .old_value = STR(""), .new_value = value};
}

static void
describe(struct batch *b, struct item *it)
{
    struct arena *a = b->arena;
    it->event = (struct event){.name = "ingest.file",
                               .outcome = it->rejected ? EVENT_FAILURE : EVENT_SUCCESS,
                               .severity = it->rejected ? 5 : 1,
                               .object_type = STR("file"),
                               .object_id = sha256_hex(a, &it->input.sha256),
                               .object_name = it->input.name,
                               .reason = it->input.reason,
                               .changes = it->details};
    add_detail(it, "verdict", it->input.verdict);
    add_detail(it, "size", arena_fmt(a, "%lld", (long long)it->input.size));
    if (it->rejected)
        return;
    add_detail(it, "format", it->input.format);
    add_detail(it, "scans", arena_fmt(a, "%lld", (long long)it->input.n_scans));
    if (it->duplicate)
        return;
    add_detail(it, "new", arena_fmt(a, "%lld", (long long)it->n_new));
    add_detail(it, "same", arena_fmt(a, "%lld", (long long)it->n_same));
    add_detail(it, "conflict", arena_fmt(a, "%lld", (long long)it->n_conflict));
}

/* ---- storing ---- */

static int
put_scans(struct job *j, struct item *it, struct diag *d)
{
    it->n_new = it->n_same = it->n_conflict = 0;
    for (size_t i = 0; i < it->scans.scans.n; i++) {
        enum store_put put;
        if (store_put_scan(j->store, &it->scans, &it->scans.scans.v[i], &put, d) != 0)
            return -1;
        it->n_new += put == STORE_NEW;
        it->n_same += put == STORE_SAME;
        it->n_conflict += put == STORE_CONFLICT;
    }
    return 0;
}

/* Everything of the batch, then its audit records: one transaction. */
static int
put_batch(struct job *j, void *ctx, struct diag *d)
{
    struct batch *b = ctx;
    struct event events[BATCH_EVENTS];
    assert(b->n <= BATCH_EVENTS);
    for (size_t i = 0; i < b->n; i++) {
        struct item *it = &b->items[i];
        if (!it->rejected && !it->duplicate && put_scans(j, it, d) != 0)
            return diag_context(d, "%.*s", STR_ARG(it->input.name));
        if (!it->duplicate && (store_put_input(j->store, &it->input, d) != 0 ||
                               store_put_warnings(j->store, &it->scans, d) != 0))
            return -1;
        describe(b, it);
        events[i] = it->event;
    }
    return job_append(j, events, b->n, d);
}

/* Files whose bytes were stored before are duplicates: of the database or of this batch. */
static int
mark_duplicates(struct batch *b, struct diag *d)
{
    for (size_t i = 0; i < b->n; i++) {
        struct item *it = &b->items[i];
        struct store_input was;
        if (store_find_input(b->job->store, &it->input.sha256, b->arena, &was, d) != 0)
            return -1;
        it->duplicate = !it->rejected && str_eqc(was.verdict, "stored");
        for (size_t k = 0; k < i && !it->rejected; k++)
            if (memcmp(&b->items[k].input.sha256, &it->input.sha256, SHA256_SIZE) == 0)
                it->duplicate = true;
        if (it->duplicate)
            it->input.verdict = STR("duplicate");
    }
    return 0;
}

/* What the database cannot hold costs its file, not the batch. */
static bool
is_of_the_file(const struct diag *d)
{
    return d->first.code == DIAG_BAD_DATA || d->first.code == DIAG_TOO_BIG;
}

static int
prepare_item(struct batch *b, struct item *it, struct diag *d)
{
    if (it->rejected || it->duplicate || store_prepare(b->job->store, &it->scans, d) == 0)
        return 0;
    if (!is_of_the_file(d))
        return diag_context(d, "%.*s", STR_ARG(it->input.name));
    struct scan_file nothing = {.path = it->file.path, .sha256 = it->scans.sha256};
    it->rejected = true;
    diag_at(d, "%.*s", STR_ARG(it->file.name));
    it->scans = nothing;
    fill_input(it, &nothing, d, b->arena);
    diag_clear(d);
    return 0;
}

static int
prepare_batch(struct batch *b, struct diag *d)
{
    for (size_t i = 0; i < b->n; i++)
        if (prepare_item(b, &b->items[i], d) != 0)
            return -1;
    return 0;
}

static void
add_up(const struct batch *b, struct ingest_summary *sum, struct arena *a)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct item *it = &b->items[i];
        sum->n_files++;
        sum->n_rejected += it->rejected;
        sum->n_duplicate += it->duplicate;
        sum->n_stored += !it->rejected && !it->duplicate;
        sum->n_scans += it->n_new;
        sum->n_scans_same += it->n_same;
        sum->n_scans_conflict += it->n_conflict;
        if (it->rejected)
            *VEC_PUSH(a, &sum->rejected) = (struct ingest_reject){
                .name = arena_str(a, it->input.name), .reason = arena_str(a, it->input.reason)};
    }
}

/* Prepares and stores; again when what was prepared is no longer what is needed (a delta whose
 * base moved on meanwhile). */
static int
store_batch(struct batch *b, struct diag *d)
{
    enum { TRIES = 3 };
    for (int try = 1;; try++) {
        if (mark_duplicates(b, d) != 0 || prepare_batch(b, d) != 0)
            return -1;
        if (job_transact(b->job, put_batch, b, d) == 0)
            return 0;
        if (d->first.code != DIAG_RETRY || try == TRIES)
            return -1;
        diag_clear(d);
    }
}

static bool
has_delta(const struct item *it)
{
    for (size_t i = 0; i < it->scans.scans.n; i++)
        if (it->scans.scans.v[i].delta)
            return true;
    return false;
}

/* Deltas build on what was stored before them: each is a batch of its own. */
static size_t
next_part(const struct batch *b, size_t from)
{
    size_t n = 1;
    while (!has_delta(&b->items[from]) && from + n < b->n && !has_delta(&b->items[from + n]))
        n++;
    return n;
}

static int
ingest_batch(struct batch *b, struct ingest_summary *sum, struct diag *d)
{
    for (size_t i = 0; i < b->n; i++)
        parse_item(b, &b->items[i]);
    for (size_t i = 0, n; !b->job->dry_run && i < b->n; i += n) {
        struct batch part = *b;
        n = next_part(b, i);
        part.items = b->items + i;
        part.n = n;
        if (store_batch(&part, d) != 0)
            return -1;
    }
    add_up(b, sum, d->arena);
    return 0;
}

static struct batch
batch_of(struct job *j, const char *agent, struct arena *a, const struct spool_file *files,
         size_t n)
{
    struct batch b = {.job = j, .arena = a, .agent = agent, .n = n};
    b.items = ARENA_ARRAY(a, struct item, n);
    for (size_t i = 0; i < n; i++)
        b.items[i].file = files[i];
    return b;
}

/* ---- the spool ---- */

/* A rejected file is kept with its reason; all others are in the database now. */
static int
settle(struct spool *s, const struct batch *b, struct diag *d)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct item *it = &b->items[i];
        int rc = it->rejected ? spool_reject(s, &it->file, it->input.reason, d)
                              : spool_done(s, &it->file, d);
        if (rc != 0)
            return -1;
    }
    return 0;
}

static void
release_all(struct spool *s, const struct spool_file *files, size_t n)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag ignored = diag_init(a); /* what cannot go back now is taken back by the next run */
    for (size_t i = 0; i < n; i++)
        if (file_exists(files[i].path.s))
            spool_release(s, &files[i], &ignored);
}

static int
take_batch(struct job *j, struct spool *s, struct ingest_summary *sum, size_t *ret_n,
           struct diag *d)
{
    struct spool_file *files;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    if (spool_claim(s, BATCH_FILES, BATCH_BYTES, &files, ret_n, d) != 0 || *ret_n == 0)
        return diag_failed(d) ? -1 : 0;
    struct batch b = batch_of(j, NULL, a, files, *ret_n);
    if (ingest_batch(&b, sum, d) != 0 || j->dry_run || settle(s, &b, d) != 0) {
        release_all(s, files, *ret_n);
        return diag_failed(d) ? -1 : 0;
    }
    return 0;
}

int
job_ingest_spool(struct job *j, const char *dir, struct ingest_summary *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO(spool_close_auto) struct spool *s = NULL;
    struct spool_options o = {.dir = dir,
                              .delete_done = j->config.spool_delete,
                              .settle_s = (int)j->config.spool_settle_s};
    if (spool_open(&o, a, &s, d) != 0)
        return -1;
    size_t n, total = spool_waiting(s);
    do {
        if (take_batch(j, s, ret, &n, d) != 0)
            return -1;
        if (j->progress && n)
            j->progress("ingest", (size_t)ret->n_files, total);
    } while (n > 0);
    return 0;
}

/* ---- named paths ---- */

struct path_list {
    VEC(struct spool_file) files;
};

static int
add_path(struct path_list *l, const char *path, struct arena *a, struct diag *d)
{
    struct stat st;
    if (strcmp(path, "-") == 0) {
        *VEC_PUSH(a, &l->files) = (struct spool_file){
            .name = STR("(standard input)"), .path = STR("-"), .mtime = env_wall_us() / 1000000};
        return 0;
    }
    if (stat(path, &st) != 0) {
        diag_fail(d, DIAG_IO, "cannot read: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    struct str p = arena_str(a, str_c(path));
    *VEC_PUSH(a, &l->files) = (struct spool_file){
        .name = file_base_name(p), .path = p, .size = st.st_size, .mtime = (int64_t)st.st_mtime};
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
        if (add_path(l, sub, a, d) != 0)
            return -1;
    }
    if (l->files.n > first)
        qsort(l->files.v + first, l->files.n - first, sizeof *l->files.v, by_name);
    return 0;
}

int
job_ingest_paths(struct job *j, const char *const *paths, size_t n, const char *agent,
                 struct ingest_summary *ret, struct diag *d)
{
    struct stat st;
    struct path_list l = {0};
    for (size_t i = 0; i < n; i++) {
        bool folder = stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode);
        if ((folder ? add_folder : add_path)(&l, paths[i], d->arena, d) != 0)
            return -1;
    }
    for (size_t i = 0; i < l.files.n;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        size_t take = 0;
        for (int64_t bytes = 0; i + take < l.files.n && take < BATCH_FILES; take++) {
            bytes += l.files.v[i + take].size;
            if (take && bytes > BATCH_BYTES)
                break;
        }
        struct batch b = batch_of(j, agent, a, l.files.v + i, take);
        if (ingest_batch(&b, ret, d) != 0)
            return -1;
        i += take;
        if (j->progress)
            j->progress("ingest", i, l.files.n);
    }
    return 0;
}
