/* `assay run`: the steps of a night, each on its own, so that one failure does not cost the rest.
 */
#include "job/schedule.h"

#include <assert.h>
#include <string.h>

#include "act/settings_acts.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"

#include "intake/walk.h"
#include "job/due.h"
#include "job/health.h"
#include "job/known.h"
#include "job/metrics.h"
#include "job/outbox.h"
#include "job/portal.h"
#include "job/prune.h"
#include "job/report_record.h"
#include "ledger/anchor.h"
#include "ledger/checkpoint.h"
#include "ledger/publish.h"
#include "settings/definition.h"
#include "settings/target_options.h"
#include "settings/zone.h"

AUTO_DEFINE(struct arena *, arena_free)

struct run {
    struct act *act;
    struct schedule_summary *sum;
    struct diag *diag; /* keeps the first failure */
    const struct schedule_options *options;
    int64_t since_ms;
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
        *VEC_PUSH(r->diag->arena, &r->sum->steps) =
            (struct schedule_step){.what = arena_str(r->diag->arena, str_c(what)),
                                   .text = arena_str(r->diag->arena, step->warnings.v[i].text),
                                   .warned = true};
}

/* ---- reports ---- */

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
                           .run = report_record_run_failed(id, diag_text(why)),
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
    if (store_claim_run(act->store, c->id.definition, c->id.period_key, REPORT_LEASE_S, &c->token,
                        d) != 0)
        return -1;
    return act_append(act, &e, c->token != 0, d);
}

static struct str
say_would_be_made(const struct run *r, const struct definition *def, struct arena *a)
{
    outbox_addresses to;
    struct str said = arena_fmt(a, "would be made below %.*s", STR_ARG(r->act->config.reports_dir));
    outbox_find(&r->act->config, def, a, &to);
    for (size_t i = 0; i < to.n; i++)
        said = arena_fmt(a, "%.*s%s %.*s", STR_ARG(said), i ? "," : " and go to",
                         STR_ARG(to.v[i].destination));
    return said;
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
        note_step(r, what, say_would_be_made(r, def, a), NULL);
        return;
    }
    struct claim claim = {.id = id};
    int rc = act_transact(r->act, put_claim, &claim, &d);
    uint64_t token = claim.token;
    if (rc == 0 && token == 0)
        return; /* another host makes it, or has made it meanwhile */
    /* that nobody reported is what the report of such a period has to say */
    struct report_request q = {.definition = id.definition.s,
                               .period = id.period_key.s,
                               .allow_empty = true,
                               .deliver = true};
    if (rc == 0 && report_run_claimed(r->act, &q, token, &sum, &d) == 0)
        r->sum->n_reports++;
    else if (rc == 0)
        give_back_claim(r, &id, def->title, token, &d);
    note_warnings(r, what.s, &d);
    note_step(r, what, sum.dir, &d);
}

/* Missed reports are made oldest first, so that their records stand in the order of the periods. */
static void
catch_up(struct run *r, struct definition *def, const struct due_window *w, struct arena *a)
{
    AUTO(zone_leave) struct zone_before before = zone_enter(def->zone, a);
    struct diag d = diag_init(a);
    struct period *due;
    size_t n;
    def->latest_only |= r->options->latest_only;
    if (due_list(r->act, def, w, (size_t)r->options->max_catch_up, a, &due, &n, &d) != 0)
        note_step(r, def->name, STR(""), &d);
    else
        for (size_t i = 0; i < n; i++) {
            AUTO(arena_free_auto) struct arena *own = arena_new(); /* a large fleet is hundreds of MB each time */
            make_report(r, def, due[i], own);
        }
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
    struct due_window w;
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    if (due_find_window(r->act, &w, &d) != 0 || definition_list(overlay, a, &names, &n, &d) != 0) {
        note_step(r, STR("reports"), STR(""), &d);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct definition def;
        struct diag one = diag_init(a);
        if (definition_load(names[i].s, overlay, &request_choices, a, &def, &one) != 0 ||
            known_check_definition(r->act, &def, &one) != 0)
            note_step(r, names[i], STR(""), &one);
        else if (def.scheduled && def.period != PERIOD_CUSTOM && w.first_scan != CLOCK_NONE)
            catch_up(r, &def, &w, a);
    }
}

/* ---- the other steps ---- */

/* What a run would read. */
static void
would_ingest(struct run *r)
{
    const char *dir = r->act->config.spool_dir.s;
    struct diag d = diag_init(r->diag->arena);
    struct walk_waiting w;
    walk_look_at_spool(dir, d.arena, &w, &d);
    note_step(r, STR("ingest"),
              arena_fmt(d.arena, "would read %lld files, %lld bytes, of %s", (long long)w.n,
                        (long long)w.size, dir),
              &d);
}

/* What a run would send: records behind the cursor of each target, whatever the target's filter takes of them. */
static void
would_export(struct run *r)
{
    struct arena *a = r->diag->arena;
    struct diag d = diag_init(a);
    struct health h = {0};
    if (health_read(r->act, a, &h, &d) != 0)
        note_step(r, STR("export"), STR(""), &d);
    for (size_t i = 0; i < h.targets.n; i++) {
        const struct health_target *t = &h.targets.v[i];
        note_step(r, arena_fmt(a, "export %.*s", STR_ARG(t->cursor.target)),
                  arena_fmt(a, "would send records from %lld on, %lld so far",
                            (long long)t->cursor.seq, (long long)t->lag),
                  NULL);
    }
}

static void
ingest_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    if (intake_spool(r->act, r->act->config.spool_dir.s, &r->sum->ingest, &d) != 0)
        note_step(r, STR("ingest"), STR(""), &d);
}

static struct str
outbox_what(const struct store_outgoing *o, struct arena *a)
{
    return arena_fmt(a, "%.*s for %.*s", STR_ARG(o->report_id), STR_ARG(o->destination));
}

/* Each recipient is a step of its own: one that fails does not hide another. */
static void
outbox_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    struct outbox_summary s = {0};
    bool is_told = outbox_send(r->act, &s, &d) != 0 && s.ends.n == 0;
    if (is_told)
        note_step(r, STR("outbox"), STR(""), &d);
    for (size_t i = 0; i < s.ends.n; i++) {
        const struct outbox_end *e = &s.ends.v[i];
        struct diag one = diag_init(d.arena);
        if (!e->is_sent)
            diag_fail(&one, DIAG_UNAVAILABLE, "%.*s%.*s", STR_ARG(e->text),
                      STR_ARG(e->is_refused ? STR(": it is not tried again (assay outbox retry)")
                                            : STR(": it is tried again")));
        note_step(r, outbox_what(&e->what, d.arena),
                  arena_fmt(d.arena, "sent: %.*s", STR_ARG(e->text)), &one);
    }
    r->sum->n_delivered += s.n_sent;
}

/* What a run without -n would send besides what it makes. */
static void
outbox_dry_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    store_outbox due;
    if (outbox_due(r->act, &due, &d) != 0)
        note_step(r, STR("outbox"), STR(""), &d);
    for (size_t i = 0; !diag_failed(&d) && i < due.n; i++)
        note_step(r, outbox_what(&due.v[i], d.arena), STR("would be sent"), NULL);
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

/* What the settings keep for a time only. Behind the reports and exports of this run, before its checkpoint. */
static void
prune_step(struct run *r)
{
    struct diag d = diag_init(r->diag->arena);
    struct prune_summary sum;
    const struct prune_request q = {.before = CLOCK_NONE};
    if (prune_job_run(r->act, &q, &sum, &d) != 0)
        note_step(r, STR("prune"), STR(""), &d);
    for (size_t i = 0; i < sum.v.n; i++)
        if (sum.v.v[i].count.n)
            note_step(r, arena_fmt(d.arena, "prune %s", sum.v.v[i].class),
                      arena_fmt(d.arena, "%lld gone, from before %s", (long long)sum.v.v[i].count.n,
                                clock_date(d.arena, sum.v.v[i].before).s),
                      NULL);
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
    if (health_note_run(r->act, diag_failed(r->diag), env_mono_ms() - r->since_ms, &d) != 0 ||
        metrics_write(r->act, NULL, &d) != 0)
        note_step(r, STR("metrics"), STR(""), &d);
}

int
schedule_run(struct act *act, const struct schedule_options *o, struct schedule_summary *ret,
             struct diag *d)
{
    static void (*const behind_reports[])(struct run *) = {
        outbox_step, export_step,  prune_step,  checkpoint_step,
        anchor_step, publish_step, portal_step, metrics_step};
    assert(o->max_catch_up > 0 && o->max_catch_up <= SCHEDULE_MOST);
    struct run r = {.act = act, .sum = ret, .diag = d, .options = o, .since_ms = env_mono_ms()};
    if (act->dry_run) {
        would_ingest(&r);
        report_step(&r);
        outbox_dry_step(&r);
        would_export(&r);
        return diag_failed(d) ? -1 : 0;
    }
    if (act_note_settings(act, d) != 0)
        return -1;
    ingest_step(&r);
    if (diag_failed(d) && d->first.code == DIAG_UNAVAILABLE)
        return -1; /* without the database no other step can be done */
    report_step(&r);
    for (size_t i = 0; i < sizeof behind_reports / sizeof *behind_reports; i++)
        behind_reports[i](&r);
    return diag_failed(d) ? -1 : 0;
}
