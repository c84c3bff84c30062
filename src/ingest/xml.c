/* The one place that calls libxml2's parser; below every XML reader and detect.c. */
#include "ingest/xml.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/limits.h"

struct xml {
    const struct xml_handlers *h;
    void *self;
    const char *path;
    struct diag *d;
    xmlParserCtxtPtr ctxt;          /* made by the first push */
    int depth, skip_depth;          /* skip_depth: of the element that is passed over, 0 = none */
    int n_ns;                       /* namespace declarations in force */
    int ns_of[LIMIT_XML_DEPTH + 2]; /* of them by the element of each depth */
    bool rooted;                    /* the first start tag has come */
    bool is_unknown;                /* messages name nothing of the document */
    bool stopped;                   /* by us: the diag says why */
    bool ending;                    /* the last call: what fails now is a missing end */
    struct arena *arena;            /* decoded attributes of one element */
    struct str namespace;           /* the last one */
    struct xml_attr attrs[LIMIT_XML_ATTRS];
};

static struct str
str_x(const xmlChar *s)
{
    return str_c((const char *)s);
}

/* Libxml2 keeps every namespace once: most elements have the one of the element before. */
static struct str
namespace_of(struct xml *x, const xmlChar *uri)
{
    if (!uri)
        return STR("");
    if (x->namespace.s != (const char *)uri)
        x->namespace = str_x(uri);
    return x->namespace;
}

static void
stop(struct xml *x)
{
    if (!x->stopped)
        diag_at(x->d, "%s:%d:%d", x->path, xmlSAX2GetLineNumber(x->ctxt),
                xmlSAX2GetColumnNumber(x->ctxt));
    x->stopped = true;
    xmlStopParser(x->ctxt);
}

/* Without entity substitution libxml2 leaves an ampersand in attributes as "&#38;". */
static struct str
decode_value(struct xml *x, const xmlChar *from, const xmlChar *to)
{
    struct str raw = str_n((const char *)from, (size_t)(to - from));
    if (!raw.len || !memchr(raw.s, '&', raw.len))
        return raw;
    char *out = arena_alloc(x->arena, raw.len);
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        out[n++] = raw.s[i];
        if (raw.len - i >= 5 && memcmp(raw.s + i, "&#38;", 5) == 0)
            i += 4;
    }
    return str_n(out, n);
}

/* Libxml2 walks all of the declarations in force for every name. */
static int
check_limits(struct xml *x, int n_ns, int n_attrs)
{
    const char *what = x->depth > LIMIT_XML_DEPTH      ? "nested elements"
                       : n_attrs > LIMIT_XML_ATTRS     ? "attributes of an element"
                       : x->n_ns + n_ns > LIMIT_XML_NS ? "namespaces"
                                                       : NULL;
    if (!what)
        return 0;
    return diag_fail(x->d, DIAG_TOO_BIG, "XML: too many %s (at most %d, %d and %d)", what,
                     LIMIT_XML_DEPTH, LIMIT_XML_ATTRS, LIMIT_XML_NS);
}

static bool
ends_in_tag(const struct xml *x)
{
    const xmlParserInput *in = x->ctxt->input;
    size_t n = in ? (size_t)(in->end - in->base) : 0;
    const char *open = n ? memrchr(in->base, '<', n) : NULL;
    const char *close = n ? memrchr(in->base, '>', n) : NULL;
    return open && (!close || close < open);
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
         const xmlChar **ns, int n_attrs, int n_defaulted, const xmlChar **attrs)
{
    struct xml *x = ctx;
    (void)prefix, (void)ns, (void)n_defaulted;
    if (x->stopped)
        return;
    if (x->ending && ends_in_tag(x)) { /* it tells of half a name, or of half the attributes */
        diag_fail(x->d, DIAG_TRUNCATED,
                  "XML: the file ends inside a tag: was the transfer complete?");
        stop(x);
        return;
    }
    x->rooted = true;
    x->depth++;
    if (check_limits(x, n_ns, n_attrs) != 0) {
        stop(x);
        return;
    }
    x->ns_of[x->depth] = n_ns;
    x->n_ns += n_ns;
    if (x->skip_depth)
        return;
    for (int i = 0; i < n_attrs; i++, attrs += 5)
        x->attrs[i] = (struct xml_attr){.name = str_x(attrs[0]),
                                        .ns = str_x(attrs[2]),
                                        .value = decode_value(x, attrs[3], attrs[4])};
    struct xml_attrs view = {x->attrs, (size_t)n_attrs};
    if (x->h->start(x->self, namespace_of(x, uri), str_x(name), view) != 0)
        stop(x);
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml *x = ctx;
    (void)prefix;
    if (x->stopped)
        return;
    int depth = x->depth--;
    x->n_ns -= x->ns_of[depth];
    assert(x->depth >= 0 && x->n_ns >= 0);
    if (x->skip_depth) {
        if (depth == x->skip_depth)
            x->skip_depth = 0;
        return;
    }
    if (x->h->end(x->self, namespace_of(x, uri), str_x(name)) != 0)
        stop(x);
}

static void
on_text(void *ctx, const xmlChar *s, int len)
{
    struct xml *x = ctx;
    if (x->stopped || x->skip_depth || !x->h->text)
        return;
    if (x->h->text(x->self, str_n((const char *)s, (size_t)len)) != 0)
        stop(x);
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct xml *x = ctx;
    (void)name, (void)external, (void)system;
    if (x->stopped)
        return;
    diag_fail(
        x->d, DIAG_BAD_DATA,
        "XML: a DOCTYPE is refused: it could define entities or name other files; where a tool "
        "put it into results of a format that is read, remove that line");
    stop(x);
}

/* What libxml2 says, without bytes of the file: one that is none of ours may hold anything, and the
 * attributes of one that is ours passwords. Of a format that is known elements may be named. */
static struct str
error_text(struct xml *x, const xmlError *e)
{
    struct str whole = str_c(e->message), text = str_cut(&whole, '\n');
    switch (e->code) {
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY:
        return STR("an entity that XML does not define");
    case XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
        return STR("an attribute without a value");
    case XML_ERR_SPACE_REQUIRED:
        return STR("a blank is missing");
    case XML_ERR_ATTRIBUTE_REDEFINED:
        return STR("an attribute stands there twice");
    case XML_ERR_RESERVED_XML_NAME:
    case XML_ERR_DOCUMENT_EMPTY:
    case XML_ERR_DOCUMENT_END:
    case XML_ERR_LT_IN_ATTRIBUTE:
    case XML_ERR_ATTRIBUTE_NOT_STARTED:
    case XML_ERR_ATTRIBUTE_NOT_FINISHED:
    case XML_ERR_NAME_REQUIRED:
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_ENCODING:
    case XML_ERR_INVALID_CHARREF:
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
        return utf8_one_line(x->d->arena, str_trim(text));
    case XML_ERR_TAG_NAME_MISMATCH:
    case XML_ERR_TAG_NOT_FINISHED:
    case XML_ERR_GT_REQUIRED:
        if (!x->is_unknown)
            return utf8_one_line(x->d->arena, str_trim(text));
        return STR("its elements do not end as they should");
    default:
        return arena_fmt(x->d->arena, "not well-formed (error %d of libxml2)", e->code);
    }
}

/* Keeps the first fatal error; what libxml2 calls an error of namespaces is not. */
static void
on_error(void *ctx, xmlErrorPtr e)
{
    struct xml *x = ctx;
    if (x->stopped || e->level < XML_ERR_FATAL)
        return;
    struct str text = error_text(x, e);
    bool cut = x->ending && (x->depth > 0 ||
                             (!x->rooted && (e->code == XML_ERR_DOCUMENT_END || ends_in_tag(x))));
    diag_fail(x->d, cut ? DIAG_TRUNCATED : DIAG_BAD_DATA,
              !cut ? "XML: %.*s"
              : x->rooted
                  ? "XML: the file ends inside an element (%.*s): was the transfer complete?"
                  : "XML: the file ends before its first element (%.*s): was the transfer "
                    "complete?",
              STR_ARG(text));
    diag_at(x->d, "%s:%d:%d", x->path, e->line, e->int2);
    x->stopped = true;
}

struct xml *
xml_new(const struct xml_handlers *h, void *self, const char *path, struct diag *d)
{
    assert(h->start && h->end);
    struct xml *x = mem_alloc(sizeof *x);
    x->h = h;
    x->self = self;
    x->path = path;
    x->d = d;
    x->arena = arena_new();
    return x;
}

void
xml_free(struct xml *x)
{
    if (!x)
        return;
    if (x->ctxt) {
        xmlFreeDoc(x->ctxt->myDoc);
        xmlFreeParserCtxt(x->ctxt);
    }
    arena_free(x->arena);
    free(x);
}

/* Failing conversions are told to this one, which would be standard error. */
static void
be_quiet(void *ctx, const char *fmt, ...)
{
    (void)ctx, (void)fmt;
}

static int
begin(struct xml *x)
{
    xmlSetGenericErrorFunc(NULL, be_quiet);
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.characters = on_text;
    sax.cdataBlock = on_text;
    sax.internalSubset = on_doctype;
    sax.serror = (xmlStructuredErrorFunc)on_error;
    x->ctxt = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
    if (!x->ctxt)
        return diag_fail(x->d, DIAG_INTERNAL, "libxml2 gives no parser");
    xmlCtxtUseOptions(x->ctxt, XML_PARSE_NONET);
    return 0;
}

/* The one place that asks; later versions of libxml2 would rather not be asked. */
static bool
is_in_cdata(const struct xml *x)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return x->ctxt->instate == XML_PARSER_CDATA_SECTION;
#pragma GCC diagnostic pop
}

/* What the parser holds back because its end has not come: a tag or a comment. CDATA is text;
 * libxml2 itself ends it at ten megabytes. */
static int
check_pending(struct xml *x)
{
    const xmlParserInput *in = x->ctxt->input;
    if (x->stopped || !in || in->end - in->cur <= LIMIT_XML_TAG || is_in_cdata(x))
        return 0;
    diag_fail(x->d, DIAG_TOO_BIG, "XML: a tag or comment of more than %d bytes", LIMIT_XML_TAG);
    stop(x);
    return -1;
}

int
xml_push(struct xml *x, struct str chunk)
{
    enum { STEP = 1 << 14 }; /* more would only wait in a copy that libxml2 makes */
    if (!x->ctxt && begin(x) != 0)
        return -1;
    while (chunk.len && !x->stopped) {
        size_t n = chunk.len < STEP ? chunk.len : STEP;
        xmlParseChunk(x->ctxt, chunk.s, (int)n, 0);
        chunk = str_n(chunk.s + n, chunk.len - n);
        if (arena_used(x->arena) >=
            1 << 20) { /* attributes that were decoded, let go now and then */
            arena_free(x->arena);
            x->arena = arena_new();
        }
        if (check_pending(x) != 0)
            return -1;
    }
    return x->stopped ? -1 : 0;
}

int
xml_end(struct xml *x)
{
    if (!x->ctxt)
        return diag_fail(x->d, DIAG_TRUNCATED, "XML: the file is empty");
    if (x->stopped)
        return -1;
    x->ending = true;
    xmlParseChunk(x->ctxt, "", 0, 1);
    if (!x->stopped && !x->ctxt->wellFormed)
        diag_fail(x->d, DIAG_BAD_DATA, "XML: the document is not well-formed");
    /* on bytes it cannot convert libxml2 stops without an error */
    if (!x->stopped && !diag_failed(x->d) && (x->depth > 0 || !x->rooted))
        diag_fail(x->d, DIAG_BAD_DATA, "XML: bytes that are not of the declared encoding");
    return x->stopped || diag_failed(x->d) ? -1 : 0;
}

void
xml_hide_names(struct xml *x)
{
    x->is_unknown = true;
}

void
xml_skip(struct xml *x)
{
    assert(x->depth > 0 && !x->skip_depth);
    x->skip_depth = x->depth;
}

struct str
xml_attr(struct xml_attrs attrs, const char *name)
{
    for (size_t i = 0; i < attrs.n; i++)
        if (!attrs.v[i].ns.len && str_eqc(attrs.v[i].name, name))
            return attrs.v[i].value;
    return STR("");
}
