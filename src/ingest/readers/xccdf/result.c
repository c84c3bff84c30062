/* TestResults: who was scanned, when, and what each rule gave. Behind xccdf.c; the rules come from
 * rules.c. */
#include "ingest/readers/xccdf/xccdf.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/take.h"

enum { MAX_ENGINE = 191, MAX_POLICY = 1024, MAX_WAIVER = 4096 };

void
xccdf_result_start(struct xccdf_result *r, unsigned serial, struct xml_attrs attrs,
                   struct str format, const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    bool start_assumed = false;
    memset(r, 0, sizeof *r);
    r->serial = serial;
    s->format = format;
    s->asset.name = s->asset.alias = s->asset.os = s->asset.group = STR("");
    s->policy = (struct scan_policy){STR(""), STR(""), STR(""), STR("")};
    r->link = r->target = r->host_name = r->fqdn = r->identifier = STR("");
    r->os_name = r->os_version = STR("");
    s->policy.version = take_text(e->a, xml_attr(attrs, "version"), LIMIT_ID, STR("version"), e->d);
    s->engine =
        take_text(e->a, xml_attr(attrs, "test-system"), MAX_ENGINE, STR("test-system"), e->d);
    s->start =
        take_time(e->ctx, xml_attr(attrs, "start-time"), &start_assumed, STR("start-time"), e->d);
    s->end =
        take_time(e->ctx, xml_attr(attrs, "end-time"), &s->zone_assumed, STR("end-time"), e->d);
    s->zone_assumed = s->zone_assumed || start_assumed;
}

void
xccdf_result_benchmark(struct xccdf_result *r, struct xml_attrs attrs, struct arena *a)
{
    struct str id = xml_attr(attrs, "id"), href = xml_attr(attrs, "href");
    if (str_starts(href, "#"))
        r->link = arena_str(a, str_n(href.s + 1, href.len - 1));
    else if (!id.len) {
        id = href; /* some tools write the id there, others the name of the file */
        r->id_is_href = true;
    }
    r->scan.policy.id = arena_str(a, utf8_cut(id, MAX_POLICY));
}

void
xccdf_result_address(struct xccdf_result *r, struct str address, const struct xccdf_env *e)
{
    struct scan_asset *as = &r->scan.asset;
    for (size_t i = 0; i < as->addresses.n; i++)
        if (str_eq(as->addresses.v[i], address))
            return;
    if (as->addresses.n >= LIMIT_ADDRESSES)
        diag_warn(e->d, DIAG_WARN_DATA, STR("target-address"),
                  "more than %d addresses: the rest left out", LIMIT_ADDRESSES);
    else if (address.len)
        *VEC_PUSH(e->a, &as->addresses) = address;
}

void
xccdf_result_fact(struct xccdf_result *r, struct str name, struct str value,
                  const struct xccdf_env *e)
{
    static const char *const addresses[] = {":identifier:ipv4", ":identifier:ipv6",
                                            ":identifier:mac"};
    const struct {
        const char *end;
        struct str *to;
    } names[] = {{":identifier:host_name", &r->host_name},
                 {":identifier:fqdn", &r->fqdn},
                 {":fact:identifier", &r->identifier},
                 {":identifier:os_name", &r->os_name},
                 {":identifier:os_version", &r->os_version}};
    if (!value.len)
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_ends(name, names[i].end) && !names[i].to->len)
            *names[i].to = value;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        if (str_ends(name, addresses[i]))
            xccdf_result_address(r, value, e);
}

void
xccdf_result_score(struct xccdf_result *r, struct str system, struct str maximum, struct str value,
                   const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    struct scan_score score = {.system = take_text(e->a, system, LIMIT_ID, STR("score"), e->d)};
    bool ok = take_number(value, &score.value);
    take_number(maximum, &score.maximum);
    if (ok && s->scores.n < LIMIT_SCORES)
        *VEC_PUSH(e->a, &s->scores) = score;
    else
        diag_warn(e->d, DIAG_WARN_DATA, STR("score"),
                  ok ? "more than %d scores: the rest left out" : "a score that is no number",
                  LIMIT_SCORES);
}

/* ---- the rules ---- */

/* By its id, by the component of the data stream it is in, or because there is no other. */
static struct xccdf_benchmark *
find_benchmark(const struct xccdf_result *r, struct xccdf_benchmark *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (r->scan.policy.id.len && str_eq(b[i].id, r->scan.policy.id))
            return &b[i];
    for (size_t i = 0; i < n; i++)
        if (r->link.len && str_eq(b[i].component, r->link))
            return &b[i];
    return n == 1 ? b : NULL;
}

void
xccdf_result_resolve(struct xccdf_result *r, struct xccdf_benchmark *benchmarks, size_t n,
                     const struct xccdf_env *e)
{
    struct xccdf_benchmark *b = find_benchmark(r, benchmarks, n);
    struct scan *s = &r->scan;
    assert(!r->resolved);
    r->resolved = true;
    r->bare = map_new(e->a);
    s->bare = b == NULL;
    if (!b && n)
        diag_warn(e->d, DIAG_WARN_DATA, s->policy.id,
                  "the TestResult is of none of the file's %zu benchmarks: rules have no texts", n);
    if (!b)
        return;
    s->policy.title = b->title;
    if (!s->policy.id.len || (r->id_is_href && b->id.len))
        s->policy.id = b->id;
    if (!s->policy.version.len)
        s->policy.version = b->version;
    /* shared, not copied: thousands of TestResults can follow one benchmark. With no room left,
     * the first push makes a copy */
    s->checks.v = b->checks.v;
    s->checks.n = s->checks.cap = r->n_shared = b->checks.n;
    r->benchmark = b;
}

/* The position of the result's rule among the checks; -1 = failure. */
static long
find_check(struct xccdf_result *r, const struct xccdf_rule_result *rr, const struct xccdf_env *e)
{
    long at = r->benchmark ? map_get_index(r->benchmark->index, rr->idref) : -1;
    if (at < 0 || (size_t)at >= r->n_shared)
        at = map_get_index(r->bare, rr->idref);
    if (at >= 0)
        return at;
    /* A rule the benchmark does not have, or a TestResult without one: the id is all there is. */
    struct str id = rr->idref;
    struct scan *s = &r->scan;
    if (s->checks.n >= LIMIT_CHECKS)
        return diag_fail(e->d, DIAG_TOO_BIG, "more than %d rules", LIMIT_CHECKS);
    struct scan_check *c = VEC_PUSH(e->a, &s->checks);
    *c = scan_check_new(id);
    c->severity = severity_from_word(rr->severity);
    c->key = xccdf_stable_key(e->a, id);
    *VEC_PUSH(e->a, &r->n_bare) = 0;
    map_put_index(r->bare, id, s->checks.n - 1);
    assert(s->checks.n == r->n_shared + r->n_bare.n);
    return (long)s->checks.n - 1;
}

/* How many results of this check came before. */
static unsigned
next_ordinal(struct xccdf_result *r, size_t at)
{
    if (at >= r->n_shared)
        return r->n_bare.v[at - r->n_shared]++;
    struct xccdf_tally *t = &r->benchmark->tallies.v[at];
    if (t->serial != r->serial)
        t->n = 0;
    t->serial = r->serial;
    return t->n++;
}

/* ---- one result ---- */

/* What a word of XCCDF counts as under a role: unscored results never count for or against. */
static enum status
status_of(struct str word, struct str role, struct str id, const struct xccdf_env *e)
{
    enum status s = status_from_word(word);
    if (s == STATUS_NONE || s == STATUS_WAIVED) {
        struct str shown = utf8_one_line(e->d->arena, utf8_cut(word, 64));
        diag_warn(e->d, DIAG_WARN_DATA, id, "result \"%.*s\" is no word of XCCDF: counted as error",
                  STR_ARG(shown));
        return STATUS_ERROR;
    }
    if (status_class(s) != CLASS_PASSED && status_class(s) != CLASS_FAILED)
        return s;
    return str_eqc(role, "unscored")    ? STATUS_INFORMATIONAL
           : str_eqc(role, "unchecked") ? STATUS_NOTCHECKED
                                        : s;
}

/* The result already holds what the last override made of it. Where a tool left it as it was, the
 * worse of the two counts: neither may hide a failure. */
static enum status
reconciled(enum status s, const struct xccdf_rule_result *rr, struct str id,
           const struct xccdf_env *e)
{
    enum status said = status_from_word(rr->last_word);
    if (said == STATUS_NONE || str_eq(rr->last_word, str_trim(rr->word)))
        return s;
    diag_warn(e->d, DIAG_WARN_DATA, id,
              "the result is not what its override says (%s): the worse of them counts",
              status_word(said));
    return status_worse(s, said);
}

/* A failure that someone with a name declared to be none is waived, not passed. */
static enum status
waived(enum status s, const struct xccdf_rule_result *rr)
{
    bool was_failure = status_from_word(rr->first_word) == STATUS_FAIL;
    bool is_none = s == STATUS_PASS || s == STATUS_NOTAPPLICABLE;
    return was_failure && is_none && rr->has_authority ? STATUS_WAIVED : s;
}

void
xccdf_result_override(struct xccdf_rule_result *rr, const struct xccdf_override *o,
                      const struct xccdf_env *e)
{
    struct str now = o->new_word.len ? o->new_word : rr->word;
    struct str text = arena_fmt(e->a, "%.*s%s%.*s -> %.*s by %.*s: %.*s", STR_ARG(rr->waiver),
                                rr->waiver.len ? "\n" : "", STR_ARG(o->old_word), STR_ARG(now),
                                STR_ARG(o->authority.len ? o->authority : STR("(nobody named)")),
                                STR_ARG(o->remark));
    if (!rr->waiver.len)
        rr->first_word = o->old_word;
    rr->last_word = o->new_word;
    rr->has_authority = o->authority.len > 0;
    rr->waiver = take_text(e->a, text, MAX_WAIVER, rr->idref, e->d);
    if (!rr->has_authority)
        diag_warn(e->d, DIAG_WARN_DATA, rr->idref, "an override that names no authority");
}

/* Of a rule whose texts are nowhere, results say at least these. */
static void
keep_idents(struct scan_check *c, const struct xccdf_rule_result *rr, struct str benchmark,
            const struct xccdf_env *e)
{
    for (size_t i = 0; i < rr->idents.n; i++)
        xccdf_add_ident(c, rr->idents.v[i], e);
    xccdf_add_recommendation(c, c->id, benchmark, e);
}

static struct str
evidence_of(const struct xccdf_rule_result *rr, struct str id, const struct xccdf_env *e)
{
    if (rr->evidence_cut)
        diag_warn(e->d, DIAG_WARN_TEXT, id, "evidence of more than %zu bytes", rr->evidence.len);
    return take_text(e->a, str_trim(buf_view(&rr->evidence)), LIMIT_TEXT, id, e->d);
}

int
xccdf_result_add(struct xccdf_result *r, struct xccdf_rule_result *rr, const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    bool ignored = false;
    assert(r->resolved);
    if (s->results.n >= LIMIT_RESULTS)
        return diag_fail(e->d, DIAG_TOO_BIG, "more than %d results", LIMIT_RESULTS);
    if (!rr->idref.len) { /* counted all the same: it may be a failure */
        r->n_nameless++;
        rr->idref = STR("(no idref)");
    }
    rr->idref = take_id(e->a, rr->idref, e->d);
    long found = find_check(r, rr, e);
    if (found < 0)
        return -1;
    size_t at = (size_t)found;
    struct scan_check *c = &s->checks.v[at];
    bool is_first = at >= r->n_shared && r->n_bare.v[at - r->n_shared] == 0;
    if (is_first)
        keep_idents(c, rr, s->policy.id, e);
    struct scan_result res = {.check = at,
                              .ordinal = next_ordinal(r, at),
                              .native = take_text(e->a, str_trim(rr->word), 64, c->id, e->d),
                              .severity = severity_from_word(rr->severity),
                              .waiver = rr->waiver};
    struct str role =
        rr->role.len || at >= r->n_shared ? rr->role : r->benchmark->tallies.v[at].role;
    res.status = status_of(res.native, role, c->id, e);
    res.status = waived(reconciled(res.status, rr, c->id, e), rr);
    res.evidence = evidence_of(rr, c->id, e);
    res.time = rr->time.len ? take_time(e->ctx, rr->time, &ignored, STR("rule-result time"), e->d)
                            : CLOCK_NONE;
    if (res.severity == c->severity)
        res.severity = SEVERITY_UNKNOWN;
    scan_add_result(e->a, s, res);
    return 0;
}

/* ---- the end ---- */

/* The file's own word first; else what the transport says. Addresses of a scan from outside (of a
 * file system, an image) are those of the machine that scanned. */
static void
name_asset(struct xccdf_result *r, const struct xccdf_env *e)
{
    struct scan_asset *as = &r->scan.asset;
    const struct str order[] = {r->target, r->identifier, r->fqdn, r->host_name};
    bool is_offline = str_find(r->target, "://") >= 0 || str_find(r->identifier, "://") >= 0;
    as->alias = r->host_name;
    identity_take(e->ctx, as, order, sizeof order / sizeof *order, e->a, e->d);
    if (!is_offline)
        identity_take_address(as, e->a);
    if (!as->alias.len)
        as->alias = as->name;
    if (r->os_name.len)
        as->os = r->os_version.len
                     ? arena_fmt(e->a, "%.*s %.*s", STR_ARG(r->os_name), STR_ARG(r->os_version))
                     : r->os_name;
}

/* What a reader of the report must know about this scan. */
static void
warn_of_gaps(struct xccdf_result *r, const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    if (s->results.n == 0 && s->counts[STATUS_NOTSELECTED] == 0) {
        s->partial = true;
        diag_warn(e->d, DIAG_WARN_PARTIAL, s->policy.id, "the TestResult holds no rule-result");
    }
    if (r->n_nameless)
        diag_warn(e->d, DIAG_WARN_DATA, s->policy.id,
                  "%zu rule-results do not say of which rule: kept as \"(no idref)\"",
                  r->n_nameless);
    if (!s->bare && r->n_bare.n)
        diag_warn(e->d, DIAG_WARN_DATA, s->policy.id,
                  "%zu rules with results are not in the benchmark", r->n_bare.n);
    if (r->identifier.len)
        diag_warn(e->d, DIAG_WARN_DATA, STR("target"),
                  "an offline scan (%.*s): the host may be the scanner's own",
                  STR_ARG(r->identifier));
}

int
xccdf_result_end(struct xccdf_result *r, struct scan_file *file, const struct xccdf_env *e)
{
    struct scan *s = &r->scan;
    assert(r->resolved);
    if (file->scans.n >= LIMIT_SCANS)
        return diag_fail(e->d, DIAG_TOO_BIG, "more than %d TestResults", LIMIT_SCANS);
    name_asset(r, e);
    take_settle_times(e->ctx, s, e->d);
    warn_of_gaps(r, e);
    *VEC_PUSH(e->a, &file->scans) = *s;
    return 0;
}
