/* Detection: between unpack.c and the readers. The file name plays no part. */
#include "ingest/detect.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/auto.h"
#include "base/charset.h"
#include "base/utf8.h"
#include "ingest/encoding.h"
#include "ingest/json_doc.h"
#include "ingest/limits.h"
#include "ingest/lookalike.h"
#include "ingest/readers.h"
#include "ingest/xml.h"

AUTO_DEFINE(struct xml *, xml_free)

/* ---- XML: the parser itself finds the root, whatever the encoding ---- */

struct root {
    struct arena *a;
    struct ingest_head *head;
    bool found;
};

static int
on_root(void *self, struct str ns, struct str name, struct xml_attrs attrs)
{
    struct root *r = self;
    (void)attrs;
    r->head->xml_ns = arena_str(r->a, ns);
    r->head->xml_name = arena_str(r->a, name);
    r->found = true;
    return -1; /* enough */
}

static int
on_root_end(void *self, struct str ns, struct str name)
{
    (void)self, (void)ns, (void)name;
    return 0;
}

static int
check_encoding(struct str bytes, struct arena *a, struct diag *d)
{
    struct str name = encoding_declared(bytes);
    if (!name.len || charset_is_utf8(name) || charset_converter(name))
        return 0;
    return diag_fail(
        d, DIAG_BAD_DATA,
        "the encoding that its first line names cannot be read: convert the file to UTF-8 with "
        "iconv(1) and change that line (known: %.*s)",
        STR_ARG(charset_list(a, false)));
}

/* Finds the root element; -1 with the diag set when the XML breaks before it. */
static int
find_root(struct ingest_head *head, struct arena *a, struct diag *d)
{
    static const struct xml_handlers handlers = {.start = on_root, .end = on_root_end};
    struct root r = {.a = a, .head = head};
    struct diag mine = diag_init(a);
    AUTO(xml_free_auto) struct xml *x = xml_new(&handlers, &r, "", &mine);
    xml_hide_names(x);
    if (xml_push(x, head->bytes) == 0 && head->whole)
        xml_end(x);
    if (r.found)
        return 0;
    head->wants_more = !diag_failed(&mine) && !head->whole;
    if (!diag_failed(&mine))
        return diag_fail(d, DIAG_FORMAT_UNKNOWN,
                         "XML without a root element in the first %zu bytes", head->bytes.len);
    d->first = mine.first;
    return -1;
}

/* ---- JSON ---- */

static void
find_keys(struct ingest_head *head, struct str bytes, struct arena *a)
{
    head->keys = json_keys_of(bytes, a);
    head->has_keys = true;
    head->json_keys = head->keys.document;
    head->is_json_lines = head->keys.is_lines;
}

/* Where a line begins a JSON document behind lines of a log, as kubectl gives them; -1 = nowhere. The text
 * of the alerts of a Wazuh manager has pieces of JSON in it. */
static long
find_start(struct str bytes)
{
    struct str rest = str_n(bytes.s, bytes.len < LIMIT_DETECT ? bytes.len : LIMIT_DETECT);
    bool is_text = !memchr(rest.s, 0, rest.len) && !str_starts(str_trim(rest), "** Alert ");
    while (is_text && rest.len) {
        str_cut(&rest, '\n');
        size_t at = (size_t)(rest.s - bytes.s);
        if (rest.len && json_keys_begins(str_n(rest.s, bytes.len - at)))
            return (long)at;
    }
    return -1;
}

/* ---- refusals by name ---- */

static bool
begins(struct str s, const char *magic, size_t n)
{
    return s.len >= n && memcmp(s.s, magic, n) == 0;
}

static const char an_html_page[] =
    "an HTML page, not a scan result (an error page saved by the transfer?)";

static const struct {
    const char *xml_name, *why;
} not_results_xml[] = {
    {"html", an_html_page},
    {"data-stream-collection",
     "a SCAP source data stream: it holds the rules, not the results of a scan"},
    {"Tailoring", "an XCCDF tailoring: it chooses rules, it holds no results of a scan"},
    {"oval_results", "OVAL results alone: give the ARF or the XCCDF results of the scan"},
    {"oval_system_characteristics", "OVAL system characteristics, not the results of a scan"},
    {"oval_definitions", "OVAL definitions: they hold checks, not the results of a scan"},
    {"cpe-list", "a CPE dictionary, not the results of a scan"},
    {"NessusClientData", "a Nessus v1 file: export the report as .nessus (version 2)"},
    {"get_reports_response", "an OpenVAS report: lists of vulnerabilities are not read"},
    {"report", "an XML report of an unknown tool (OpenVAS?)"},
    {"assessment-results", "OSCAL assessment results in XML: give their JSON form"},
};

/* The first row whose keys all stand there wins (§9.1 of the format notes, most telling first). */
static const struct {
    const char *keys[3], *why;
} not_results_json[] = {
    {{"1:Findings", "3:AwsAccountId"}, "AWS findings (ASFF): not a hardening scan"},
    {{"2:SchemaVersion", "2:AwsAccountId"}, "AWS findings (ASFF): not a hardening scan"},
    {{"1:error"},
     "it looks like the error answer of a web service, not a scan result: read it and ask "
     "again"},
    {{"1:title", "1:detail"},
     "it looks like the error answer of a web service, not a scan result: read it and ask "
     "again"},
    {{"1:subtotal", "1:per_page", "1:results"},
     "a page of a list of Satellite or Foreman: it counts results and holds none; download the ARF "
     "report of each host"},
    {{"1:hits", "2:hits"},
     "the answer of a search: no reader knows the records (_source) in it, or there are none"},
    {{"1:sha256", "1:controls"}, "an InSpec profile: it holds the checks, not their results"},
    {{"1:controls", "3:profile_id"},
     "the short report of InSpec (json-min): run InSpec with the reporter \"json\""},
};

static int
refuse_xml(const struct ingest_head *h, struct diag *d)
{
    bool is_xccdf = str_eqc(h->xml_name, "Benchmark") || str_eqc(h->xml_name, "TestResult");
    for (size_t i = 0; i < sizeof not_results_xml / sizeof *not_results_xml; i++)
        if (str_ieqc(h->xml_name, not_results_xml[i].xml_name))
            return diag_fail(d, DIAG_FORMAT_UNKNOWN, "%s", not_results_xml[i].why);
    if (is_xccdf)
        return diag_fail(d, DIAG_FORMAT_UNKNOWN,
                         "<%.*s> is not in the namespace of XCCDF 1.1 or 1.2, "
                         "http://checklists.nist.gov/xccdf/…",
                         STR_ARG(h->xml_name));
    return diag_fail(d, DIAG_FORMAT_UNKNOWN, "XML whose root element no reader knows");
}

bool
detect_has_key(struct str keys, const char *key)
{
    return json_keys_has(keys, key);
}

static bool
has_keys(struct str keys, const char *const want[3])
{
    for (int i = 0; i < 3 && want[i]; i++)
        if (!detect_has_key(keys, want[i]))
            return false;
    return true;
}

static bool
is_packed(struct str s)
{
    return begins(s, "\x1f\x8b", 2) || begins(s, "BZh", 3) ||
           begins(s,
                  "\xfd"
                  "7zXZ",
                  5) ||
           begins(s, "PK\3\4", 4) || begins(s, "\x28\xb5\x2f\xfd", 4);
}

/* JSON that no reader knows may be none at all: then its error helps more. */
static int
refuse_bad_json(const struct ingest_head *h, struct diag *d)
{
    json_error_t e;
    if (!h->whole || h->is_json_lines)
        return 0;
    json_t *v = json_loadb(h->bytes.s, h->bytes.len, JSON_ALLOW_NUL, &e);
    json_decref(v);
    if (v)
        return 0;
    bool is_cut = json_error_code(&e) == json_error_premature_end_of_input;
    diag_fail(d, is_cut ? DIAG_TRUNCATED : DIAG_BAD_DATA,
              is_cut ? "the JSON ends too early (%.*s): was the transfer complete?"
                     : "not JSON: %.*s",
              STR_ARG(json_doc_error(&e)));
    return diag_at(d, ":%d:%d", e.line, e.column);
}

static int
refuse(const struct ingest_head *h, struct diag *d)
{
    if (h->xml_name.len)
        return refuse_xml(h, d);
    for (size_t i = 0; i < sizeof not_results_json / sizeof *not_results_json; i++)
        if (has_keys(h->json_keys, not_results_json[i].keys))
            return diag_fail(d, DIAG_FORMAT_UNKNOWN, "%s", not_results_json[i].why);
    if (!str_trim(h->bytes).len)
        return h->whole ? diag_fail(d, DIAG_TRUNCATED, "the file is empty")
                        : diag_fail(d, DIAG_FORMAT_UNKNOWN,
                                    "nothing but blanks in the first %zu bytes", h->bytes.len);
    if (is_packed(h->bytes))
        return diag_fail(d, DIAG_FORMAT_UNKNOWN, "packed twice: only one level is unpacked");
    bool is_text =
        !memchr(h->bytes.s, 0, h->bytes.len) && utf8_valid(utf8_cut(h->bytes, h->bytes.len));
    bool may_be_json = h->json_keys.len || (is_text && begins(str_trim(h->bytes), "{", 1));
    if (may_be_json && refuse_bad_json(h, d) != 0)
        return -1;
    const char *name = lookalike_name(h->bytes);
    if (name)
        return diag_fail(d, DIAG_FORMAT_UNKNOWN, "%s", name);
    return diag_fail(d, DIAG_FORMAT_UNKNOWN, "no reader knows this content: %s",
                     h->json_keys.len ? "JSON with other keys"
                     : is_text        ? "text"
                                      : "binary data");
}

/* ---- the door ---- */

static bool
looks_like_xml(struct str s)
{
    struct str t = str_trim(s);
    return begins(t, "<", 1) || begins(s, "<\0", 2) || begins(s, "\0<", 2) ||
           begins(s, "\xff\xfe", 2) || begins(s, "\xfe\xff", 2) ||
           begins(s, "\x4c\x6f\xa7\x94", 4) /* EBCDIC "<?xm" */;
}

int
detect_head(struct str bytes, bool whole, struct arena *a, struct ingest_head *ret, struct diag *d)
{
    struct ingest_head h = {.bytes = bytes, .whole = whole};
    h.xml_ns = h.xml_name = h.json_keys = STR("");
    *ret = h;
    if (begins(bytes, "\xff\xfe\0\0", 4) || begins(bytes, "\0\0\xfe\xff", 4))
        return diag_fail(d, DIAG_BAD_DATA, "the text is UTF-32: save it as UTF-8");
    if (begins(bytes, "\xef\xbb\xbf", 3))
        h.bytes = str_n(bytes.s + 3, bytes.len - 3);
    struct str t = str_trim(h.bytes);
    if (lookalike_is_html(t))
        return diag_fail(d, DIAG_FORMAT_UNKNOWN, "%s", an_html_page);
    if (check_encoding(h.bytes, a, d) != 0)
        return -1;
    if (begins(t, "{", 1) || begins(t, "[", 1))
        find_keys(&h, h.bytes, a);
    else if (looks_like_xml(h.bytes) && find_root(&h, a, d) != 0 &&
             str_find(h.bytes, "<agent_data ") < 0) {
        *ret = h;
        return -1;
    }
    *ret = h;
    return 0;
}

/* ---- the bids ---- */

struct choice {
    const struct ingest_format *format;
    int bid;
    enum envelope_kind envelope;
};

static bool
takes_documents(const struct ingest_format *f, enum envelope_kind kind)
{
    return kind == ENVELOPE_SEQUENCE ? f->join == JOIN_LIST
                                     : f->push_document || f->join != JOIN_ALONE;
}

/* Asks who wants the documents in that envelope; keys are those of one document. */
static void
ask(const struct ingest_head *head, enum envelope_kind kind, struct str keys, struct arena *a,
    struct choice *best)
{
    struct ingest_head h = *head;
    struct str as_element =
        kind == ENVELOPE_NONE ? STR("") : json_keys_shift(keys, 1, a); /* of a list to be made */
    for (const struct ingest_format *const *f = ingest_formats; *f; f++) {
        if (kind != ENVELOPE_NONE && !takes_documents(*f, kind))
            continue;
        h.json_keys = kind != ENVELOPE_NONE && (*f)->join == JOIN_LIST ? as_element : keys;
        int bid = (*f)->bid(&h);
        assert(bid >= 0 && bid <= 100);
        if (bid > best->bid)
            *best = (struct choice){*f, bid, kind};
    }
}

/* A file with one document a line is taken as it is where a reader knows it: damaged lines cost
 * themselves only. */
static struct choice
choose(const struct ingest_head *head, struct arena *a)
{
    struct choice best = {0};
    ask(head, ENVELOPE_NONE, head->json_keys, a, &best);
    if (!head->has_keys || (best.bid && head->is_json_lines))
        return best;
    if (head->keys.is_list)
        ask(head, ENVELOPE_LIST, json_keys_shift(head->json_keys, -1, a), a, &best);
    if (head->keys.source.len)
        ask(head, ENVELOPE_SOURCE, head->keys.source, a, &best);
    if (!head->keys.is_list)
        ask(head, ENVELOPE_SEQUENCE, head->json_keys, a, &best);
    return best;
}

int
detect_format(struct ingest_head *head, struct arena *a, const struct ingest_format **ret,
              struct diag *d)
{
    struct choice best = choose(head, a);
    long start = best.bid || head->has_keys || head->xml_name.len ? -1 : find_start(head->bytes);
    if (start >= 0) {
        struct ingest_head behind = *head;
        struct str rest = str_n(head->bytes.s + start, head->bytes.len - (size_t)start);
        find_keys(&behind, rest, a);
        best = choose(&behind, a);
        if (best.bid)
            *head = behind;
        head->start = best.bid ? (size_t)start : 0;
    }
    head->envelope = best.envelope;
    bool is_blank = str_trim(head->bytes).len == 0;
    head->wants_more = !best.bid && !head->whole && (head->has_keys || start >= 0 || is_blank);
    *ret = best.format;
    if (best.bid)
        return 0;
    return diag_failed(d) ? -1 : refuse(head, d);
}
