/* Reader of XCCDF 1.1 and 1.2 results and of ARF 1.1: walks the elements and hands rules to
 * rules.c, results to result.c. Rules always come before the results (the schemas
 * demand it), so one pass is enough; OVAL results come after them and go to oval.c. Whatever
 * matters to none is skipped where it begins: in an ARF that is nine tenths of the bytes.
 * See doc/formats/xccdf.md, doc/formats/arf.md. */
#include "ingest/readers/xccdf/xccdf.h"

#include <assert.h>
#include <string.h>

#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/readers/xccdf/oval.h"
#include "ingest/take.h"

#define NS_XCCDF "http://checklists.nist.gov/xccdf/1."
#define NS_BARE  "http://checklists.nist.gov/xccdf" /* written by some old tools */
#define NS_ARF   "asset-reporting-format"

enum place {
    P_DOCUMENT,
    P_CONTAINER, /* of ARF and data streams: only what is inside matters */
    P_DEVICE,    /* ai:computing-device and what is in it */
    P_BENCHMARK,
    P_GROUP,
    P_RULE,
    P_RESULT, /* TestResult */
    P_TARGET_FACTS,
    P_RULE_RESULT,
    P_OVERRIDE,
    P_CHECK, /* also complex-check */
    P_OVAL,  /* OVAL results and what is in them */
    P_TEXT   /* a leaf whose text is kept, and elements inside it */
};

enum { MAX_BENCHMARKS = 64 };

struct ingest_reader {
    struct xccdf_env e;
    struct scan_file *file;
    struct xml *xml;
    enum place stack[LIMIT_XML_DEPTH + 2];
    int depth;
    VEC(struct xccdf_benchmark) benchmarks;
    struct xccdf_benchmark *benchmark;        /* open one */
    struct scan_check *rule;                  /* open one */
    struct str titles[LIMIT_XML_DEPTH + 2];   /* of the open groups, by their depth */
    struct str sections[LIMIT_XML_DEPTH + 2]; /* what a rule in each of them is in */
    struct str component;                     /* id of the data stream's component that is open */
    unsigned n_results;                       /* TestResults begun */
    size_t n_checks;                          /* of all scans */
    struct xccdf_result result;
    struct xccdf_rule_result rr;
    struct xccdf_override override;
    struct str maximum; /* of the open score */
    struct xccdf_text text;
    int text_depth;             /* of the leaf whose text is gathered, 0 = none */
    struct str leaf, leaf_attr; /* its name; href, idref or system, whatever it has */
    struct str device_name, device_fqdn;
    VEC(struct str) addresses; /* of the ARF's device */
    unsigned n_devices;
    bool is_arf;
    bool negated; /* the open check */
    struct xccdf_oval *oval;
    struct str report; /* id of the open report */
};

static bool
is_xccdf(struct str ns)
{
    return str_starts(ns, NS_XCCDF) || str_eqc(ns, NS_BARE);
}

static bool
one_of(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (str_eqc(name, *names))
            return true;
    return false;
}

/* Goes into the element just begun; what it is says the place. */
static int
enter(struct ingest_reader *r, enum place p)
{
    assert(r->depth <= LIMIT_XML_DEPTH);
    r->stack[++r->depth] = p;
    return 0;
}

static int
skip(struct ingest_reader *r)
{
    xml_skip(r->xml);
    return 0;
}

static int
gather(struct ingest_reader *r, struct str name, struct str attr)
{
    r->leaf = arena_str(r->e.a, name);
    r->leaf_attr = attr.len ? arena_str(r->e.a, attr) : STR("");
    r->text_depth = r->depth + 1;
    return enter(r, P_TEXT);
}

/* ---- outside of XCCDF: the containers of an ARF ---- */

static int
start_container(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    static const char *const into[] = {"asset-report-collection",
                                       "report-requests",
                                       "report-request",
                                       "content",
                                       "data-stream-collection",
                                       "component",
                                       "assets",
                                       "asset",
                                       "reports",
                                       "report",
                                       NULL};
    if (str_eqc(name, "component"))
        r->component = arena_str(r->e.a, xml_attr(attrs, "id"));
    if (str_eqc(name, "report"))
        r->report = arena_str(r->e.a, xml_attr(attrs, "id"));
    if (str_eqc(name, "oval_results"))
        return r->is_arf && xccdf_oval_begin(r->oval, r->report) ? enter(r, P_OVAL) : skip(r);
    if (one_of(name, into))
        return enter(r, P_CONTAINER);
    if (!str_eqc(name, "computing-device"))
        return skip(r);
    r->n_devices++;
    return enter(r, P_DEVICE);
}

static int
start_in_device(struct ingest_reader *r, struct str name)
{
    static const char *const leaves[] = {"hostname", "fqdn", "ip-v4", "ip-v6", "mac-address", NULL};
    static const char *const into[] = {"connections", "connection", "ip-address", NULL};
    if (one_of(name, leaves))
        return gather(r, name, STR(""));
    return one_of(name, into) ? enter(r, P_DEVICE) : skip(r);
}

static void
end_device_leaf(struct ingest_reader *r, struct str text)
{
    if (str_eqc(r->leaf, "hostname"))
        r->device_name = text;
    else if (str_eqc(r->leaf, "fqdn"))
        r->device_fqdn = text;
    else if (text.len && r->addresses.n < LIMIT_ADDRESSES)
        *VEC_PUSH(r->e.a, &r->addresses) = text;
}

/* ---- Benchmark ---- */

static int
start_result(struct ingest_reader *r, struct str ns, struct xml_attrs attrs)
{
    struct str format = r->is_arf                   ? STR("arf-1.1")
                        : str_eqc(ns, NS_XCCDF "1") ? STR("xccdf-1.1")
                                                    : STR("xccdf-1.2");
    xccdf_result_start(&r->result, ++r->n_results, attrs, format, &r->e);
    return enter(r, P_RESULT);
}

static int
start_in_benchmark(struct ingest_reader *r, struct str ns, struct str name, struct xml_attrs attrs)
{
    if (str_eqc(name, "Group")) {
        bool is_inner = r->stack[r->depth] == P_GROUP;
        r->titles[r->depth + 1] = STR("");
        r->sections[r->depth + 1] = xccdf_group_section(r->e.a, xml_attr(attrs, "id"),
                                                        is_inner ? r->sections[r->depth] : STR(""));
        return enter(r, P_GROUP);
    }
    if (str_eqc(name, "Rule")) {
        r->rule = xccdf_rule_start(r->benchmark, attrs, &r->e);
        r->text.n_parts = 0;
        if (diag_failed(r->e.d))
            return -1;
        return r->rule ? enter(r, P_RULE) : skip(r);
    }
    if (str_eqc(name, "TestResult") && r->stack[r->depth] == P_BENCHMARK)
        return start_result(r, ns, attrs);
    if (str_eqc(name, "title") || (str_eqc(name, "version") && r->stack[r->depth] == P_BENCHMARK))
        return gather(r, name, STR(""));
    return skip(r);
}

/* CIS names its Controls in an attribute of a namespace of theirs, one for each edition; the
 * element itself is empty. */
static struct str
control_uri(struct xml_attrs attrs)
{
    for (size_t i = 0; i < attrs.n; i++)
        if (str_eqc(attrs.v[i].name, "controlURI"))
            return attrs.v[i].value;
    return STR("");
}

static int
start_in_rule(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    static const char *const leaves[] = {"title", "description", "rationale", "warning", "fixtext",
                                         "fix",   "reference",   "ident",     "version", NULL};
    if (!one_of(name, leaves))
        return skip(r);
    return gather(r, name, str_eqc(name, "ident") ? control_uri(attrs) : xml_attr(attrs, "href"));
}

static void
end_benchmark_leaf(struct ingest_reader *r, enum place parent)
{
    struct str text = xccdf_text_take(&r->text, &r->e, LIMIT_TITLE, false, "title");
    if (parent == P_GROUP)
        r->titles[r->depth] = text;
    else if (str_eqc(r->leaf, "version"))
        r->benchmark->version = text;
    else if (!r->benchmark->title.len)
        r->benchmark->title = text;
}

/* ---- TestResult ---- */

static int
start_rule_result(struct ingest_reader *r, struct xml_attrs attrs)
{
    struct arena *a = r->e.a;
    if (!r->result.resolved)
        xccdf_result_resolve(&r->result, r->benchmarks.v, r->benchmarks.n, &r->e);
    struct buf evidence = r->rr.evidence;
    buf_cut(&evidence, 0);
    assert(!evidence.bad);
    xccdf_oval_forget_refs(r->oval);
    r->rr = (struct xccdf_rule_result){.evidence = evidence};
    r->rr.idref = arena_str(a, xml_attr(attrs, "idref"));
    r->rr.role = arena_str(a, xml_attr(attrs, "role"));
    r->rr.severity = arena_str(a, xml_attr(attrs, "severity"));
    r->rr.time = arena_str(a, xml_attr(attrs, "time"));
    if (xccdf_is_stig_id(xml_attr(attrs, "version"))) /* SCC */
        *VEC_PUSH(a, &r->rr.idents) = arena_str(a, xml_attr(attrs, "version"));
    r->rr.word = r->rr.first_word = r->rr.last_word = r->rr.waiver = STR("");
    return enter(r, P_RULE_RESULT);
}

static int
start_in_result(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    if (str_eqc(name, "rule-result"))
        return start_rule_result(r, attrs);
    if (str_eqc(name, "benchmark")) {
        xccdf_result_benchmark(&r->result, attrs, r->e.a);
        return skip(r);
    }
    if (str_eqc(name, "profile")) {
        r->result.scan.policy.profile =
            take_text(r->e.a, xml_attr(attrs, "idref"), LIMIT_ID, STR("profile"), r->e.d);
        return skip(r);
    }
    if (str_eqc(name, "target-facts"))
        return enter(r, P_TARGET_FACTS);
    if (str_eqc(name, "target") || str_eqc(name, "target-address"))
        return gather(r, name, STR(""));
    if (str_eqc(name, "platform")) {
        /* The first platform that is an operating system; facts say it better. */
        struct str *os = &r->result.scan.asset.os, cpe = xml_attr(attrs, "idref");
        if (!os->len && (str_starts(cpe, "cpe:/o:") || str_starts(cpe, "cpe:2.3:o:")))
            *os = take_text(r->e.a, cpe, LIMIT_ID, STR("platform"), r->e.d);
        return skip(r);
    }
    if (!str_eqc(name, "score"))
        return skip(r);
    r->maximum = arena_str(r->e.a, xml_attr(attrs, "maximum"));
    return gather(r, name, xml_attr(attrs, "system"));
}

static void
end_result_leaf(struct ingest_reader *r)
{
    struct str text = xccdf_text_take(&r->text, &r->e, LIMIT_TITLE, false, "target");
    if (str_eqc(r->leaf, "target-address"))
        xccdf_result_address(&r->result, text, &r->e);
    else if (str_eqc(r->leaf, "score"))
        xccdf_result_score(&r->result, r->leaf_attr, r->maximum, text, &r->e);
    else if (!r->result.target.len)
        r->result.target = text;
}

static bool
is_check(struct str name)
{
    return str_eqc(name, "check") || str_eqc(name, "complex-check");
}

static int
start_check(struct ingest_reader *r, struct xml_attrs attrs)
{
    struct str negate = xml_attr(attrs, "negate");
    r->negated = str_eqc(negate, "true") || str_eqc(negate, "1");
    return enter(r, P_CHECK);
}

static int
start_in_rule_result(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    if (str_eqc(name, "ident"))
        return gather(r, name, control_uri(attrs));
    if (str_eqc(name, "result") || str_eqc(name, "message"))
        return gather(r, name, STR(""));
    if (str_eqc(name, "instance"))
        return gather(r, name, xml_attr(attrs, "context"));
    if (str_eqc(name, "override")) {
        struct xccdf_override *o = &r->override;
        o->authority =
            take_text(r->e.a, xml_attr(attrs, "authority"), LIMIT_TITLE, STR("authority"), r->e.d);
        o->old_word = o->new_word = o->remark = STR("");
        return enter(r, P_OVERRIDE);
    }
    return is_check(name) ? start_check(r, attrs) : skip(r);
}

static void
add_evidence(struct ingest_reader *r)
{
    struct str text = xccdf_text_take(&r->text, &r->e, LIMIT_TEXT, true, "evidence");
    struct buf *b = &r->rr.evidence;
    if (b->len + text.len + 1 > b->max) {
        r->rr.evidence_cut = true; /* what is there already is more than will be kept */
        return;
    }
    if (text.len && b->len)
        buf_putc(b, '\n');
    buf_str(b, text);
}

/* Which of several things of the same kind this result is about. */
static void
add_instance(struct ingest_reader *r)
{
    struct str text = xccdf_text_take(&r->text, &r->e, LIMIT_TITLE, false, "instance");
    bool has_context = r->leaf_attr.len && !str_eqc(r->leaf_attr, "undefined");
    if (!text.len)
        return;
    if (has_context)
        xccdf_text_add(&r->text, r->leaf_attr);
    if (has_context)
        xccdf_text_add(&r->text, STR(": "));
    xccdf_text_add(&r->text, text);
    add_evidence(r);
}

static void
end_rule_result_leaf(struct ingest_reader *r)
{
    if (str_eqc(r->leaf, "message")) {
        add_evidence(r);
        return;
    }
    if (str_eqc(r->leaf, "instance")) {
        add_instance(r);
        return;
    }
    struct str text = xccdf_text_take(&r->text, &r->e, LIMIT_ID, false, "rule-result");
    struct str *word = &r->rr.word;
    /* A second result is against the schema; two that differ are no word of XCCDF: an error. */
    if (str_eqc(r->leaf, "ident"))
        *VEC_PUSH(r->e.a, &r->rr.idents) = text.len ? text : r->leaf_attr;
    else if (!word->len)
        *word = text;
    else if (!str_eq(*word, text))
        *word = arena_fmt(r->e.a, "%.*s, %.*s", STR_ARG(*word), STR_ARG(text));
}

static void
end_override_leaf(struct ingest_reader *r)
{
    struct str text = xccdf_text_take(&r->text, &r->e, LIMIT_TITLE, false, "override");
    struct xccdf_override *o = &r->override;
    if (str_eqc(r->leaf, "old-result"))
        o->old_word = text;
    else if (str_eqc(r->leaf, "new-result"))
        o->new_word = text;
    else if (str_eqc(r->leaf, "remark"))
        o->remark = text;
    else
        o->authority = text; /* an attribute by the schema, an element in some files */
}

/* check-import is the output of a script; check-content is not ours. */
static int
start_in_check(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    if (is_check(name))
        return start_check(r, attrs);
    if (str_eqc(name, "check-content-ref"))
        xccdf_oval_ref(r->oval, attrs, r->negated);
    bool output =
        str_eqc(name, "check-import") && !str_eqc(xml_attr(attrs, "import-name"), "stderr");
    return output ? gather(r, name, STR("")) : skip(r);
}

/* ---- the walk ---- */

static int
start_document(struct ingest_reader *r, struct str ns, struct str name, struct xml_attrs attrs)
{
    if (is_xccdf(ns) && str_eqc(name, "Benchmark")) {
        if (r->benchmarks.n >= MAX_BENCHMARKS)
            return diag_fail(r->e.d, DIAG_TOO_BIG, "more than %d benchmarks", MAX_BENCHMARKS);
        struct xccdf_benchmark *b = VEC_PUSH(r->e.a, &r->benchmarks);
        b->id = arena_str(r->e.a, xml_attr(attrs, "id"));
        b->version = b->title = STR("");
        b->component = r->component;
        b->index = map_new(r->e.a);
        r->benchmark = b;
        return enter(r, P_BENCHMARK);
    }
    if (is_xccdf(ns) && str_eqc(name, "TestResult"))
        return start_result(r, ns, attrs);
    if (is_xccdf(ns))
        return skip(r);
    r->is_arf = r->is_arf || str_eqc(name, "asset-report-collection");
    return start_container(r, name, attrs);
}

static int
start_xccdf(struct ingest_reader *r, struct str ns, struct str name, struct xml_attrs attrs)
{
    static const char *const of_override[] = {"old-result", "new-result", "remark", "authority",
                                              NULL};
    switch (r->stack[r->depth]) {
    case P_BENCHMARK:
    case P_GROUP:
        return start_in_benchmark(r, ns, name, attrs);
    case P_RULE:
        return start_in_rule(r, name, attrs);
    case P_RESULT:
        return start_in_result(r, name, attrs);
    case P_TARGET_FACTS:
        return str_eqc(name, "fact") ? gather(r, name, xml_attr(attrs, "name")) : skip(r);
    case P_RULE_RESULT:
        return start_in_rule_result(r, name, attrs);
    case P_OVERRIDE:
        return one_of(name, of_override) ? gather(r, name, STR("")) : skip(r);
    case P_CHECK:
        return start_in_check(r, name, attrs);
    default:
        return skip(r);
    }
}

static int
on_start(void *self, struct str ns, struct str name, struct xml_attrs attrs)
{
    struct ingest_reader *r = self;
    enum place p = r->stack[r->depth];
    if (p == P_TEXT) {
        xccdf_text_element(&r->text, name, false);
        if (str_eqc(name, "sub"))
            xccdf_text_value(&r->text, xml_attr(attrs, "idref"));
        return enter(r, P_TEXT);
    }
    if (p == P_DOCUMENT || p == P_CONTAINER)
        return start_document(r, ns, name, attrs);
    if (p == P_DEVICE)
        return start_in_device(r, name);
    if (p == P_OVAL)
        return xccdf_oval_start(r->oval, name, attrs) ? enter(r, P_OVAL) : skip(r);
    return is_xccdf(ns) ? start_xccdf(r, ns, name, attrs) : skip(r);
}

static void
end_text(struct ingest_reader *r)
{
    enum place parent = r->stack[r->depth];
    r->text_depth = 0;
    if (parent == P_BENCHMARK || parent == P_GROUP)
        end_benchmark_leaf(r, parent);
    else if (parent == P_RULE)
        xccdf_rule_child(r->rule, r->leaf, r->leaf_attr, &r->text, &r->e);
    else if (parent == P_RESULT)
        end_result_leaf(r);
    else if (parent == P_RULE_RESULT)
        end_rule_result_leaf(r);
    else if (parent == P_OVERRIDE)
        end_override_leaf(r);
    else if (parent == P_CHECK)
        add_evidence(r);
    else if (parent == P_TARGET_FACTS)
        xccdf_result_fact(&r->result, r->leaf_attr,
                          xccdf_text_take(&r->text, &r->e, LIMIT_TITLE, false, "fact"), &r->e);
    else
        end_device_leaf(r, xccdf_text_take(&r->text, &r->e, LIMIT_ID, false, "device"));
}

static int
end_result(struct ingest_reader *r)
{
    if (!r->result.resolved)
        xccdf_result_resolve(&r->result, r->benchmarks.v, r->benchmarks.n, &r->e);
    /* What the ARF says of the device fills what the TestResult leaves open. With several devices
     * it is not known whose result this is. */
    if (r->n_devices == 1) {
        bool has_addresses = r->result.scan.asset.addresses.n > 0;
        if (!r->result.fqdn.len)
            r->result.fqdn = r->device_fqdn;
        if (!r->result.host_name.len)
            r->result.host_name = r->device_name;
        for (size_t i = 0; !has_addresses && i < r->addresses.n; i++)
            xccdf_result_address(&r->result, r->addresses.v[i], &r->e);
    }
    r->n_checks += r->result.scan.checks.n;
    if (r->n_checks > LIMIT_FILE_CHECKS)
        return diag_fail(r->e.d, DIAG_TOO_BIG, "the scans of the file have more than %d rules",
                         LIMIT_FILE_CHECKS);
    return xccdf_result_end(&r->result, r->file, &r->e);
}

/* The titles of the groups around the rule that ends. */
static void
end_rule(struct ingest_reader *r)
{
    struct str around[LIMIT_XML_DEPTH + 2];
    size_t n = 0;
    for (int i = r->depth; i > 0 && r->stack[i] == P_GROUP; i--)
        around[n++] = r->titles[i];
    r->rule->section = n ? r->sections[r->depth] : STR("");
    xccdf_rule_end(r->rule, around, n, r->benchmark->id, &r->e);
    r->rule = NULL;
}

/* What failed asks for evidence; in an ARF there may be some behind the TestResult. */
static int
end_rule_result(struct ingest_reader *r)
{
    const struct scan *s = &r->result.scan;
    size_t n = s->results.n;
    int rc = xccdf_result_add(&r->result, &r->rr, &r->e);
    if (rc == 0 && r->is_arf && s->results.n > n && s->results.v[n].status == STATUS_FAIL)
        xccdf_oval_want(r->oval, r->file->scans.n, n);
    return rc;
}

static int
on_end(void *self, struct str ns, struct str name)
{
    struct ingest_reader *r = self;
    (void)ns;
    enum place p = r->stack[r->depth--];
    if (p == P_TEXT) {
        if (r->text_depth == r->depth + 1)
            end_text(r);
        else
            xccdf_text_element(&r->text, name, true);
        return 0;
    }
    if (p == P_OVAL)
        xccdf_oval_end(r->oval, r->file);
    if (p == P_RULE)
        end_rule(r);
    if (p == P_OVERRIDE)
        xccdf_result_override(&r->rr, &r->override, &r->e);
    if (p == P_RULE_RESULT)
        return end_rule_result(r);
    return p == P_RESULT ? end_result(r) : 0;
}

static int
on_text(void *self, struct str text)
{
    struct ingest_reader *r = self;
    if (r->text_depth)
        xccdf_text_add(&r->text, text);
    else if (r->stack[r->depth] == P_OVAL)
        xccdf_oval_text(r->oval, text);
    return 0;
}

/* ---- the reader ---- */

static int
xccdf_bid(const struct ingest_head *h)
{
    bool xccdf = str_starts(h->xml_ns, NS_XCCDF) &&
                 (str_eqc(h->xml_ns, NS_XCCDF "1") || str_eqc(h->xml_ns, NS_XCCDF "2"));
    xccdf = xccdf || str_eqc(h->xml_ns, NS_BARE);
    if (xccdf && (str_eqc(h->xml_name, "Benchmark") || str_eqc(h->xml_name, "TestResult")))
        return 100;
    return str_eqc(h->xml_name, "asset-report-collection") && str_find(h->xml_ns, NS_ARF) >= 0 ? 100
                                                                                               : 0;
}

static struct ingest_reader *
xccdf_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
           struct diag *d)
{
    static const struct xml_handlers handlers = {.start = on_start, .end = on_end, .text = on_text};
    struct ingest_reader *r = ARENA_NEW(a, struct ingest_reader);
    r->e = (struct xccdf_env){.ctx = ctx, .a = a, .d = d, .framework_of = map_new(a)};
    r->file = file;
    r->text = xccdf_text_init();
    r->rr.evidence = buf_init((size_t)4 * LIMIT_TEXT);
    r->component = r->device_name = r->device_fqdn = r->leaf = r->leaf_attr = r->maximum = STR("");
    r->report = STR("");
    r->oval = xccdf_oval_new(a, d);
    r->xml = xml_new(&handlers, r, ctx->path, d);
    return r;
}

static int
xccdf_push(struct ingest_reader *r, struct str chunk)
{
    return xml_push(r->xml, chunk);
}

static int
xccdf_end(struct ingest_reader *r)
{
    if (xml_end(r->xml) != 0)
        return -1;
    xccdf_oval_finish(r->oval);
    if (r->file->scans.n)
        return 0;
    return diag_fail(r->e.d, DIAG_BAD_DATA,
                     "XCCDF: no TestResult: this is a benchmark without results; ingest what "
                     "`oscap xccdf eval --results` or --results-arf writes");
}

static void
xccdf_close(struct ingest_reader *r)
{
    xml_free(r->xml);
    xccdf_oval_free(r->oval);
    buf_done(&r->text.buf);
    buf_done(&r->rr.evidence);
}

const struct ingest_format xccdf_format = {
    .name = "xccdf",
    .title = "XCCDF results and ARF",
    .bid = xccdf_bid,
    .open = xccdf_open,
    .push = xccdf_push,
    .end = xccdf_end,
    .close = xccdf_close,
};
