/* Decisions about who is expected; `assay agent retire` and `return` call, store/load.c asks at a report. */
#include "intake/duty.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { MAX_REASON = 500 };

struct work {
    const struct str *names;
    size_t n;
    const struct duty *what;
    VEC(struct event) events;
};

/* Everybody who reported or may report. */
static int
load_names(struct act *act, struct arena *a, struct str **ret, size_t *ret_n, struct diag *d)
{
    struct store_agent_group *seen;
    struct store_enrolments list;
    VEC(struct str) names = {0};
    size_t n;
    if (store_load_agent_groups(act->store, a, &seen, &n, d) != 0 ||
        store_load_enrolments(act->store, false, false, a, &list, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(a, &names) = seen[i].name;
    for (size_t i = 0; i < list.v.n; i++)
        *VEC_PUSH(a, &names) = list.v.v[i].name;
    for (size_t i = 0; i < act->config.agents.n; i++)
        *VEC_PUSH(a, &names) = act->config.agents.v[i].name;
    *ret = names.v;
    *ret_n = names.n;
    return 0;
}

static struct event
record_of(const struct duty *what, struct str name, struct arena *a)
{
    struct event_change *c = ARENA_ARRAY(a, struct event_change, 2);
    c[0] = (struct event_change){.field = STR("expected"),
                                 .old_value = what->is_retired ? STR("yes") : STR("no"),
                                 .new_value = what->is_retired ? STR("no") : STR("yes")};
    c[1] = (struct event_change){
        .field = STR("from"), .old_value = STR(""), .new_value = clock_iso(a, what->from)};
    return (struct event){.name = what->is_retired ? "agent.retire" : "agent.return",
                          .severity = 5,
                          .object_type = STR("agent"),
                          .object_id = name,
                          .object_name = name,
                          .reason = what->reason,
                          .changes = c,
                          .n_changes = 2};
}

static int
decide_one(struct act *act, struct work *w, struct str name, struct diag *d)
{
    struct str kept, key = duty_key(name, d->arena);
    if (store_load_setting(act->store, key, d->arena, &kept, d) != 0)
        return -1;
    if (duty_at(kept, w->what->from).is_retired == w->what->is_retired)
        return diag_fail(d, DIAG_USAGE, "%.*s is %s at that time already", STR_ARG(name),
                         w->what->is_retired ? "retired" : "expected");
    *VEC_PUSH(d->arena, &w->events) = record_of(w->what, name, d->arena);
    store_facts_for(act->store, w->events.n - 1);
    struct str now = duty_add(kept, name, w->what, d->arena);
    return act->dry_run ? 0 : store_put_setting(act->store, key, now, d);
}

static int
decide_all(struct act *act, void *ctx, struct diag *d)
{
    struct work *w = ctx;
    w->events.n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (decide_one(act, w, w->names[i], d) != 0)
            return -1;
    return w->events.n && !act->dry_run ? act_append(act, w->events.v, w->events.n, d) : 0;
}

int
duty_decide(struct act *act, const struct str *names, size_t n, const struct duty *what,
            size_t *ret_n, struct diag *d)
{
    struct work w = {.names = names, .n = n, .what = what};
    struct str *known;
    size_t n_known;
    if (!str_trim(what->reason).len || what->reason.len > MAX_REASON || !utf8_valid(what->reason) ||
        memchr(what->reason.s, '\n', what->reason.len))
        return diag_fail(d, DIAG_USAGE, "a reason is a text of one line and at most %d bytes",
                         MAX_REASON);
    if (load_names(act, d->arena, &known, &n_known, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        bool there = false;
        for (size_t k = 0; k < n_known && !there; k++)
            there = str_eq(known[k], names[i]);
        if (!there)
            return diag_unknown(d, DIAG_USAGE, "agent", names[i], known, n_known);
        for (size_t k = 0; k < i; k++)
            if (str_eq(names[k], names[i]))
                return diag_fail(d, DIAG_USAGE, "%.*s is named twice", STR_ARG(names[i]));
    }
    if (act_transact(act, decide_all, &w, d) != 0)
        return -1;
    *ret_n = w.events.n;
    return 0;
}
