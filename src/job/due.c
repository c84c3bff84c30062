/* Periods without a report. Called by schedule.c, which makes them, and by prune.c, which leaves them what they need. */
#include "job/due.h"

#include <assert.h>

#include "base/clock.h"
#include "base/env.h"
#include "job/request.h"
#include "model/identity.h"
#include "settings/definition.h"
#include "store/prune.h"

int
due_find_window(struct act *act, struct due_window *ret, struct diag *d)
{
    return store_first_scan(act->store, &ret->first_scan, d) == 0
               ? prune_load_bound(act->store, "scans", &ret->pruned, d)
               : -1;
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

int
due_list(struct act *act, const struct definition *def, const struct due_window *w, struct arena *a,
         struct period *ret, size_t *ret_n, struct diag *d)
{
    struct store_run *runs;
    size_t n_runs, n = 0;
    if (store_load_runs(act->store, def->name, a, &runs, &n_runs, d) != 0)
        return -1;
    struct period p = period_closed(def->period, env_today());
    for (; p.to > w->first_scan && n < DUE_MAX; p = period_previous(p)) {
        if (w->pruned != CLOCK_NONE && period_previous(p).from < w->pruned)
            break;
        if (!is_done(runs, n_runs, period_key(a, p)))
            ret[n++] = p;
    }
    *ret_n = n;
    return 0;
}

int
due_has_version(struct act *act, const struct definition *def, struct period p, bool *ret,
                struct diag *d)
{
    struct str remembered;
    struct report_identity id =
        report_identity_make(d->arena, def->name, report_scope_of(def), STR(""), p);
    *ret = false;
    if (store_load_setting(act->store, id.version_key, d->arena, &remembered, d) != 0)
        return -1;
    const struct report_version newest = report_version_read(remembered);
    *ret = newest.n > 0 && !newest.is_provisional;
    return 0;
}

/* The oldest period of a definition that is to be reported yet. */
static int
find_oldest(struct act *act, const struct definition *def, const struct due_window *w,
            struct arena *a, struct period *ret, struct diag *d)
{
    struct period due[DUE_MAX];
    size_t n;
    bool is_made = true;
    *ret = period_around(def->period, env_today());
    if (due_list(act, def, w, a, due, &n, d) != 0)
        return -1;
    while (n && is_made) {
        if (due_has_version(act, def, due[--n], &is_made, d) != 0)
            return -1;
        if (!is_made)
            *ret = due[n];
    }
    return 0;
}

int
due_oldest(struct act *act, struct arena *a, struct period *ret, struct str *ret_what,
           struct diag *d)
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
        if (!def.scheduled || def.period == PERIOD_CUSTOM)
            continue;
        if (find_oldest(act, &def, &w, a, &p, d) != 0)
            return -1;
        if (ret_what->len && period_previous(p).from >= period_previous(*ret).from)
            continue;
        *ret = p;
        *ret_what = arena_fmt(a, "%.*s %.*s", STR_ARG(def.name), STR_ARG(period_key(a, p)));
    }
    return 0;
}
