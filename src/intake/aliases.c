/* What agents call themselves, beside what they are called by. batch.c asks for each scan that was
 * accepted. */
#include "intake/aliases.h"

#include <assert.h>

#include "base/auto.h"
#include "base/map.h"
#include "base/utf8.h"

/* An agent, as far as it is of interest here. */
struct known {
    struct str name, alias; /* alias empty = none but the name */
};

AUTO_DEFINE(struct arena *, arena_free)

struct aliases {
    struct arena *a;
    struct store *st;
    bool is_loaded;
    struct map *by_name;  /* -> struct known */
    struct map *by_alias; /* -> struct known, the first that has it */
};

struct aliases *
aliases_new(struct store *st)
{
    struct arena *a = arena_new();
    struct aliases *al = ARENA_NEW(a, struct aliases);
    *al = (struct aliases){.a = a, .st = st, .by_name = map_new(a), .by_alias = map_new(a)};
    return al;
}

void
aliases_free(struct aliases *al)
{
    if (al)
        arena_free(al->a);
}

static void
note(struct aliases *al, struct str name, struct str alias)
{
    struct known *k = map_get(al->by_name, name);
    if (!k) {
        k = ARENA_NEW(al->a, struct known);
        k->name = arena_str(al->a, name);
        map_put(al->by_name, k->name, k);
    }
    k->alias = alias.len && !str_eq(alias, name) ? arena_str(al->a, alias) : STR("");
    if (k->alias.len && !map_get(al->by_alias, k->alias))
        map_put(al->by_alias, k->alias, k);
}

static int
load(struct aliases *al, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct store_agent_group *list;
    size_t n;
    if (store_load_agent_groups(al->st, a, &list, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        note(al, list[i].name, list[i].alias);
    al->is_loaded = true;
    return 0;
}

/* What one agent does to the name of another. */
static void
tell(struct diag *about, const char *does, struct str mine, struct str other)
{
    struct str a = utf8_name(about->arena, mine), b = utf8_name(about->arena, other);
    diag_warn(about, DIAG_WARN_DATA, STR(ALIASES_PLACE), "agent \"%.*s\" %s \"%.*s\"", STR_ARG(a),
              does, STR_ARG(b));
}

int
aliases_judge(struct aliases *al, const struct scan_asset *as, struct diag *about, struct diag *d)
{
    bool has_alias = as->alias.len && !str_eq(as->alias, as->name);
    assert(as->name.len);
    if (!al->is_loaded && !has_alias) {
        note(al, as->name, STR(""));
        return 0;
    }
    if (!al->is_loaded && load(al, d) != 0)
        return -1;
    const struct known *mine = map_get(al->by_name, as->name);
    const struct known *called = map_get(al->by_alias, as->name);
    if (!mine && called && str_eq(called->alias, as->name))
        tell(about, "has the name that is the alias of agent", as->name, called->name);
    if (!has_alias || (mine && str_eq(mine->alias, as->alias))) {
        if (!mine)
            note(al, as->name, STR(""));
        return 0; /* an alias is told of when it first comes in */
    }
    const struct known *shared = map_get(al->by_alias, as->alias);
    if (map_get(al->by_name, as->alias))
        tell(about, "gives itself the name of another agent as its alias:", as->name, as->alias);
    else if (shared && shared != mine && str_eq(shared->alias, as->alias))
        tell(about, "gives itself an alias that is also that of agent", as->name, shared->name);
    note(al, as->name, as->alias);
    return 0;
}
