/* Periods, schedules and runs held against each other. Called by schedule.c, which makes what is due, by `assay schedule`, which
 * tells of it, and by prune.c, which leaves it what it needs. */
#include "job/due.h"

#include <assert.h>

#include "base/clock.h"
#include "base/env.h"
#include "job/known.h"
#include "job/request.h"
#include "settings/zone.h"
#include "store/prune.h"

enum { MAX_PERIODS = 1000 };

int64_t
due_at(const struct definition *def, struct period p)
{
    return def->schedule.len ? calendar_next(&def->calendar, p.to - 1) : p.to;
}

static bool
is_done(const struct store_run *runs, size_t n, struct str key)
{
    assert(runs || n == 0);
    for (size_t i = 0; i < n; i++)
        if (str_eq(runs[i].period_key, key) && str_eqc(runs[i].state, "done"))
            return true;
    return false;
}

/* What somebody has made and sealed already is his: a night makes no other version of it, unless it was provisional. */
static int
has_version(struct act *act, const struct definition *def, struct period p, struct arena *a,
            bool *ret, struct diag *d)
{
    struct str remembered;
    struct report_identity id =
        report_identity_make(a, def->name, report_scope_of(def), STR(""), p);
    *ret = false;
    if (store_load_setting(act->store, id.version_key, a, &remembered, d) != 0)
        return -1;
    const struct report_version newest = report_version_read(remembered);
    *ret = newest.n > 0 && !newest.is_provisional;
    return 0;
}

/* A report compares with the period before: that must be whole, too. */
static bool
is_pruned(const struct due_window *w, struct period p)
{
    return w->pruned != CLOCK_NONE && period_previous(p).from < w->pruned;
}

/* The closed periods behind the first scan whose time has come, and with_waiting those that wait for it, too, that have no report
 * yet, newest first. */
static size_t
list_open(const struct definition *def, const struct due_window *w, const struct store_run *runs,
          size_t n_runs, bool with_waiting, size_t max, struct period *ret, struct arena *a)
{
    size_t n = 0;
    int64_t now = env_today();
    struct period p = period_closed(def->period, now);
    assert(max <= MAX_PERIODS);
    if (w->first_scan == CLOCK_NONE)
        return 0;
    for (; p.to > w->first_scan && !is_pruned(w, p) && n < max; p = period_previous(p)) {
        int64_t at = due_at(def, p);
        if (at == CLOCK_NONE || (at > now && !with_waiting))
            continue;
        if (!is_done(runs, n_runs, period_key(a, p)))
            ret[n++] = p;
        if (at <= now && def->latest_only)
            break;
    }
    return n;
}

/* Those of list_open() that nobody has sealed by hand; the oldest first. */
static int
list_due(struct act *act, const struct definition *def, const struct due_window *w,
         const struct store_run *runs, size_t n_runs, bool with_waiting, size_t max,
         struct arena *a, struct period **ret, size_t *ret_n, struct diag *d)
{
    struct period *all = ARENA_ARRAY(a, struct period, MAX_PERIODS);
    size_t n_open = list_open(def, w, runs, n_runs, with_waiting, MAX_PERIODS, all, a), n = 0;
    for (size_t i = 0; i < n_open && n < max; i++) {
        bool is_made;
        if (has_version(act, def, all[i], a, &is_made, d) != 0)
            return -1;
        if (!is_made)
            all[n++] = all[i];
    }
    for (size_t i = 0; i < n / 2; i++) {
        struct period swap = all[i];
        all[i] = all[n - 1 - i];
        all[n - 1 - i] = swap;
    }
    *ret = all;
    *ret_n = n;
    return 0;
}

int
due_find_window(struct act *act, struct due_window *ret, struct diag *d)
{
    return store_first_scan(act->store, &ret->first_scan, d) == 0
               ? prune_load_bound(act->store, "scans", &ret->pruned, d)
               : -1;
}

int
due_list(struct act *act, const struct definition *def, const struct due_window *w, size_t max,
         struct arena *a, struct period **ret, size_t *ret_n, struct diag *d)
{
    struct store_run *runs;
    size_t n_runs;
    return store_load_runs(act->store, def->name, a, &runs, &n_runs, d) == 0
               ? list_due(act, def, w, runs, n_runs, false, max, a, ret, ret_n, d)
               : -1;
}

/* ---- what is to be left for them ---- */

/* The oldest period of a definition that is to be reported yet. */
static int
find_oldest(struct act *act, const struct definition *def, const struct due_window *w,
            struct arena *a, struct period *ret, struct diag *d)
{
    struct store_run *runs;
    struct period *open;
    size_t n_runs, n;
    if (store_load_runs(act->store, def->name, a, &runs, &n_runs, d) != 0 ||
        list_due(act, def, w, runs, n_runs, true, MAX_PERIODS, a, &open, &n, d) != 0)
        return -1;
    *ret = n ? open[0] : period_around(def->period, env_today());
    return 0;
}

int
due_reach(struct act *act, struct arena *a, int64_t *ret_from, struct str *ret_what, struct diag *d)
{
    const struct config *c = &act->config;
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    struct due_window w;
    struct str *names;
    size_t n;
    *ret_what = STR("");
    if (due_find_window(act, &w, d) != 0 || definition_list(overlay, a, &names, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n && w.first_scan != CLOCK_NONE; i++) {
        struct definition def;
        struct period p;
        if (definition_load(names[i].s, overlay, &request_choices, a, &def, d) != 0)
            return diag_context(d, "what the definition %.*s needs is not known",
                                STR_ARG(names[i]));
        AUTO(zone_leave) struct zone_before before = zone_enter(def.zone, a);
        if (!def.scheduled || def.period == PERIOD_CUSTOM)
            continue;
        if (find_oldest(act, &def, &w, a, &p, d) != 0)
            return -1;
        int64_t from = period_previous(p).from;
        if (ret_what->len && from >= *ret_from)
            continue;
        *ret_from = from;
        *ret_what = arena_fmt(a, "%.*s %.*s", STR_ARG(def.name), STR_ARG(period_key(a, p)));
    }
    return 0;
}

/* ---- how it stands ---- */

const char *
due_word(enum due_word word)
{
    static const char *const words[] = {
        [DUE_WAITS] = "waits",   [DUE_NOW] = "due",       [DUE_RUNS] = "running",
        [DUE_FAILED] = "failed", [DUE_PAUSED] = "paused", [DUE_FAULTY] = "faulty"};
    return words[word];
}

/* What the runs say: one that is being made, or that failed and was not made since. */
static void
judge(struct due_state *s, const struct store_run *runs, size_t n_runs, struct str due_key)
{
    s->word = !s->def.scheduled ? DUE_PAUSED : s->n_due ? DUE_NOW : DUE_WAITS;
    s->last = (struct store_run){.state = STR(""), .changed = CLOCK_NONE};
    for (size_t i = 0; i < n_runs; i++) {
        const struct store_run *run = &runs[i];
        if (run->changed >= s->last.changed)
            s->last = *run;
        if (str_eqc(run->state, "claimed") && !run->is_over)
            s->word = DUE_RUNS;
        else if (s->word == DUE_NOW && str_eqc(run->state, "failed") &&
                 str_eq(run->period_key, due_key)) {
            s->word = DUE_FAILED;
            s->reason = run->reason;
        }
    }
}

static int
describe(struct act *act, const struct due_window *w, struct arena *a, struct due_state *s,
         struct diag *d)
{
    AUTO(zone_leave) struct zone_before before = zone_enter(s->def.zone, a);
    struct store_run *runs;
    struct period *due, next;
    size_t n_runs;
    if (store_load_runs(act->store, s->definition, a, &runs, &n_runs, d) != 0 ||
        list_due(act, &s->def, w, runs, n_runs, false, MAX_PERIODS, a, &due, &s->n_due, d) != 0)
        return -1;
    next = s->n_due ? due[0] : period_closed(s->def.period, env_today());
    while (!s->n_due && (s->next_at = due_at(&s->def, next)) <= env_today() &&
           s->next_at != CLOCK_NONE)
        next = period_around(s->def.period, next.to);
    s->next_at = due_at(&s->def, next);
    s->next_key = period_key(a, next);
    judge(s, runs, n_runs, s->next_key);
    return 0;
}

int
due_states(struct act *act, struct arena *a, struct due_state **ret, size_t *ret_n, struct diag *d)
{
    const char *overlay = act->config.templates_dir.len ? act->config.templates_dir.s : NULL;
    VEC(struct due_state) all = {0};
    struct str *names;
    size_t n;
    struct due_window w;
    if (due_find_window(act, &w, d) != 0 || definition_list(overlay, a, &names, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct diag one = diag_init(a);
        struct due_state s = {
            .definition = names[i], .word = DUE_FAULTY, .reason = STR(""), .next_at = CLOCK_NONE};
        s.last.state = s.next_key = STR("");
        if (definition_load(names[i].s, overlay, &request_choices, a, &s.def, &one) != 0 ||
            known_check_definition(act, &s.def, &one) != 0)
            s.reason = diag_text(&one);
        else if (s.def.period == PERIOD_CUSTOM || (!s.def.scheduled && !s.def.schedule.len))
            continue;
        else if (describe(act, &w, a, &s, d) != 0)
            return -1;
        *VEC_PUSH(a, &all) = s;
    }
    *ret = all.v;
    *ret_n = all.n;
    return 0;
}
