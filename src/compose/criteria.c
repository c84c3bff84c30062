/* The criteria of a report; called by compose.c for the page of control. */
#include "compose/criteria.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "compose/words.h"

enum { MOST = 24, MOST_VERSIONS = 4 };

struct criterion { /* one policy id */
    struct str id, title;
    size_t n_agents, n_versions;
    struct str versions[MOST_VERSIONS];
};

struct criteria {
    struct criterion *v;
    size_t n;
    size_t n_counts; /* scans known by counts only */
};

static void
add_version(struct arena *a, struct criterion *c, struct str version)
{
    size_t kept = c->n_versions < MOST_VERSIONS ? c->n_versions : MOST_VERSIONS;
    for (size_t i = 0; i < kept; i++)
        if (str_eq(c->versions[i], words_name(a, version)))
            return;
    if (version.len && kept < MOST_VERSIONS)
        c->versions[kept] = words_name(a, version);
    c->n_versions += version.len > 0;
}

static int
by_agents(const void *x, const void *y)
{
    const struct criterion *a = x, *b = y;
    if (a->n_agents != b->n_agents)
        return a->n_agents > b->n_agents ? -1 : 1;
    int c = str_cmp(a->title, b->title);
    return c ? c : str_cmp(a->id, b->id);
}

/* A pick has one scan an agent and policy id, so that scans are agents. */
static struct criteria
list_criteria(const struct part *p)
{
    const struct fleet *f = p->fleet;
    struct criteria list = {.v = ARENA_ARRAY(p->arena, struct criterion, f->policies.n + 1)};
    struct map *numbers = map_new(p->arena);
    bool *is_known = ARENA_ARRAY(p->arena, bool, f->policies.n + 1);
    for (size_t i = 0; i < p->pick->n_scans; i++) {
        const struct fleet_scan *s = &f->scans.v[p->pick->scans[i]];
        const struct fleet_policy *k = &f->policies.v[s->policy];
        list.n_counts += !s->vec;
        if (!s->vec)
            continue;
        long at = map_get_index(numbers, k->id);
        if (at < 0) {
            map_put_index(numbers, k->id, (size_t)(at = (long)list.n++));
            list.v[at] = (struct criterion){.id = k->id, .title = k->title.len ? k->title : k->id};
        }
        list.v[at].n_agents++;
        if (!is_known[s->policy])
            add_version(p->arena, &list.v[at], k->version);
        is_known[s->policy] = true;
    }
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, by_agents);
    return list;
}

static struct str
describe(const struct part *p, const struct criterion *c)
{
    struct arena *a = p->arena;
    size_t shown = c->n_versions < MOST_VERSIONS ? c->n_versions : MOST_VERSIONS;
    struct str versions = words_list(p->lang, a, c->versions, shown);
    if (shown < c->n_versions)
        versions = arena_fmt(a, "%.*s%.*s", STR_ARG(versions),
                             STR_ARG(LANG(p->lang, a, "list.more",
                                          {"n", words_int(p->lang, a, (int64_t)(c->n_versions - shown))})));
    return LANG(p->lang, a, shown ? "criteria.versions" : "criteria.policy",
                {"title", words_title(a, c->title)}, {"versions", versions},
                {"n", words_int(p->lang, a, (int64_t)c->n_agents)});
}

struct str
criteria_line(const struct part *p)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct criteria list = list_criteria(p);
    struct str joint = part_text(p, "criteria.joint");
    for (size_t i = 0; i < list.n && i < MOST; i++) {
        buf_str(&out, i ? joint : STR(""));
        buf_str(&out, describe(p, &list.v[i]));
    }
    if (list.n > MOST)
        buf_str(&out, LANG(p->lang, p->arena, "criteria.more",
                           {"n", words_int(p->lang, p->arena, (int64_t)(list.n - MOST))}));
    if (list.n_counts) {
        buf_str(&out, list.n ? joint : STR(""));
        buf_str(&out, LANG(p->lang, p->arena, "criteria.counts",
                           {"n", words_int(p->lang, p->arena, (int64_t)list.n_counts)}));
    }
    return arena_str(p->arena, buf_view(&out));
}
