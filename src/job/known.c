/* Called before a report is made, and for all definitions by the nightly run and by doctor. */
#include "job/known.h"

#include <assert.h>

#include "job/request.h"
#include "model/duty.h"
#include "settings/recipients.h"

struct words {
    struct str *v;
    size_t n, cap;
};

enum kind { KNOWN_GROUPS, KNOWN_AGENTS, KNOWN_POLICIES, KNOWN__COUNT };

/* The lists are loaded when a word of their kind is looked for: most definitions name none. */
struct known {
    struct act *act;
    struct words lists[KNOWN__COUNT];
    bool is_loaded[KNOWN__COUNT];
    enum diag_code code;
    struct diag *d;
};

static int
load_groups(struct known *k, struct words *ret)
{
    struct str *names;
    size_t n;
    if (store_load_groups(k->act->store, k->d->arena, &names, &n, k->d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(k->d->arena, ret) = names[i];
    for (size_t i = 0; i < k->act->config.groups.n; i++)
        *VEC_PUSH(k->d->arena, ret) = k->act->config.groups.v[i].name;
    return 0;
}

/* Who has reported, and who may or might. */
static int
load_agents(struct known *k, struct words *ret)
{
    struct store_agent_group *seen;
    struct store_enrolments list;
    store_listings removed;
    size_t n;
    if (store_load_agent_groups(k->act->store, k->d->arena, &seen, &n, k->d) != 0 ||
        store_load_enrolments(k->act->store, false, false, k->d->arena, &list, k->d) != 0 ||
        store_load_listings(k->act->store, k->d->arena, &removed, k->d) != 0)
        return -1;
    for (size_t i = 0; i < removed.n; i++)
        *VEC_PUSH(k->d->arena, ret) = duty_agent(removed.v[i]);
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(k->d->arena, ret) = seen[i].name;
    for (size_t i = 0; i < list.v.n; i++)
        *VEC_PUSH(k->d->arena, ret) = list.v.v[i].name;
    for (size_t i = 0; i < k->act->config.agents.n; i++)
        *VEC_PUSH(k->d->arena, ret) = k->act->config.agents.v[i].name;
    return 0;
}

static int
load_policies(struct known *k, struct words *ret)
{
    struct store_policy *v;
    size_t n;
    if (store_load_policies(k->act->store, k->d->arena, &v, &n, k->d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(k->d->arena, ret) = v[i].id;
    return 0;
}

static int
check_word(struct known *k, enum kind kind, struct str word)
{
    static int (*const load[])(struct known * k, struct words * ret) = {load_groups, load_agents,
                                                                        load_policies};
    static const char *const nouns[] = {"group", "agent", "policy"};
    struct words *list = &k->lists[kind];
    bool has_reported = false;
    assert(kind < KNOWN__COUNT);
    if (kind == KNOWN_AGENTS && !k->is_loaded[kind] &&
        store_has_reported(k->act->store, word, &has_reported, k->d) != 0)
        return -1;
    if (has_reported) /* as nearly always: the list of all is for who is not found */
        return 0;
    if (!k->is_loaded[kind] && load[kind](k, list) != 0)
        return -1;
    k->is_loaded[kind] = true;
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], word))
            return 0;
    return diag_unknown(k->d, k->code, nouns[kind], word, list->v, list->n);
}

static int
check_scope(struct known *k, const struct report_scope *scope)
{
    for (size_t i = 0; i < scope->n_groups; i++)
        if (check_word(k, KNOWN_GROUPS, scope->groups[i]) != 0)
            return -1;
    if (scope->agent && check_word(k, KNOWN_AGENTS, str_c(scope->agent)) != 0)
        return -1;
    return scope->policy && check_word(k, KNOWN_POLICIES, str_c(scope->policy)) != 0 ? -1 : 0;
}

static int
check_definition(struct known *k, const struct definition *def)
{
    struct report_scope all = report_scope_of(def);
    if (check_scope(k, &all) != 0)
        return diag_at(k->d, "definition %.*s: groups", STR_ARG(def->name));
    for (size_t i = 0; i < def->sections.n; i++) {
        const struct definition_section *s = &def->sections.v[i];
        struct report_scope some = {.groups = s->groups.v,
                                    .n_groups = s->groups.n,
                                    .agent = s->agent.len ? s->agent.s : NULL,
                                    .policy = s->policy.len ? s->policy.s : NULL};
        if (check_scope(k, &some) != 0)
            return diag_at(k->d, "definition %.*s: sections[%zu]", STR_ARG(def->name), i);
    }
    return recipient_check(&k->act->config, def, k->d);
}

int
known_check_definition(struct act *act, const struct definition *def, struct diag *d)
{
    struct known k = {.act = act, .code = DIAG_CONFIG, .d = d};
    return check_definition(&k, def);
}

int
known_check_scope(struct act *act, const struct report_scope *scope, enum diag_code code,
                  struct diag *d)
{
    struct known k = {.act = act, .code = code, .d = d};
    return check_scope(&k, scope);
}

int
known_check_definitions(struct act *act, size_t *ret_n, struct diag *d)
{
    const struct config *c = &act->config;
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    struct known k = {.act = act, .code = DIAG_CONFIG};
    struct str *names;
    if (definition_list(overlay, d->arena, &names, ret_n, d) != 0)
        return -1;
    for (size_t i = 0; i < *ret_n; i++) {
        struct diag one = diag_init(d->arena);
        struct definition def;
        k.d = &one;
        if (definition_load(names[i].s, overlay, &request_choices, d->arena, &def, &one) == 0 &&
            check_definition(&k, &def) == 0)
            continue;
        if (!diag_failed(d))
            diag_pass_on(d, &one);
        else
            diag_warn(d, one.first.code, one.first.place, "%.*s", STR_ARG(one.first.text));
    }
    return diag_failed(d) ? -1 : 0;
}
