/* Reader of STIG Viewer 2 checklists (CKL): elements in any order, one checklist for each iSTIG.
 * Called by ingest.c with chunks; stig.c makes checks and results. See
 * doc/formats/stig-checklists.md.
 *
 * A text counts only where it belongs: a <STATUS> that a reviewer pasted into the details of a
 * finding is part of the details. */
#include "base/buf.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/readers/stig/stig.h"
#include "ingest/take.h"
#include "ingest/xml.h"

#define MAX_RAW ((size_t)4 * LIMIT_TEXT)

/* Where the parser is. Everything else is a field, whose text matters, or passed over. */
enum place {
    OUTSIDE,
    CHECKLIST,
    ASSET,
    STIGS,
    ISTIG,
    STIG_INFO,
    SI_DATA,
    VULN,
    STIG_DATA,
    NO_ASSET /* any other child of CHECKLIST: converters misspell the asset */
};

static const struct {
    const char *name;
    enum place in;
} places[] = {[CHECKLIST] = {"CHECKLIST", OUTSIDE},
              [ASSET] = {"ASSET", CHECKLIST},
              [STIGS] = {"STIGS", CHECKLIST},
              [ISTIG] = {"iSTIG", STIGS},
              [STIG_INFO] = {"STIG_INFO", ISTIG},
              [SI_DATA] = {"SI_DATA", STIG_INFO},
              [VULN] = {"VULN", ISTIG},
              [STIG_DATA] = {"STIG_DATA", VULN},
              [NO_ASSET] = {"", CHECKLIST}};

struct ingest_reader {
    const struct ingest_context *ctx;
    struct scan_file *file;
    struct arena *a;
    struct diag *d;
    struct xml *xml;
    enum place place;
    int depth;       /* of elements below the place: 1 in a field */
    struct buf text; /* of the field at hand, also of what stands inside it */
    struct stig_target target;
    bool has_target;
    struct build build; /* the iSTIG at hand */
    struct stig_name stig;
    struct str si_name, si_data; /* one row of STIG_INFO */
    struct str attribute, data;  /* one row of STIG_DATA */
    struct stig_rule rule;
    bool has_status;
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

/* A place for a text, by the name it goes by. */
struct field {
    const char *name;
    struct str *to;
};

#define FIELD_OF(fields, name) field_of((fields), sizeof(fields) / sizeof *(fields), (name))

static struct str *
field_of(const struct field *fields, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_ieqc(name, fields[i].name))
            return fields[i].to;
    return NULL;
}

static void
put_first(struct ingest_reader *r, struct str *to, struct str text, struct str name)
{
    if (!to || !text.len)
        return;
    if (to->len && !str_eq(*to, text))
        diag_warn(r->d, DIAG_WARN_DATA, utf8_cut(name, LIMIT_ID), "given twice: the first counts");
    else
        *to = text;
}

/* ---- rows of name and value ---- */

static void
end_stig_info(struct ingest_reader *r)
{
    const struct field fields[] = {{"stigid", &r->stig.id},
                                   {"title", &r->stig.title},
                                   {"version", &r->stig.version},
                                   {"releaseinfo", &r->stig.release}};
    put_first(r, FIELD_OF(fields, r->si_name), r->si_data, r->si_name);
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
    if (str_ieqc(r->attribute, "CCI_REF"))
        stig_add_cci(&r->build, k, r->data);
    else if (str_ieqc(r->attribute, "LEGACY_ID"))
        stig_add_legacy_id(&r->build, k, r->data);
    else
        put_first(r, FIELD_OF(fields, r->attribute), r->data, r->attribute);
}

/* ---- fields ---- */

static void
end_field_of_vuln(struct ingest_reader *r, struct str name)
{
    struct stig_rule *k = &r->rule;
    const struct field fields[] = {{"FINDING_DETAILS", &k->details},
                                   {"COMMENTS", &k->comments},
                                   {"SEVERITY_OVERRIDE", &k->override},
                                   {"SEVERITY_JUSTIFICATION", &k->justification}};
    struct str text = take_field(r, name);
    if (str_eqc(name, "STATUS")) {
        k->status = r->has_status ? stig_worse_word(&r->build, k->status, text) : text;
        r->has_status = true;
        return;
    }
    struct str *to = FIELD_OF(fields, name);
    if (!to || !text.len)
        return;
    if (to->len) { /* what reviewers wrote is never dropped */
        diag_warn(r->d, DIAG_WARN_DATA, name, "given twice in one <VULN>: joined");
        text = arena_fmt(r->a, "%.*s\n%.*s", STR_ARG(*to), STR_ARG(text));
    }
    *to = text;
}

static void
end_field_elsewhere(struct ingest_reader *r, struct str name)
{
    struct stig_target *t = &r->target;
    const struct field info[] = {{"SID_NAME", &r->si_name}, {"SID_DATA", &r->si_data}};
    const struct field data[] = {{"VULN_ATTRIBUTE", &r->attribute}, {"ATTRIBUTE_DATA", &r->data}};
    const struct field target[] = {{"HOST_NAME", &t->host},
                                   {"HOST_FQDN", &t->fqdn},
                                   {"HOST_IP", &t->ip},
                                   {"HOST_MAC", &t->mac},
                                   {"WEB_OR_DATABASE", &t->web_or_db},
                                   {"WEB_DB_SITE", &t->site},
                                   {"WEB_DB_INSTANCE", &t->instance}};
    struct str *to = r->place == SI_DATA     ? FIELD_OF(info, name)
                     : r->place == STIG_DATA ? FIELD_OF(data, name)
                     : r->place == ASSET || (r->place == NO_ASSET && !r->has_target)
                         ? FIELD_OF(target, name)
                         : NULL;
    if (to)
        put_first(r, to, take_field(r, name), name);
}

/* ---- places ---- */

static int
begin_place(struct ingest_reader *r, enum place place)
{
    r->place = place;
    if (place == ASSET) {
        if (r->has_target)
            return diag_fail(r->d, DIAG_BAD_DATA,
                             "a second <ASSET>: whose results these are is not clear");
        r->has_target = true;
        r->target = stig_target_init(); /* not what stood elsewhere */
    } else if (place == ISTIG) {
        build_begin(&r->build, "ckl", r->ctx, r->a, r->d);
        r->stig = (struct stig_name){STR(""), STR(""), STR(""), STR("")};
    } else if (place == VULN) {
        r->rule = stig_rule_init();
        r->has_status = false;
    }
    r->si_name = r->si_data = r->attribute = r->data = STR("");
    return 0;
}

static int
end_stig(struct ingest_reader *r)
{
    struct build *b = &r->build;
    if (!b->scan.checks.n) {
        diag_warn(r->d, DIAG_WARN_PARTIAL, r->stig.title,
                  "the checklist holds no <VULN>: left out");
        return 0;
    }
    if (stig_settle_policy(b, &r->stig) != 0)
        return -1;
    *VEC_PUSH(r->a, &r->done) = *b;
    return 0;
}

static int
end_place(struct ingest_reader *r)
{
    int rc = 0;
    if (r->place == SI_DATA)
        end_stig_info(r);
    else if (r->place == STIG_DATA)
        end_stig_data(r);
    else if (r->place == VULN)
        rc = stig_add(&r->build, &r->rule);
    else if (r->place == ISTIG)
        rc = end_stig(r);
    r->place = places[r->place].in;
    return rc;
}

/* ---- elements ---- */

static bool
is_rule(struct str name)
{
    return str_eqc(name, "VULN") || str_eqc(name, "iSTIG");
}

static int
on_start(void *self, struct str ns, struct str name, struct xml_attrs attrs)
{
    struct ingest_reader *r = self;
    (void)ns, (void)attrs;
    for (enum place p = CHECKLIST; r->depth == 0 && p <= STIG_DATA; p++)
        if (places[p].in == r->place && str_eqc(name, places[p].name))
            return begin_place(r, p);
    if (r->place == CHECKLIST && r->depth == 0 && !is_rule(name))
        return begin_place(r, NO_ASSET);
    if (is_rule(name)) /* anywhere else it would be lost */
        return diag_fail(r->d, DIAG_BAD_DATA, "<%.*s> outside of <%s>", STR_ARG(name),
                         str_eqc(name, "VULN") ? "iSTIG" : "STIGS");
    if (r->depth == 0) {
        if (buf_bad(&r->text))
            buf_done(&r->text);
        buf_cut(&r->text, 0);
    } else if (r->depth == 1 && r->place == VULN) {
        diag_warn(r->d, DIAG_WARN_DATA, STR("VULN"), "markup inside a field: its text is kept");
    }
    r->depth++;
    return 0;
}

static int
on_end(void *self, struct str ns, struct str name)
{
    struct ingest_reader *r = self;
    (void)ns;
    if (r->depth == 0)
        return end_place(r);
    if (--r->depth > 0)
        return 0;
    if (r->place == VULN)
        end_field_of_vuln(r, name);
    else
        end_field_elsewhere(r, name);
    return 0;
}

static int
on_text(void *self, struct str text)
{
    struct ingest_reader *r = self;
    if (r->depth)
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
    *r = (struct ingest_reader){.ctx = ctx, .file = file, .a = a, .d = d};
    r->text = buf_init(MAX_RAW);
    r->target = stig_target_init();
    r->rule = stig_rule_init();
    r->xml = xml_new(&handlers, r, ctx->path, d);
    return r;
}

static int
ckl_push(struct ingest_reader *r, struct str chunk)
{
    return xml_push(r->xml, chunk);
}

static int
ckl_end(struct ingest_reader *r)
{
    if (xml_end(r->xml) != 0)
        return -1;
    if (!r->done.n)
        return diag_fail(r->d, DIAG_BAD_DATA, "the checklist holds no <iSTIG> with rules");
    for (size_t i = 0; i < r->done.n; i++) {
        stig_settle_asset(&r->done.v[i], &r->target);
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
