/* The report job: definition -> dataset -> compose -> render -> sign -> files -> manifest -> audit.
 * The files go out before the transaction that records them: a kill in between leaves files that
 * the next run writes again, never a record of a file that is not there. */
#include "job/report.h"

#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "base/base64.h"
#include "base/env.h"
#include "base/file.h"
#include "compose/compose.h"
#include "deliver/deliver.h"
#include "job/signer.h"
#include "ledger/checkpoint.h"
#include "render/render.h"
#include "settings/definition.h"
#include "settings/texts.h"
#include "sign/manifest.h"

AUTO_DEFINE(struct sign_signer *, sign_signer_free)

enum { NO_TOKEN = 0 };

/* One report on its way. */
struct making {
    struct act *act;
    const struct sign_signer *signer; /* NULL = reports are not signed */
    struct arena *arena;
    struct definition definition;
    struct period period;
    struct fleet fleet, previous;
    struct lang *lang;
    struct str checkpoint; /* of the audit log, empty = none */
    struct report report;
    struct str stem, period_key;
    struct render_files files;
};

/* What the last transaction records. */
struct record {
    struct making *makings;
    size_t n;
    struct report_summary *sum;
    const struct sign_signer *signer;
    uint64_t token; /* of a claimed run, 0 = none */
    struct str manifest_hex;
    struct str checkpoint; /* of the audit log, empty = none */
};

/* ---- the request ---- */

/* Formats of the command line stand instead of the definition's. */
static int
choose_outputs(struct definition *def, const char *formats, struct arena *a, struct diag *d)
{
    if (!formats)
        return 0;
    def->outputs.n = 0;
    for (struct str rest = str_c(formats); rest.len;) {
        struct str word = str_trim(str_cut(&rest, ','));
        if (!render_find(word))
            return diag_fail(d, DIAG_USAGE, "no output format \"%.*s\"", STR_ARG(word));
        *VEC_PUSH(a, &def->outputs) = word;
    }
    return 0;
}

static int
choose_period(struct making *m, const char *period, struct diag *d)
{
    int64_t now = env_now();
    if (period && !period_parse(str_c(period), now, &m->period))
        return diag_fail(d, DIAG_USAGE,
                         "period \"%s\": want e.g. last-month, 2026-11, 2026-W47, 2026-Q3 or "
                         "2026-11-01..2026-11-15",
                         period);
    if (!period)
        m->period = period_closed(
            m->definition.period == PERIOD_CUSTOM ? PERIOD_MONTH : m->definition.period, now);
    m->period_key = period_key(m->arena, m->period);
    return 0;
}

static void
fill_from_settings(struct definition *def, const struct config *c)
{
    if (!def->organisation.len)
        def->organisation = c->organisation;
    if (!def->classification.len)
        def->classification = c->classification;
    if (!def->language.len)
        def->language = c->language;
    if (!def->paper.len)
        def->paper = c->paper;
}

/* Bytes that may stand in a file's name; the rest become '-'. */
static struct str
safe_name(struct arena *a, struct str s)
{
    struct str copy = arena_str(a, s); /* our own: it may be written to */
    for (char *p = (char *)copy.s; *p; p++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *p))
            *p = '-';
    return copy;
}

static int
prepare(struct making *m, const struct report_request *q, struct diag *d)
{
    const struct config *c = &m->act->config;
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    if (definition_load(q->definition, overlay, &report_choices, m->arena, &m->definition, d) != 0)
        return -1;
    fill_from_settings(&m->definition, c);
    if (q->language)
        m->definition.language = str_c(q->language);
    if (choose_outputs(&m->definition, q->formats, m->arena, d) != 0 ||
        choose_period(m, q->period, d) != 0)
        return -1;
    if (q->n_groups)
        m->definition.groups.n = 0;
    for (size_t i = 0; i < q->n_groups; i++)
        *VEC_PUSH(m->arena, &m->definition.groups) = str_c(q->groups[i]);
    struct str agent = q->agent ? arena_fmt(m->arena, "-%s", q->agent) : STR("");
    m->stem = safe_name(m->arena, arena_fmt(m->arena, "%.*s%.*s-%.*s", STR_ARG(m->definition.name),
                                            STR_ARG(agent), STR_ARG(m->period_key)));
    return texts_load(m->definition.language, overlay, m->arena, &m->lang, d);
}

/* ---- the dataset ---- */

/* Only what the sections ask for; of the period before, which is compared with, the newest scans
 * alone. */
static int
load(struct making *m, const char *agent, struct diag *d)
{
    const struct definition *def = &m->definition;
    unsigned needs = definition_needs(def);
    struct fleet_query q = {.from = m->period.from,
                            .to = m->period.to,
                            .groups = def->groups.v,
                            .n_groups = def->groups.n,
                            .policy = STR(""),
                            .agent = str_c(agent),
                            .with_texts = true,
                            .with_points = needs & NEEDS_POINTS,
                            .with_evidence = needs & NEEDS_EVIDENCE,
                            .with_inputs = needs & NEEDS_INPUTS};
    if (store_load_fleet(m->act->store, &q, m->arena, &m->fleet, d) != 0)
        return -1;
    struct period before = period_previous(m->period);
    q.from = before.from;
    q.to = before.to;
    q.with_points = q.with_evidence = q.with_inputs = false;
    return store_load_fleet(m->act->store, &q, m->arena, &m->previous, d);
}

/* The next version of the report: one more than the last one that was recorded. */
static int
next_version(struct making *m, struct str *ret, struct diag *d)
{
    struct str was;
    int64_t n = 0;
    struct str key = arena_fmt(m->arena, "version:%.*s", STR_ARG(m->stem));
    if (store_load_setting(m->act->store, key, m->arena, &was, d) != 0)
        return -1;
    str_to_i64(was, &n);
    *ret = arena_fmt(m->arena, "%lld", (long long)n + 1);
    return 0;
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
        keys_load_vkey(&m->act->config, m->arena, &k, &d) != 0)
        return none;
    return (struct report_checkpoint){.note = m->checkpoint,
                                      .vkey = audit_vkey_text(&k, m->arena),
                                      .origin = cp.origin,
                                      .root = base64_encode(m->arena, cp.root.b, SHA256_SIZE),
                                      .size = cp.size};
}

static int
compose(struct making *m, struct diag *d)
{
    int64_t size;
    struct sha256_digest last;
    struct sign_certificate cert = {.subject = STR(""), .sha256_hex = STR("")};
    struct compose_input in = {.definition = &m->definition,
                               .fleet = &m->fleet,
                               .previous = &m->previous,
                               .lang = m->lang,
                               .period = m->period,
                               .now = env_now(),
                               .report_id = m->stem,
                               .tool = STR("assay " ASSAY_VERSION)};
    if (store_audit_size(m->act->store, &size, &last, d) != 0 ||
        next_version(m, &in.version, d) != 0)
        return -1;
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

/* ---- bytes ---- */

static int
render(struct making *m, struct diag *d)
{
    struct render_options o = {
        .paper = m->definition.paper, .file_stem = m->stem, .csv_formula_guard = true};
    for (const struct renderer *const *r = renderers; *r; r++)
        if (definition_wants_output(&m->definition, (*r)->name) &&
            (*r)->write(&m->report, &o, m->arena, &m->files, d) != 0)
            return diag_context(d, "%.*s as %s", STR_ARG(m->stem), (*r)->name);
    return 0;
}

static int
seal(struct making *m, struct diag *d)
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

static int
make(struct making *m, const struct report_request *q, struct diag *d)
{
    return prepare(m, q, d) == 0 && load(m, q->agent, d) == 0 && compose(m, d) == 0 &&
                   render(m, d) == 0 && seal(m, d) == 0
               ? 0
               : -1;
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

static struct event
report_event(const struct making *m, struct event_change *details, struct arena *a)
{
    details[0] = (struct event_change){
        .field = STR("period"), .old_value = STR(""), .new_value = m->period_key};
    details[1] = (struct event_change){.field = STR("dataset"),
                                       .old_value = STR(""),
                                       .new_value = sha256_hex(a, &m->report.dataset)};
    details[2] = (struct event_change){
        .field = STR("version"), .old_value = STR(""), .new_value = m->report.version};
    return (struct event){.name = "report.make",
                          .severity = 2,
                          .object_type = STR("report"),
                          .object_id = m->stem,
                          .object_name = m->report.title,
                          .reason = STR(""),
                          .changes = details,
                          .n_changes = 3};
}

static int
finish_run(struct act *act, const struct record *rec, struct diag *d)
{
    if (!rec->token)
        return 0;
    const struct making *m = &rec->makings[0];
    struct store_run run = {.definition = m->definition.name,
                            .period_key = m->period_key,
                            .state = STR("done"),
                            .host = str_c(env_host()),
                            .report_id = m->stem,
                            .dataset_hex = rec->sum->dataset_hex,
                            .manifest_hex = rec->manifest_hex,
                            .changed = env_wall_us() / 1000000};
    return store_finish_run(act->store, rec->token, &run, d);
}

static int
put_records(struct act *act, void *ctx, struct diag *d)
{
    const struct record *rec = ctx;
    size_t n = rec->n + rec->sum->outputs.n, k = 0;
    assert(rec->n > 0);
    struct event *events = ARENA_ARRAY(d->arena, struct event, n);
    for (size_t i = 0; i < rec->n; i++) {
        const struct making *m = &rec->makings[i];
        struct str key = arena_fmt(d->arena, "version:%.*s", STR_ARG(m->stem));
        if (store_put_setting(act->store, key, m->report.version, d) != 0)
            return -1;
        events[k++] = report_event(m, ARENA_ARRAY(d->arena, struct event_change, 3), d->arena);
    }
    for (size_t i = 0; i < rec->sum->outputs.n; i++)
        events[k++] = output_event(&rec->sum->outputs.v[i],
                                   ARENA_ARRAY(d->arena, struct event_change, 2), d->arena);
    assert(k == n);
    return finish_run(act, rec, d) == 0 ? act_append(act, events, n, d) : -1;
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
    sum->id = m->stem;
    for (size_t i = 1; i < n; i++)
        sum->id = arena_fmt(a, "%.*s %.*s", STR_ARG(sum->id), STR_ARG(makings[i].stem));
    sum->version = m->report.version;
    sum->title = m->report.title;
    sum->period = m->period;
    sum->dataset_hex = dataset_of(makings, n, a);
    sum->dir =
        output_dir ? arena_str(a, str_c(output_dir)) : file_join(a, c->reports_dir.s, m->stem.s);
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
checkpoint(struct act *act, struct arena *a)
{
    struct diag d = diag_init(a);
    struct checkpoint_made made;
    bool made_key;
    if (act->dry_run || keys_make_log_key(act, &made_key, &d) != 0 ||
        checkpoint_make(act, false, &made, &d) != 0)
        return STR("");
    return made.note;
}

static int
make_all(struct act *act, const struct report_request *requests, size_t n, uint64_t token,
         struct report_summary *ret, struct diag *d)
{
    struct making *makings = ARENA_ARRAY(d->arena, struct making, n);
    struct record rec = {.makings = makings, .n = n, .sum = ret, .token = token};
    AUTO(sign_signer_free_auto) struct sign_signer *signer = NULL;
    if (signer_load(&act->config, &signer, d) != 0)
        return -1;
    rec.signer = signer;
    rec.checkpoint = checkpoint(act, d->arena);
    for (size_t i = 0; i < n; i++) {
        makings[i].act = act;
        makings[i].signer = signer;
        makings[i].arena = d->arena;
        makings[i].checkpoint = rec.checkpoint;
        if (act->progress)
            act->progress("report", i, n);
        if (make(&makings[i], &requests[i], d) != 0)
            return -1;
    }
    summarise(ret, makings, n, requests[0].output_dir, &act->config, d->arena);
    if (act->dry_run)
        return 0;
    return hand_over(&rec, d) == 0 ? act_transact(act, put_records, &rec, d) : -1;
}

const struct definition_choices report_choices = {.sections = section_types,
                                                  .output_at = render_name};

const char *
report_format(size_t i)
{
    return report_choices.output_at(i);
}

int
report_run(struct act *act, const struct report_request *requests, size_t n,
           struct report_summary *ret, struct diag *d)
{
    assert(n > 0);
    if (n > 1 && !requests[0].output_dir)
        return diag_fail(d, DIAG_USAGE, "several reports in one run need --output DIR");
    return make_all(act, requests, n, NO_TOKEN, ret, d);
}

int
report_run_claimed(struct act *act, const struct report_request *request, uint64_t token,
                   struct report_summary *ret, struct diag *d)
{
    assert(token);
    return make_all(act, request, 1, token, ret, d);
}
