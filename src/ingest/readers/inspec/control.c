/* One control of InSpec: its results, its waiver, and what they amount to. Called by inspec.c; what
 * a control says of itself is read by tags.c. */
#include <assert.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/readers/inspec/inspec.h"
#include "ingest/readers/xccdf/xccdf.h"
#include "ingest/take.h"
#include "ingest/times.h"

enum { MAX_LEVELS = 16, SHOWN = 64 };
#define MAX_RAW ((size_t)4 * LIMIT_TEXT)

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max, struct str place)
{
    return json_reader_get(r, v, key, max, place);
}

/* ---- results ---- */

static void
put_part(struct buf *to, const char *between, struct str text)
{
    if (text.len)
        buf_fmt(to, "%s%.*s", between, STR_ARG(text));
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

/* A result without a status is one that its profile failed to give; another word than the four is
 * nobody's to guess. */
static void
count_result(struct ingest_reader *r, struct inspec_control *c, const json_t *v, struct str word)
{
    c->n_results++;
    if (json_is_array(json_object_get(v, "backtrace")) || str_ieqc(word, "error"))
        c->n_errors++;
    else if (str_ieqc(word, "failed"))
        c->n_failed++;
    else if (str_ieqc(word, "passed"))
        c->n_passed++;
    else if (!word.len) {
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "a result without status: an error");
        c->n_errors++;
    } else if (!str_ieqc(word, "skipped")) {
        struct str shown = utf8_one_line(r->d->arena, utf8_cut(word, SHOWN));
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "status \"%.*s\" is not known: counted as unknown",
                  STR_ARG(shown));
        if (!c->n_odd++)
            c->odd = word;
    }
}

/* Each adds "failed: what was tested: what was found" to the evidence. */
static void
take_results(struct ingest_reader *r, struct inspec_control *c, const json_t *results)
{
    AUTO_BUF evidence = buf_init(MAX_RAW);
    if (results && !json_is_array(results) && !json_is_null(results))
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "results is no list: not read");
    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *v = json_array_get(results, i);
        struct str word = get(r, v, "status", LIMIT_ID, c->id);
        count_result(r, c, v, word);
        struct str skip = get(r, v, "skip_message", LIMIT_TEXT, c->id);
        buf_fmt(&evidence, "%s%.*s", evidence.len ? "\n" : "", STR_ARG(word));
        put_part(&evidence, ": ", get(r, v, "code_desc", LIMIT_TEXT, c->id));
        put_part(&evidence, ": ", get(r, v, "message", LIMIT_TEXT, c->id));
        put_part(&evidence, ": ", skip);
        put_part(&evidence, ": ", get(r, v, "exception", LIMIT_TITLE, c->id));
        struct str start = get(r, v, "start_time", LIMIT_ID, c->id);
        widen(c, take_time(r->ctx, start, &c->zone_assumed, STR("start_time"), r->d));
    }
    c->evidence = take_text(r->a, buf_view(&evidence), LIMIT_TEXT, c->id, r->d);
}

/* ---- waivers ---- */

static bool
has_expired(struct ingest_reader *r, const struct inspec_control *c, struct str until)
{
    struct times_reading t;
    return c->last != CLOCK_NONE && times_parse(until, r->ctx->zone_offset_s, &t) && t.t < c->last;
}

/* InSpec says whether it skipped the control: run: false with a waiver that has expired is not
 * enough, such a control was run like any other. Tools that leave this word out mean run: false. */
static bool
is_skipped(struct ingest_reader *r, const struct inspec_control *c, const json_t *w,
           struct str until)
{
    const json_t *skipped = json_object_get(w, "skipped_due_to_waiver");
    struct str text = get(r, w, "skipped_due_to_waiver", LIMIT_TITLE, c->id);
    if (json_is_string(skipped) && text.len)
        return !str_ieqc(text, "false");
    if (json_is_boolean(skipped))
        return json_is_true(skipped);
    return json_is_false(json_object_get(w, "run")) && !has_expired(r, c, until);
}

/* After the results: their time tells whether the waiver still held. */
static void
take_waiver(struct ingest_reader *r, struct inspec_control *c, const json_t *v)
{
    const json_t *w = json_object_get(v, "waiver_data");
    struct str why = get(r, w, "justification", LIMIT_TEXT / 4, c->id);
    struct str until = get(r, w, "expiration_date", LIMIT_ID, c->id);
    struct str message = get(r, w, "message", LIMIT_TITLE, c->id);
    if (!json_is_object(w) || !json_object_size(w))
        return;
    AUTO_BUF text = buf_init(LIMIT_TEXT);
    buf_str(&text, why);
    if (until.len)
        buf_fmt(&text, "%s(until %.*s)", text.len ? " " : "", STR_ARG(until));
    put_part(&text, text.len ? ": " : "", message);
    assert(!buf_bad(&text));
    c->is_waived = is_skipped(r, c, w, until);
    c->waiver = arena_str(r->a, buf_view(&text));
}

/* ---- the control ---- */

void
inspec_control_take(struct ingest_reader *r, const json_t *v, struct inspec_control *ret)
{
    const json_t *impact = json_object_get(v, "impact");
    struct scan_check *c = &ret->check;
    ret->impact = json_is_number(impact) ? json_number_value(impact) : -1;
    if (impact && !json_is_number(impact) && !json_is_null(impact))
        diag_warn(r->d, DIAG_WARN_DATA, ret->id, "impact is no number: not used");
    ret->first = ret->last = CLOCK_NONE;
    ret->waiver = STR("");
    *c = scan_check_new(ret->id);
    inspec_tags_take(r, v, ret->impact, c);
    take_results(r, ret, json_object_get(v, "results"));
    take_waiver(r, ret, v);
}

/* ---- what they amount to ---- */

/* A control's words, by the rule of the format: impact first, then the worst of the results. */
static struct scan_result
judge_results(const struct inspec_control *sum)
{
    struct scan_result r = {.time = CLOCK_NONE};
    assert(sum->n_errors + sum->n_failed + sum->n_passed + sum->n_odd <= sum->n_results);
    if (sum->impact == 0) {
        r.native = STR("Not Applicable");
        r.status = STATUS_NOTAPPLICABLE;
    } else if (!sum->n_results || sum->n_errors) {
        r.native = STR("Profile Error");
        r.status = STATUS_ERROR;
    } else if (sum->n_failed) {
        r.native = STR("Failed");
        r.status = STATUS_FAIL;
    } else if (sum->n_odd) {
        r.native = sum->odd;
        r.status = STATUS_UNKNOWN;
    } else if (sum->n_passed) {
        r.native = STR("Passed");
        r.status = STATUS_PASS;
    } else {
        r.native = STR("Not Reviewed");
        r.status = STATUS_NOTCHECKED;
    }
    return r;
}

/* The results stand with the profile that an overlay is built on. A profile of an old version
 * repeats them at every level: said once. */
static void
add_evidence(struct buf *all, struct inspec_control *const *v, size_t i)
{
    for (size_t k = 0; k < i && k < MAX_LEVELS; k++)
        if (str_eq(v[k]->evidence, v[i]->evidence))
            return;
    put_part(all, all->len ? "\n" : "", v[i]->evidence);
}

static struct inspec_control
add_up(struct build *b, struct inspec_control *const *all, size_t n)
{
    struct inspec_control sum = *all[0];
    AUTO_BUF evidence = buf_init(MAX_RAW);
    buf_str(&evidence, sum.evidence);
    for (size_t i = 1; i < n; i++) {
        const struct inspec_control *c = all[i];
        assert(str_eq(c->id, sum.id));
        sum.n_results += c->n_results;
        sum.n_errors += c->n_errors;
        sum.n_failed += c->n_failed;
        sum.n_passed += c->n_passed;
        sum.odd = sum.n_odd ? sum.odd : c->odd;
        sum.n_odd += c->n_odd;
        add_evidence(&evidence, all, i);
        sum.is_waived = sum.is_waived || c->is_waived;
        sum.waiver = sum.waiver.len ? sum.waiver : c->waiver;
        sum.impact = sum.impact < 0 ? c->impact : sum.impact;
        widen(&sum, c->first);
        widen(&sum, c->last);
        sum.zone_assumed = sum.zone_assumed || c->zone_assumed;
    }
    if (n > 1)
        sum.evidence = take_text(b->a, buf_view(&evidence), LIMIT_TEXT, sum.id, b->d);
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
        if (!c->references.n)
            c->references.v = below->references.v,
            c->references.n = c->references.cap = below->references.n;
        if (!c->idents.n)
            c->idents.v = below->idents.v, c->idents.n = c->idents.cap = below->idents.n;
    }
}

int
inspec_control_add(struct build *b, struct inspec_control *const *all, size_t n)
{
    bool is_new;
    assert(n > 0);
    struct inspec_control sum = add_up(b, all, n);
    long at = build_check(b, sum.id, &is_new);
    if (at < 0)
        return -1;
    assert(is_new);
    fill_check(b, build_at(b, at), all, n);
    struct scan_result r = judge_results(&sum);
    if (sum.is_waived)
        r.status = STATUS_WAIVED;
    r.waiver = sum.waiver;
    r.evidence = sum.evidence;
    struct scan *s = &b->scan;
    if (sum.first != CLOCK_NONE && (s->start == CLOCK_NONE || sum.first < s->start))
        s->start = sum.first;
    if (sum.last != CLOCK_NONE && (s->end == CLOCK_NONE || sum.last > s->end))
        s->end = sum.last;
    s->zone_assumed = s->zone_assumed || sum.zone_assumed;
    return build_result(b, at, r);
}
