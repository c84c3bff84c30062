/* The way of the portal: folder, fleet, agents in portions, sites, renames, record. */
#include "job/portal.h"

#include <assert.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/env.h"
#include "job/portal_site.h"
#include "job/signer.h"
#include "ledger/checkpoint.h"
#include "settings/texts.h"

AUTO_DEFINE(struct sign_signer *, sign_signer_free)
AUTO_DEFINE(struct arena *, arena_free)

enum { TRIES = 3 };

struct building {
    struct act *act;
    struct arena *a;
    struct portal_site site; /* of all agents */
    struct portal_data data;
    struct portal_making making;
    struct portal_summary *sum;
};

/* ---- what all pages say ---- */

static void
name_checkpoint(struct building *b)
{
    struct diag d = diag_init(b->a);
    struct audit_checkpoint cp;
    b->site.checkpoint_root = STR("");
    b->making.checkpoint = STR("");
    if (checkpoint_load_newest(&b->act->config, b->a, &b->making.checkpoint, &cp, &d) != 0)
        return; /* none was made yet: the pages name none */
    b->site.checkpoint_size = cp.size;
    b->site.checkpoint_root = base64_encode(b->a, cp.root.b, SHA256_SIZE);
}

static int
settle_site(struct building *b, struct diag *d)
{
    const struct config *c = &b->act->config;
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    struct str language = c->portal_language.len ? c->portal_language : c->language;
    struct lang *lang;
    int64_t size;
    struct sha256_digest last;
    if (texts_load(language, overlay, b->a, &lang, d) != 0)
        return diag_context(d, "portal-language");
    if (store_audit_size(b->act->store, &size, &last, d) != 0)
        return -1;
    b->site = (struct portal_site){.lang = lang,
                                   .organisation = c->organisation,
                                   .tool = STR("assay " ASSAY_VERSION),
                                   .group = STR(""),
                                   .zone = c->zone.len ? c->zone : STR("UTC"),
                                   .now = env_now(),
                                   .bad_below = c->portal_bad,
                                   .watch_below = c->portal_watch,
                                   .silent_days = c->portal_silent_days,
                                   .audit_seq = size - 1,
                                   .is_signed = b->making.signer != NULL};
    b->making.audit_hash_hex = size ? sha256_hex(b->a, &last) : STR("");
    name_checkpoint(b);
    return 0;
}

/* ---- agents ---- */

static struct str
agent_file(struct arena *a, struct str folder, const struct portal_agent *g, const char *suffix)
{
    return arena_fmt(a, "%.*s/%.*s%s", STR_ARG(folder), STR_ARG(g->path), suffix);
}

/* The pages of an agent are the same in the site of its group: one file with two names. */
static int
put_agent(void *ctx, const struct portal_agent_page *page, size_t agent, struct arena *a,
          struct diag *d)
{
    struct building *b = ctx;
    const struct portal_agent *g = page->agent;
    static const char *const suffixes[] = {".html", ".json"};
    const struct str bytes[] = {portal_agent_html(&b->site, page, a),
                                portal_agent_json(&b->site, page, a)};
    (void)agent;
    for (size_t i = 0; i < 2; i++) {
        struct str first = agent_file(a, STR("fleet"), g, suffixes[i]);
        if (portal_place_put(b->making.place, first, bytes[i], d) != 0)
            return -1;
        if (g->group.len &&
            portal_place_link(b->making.place,
                              agent_file(a, portal_site_of_group(a, g->group), g, suffixes[i]),
                              first, d) != 0)
            return -1;
    }
    b->sum->n_agents++;
    return 0;
}

/* ---- sites ---- */

static bool
has_agents(const struct portal_data *v, size_t group)
{
    for (size_t i = 0; i < v->fleet.agents.n; i++)
        if (v->pick->agents[i] && v->fleet.agents.v[i].group == group)
            return true;
    return false;
}

static int
put_sites(struct building *b, struct diag *d)
{
    const struct fleet *f = &b->data.fleet;
    struct str ignored;
    for (size_t i = 0; i < f->groups.n; i++) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct portal_site site = b->site;
        site.group = f->groups.v[i].name;
        if (!site.group.len || !has_agents(&b->data, i))
            continue;
        if (portal_site_put(&b->making, &site, portal_site_of_group(a, site.group), i, a, &ignored, d) != 0)
            return diag_context(d, "group %.*s", STR_ARG(site.group));
        b->sum->n_groups++;
    }
    return portal_site_put(&b->making, &b->site, STR("fleet"), FLEET_NONE, b->a, &b->sum->manifest_hex,
                           d);
}

static int
build_once(struct act *act, struct arena *a, struct portal_summary *ret, struct diag *d)
{
    AUTO(portal_place_close_auto) struct portal_place *place = NULL;
    AUTO(sign_signer_free_auto) struct sign_signer *signer = NULL;
    struct portal_sealed_list reports;
    struct building b = {.act = act, .a = a, .sum = ret};
    *ret = (struct portal_summary){.manifest_hex = STR("")};
    if (portal_begin_fonts(d) != 0 || signer_load_to_seal(&act->config, &signer, d) != 0 ||
        portal_place_open(act->config.portal_dir.s, act->dry_run, a, &place, d) != 0)
        return -1;
    b.making = (struct portal_making){
        .data = &b.data, .place = place, .reports = &reports, .signer = signer};
    if (settle_site(&b, d) != 0 || portal_data_load(act, &b.site, a, &b.data, d) != 0 ||
        portal_reports_load(act, b.site.lang, a, &reports, d) != 0 ||
        portal_data_walk(&b.data, put_agent, &b, d) != 0 || put_sites(&b, d) != 0 ||
        portal_place_commit(place, d) != 0)
        return -1;
    ret->n_checks = b.data.checks.n;
    ret->n_reports = reports.v.n;
    portal_place_counts(place, &ret->n_files, &ret->n_written, &ret->n_removed);
    return 0;
}

/* ---- the record ---- */

static int
record(struct act *act, const struct portal_summary *s, struct diag *d)
{
    const struct {
        const char *field;
        int64_t n;
    } counts[] = {{"agents", (int64_t)s->n_agents}, {"groups", (int64_t)s->n_groups},
                  {"reports", (int64_t)s->n_reports}, {"files", s->n_files},
                  {"written", s->n_written},          {"removed", s->n_removed}};
    enum { N = sizeof counts / sizeof *counts };
    struct event_change changes[N + 1];
    for (size_t i = 0; i < N; i++)
        changes[i] = (struct event_change){
            .field = str_c(counts[i].field),
            .old_value = STR(""),
            .new_value = arena_fmt(d->arena, "%lld", (long long)counts[i].n)};
    changes[N] = (struct event_change){
        .field = STR("manifest"), .old_value = STR(""), .new_value = s->manifest_hex};
    const struct event e = {.name = "portal.build",
                            .severity = 1,
                            .object_type = STR("portal"),
                            .object_id = act->config.portal_dir,
                            .object_name = act->config.portal_dir,
                            .reason = STR(""),
                            .changes = changes,
                            .n_changes = N + 1};
    return act_record(act, &e, 1, d);
}

int
portal_build(struct act *act, struct portal_summary *ret, struct diag *d)
{
    if (!act->config.portal_dir.len)
        return diag_fail(d, DIAG_CONFIG, "portal-dir is not set: there is no folder to make it in");
    for (int try = 1;; try++) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag own = diag_init(a);
        if (build_once(act, a, ret, &own) == 0) {
            ret->manifest_hex = arena_str(d->arena, ret->manifest_hex);
            for (size_t i = 0; i < own.warnings.n; i++)
                diag_warn(d, own.warnings.v[i].code, arena_str(d->arena, own.warnings.v[i].place), "%.*s",
                          STR_ARG(own.warnings.v[i].text));
            break;
        }
        if (own.first.code != DIAG_RETRY || try == TRIES)
            return diag_pass_on(d, &own);
    }
    return act->dry_run ? 0 : record(act, ret, d);
}
