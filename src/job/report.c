/* The report job: definition -> dataset -> compose -> render -> sign -> files -> manifest -> audit.
 * The files go out before the transaction that records them: a kill in between leaves files that
 * the next run writes again, never a record of a file that is not there. */
#include "job/report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/base64.h"
#include "base/env.h"
#include "base/file.h"
#include "base/url.h"
#include "compose/compose.h"
#include "deliver/deliver.h"
#include "engine/narrow.h"
#include "engine/tag.h"
#include "intake/rebuild.h"
#include "job/hold.h"
#include "job/known.h"
#include "job/outbox.h"
#include "job/report_place.h"
#include "job/report_record.h"
#include "job/signer.h"
#include "ledger/checkpoint.h"
#include "render/mail/mail.h"
#include "render/render.h"
#include "settings/definition.h"
#include "settings/texts.h"
#include "settings/zone.h"
#include "sign/manifest.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct sign_signer *, sign_signer_free)

enum { NO_TOKEN = 0 };

/* One report on its way. */
struct making {
    struct act *act;
    const struct sign_signer *signer; /* NULL = reports are not signed */
    uint64_t token;                   /* of a claimed run, 0 = none */
    struct arena *arena;
    struct definition definition;
    struct report_identity identity;
    struct fleet fleet, previous;
    struct lang *lang;
    struct str checkpoint; /* of the audit log, empty = none */
    struct str remembered; /* of the newest sealed version, as it was when the numbers were given */
    struct report_version newest;
    struct report report;
    struct render_files files;
    outbox_addresses to; /* that it goes to */
    bool with_bom;       /* asked for on the command line */
    size_t at, n;        /* it is the one of that number of so many */
};

/* What the last transaction records. */
struct record {
    struct making *makings;
    size_t n;
    struct report_summary *sum;
    const struct sign_signer *signer;
    uint64_t token;      /* of a claimed run, 0 = none */
    bool is_in_versions; /* below reports-dir, not in a folder that was named */
    struct str manifest_hex;
    struct str checkpoint; /* of the audit log, empty = none */
};

/* ---- the dataset ---- */

/* Categories of the policies of a fleet are what the tables give that they say they come from. */
static int
check_categories(struct making *m, const struct fleet *f, struct diag *d)
{
    struct str *ids = ARENA_ARRAY(m->arena, struct str, f->policies.n + 1);
    for (size_t i = 0; i < f->policies.n; i++)
        ids[i] = f->policies.v[i].id;
    return rebuild_check(m->act, ids, f->policies.n, d);
}

static bool
is_free_of_scans(const struct definition *def)
{
    for (size_t i = 0; i < def->sections.n; i++)
        if (!def->sections.v[i].type->is_free_of_scans)
            return false;
    return true;
}

/* Only what the sections ask for; of the period before, which is compared with, the newest scans
 * alone. */
static int
load_fleets(struct making *m, struct diag *d)
{
    const struct report_identity *id = &m->identity;
    const struct config *c = &m->act->config;
    unsigned needs = definition_needs(&m->definition);
    bool by_months;
    const struct hold_reader reader = {.scope = &id->scope,
                                       .period = id->period,
                                       .with_inputs = needs & NEEDS_INPUTS,
                                       .only_points =
                                           !env_as_of() && is_free_of_scans(&m->definition)};
    if (hold_check_report(m->act, &reader, &by_months, d) != 0)
        return diag_context(d, "%.*s", STR_ARG(id->id));
    struct fleet_query q = request_population(c, m->arena);
    q.from = id->period.from;
    q.to = id->period.to;
    q.as_of = env_as_of();
    q.groups = id->scope.groups;
    q.n_groups = id->scope.n_groups;
    q.policy = str_c(id->scope.policy);
    q.agent = str_c(id->scope.agent);
    q.compare = q.with_texts = true;
    q.by_months = by_months;
    q.with_points = needs & NEEDS_POINTS;
    q.with_evidence = needs & NEEDS_EVIDENCE;
    q.with_inputs = needs & NEEDS_INPUTS;
    q.with_warnings = needs & NEEDS_WARNINGS;
    /* of closed months no scans are left that could be compared */
    int64_t before = by_months ? q.from : period_previous(id->period).from;
    if (store_load_fleets(m->act->store, &q, before, m->arena, &m->fleet, &m->previous, d) != 0 ||
        check_categories(m, &m->fleet, d) != 0)
        return -1;
    narrow_fleets(&m->fleet, &m->previous, id->scope.filter, m->arena);
    return 0;
}

/* What is asked for and what the definition names is there: a word that nobody knows would leave nothing. */
static int
check_words(struct making *m, const struct report_request *q, struct diag *d)
{
    struct report_scope asked = {.agent = q->agent, .policy = q->policy};
    if (q->n_groups) {
        asked.groups = m->identity.scope.groups;
        asked.n_groups = m->identity.scope.n_groups;
    }
    if (known_check_scope(m->act, &asked, DIAG_USAGE, d) != 0 ||
        known_check_definition(m->act, &m->definition, d) != 0)
        return -1;
    for (size_t i = 0; i < m->definition.sections.n; i++) {
        const struct definition_section *s = &m->definition.sections.v[i];
        if (tag_check(&m->fleet, s->tags.v, s->tags.n, q->n_tags ? DIAG_USAGE : DIAG_CONFIG, d) !=
            0)
            return q->n_tags ? diag_context(d, "--tag") : diag_at(d, "sections[%zu].tags", i);
    }
    return 0;
}

/* A report about nobody, or about no scan, reads like one of a fleet without a fault. */
static int
check_not_empty(const struct making *m, struct diag *d)
{
    if (m->fleet.scans.n)
        return 0;
    return diag_fail(d, DIAG_USAGE, "%.*s: %s; --allow-empty makes a report that says so",
                     STR_ARG(m->identity.id),
                     m->fleet.agents.n ? "no agent in its scope has a scan in the period"
                                       : "no agent is in its scope");
}

/* As a report prints it. */
static struct report_checkpoint
describe_checkpoint(const struct making *m)
{
    struct diag d = diag_init(m->arena);
    struct audit_checkpoint cp;
    struct audit_vkey k;
    struct report_checkpoint none = {.note = STR("")};
    if (!m->checkpoint.len || audit_checkpoint_read(m->checkpoint, m->arena, &cp, &d) != 0 ||
        log_keys_load_vkey(&m->act->config, m->arena, &k, &d) != 0)
        return none;
    return (struct report_checkpoint){.note = m->checkpoint,
                                      .vkey = audit_vkey_text(&k, m->arena),
                                      .origin = cp.origin,
                                      .root = base64_encode(m->arena, cp.root.b, SHA256_SIZE),
                                      .size = cp.size};
}

/* How far this host's clock is ahead of the database's; a wrong one makes a report's times wrong. */
static int
compare_clocks(struct making *m, int64_t *ret, struct diag *d)
{
    int64_t there;
    if (store_clock(m->act->store, &there, d) != 0)
        return -1;
    *ret = env_wall_us() / 1000000 - there;
    if (llabs(*ret) > COMPOSE_CLOCK_OFF)
        diag_warn(d, DIAG_WARN_DATA, STR("clock"),
                  "this host's clock is %lld s %s the database's: the report says so", llabs(*ret),
                  *ret < 0 ? "behind" : "ahead of");
    return 0;
}

/* A definition's own, else the site's. */
static struct str
zone_of(const struct making *m)
{
    return m->definition.zone.len ? m->definition.zone : m->act->config.zone;
}

/* Whether the data still give what the newest version says, in the language that it says it in. */
static int
is_as_recorded(struct making *m, bool *ret, struct diag *d)
{
    const char *overlay = m->act->config.templates_dir.len ? m->act->config.templates_dir.s : NULL;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct lang *lang;
    struct report again;
    struct compose_input in = {.definition = &m->definition,
                               .fleet = &m->fleet,
                               .previous = &m->previous,
                               .identity = m->identity,
                               .now = env_now(),
                               .as_of = env_as_of(),
                               .zone = zone_of(m),
                               .tool = STR(""),
                               .audit_seq = -1};
    *ret = false;
    if (texts_check(m->newest.language, overlay, DIAG_CONFIG, d) != 0) {
        diag_clear(d); /* a language of the site that is gone: nothing can be compared any more */
        return 0;
    }
    if (texts_load(m->newest.language, overlay, m->arena, &lang, d) != 0)
        return -1;
    in.lang = lang;
    compose_report(&in, a, &again);
    *ret = str_eq(sha256_hex(m->arena, &again.dataset), m->newest.dataset_hex);
    return 0;
}

/* A sealed version is official: another one in its place wants a reason, unless it was provisional. The same in another language is none, but a
 * rendering of it, as long as the data are the same. */
static int
number_one(struct making *m, const struct report_request *q, struct diag *d)
{
    struct report_identity *id = &m->identity;
    bool same = false;
    if (store_load_setting(m->act->store, id->version_key, m->arena, &m->remembered, d) != 0)
        return -1;
    m->newest = report_version_read(m->remembered);
    struct str reason = q->reason ? str_c(q->reason) : STR("");
    if (!m->signer || m->newest.n == 0 || reason.len) {
        report_identity_number(id, m->arena, m->newest.n, m->signer != NULL, reason);
        return 0;
    }
    if (m->newest.language.len && !report_version_is_in(&m->newest, id->language) &&
        is_as_recorded(m, &same, d) != 0)
        return -1;
    if (!same && m->newest.is_provisional) {
        report_identity_number(id, m->arena, m->newest.n, true,
                               lang_get(m->lang, "control.supersedes.provisional"));
        return 0;
    }
    if (!same)
        return diag_fail(d, DIAG_USAGE,
                         "%.*s has a sealed version %lld: --reason TEXT says why it is made again",
                         STR_ARG(id->id), (long long)m->newest.n);
    report_identity_render(id, m->arena, m->newest.n);
    return 0;
}

/* The head of the audit log is read now: the report says behind which record it was made. */
static int
compose_one(struct making *m, struct diag *d)
{
    int64_t size;
    struct sha256_digest last;
    struct sign_certificate cert = {.subject = STR(""), .sha256_hex = STR("")};
    struct compose_input in = {.definition = &m->definition,
                               .fleet = &m->fleet,
                               .previous = &m->previous,
                               .lang = m->lang,
                               .now = env_now(),
                               .as_of = env_as_of(),
                               .zone = zone_of(m),
                               .tool = STR("assay " ASSAY_VERSION)};
    if (compare_clocks(m, &in.clock_off, d) != 0 ||
        store_audit_size(m->act->store, &size, &last, d) != 0)
        return -1;
    in.identity = m->identity;
    in.with_brief = outbox_has_mail(&m->to);
    if (m->signer)
        sign_describe(m->signer, m->arena, &cert);
    in.checkpoint = describe_checkpoint(m);
    assert(size >= 0);
    in.audit_seq = size - 1; /* -1: the log is empty */
    in.audit_hash_hex = size ? sha256_hex(m->arena, &last) : STR("");
    in.signer = cert.subject;
    in.signer_fingerprint = cert.sha256_hex;
    in.generated_by = arena_fmt(m->arena, "%s@%s", env_user(), env_host());
    compose_report(&in, m->arena, &m->report);
    return 0;
}

/* A report that is composed needs of the fleet only its texts, which its cells point at. */
static void
forget_scans(struct making *m)
{
    struct fleet *const both[] = {&m->fleet, &m->previous};
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        struct fleet *f = both[i];
        arena_release(m->arena, f->scans.v, f->scans.cap * sizeof *f->scans.v);
        arena_release(m->arena, f->points.v, f->points.cap * sizeof *f->points.v);
        f->scans.v = NULL;
        f->points.v = NULL;
        f->scans.n = f->scans.cap = f->points.n = f->points.cap = 0;
    }
}

/* ---- bytes ---- */

/* Between two steps of a report, for a terminal. */
static void
tell_step(const struct making *m, const char *step)
{
    if (m->act->progress)
        m->act->progress(arena_fmt(m->arena, "report, %s", step).s, m->at, m->n);
}

static struct render_options
render_options_of(const struct making *m)
{
    static const char separators[] = {
        [SEPARATOR_COMMA] = ',', [SEPARATOR_SEMICOLON] = ';', [SEPARATOR_TAB] = '\t'};
    const struct config *c = &m->act->config;
    return (struct render_options){.paper = m->definition.paper,
                                   .file_stem = m->identity.stem,
                                   .csv_formula_guard = c->csv_formula_guard,
                                   .csv_bom = c->csv_bom || m->with_bom,
                                   .csv_separator = separators[c->csv_separator]};
}

/* In the order of the list of renderers, in whatever order the definition names them. */
static int
render_outputs(struct making *m, struct diag *d)
{
    struct render_options o = render_options_of(m);
    for (const struct renderer *const *r = renderers; *r; r++) {
        if (!definition_wants_output(&m->definition, (*r)->name))
            continue;
        tell_step(m, (*r)->name);
        if ((*r)->write(&m->report, &o, m->arena, &m->files, d) != 0)
            return diag_context(d, "%.*s as %s", STR_ARG(m->identity.id), (*r)->name);
    }
    return 0;
}

/* A PDF carries its seal inside; the other files are signed through the manifest alone. */
static int
seal_pdfs(struct making *m, struct diag *d)
{
    for (size_t i = 0; m->signer && i < m->files.files.n; i++) {
        struct render_file *f = &m->files.files.v[i];
        if (!str_eqc(f->media_type, "application/pdf"))
            continue;
        if (sign_pdf(m->signer, f->bytes, RENDER_SIGNATURE_FIELD, env_now(), m->arena, &f->bytes,
                     d) != 0)
            return diag_context(d, "sealing %.*s", STR_ARG(f->name));
    }
    return 0;
}

/* The report itself, for a mail: the PDF, or the page where there is none. */
static size_t
find_papers(const struct making *m, struct render_file *ret)
{
    static const char *const types[] = {"application/pdf", "text/html"};
    size_t n = 0;
    for (size_t k = 0; n == 0 && k < sizeof types / sizeof *types; k++)
        for (size_t i = 0; i < m->files.files.n; i++)
            if (str_starts(m->files.files.v[i].media_type, types[k]))
                ret[n++] = m->files.files.v[i];
    return n;
}

/* Behind the seals, which it tells of. */
static int
write_mail(struct making *m, struct diag *d)
{
    const struct config *c = &m->act->config;
    struct render_options o = render_options_of(m);
    size_t all = 0;
    if (!outbox_has_mail(&m->to))
        return 0;
    struct render_file *papers = ARENA_ARRAY(m->arena, struct render_file, m->files.files.n + 1);
    struct mail_options mail = {.render = &o,
                                .papers = papers,
                                .n_papers = find_papers(m, papers),
                                .link = STR(""),
                                .dir = report_place_of(c->reports_dir.s, &m->identity, m->arena),
                                .host = str_c(env_host())};
    for (size_t i = 0; i < mail.n_papers; i++)
        all += papers[i].bytes.len;
    mail.is_attached = all <= (size_t)c->mail_attach_mib << 20;
    if (c->mail_link.len)
        mail.link = arena_fmt(m->arena, "%.*s/%.*s/%.*s", STR_ARG(c->mail_link),
                              STR_ARG(url_segment(m->arena, m->identity.id)),
                              STR_ARG(url_segment(m->arena, file_base_name(mail.dir))));
    return mail_render(&m->report, &mail, m->arena, &m->files, d);
}

static int
put_kept_claim(struct act *act, void *ctx, struct diag *d)
{
    return store_keep_run(act->store, *(const uint64_t *)ctx, REPORT_LEASE_S, d);
}

/* Between two steps: nobody takes over what is being made. Whether it is still ours, the last transaction tells, and so
 * it does when this one could not be done. */
static void
keep_claim(struct making *m)
{
    struct diag ignored = diag_init(m->arena);
    if (m->token)
        act_transact(m->act, put_kept_claim, &m->token, &ignored);
}

static int
make_one(struct making *m, const struct report_request *q, struct diag *d)
{
    const struct config *c = &m->act->config;
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    m->with_bom = q->with_bom;
    if (request_settle(q, c, m->arena, &m->definition, &m->identity, d) != 0)
        return -1;
    AUTO(zone_leave) struct zone_before before = zone_enter(m->definition.zone, m->arena);
    if (texts_load(m->identity.language, overlay, m->arena, &m->lang, d) != 0)
        return -1;
    if (q->deliver)
        outbox_find(c, &m->definition, m->arena, &m->to);
    tell_step(m, "data");
    /* rows that cannot be are told before words that nobody knows: they may be why */
    if (load_fleets(m, d) != 0 || check_words(m, q, d) != 0 ||
        (!q->allow_empty && check_not_empty(m, d) != 0) || number_one(m, q, d) != 0)
        return -1;
    keep_claim(m);
    if (compose_one(m, d) != 0)
        return -1;
    forget_scans(m);
    if (render_outputs(m, d) != 0)
        return -1;
    keep_claim(m);
    return seal_pdfs(m, d) == 0 ? write_mail(m, d) : -1;
}

/* ---- the manifest ---- */

/* Over the files that were put so far: the last ones of the session. */
static int
put_manifest(struct record *rec, struct delivery *out, struct diag *d)
{
    struct arena *a = d->arena;
    struct report_summary *sum = rec->sum;
    const struct report *r = &rec->makings[0].report;
    struct manifest m = {.report_id = sum->id,
                         .dataset_hex = sum->dataset_hex,
                         .audit_seq = r->audit_seq,
                         .audit_checkpoint = rec->checkpoint,
                         .audit_hash_hex = r->audit_hash_hex,
                         .tool = r->tool,
                         .created = env_now()};
    for (size_t i = 0; i < rec->n; i++) {
        const struct report_identity *id = &rec->makings[i].identity;
        *VEC_PUSH(a, &m.reports) = (struct manifest_report){.definition = id->definition,
                                                            .id = id->id,
                                                            .language = id->language,
                                                            .period = id->period_key,
                                                            .scope = id->scope_text,
                                                            .version = id->version};
    }
    manifest_add_libraries(&m, a);
    const struct deliver_file *f;
    for (size_t i = 0; (f = deliver_file_at(out, i)); i++)
        *VEC_PUSH(a, &m.outputs) = (struct manifest_output){.name = f->name,
                                                            .media_type = f->media_type,
                                                            .size = (int64_t)f->bytes.len,
                                                            .sha256 = f->sha256};
    struct str bytes, cms;
    manifest_write(&m, a, &bytes);
    struct sha256_digest digest = sha256_of(bytes);
    rec->manifest_hex = sha256_hex(a, &digest);
    struct deliver_file file = {
        .name = STR("manifest.json"), .media_type = STR("application/json"), .bytes = bytes};
    if (deliver_put(out, &file, d) != 0)
        return -1;
    if (!rec->signer)
        return 0;
    sum->is_signed = true;
    if (sign_cms(rec->signer, bytes, a, &cms, d) != 0)
        return -1;
    file = (struct deliver_file){.name = STR("manifest.json.p7s"),
                                 .media_type = STR("application/pkcs7-signature"),
                                 .bytes = cms};
    return deliver_put(out, &file, d);
}

/* ---- the record ---- */

static struct event
output_event(const struct report_output *o, struct event_change *details, struct arena *a)
{
    details[0] = (struct event_change){.field = STR("size"),
                                       .old_value = STR(""),
                                       .new_value = arena_fmt(a, "%lld", (long long)o->size)};
    details[1] = (struct event_change){
        .field = STR("media_type"), .old_value = STR(""), .new_value = o->media_type};
    return (struct event){.name = "output.write",
                          .severity = 1,
                          .object_type = STR("file"),
                          .object_id = sha256_hex(a, &o->sha256),
                          .object_name = o->path,
                          .reason = STR(""),
                          .changes = details,
                          .n_changes = 2};
}

/* Remembers what was made, when it is sealed. Who made another version of it meanwhile was first. */
static int
put_version(struct act *act, const struct making *m, struct diag *d)
{
    const struct report_identity *id = &m->identity;
    struct report_version v = m->newest;
    struct str now;
    if (id->is_draft)
        return 0;
    if (store_load_setting(act->store, id->version_key, d->arena, &now, d) != 0)
        return -1;
    if (!str_eq(now, m->remembered))
        return diag_fail(d, DIAG_BUSY, "another run made a version of %.*s meanwhile",
                         STR_ARG(id->id));
    if (id->is_rendering)
        v.others = arena_fmt(d->arena, "%.*s%s%.*s", STR_ARG(v.others), v.others.len ? " " : "",
                             STR_ARG(id->language));
    else
        v = (struct report_version){.n = m->newest.n + 1,
                                    .is_provisional = m->report.is_provisional,
                                    .language = id->language,
                                    .dataset_hex = sha256_hex(d->arena, &m->report.dataset),
                                    .others = STR("")};
    return store_put_setting(act->store, id->version_key, report_version_write(&v, d->arena), d);
}

/* What goes to recipients, all of it with one manifest. */
static int
queue_all(struct act *act, const struct record *rec, struct event *events, struct diag *d)
{
    const struct making *m = &rec->makings[0];
    const struct report_identity *id = &m->identity;
    const struct store_outgoing what = {.definition = id->definition,
                                        .report_id = id->id,
                                        .version = id->version,
                                        .language = id->language,
                                        .title = m->report.title,
                                        .dir = arena_str(d->arena, rec->sum->dir),
                                        .host = str_c(env_host()),
                                        .manifest_hex = rec->manifest_hex};
    for (size_t i = 0; i < m->to.n; i++)
        if (outbox_queue(act, &m->to.v[i], what, &events[i], d) != 0)
            return -1;
    return 0;
}

/* Versions, audit records, the outbox and the row of the run: all of them or none. */
static int
put_records(struct act *act, void *ctx, struct diag *d)
{
    const struct record *rec = ctx;
    size_t n = rec->n + rec->sum->outputs.n + rec->makings[0].to.n, k = 0;
    assert(rec->n > 0);
    struct event *events = ARENA_ARRAY(d->arena, struct event, n);
    for (size_t i = 0; i < rec->n; i++) {
        const struct making *m = &rec->makings[i];
        store_facts_for(act->store, i);
        if (put_version(act, m, d) != 0)
            return -1;
        events[k++] =
            report_record_made(&m->identity, m->report.title, &m->report.dataset, d->arena);
    }
    for (size_t i = 0; i < rec->sum->outputs.n; i++)
        events[k++] = output_event(&rec->sum->outputs.v[i],
                                   ARENA_ARRAY(d->arena, struct event_change, 2), d->arena);
    if (queue_all(act, rec, &events[k], d) != 0)
        return -1;
    assert(k + rec->makings[0].to.n == n);
    struct store_run run =
        report_record_run_done(&rec->makings[0].identity, rec->sum->dataset_hex, rec->manifest_hex);
    store_facts_for(act->store, 0);
    if (rec->token && store_finish_run(act->store, rec->token, &run, d) != 0)
        return -1;
    return act_append(act, events, n, d);
}

/* ---- the job ---- */

/* The hash over all reports of the run: of one, its own. */
static struct str
dataset_of(const struct making *makings, size_t n, struct arena *a)
{
    assert(n > 0);
    if (n == 1)
        return sha256_hex(a, &makings[0].report.dataset);
    struct sha256 *h = sha256_new();
    for (size_t i = 0; i < n; i++)
        sha256_add(h, makings[i].report.dataset.b, SHA256_SIZE);
    struct sha256_digest all = sha256_final(h);
    return sha256_hex(a, &all);
}

static void
summarise(struct report_summary *sum, const struct making *makings, size_t n,
          const char *output_dir, const struct config *c, struct arena *a)
{
    assert(n > 0);
    const struct making *m = &makings[0];
    sum->id = m->identity.id;
    for (size_t i = 1; i < n; i++)
        sum->id = arena_fmt(a, "%.*s %.*s", STR_ARG(sum->id), STR_ARG(makings[i].identity.id));
    sum->version = m->identity.version;
    sum->title = m->report.title;
    sum->dataset_hex = dataset_of(makings, n, a);
    sum->dir = output_dir ? arena_str(a, str_c(output_dir))
                          : report_place_of(c->reports_dir.s, &m->identity, a);
    for (size_t i = 0; i < m->to.n; i++)
        *VEC_PUSH(a, &sum->destinations) = m->to.v[i].destination;
}

/* What the summary and the audit log say of a file that was handed over. */
static void
note_output(struct report_summary *sum, const struct deliver_row *row, struct arena *a)
{
    *VEC_PUSH(a, &sum->outputs) = (struct report_output){.path = row->place,
                                                         .media_type = row->file->media_type,
                                                         .sha256 = row->file->sha256,
                                                         .size = (int64_t)row->file->bytes.len};
}

/* All files of the run in one session, the manifest over them last. */
static int
hand_over(struct record *rec, struct diag *d)
{
    AUTO(deliver_close_auto) struct delivery *out = NULL;
    const struct report_identity *id = &rec->makings[0].identity;
    if (rec->is_in_versions &&
        report_place_make_free(&rec->sum->dir, id->is_draft, d->arena, d) != 0)
        return -1;
    if (deliver_open(rec->sum->dir, d->arena, &out, d) != 0)
        return -1;
    for (size_t i = 0; i < rec->n; i++) {
        const struct render_files *made = &rec->makings[i].files;
        for (size_t k = 0; k < made->files.n; k++) {
            const struct render_file *f = &made->files.v[k];
            const struct deliver_file file = {
                .name = f->name, .media_type = f->media_type, .bytes = f->bytes};
            if (deliver_put(out, &file, d) != 0)
                return -1;
        }
    }
    if (put_manifest(rec, out, d) != 0 || deliver_finish(out, d) != 0)
        return -1;
    const struct deliver_rows *rows = deliver_handed_over(out);
    for (size_t i = 0; i < rows->list.n; i++)
        note_output(rec->sum, &rows->list.v[i], d->arena);
    return 0;
}

/* The log as it was when the run began. Without one the report is made all the same: what is wrong
 * with the log is for `assay audit verify` and the nightly run to say. */
static struct str
checkpoint_before(struct act *act, struct arena *a)
{
    struct diag d = diag_init(a);
    struct checkpoint_made made;
    bool made_key;
    if (act->dry_run || log_keys_make(act, &made_key, &d) != 0 ||
        checkpoint_make(act, false, &made, &d) != 0)
        return STR("");
    return made.note;
}

/* The records of the run come under a checkpoint that stays with its files: who takes them out of the log
 * later contradicts it. It is made after them, so the manifest cannot name it; the key of the log signs it.
 * The report is made and recorded by then: that there is none is a warning. */
static void
carry_checkpoint(struct act *act, const char *dir, struct diag *d)
{
    struct diag own = diag_init(d->arena);
    struct checkpoint_made made;
    AUTO(deliver_close_auto) struct delivery *out = NULL;
    struct deliver_file file = {.name = STR(MANIFEST_CHECKPOINT),
                                .media_type = STR("text/plain; charset=utf-8")};
    int rc = checkpoint_make(act, false, &made, &own);
    if (rc == 0)
        rc = deliver_open(str_c(dir), d->arena, &out, &own);
    file.bytes = rc == 0 ? made.note : STR("");
    if (rc == 0 && deliver_put(out, &file, &own) == 0 && deliver_finish(out, &own) == 0)
        return;
    diag_warn(d, DIAG_WARN_PARTIAL, STR(MANIFEST_CHECKPOINT),
              "the report carries no checkpoint over its own records: %s", own.first.text.s);
}

/* A manifest covers all files of the run, each by a name of its own; one that breaks a rule could be
 * verified by nobody. */
static int
check_outputs(const struct making *makings, size_t n, struct diag *d)
{
    size_t n_files = 0;
    for (size_t i = 0; i < n; i++) {
        n_files += makings[i].files.files.n;
        for (size_t k = 0; k < i; k++)
            if (str_eq(makings[k].identity.id, makings[i].identity.id))
                return diag_fail(d, DIAG_USAGE, "%.*s is asked for twice: its files have one name",
                                 STR_ARG(makings[i].identity.id));
    }
    if (n_files <= MANIFEST_MAX_OUTPUTS)
        return 0;
    return diag_fail(
        d, DIAG_TOO_BIG,
        "%zu files, and a manifest covers at most %d: make fewer tables as CSV (fewer "
        "sections, or groups of their own), leave CSV out (--format pdf,json), or make "
        "fewer definitions in one run",
        n_files, MANIFEST_MAX_OUTPUTS);
}

/* A destination without its scheme. */
static const char *
folder_of(const char *output_dir)
{
    static const char scheme[] = "folder:";
    return str_starts(str_c(output_dir), scheme) ? output_dir + strlen(scheme) : output_dir;
}

/* All reports are made before the first file is written, so that one that fails leaves no others
 * behind. */
static int
make_all(struct act *act, const struct report_request *requests, size_t n, uint64_t token,
         struct report_summary *ret, struct diag *d)
{
    struct making *makings = ARENA_ARRAY(d->arena, struct making, n);
    struct record rec = {.makings = makings, .n = n, .sum = ret, .token = token};
    AUTO(sign_signer_free_auto) struct sign_signer *signer = NULL;
    rec.is_in_versions = !requests[0].output_dir;
    if (requests[0].output_dir &&
        report_place_check_free(folder_of(requests[0].output_dir), d) != 0)
        return -1;
    if (signer_load_to_seal(&act->config, &signer, d) != 0)
        return -1;
    rec.signer = signer;
    rec.checkpoint = checkpoint_before(act, d->arena);
    for (size_t i = 0; i < n; i++) {
        makings[i].act = act;
        makings[i].signer = signer;
        makings[i].token = token;
        makings[i].arena = d->arena;
        makings[i].checkpoint = rec.checkpoint;
        makings[i].at = i + 1;
        makings[i].n = n;
        if (make_one(&makings[i], &requests[i], d) != 0)
            return -1;
    }
    if (check_outputs(makings, n, d) != 0)
        return -1;
    summarise(ret, makings, n, requests[0].output_dir, &act->config, d->arena);
    if (act->dry_run)
        return 0;
    if (hand_over(&rec, d) != 0 || act_transact(act, put_records, &rec, d) != 0)
        return -1;
    const struct report_identity *id = &makings[0].identity;
    struct diag late =
        diag_init(d->arena); /* the report is made whatever becomes of the link to it */
    if (rec.is_in_versions && !id->is_draft && !id->is_rendering &&
        report_place_set_latest(ret->dir.s, d->arena, &late) != 0)
        diag_warn(d, DIAG_CANNOT_WRITE, late.first.place, "%.*s", STR_ARG(late.first.text));
    carry_checkpoint(act, arena_str(d->arena, ret->dir).s, d);
    return 0;
}

int
report_run(struct act *act, const struct report_request *requests, size_t n,
           struct report_summary *ret, struct diag *d)
{
    assert(n > 0);
    if (n > 1 && !requests[0].output_dir)
        return diag_fail(d, DIAG_USAGE, "several reports in one run need --output DIR");
    if (requests[0].deliver && requests[0].output_dir)
        return diag_fail(
            d, DIAG_USAGE,
            "what is delivered stands below reports-dir: --deliver goes without --output");
    return make_all(act, requests, n, NO_TOKEN, ret, d);
}

int
report_run_claimed(struct act *act, const struct report_request *request, uint64_t token,
                   struct report_summary *ret, struct diag *d)
{
    assert(token);
    return make_all(act, request, 1, token, ret, d);
}
