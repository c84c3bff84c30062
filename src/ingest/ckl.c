/* Reader of STIG Viewer 2 checklists (CKL): elements in any order, one checklist for each iSTIG.
 * Called by ingest.c with chunks; stig.c makes checks and results. See
 * doc/formats/stig-checklists.md.
 *
 * Names repeat at no two places with different meaning, so the name of the element that ends says
 * where its text belongs. */
#include "base/buf.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/stig.h"
#include "ingest/take.h"
#include "ingest/xml.h"

#define MAX_RAW ((size_t)4 * LIMIT_TEXT)

/* Who was looked at; applies to all checklists of the file. */
struct asset {
    struct str host_name, ip, mac, fqdn, web_or_db, site, instance;
};

struct ingest_reader {
    const struct ingest_context *ctx;
    struct scan_file *file;
    struct arena *a;
    struct diag *d;
    struct xml *xml;
    struct buf text; /* of the element at hand */
    struct asset asset;
    struct build build; /* the iSTIG at hand */
    bool in_stig, in_rule;
    struct str si_name, si_data; /* one row of STIG_INFO */
    struct str stig_id, title, version, release;
    struct str attribute, data; /* one row of STIG_DATA */
    struct stig_rule rule;
    VEC(struct build) done; /* the iSTIGs before it: the asset may come last */
};

/* ---- texts ---- */

static struct str
take_field(struct ingest_reader *r, struct str name)
{
    struct str text = str_trim(buf_view(&r->text));
    if (buf_bad(&r->text))
        diag_warn(r->d, DIAG_WARN_TEXT, name, "a text of over %zu bytes was cut", MAX_RAW);
    return take_text(r->a, text, MAX_RAW, name, r->d);
}

static void
clear_text(struct ingest_reader *r)
{
    if (buf_bad(&r->text))
        buf_done(&r->text);
    buf_cut(&r->text, 0);
}

/* A place for the text of an element, by name. */
struct field {
    const char *name;
    struct str *to;
};

static bool
put_field(struct ingest_reader *r, const struct field *fields, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqc(name, fields[i].name)) {
            *fields[i].to = take_field(r, name);
            return true;
        }
    return false;
}

#define PUT_FIELD(r, fields, name)                                                                 \
    put_field((r), (fields), sizeof(fields) / sizeof *(fields), (name))

/* ---- rows of name and value ---- */

static void
end_stig_info(struct ingest_reader *r)
{
    const struct field fields[] = {{"stigid", &r->stig_id},
                                   {"title", &r->title},
                                   {"version", &r->version},
                                   {"releaseinfo", &r->release}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_ieqc(r->si_name, fields[i].name))
            *fields[i].to = r->si_data;
    r->si_name = r->si_data = STR("");
}

static void
end_stig_data(struct ingest_reader *r)
{
    struct stig_rule *k = &r->rule;
    const struct field fields[] = {{"Vuln_Num", &k->group_id},
                                   {"Severity", &k->severity},
                                   {"Group_Title", &k->group_title},
                                   {"Rule_ID", &k->rule_id},
                                   {"Rule_Ver", &k->stig_id},
                                   {"Rule_Title", &k->title},
                                   {"Vuln_Discuss", &k->discussion},
                                   {"Check_Content", &k->check},
                                   {"Fix_Text", &k->fix}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_ieqc(r->attribute, fields[i].name))
            *fields[i].to = r->data;
    if (r->data.len && str_ieqc(r->attribute, "CCI_REF"))
        *VEC_PUSH(r->a, &k->ccis) = r->data;
    if (r->data.len && str_ieqc(r->attribute, "LEGACY_ID"))
        *VEC_PUSH(r->a, &k->legacy_ids) = r->data;
    r->attribute = r->data = STR("");
}

/* ---- checklists ---- */

static void
begin_stig(struct ingest_reader *r)
{
    build_begin(&r->build, "ckl", r->ctx, r->a, r->d);
    r->in_stig = true;
    r->stig_id = r->title = r->version = r->release = STR("");
    r->si_name = r->si_data = STR("");
}

/* Converters leave the id out; then the title is all there is. */
static int
end_stig(struct ingest_reader *r)
{
    struct scan_policy *p = &r->build.scan.policy;
    r->in_stig = false;
    p->id = r->stig_id.len ? r->stig_id : r->title;
    p->title = take_text(r->a, r->title, LIMIT_TITLE, STR("title"), r->d);
    p->version = stig_version(r->a, r->version, r->release);
    if (!p->id.len)
        return diag_fail(r->d, DIAG_BAD_DATA, "<STIG_INFO> names neither a stigid nor a title");
    if (!r->build.scan.checks.n)
        diag_warn(r->d, DIAG_WARN_PARTIAL, p->id, "the checklist holds no <VULN>: left out");
    else
        *VEC_PUSH(r->a, &r->done) = r->build;
    return 0;
}

static void
begin_rule(struct ingest_reader *r)
{
    r->rule = stig_rule_init();
    r->attribute = r->data = STR("");
    r->in_rule = true;
}

/* ---- elements ---- */

static int
on_start(void *self, struct str ns, struct str name, struct xml_attrs attrs)
{
    struct ingest_reader *r = self;
    (void)ns, (void)attrs;
    clear_text(r);
    if (str_eqc(name, "iSTIG")) {
        if (r->in_stig)
            return diag_fail(r->d, DIAG_BAD_DATA, "an <iSTIG> inside another");
        begin_stig(r);
    } else if (str_eqc(name, "VULN")) {
        if (!r->in_stig || r->in_rule)
            return diag_fail(r->d, DIAG_BAD_DATA, "a <VULN> outside of <iSTIG>, or inside another");
        begin_rule(r);
    }
    return 0;
}

static bool
end_in_rule(struct ingest_reader *r, struct str name)
{
    struct stig_rule *k = &r->rule;
    const struct field fields[] = {{"VULN_ATTRIBUTE", &r->attribute},
                                   {"ATTRIBUTE_DATA", &r->data},
                                   {"STATUS", &k->status},
                                   {"FINDING_DETAILS", &k->details},
                                   {"COMMENTS", &k->comments},
                                   {"SEVERITY_OVERRIDE", &k->override},
                                   {"SEVERITY_JUSTIFICATION", &k->justification}};
    if (str_eqc(name, "STIG_DATA"))
        end_stig_data(r);
    return PUT_FIELD(r, fields, name);
}

static void
end_elsewhere(struct ingest_reader *r, struct str name)
{
    struct asset *as = &r->asset;
    const struct field info[] = {{"SID_NAME", &r->si_name}, {"SID_DATA", &r->si_data}};
    const struct field asset[] = {{"HOST_NAME", &as->host_name},
                                  {"HOST_IP", &as->ip},
                                  {"HOST_MAC", &as->mac},
                                  {"HOST_FQDN", &as->fqdn},
                                  {"WEB_OR_DATABASE", &as->web_or_db},
                                  {"WEB_DB_SITE", &as->site},
                                  {"WEB_DB_INSTANCE", &as->instance}};
    if (r->in_stig && str_eqc(name, "SI_DATA"))
        end_stig_info(r);
    else if (r->in_stig)
        PUT_FIELD(r, info, name);
    else
        PUT_FIELD(r, asset, name);
}

static int
on_end(void *self, struct str ns, struct str name)
{
    struct ingest_reader *r = self;
    int rc = 0;
    (void)ns;
    if (str_eqc(name, "VULN")) {
        rc = stig_add(&r->build, &r->rule);
        r->in_rule = false;
    } else if (str_eqc(name, "iSTIG")) {
        rc = end_stig(r);
    } else if (r->in_rule) {
        end_in_rule(r, name);
    } else {
        end_elsewhere(r, name);
    }
    clear_text(r);
    return rc;
}

static int
on_text(void *self, struct str text)
{
    struct ingest_reader *r = self;
    buf_str(&r->text, text);
    return 0;
}

/* ---- the reader ---- */

static int
ckl_bid(const struct ingest_head *head)
{
    return str_eqc(head->xml_name, "CHECKLIST") && !head->xml_ns.len ? 95 : 0;
}

static struct ingest_reader *
ckl_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a, struct diag *d)
{
    static const struct xml_handlers handlers = {on_start, on_end, on_text};
    struct ingest_reader *r = ARENA_NEW(a, struct ingest_reader);
    const struct str no = STR("");
    *r = (struct ingest_reader){.ctx = ctx, .file = file, .a = a, .d = d};
    r->text = buf_init(MAX_RAW);
    r->asset = (struct asset){no, no, no, no, no, no, no};
    r->si_name = r->si_data = r->attribute = r->data = no;
    r->rule = stig_rule_init();
    r->xml = xml_new(&handlers, r, ctx->path, d);
    return r;
}

static int
ckl_push(struct ingest_reader *r, struct str chunk)
{
    return xml_push(r->xml, chunk);
}

static void
add_address(struct ingest_reader *r, struct scan_asset *as, struct str address)
{
    if (address.len)
        *VEC_PUSH(r->a, &as->addresses) = take_text(r->a, address, LIMIT_ID, STR("ASSET"), r->d);
}

static void
settle_asset(struct ingest_reader *r, struct scan_asset *as)
{
    const struct asset *k = &r->asset;
    struct str host = k->host_name.len ? k->host_name : k->fqdn.len ? k->fqdn : k->ip;
    as->name = stig_asset(r->a, host, str_ieqc(k->web_or_db, "true"), k->site, k->instance);
    as->alias = k->fqdn.len ? k->fqdn : as->name;
    as->alias = take_text(r->a, as->alias, LIMIT_TITLE, STR("HOST_FQDN"), r->d);
    add_address(r, as, k->ip);
    add_address(r, as, k->mac);
}

static int
ckl_end(struct ingest_reader *r)
{
    if (xml_end(r->xml) != 0)
        return -1;
    if (!r->done.n)
        return diag_fail(r->d, DIAG_BAD_DATA, "the checklist holds no <iSTIG> with rules");
    for (size_t i = 0; i < r->done.n; i++) {
        settle_asset(r, &r->done.v[i].scan.asset);
        if (build_end(&r->done.v[i], r->file) != 0)
            return -1;
    }
    return 0;
}

static void
ckl_close(struct ingest_reader *r)
{
    xml_free(r->xml);
    buf_done(&r->text);
}

const struct ingest_format ckl_format = {
    .name = "ckl",
    .title = "STIG Viewer checklist (CKL)",
    .bid = ckl_bid,
    .open = ckl_open,
    .push = ckl_push,
    .end = ckl_end,
    .close = ckl_close,
};
