/* Reader of Pandora FMS agent data files (<agent_data>). Called by ingest.c with chunks;
 * pandora_xml.c turns them into elements, which go to header.c (root), modules.c
 * (<module>) and checks.c (<hardening>). Everything else an agent sends is passed over. See
 * doc/formats/pandora.md. */
#include "ingest/readers/pandora/pandora.h"

#include <assert.h>

#include "ingest/limits.h"
#include "ingest/readers.h"

enum inside { INSIDE_ROOT, INSIDE_MODULE, INSIDE_HARDENING };

struct ingest_reader {
    const struct ingest_context *ctx;
    struct scan_file *file;
    struct arena *a;
    struct diag *d;
    struct xml *xml;
    struct pandora_header header;
    struct pandora_modules modules;
    struct pandora_checks checks;
    unsigned depth;     /* of the open element, the root has 1 */
    enum inside inside; /* which child of the root is open */
    bool root_seen;
    unsigned text_depth; /* of an element whose text is kept, 0 = none */
    struct buf text;
    struct str module_name, module_data;
};

static int
pandora_bid(const struct ingest_head *head)
{
    if (str_eqc(head->xml_name, "agent_data") || str_eqc(head->xml_name, "server_data"))
        return 95;
    /* an attribute that was not escaped can hide the start tag from detection */
    bool is_xml = head->xml_name.len == 0 && str_starts(str_trim(head->bytes), "<");
    return is_xml && str_find(head->bytes, "<agent_data ") >= 0 ? 60 : 0;
}

static void
keep_text(struct ingest_reader *r)
{
    assert(r->depth >= 3 && !r->text_depth);
    buf_cut(&r->text, 0);
    r->text_depth = r->depth;
}

/* Neither the content nor the end of this element will be told. */
static void
pass_over(struct ingest_reader *r)
{
    assert(r->depth > 1 && !r->text_depth);
    xml_skip(r->xml);
    r->depth--;
}

static int
start_root(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    bool agent = str_eqc(name, "agent_data");
    r->root_seen = true;
    if (!agent && !xml_attr(attrs, "server_name").len)
        return diag_fail(r->d, DIAG_BAD_DATA, "the root is not <agent_data>");
    r->file->secret = arena_str(r->a, xml_attr(attrs, "group_password"));
    return pandora_header_read(r->ctx, attrs, &r->header, r->a, r->d);
}

static int
start_child_of_root(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    if (str_eqc(name, "module")) {
        r->inside = INSIDE_MODULE;
        r->module_name = r->module_data = STR("");
    } else if (str_eqc(name, "hardening")) {
        r->inside = INSIDE_HARDENING;
        return pandora_checks_open(&r->checks, r->ctx, &r->header, attrs, r->a, r->d);
    } else {
        pass_over(r);
    }
    return 0;
}

static int
start_grandchild(struct ingest_reader *r, struct str name, struct xml_attrs attrs)
{
    if (r->inside == INSIDE_HARDENING && str_eqc(name, "check"))
        return pandora_checks_start(&r->checks, attrs, r->a, r->d);
    if (r->inside == INSIDE_MODULE && (str_eqc(name, "name") || str_eqc(name, "data")))
        keep_text(r);
    else
        pass_over(r);
    return 0;
}

static int
start_element(void *self, struct str ns, struct str name, struct xml_attrs attrs)
{
    struct ingest_reader *r = self;
    (void)ns;
    r->depth++;
    if (r->text_depth)
        return 0;
    if (r->depth == 1)
        return start_root(r, name, attrs);
    if (r->depth == 2)
        return start_child_of_root(r, name, attrs);
    if (r->depth == 3)
        return start_grandchild(r, name, attrs);
    assert(r->inside == INSIDE_HARDENING && r->depth == 4);
    if (str_eqc(name, "compliance")) {
        pandora_checks_compliance(&r->checks, attrs, r->a, r->d);
        pass_over(r);
    } else {
        keep_text(r);
    }
    return 0;
}

static void
end_text(struct ingest_reader *r, struct str name)
{
    struct str text = buf_view(&r->text);
    assert(r->text_depth == r->depth && r->inside != INSIDE_ROOT);
    if (r->inside == INSIDE_HARDENING)
        pandora_checks_child(&r->checks, name, text, r->a, r->d);
    else if (str_eqc(name, "name"))
        r->module_name = arena_str(r->a, text);
    else
        r->module_data = arena_str(r->a, text);
    r->text_depth = 0;
}

static int
end_element(void *self, struct str ns, struct str name)
{
    struct ingest_reader *r = self;
    int rc = 0;
    (void)ns;
    assert(r->depth > 0);
    if (r->text_depth == r->depth)
        end_text(r, name);
    else if (r->text_depth)
        ; /* inside a text */
    else if (r->depth == 3)
        rc = pandora_checks_end(&r->checks, r->a, r->d);
    else if (r->depth == 2 && r->inside == INSIDE_MODULE)
        pandora_modules_take(&r->modules, r->module_name, r->module_data, r->d);
    else if (r->depth == 2)
        rc = pandora_checks_close(&r->checks, r->ctx, r->file, r->a, r->d);
    if (r->depth == 2)
        r->inside = INSIDE_ROOT;
    r->depth--;
    return rc;
}

static int
add_text(void *self, struct str text)
{
    struct ingest_reader *r = self;
    if (!r->text_depth)
        return 0;
    buf_str(&r->text, text);
    return buf_bad(&r->text)
               ? diag_fail(r->d, DIAG_TOO_BIG, "a text of more than %zu bytes", LIMIT_DOCUMENT)
               : 0;
}

static const struct xml_handlers handlers = {start_element, end_element, add_text};

static struct ingest_reader *
pandora_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
             struct diag *d)
{
    struct ingest_reader *r = ARENA_NEW(a, struct ingest_reader);
    *r = (struct ingest_reader){.ctx = ctx, .file = file, .a = a, .d = d};
    r->text = buf_init(LIMIT_DOCUMENT);
    r->xml = xml_new(&handlers, r, ctx->path, d);
    return r;
}

/* Before the root element nothing but its attributes can be wrong. */
static int
name_cause(struct ingest_reader *r)
{
    bool doctype = str_find(r->d->first.text, "DOCTYPE") >= 0;
    if (!r->root_seen && !doctype && r->d->first.code == DIAG_BAD_DATA)
        diag_context(r->d, "agents write attribute values without escaping: look for a quote, & "
                           "or < in a value of <agent_data>");
    return -1;
}

static int
pandora_push(struct ingest_reader *r, struct str chunk)
{
    return xml_push(r->xml, chunk) == 0 ? 0 : name_cause(r);
}

static int
pandora_end(struct ingest_reader *r)
{
    if (xml_end(r->xml) < 0)
        return name_cause(r);
    bool any = pandora_modules_any(&r->modules);
    assert(r->depth == 0 && r->root_seen);
    if (r->file->scans.n == 0 && r->modules.is_named && !any)
        return diag_fail(r->d, DIAG_BAD_DATA, "no module of the hardening holds a usable number");
    if (r->file->scans.n == 0 && !any) { /* what agents send most of the time */
        r->file->holds_nothing = true;
        r->file->sender = r->header.asset.name;
        r->file->sender_group = r->header.asset.group;
        return 0;
    }
    if (r->file->scans.n == 0)
        return pandora_modules_scan(&r->modules, r->ctx, &r->header, r->file, r->a, r->d);
    if (any)
        pandora_modules_compare(&r->modules, r->file, r->a, r->d);
    return 0;
}

static void
pandora_close(struct ingest_reader *r)
{
    xml_free(r->xml);
    buf_done(&r->text);
}

const struct ingest_format pandora_format = {
    .name = "pandora",
    .title = "Pandora FMS agent data file",
    .bid = pandora_bid,
    .open = pandora_open,
    .push = pandora_push,
    .end = pandora_end,
    .close = pandora_close,
};
