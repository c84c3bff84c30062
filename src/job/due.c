/* Periods, schedules and runs held against each other. Called by schedule.c, which makes what is due, and by `assay schedule`, which
 * tells of it. */
#include "job/due.h"

#include <assert.h>

#include "base/env.h"
#include "job/known.h"
#include "job/request.h"
#include "settings/zone.h"

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

/* The closed periods behind the first scan whose time has come and that have no report yet, newest first. */
static size_t
list_open(const struct definition *def, int64_t first_scan, const struct store_run *runs,
          size_t n_runs, size_t max, struct period *ret, struct arena *a)
{
    size_t n = 0;
    int64_t now = env_today();
    assert(max <= MAX_PERIODS);
    for (struct period p = period_closed(def->period, now); p.to > first_scan && n < max;
         p = period_previous(p)) {
        int64_t at = due_at(def, p);
        if (at == CLOCK_NONE || at > now)
            continue;
        if (!is_done(runs, n_runs, period_key(a, p)))
            ret[n++] = p;
        if (def->latest_only)
            break;
    }
    return n;
}

static int
list_due(struct act *act, const struct definition *def, int64_t first_scan,
         const struct store_run *runs, size_t n_runs, size_t max, struct arena *a,
         struct period **ret, size_t *ret_n, struct diag *d)
{
    struct period *all = ARENA_ARRAY(a, struct period, MAX_PERIODS);
    size_t n_open = first_scan == CLOCK_NONE
                        ? 0
                        : list_open(def, first_scan, runs, n_runs, MAX_PERIODS, all, a);
    size_t n = 0;
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
due_list(struct act *act, const struct definition *def, int64_t first_scan, size_t max,
         struct arena *a, struct period **ret, size_t *ret_n, struct diag *d)
{
    struct store_run *runs;
    size_t n_runs;
    return store_load_runs(act->store, def->name, a, &runs, &n_runs, d) == 0
               ? list_due(act, def, first_scan, runs, n_runs, max, a, ret, ret_n, d)
               : -1;
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
describe(struct act *act, int64_t first_scan, struct arena *a, struct due_state *s, struct diag *d)
{
    AUTO(zone_leave) struct zone_before before = zone_enter(s->def.zone, a);
    struct store_run *runs;
    struct period *due;
    size_t n_runs;
    if (store_load_runs(act->store, s->definition, a, &runs, &n_runs, d) != 0 ||
        list_due(act, &s->def, first_scan, runs, n_runs, MAX_PERIODS, a, &due, &s->n_due, d) != 0)
        return -1;
    s->next = s->n_due ? due[0] : period_closed(s->def.period, env_today());
    while (!s->n_due && (s->next_at = due_at(&s->def, s->next)) <= env_today() &&
           s->next_at != CLOCK_NONE)
        s->next = period_around(s->def.period, s->next.to);
    s->next_at = due_at(&s->def, s->next);
    s->next_key = period_key(a, s->next);
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
    int64_t first_scan;
    if (store_first_scan(act->store, &first_scan, d) != 0 ||
        definition_list(overlay, a, &names, &n, d) != 0)
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
        else if (describe(act, first_scan, a, &s, d) != 0)
            return -1;
        *VEC_PUSH(a, &all) = s;
    }
    *ret = all.v;
    *ret_n = all.n;
    return 0;
}
