/* Bounds of each class, and the classes one after the other. Called by cli and by `assay run`. */
#include "job/prune.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "job/due.h"
#include "settings/target_options.h"

static const struct prune_class *const classes[] = {
    &prune_class_scans,    &prune_class_evidence, &prune_class_inputs, &prune_class_done,
    &prune_class_rejected, &prune_class_reports,  &prune_class_exports};

enum { CLASSES = sizeof classes / sizeof *classes };

const char *
prune_why_word(enum prune_why why)
{
    static const char *const words[PRUNE_WHY__COUNT] = {[PRUNE_GOES] = "gone",
                                                        [PRUNE_NEWEST] = "newest",
                                                        [PRUNE_FIRST] = "first",
                                                        [PRUNE_HELD] = "held",
                                                        [PRUNE_EXPORTED] = "undelivered"};
    return (unsigned)why < PRUNE_WHY__COUNT ? words[why] : NULL;
}

/* ---- bounds ---- */

/* Where the oldest of so many whole months begins that are kept, in the site's zone; the month at hand is kept, too. */
static int64_t
months_ago(int64_t months)
{
    struct period p = period_around(PERIOD_MONTH, env_now());
    for (int64_t i = 0; i < months; i++)
        p = period_previous(p);
    return p.from;
}

static void
note_waits(struct prune_job *p, struct str why)
{
    struct str was = p->result->waits;
    p->result->waits =
        was.len ? arena_fmt(p->arena, "%.*s; %.*s", STR_ARG(was), STR_ARG(why)) : why;
}

/* Asked for by hand it may be younger than the settings say, but never of the last month: reports of it may be wanted
 * yet, and files of it come late. */
static int
find_bound(struct prune_job *p, const struct prune_class *k, struct diag *d)
{
    int64_t keep = *(const int64_t *)((const char *)&p->act->config + k->keep);
    int64_t before = keep ? months_ago(keep) : CLOCK_NONE;
    if (p->q->before != CLOCK_NONE)
        before = p->q->before;
    if (before != CLOCK_NONE && before > months_ago(1))
        return diag_fail(d, DIAG_USAGE,
                         "the month at hand and the one before are always kept: no later bound "
                         "than %s",
                         clock_date(p->arena, months_ago(1)).s);
    p->result->before = before;
    return 0;
}

/* Reports that are still to be made, with the period they are compared with. */
static int
bound_by_reports(struct prune_job *p, struct diag *d)
{
    if (!p->has_reach && due_reach(p->act, p->arena, &p->reach, &p->reach_what, d) != 0)
        return -1;
    p->has_reach = true;
    if (!p->reach_what.len || p->reach >= p->result->before)
        return 0;
    p->result->before = p->reach;
    note_waits(p,
               arena_fmt(p->arena, "the report %.*s is still to be made", STR_ARG(p->reach_what)));
    return 0;
}

/* When the first record was written that a target of the settings has not got; one without a cursor has got nothing. */
static int
find_waiting_target(struct prune_job *p, struct str *target, int64_t *since, struct diag *d)
{
    const struct config *c = &p->act->config;
    for (size_t i = 0; i < c->exports.n; i++) {
        struct store_cursor at;
        struct store_record *r;
        size_t n;
        struct str key = target_key(&c->exports.v[i], p->arena);
        if (store_load_cursor(p->act->store, key, p->arena, &at, d) != 0 ||
            store_load_records(p->act->store, at.seq, 1, p->arena, &r, &n, d) != 0)
            return -1;
        if (n == 0 || (*since != CLOCK_NONE && *since <= r->ts_us / 1000000))
            continue;
        *target = key;
        *since = r->ts_us / 1000000;
    }
    return 0;
}

/* Other hosts have targets, too: their cursors count unless nothing was sent for keep-exports. The clocks of hosts that
 * write records differ: a day is left between. */
static int
bound_by_exports(struct prune_job *p, struct diag *d)
{
    enum { DAY_S = 86400 };
    struct str target;
    int64_t at, keep = p->act->config.keep_exports;
    if (prune_find_undelivered(p->act->store, keep ? months_ago(keep) : 0, p->arena, &target, &at,
                               d) != 0 ||
        find_waiting_target(p, &target, &at, d) != 0)
        return -1;
    p->order.delivered = at == CLOCK_NONE ? INT64_MAX : at - DAY_S;
    if (at == CLOCK_NONE || p->order.delivered >= p->result->before)
        return 0;
    note_waits(p, arena_fmt(p->arena, "%.*s has not got what came since %s%s", STR_ARG(target),
                            clock_iso(p->arena, at).s, p->q->force ? " (forced)" : ""));
    if (p->q->force)
        p->order.delivered = INT64_MAX;
    return 0;
}

static void
note_holds(struct prune_job *p)
{
    for (size_t i = 0; i < p->holds.n; i++)
        if (p->holds.v[i].released == CLOCK_NONE && p->result->count.kept[PRUNE_HELD])
            note_waits(p, arena_fmt(p->arena, "hold %.*s (%.*s)", STR_ARG(p->holds.v[i].id),
                                    STR_ARG(hold_text(&p->holds.v[i], p->arena))));
}

/* ---- records ---- */

struct event
prune_event(const struct prune_job *p, const struct prune_count *count,
            const struct event_change *more, size_t n, struct arena *a)
{
    enum { OWN = 8 };
    const struct prune_result *r = p->result;
    struct str none = STR("");
    struct event_change *c = ARENA_ARRAY(a, struct event_change, OWN + n);
    size_t k = 0;
    c[k++] = (struct event_change){STR("before"), none, clock_iso(a, r->before), false};
    c[k++] =
        (struct event_change){STR("n"), none, arena_fmt(a, "%lld", (long long)count->n), false};
    c[k++] = (struct event_change){STR("bytes"), none,
                                   arena_fmt(a, "%lld", (long long)count->n_bytes), false};
    if (count->n_more)
        c[k++] = (struct event_change){STR("revisions"), none,
                                       arena_fmt(a, "%lld", (long long)count->n_more), false};
    if (count->oldest != CLOCK_NONE) {
        c[k++] = (struct event_change){STR("oldest"), none, clock_iso(a, count->oldest), false};
        c[k++] = (struct event_change){STR("newest"), none, clock_iso(a, count->newest), false};
    }
    if (p->q->force)
        c[k++] = (struct event_change){STR("force"), none, r->waits, false};
    assert(k <= OWN);
    if (n)
        memcpy(c + k, more, n * sizeof *c);
    return (struct event){.name = "data.prune",
                          .severity = p->q->force ? 9 : 5,
                          .object_type = STR("data"),
                          .object_id = str_c(r->class),
                          .object_name = str_c(r->class),
                          .reason = STR(""),
                          .changes = c,
                          .n_changes = k + n};
}

void
prune_told(struct prune_job *p)
{
    int64_t seq = p->act->appended.seq;
    if (p->result->first_seq < 0)
        p->result->first_seq = seq;
    p->result->last_seq = seq;
}

/* ---- one class after the other ---- */

static bool
is_asked(const struct prune_request *q, const struct prune_class *k)
{
    bool is = q->n_classes == 0;
    for (size_t i = 0; i < q->n_classes; i++)
        is = is || strcmp(q->classes[i], k->name) == 0;
    return is;
}

static int
check_classes(const struct prune_request *q, struct diag *d)
{
    for (size_t i = 0; i < q->n_classes; i++) {
        bool is = false;
        for (size_t k = 0; k < CLASSES; k++)
            is = is || strcmp(q->classes[i], classes[k]->name) == 0;
        if (!is)
            return diag_fail(d, DIAG_USAGE,
                             "\"%s\" is no class: scans, evidence, inputs, done, rejected, "
                             "reports, exports",
                             q->classes[i]);
    }
    return q->before == CLOCK_NONE || q->n_classes
               ? 0
               : diag_fail(d, DIAG_USAGE, "--before wants --class: say of what");
}

static int
run_class(struct prune_job *p, const struct prune_class *k, struct diag *d)
{
    if (find_bound(p, k, d) != 0)
        return -1;
    if (p->result->before == CLOCK_NONE)
        return 0;
    p->order.delivered = INT64_MAX;
    if (k->is_data && (bound_by_reports(p, d) != 0 || bound_by_exports(p, d) != 0))
        return -1;
    p->order.before = p->result->before;
    p->order.strips = false;
    p->order.is_dry = p->act->dry_run;
    if (k->run(p, d) != 0)
        return diag_context(d, "%s", k->name);
    note_holds(p);
    return 0;
}

int
prune_job_run(struct act *act, const struct prune_request *q, struct prune_summary *ret,
              struct diag *d)
{
    struct prune_hold *holds;
    struct prune_job p = {.act = act, .q = q, .arena = d->arena};
    *ret = (struct prune_summary){0};
    if (check_classes(q, d) != 0 || hold_load(act, d->arena, &p.holds, d) != 0 ||
        hold_resolve(act, &p.holds, d->arena, &holds, &p.order.n_holds, d) != 0)
        return -1;
    p.order.holds = holds;
    for (size_t i = 0; i < CLASSES; i++) {
        if (!is_asked(q, classes[i]))
            continue;
        p.result = VEC_PUSH(d->arena, &ret->v);
        *p.result = (struct prune_result){.class = classes[i]->name,
                                          .before = CLOCK_NONE,
                                          .count = {.oldest = CLOCK_NONE, .newest = CLOCK_NONE},
                                          .waits = STR(""),
                                          .first_seq = -1,
                                          .last_seq = -1};
        if (run_class(&p, classes[i], d) != 0)
            return -1;
    }
    return 0;
}
