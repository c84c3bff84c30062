/* TestResults: who was scanned, when, and what each rule gave. Behind xccdf.c; the rules come from
 * xccdf_rules.c. */
#include "ingest/xccdf.h"

#include <assert.h>
#include <string.h>

#include "ingest/limits.h"
#include "ingest/take.h"

enum { MAX_ENGINE = 191, MAX_POLICY = 1024 };

void
xccdf_result_start(struct xccdf_result *r, struct xml_attrs attrs, struct str format,
                   const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    bool start_assumed = false;
    memset(r, 0, sizeof *r);
    s->format = format;
    s->asset.name = s->asset.alias = s->asset.os = s->asset.group = STR("");
    s->policy = (struct scan_policy){STR(""), STR(""), STR(""), STR("")};
    r->target = r->host_name = r->fqdn = r->identifier = STR("");
    s->policy.version = take_text(e->a, xml_attr(attrs, "version"), LIMIT_ID, STR("version"), e->d);
    s->engine = take_text(e->a, xml_attr(attrs, "test-system"), MAX_ENGINE, STR("test-system"), e->d);
    s->start = take_time(e->ctx, xml_attr(attrs, "start-time"), &start_assumed, STR("start-time"), e->d);
    s->end = take_time(e->ctx, xml_attr(attrs, "end-time"), &s->zone_assumed, STR("end-time"), e->d);
    s->zone_assumed = s->zone_assumed || start_assumed;
    r->index = map_new(e->a);
}

void
xccdf_result_benchmark(struct xccdf_result *r, struct xml_attrs attrs, struct arena *a)
{
    struct str id = xml_attr(attrs, "id"), href = xml_attr(attrs, "href");
    bool link = href.len && href.s[0] == '#';
    if (!id.len && !link)
        id = href; /* some tools write the id there */
    r->scan.policy.id = arena_str(a, id.len > MAX_POLICY ? str_n(id.s, MAX_POLICY) : id);
}

void
xccdf_result_fact(struct xccdf_result *r, struct str name, struct str value)
{
    if (!value.len)
        return;
    if (str_ends(name, ":identifier:host_name"))
        r->host_name = value;
    else if (str_ends(name, ":identifier:fqdn"))
        r->fqdn = value;
    else if (str_ends(name, ":fact:identifier"))
        r->identifier = value;
}

/* ---- the rules ---- */

static const struct xccdf_benchmark *
find_benchmark(const struct xccdf_result *r, const struct xccdf_benchmark *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (r->scan.policy.id.len && str_eq(b[i].id, r->scan.policy.id))
            return &b[i];
    return n == 1 || (n && !r->scan.policy.id.len) ? &b[n - 1] : NULL;
}

void
xccdf_result_resolve(struct xccdf_result *r, const struct xccdf_benchmark *benchmarks, size_t n,
                     const struct xccdf_env *e)
{
    const struct xccdf_benchmark *b = find_benchmark(r, benchmarks, n);
    struct scan *s = &r->scan;
    r->resolved = true;
    s->bare = b == NULL;
    if (!b)
        return;
    s->policy.title = b->title;
    if (!s->policy.id.len)
        s->policy.id = b->id;
    if (!s->policy.version.len)
        s->policy.version = b->version;
    for (size_t i = 0; i < b->checks.n; i++) {
        *VEC_PUSH(e->a, &s->checks) = b->checks.v[i];
        *VEC_PUSH(e->a, &r->n_results) = 0;
        map_put_index(r->index, b->checks.v[i].id, i);
    }
}

/* A rule the benchmark does not have, or a TestResult without one: the id is all there is. */
static long
add_bare(struct xccdf_result *r, const struct xccdf_rule_result *rr, const struct xccdf_env *e)
{
    struct str id = rr->idref;
    struct scan *s = &r->scan;
    if (s->checks.n >= LIMIT_CHECKS)
        return diag_fail(e->d, DIAG_TOO_BIG, "more than %d rules", LIMIT_CHECKS);
    r->n_unknown++;
    struct scan_check *c = VEC_PUSH(e->a, &s->checks);
    *c = (struct scan_check){.id = id, .severity = severity_from_word(rr->severity)};
    c->title = c->description = c->rationale = c->remediation = c->impact = c->category = STR("");
    c->key = xccdf_stable_key(e->a, id);
    *VEC_PUSH(e->a, &r->n_results) = 0;
    map_put_index(r->index, id, s->checks.n - 1);
    return (long)s->checks.n - 1;
}

/* ---- one result ---- */

static enum status
status_of(struct str word, struct str role, struct str id, const struct xccdf_env *e)
{
    enum status s = status_from_word(word);
    if (s == STATUS_NONE || s == STATUS_WAIVED) {
        diag_warn(e->d, DIAG_WARN_DATA, id, "result \"%.*s\" is no word of XCCDF: counted as error",
                  STR_ARG(word));
        return STATUS_ERROR;
    }
    bool scored = status_class(s) == CLASS_PASSED || status_class(s) == CLASS_FAILED;
    return scored && str_eqc(role, "unscored") ? STATUS_INFORMATIONAL : s;
}

static struct str
waiver_of(const struct xccdf_rule_result *rr, struct arena *a)
{
    if (!rr->old_word.len && !rr->authority.len)
        return STR("");
    return arena_fmt(a, "%.*s -> %.*s by %.*s: %.*s", STR_ARG(rr->old_word), STR_ARG(rr->word),
                     STR_ARG(rr->authority), STR_ARG(rr->remark));
}

static void
keep_idents(struct scan_check *c, const struct xccdf_rule_result *rr, struct arena *a)
{
    for (size_t i = 0; c->idents.n == 0 && i < rr->idents.n; i++)
        *VEC_PUSH(a, &c->idents) = rr->idents.v[i];
}

int
xccdf_result_add(struct xccdf_result *r, struct xccdf_rule_result *rr, const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    bool ignored = false;
    assert(r->resolved);
    if (s->results.n >= LIMIT_RESULTS)
        return diag_fail(e->d, DIAG_TOO_BIG, "more than %d results", LIMIT_RESULTS);
    rr->idref = take_id(e->a, rr->idref, e->d);
    long at = map_get_index(r->index, rr->idref);
    if (at < 0)
        at = add_bare(r, rr, e);
    if (at < 0)
        return -1;
    struct scan_check *c = &s->checks.v[at];
    if (s->bare)
        keep_idents(c, rr, e->a);
    struct scan_result res = {.check = (size_t)at,
                              .ordinal = r->n_results.v[at]++,
                              .native = take_text(e->a, str_trim(rr->word), 64, c->id, e->d),
                              .severity = severity_from_word(rr->severity),
                              .waiver = waiver_of(rr, e->a)};
    res.status = status_of(res.native, rr->role, c->id, e);
    res.evidence = take_text(e->a, str_trim(buf_view(&rr->evidence)), LIMIT_TEXT, c->id, e->d);
    res.time = rr->time.len ? take_time(e->ctx, rr->time, &ignored, c->id, e->d) : CLOCK_NONE;
    if (res.severity == c->severity)
        res.severity = SEVERITY_UNKNOWN;
    scan_add_result(e->a, s, res);
    return 0;
}

/* ---- the end ---- */

static bool
names_a_host(struct str s)
{
    return s.len && !str_ieqc(s, "unknown");
}

static void
name_asset(struct xccdf_result *r, struct arena *a)
{
    struct scan_asset *as = &r->scan.asset;
    const struct str order[] = {r->target, r->fqdn, r->host_name};
    for (size_t i = 0; i < sizeof order / sizeof *order && !as->name.len; i++)
        if (names_a_host(order[i]))
            as->name = arena_str(a, order[i]);
    if (!as->name.len)
        as->name = r->target;
    as->alias = names_a_host(r->host_name) ? r->host_name : as->name;
}

int
xccdf_result_end(struct xccdf_result *r, struct scan_file *file, const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    if (file->scans.n >= LIMIT_SCANS)
        return diag_fail(e->d, DIAG_TOO_BIG, "more than %d TestResults", LIMIT_SCANS);
    name_asset(r, e->a);
    take_settle_times(e->ctx, s, e->d);
    if (s->results.n == 0 && s->counts[STATUS_NOTSELECTED] == 0) {
        s->partial = true;
        diag_warn(e->d, DIAG_WARN_PARTIAL, s->policy.id, "the TestResult holds no rule-result");
    }
    if (!s->bare && r->n_unknown)
        diag_warn(e->d, DIAG_WARN_DATA, s->policy.id, "%zu results of rules the benchmark lacks",
                  r->n_unknown);
    if (r->identifier.len)
        diag_warn(e->d, DIAG_WARN_DATA, STR("target"),
                  "an offline scan (%.*s): the host may be the scanner's own",
                  STR_ARG(r->identifier));
    *VEC_PUSH(e->a, &file->scans) = *s;
    return 0;
}
