/* Changes to the list of agents; `assay agent` calls, intake/enrol.c asks the list at the next run. */
#include "intake/agent.h"

#include <assert.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/map.h"
#include "base/utf8.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "model/duty.h"

enum { MAX_CHANGES = 3, MAX_ALIASES = 1000, ALIASES_TEXT = MAX_ALIASES * (LIMIT_AGENT_NAME + 2) };

/* The list while it is changed. */
struct work {
    struct act *act;
    const struct agent_change *c;
    struct store_enrolments list;
    struct map *by_name;  /* -> index into list, of those that are there */
    struct map *by_alias; /* -> index of the agent that has it */
    struct arena *a;
    VEC(struct event) events;
};

struct kind {
    const char *event;
    int severity;
};

static const struct kind kinds[] = {
    [AGENT_ADD] = {"agent.add", 4},           [AGENT_ALIAS] = {"agent.alias", 5},
    [AGENT_UNALIAS] = {"agent.alias", 5},     [AGENT_FREEZE] = {"agent.freeze", 4},
    [AGENT_UNFREEZE] = {"agent.unfreeze", 5}, [AGENT_REMOVE] = {"agent.remove", 5},
};

/* ---- names ---- */

/* Why a name cannot be put on the list; NULL = it can. What cannot be read cannot be agreed to. */
static const char *
why_no_name(struct str name, struct arena *a)
{
    if (!name.len || name.len > LIMIT_AGENT_NAME)
        return "it is empty or too long";
    if (!utf8_valid(name) || !str_eq(name, utf8_name(a, name)))
        return "it holds characters that do not show, or not as themselves";
    return identity_why_none(name).len ? "it is no name of a host" : NULL;
}

static int
check_name(struct str name, struct arena *a, struct diag *d)
{
    const char *why = why_no_name(name, a);
    if (!why)
        return 0;
    struct str shown = utf8_name(a, utf8_cut(name, LIMIT_AGENT_NAME));
    return diag_fail(d, DIAG_USAGE, "\"%.*s\" is no name for the list: %s", STR_ARG(shown), why);
}

/* Only what comes onto the list: what is there already can be taken off. */
static int
check_names(const struct agent_change *c, struct arena *a, struct diag *d)
{
    for (size_t i = 0; c->act == AGENT_ADD && i < c->n_names; i++)
        if (check_name(c->names[i], a, d) != 0)
            return -1;
    for (size_t i = 0; c->act != AGENT_UNALIAS && i < c->n_aliases; i++)
        if (check_name(c->aliases[i], a, d) != 0)
            return -1;
    return 0;
}

static struct store_enrolment *
find_listed(const struct work *w, const struct map *m, struct str name)
{
    long i = map_get_index(m, name);
    return i < 0 ? NULL : &w->list.v.v[i];
}

static int
load_list(struct work *w, struct diag *d)
{
    if (store_load_enrolments(w->act->store, true, false, w->a, &w->list, d) != 0)
        return -1;
    w->by_name = map_new(w->a);
    w->by_alias = map_new(w->a);
    for (size_t i = 0; i < w->list.v.n; i++) {
        const struct store_enrolment *e = &w->list.v.v[i];
        map_put_index(w->by_name, e->name, i);
        for (size_t k = 0; k < e->aliases.n; k++)
            map_put_index(w->by_alias, e->aliases.v[k], i);
    }
    return 0;
}

/* ---- the record ---- */

static struct str
aliases_text(const struct store_enrolment *e, struct arena *a)
{
    AUTO_BUF out = buf_init(ALIASES_TEXT);
    for (size_t i = 0; i < e->aliases.n; i++)
        buf_fmt(&out, "%s%.*s", i ? ", " : "", STR_ARG(e->aliases.v[i]));
    return arena_str(a, buf_view(&out));
}

/* Of one agent: was NULL = it was not on the list before, is NULL = it is not any more. */
static void
record_change(struct work *w, const struct store_enrolment *was, const struct store_enrolment *is)
{
    assert(was || is);
    static const struct store_enrolment nothing;
    const struct kind *kind = &kinds[w->c->act];
    const struct store_enrolment *old = was ? was : &nothing, *new = is ? is : &nothing;
    struct event_change *c = ARENA_ARRAY(w->a, struct event_change, MAX_CHANGES);
    size_t n = 0;
    if (!was != !is)
        c[n++] = (struct event_change){.field = STR("listed"),
                                       .old_value = was ? STR("yes") : STR("no"),
                                       .new_value = is ? STR("yes") : STR("no")};
    struct str old_aliases = aliases_text(old, w->a), new_aliases = aliases_text(new, w->a);
    if (!str_eq(old_aliases, new_aliases))
        c[n++] = (struct event_change){
            .field = STR("aliases"), .old_value = old_aliases, .new_value = new_aliases};
    if (old->frozen != new->frozen)
        c[n++] = (struct event_change){.field = STR("frozen"),
                                       .old_value = old->frozen ? STR("yes") : STR("no"),
                                       .new_value = new->frozen ? STR("yes") : STR("no")};
    assert(n > 0 && n <= MAX_CHANGES);
    struct str name = is ? is->name : was->name;
    *VEC_PUSH(w->a, &w->events) = (struct event){.name = kind->event,
                                                 .severity = kind->severity,
                                                 .object_type = STR("agent"),
                                                 .object_id = name,
                                                 .object_name = name,
                                                 .reason = STR(""),
                                                 .changes = c,
                                                 .n_changes = n};
}

static int
put_listed(struct work *w, const struct store_enrolment *was, struct store_enrolment *is,
           struct diag *d)
{
    assert(is);
    is->changed = env_wall_us() / 1000000;
    store_facts_for(w->act->store, w->events.n);
    if (!w->act->dry_run && store_put_enrolment(w->act->store, is, d) != 0)
        return -1;
    record_change(w, was, is);
    return 0;
}

/* ---- one agent ---- */

/* What comes in under a name must have one owner: an alias is nobody else's, and no agent's own
 * name. */
static int
add_alias(struct work *w, struct store_enrolment *e, struct str alias, struct diag *d)
{
    const struct store_enrolment *other = find_listed(w, w->by_alias, alias);
    if (other && str_eq(other->name, e->name))
        return 0;
    if (other)
        return diag_fail(d, DIAG_USAGE, "%.*s is an alias of %.*s already", STR_ARG(alias),
                         STR_ARG(other->name));
    if (str_eq(alias, e->name) || find_listed(w, w->by_name, alias))
        return diag_fail(d, DIAG_USAGE, "%.*s is an agent on the list: no alias", STR_ARG(alias));
    for (size_t i = 0; i < e->aliases.n; i++)
        if (str_eq(e->aliases.v[i], alias))
            return 0;
    if (e->aliases.n >= MAX_ALIASES)
        return diag_fail(d, DIAG_USAGE, "an agent has at most %d aliases", MAX_ALIASES);
    *VEC_PUSH(w->a, &e->aliases) = alias;
    return 0;
}

static int
remove_alias(struct store_enrolment *e, struct str alias, struct diag *d)
{
    for (size_t i = 0; i < e->aliases.n; i++) {
        if (!str_eq(e->aliases.v[i], alias))
            continue;
        for (; i + 1 < e->aliases.n; i++)
            e->aliases.v[i] = e->aliases.v[i + 1];
        e->aliases.n--;
        return 0;
    }
    return diag_fail(d, DIAG_USAGE, "%.*s is no alias of %.*s", STR_ARG(alias), STR_ARG(e->name));
}

/* A copy that can be changed beside the old one. */
static struct store_enrolment
copy_of(const struct store_enrolment *e, struct arena *a)
{
    struct store_enrolment c = *e;
    c.aliases.v = NULL;
    c.aliases.n = c.aliases.cap = 0;
    for (size_t i = 0; i < e->aliases.n; i++)
        *VEC_PUSH(a, &c.aliases) = e->aliases.v[i];
    return c;
}

static int
add_one(struct work *w, struct str name, struct diag *d)
{
    const struct store_enrolment *other = find_listed(w, w->by_alias, name);
    if (other)
        return diag_fail(d, DIAG_USAGE, "%.*s is an alias of %.*s", STR_ARG(name),
                         STR_ARG(other->name));
    const struct store_enrolment *was = find_listed(w, w->by_name, name);
    struct store_enrolment is = {.name = name, .added = env_wall_us() / 1000000};
    if (was)
        is = copy_of(was, w->a);
    for (size_t i = 0; i < w->c->n_aliases; i++)
        if (add_alias(w, &is, w->c->aliases[i], d) != 0)
            return -1;
    return was && was->aliases.n == is.aliases.n ? 0 : put_listed(w, was, &is, d);
}

static int
alias_one(struct work *w, const struct store_enrolment *was, struct diag *d)
{
    struct store_enrolment is = copy_of(was, w->a);
    for (size_t i = 0; i < w->c->n_aliases; i++)
        if ((w->c->act == AGENT_ALIAS ? add_alias(w, &is, w->c->aliases[i], d)
                                      : remove_alias(&is, w->c->aliases[i], d)) != 0)
            return -1;
    return was->aliases.n == is.aliases.n ? 0 : put_listed(w, was, &is, d);
}

/* That it was on the list, and since when, stays: reports of the time ask for it. */
static int
remove_one(struct work *w, const struct store_enrolment *was, struct diag *d)
{
    int64_t now = env_wall_us() / 1000000, since = was->added < now ? was->added : now;
    struct str key = listed_key(was->name, w->a), kept;
    store_facts_for(w->act->store, w->events.n);
    if (store_load_setting(w->act->store, key, w->a, &kept, d) != 0)
        return -1;
    kept = listed_add(kept, was->name, since, now, w->a);
    if (!w->act->dry_run && (store_delete_enrolment(w->act->store, was->name, d) != 0 ||
                             store_put_setting(w->act->store, key, kept, d) != 0))
        return -1;
    record_change(w, was, NULL);
    return 0;
}

static int
change_one(struct work *w, struct str name, struct diag *d)
{
    if (w->c->act == AGENT_ADD)
        return add_one(w, name, d);
    const struct store_enrolment *was = find_listed(w, w->by_name, name);
    if (!was)
        return diag_fail(d, DIAG_USAGE, "%.*s is not on the list (assay agent add)", STR_ARG(name));
    if (w->c->act == AGENT_ALIAS || w->c->act == AGENT_UNALIAS)
        return alias_one(w, was, d);
    if (w->c->act == AGENT_REMOVE)
        return remove_one(w, was, d);
    assert(w->c->act == AGENT_FREEZE || w->c->act == AGENT_UNFREEZE);
    struct store_enrolment is = copy_of(was, w->a);
    is.frozen = w->c->act == AGENT_FREEZE;
    return is.frozen == was->frozen ? 0 : put_listed(w, was, &is, d);
}

/* ---- the transaction ---- */

static int
change_all(struct act *act, void *ctx, struct diag *d)
{
    struct work *w = ctx;
    w->events.n = 0;
    if (load_list(w, d) != 0)
        return -1;
    for (size_t i = 0; i < w->c->n_names; i++)
        if (change_one(w, w->c->names[i], d) != 0)
            return -1;
    return w->events.n && !act->dry_run ? act_append(act, w->events.v, w->events.n, d) : 0;
}

/* A name that is given twice would be changed twice, both times from the value that it had at first. */
static int
check_twice(const struct agent_change *c, struct arena *a, struct diag *d)
{
    struct map *seen = map_new(a);
    for (size_t i = 0; i < c->n_names; i++) {
        if (map_get_index(seen, c->names[i]) >= 0)
            return diag_fail(d, DIAG_USAGE, "%.*s is named twice", STR_ARG(c->names[i]));
        map_put_index(seen, c->names[i], i);
    }
    return 0;
}

int
agent_change(struct act *act, const struct agent_change *c, size_t *ret_n, struct diag *d)
{
    struct work w = {.act = act, .c = c, .a = d->arena};
    assert(c->n_aliases == 0 || c->n_names == 1);
    if (check_names(c, d->arena, d) != 0 || check_twice(c, d->arena, d) != 0 ||
        act_transact(act, change_all, &w, d) != 0)
        return -1;
    *ret_n = w.events.n;
    return 0;
}

int
agent_add_seen(struct act *act, size_t *ret_n, struct diag *d)
{
    static_assert(LIMIT_AGENT_NAME == 191, "the limit stands in why_no_name");
    struct store_agent_group *seen;
    size_t n, n_new = 0;
    struct store_enrolments list;
    if (store_load_agent_groups(act->store, d->arena, &seen, &n, d) != 0 ||
        store_load_enrolments(act->store, false, false, d->arena, &list, d) != 0)
        return -1;
    struct map *aliases = map_new(d->arena);
    struct str *names = ARENA_ARRAY(d->arena, struct str, n + 1);
    for (size_t i = 0; i < list.v.n; i++)
        for (size_t k = 0; k < list.v.v[i].aliases.n; k++)
            map_put_index(aliases, list.v.v[i].aliases.v[k], i);
    for (size_t i = 0; i < n; i++) {
        const char *why = why_no_name(seen[i].name, d->arena);
        if (map_get_index(aliases, seen[i].name) >= 0)
            continue; /* what came in under an alias is another agent's */
        if (why)
            diag_warn(d, DIAG_WARN_DATA, seen[i].name, "not put on the list: %s", why);
        else
            names[n_new++] = seen[i].name;
    }
    struct agent_change c = {.act = AGENT_ADD, .names = names, .n_names = n_new};
    return agent_change(act, &c, ret_n, d);
}

/* ---- groups ---- */

struct move {
    const struct str *names;
    size_t n_names;
    struct str group;
    int64_t from; /* CLOCK_NONE = now */
    VEC(struct event) events;
};

/* Of an agent that is in that group already nothing is told, unless it is said since when. */
static int
move_one(struct act *act, struct move *m, struct str name, struct str was, struct diag *d)
{
    bool is_now = m->from == CLOCK_NONE;
    int64_t from = is_now ? env_wall_us() / 1000000 : m->from;
    if (is_now && str_eq(was, m->group))
        return 0;
    struct event_change *c = ARENA_ARRAY(d->arena, struct event_change, 2);
    c[0] = (struct event_change){.field = STR("group"), .old_value = was, .new_value = m->group};
    c[1] = (struct event_change){
        .field = STR("from"), .old_value = STR(""), .new_value = clock_iso(d->arena, from)};
    *VEC_PUSH(d->arena, &m->events) = (struct event){.name = "agent.move",
                                                     .severity = 5,
                                                     .object_type = STR("agent"),
                                                     .object_id = name,
                                                     .object_name = name,
                                                     .reason = STR(""),
                                                     .changes = c,
                                                     .n_changes = is_now ? 1 : 2};
    store_facts_for(act->store, m->events.n - 1);
    return act->dry_run ? 0 : store_move_agent(act->store, name, m->group, from, d);
}

static int
move_all(struct act *act, void *ctx, struct diag *d)
{
    struct move *m = ctx;
    struct store_agent_group *seen;
    size_t n;
    m->events.n = 0;
    if (store_load_agent_groups(act->store, d->arena, &seen, &n, d) != 0)
        return -1;
    struct map *index = map_new(d->arena);
    for (size_t i = 0; i < n; i++)
        map_put_index(index, seen[i].name, i);
    for (size_t i = 0; i < m->n_names; i++) {
        long at = map_get_index(index, m->names[i]);
        if (at < 0)
            return diag_fail(d, DIAG_USAGE, "%.*s has never reported", STR_ARG(m->names[i]));
        if (move_one(act, m, m->names[i], seen[at].group, d) != 0)
            return -1;
    }
    return m->events.n && !act->dry_run ? act_append(act, m->events.v, m->events.n, d) : 0;
}

int
agent_move(struct act *act, const struct str *names, size_t n_names, struct str group, int64_t from,
           size_t *ret_n, struct diag *d)
{
    struct agent_change c = {.names = names, .n_names = n_names};
    struct move m = {.names = names, .n_names = n_names, .group = group, .from = from};
    if (!group.len || group.len > LIMIT_ID || !utf8_valid(group) ||
        !str_eq(group, utf8_name(d->arena, group)))
        return diag_fail(d, DIAG_USAGE, "a group's name is UTF-8 of 1 to %d bytes on one line",
                         LIMIT_ID);
    if (from > env_wall_us() / 1000000)
        return diag_fail(d, DIAG_USAGE, "--from %s is still to come: move the agents then",
                         clock_iso(d->arena, from).s);
    if (check_twice(&c, d->arena, d) != 0 || act_transact(act, move_all, &m, d) != 0)
        return -1;
    *ret_n = m.events.n;
    return 0;
}

static int
note_contacts(struct act *act, struct agent_entry *v, size_t n, struct diag *d)
{
    struct str *names = ARENA_ARRAY(d->arena, struct str, n + 1);
    int64_t *at = ARENA_ARRAY(d->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = v[i].name;
    if (store_find_contacts(act->store, names, n, at, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        v[i].last_contact = at[i];
    return 0;
}

int
agent_list(struct act *act, struct arena *a, struct agent_entry **ret, size_t *ret_n,
           struct diag *d)
{
    struct store_enrolments list;
    VEC(struct agent_entry) all = {0};
    if (store_load_enrolments(act->store, false, false, a, &list, d) != 0)
        return -1;
    for (size_t i = 0; i < list.v.n; i++) {
        const struct store_enrolment *e = &list.v.v[i];
        *VEC_PUSH(a, &all) =
            (struct agent_entry){e->name, e->frozen, e->aliases.v, e->aliases.n, false, CLOCK_NONE};
    }
    for (size_t i = 0; i < act->config.agents.n; i++) {
        const struct config_agent *e = &act->config.agents.v[i];
        *VEC_PUSH(a, &all) = (struct agent_entry){e->name, false, e->aliases.v, e->aliases.n, true,
                                                  CLOCK_NONE};
    }
    if (note_contacts(act, all.v, all.n, d) != 0)
        return -1;
    *ret = all.v;
    *ret_n = all.n;
    return 0;
}
