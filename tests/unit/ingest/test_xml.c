/* ingest/xml: what the readers of XML see, in pieces of every size, and what stops the parser. */
#include "ingest/xml.h"

#include <time.h>

#include "base/buf.h"
#include "check.h"
#include "ingest/limits.h"

struct run {
    struct arena *a;
    struct diag d;
    struct buf seen; /* "<ns|name a=value>text</name>" */
    struct xml *xml;
    int rc;
};

static int
on_start(void *self, struct str ns, struct str name, struct xml_attrs attrs)
{
    struct run *r = self;
    buf_fmt(&r->seen, "<%.*s|%.*s", STR_ARG(ns), STR_ARG(name));
    for (size_t i = 0; i < attrs.n; i++)
        buf_fmt(&r->seen, " %.*s%s%.*s=%.*s", STR_ARG(attrs.v[i].ns), attrs.v[i].ns.len ? "|" : "",
                STR_ARG(attrs.v[i].name), STR_ARG(attrs.v[i].value));
    buf_putc(&r->seen, '>');
    if (str_eqc(name, "skipped"))
        xml_skip(r->xml);
    return str_eqc(name, "stop") ? diag_fail(&r->d, DIAG_BAD_DATA, "the handler says no") : 0;
}

static int
on_end(void *self, struct str ns, struct str name)
{
    struct run *r = self;
    (void)ns;
    buf_fmt(&r->seen, "</%.*s>", STR_ARG(name));
    return 0;
}

static int
on_text(void *self, struct str text)
{
    struct run *r = self;
    buf_str(&r->seen, text);
    return 0;
}

static void
run_bytes(struct run *r, struct str bytes, size_t step)
{
    static const struct xml_handlers handlers = {on_start, on_end, on_text};
    *r = (struct run){.a = arena_new(), .seen = buf_init(1 << 20)};
    r->d = diag_init(r->a);
    r->xml = xml_new(&handlers, r, "f.xml", &r->d);
    for (size_t i = 0; r->rc == 0 && i < bytes.len; i += step)
        r->rc = xml_push(r->xml, str_n(bytes.s + i, bytes.len - i < step ? bytes.len - i : step));
    if (r->rc == 0)
        r->rc = xml_end(r->xml);
    xml_free(r->xml);
}

static void
finish(struct run *r)
{
    buf_done(&r->seen);
    arena_free(r->a);
}

static void
check_seen(const char *bytes, const char *seen)
{
    for (size_t step = 1; step < 200; step = step * 3 + 1) {
        struct run r;
        run_bytes(&r, str_c(bytes), step);
        CHECK(r.rc == 0);
        CHECK_STR(buf_view(&r.seen), seen);
        finish(&r);
    }
}

static void
check_fails_n(struct str bytes, enum diag_code code, const char *words)
{
    struct run r;
    run_bytes(&r, bytes, 1 << 16);
    CHECK(r.rc == -1 && r.d.first.code == code);
    if (str_find(diag_text(&r.d), words) < 0)
        CHECK_STR(diag_text(&r.d), words);
    CHECK(str_starts(r.d.first.place, "f.xml:") || bytes.len == 0);
    finish(&r);
}

static void
check_fails(const char *bytes, enum diag_code code, const char *words)
{
    check_fails_n(str_c(bytes), code, words);
}

static void
test_documents(void)
{
    check_seen("<a/>", "<|a></a>");
    check_seen("<p:a xmlns:p='urn:x' p:k='1' k='2'><b>t</b></p:a>",
               "<urn:x|a urn:x|k=1 k=2><|b>t</b></a>");
    check_seen("<a xmlns='u'><b xmlns=''/><c/></a>", "<u|a><|b></b><u|c></c></a>");
    check_seen("<?xml version='1.0' encoding='ISO-8859-1'?>\n<!-- c --><a>\xe9</a>\n<!-- d -->\n",
               "<|a>\xc3\xa9</a>");
    check_seen("<a>x<![CDATA[<&]]>y<!-- c -->z<?pi?></a>", "<|a>x<&yz</a>");
    check_seen("<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x20AC;</a>", "<|a><>&'\"A\xe2\x82\xac</a>");
    check_seen("<a><skipped><b>t</b><skipped/></skipped>u</a>", "<|a><|skipped>u</a>");
    check_seen("<a><unbound:b/></a>", "<|a><|b></b></a>");
    check_seen("\xef\xbb\xbf<a/>", "<|a></a>");
}

/* Ampersands of attributes come decoded, once. */
static void
test_attributes(void)
{
    check_seen("<a k='1&amp;2' l='&lt;&#38;&gt;' m='&amp;#38;' n='a\nb'/>",
               "<|a k=1&2 l=<&> m=&#38; n=a b></a>");
    struct xml_attr v[] = {{STR("id"), STR("urn:x"), STR("1")}, {STR("id"), STR(""), STR("2")}};
    struct xml_attrs attrs = {v, 2};
    CHECK_STR(xml_attr(attrs, "id"), "2");
    CHECK_STR(xml_attr(attrs, "no"), "");
}

static void
test_ill_formed(void)
{
    check_fails("", DIAG_TRUNCATED, "the file is empty");
    check_fails("  \n", DIAG_TRUNCATED, "");
    check_fails("<?xml version='1.0'?>", DIAG_TRUNCATED, "");
    check_fails("<a><b></a>", DIAG_BAD_DATA, "f.xml:1:");
    check_fails("<a>\n\n<b x='1' x='2'/></a>", DIAG_BAD_DATA, "f.xml:3:");
    check_fails("<a/><b/>", DIAG_BAD_DATA, "f.xml:1:");
    check_fails("<a/>junk", DIAG_BAD_DATA, "f.xml:1:");
    check_fails("<a>text", DIAG_TRUNCATED, "was the transfer complete?");
    check_fails("<a><b", DIAG_TRUNCATED, "was the transfer complete?");
    check_fails("<?xml version='1.0'?>\n", DIAG_TRUNCATED, "before its first element");
    check_fails("<a>&nosuch;</a>", DIAG_BAD_DATA, "an entity that XML does not define");
    check_fails("<a>\xff</a>", DIAG_BAD_DATA, "f.xml:1:");
    check_fails("<a>\v</a>", DIAG_BAD_DATA, "f.xml:1:");
    check_fails("<a>&#xD800;</a>", DIAG_BAD_DATA, "f.xml:1:");
    check_fails_n(str_n("<a>\0</a>", 8), DIAG_BAD_DATA, "");
    check_fails("<a><stop/></a>", DIAG_BAD_DATA, "f.xml:1:9: the handler says no");
}

static void
test_doctype(void)
{
    check_fails("<!DOCTYPE a><a/>", DIAG_BAD_DATA, "DOCTYPE is refused");
    check_fails("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", DIAG_BAD_DATA, "DOCTYPE is refused");
    check_fails("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", DIAG_BAD_DATA,
                "DOCTYPE is refused");
    check_fails("<!DOCTYPE a PUBLIC 'x' 'http://127.0.0.1:1/'><a/>", DIAG_BAD_DATA, "DOCTYPE");
}

/* text n times between head and tail. */
static struct str
repeat(struct arena *a, const char *head, const char *text, size_t n, const char *tail)
{
    size_t len = strlen(text), max = strlen(head) + len * n + strlen(tail);
    char *out = arena_alloc(a, max), *at = out;
    memcpy(at, head, strlen(head));
    at += strlen(head);
    for (size_t i = 0; i < n; i++, at += len)
        memcpy(at, text, len);
    memcpy(at, tail, strlen(tail));
    return str_n(out, max);
}

/* n times " prefixNNNNNN='x'" in a tag. */
static struct str
numbered(struct arena *a, const char *prefix, unsigned n)
{
    struct buf b = buf_init(64 << 20);
    buf_puts(&b, "<a><b");
    for (unsigned i = 0; i < n; i++)
        buf_fmt(&b, " %s%u='x'", prefix, i);
    buf_puts(&b, "/></a>");
    struct str s = arena_str(a, buf_view(&b));
    buf_done(&b);
    return s;
}

static void
check_passes(struct str bytes)
{
    struct run r;
    run_bytes(&r, bytes, 1 << 16);
    CHECK_STR(diag_text(&r.d), " (ok)");
    finish(&r);
}

static void
test_limits(struct arena *a)
{
    clock_t before = clock();
    check_fails_n(repeat(a, "", "<a>", LIMIT_XML_DEPTH + 1, ""), DIAG_TOO_BIG, "nested elements");
    check_passes(numbered(a, "k", LIMIT_XML_ATTRS));
    check_fails_n(numbered(a, "k", LIMIT_XML_ATTRS + 1), DIAG_TOO_BIG, "attributes");
    check_passes(numbered(a, "xmlns:k", LIMIT_XML_NS));
    check_fails_n(numbered(a, "xmlns:k", LIMIT_XML_NS + 1), DIAG_TOO_BIG, "namespaces");
    check_fails_n(numbered(a, "k", 1000000), DIAG_TOO_BIG, "tag or comment");
    check_fails_n(numbered(a, "xmlns:k", 1000000), DIAG_TOO_BIG, "tag or comment");
    check_fails_n(repeat(a, "<a><!--", "x", 1 << 20, "--></a>"), DIAG_TOO_BIG, "tag or comment");
    check_fails_n(repeat(a, "<a b='", "x", 1 << 20, "'/>"), DIAG_TOO_BIG, "tag or comment");
    CHECK((double)(clock() - before) / CLOCKS_PER_SEC < 5);
}

/* Namespaces of elements that have ended do not count; long text is no tag. */
static void
test_no_limits(struct arena *a)
{
    check_passes(repeat(a, "<a>", "<b xmlns:p='u' xmlns='v'><p:c/></b>", LIMIT_XML_NS, "</a>"));
    check_passes(repeat(a, "<a>", "long text ", 200000, "</a>"));
    check_passes(repeat(a, "<a><![CDATA[", "long text ", 200000, "]]></a>"));
    check_passes(repeat(a, "<a>", "<!-- short -->", 100000, "</a>"));
}

int
main(void)
{
    struct arena *a = arena_new();
    test_documents();
    test_attributes();
    test_ill_formed();
    test_doctype();
    test_limits(a);
    test_no_limits(a);
    arena_free(a);
    return CHECK_DONE();
}
