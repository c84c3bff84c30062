/* Classes of files: what a spool keeps, sealed reports, memories of exporters. The record comes before the files go: a
 * run that is killed between leaves files that the next one tells of once more, never one that is gone untold. Called by
 * prune.c. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/sent.h"
#include "audit/record.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "intake/shelf.h"
#include "job/prune.h"
#include "settings/target_options.h"
#include "sign/manifest.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct shelf *, shelf_close)
AUTO_DEFINE(DIR *, closedir)

enum { MAX_MANIFEST = 16 << 20, A_RECORD = 100 /* files */ };

#define GOING ".pruned-" /* before the name of a version that is being removed */

static void
count_file(struct prune_count *c, int64_t n_bytes, int64_t at)
{
    const struct prune_count one = {.n = 1, .n_bytes = n_bytes, .oldest = at, .newest = at};
    prune_count_add(c, &one);
}

/* As many records as the changes take, each with those that it spells out; the first one counts them all. */
static int
record_files(struct prune_job *p, const struct prune_count *count, const struct event_change *c,
             size_t n, struct arena *a, struct diag *d)
{
    const struct prune_count none = {.oldest = CLOCK_NONE, .newest = CLOCK_NONE};
    VEC(struct event) events = {0};
    for (size_t at = 0; at < n;) {
        size_t room = audit_record_fits(c + at, n - at, a);
        room = room > 8 ? room - 8 : 1; /* what prune_event() says itself */
        room = room < n - at ? room : n - at;
        *VEC_PUSH(a, &events) = prune_event(p, at ? &none : count, c + at, room, a);
        at += room;
    }
    if (act_record(p->act, events.v, events.n, d) != 0)
        return -1;
    if (p->result->first_seq < 0)
        p->result->first_seq = p->act->appended.seq - (int64_t)events.n + 1;
    prune_told(p);
    return 0;
}

/* ---- what the spool keeps ---- */

/* A file that a hold keeps: its scans are held, or what came in its time is. */
static int
is_held(struct prune_job *p, struct shelf *s, struct shelf_file *f, bool *ret, struct diag *d)
{
    const struct prune_order *o = &p->order;
    *ret = false;
    if (!shelf_hash(s, f))
        return 0;
    for (size_t i = 0; i < o->n_holds; i++)
        *ret = *ret || (!o->holds[i].is_of_agents && !o->holds[i].is_of_policies &&
                        f->at >= o->holds[i].from && f->at < o->holds[i].to);
    return *ret ? 0 : prune_is_file_held(p->act->store, o, &f->sha256, ret, d);
}

static int
remove_some(struct prune_job *p, struct shelf *s, const shelf_files *l, struct arena *a,
            struct diag *d)
{
    struct event_change *c = ARENA_ARRAY(a, struct event_change, l->n + 1);
    struct prune_count count = {.oldest = CLOCK_NONE, .newest = CLOCK_NONE};
    for (size_t i = 0; i < l->n; i++) {
        const struct shelf_file *f = &l->v[i];
        c[i] =
            (struct event_change){.field = STR("file"),
                                  .old_value = STR(""),
                                  .new_value = arena_fmt(a, "%s %.*s", sha256_hex(a, &f->sha256).s,
                                                         STR_ARG(utf8_repair(a, f->name)))};
        count_file(&count, f->size, f->at);
    }
    prune_count_add(&p->result->count, &count);
    if (p->order.is_dry || !l->n)
        return 0;
    if (record_files(p, &count, c, l->n, a, d) != 0)
        return -1;
    for (size_t i = 0; i < l->n; i++)
        if (shelf_remove(s, &l->v[i], d) != 0)
            return -1;
    return 0;
}

static int
run_shelf(struct prune_job *p, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO(shelf_close_auto) struct shelf *s = NULL;
    shelf_files all = {0};
    if (shelf_open(&p->act->config, p->result->class, a, &s, d) != 0 ||
        (s && shelf_list(s, p->order.before, a, &all, d) != 0))
        return -1;
    for (size_t i = 0; i < all.n;) {
        AUTO(arena_free_auto) struct arena *some = arena_new();
        shelf_files go = {0};
        for (; i < all.n && go.n < A_RECORD; i++) {
            bool held;
            if (is_held(p, s, &all.v[i], &held, d) != 0)
                return -1;
            if (held)
                p->result->count.kept[PRUNE_HELD]++;
            else
                *VEC_PUSH(some, &go) = all.v[i];
        }
        if (remove_some(p, s, &go, some, d) != 0)
            return -1;
    }
    return 0;
}

/* ---- sealed reports ---- */

struct version {
    struct str path, id, name;
    int64_t created, n_bytes;
    struct str manifest_hex;
    struct str period;
};

typedef VEC(struct version) version_list;

static bool
is_version_name(const char *name)
{
    return name[0] == 'v' && name[1] >= '1' && name[1] <= '9';
}

/* A folder without a manifest that can be read is none of ours, or a draft: it stays. */
static bool
read_version(struct str path, struct arena *a, struct version *ret)
{
    struct diag unread = diag_init(a);
    struct manifest m;
    struct str bytes;
    if (file_slurp(file_join(a, path.s, "manifest.json").s, MAX_MANIFEST, a, &bytes, &unread) !=
            0 ||
        manifest_parse(bytes, a, &m, &unread) != 0)
        return false;
    struct sha256_digest hash = sha256_of(bytes);
    *ret = (struct version){.path = path,
                            .created = m.created,
                            .n_bytes = (int64_t)bytes.len,
                            .manifest_hex = sha256_hex(a, &hash),
                            .period = m.reports.n ? m.reports.v[0].period : STR("")};
    for (size_t i = 0; i < m.outputs.n; i++)
        ret->n_bytes += m.outputs.v[i].size;
    return true;
}

/* A version is a folder of plain files. */
static int
remove_folder(const char *path, struct arena *a)
{
    AUTO(closedir_auto) DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            unlink(file_join(a, path, e->d_name).s) != 0)
            return -1;
    return rmdir(path);
}

/* "latest" goes when it leads nowhere, and the folder with the last of its versions. */
static void
tidy_report(const char *dir, struct arena *a)
{
    struct str latest = file_join(a, dir, "latest");
    if (access(latest.s, F_OK) != 0)
        unlink(latest.s);
    rmdir(dir); /* unless something is in it */
}

/* What a run that was killed had told of and begun to remove. */
static void
finish_removal(const char *dir, const char *name, struct arena *a)
{
    remove_folder(file_join(a, dir, name).s, a);
    tidy_report(dir, a);
}

static void
list_versions(const char *dir, struct str id, bool is_dry, struct arena *a, version_list *ret)
{
    AUTO(closedir_auto) DIR *of_one = opendir(dir);
    struct version v;
    for (struct dirent *e; of_one && (e = readdir(of_one));) {
        if (!is_dry && str_starts(str_c(e->d_name), GOING))
            finish_removal(dir, e->d_name, a);
        if (!is_version_name(e->d_name) || !read_version(file_join(a, dir, e->d_name), a, &v))
            continue;
        v.id = arena_str(a, id);
        v.name = arena_str(a, str_c(e->d_name));
        *VEC_PUSH(a, ret) = v;
    }
}

static bool
is_report_held(const struct prune_job *p, const struct version *v)
{
    bool is = hold_keeps_report(&p->holds, v->id);
    for (size_t i = 0; i < p->holds.n; i++) {
        const struct hold *h = &p->holds.v[i];
        is = is || (h->released == CLOCK_NONE && h->period.len && str_eq(h->period, v->period));
    }
    return is;
}

/* Under another name first: what is half removed is no version any more. */
static int
remove_version(const struct version *v, struct arena *a, struct diag *d)
{
    struct str parent = arena_str(a, str_n(v->path.s, v->path.len - v->name.len - 1)),
               going = arena_fmt(a, "%.*s/" GOING "%.*s", STR_ARG(parent), STR_ARG(v->name));
    if (rename(v->path.s, going.s) != 0 || remove_folder(going.s, a) != 0) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot be removed: %s", strerror(errno));
        return diag_at(d, "%.*s", STR_ARG(v->path));
    }
    tidy_report(parent.s, a);
    return 0;
}

static int
remove_versions(struct prune_job *p, const version_list *l, struct arena *a, struct diag *d)
{
    struct event_change *c = ARENA_ARRAY(a, struct event_change, l->n + 1);
    struct prune_count count = {.oldest = CLOCK_NONE, .newest = CLOCK_NONE};
    for (size_t i = 0; i < l->n; i++) {
        const struct version *v = &l->v[i];
        c[i] = (struct event_change){.field = STR("report"),
                                     .old_value = STR(""),
                                     .new_value =
                                         arena_fmt(a, "%.*s %.*s/%.*s", STR_ARG(v->manifest_hex),
                                                   STR_ARG(v->id), STR_ARG(v->name))};
        count_file(&count, v->n_bytes, v->created);
    }
    prune_count_add(&p->result->count, &count);
    if (p->order.is_dry || !l->n)
        return 0;
    if (record_files(p, &count, c, l->n, a, d) != 0)
        return -1;
    for (size_t i = 0; i < l->n; i++)
        if (remove_version(&l->v[i], a, d) != 0)
            return -1;
    return 0;
}

static int
run_reports(struct prune_job *p, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    version_list all = {0}, go = {0};
    const char *reports = p->act->config.reports_dir.s;
    AUTO(closedir_auto) DIR *dir = opendir(reports);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            list_versions(file_join(a, reports, e->d_name).s, str_c(e->d_name), p->order.is_dry, a,
                          &all);
    for (size_t i = 0; i < all.n; i++) {
        if (all.v[i].created >= p->order.before)
            continue;
        if (is_report_held(p, &all.v[i]))
            p->result->count.kept[PRUNE_HELD]++;
        else
            *VEC_PUSH(a, &go) = all.v[i];
    }
    return remove_versions(p, &go, a, d);
}

/* ---- memories of exporters ---- */

static bool
is_target(const struct config *c, struct str target, struct arena *a)
{
    bool is = false;
    for (size_t i = 0; i < c->exports.n; i++)
        is = is || str_eq(target_key(&c->exports.v[i], a), target);
    return is;
}

/* Of targets that the settings name no more, to which nothing was sent for so long. */
static int
run_exports(struct prune_job *p, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const struct config *c = &p->act->config;
    struct prune_count count = {.oldest = CLOCK_NONE, .newest = CLOCK_NONE};
    VEC(struct event_change) changes = {0};
    struct sent *v;
    size_t n;
    if (sent_list(c, a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (v[i].at >= p->order.before || is_target(c, v[i].target, a))
            continue;
        *VEC_PUSH(a, &changes) = (struct event_change){STR("target"), STR(""), v[i].target, false};
        count_file(&count, 0, v[i].at);
    }
    prune_count_add(&p->result->count, &count);
    if (p->order.is_dry || !changes.n)
        return 0;
    if (record_files(p, &count, changes.v, changes.n, a, d) != 0)
        return -1;
    for (size_t i = 0; i < changes.n; i++)
        unlink(sent_path(c, changes.v[i].new_value, a).s);
    return 0;
}

const struct prune_class prune_class_done = {
    .name = "done", .keep = offsetof(struct config, keep_done), .run = run_shelf};

const struct prune_class prune_class_rejected = {
    .name = "rejected", .keep = offsetof(struct config, keep_rejected), .run = run_shelf};

const struct prune_class prune_class_reports = {
    .name = "reports", .keep = offsetof(struct config, keep_reports), .run = run_reports};

const struct prune_class prune_class_exports = {
    .name = "exports", .keep = offsetof(struct config, keep_exports), .run = run_exports};
