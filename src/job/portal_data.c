/* The fleet of the portal; portal.c comes before, store/portions.c and portal_agent.c after. */
#include "job/portal_data.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/map.h"
#include "job/portal_agent.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { PORTION = 80, DAY = 86400 };

/* ---- checks ---- */

/* The name of a check across versions of its policy; the second of one name in a version gets its number. */
static struct str
name_check(struct arena *a, struct map *seen, struct str policy, const struct scan_check *c)
{
    struct str key = c->key.len ? c->key : c->id;
    long n = map_get_index(seen, key);
    map_put_index(seen, key, (size_t)(n + 1));
    struct sha256 *h = sha256_new();
    sha256_add_field(h, policy);
    sha256_add_field(h, key);
    if (n >= 0)
        sha256_add_field(h, arena_fmt(a, "%ld", n + 1));
    struct sha256_digest d = sha256_final(h);
    return str_n(sha256_hex(a, &d).s, 16);
}

static void
set_texts(struct portal_check *to, const struct fleet_policy *p, const struct scan_check *c)
{
    to->policy_title = p->title;
    to->id = c->id;
    to->title = c->title;
    to->category = c->category;
    to->description = c->description;
    to->rationale = c->rationale;
    to->remediation = c->remediation;
    to->severity = c->severity;
}

/* Texts are those of the version that was read last, which scans name that came last. */
static void
list_checks(struct portal_data *v)
{
    struct map *known = map_new(v->a);
    const struct fleet *f = &v->fleet;
    v->check_at = ARENA_ARRAY(v->a, size_t *, f->policies.n + 1);
    for (size_t i = 0; i < f->policies.n; i++) {
        const struct fleet_policy *p = &f->policies.v[i];
        struct map *seen = map_new(v->a);
        v->check_at[i] = ARENA_ARRAY(v->a, size_t, p->checks.n + 1);
        for (size_t k = 0; k < p->checks.n; k++) {
            struct str name = name_check(v->a, seen, p->id, &p->checks.v[k]);
            long at = map_get_index(known, name);
            if (at < 0) {
                at = (long)v->checks.n;
                map_put_index(known, name, v->checks.n);
                *VEC_PUSH(v->a, &v->checks) =
                    (struct portal_check){.policy = p->id,
                                          .path = arena_fmt(v->a, "checks/%.*s", STR_ARG(name))};
            }
            set_texts(&v->checks.v[at], p, &p->checks.v[k]);
            v->check_at[i][k] = (size_t)at;
        }
    }
}

/* ---- agents ---- */

static enum portal_state
judge(const struct portal_data *v, const struct portal_agent *g)
{
    const struct portal_site *s = v->site;
    int64_t heard = g->last_contact > g->last_scan ? g->last_contact : g->last_scan;
    if (heard == CLOCK_NONE || heard < v->now - s->silent_days * DAY)
        return PORTAL_SILENT;
    if (!g->score.of)
        return PORTAL_EMPTY;
    if (100 * g->score.n < s->bad_below * g->score.of)
        return PORTAL_BAD;
    return 100 * g->score.n < s->watch_below * g->score.of ? PORTAL_WATCH : PORTAL_GOOD;
}

static int
list_agents(struct portal_data *v, struct diag *d)
{
    const struct fleet *f = &v->fleet;
    struct str *names = ARENA_ARRAY(v->a, struct str, f->agents.n + 1);
    int64_t *contacts = ARENA_ARRAY(v->a, int64_t, f->agents.n + 1);
    v->agents = ARENA_ARRAY(v->a, struct portal_agent, f->agents.n + 1);
    for (size_t i = 0; i < f->agents.n; i++)
        names[i] = f->agents.v[i].name;
    if (store_find_contacts(v->act->store, names, f->agents.n, contacts, d) != 0)
        return -1;
    for (size_t i = 0; i < f->agents.n; i++) {
        const struct fleet_agent *from = &f->agents.v[i];
        struct portal_agent *g = &v->agents[i];
        struct str slug = portal_slug(v->a, from->name);
        *g = (struct portal_agent){.name = from->name,
                                   .group = f->groups.v[from->group].name,
                                   .os = from->os,
                                   .address = from->address,
                                   .path = arena_fmt(v->a, "agents/%.*s", STR_ARG(slug)),
                                   .score = score_share(&v->score->agents[i]),
                                   .tally = v->score->agents[i].counts,
                                   .last_scan = from->last_seen,
                                   .last_contact = contacts[i]};
        g->state = judge(v, g);
    }
    return 0;
}

/* The end of each day in the zone of the site, the last one now. */
static void
list_days(struct portal_data *v)
{
    struct clock_civil today = clock_civil(v->now + clock_local_offset(v->now));
    int64_t noon = period_day_start(today.year, today.month, today.day) + DAY / 2;
    for (size_t i = 0; i < PORTAL_HISTORY_DAYS; i++) {
        int64_t t = noon - (int64_t)(PORTAL_HISTORY_DAYS - 2 - i) * DAY;
        struct clock_civil c = clock_civil(t + clock_local_offset(t));
        v->days[i] = i + 1 == PORTAL_HISTORY_DAYS ? v->now + 1 : period_day_start(c.year, c.month, c.day);
    }
}

int
portal_data_load(struct act *act, const struct portal_site *site, struct arena *a,
                 struct portal_data *ret, struct diag *d)
{
    const struct config *c = &act->config;
    struct str *configured = ARENA_ARRAY(a, struct str, c->agents.n + 1);
    for (size_t i = 0; i < c->agents.n; i++)
        configured[i] = c->agents.v[i].name;
    *ret = (struct portal_data){
        .act = act, .a = a, .site = site, .now = site->now, .window_s = c->expect_days * DAY};
    const struct fleet_query q = {.from = ret->now - ret->window_s,
                                  .to = ret->now + 1,
                                  .configured = configured,
                                  .n_configured = c->agents.n,
                                  .only_listed = c->enrol == ENROL_LISTED,
                                  .window_s = ret->window_s,
                                  .compare = true,
                                  .with_texts = true};
    const struct pick_filter all = {.agent = STR(""), .policy = STR("")};
    if (store_load_fleet(act->store, &q, a, &ret->fleet, d) != 0)
        return -1;
    ret->pick = pick_make(&ret->fleet, &all, a);
    ret->score = score_make(ret->pick, a);
    ret->since = ARENA_ARRAY(a, int64_t *, ret->fleet.scans.n + 1);
    ret->past = ARENA_ARRAY(a, struct portal_past, ret->fleet.groups.n + 1);
    list_checks(ret);
    list_days(ret);
    return list_agents(ret, d);
}

/* ---- portions ---- */

static void
keep_since(struct portal_data *v, const struct portion_query *q)
{
    for (size_t i = 0; i < q->n_scans; i++) {
        const struct fleet_scan *s = &v->fleet.scans.v[q->scans[i]];
        int64_t *since = v->since[q->scans[i]] = ARENA_ARRAY(v->a, int64_t, s->n_vec + 1);
        for (size_t k = 0; k < s->n_vec; k++)
            since[k] = s->details ? s->details[k].since : CLOCK_NONE;
    }
}

static int
walk_portion(struct portal_data *v, const size_t *agents, size_t n, portal_data_page *each, void *ctx,
             struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct portion portion;
    VEC(size_t) scans = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t k = v->pick->first[agents[i]]; k < v->pick->first[agents[i] + 1]; k++)
            *VEC_PUSH(a, &scans) = v->pick->scans[k];
    /* a score before the history began is needed on its first day */
    const struct portion_query q = {.agents = agents,
                                    .n_agents = n,
                                    .scans = scans.v,
                                    .n_scans = scans.n,
                                    .from = v->days[0] - v->window_s,
                                    .to = v->now + 1};
    struct diag own = diag_init(a);
    int rc = portions_load(v->act->store, &v->fleet, &q, a, &portion, &own);
    if (rc == 0) {
        keep_since(v, &q);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            AUTO(arena_free_auto) struct arena *one = arena_new();
            struct portal_agent_page page;
            portal_agent_make(v, &portion, agents[i], one, &page);
            rc = each(ctx, &page, agents[i], one, &own);
        }
    }
    portions_forget(&v->fleet, &q);
    return rc == 0 ? 0 : diag_pass_on(d, &own);
}

int
portal_data_walk(struct portal_data *v, portal_data_page *each, void *ctx, struct diag *d)
{
    size_t agents[PORTION], n = 0;
    for (size_t i = 0; i < v->fleet.agents.n; i++) {
        if (v->pick->agents[i])
            agents[n++] = i;
        if (n < PORTION && i + 1 < v->fleet.agents.n)
            continue;
        if (v->act->progress)
            v->act->progress("portal", i, v->fleet.agents.n);
        if (n && walk_portion(v, agents, n, each, ctx, d) != 0)
            return -1;
        n = 0;
    }
    return 0;
}
