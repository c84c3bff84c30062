/* One control of InSpec: its texts and tags, its results, and what they amount to. Called by
 * inspec.c. */
#include <assert.h>

#include "base/buf.h"
#include "ingest/frameworks.h"
#include "ingest/inspec.h"
#include "ingest/limits.h"
#include "ingest/take.h"
#include "ingest/xccdf.h"

enum { MAX_IDENTS = 1000 };
#define MAX_RAW ((size_t)4 * LIMIT_TEXT)

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max, struct str place)
{
    return json_reader_get(r, v, key, max, place);
}

/* ---- texts and tags ---- */

/* Severity by tag; else by impact, which says nothing when it is 0: that means not applicable. */
static enum severity
severity_of(struct ingest_reader *r, const json_t *tags, double impact)
{
    struct str word = get(r, tags, "severity", LIMIT_ID, STR("tags"));
    if (severity_from_word(word) != SEVERITY_UNKNOWN)
        return severity_from_word(word);
    return impact >= 0.9   ? SEVERITY_CRITICAL
           : impact >= 0.7 ? SEVERITY_HIGH
           : impact >= 0.4 ? SEVERITY_MEDIUM
           : impact > 0    ? SEVERITY_LOW
                           : SEVERITY_UNKNOWN;
}

/* The description of a label, in both shapes that versions of InSpec write. */
static struct str
description(struct ingest_reader *r, const json_t *v, const char *label, struct str place)
{
    const json_t *all = json_object_get(v, "descriptions");
    if (json_is_object(all))
        return get(r, all, label, LIMIT_TEXT, place);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        if (str_eqc(get(r, one, "label", LIMIT_ID, place), label))
            return get(r, one, "data", LIMIT_TEXT, place);
    }
    return STR("");
}

static void
add_ident(struct ingest_reader *r, struct scan_check *c, struct str ident)
{
    if (ident.len && c->idents.n < MAX_IDENTS)
        *VEC_PUSH(r->a, &c->idents) = take_id(r->a, ident, r->d);
}

/* A tag that is a text or a list of texts, as controls of a framework. */
static void
add_controls(struct ingest_reader *r, struct scan_check *c, const json_t *tags, const char *tag)
{
    const json_t *v = json_object_get(tags, tag);
    if (json_is_string(v))
        frameworks_add(r->a, c, str_c(tag), str_c(json_string_value(v)), r->d);
    for (size_t i = 0; i < json_array_size(v); i++) {
        const char *control = json_string_value(json_array_get(v, i));
        if (control)
            frameworks_add(r->a, c, str_c(tag), str_c(control), r->d);
        if (control && str_starts(str_c(tag), "cci"))
            add_ident(r, c, str_c(control));
    }
}

static void
take_tags(struct ingest_reader *r, struct scan_check *c, const json_t *tags)
{
    static const char *const frameworks[] = {
        "cci",     "nist",  "cis_controls", "cis",      "cis_controls_v7", "cis_controls_v8",
        "pci_dss", "hipaa", "iso27001",     "nist_csf", "nist_800_171",    "cmmc"};
    static const char *const idents[] = {"stig_id", "gid", "rid", "cis_rid", "cis_id"};
    struct str gtitle = get(r, tags, "gtitle", LIMIT_ID, c->id);
    for (size_t i = 0; i < sizeof frameworks / sizeof *frameworks; i++)
        add_controls(r, c, tags, frameworks[i]);
    for (size_t i = 0; i < sizeof idents / sizeof *idents; i++)
        add_ident(r, c, get(r, tags, idents[i], LIMIT_ID, c->id));
    if (str_starts(gtitle, "SRG-"))
        frameworks_add(r->a, c, STR("srg"), gtitle, r->d);
}

/* ---- results ---- */

static void
put_part(struct buf *to, const char *between, struct str text)
{
    if (text.len)
        buf_fmt(to, "%s%.*s", between, STR_ARG(text));
}

/* "failed: what was tested: what was found" */
static void
describe_result(struct ingest_reader *r, const json_t *v, struct str word, struct str place,
                struct buf *to)
{
    struct str skip = get(r, v, "skip_message", LIMIT_TEXT, place);
    buf_fmt(to, "%s%.*s", to->len ? "\n" : "", STR_ARG(word));
    put_part(to, ": ", get(r, v, "code_desc", LIMIT_TEXT, place));
    put_part(to, ": ", get(r, v, "message", LIMIT_TEXT, place));
    put_part(to, ": ", skip);
    put_part(to, ": ", get(r, v, "exception", LIMIT_TITLE, place));
}

static void
widen(struct inspec_control *c, int64_t t)
{
    if (t == CLOCK_NONE)
        return;
    if (c->first == CLOCK_NONE || t < c->first)
        c->first = t;
    if (c->last == CLOCK_NONE || t > c->last)
        c->last = t;
}

static void
take_result(struct ingest_reader *r, struct inspec_control *c, const json_t *v,
            struct buf *evidence)
{
    struct str word = get(r, v, "status", LIMIT_ID, c->id);
    bool is_error = json_is_array(json_object_get(v, "backtrace")) || str_eqc(word, "error");
    c->n_results++;
    c->n_errors += is_error;
    c->n_failed += !is_error && str_eqc(word, "failed");
    c->n_passed += !is_error && str_eqc(word, "passed");
    if (!is_error && !str_eqc(word, "failed") && !str_eqc(word, "passed") &&
        !str_eqc(word, "skipped")) {
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "a result's status is no word of InSpec: an error");
        c->n_errors++;
    }
    describe_result(r, v, word, c->id, evidence);
    widen(c, take_time(r->ctx, get(r, v, "start_time", LIMIT_ID, c->id), &c->zone_assumed, c->id,
                       r->d));
}

/* run: false means that the control was not even tried. */
static void
take_waiver(struct ingest_reader *r, struct inspec_control *c, const json_t *v)
{
    const json_t *w = json_object_get(v, "waiver_data");
    const json_t *run = json_object_get(w, "run");
    struct str why = get(r, w, "justification", LIMIT_TITLE, c->id);
    struct str until = get(r, w, "expiration_date", LIMIT_ID, c->id);
    bool skipped = json_is_true(json_object_get(w, "skipped_due_to_waiver")) ||
                   json_string_length(json_object_get(w, "skipped_due_to_waiver"));
    if (!json_is_object(w) || !json_object_size(w))
        return;
    c->is_waived = json_is_false(run) || skipped;
    c->waiver =
        arena_fmt(r->a, "%.*s%s%.*s", STR_ARG(why), until.len ? " (until " : "", STR_ARG(until));
    if (until.len)
        c->waiver = arena_fmt(r->a, "%.*s)", STR_ARG(c->waiver));
}

void
inspec_control_take(struct ingest_reader *r, const json_t *v, struct inspec_control *ret)
{
    const json_t *tags = json_object_get(v, "tags"), *results = json_object_get(v, "results");
    const json_t *impact = json_object_get(v, "impact");
    struct scan_check *c = &ret->check;
    AUTO_BUF evidence = buf_init(MAX_RAW);
    ret->impact = json_is_number(impact) ? json_number_value(impact) : -1;
    ret->first = ret->last = CLOCK_NONE;
    ret->waiver = STR("");
    *c = (struct scan_check){.id = ret->id, .key = ret->id};
    c->impact = c->category = STR("");
    c->title = get(r, v, "title", LIMIT_TITLE, c->id);
    c->description = get(r, v, "desc", LIMIT_TEXT, c->id);
    c->rationale = description(r, v, "rationale", c->id);
    c->remediation = description(r, v, "fix", c->id);
    if (!c->remediation.len)
        c->remediation = get(r, tags, "fix", LIMIT_TEXT, c->id);
    c->severity = severity_of(r, tags, ret->impact);
    take_tags(r, c, tags);
    for (size_t i = 0; i < json_array_size(results); i++)
        take_result(r, ret, json_array_get(results, i), &evidence);
    take_waiver(r, ret, v);
    ret->evidence = take_text(r->a, buf_view(&evidence), LIMIT_TEXT, c->id, r->d);
}

/* ---- what they amount to ---- */

/* A control's words, by the rule of the format: impact first, then the worst of the results. */
static struct scan_result
judge(const struct inspec_control *sum)
{
    struct scan_result r = {.time = CLOCK_NONE};
    if (sum->impact == 0) {
        r.native = STR("Not Applicable");
        r.status = STATUS_NOTAPPLICABLE;
    } else if (!sum->n_results || sum->n_errors) {
        r.native = STR("Profile Error");
        r.status = STATUS_ERROR;
    } else if (sum->n_failed) {
        r.native = STR("Failed");
        r.status = STATUS_FAIL;
    } else if (sum->n_passed) {
        r.native = STR("Passed");
        r.status = STATUS_PASS;
    } else {
        r.native = STR("Not Reviewed");
        r.status = STATUS_NOTCHECKED;
    }
    return r;
}

/* The results stand with the profile that an overlay is built on. */
static struct inspec_control
add_up(struct arena *a, struct inspec_control *const *all, size_t n)
{
    struct inspec_control sum = *all[0];
    for (size_t i = 1; i < n; i++) {
        const struct inspec_control *c = all[i];
        sum.n_results += c->n_results;
        sum.n_errors += c->n_errors;
        sum.n_failed += c->n_failed;
        sum.n_passed += c->n_passed;
        if (c->evidence.len && sum.evidence.len < LIMIT_TEXT)
            sum.evidence = sum.evidence.len ? arena_fmt(a, "%.*s\n%.*s", STR_ARG(sum.evidence),
                                                        STR_ARG(c->evidence))
                                            : c->evidence;
        sum.is_waived = sum.is_waived || c->is_waived;
        sum.waiver = sum.waiver.len ? sum.waiver : c->waiver;
        sum.impact = sum.impact < 0 ? c->impact : sum.impact;
        widen(&sum, c->first);
        widen(&sum, c->last);
        sum.zone_assumed = sum.zone_assumed || c->zone_assumed;
    }
    return sum;
}

/* Texts that an overlay leaves out are those of the profile below it. */
static void
fill_check(struct build *b, struct scan_check *c, struct inspec_control *const *all, size_t n)
{
    struct str id = c->id;
    *c = all[0]->check;
    c->id = id;
    c->key = xccdf_stable_key(b->a, id);
    for (size_t i = 1; i < n; i++) {
        const struct scan_check *below = &all[i]->check;
        c->title = c->title.len ? c->title : below->title;
        c->description = c->description.len ? c->description : below->description;
        c->rationale = c->rationale.len ? c->rationale : below->rationale;
        c->remediation = c->remediation.len ? c->remediation : below->remediation;
        c->severity = c->severity ? c->severity : below->severity;
        if (!c->mappings.n)
            c->mappings.v = below->mappings.v, c->mappings.n = c->mappings.cap = below->mappings.n;
        if (!c->idents.n)
            c->idents.v = below->idents.v, c->idents.n = c->idents.cap = below->idents.n;
    }
}

static void
widen_scan(struct scan *s, const struct inspec_control *c)
{
    if (c->first != CLOCK_NONE && (s->start == CLOCK_NONE || c->first < s->start))
        s->start = c->first;
    if (c->last != CLOCK_NONE && (s->end == CLOCK_NONE || c->last > s->end))
        s->end = c->last;
    s->zone_assumed = s->zone_assumed || c->zone_assumed;
}

int
inspec_control_add(struct build *b, struct inspec_control *const *all, size_t n)
{
    bool is_new;
    assert(n > 0);
    struct inspec_control sum = add_up(b->a, all, n);
    long at = build_check(b, sum.id, &is_new);
    if (at < 0)
        return -1;
    assert(is_new);
    fill_check(b, build_at(b, at), all, n);
    struct scan_result r = judge(&sum);
    if (sum.is_waived)
        r.status = STATUS_WAIVED;
    r.waiver = sum.waiver;
    r.evidence = take_text(b->a, sum.evidence, LIMIT_TEXT, sum.id, b->d);
    widen_scan(&b->scan, &sum);
    return build_result(b, at, r);
}
