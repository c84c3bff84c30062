/* Classes of rows: scans, what they say of single checks, files received. Each part is an act with its record, so that a
 * kill leaves whole parts, and the next run goes on. Called by prune.c. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/fault.h"
#include "intake/months.h"
#include "job/prune.h"

AUTO_DEFINE(struct arena *, arena_free)

/* Up to where a class was pruned, and how much was held back there, "open" while a run has not come to its end; a row of
 * the settings, so that the log tells of it. */
static struct str
mark_key(const struct prune_job *p, struct arena *a)
{
    return arena_fmt(a, "pruned:%s", p->result->class);
}

static int64_t
n_kept_back(const struct prune_count *c)
{
    return c->kept[PRUNE_HELD] + c->kept[PRUNE_EXPORTED];
}

/* The bound never goes back: what was pruned once is gone. kept is -1 while the run is not over. */
static int
put_mark(struct prune_job *p, int64_t kept, struct diag *d)
{
    int64_t was;
    if (prune_load_bound(p->act->store, p->result->class, &was, d) != 0)
        return -1;
    int64_t before = was != CLOCK_NONE && was > p->order.before ? was : p->order.before;
    struct str value =
        arena_fmt(d->arena, "%s %lld", clock_iso(d->arena, before).s, (long long)kept);
    if (kept < 0)
        value = arena_fmt(d->arena, "%s open", clock_iso(d->arena, before).s);
    return store_put_setting(p->act->store, mark_key(p, d->arena), value, d);
}

/* What was looked at already needs no second look unless something was held back then. */
static int
find_since(struct prune_job *p, int64_t *ret, struct diag *d)
{
    struct str value;
    struct clock_time t;
    int64_t kept;
    *ret = 0;
    if (store_load_setting(p->act->store, mark_key(p, d->arena), d->arena, &value, d) != 0)
        return -1;
    p->was_open = str_ends(value, " open");
    if (clock_parse(str_cut(&value, ' '), 0, &t) && str_to_i64(value, &kept) && kept == 0)
        *ret = t.t;
    return 0;
}

/* ---- scans ---- */

struct part {
    struct prune_job *p;
    const struct prune_line *lines;
    size_t n, done;
    struct prune_place at;
    struct prune_count count;
    struct prune_sweep *sweep;
};

static int
append_part(struct part *s, int64_t kept, struct diag *d)
{
    struct event e = prune_event(s->p, &s->count, NULL, 0, d->arena);
    return put_mark(s->p, kept, d) == 0 ? act_append(s->p->act, &e, 1, d) : -1;
}

/* Texts may have lost their last name: such a note is like no other, so that who has swept knows
 * whether it still speaks of what was looked at. */
static int
put_sweep_due(struct act *act, struct diag *d)
{
    struct str due = arena_fmt(d->arena, "due %016llx", (unsigned long long)env_random_id());
    return store_put_setting(act->store, STR("pruned:sweep"), due, d);
}

/* The note that texts may have lost their last name stands with the first of them. The last part says that the class is
 * done, also when nothing of it goes. */
static int
put_scans_part(struct act *act, void *ctx, struct diag *d)
{
    struct part *s = ctx;
    if (prune_scans(act->store, &s->p->order, s->lines, s->n, &s->count, &s->done, d) != 0)
        return -1;
    bool is_last = s->done == s->n;
    if (!s->count.n && !(is_last && (s->p->was_open || s->p->result->count.n)))
        return act_append(act, NULL, 0, d);
    if (put_sweep_due(act, d) != 0)
        return -1;
    return append_part(s, is_last ? n_kept_back(&s->p->result->count) + n_kept_back(&s->count) : -1,
                       d);
}

static void
note_part(struct part *s)
{
    fault_point("prune_part");
    if (s->count.n)
        prune_told(s->p);
    prune_count_add(&s->p->result->count, &s->count);
}

static int
run_scans_of(struct prune_job *p, struct diag *d)
{
    struct prune_line *lines;
    size_t n;
    int64_t since;
    if (find_since(p, &since, d) != 0 ||
        prune_list_lines(p->act->store, since, p->order.before, p->arena, &lines, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct part s = {.p = p, .lines = lines + i, .n = n - i};
        int rc = p->order.is_dry
                     ? prune_scans(p->act->store, &p->order, s.lines, s.n, &s.count, &s.done, &one)
                     : act_transact(p->act, put_scans_part, &s, &one);
        if (rc != 0)
            return diag_pass_on(d, &one);
        i += s.done;
        if (!p->order.is_dry)
            note_part(&s);
        else
            prune_count_add(&p->result->count, &s.count);
        if (p->act->progress)
            p->act->progress("prune", i, n);
    }
    return 0;
}

/* ---- sweeping ---- */

static int
put_sweep_part(struct act *act, void *ctx, struct diag *d)
{
    struct part *s = ctx;
    const struct event_change what = {
        STR("texts"), STR(""), s->sweep->kind == 'd' ? STR("detail sets") : STR("evidence"), false};
    if (prune_drop_garbage(act->store, s->sweep, &s->count, d) != 0)
        return -1;
    struct event e = prune_event(s->p, &s->count, &what, 1, d->arena);
    return act_append(act, &e, s->count.n > 0, d);
}

static int
sweep_parts(struct prune_job *p, struct prune_sweep *sweep, struct diag *d)
{
    while (sweep->at < sweep->n) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        struct part s = {.p = p, .sweep = sweep};
        if (act_transact(p->act, put_sweep_part, &s, &one) != 0)
            return diag_pass_on(d, &one);
        fault_point("prune_sweep");
        size_t left = sweep->n - sweep->at;
        sweep->at += left < PRUNE_PART ? left : PRUNE_PART;
        p->result->n_texts += s.count.n;
        p->result->n_text_bytes += s.count.n_bytes;
        if (s.count.n)
            prune_told(p);
    }
    return 0;
}

/* Detail sets first: they name evidence. */
static int
sweep(struct prune_job *p, struct diag *d)
{
    static const char kinds[] = {'d', 'e'};
    for (size_t i = 0; i < sizeof kinds; i++) {
        struct prune_sweep s = {.kind = kinds[i]};
        while (!s.is_over) {
            AUTO(arena_free_auto) struct arena *a = arena_new();
            if (prune_find_garbage(p->act->store, &s, a, d) != 0 || sweep_parts(p, &s, d) != 0)
                return -1;
        }
    }
    return 0;
}

struct sweep_end {
    struct prune_job *p;
    struct str due; /* the note of before the sweep */
};

/* The note that texts are to be swept stands before the first of them is named by nobody, and goes
 * behind the last: a run that was killed between leaves it to the next. So does one beside which
 * another took scans out: that one's note stays. Behind the lock of the log nobody puts another. */
static int
put_sweep_note(struct act *act, void *ctx, struct diag *d)
{
    const struct sweep_end *s = ctx;
    const struct prune_result *r = s->p->result;
    const struct event_change change = {STR("sweep"), STR(""), STR("done"), false};
    struct prune_count none = {
        .oldest = CLOCK_NONE, .newest = CLOCK_NONE, .n = r->n_texts, .n_bytes = r->n_text_bytes};
    struct sha256_digest last;
    struct str note;
    int64_t size;
    if (store_lock_audit_head(act->store, &size, &last, d) != 0 ||
        store_load_setting(act->store, STR("pruned:sweep"), d->arena, &note, d) != 0)
        return -1;
    if (!str_eq(note, s->due))
        return act_append(act, NULL, 0, d);
    struct event e = prune_event(s->p, &none, &change, 1, d->arena);
    return store_put_setting(act->store, STR("pruned:sweep"), STR("done"), d) == 0
               ? act_append(act, &e, 1, d)
               : -1;
}

static int
finish_sweep(struct prune_job *p, struct diag *d)
{
    struct sweep_end s = {.p = p};
    if (p->order.is_dry)
        return 0;
    if (store_load_setting(p->act->store, STR("pruned:sweep"), p->arena, &s.due, d) != 0)
        return -1;
    if (!str_starts(s.due, "due"))
        return 0;
    return sweep(p, d) == 0 ? act_transact(p->act, put_sweep_note, &s, d) : -1;
}

/* What a month came to stays when its scans go: so it is closed before. */
static int
bound_by_months(struct prune_job *p, struct diag *d)
{
    int64_t open;
    if (p->order.is_dry)
        return 0;
    if (months_close_all(p->act, d) != 0 ||
        prune_find_open_month(p->act->store, p->order.before, &open, d) != 0)
        return -1;
    p->result->before = p->order.before = open;
    return 0;
}

static int
run_scans(struct prune_job *p, struct diag *d)
{
    return bound_by_months(p, d) == 0 && run_scans_of(p, d) == 0 ? finish_sweep(p, d) : -1;
}

/* A scan without its details is another row: its month is closed anew, for which all its scans have to be there. */
static int
run_evidence(struct prune_job *p, struct diag *d)
{
    p->order.strips = true;
    if (prune_load_closed(p->act->store, &p->order.from, d) != 0 || run_scans_of(p, d) != 0 ||
        finish_sweep(p, d) != 0)
        return -1;
    return p->result->count.n && !p->order.is_dry ? months_close_all(p->act, d) : 0;
}

/* ---- inputs ---- */

static int
put_inputs_part(struct act *act, void *ctx, struct diag *d)
{
    struct part *s = ctx;
    struct prune_place at = s->at;
    if (prune_inputs(act->store, &s->p->order, &at, &s->count, d) != 0)
        return -1;
    if (s->count.n ? append_part(s, 0, d) != 0 : act_append(act, NULL, 0, d) != 0)
        return -1;
    s->at = at;
    return 0;
}

static int
run_inputs(struct prune_job *p, struct diag *d)
{
    struct part s = {.p = p};
    while (s.at.received != CLOCK_NONE) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        int rc = p->order.is_dry ? prune_inputs(p->act->store, &p->order, &s.at, &s.count, &one)
                                 : act_transact(p->act, put_inputs_part, &s, &one);
        if (rc != 0)
            return diag_pass_on(d, &one);
        if (!p->order.is_dry)
            note_part(&s);
        else
            prune_count_add(&p->result->count, &s.count);
    }
    return 0;
}

const struct prune_class prune_class_scans = {.name = "scans",
                                              .keep = offsetof(struct config, keep_scans),
                                              .is_data = true,
                                              .run = run_scans};

const struct prune_class prune_class_evidence = {.name = "evidence",
                                                 .keep = offsetof(struct config, keep_evidence),
                                                 .is_data = true,
                                                 .run = run_evidence};

const struct prune_class prune_class_inputs = {.name = "inputs",
                                               .keep = offsetof(struct config, keep_inputs),
                                               .is_data = true,
                                               .run = run_inputs};
