/* `assay run`: the steps of a night, each on its own, so that one failure does not cost the rest.
 */
#include "job/schedule.h"

#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "base/env.h"

#include "job/health.h"
#include "job/known.h"
#include "job/portal.h"
#include "job/report_record.h"
#include "ledger/anchor.h"
#include "ledger/checkpoint.h"
#include "ledger/publish.h"
#include "settings/definition.h"
#include "settings/target_options.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MAX_PERIODS = 1000 };

struct run {
    struct act *act;
    struct schedule_summary *sum;
    struct diag *diag; /* keeps the first failure */
    int max_catch_up;
};

/* Lists what came of a step; a failure of it becomes the run's when it is the first. */
static void
note_step(struct run *r, struct str what, struct str text, const struct diag *step)
{
    assert(r->sum && r->diag);
    struct arena *a = r->diag->arena;
    bool failed = step && diag_failed(step);
    *VEC_PUSH(a, &r->sum->steps) =
        (struct schedule_step){.what = arena_str(a, what),
                               .text = arena_str(a, failed ? diag_text(step) : text),
                               .failed = failed};
    if (failed)
        diag_pass_on(r->diag, step);
}

/* What did not hinder the step but should be known. */
static void
note_warnings(struct run *r, const char *what, const struct diag *step)
{
    for (size_t i = 0; i < step->warnings.n; i++)
        *VEC_PUSH(r->diag->arena, &r->sum->steps) = (struct schedule_step){
            .what = arena_str(r->diag->arena, str_c(what)),
            .text = arena_str(r->diag->arena, step->warnings.v[i].text),
            .warned = true};
}

/* ---- reports ---- */

static bool
is_done(const struct store_run *runs, size_t n, struct str key)
{
    assert(runs || n == 0);
    for (size_t i = 0; i < n; i++)
        if (str_eq(runs[i].period_key, key) && str_eqc(runs[i].state, "done"))
            return true;
    return false;
}

struct failed_run {
    uint64_t token;
    struct store_run run;
    struct event event;
};

static int
put_failed_run(struct act *act, void *ctx, struct diag *d)
{
    const struct failed_run *f = ctx;
    return store_finish_run(act->store, f->token, &f->run, d) == 0
               ? act_append(act, &f->event, 1, d)
               : -1;
}

/* The claim is given back at once, so that the next run, here or elsewhere, tries again. */
static void
give_back_claim(struct run *r, const struct report_identity *id, struct str title, uint64_t token,
                const struct diag *why)
{
    struct diag d = diag_init(why->arena);
    struct failed_run f = {.token = token,
                           .run = report_record_run_failed(id),
                           .event = report_record_failed(id, title, diag_text(why))};
    act_transact(r->act, put_failed_run, &f, &d); /* when this fails too, the lease runs out */
}

struct claim {
    struct report_identity id;
    uint64_t token; /* 0 = another host has it */
};

/* Who has the claim makes the report, and nobody else: so it is an act with a record. */
static int
put_claim(struct act *act, void *ctx, struct diag *d)
{
    struct claim *c = ctx;
    struct event e = report_record_claimed(&c->id, d->arena);
    if (store_claim_run(act->store, c->id.definition, c->id.period_key, REPORT_LEASE_S,
                        &c->token, d) != 0)
        return -1;
    return act_append(act, &e, c->token != 0, d);
}

/* What somebody has made and sealed already is his: a night makes no other version of it, unless it was provisional. */
static int
has_version(struct run *r, const struct definition *def, struct period p, bool *ret, struct diag *d)
{
    struct str remembered;
    struct report_identity id =
        report_identity_make(d->arena, def->name, report_scope_of(def), STR(""), p);
    *ret = false;
    if (store_load_setting(r->act->store, id.version_key, d->arena, &remembered, d) != 0)
        return -1;
    const struct report_version newest = report_version_read(remembered);
    *ret = newest.n > 0 && !newest.is_provisional;
    return 0;
}

static void
make_report(struct run *r, const struct definition *def, struct period period, struct arena *a)
{
    struct diag d = diag_init(a);
    struct report_summary sum = {0};
    struct str language = def->language.len ? def->language : r->act->config.language;
    struct report_identity id =
        report_identity_make(a, def->name, report_scope_of(def), language, period);
    struct str what = arena_fmt(a, "%.*s %.*s", STR_ARG(id.definition), STR_ARG(id.period_key));
    if (r->act->dry_run) {
        note_step(r, what, STR("would be made"), NULL);
        return;
    }
    struct claim claim = {.id = id};
    int rc = act_transact(r->act, put_claim, &claim, &d);
    uint64_t token = claim.token;
    if (rc == 0 && token == 0)
        return; /* another host makes it, or has made it meanwhile */
    /* that nobody reported is what the report of such a period has to say */
    struct report_request q = {
        .definition = id.definition.s, .period = id.period_key.s, .allow_empty = true};
    if (rc == 0 && report_run_claimed(r->act, &q, token, &sum, &d) == 0)
        r->sum->n_reports++;
    else if (rc == 0)
        give_back_claim(r, &id, def->title, token, &d);
    note_warnings(r, what.s, &d);
    note_step(r, what, sum.dir, &d);
}

/* The closed periods behind the first scan that have no report yet, newest first. */
static size_t
list_due(enum period_kind kind, int64_t first_scan, const struct store_run *runs, size_t n_runs,
         size_t max, struct period *ret, struct arena *a)
{
    size_t n = 0;
    struct period p = period_closed(kind, env_today());
    assert(max <= MAX_PERIODS);
    for (; p.to > first_scan && n < max; p = period_previous(p))
        if (!is_done(runs, n_runs, period_key(a, p)))
            ret[n++] = p;
    return n;
}

/* Missed reports are made oldest first, so that their records stand in the order of the periods. */
static void
catch_up(struct run *r, const struct definition *def, int64_t first_scan, struct arena *a)
{
    struct store_run *runs;
    size_t n_runs;
    struct diag d = diag_init(a);
    struct period due[MAX_PERIODS];
    if (store_load_runs(r->act->store, def->name, a, &runs, &n_runs, &d) != 0) {
        note_step(r, def->name, STR(""), &d);
        return;
    }
    size_t n_due = list_due(def->period, first_scan, runs, n_runs, MAX_PERIODS, due, a), n = 0;
    for (size_t i = 0; i < n_due && n < (size_t)r->max_catch_up; i++) {
        bool is_made;
        if (has_version(r, def, due[i], &is_made, &d) != 0) {
            note_step(r, def->name, STR(""), &d);
            return;
        }
        if (!is_made)
            due[n++] = due[i];
    }
    while (n)
        make_report(r, def, due[--n], a);
}

/* All are looked at, also those of which nothing is due. One that cannot be read, or that names what nobody
 * knows, costs its own reports, not those of the others. */
static void
report_step(struct run *r)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    const struct config *c = &r->act->config;
    struct str *names;
    size_t n;
    int64_t first_scan;
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    if (store_first_scan(r->act->store, &first_scan, &d) != 0 ||
        definition_list(overlay, a, &names, &n, &d) != 0) {
        note_step(r, STR("reports"), STR(""), &d);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct definition def;
        struct diag one = diag_init(a);
        if (definition_load(names[i].s, overlay, &request_choices, a, &def, &one) != 0 ||
            known_check_definition(r->act, &def, &one) != 0)
            note_step(r, names[i], STR(""), &one);
        else if (def.scheduled && def.period != PERIOD_CUSTOM && first_scan != CLOCK_NONE)
            catch_up(r, &def, first_scan, a);
    }
}

/* ---- the other steps ---- */

static void
ingest_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    if (intake_spool(r->act, r->act->config.spool_dir.s, &r->sum->ingest, &d) != 0)
        note_step(r, STR("ingest"), STR(""), &d);
}

/* A target that another process is serving just now is left to it. */
static void
export_step(struct run *r)
{
    const struct config *c = &r->act->config;
    for (size_t i = 0; i < c->exports.n; i++) {
        struct diag d = diag_init(r->diag->arena);
        struct export_summary s = {0};
        const struct config_export *e = &c->exports.v[i];
        struct str what = arena_fmt(d.arena, "export %.*s", STR_ARG(target_key(e, d.arena)));
        if (export_run(r->act, e, -1, true, &s, &d) != 0 && d.first.code != DIAG_BUSY)
            note_step(r, what, STR(""), &d);
        if (s.is_not_due)
            note_step(r, what, STR("failed a moment ago, not tried yet"), NULL);
        r->sum->n_exported += s.n;
    }
}

/* Behind everything that is recorded, so that it covers what the other steps did. */
static void
checkpoint_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    struct checkpoint_made made;
    bool made_key;
    if (log_keys_make(r->act, &made_key, &d) != 0 || checkpoint_make(r->act, false, &made, &d) != 0)
        note_step(r, STR("checkpoint"), STR(""), &d);
    note_warnings(r, "checkpoint", &d);
}

static void
anchor_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    struct anchor_made made;
    if (anchor_make_due(r->act, &made, &d) < 0)
        note_step(r, STR("time stamp"), STR(""), &d);
    note_warnings(r, "time stamp", &d);
}

static void
publish_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    struct publish_summary sum;
    struct str dir = r->act->config.audit_publish_dir;
    if (dir.len && publish_run(r->act, dir.s, &sum, &d) != 0)
        note_step(r, STR("publish"), STR(""), &d);
}

/* Behind the checkpoint, which its pages name. One of the past is not asked for: pages say what is now. */
static void
portal_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    struct portal_summary sum;
    if (r->act->config.portal_dir.len && !env_as_of() && portal_build(r->act, &sum, &d) != 0 &&
        d.first.code != DIAG_BUSY)
        note_step(r, STR("portal"), STR(""), &d);
    note_warnings(r, "portal", &d);
}

/* For monitoring: how this run went, and what waits to be exported. */
static void
metrics_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    if (health_note_run(r->act, diag_failed(r->diag), &d) != 0 || health_write(r->act, &d) != 0)
        note_step(r, STR("metrics"), STR(""), &d);
}

int
schedule_run(struct act *act, int max_catch_up, struct schedule_summary *ret, struct diag *d)
{
    static void (*const behind_reports[])(struct run *) = {export_step, checkpoint_step,
                                                           anchor_step, publish_step, portal_step,
                                                           metrics_step};
    assert(max_catch_up > 0 && max_catch_up <= MAX_PERIODS);
    struct run r = {.act = act, .sum = ret, .diag = d, .max_catch_up = max_catch_up};
    if (!act->dry_run) {
        if (act_note_settings(act, d) != 0)
            return -1;
        ingest_step(&r);
    }
    if (diag_failed(d) && d->first.code == DIAG_UNAVAILABLE)
        return -1; /* without the database no other step can be done */
    report_step(&r);
    for (size_t i = 0; i < sizeof behind_reports / sizeof *behind_reports && !act->dry_run; i++)
        behind_reports[i](&r);
    return diag_failed(d) ? -1 : 0;
}
