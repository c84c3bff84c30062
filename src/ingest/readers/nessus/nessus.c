/* Reader of Nessus v2 exports: walks the elements, gathers the texts of one item and hands it to
 * item.c; what a host gave goes through host.c to the file. Items of vulnerability
 * plugins are forgotten as soon as they end, so that a large file needs little memory. See
 * doc/formats/nessus.md. */
#include "ingest/readers/nessus/nessus.h"

#include <assert.h>

#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/take.h"
#include "ingest/xml.h"

#define NS_CM        "http://www.nessus.org/cm"
#define SCAN_INFO_ID "19506" /* plugin "Nessus Scan Information" */

enum { MAX_RAW = LIMIT_TEXT + 4096, MAX_NAME = 1024, MAX_DEPTH = LIMIT_XML_DEPTH + 2 };

enum place {
    P_DOCUMENT,
    P_ROOT,
    P_POLICY,
    P_REPORT,
    P_HOST,
    P_PROPERTIES,
    P_ITEM,
    P_TEXT /* a leaf whose text is gathered, and elements inside it */
};

struct ingest_reader {
    struct nessus_env e;
    struct scan_file *file;
    struct xml *xml;
    enum place stack[MAX_DEPTH];
    int depth, leaf_depth; /* leaf_depth: of the leaf whose text is gathered */
    enum nessus_field leaf;
    enum nessus_tag tag;
    struct nessus_text texts[NF__COUNT];
    struct nessus_item item;
    struct nessus_host host;
    struct str policy; /* Policy/policyName */
    size_t n_hosts, n_without, n_checks;
};

static const struct {
    const char *name;
    bool is_cm; /* in the namespace of compliance, or with a prefix that is bound to nothing */
} item_fields[NF__ITEM] = {
    [NF_RESULT] = {"compliance-result", true},
    [NF_NAME] = {"compliance-check-name", true},
    [NF_ID] = {"compliance-check-id", true},
    [NF_AUDIT] = {"compliance-audit-file", true},
    [NF_BENCHMARK] = {"compliance-benchmark-name", true},
    [NF_VERSION] = {"compliance-benchmark-version", true},
    [NF_PROFILE] = {"compliance-benchmark-profile", true},
    [NF_ACTUAL] = {"compliance-actual-value", true},
    [NF_EXPECTED] = {"compliance-policy-value", true},
    [NF_ERROR] = {"compliance-error", true},
    [NF_INFO] = {"compliance-info", true},
    [NF_SOLUTION] = {"compliance-solution", true},
    [NF_REFERENCE] = {"compliance-reference", true},
    [NF_SEE_ALSO] = {"compliance-see-also", true},
    [NF_COMPLIANCE] = {"compliance", false},
    [NF_DESCRIPTION] = {"description", false},
    [NF_OUTPUT] = {"plugin_output", false},
};

/* ---- the walk ---- */

static int
enter(struct ingest_reader *r, enum place p)
{
    assert(r->depth + 1 < MAX_DEPTH);
    r->stack[++r->depth] = p;
    return 0;
}

static int
skip(struct ingest_reader *r)
{
    xml_skip(r->xml);
    return 0;
}

static void
forget(struct nessus_text *t)
{
    buf_cut(&t->buf, 0);
    t->total = 0;
    t->n = 0;
}

static void
add_text(struct nessus_text *t, struct str s)
{
    size_t room = t->buf.len < MAX_RAW ? MAX_RAW - t->buf.len : 0;
    t->total += s.len;
    buf_str(&t->buf, utf8_cut(s, room));
}

/* An element that stands twice gives both texts: of two results neither may win. */
static int
gather(struct ingest_reader *r, enum nessus_field f)
{
    if (r->texts[f].n++)
        add_text(&r->texts[f], STR(", "));
    r->leaf = f;
    r->leaf_depth = r->depth + 1;
    return enter(r, P_TEXT);
}

static int
start_host(struct ingest_reader *r, struct xml_attrs attrs)
{
    struct str name = xml_attr(attrs, "name");
    nessus_host_start(&r->host, take_text(r->e.a, name, MAX_NAME, STR("ReportHost"), r->e.d),
                      r->e.a);
    r->host.number = ++r->n_hosts;
    return enter(r, P_HOST);
}

static int
start_item(struct ingest_reader *r, struct xml_attrs attrs)
{
    for (int f = 0; f < NF__ITEM; f++)
        forget(&r->texts[f]);
    r->item = (struct nessus_item){
        .is_policy_family = str_ieqc(xml_attr(attrs, "pluginFamily"), "Policy Compliance"),
        .is_scan_info = str_eqc(xml_attr(attrs, "pluginID"), SCAN_INFO_ID),
        .plugin = nessus_keep_str(&r->e, xml_attr(attrs, "pluginName"), LIMIT_ID,
                                  STR("ReportItem/@pluginName")),
        .texts = r->texts};
    return enter(r, P_ITEM);
}

static int
start_tag(struct ingest_reader *r, struct xml_attrs attrs)
{
    r->tag = nessus_host_tag(xml_attr(attrs, "name"));
    if (r->tag == NT__COUNT)
        return skip(r);
    forget(&r->texts[NF_TAG]);
    return gather(r, NF_TAG);
}

static int
start_in_item(struct ingest_reader *r, struct str ns, struct str name)
{
    bool is_cm = str_eqc(ns, NS_CM);
    for (int f = 0; f < NF__ITEM && (is_cm || !ns.len); f++)
        if (str_eqc(name, item_fields[f].name) && (item_fields[f].is_cm || !is_cm))
            return gather(r, (enum nessus_field)f);
    return skip(r);
}

static int
on_start(void *self, struct str ns, struct str name, struct xml_attrs attrs)
{
    struct ingest_reader *r = self;
    enum place p = r->stack[r->depth];
    if (p == P_ITEM)
        return start_in_item(r, ns, name);
    if (p == P_TEXT)
        return enter(r, P_TEXT);
    if (ns.len)
        return skip(r);
    switch (p) {
    case P_DOCUMENT:
        return str_eqc(name, "NessusClientData_v2") ? enter(r, P_ROOT) : skip(r);
    case P_ROOT:
        if (str_eqc(name, "Report"))
            return enter(r, P_REPORT);
        return str_eqc(name, "Policy") ? enter(r, P_POLICY) : skip(r);
    case P_REPORT:
        return str_eqc(name, "ReportHost") ? start_host(r, attrs) : skip(r);
    case P_HOST:
        if (str_eqc(name, "ReportItem"))
            return start_item(r, attrs);
        return str_eqc(name, "HostProperties") ? enter(r, P_PROPERTIES) : skip(r);
    case P_PROPERTIES:
        return str_eqc(name, "tag") ? start_tag(r, attrs) : skip(r);
    default:
        return str_eqc(name, "policyName") ? gather(r, NF_POLICY) : skip(r);
    }
}

static int
on_text(void *self, struct str text)
{
    struct ingest_reader *r = self;
    if (r->leaf_depth)
        add_text(&r->texts[r->leaf], text);
    return 0;
}

static int
end_host(struct ingest_reader *r)
{
    struct nessus_host *h = &r->host;
    r->n_without += h->groups.n == 0;
    for (size_t i = 0; i < h->groups.n; i++)
        r->n_checks += h->groups.v[i]->b.scan.checks.n;
    if (r->n_checks > LIMIT_FILE_CHECKS)
        return diag_fail(r->e.d, DIAG_TOO_BIG, "the hosts of the file have more than %d checks",
                         LIMIT_FILE_CHECKS);
    return nessus_host_end(&r->e, h, r->policy, r->file);
}

static int
on_end(void *self, struct str ns, struct str name)
{
    struct ingest_reader *r = self;
    (void)ns, (void)name;
    assert(r->depth > 0);
    enum place p = r->stack[r->depth--];
    if (p == P_TEXT && r->leaf_depth == r->depth + 1) {
        struct nessus_text *t = &r->texts[r->leaf];
        r->leaf_depth = 0;
        if (r->leaf == NF_POLICY)
            r->policy = nessus_keep(&r->e, t, LIMIT_ID, "policyName");
        if (r->leaf == NF_TAG)
            r->host.tags[r->tag] = nessus_keep(&r->e, t, MAX_NAME, "HostProperties/tag");
    }
    if (p == P_ITEM)
        return nessus_item_add(&r->e, &r->host, &r->item, r->file->scans.n);
    return p == P_HOST ? end_host(r) : 0;
}

/* ---- the reader ---- */

static int
nessus_bid(const struct ingest_head *h)
{
    return str_eqc(h->xml_name, "NessusClientData_v2") && !h->xml_ns.len ? 100 : 0;
}

static struct ingest_reader *
nessus_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
            struct diag *d)
{
    static const struct xml_handlers handlers = {.start = on_start, .end = on_end, .text = on_text};
    struct ingest_reader *r = ARENA_NEW(a, struct ingest_reader);
    r->e = (struct nessus_env){.ctx = ctx,
                               .a = a,
                               .d = d,
                               .texts = map_new(a),
                               .frameworks = map_new(a),
                               .references = map_new(a),
                               .scratch = buf_init((size_t)4 * MAX_RAW)};
    for (int f = 0; f < NF__COUNT; f++)
        r->texts[f].buf = buf_init((size_t)2 * MAX_RAW);
    r->file = file;
    r->policy = STR("");
    r->xml = xml_new(&handlers, r, ctx->path, d);
    return r;
}

static int
nessus_push(struct ingest_reader *r, struct str chunk)
{
    return xml_push(r->xml, chunk);
}

static int
nessus_end(struct ingest_reader *r)
{
    if (xml_end(r->xml) != 0)
        return -1;
    if (!r->file->scans.n)
        return diag_fail(r->e.d, DIAG_BAD_DATA,
                         "Nessus: no compliance item in the report of %zu hosts: this lists "
                         "vulnerabilities; scan with an audit file (Policy Compliance plugins) and "
                         "export that as .nessus",
                         r->n_hosts);
    if (r->n_without)
        diag_warn(r->e.d, DIAG_WARN_DATA, STR("ReportHost"),
                  "%zu of %zu hosts have no compliance items: they are no scans", r->n_without,
                  r->n_hosts);
    return 0;
}

static void
nessus_close(struct ingest_reader *r)
{
    xml_free(r->xml);
    for (int f = 0; f < NF__COUNT; f++)
        buf_done(&r->texts[f].buf);
    buf_done(&r->e.scratch);
}

const struct ingest_format nessus_format = {
    .name = "nessus",
    .title = "Nessus v2 compliance items",
    .bid = nessus_bid,
    .open = nessus_open,
    .push = nessus_push,
    .end = nessus_end,
    .close = nessus_close,
};
