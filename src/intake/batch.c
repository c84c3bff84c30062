/* The first half of taking files in: between ingest/spool.c, which claims them, and intake.c, which
 * stores what was read. */
#include "intake/batch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "confine/confine.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "intake/aliases.h"
#include "intake/enrol.h"
#include "intake/parsers.h"
#include "intake/quota.h"

#define PARSED_BYTES ((size_t)128 << 20) /* of a batch in memory; one file may be more */

struct batch_reader {
    struct act *act;
    const char *agent;
    bool reread; /* also what is stored */
    struct confine *parsers;
    struct enrol *enrol;
    struct aliases *aliases;
    /* The batch at hand, shared with the threads. */
    pthread_t threads[CONFIG_MAX_JOBS];
    unsigned n_running;
    pthread_mutex_t lock;
    struct batch batch;
    size_t next;  /* first item that no thread has taken */
    size_t bytes; /* memory of what was parsed */
    int (*work)(struct batch_reader *r, unsigned thread, struct batch_item *it);
};

/* What a thread starts with. */
struct start {
    struct batch_reader *reader;
    unsigned number;
};

/* ---- threads ---- */

/* The next item, or NULL when there is none or memory is used up. */
static struct batch_item *
next_item(struct batch_reader *r)
{
    struct batch_item *it = NULL;
    pthread_mutex_lock(&r->lock);
    assert(r->next <= r->batch.n);
    if (r->next < r->batch.n && (r->next == 0 || r->bytes < PARSED_BYTES))
        it = &r->batch.v[r->next++];
    pthread_mutex_unlock(&r->lock);
    return it;
}

static void *
run_thread(void *arg)
{
    struct start *s = arg;
    struct batch_reader *r = s->reader;
    for (struct batch_item *it; (it = next_item(r));) {
        r->work(r, s->number, it);
        pthread_mutex_lock(&r->lock);
        r->bytes += arena_used(it->arena);
        pthread_mutex_unlock(&r->lock);
    }
    free(s);
    return NULL;
}

/* Begins work on every item of b; a thread that cannot be had leaves its share to the others. */
static int
start_threads(struct batch_reader *r, struct batch b,
              int (*work)(struct batch_reader *, unsigned, struct batch_item *), struct diag *d)
{
    assert(r->n_running == 0);
    unsigned jobs = confine_jobs(r->parsers);
    int rc = 0;
    r->batch = b;
    r->next = r->bytes = 0;
    r->work = work;
    while (r->n_running < jobs && r->n_running < b.n && rc == 0) {
        struct start *s = mem_alloc(sizeof *s);
        *s = (struct start){.reader = r, .number = r->n_running};
        rc = pthread_create(&r->threads[r->n_running], NULL, run_thread, s);
        if (rc == 0)
            r->n_running++;
        else
            free(s);
    }
    return r->n_running || !b.n ? 0 : diag_fail(d, DIAG_INTERNAL, "no thread: %s", strerror(rc));
}

void
batch_wait(struct batch_reader *r)
{
    while (r->n_running)
        pthread_join(r->threads[--r->n_running], NULL);
}

/* ---- one file, in a thread ---- */

static bool
is_stream(const struct batch_item *it)
{
    return str_eqc(it->file.path, "-");
}

/* Standard input can be read once only: what comes is put into a file without a name, so that hash and size are
 * known whatever becomes of it. What is longer than any file may be is cut, and then refused. */
static int
copy_stream(struct batch_item *it)
{
    static const size_t chunk = 1 << 16;
    int64_t size = 0;
    FILE *to = tmpfile();
    char *bytes = mem_alloc(chunk);
    ssize_t n = 0;
    while (to && size <= LIMIT_FILE &&
           ((n = read(it->file.fd, bytes, chunk)) > 0 || (n < 0 && errno == EINTR))) {
        size += n > 0 ? n : 0;
        if (n > 0 && fwrite(bytes, 1, (size_t)n, to) != (size_t)n)
            break;
    }
    bool is_ok = to && n >= 0 && fflush(to) == 0 && !ferror(to);
    if (!is_ok)
        diag_fail(&it->diag, DIAG_IO, "cannot keep a copy of it in a temporary file: %s",
                  strerror(errno));
    else if (dup3(fileno(to), it->file.fd, O_CLOEXEC) < 0 || lseek(it->file.fd, 0, SEEK_SET) != 0)
        diag_fail(&it->diag, DIAG_IO, "cannot read: %s", strerror(errno));
    free(bytes);
    if (to)
        fclose(to);
    return diag_failed(&it->diag) ? -1 : 0;
}

static int
open_item(struct batch_item *it)
{
    if (it->file.why) {
        diag_fail(&it->diag, DIAG_IO, "cannot read: %s", it->file.why);
        return -1;
    }
    if (it->file.fd < 0)
        it->file.fd = ingest_open(it->file.path.s, &it->diag);
    return it->file.fd < 0 ? -1 : 0;
}

/* The file is opened once: what is hashed here is what is parsed later, also when another file gets its
 * name meanwhile. */
static int
hash_item(struct batch_reader *r, unsigned thread, struct batch_item *it)
{
    (void)r, (void)thread;
    it->scans.sha256 = sha256_of(STR("")); /* of a file that cannot be read */
    if (open_item(it) != 0 || (is_stream(it) && copy_stream(it) != 0))
        return 0;
    struct stat before, after;
    int64_t now = env_wall_us() * 1000;
    if (fstat(it->file.fd, &before) != 0 ||
        sha256_of_fd(it->file.fd, &it->scans.size, &it->scans.sha256) != 0 ||
        fstat(it->file.fd, &after) != 0) {
        diag_fail(&it->diag, DIAG_IO, "cannot read: %s", strerror(errno));
        return 0;
    }
    struct unchanged_state then = unchanged_state(&after);
    it->state = unchanged_state(&before);
    it->at_rest = unchanged_is_at_rest(&it->state, &then, now);
    return 0;
}

static struct ingest_context
context_of(const struct batch_reader *r, const struct batch_item *it)
{
    return parsers_context(&r->act->config, it->file.path.s, it->file.name, r->agent,
                           it->file.mtime, it->arena);
}

/* What was parsed is not what was hashed before. When the file has another hash now, somebody still
 * writes it; when it has the old one, the parser told of other bytes: the file may have taken the
 * parser over. */
static int
settle_change(struct batch_item *it)
{
    int64_t size;
    struct sha256_digest now;
    it->is_moving = sha256_of_fd(it->file.fd, &size, &now) != 0 ||
                    memcmp(&now, &it->scans.sha256, sizeof now) != 0;
    return diag_fail(&it->diag, DIAG_BAD_DATA,
                     it->is_moving
                         ? "the file changed while it was read: is it still being written?"
                         : "reading it made the parser tell of another file: treat the "
                           "file and its sender as hostile");
}

static int
parse_item(struct batch_reader *r, unsigned thread, struct batch_item *it)
{
    struct scan_file f = {.path = it->file.path};
    if (it->duplicate || diag_failed(&it->diag))
        return 0;
    struct ingest_context c = context_of(r, it);
    if (confine_parse(r->parsers, thread, &c, it->file.fd, it->arena, &f, &it->diag) != 0)
        return -1;
    if (memcmp(&f.sha256, &it->scans.sha256, sizeof f.sha256) != 0)
        return settle_change(it);
    it->scans = f;
    for (size_t i = 0; i < f.scans.n; i++)
        scan_settle_catalogue(
            &f.scans.v[i]); /* work for many threads, not for the one that stores */
    return 0;
}

/* ---- judging, in the caller's thread ---- */

/* A scan must say whose it is and what was checked, or it cannot be kept. */
static int
check_identity(const struct scan_file *f, struct diag *d)
{
    for (size_t i = 0; i < f->scans.n; i++) {
        const struct scan *s = &f->scans.v[i];
        if (!s->asset.name.len)
            return identity_refuse(&s->asset, d);
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
    return f->scans.n ? 0 : diag_fail(d, DIAG_BAD_DATA, "the file holds no scan");
}

/* The store can keep the times of the years 1970 to 9999; a file's own can be any. */
static int
check_times(const struct scan_file *f, struct diag *d)
{
    for (size_t i = 0; i < f->scans.n; i++)
        if (f->scans.v[i].end < 0 || f->scans.v[i].end > LIMIT_LAST_TIME)
            return diag_fail(d, DIAG_BAD_DATA, "the time of a scan is missing or out of range");
    return 0;
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

int
batch_judge(const struct config *c, struct enrol *e, const char *path, struct scan_file *f,
            struct arena *a, struct diag *d)
{
    assert(path && !diag_failed(d));
    group_assets(c, f, a);
    if (f->holds_nothing)
        return 0;
    if (check_identity(f, d) != 0 || check_times(f, d) != 0 ||
        (e && enrol_check(e, path, f, a, d) != 0))
        return -1;
    return quota_check_file(c, f, d);
}

static void
fill_input(struct batch_item *it)
{
    const struct scan_file *f = &it->scans;
    struct str verdict = it->rejected ? STR("rejected") : STR("stored");
    it->input = (struct store_input){.sha256 = f->sha256,
                                     .name = utf8_repair(it->arena, it->file.name),
                                     .format = f->scans.n ? f->scans.v[0].format : STR(""),
                                     .verdict = it->duplicate ? STR("duplicate") : verdict,
                                     .reason = it->rejected ? diag_text(&it->diag) : STR(""),
                                     .host = str_c(env_host()),
                                     .custody = f->custody,
                                     .size = is_stream(it) ? it->scans.size : it->file.size,
                                     .received = env_wall_us() / 1000000,
                                     .n_scans = (int64_t)f->scans.n};
}

/* What was read of a refused file is forgotten, but for its hash. */
static void
refuse_item(struct batch_item *it)
{
    struct scan_file nothing = {.path = it->file.path,
                                .sha256 = it->scans.sha256,
                                .size = it->scans.size,
                                .custody = STR("")};
    assert(diag_failed(&it->diag));
    diag_at(&it->diag, "%.*s", STR_ARG(it->file.name));
    it->rejected = true;
    it->scans = nothing;
    fill_input(it);
}

void
batch_reject(struct batch_item *it, struct diag *d)
{
    assert(diag_failed(d) && !it->rejected);
    it->diag.first.code = d->first.code;
    it->diag.first.place = arena_str(it->arena, d->first.place);
    it->diag.first.text = arena_str(it->arena, d->first.text);
    diag_clear(d);
    refuse_item(it);
}

/* For the question whether these bytes are stored already: where the file names its hosts they are
 * the same file whoever brings them; where it names none, they are another host's each time. */
static struct str
whose(const struct scan_file *f)
{
    assert(f->scans.n);
    return f->scans.v[0].asset.is_given ? f->scans.v[0].asset.name : STR("");
}

static int
judge_aliases(struct batch_reader *r, struct batch_item *it, struct diag *d)
{
    for (size_t i = 0; i < it->scans.scans.n; i++)
        if (aliases_judge(r->aliases, &it->scans.scans.v[i].asset, &it->diag, d) != 0)
            return -1;
    return 0;
}

static int
judge_item(struct batch_reader *r, struct batch_item *it, struct diag *d)
{
    struct diag *mine = &it->diag;
    const char *at = it->file.at ? it->file.at : it->file.path.s;
    assert(!it->rejected);
    it->is_early = it->file.is_fresh && mine->first.code == DIAG_TRUNCATED;
    it->is_nothing = !diag_failed(mine) && !it->duplicate && it->scans.holds_nothing;
    if (it->is_nothing)
        it->is_listed = enrol_settle_sender(r->enrol, at, it->agent, &it->scans, it->arena);
    if (it->is_early || it->is_nothing)
        return 0;
    if (!diag_failed(mine) && !it->duplicate &&
        batch_judge(&r->act->config, r->enrol, at, &it->scans, it->arena, mine) == 0) {
        it->agent = whose(&it->scans);
        if (!r->reread && judge_aliases(r, it, d) != 0)
            return -1;
    }
    /* a failure of ours is not the file's: the run ends and the file stays where it was */
    if (mine->first.code == DIAG_INTERNAL) {
        diag_fail(d, mine->first.code, "%.*s", STR_ARG(mine->first.text));
        return diag_at(d, "%.*s", STR_ARG(it->file.name));
    }
    for (size_t i = 0; i < mine->warnings.n; i++)
        *VEC_PUSH(it->arena, &it->scans.warnings) = mine->warnings.v[i];
    if (diag_failed(mine))
        refuse_item(it);
    else
        fill_input(it);
    return 0;
}

/* ---- batches ---- */

/* Files whose bytes were stored before need not be read again. */
static int
mark_stored(struct batch_reader *r, struct batch *b, struct diag *d)
{
    if (r->reread)
        return 0;
    struct store_bytes *files = ARENA_ARRAY(d->arena, struct store_bytes, b->n);
    bool *stored = ARENA_ARRAY(d->arena, bool, b->n);
    for (size_t i = 0; i < b->n; i++)
        files[i] = (struct store_bytes){&b->v[i].scans.sha256, b->v[i].agent};
    if (store_find_stored(r->act->store, files, b->n, stored, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n; i++)
        b->v[i].duplicate = stored[i] && !is_stream(&b->v[i]) && !diag_failed(&b->v[i].diag);
    return 0;
}

static struct batch
batch_of(const struct batch_reader *r, const struct spool_file *files, size_t n)
{
    struct batch b = {.v = mem_alloc(n * sizeof *b.v), .n = n};
    for (size_t i = 0; i < n; i++) {
        struct batch_item *it = &b.v[i];
        it->file = files[i];
        it->arena = arena_new();
        it->diag = diag_init(it->arena);
        it->scans.path = files[i].path;
        it->agent = context_of(r, it).asset_name;
    }
    return b;
}

int
batch_begin(struct batch_reader *r, const struct spool_file *files, size_t n, struct batch *ret,
            struct diag *d)
{
    struct batch b = batch_of(r, files, n);
    *ret = b;
    if (start_threads(r, b, hash_item, d) != 0)
        return -1;
    batch_wait(r);
    if (mark_stored(r, &b, d) != 0)
        return -1;
    return start_threads(r, b, parse_item, d);
}

/* Cuts the items that no thread took off b. */
static struct batch
cut_rest(struct batch *b, size_t n_taken)
{
    assert(n_taken <= b->n);
    struct batch rest = {.n = b->n - n_taken};
    if (rest.n == 0)
        return rest;
    rest.v = mem_alloc(rest.n * sizeof *rest.v);
    memcpy(rest.v, b->v + n_taken, rest.n * sizeof *rest.v);
    b->n = n_taken;
    return rest;
}

int
batch_finish(struct batch_reader *r, struct batch *b, struct batch *ret_rest, struct diag *d)
{
    batch_wait(r);
    *ret_rest = cut_rest(b, r->next);
    for (size_t i = 0; i < b->n; i++)
        if (judge_item(r, &b->v[i], d) != 0)
            return -1;
    return ret_rest->n ? start_threads(r, *ret_rest, parse_item, d) : 0;
}

void
batch_drop_item(struct batch_item *it)
{
    if (it->file.fd >= 0)
        close(it->file.fd);
    arena_free(it->arena);
}

void
batch_drop(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        batch_drop_item(&b->v[i]);
    free(b->v);
    *b = (struct batch){0};
}

/* ---- opening and closing ---- */

int
batch_open(struct act *act, const char *agent, struct batch_reader **ret, struct diag *d)
{
    struct batch_reader *r = mem_alloc(sizeof *r);
    unsigned jobs = (unsigned)act->config.jobs;
    *r = (struct batch_reader){.act = act, .agent = agent};
    pthread_mutex_init(&r->lock, NULL);
    assert(jobs > 0 && jobs <= CONFIG_MAX_JOBS);
    r->aliases = aliases_new(act->store);
    if (enrol_open(&act->config, act->store, &r->enrol, d) != 0 ||
        parsers_open(&act->config, jobs, &r->parsers, d) != 0 ||
        parsers_check_agent(agent, d) != 0) {
        batch_close(r);
        return -1;
    }
    *ret = r;
    return 0;
}

void
batch_reread(struct batch_reader *r)
{
    assert(r->n_running == 0);
    r->reread = true;
}

void
batch_close(struct batch_reader *r)
{
    if (!r)
        return;
    batch_wait(r);
    confine_close(r->parsers);
    enrol_close(r->enrol);
    aliases_free(r->aliases);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
