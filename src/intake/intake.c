/* The second half of taking files in: what batch.c parsed -> the store room, one transaction a part
 * of a batch; and where files come from and go to. */
#include "intake/intake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/map.h"
#include "base/utf8.h"
#include "intake/aliases.h"
#include "intake/quota.h"
#include "intake/restore.h"
#include "intake/revise.h"
#include "intake/late.h"
#include "intake/months.h"
#include "intake/source.h"
#include "store/prune.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct spool *, spool_close)
AUTO_DEFINE(struct batch_reader *, batch_close)
AUTO_DEFINE(struct nothing *, nothing_free)

enum { BATCH_FILES = 100 };
#define BATCH_BYTES ((int64_t)32 << 20)
#define WATCH_BYTES ((size_t)4 << 20) /* of names; then the spool is opened anew */

/* Whom a watch tells. */
struct intake_watcher {
    intake_watch_fn *say;
    void *self;
};

/* What one transaction stores. */
struct part {
    struct act *act;
    struct batch_item *items;
    size_t n;
};

/* ---- the audit record of a file ---- */

static void
add_detail(struct batch_item *it, const char *field, struct str value)
{
    assert(it->event.n_changes < sizeof it->details / sizeof *it->details);
    it->details[it->event.n_changes++] =
        (struct event_change){.field = str_c(field), .old_value = STR(""), .new_value = value};
}

static void
describe_item(struct batch_item *it)
{
    struct arena *a = it->arena;
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
    add_detail(it, "revised", arena_fmt(a, "%lld", (long long)it->n_revised));
}

/* ---- storing ---- */

static int
put_scans(struct act *act, struct batch_item *it, struct diag *d)
{
    it->n_new = it->n_same = it->n_revised = 0;
    it->beside.n = it->revised.n = 0;
    for (size_t i = 0; i < it->scans.scans.n; i++) {
        const struct scan *s = &it->scans.scans.v[i];
        struct store_outcome o;
        if (store_put_scan(act->store, &it->scans, s, &o, d) != 0)
            return -1;
        it->n_new += o.put == STORE_NEW || o.put == STORE_FULLER || o.put == STORE_REVISED;
        it->n_same += o.put == STORE_SAME || o.put == STORE_CONTAINED;
        it->n_revised += o.put == STORE_REVISED;
        if (o.put != STORE_NEW && o.put != STORE_SAME)
            *VEC_PUSH(it->arena, &it->beside) = revise_event(s, &it->scans.sha256, &o, it->arena);
        if (o.put == STORE_REVISED)
            *VEC_PUSH(it->arena, &it->revised) = revise_text(s, &o, it->arena);
    }
    return 0;
}

/* The rows of the files, all at once. */
static int
put_inputs(const struct part *b, struct diag *d)
{
    const struct store_input *inputs[BATCH_FILES];
    size_t n = 0;
    assert(b->n <= BATCH_FILES);
    for (size_t i = 0; i < b->n; i++)
        if (!b->items[i].duplicate)
            inputs[n++] = &b->items[i].input;
    if (store_put_inputs(b->act->store, inputs, n, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n; i++)
        if (!b->items[i].duplicate && store_put_warnings(b->act->store, &b->items[i].scans, d) != 0)
            return -1;
    return 0;
}

static int
lock_lines(const struct part *b, struct diag *d)
{
    const struct scan_file *files[BATCH_FILES];
    size_t n = 0;
    assert(b->n <= BATCH_FILES);
    for (size_t i = 0; i < b->n; i++)
        if (!b->items[i].rejected && !b->items[i].duplicate)
            files[n++] = &b->items[i].scans;
    return n ? store_lock_lines(b->act->store, files, n, d) : 0;
}

/* A file without a scan that is new may have been stored by another run since mark_duplicates looked, which was
 * before the lines were locked: then it is a duplicate, and the part begins anew. */
static int
look_again(struct act *act, const struct batch_item *it, struct diag *d)
{
    const struct store_bytes file = {&it->input.sha256, it->agent};
    bool is_stored = false;
    if (it->n_new > 0 || it->n_same == 0)
        return 0;
    if (store_find_stored(act->store, &file, 1, &is_stored, d) != 0)
        return -1;
    return is_stored ? diag_fail(d, DIAG_RETRY, "another run has stored it") : 0;
}

/* Everything of the batch, then its audit records: one transaction. */
static int
put_part(struct act *act, void *ctx, struct diag *d)
{
    struct part *b = ctx;
    VEC(struct event) events = {0};
    assert(b->n <= BATCH_FILES);
    if (lock_lines(b, d) != 0 || quota_book(act, b->items, b->n, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n; i++) {
        struct batch_item *it = &b->items[i];
        it->input.event = events.n;
        store_facts_for(act->store, events.n);
        if (!it->rejected && !it->duplicate &&
            (put_scans(act, it, d) != 0 || look_again(act, it, d) != 0))
            return diag_context(d, "%.*s", STR_ARG(it->input.name));
        describe_item(it);
        *VEC_PUSH(d->arena, &events) = it->event;
        for (size_t k = 0; k < it->beside.n; k++)
            *VEC_PUSH(d->arena, &events) = it->beside.v[k];
    }
    return put_inputs(b, d) == 0 ? act_append(act, events.v, events.n, d) : -1;
}

/* Files whose bytes were stored before are duplicates: of the database or of this batch. */
static int
mark_duplicates(struct part *b, struct diag *d)
{
    struct store_bytes files[BATCH_FILES];
    bool stored[BATCH_FILES];
    assert(b->n <= BATCH_FILES);
    for (size_t i = 0; i < b->n; i++)
        files[i] = (struct store_bytes){&b->items[i].input.sha256, b->items[i].agent};
    if (store_find_stored(b->act->store, files, b->n, stored, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n; i++) {
        struct batch_item *it = &b->items[i];
        bool is_twice = false;
        for (size_t k = 0; k < i && !is_twice; k++)
            is_twice = !b->items[k].rejected && str_eq(b->items[k].agent, it->agent) &&
                       memcmp(&b->items[k].input.sha256, &it->input.sha256, SHA256_SIZE) == 0;
        it->duplicate = !it->rejected && (stored[i] || is_twice);
        if (it->duplicate)
            it->input.verdict = STR("duplicate");
    }
    return 0;
}

/* Before anything of the files is written. */
static int
judge_quotas(struct part *b, struct diag *d)
{
    if (quota_judge(b->act, b->items, b->n, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n; i++) {
        struct diag why = b->items[i].diag;
        if (!b->items[i].rejected && diag_failed(&why))
            batch_reject(&b->items[i], &why);
    }
    return 0;
}

/* Of a time whose scans were pruned nothing is stored any more: it would stand there alone. */
static int
judge_ages(struct part *b, struct diag *d)
{
    int64_t gone;
    if (prune_load_closed(b->act->store, &gone, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n && gone != CLOCK_NONE; i++) {
        struct batch_item *it = &b->items[i];
        for (size_t k = 0; k < it->scans.scans.n && !it->rejected && !it->duplicate; k++) {
            struct diag why = diag_init(it->arena);
            if (it->scans.scans.v[k].end >= gone)
                continue;
            diag_fail(&why, DIAG_REFUSED,
                      "its scan of %s comes too late: scans before %s were pruned (keep-scans)",
                      clock_iso(it->arena, it->scans.scans.v[k].end).s,
                      clock_iso(it->arena, gone).s);
            batch_reject(it, &why);
        }
    }
    return 0;
}

/* Prepares what will be stored. What the database cannot hold costs its file, not those it came with:
 * that file is refused, and the others are prepared anew. */
static int
prepare_part(struct part *b, struct diag *d)
{
    for (;;) {
        const struct scan_file *files[BATCH_FILES] = {0};
        struct batch_item *items[BATCH_FILES];
        size_t n = 0, at = 0;
        for (size_t i = 0; i < b->n; i++) {
            if (b->items[i].rejected || b->items[i].duplicate)
                continue;
            items[n] = &b->items[i];
            files[n++] = &b->items[i].scans;
        }
        if (store_prepare(b->act->store, files, n, &at, d) == 0)
            return 0;
        if (at >= n) /* the fault of no file */
            return -1;
        if (d->first.code == DIAG_TOO_BIG && n > 1) /* rows of several files are sent together */
            return -1;
        if (d->first.code != DIAG_BAD_DATA && d->first.code != DIAG_TOO_BIG)
            return diag_context(d, "%.*s", STR_ARG(items[at]->input.name));
        batch_reject(items[at], d);
    }
}

static void
add_remarks(const struct batch_item *it, struct intake_summary *sum, struct arena *a)
{
    for (size_t i = 0; i < it->scans.warnings.n; i++) {
        const struct diag_note *w = &it->scans.warnings.v[i];
        if (!str_eqc(w->place, ALIASES_PLACE))
            continue;
        if (sum->n_remarks++ < INTAKE_REMARKS)
            *VEC_PUSH(a, &sum->remarks) =
                arena_fmt(a, "%.*s: %.*s", STR_ARG(utf8_name(a, it->input.name)), STR_ARG(w->text));
    }
}

static void
add_up(const struct batch *b, struct intake_summary *sum, struct arena *a)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct batch_item *it = &b->v[i];
        sum->n_files++;
        sum->n_rejected += it->rejected;
        sum->n_duplicate += it->duplicate;
        sum->n_stored += !it->rejected && !it->duplicate;
        sum->n_scans += it->n_new;
        sum->n_scans_same += it->n_same;
        sum->n_scans_revised += it->n_revised;
        for (size_t k = 0; k < it->revised.n; k++)
            *VEC_PUSH(a, &sum->revised) = arena_str(a, it->revised.v[k]);
        if (!it->rejected && !it->duplicate)
            add_remarks(it, sum, a);
        if (it->rejected)
            *VEC_PUSH(a, &sum->rejected) = (struct intake_reject){
                .name = arena_str(a, it->input.name), .reason = arena_str(a, it->input.reason)};
    }
}

static int store_part(struct part *b, struct diag *d);

/* A statement was larger than the server takes: that costs the file that it is of. Which one shows when each is
 * stored for itself. */
static int
store_apart(struct part *b, struct diag *d)
{
    assert(d->first.code == DIAG_TOO_BIG);
    if (b->n == 1) {
        if (b->items[0].rejected)
            return -1;
        batch_reject(&b->items[0], d);
        return store_part(b, d);
    }
    diag_clear(d);
    for (size_t i = 0; i < b->n; i++) {
        struct part one = {.act = b->act, .items = b->items + i, .n = 1};
        if (store_part(&one, d) != 0)
            return -1;
    }
    return 0;
}

/* Prepares and stores; again when what was prepared is no longer what is needed (a delta whose
 * base moved on meanwhile), and when the connection was lost. */
static int
store_part(struct part *b, struct diag *d)
{
    enum { TRIES = 3 };
    struct store_outage away = {0};
    for (int try = 1;;) {
        if (mark_duplicates(b, d) == 0 && judge_quotas(b, d) == 0 &&
            judge_ages(b, d) == 0 && prepare_part(b, d) == 0 &&
            act_transact(b->act, put_part, b, d) == 0)
            return 0;
        bool is_lost = d->first.code == DIAG_LOST;
        if (d->first.code == DIAG_TOO_BIG)
            return store_apart(b, d);
        if (!diag_may_pass(d) ||
            (is_lost ? !store_outlast(b->act->store, &away, d) : try++ == TRIES))
            return -1;
        diag_clear(d);
    }
}

static bool
has_delta(const struct batch_item *it)
{
    for (size_t i = 0; i < it->scans.scans.n; i++)
        if (it->scans.scans.v[i].delta)
            return true;
    return false;
}

/* True when the file holds a part of a scan of which another part was seen before, such as the second
 * page of several. Notes what it holds. */
static bool
has_further_part(const struct batch_item *it, struct map *seen, struct arena *a)
{
    bool is_there = false;
    for (size_t i = 0; i < it->scans.scans.n; i++) {
        const struct scan *s = &it->scans.scans.v[i];
        if (!s->partial)
            continue;
        struct str key = arena_fmt(a, "%lld %.*s %.*s", (long long)s->end, STR_ARG(s->asset.name),
                                   STR_ARG(s->policy.id));
        is_there = is_there || map_get_index(seen, key) >= 0;
        map_put_index(seen, key, i);
    }
    return is_there;
}

/* Deltas, and further parts of one scan, build on what was stored before them: the former are a batch
 * of their own, the latter begin one. */
static size_t
next_part(const struct part *b, size_t from)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct map *seen = map_new(a);
    size_t n = 1;
    assert(from < b->n);
    if (has_delta(&b->items[from]))
        return n;
    has_further_part(&b->items[from], seen, a);
    while (from + n < b->n && !has_delta(&b->items[from + n]) &&
           !has_further_part(&b->items[from + n], seen, a))
        n++;
    return n;
}

/* Stores what was parsed. A file that was still being written is left out: it comes again. */
static int
store_parts(struct act *act, struct batch *b, struct diag *d)
{
    struct part all = {.act = act, .items = b->v, .n = b->n};
    for (size_t i = 0, n; i < b->n; i += n) {
        n = next_part(&all, i);
        struct part part = {.act = act, .items = b->v + i, .n = n};
        if (store_part(&part, d) != 0 || late_merge(act, d) != 0)
            return -1;
    }
    return 0;
}

/* ---- from files to files ---- */

/* The next files, as many as one transaction takes; *ret_n 0 = there are no more. */
static int
next_files(struct intake_source *s, const struct spool_file **ret, size_t *ret_n, struct diag *d)
{
    int64_t bytes = 0;
    size_t n = 0;
    if (s->spool) {
        struct spool_file *claimed = NULL;
        int rc = spool_claim(s->spool, BATCH_FILES, BATCH_BYTES, &claimed, ret_n, d);
        *ret = claimed;
        return rc;
    }
    *ret = s->files + s->at;
    while (s->at < s->n && n < BATCH_FILES) {
        bytes += s->files[s->at].size;
        if (n && bytes > BATCH_BYTES)
            break;
        n++;
        s->at++;
    }
    *ret_n = n;
    return 0;
}

/* Begins to parse the next files while the caller stores those before. */
static int
begin_next(struct batch_reader *r, struct intake_source *s, struct batch *ret, struct diag *d)
{
    const struct spool_file *files;
    size_t n;
    if (next_files(s, &files, &n, d) != 0)
        return -1;
    return n ? batch_begin(r, files, n, ret, d) : 0;
}

/* A rejected file is kept with its reason; all others are in the database now. */
static int
settle_spool(struct spool *s, const struct batch *b, struct diag *d)
{
    for (size_t i = 0; s && i < b->n; i++) {
        const struct batch_item *it = &b->v[i];
        int rc = it->rejected ? spool_reject(s, &it->file, it->input.reason, d)
                              : spool_done(s, &it->file, false, d);
        if (rc != 0)
            return -1;
    }
    return 0;
}

/* Puts claimed files back; what cannot go back now is taken back by the next run. */
static void
release_claims(struct spool *s, const struct batch *b)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag ignored = diag_init(a);
    for (size_t i = 0; s && i < b->n; i++)
        spool_release(s, &b->v[i].file, &ignored);
}

/* Takes files that somebody still writes, or may write, out of the batch and puts them back into the
 * spool. */
static int
leave_moving(struct spool *s, struct batch *b, struct intake_summary *sum, struct diag *d)
{
    size_t kept = 0;
    int rc = 0;
    for (size_t i = 0; s && i < b->n; i++) {
        struct batch_item *it = &b->v[i];
        if (rc != 0 || (!it->is_moving && !it->is_early)) {
            b->v[kept++] = *it;
            continue;
        }
        sum->n_early += it->is_early;
        rc = it->is_early ? spool_postpone(s, &it->file, d) : spool_release(s, &it->file, d);
        batch_drop_item(it);
    }
    assert(kept <= b->n);
    if (s)
        b->n = kept;
    return rc;
}

/* What is stored need not be read again while it lies there unchanged. */
static void
note_states(struct unchanged *u, const struct batch *b)
{
    for (size_t i = 0; u && i < b->n; i++) {
        const struct batch_item *it = &b->v[i];
        if (it->at_rest && !it->rejected)
            unchanged_note(u, &it->state, &it->input.sha256);
    }
}

static int
store_and_settle(struct act *act, struct intake_source *from, struct batch *b,
                 struct intake_summary *sum, struct diag *d)
{
    struct spool *s = from->spool;
    if (from->restore) {
        if (restore_batch(act, b, sum, d) != 0)
            return -1;
        add_up(b, sum, d->arena);
        return 0;
    }
    if (leave_moving(s, b, sum, d) != 0)
        return -1;
    int64_t n_nothing = (int64_t)nothing_take(from->nothing, s, b);
    sum->n_files += n_nothing;
    sum->n_nothing += n_nothing;
    if (!act->dry_run && store_parts(act, b, d) != 0)
        return -1;
    add_up(b, sum, d->arena);
    if (act->dry_run) {
        release_claims(s, b);
        return 0;
    }
    note_states(from->unchanged, b);
    if (settle_spool(s, b, d) != 0)
        return -1;
    return nothing_is_due(from->nothing, false) ? nothing_settle(from->nothing, act, s, d) : 0;
}

int
intake_all(struct act *act, struct batch_reader *r, struct intake_source *s,
           struct intake_summary *sum, struct diag *d)
{
    struct batch now = {0}, next = {0};
    int rc = begin_next(r, s, &next, d);
    while (rc == 0 && next.n) {
        now = next;
        rc = batch_finish(r, &now, &next, d);
        if (rc == 0 && next.n == 0)
            rc = begin_next(r, s, &next, d);
        if (rc == 0)
            rc = store_and_settle(act, s, &now, sum, d);
        if (rc != 0)
            release_claims(s->spool, &now);
        else if (act->progress)
            act->progress("ingest", (size_t)sum->n_files, s->total);
        batch_drop(&now);
    }
    batch_wait(r);
    release_claims(s->spool, &next);
    batch_drop(&next);
    return rc == 0 && !s->restore ? months_settle(act, d) : rc;
}

/* ---- the spool ---- */

static void
add_left(struct spool *s, struct intake_summary *ret, struct arena *a)
{
    const struct spool_left *left;
    size_t n = spool_take_left(s, &left);
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(a, &ret->left) = (struct intake_left){.name = arena_str(a, left[i].name),
                                                        .why = arena_str(a, left[i].why)};
}

/* Everything that waits now. */
static int
intake_waiting(struct act *act, struct spool *s, struct nothing *nothing,
               struct intake_summary *ret, struct diag *d)
{
    AUTO(batch_close_auto) struct batch_reader *r = NULL;
    struct intake_source from = {.spool = s, .total = spool_waiting(s), .nothing = nothing};
    int rc = 0;
    if (from.total > 0)
        rc = batch_open(act, NULL, &r, d) == 0 ? intake_all(act, r, &from, ret, d) : -1;
    add_left(s, ret, d->arena);
    return rc;
}

/* One opening of a spool that is watched: until so many names were seen that it is opened anew. */
static int
watch_rounds(struct act *act, struct spool *s, const struct arena *names, struct nothing *nothing,
             struct intake_watcher *w, struct diag *d)
{
    enum { LOOK_AGAIN_MS = 10000 }; /* a network file system tells nobody what others put there */
    while (arena_used(names) < WATCH_BYTES) {
        AUTO(arena_free_auto) struct arena *round = arena_new();
        struct diag mine = diag_init(round);
        struct intake_summary sum = {0};
        if (intake_waiting(act, s, nothing, &sum, &mine) != 0)
            return diag_pass_on(d, &mine);
        w->say(w->self, &sum);
        if (nothing_is_due(nothing, true) && nothing_settle(nothing, act, s, d) != 0)
            return -1;
        if (spool_wait(s, LOOK_AGAIN_MS, d) != 0 || spool_list(s, d) != 0)
            return -1;
    }
    return nothing_settle(nothing, act, s, d);
}

/* What a watch lets pass, however long it takes: a server of the site that is away, or one that is busy. */
static bool
watch_goes_on(struct act *act, struct store_outage *o, struct diag *d)
{
    bool is_away = d->first.code == DIAG_UNAVAILABLE && act->config.option_file.len;
    if (!is_away && !diag_may_pass(d))
        return false;
    store_outlast(act->store, o, d);
    diag_clear(d);
    return true;
}

static struct spool_options
options_of(const struct config *c, const char *dir)
{
    return (struct spool_options){.dir = dir,
                                  .delete_done = c->spool_delete,
                                  .settle_s = (int)c->spool_settle_s,
                                  .settle_all = c->spool_settle_all};
}

int
intake_watch(struct act *act, const char *dir, intake_watch_fn *say, void *self, struct diag *d)
{
    struct intake_watcher w = {say, self};
    struct spool_options o = options_of(&act->config, dir);
    struct store_outage away = {0};
    o.watch = true;
    for (;;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        AUTO(nothing_free_auto) struct nothing *nothing = nothing_new();
        AUTO(spool_close_auto) struct spool *s = NULL;
        if (spool_open(&o, a, &s, d) != 0)
            return -1;
        if (watch_rounds(act, s, a, nothing, &w, d) == 0) {
            away = (struct store_outage){0};
            continue;
        }
        nothing_release(nothing, s);
        if (!watch_goes_on(act, &away, d))
            return -1;
    }
}

int
intake_spool(struct act *act, const char *dir, struct intake_summary *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO(nothing_free_auto) struct nothing *nothing = nothing_new();
    AUTO(spool_close_auto) struct spool *s = NULL;
    struct spool_options o = options_of(&act->config, dir);
    if (spool_open(&o, a, &s, d) != 0)
        return -1;
    int rc = intake_waiting(act, s, nothing, ret, d);
    if (rc == 0)
        rc = nothing_settle(nothing, act, s, d);
    if (rc != 0)
        nothing_release(nothing, s);
    add_left(s, ret, d->arena); /* what could not be moved at the end */
    return rc;
}
