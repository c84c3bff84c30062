/* Our element <hardening>: single checks inside an agent's data file. Called by pandora.c for each
 * element; what comes out goes to store. */
#include <assert.h>

#include "ingest/frameworks.h"
#include "ingest/limits.h"
#include "ingest/readers/pandora/pandora.h"
#include "ingest/take.h"
#include "ingest/words.h"

enum { MAX_REFERENCES = 200 };

static struct str
keep(struct arena *a, struct xml_attrs attrs, const char *name, size_t max, struct diag *d)
{
    return take_text(a, str_trim(xml_attr(attrs, name)), max, str_c(name), d);
}

int
pandora_checks_open(struct pandora_checks *c, const struct ingest_context *ctx,
                    const struct pandora_header *h, struct xml_attrs attrs, struct arena *a,
                    struct diag *d)
{
    *c = (struct pandora_checks){.index = map_new(a)};
    struct scan *s = &c->scan;
    s->policy.id = take_id(a, str_trim(xml_attr(attrs, "policy_id")), d);
    if (s->policy.id.len == 0)
        return diag_fail(d, DIAG_BAD_DATA, "<hardening> without policy_id");
    struct str scanner = keep(a, attrs, "scanner", LIMIT_ID, d);
    s->format = STR("pandora");
    s->asset = h->asset;
    s->policy.version = keep(a, attrs, "policy_version", LIMIT_ID, d);
    s->policy.title = keep(a, attrs, "policy_title", LIMIT_TITLE, d);
    s->policy.profile = keep(a, attrs, "profile", LIMIT_ID, d);
    if (s->policy.title.len == 0)
        s->policy.title = s->policy.id;
    s->engine = scanner.len ? scanner : h->engine;
    s->start = pandora_header_time(ctx, h, xml_attr(attrs, "start"), &s->zone_assumed, d);
    s->end = pandora_header_time(ctx, h, xml_attr(attrs, "end"), &s->zone_assumed, d);
    if (s->end == CLOCK_NONE) {
        s->end = h->time;
        s->zone_assumed |= h->zone_assumed;
    }
    return 0;
}

int
pandora_checks_start(struct pandora_checks *c, struct xml_attrs attrs, struct arena *a,
                     struct diag *d)
{
    struct str id = take_id(a, str_trim(xml_attr(attrs, "id")), d);
    if (id.len == 0)
        return diag_fail(d, DIAG_BAD_DATA, "<check> without id");
    if (c->scan.results.n >= LIMIT_RESULTS || c->scan.checks.n >= LIMIT_CHECKS)
        return diag_fail(d, DIAG_TOO_BIG, "more than %d checks in one <hardening>", LIMIT_CHECKS);
    const struct str none = STR("");
    c->is_new = map_get_index(c->index, id) < 0;
    c->check = scan_check_new(id);
    c->check.own_category = keep(a, attrs, "category", LIMIT_ID, d);
    c->check.severity = severity_from_word(str_trim(xml_attr(attrs, "severity")));
    c->result = (struct scan_result){.evidence = none, .waiver = none, .time = CLOCK_NONE};
    /* status="…": unknown words are kept, and are never a pass. */
    struct str word = keep(a, attrs, "status", LIMIT_ID, d);
    c->result.status = words_status(word);
    if (word.len == 0 || !words_known(word))
        diag_warn(d, DIAG_WARN_DATA, id, "unknown status \"%.*s\"", STR_ARG(word));
    c->result.native = word.len ? word : STR("(none)");
    return 0;
}

/* Where the text of a child of <check> goes; NULL = somewhere else. */
static struct str *
text_field(struct pandora_checks *c, struct str name)
{
    if (str_eqc(name, "title"))
        return &c->check.title;
    if (str_eqc(name, "description"))
        return &c->check.description;
    if (str_eqc(name, "rationale"))
        return &c->check.rationale;
    if (str_eqc(name, "impact"))
        return &c->check.impact;
    if (str_eqc(name, "remediation"))
        return &c->check.remediation;
    return str_eqc(name, "evidence") ? &c->result.evidence : NULL;
}

void
pandora_checks_child(struct pandora_checks *c, struct str name, struct str text, struct arena *a,
                     struct diag *d)
{
    struct str *field = text_field(c, name);
    text = str_trim(text);
    if (field)
        *field =
            take_text(a, text, field == &c->check.title ? LIMIT_TITLE : LIMIT_TEXT, c->check.id, d);
    else if (!str_eqc(name, "reference") || text.len == 0)
        return;
    else if (c->check.references.n < MAX_REFERENCES)
        *VEC_PUSH(a, &c->check.references) = take_text(a, text, LIMIT_TEXT, c->check.id, d);
    else
        diag_warn(d, DIAG_WARN_DATA, c->check.id, "more than %d references: the rest left out",
                  MAX_REFERENCES);
}

void
pandora_checks_compliance(struct pandora_checks *c, struct xml_attrs attrs, struct arena *a,
                          struct diag *d)
{
    struct str edition = keep(a, attrs, "edition", LIMIT_ID, d);
    frameworks_add_edition(a, &c->check, xml_attr(attrs, "framework"), edition,
                           xml_attr(attrs, "control"), d);
}

int
pandora_checks_end(struct pandora_checks *c, struct arena *a, struct diag *d)
{
    struct scan *s = &c->scan;
    assert(c->check.id.len && c->result.native.len && c->result.status != STATUS_NONE);
    if (c->is_new) {
        if (c->check.title.len == 0)
            c->check.title = c->check.id;
        int number = scan_category_number(c->check.own_category);
        if (c->check.own_category.len && number == 0)
            diag_warn(d, DIAG_WARN_DATA, c->check.id,
                      "\"%.*s\" is no category of CIS Controls v8: kept as it is",
                      STR_ARG(c->check.own_category));
        if (number)
            c->check.own_category = scan_category_name(number); /* one spelling */
        map_put_index(c->index, c->check.id, s->checks.n);
        *VEC_PUSH(a, &s->checks) = c->check;
        *VEC_PUSH(a, &c->n_results) = 0;
    }
    long at = map_get_index(c->index, c->check.id);
    assert(at >= 0 && (size_t)at < s->checks.n);
    c->result.check = (size_t)at;
    c->result.ordinal = c->n_results.v[at]++;
    scan_add_result(a, s, c->result);
    return 0;
}

int
pandora_checks_close(struct pandora_checks *c, const struct ingest_context *ctx,
                     struct scan_file *file, struct arena *a, struct diag *d)
{
    if (c->scan.checks.n == 0)
        return diag_fail(d, DIAG_BAD_DATA, "<hardening> of %.*s holds no <check>",
                         STR_ARG(c->scan.policy.id));
    if (file->scans.n >= LIMIT_SCANS)
        return diag_fail(d, DIAG_TOO_BIG, "more than %d scans in one file", LIMIT_SCANS);
    take_settle_times(ctx, &c->scan, d);
    assert(c->n_results.n == c->scan.checks.n && map_len(c->index) == c->scan.checks.n);
    *VEC_PUSH(a, &file->scans) = c->scan;
    return take_check_ids(&c->scan, d);
}
