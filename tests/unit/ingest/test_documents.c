/* What stands around the documents of every format, or before what tells it: read all the same. */
#include <jansson.h>
#include <stdlib.h>

#include "base/buf.h"
#include "drive.h"
#include "ingest/ingest.h"
#include "ingest/limits.h"

enum { PREAMBLE = 100 * 1024 };

#define CHECK_1 "\"check\":{\"id\":1,\"title\":\"tit\xc3\xa9l\",\"result\":\"failed\"}"

/* A document of every JSON format, one failure each. */
static const struct {
    const char *name, *format, *text;
    bool is_list; /* a list by nature: no members of its own */
} json[] = {
    {"HDF", "inspec",
     "{\"platform\":{\"name\":\"x\",\"target_id\":\"h\"},\"version\":\"5\",\"profiles\":[{\"name\":"
     "\"p\",\"controls\":[{\"id\":\"c\",\"title\":\"tit\xc3\xa9l\",\"impact\":1,\"results\":[{"
     "\"status\":\"failed\",\"start_time\":\"2026-11-20T10:00:00Z\"}]}]}]}",
     false},
    {"CKLB", "cklb",
     "{\"title\":\"tit\xc3\xa9l\",\"cklb_version\":\"1.0\",\"target_data\":{\"host_name\":\"h\"},"
     "\"stigs\":[{\"stig_id\":\"s\",\"rules\":[{\"rule_id\":\"SV-1r1_rule\",\"rule_title\":"
     "\"tit\xc3\xa9l\",\"status\":\"open\"}]}]}",
     false},
    {"kube-bench", "kube-bench",
     "{\"Controls\":[{\"id\":\"1\",\"version\":\"cis-1.6\",\"node_type\":\"master\",\"tests\":[{"
     "\"results\":[{\"test_number\":\"1.1\",\"test_desc\":\"tit\xc3\xa9l\",\"status\":\"FAIL\","
     "\"scored\":true}]}]}]}",
     false},
    {"kube-bench list", "kube-bench",
     "[{\"id\":\"1\",\"version\":\"cis-1.6\",\"node_type\":\"master\",\"tests\":[{\"results\":[{"
     "\"test_number\":\"1.1\",\"test_desc\":\"tit\xc3\xa9l\",\"status\":\"FAIL\",\"scored\":true}]}"
     "]}]",
     true},
    {"docker-bench", "docker-bench",
     "{\"dockerbenchsecurity\":\"1.6\",\"start\":1795200000,\"tests\":[{\"id\":\"1\",\"results\":[{"
     "\"id\":\"1.1\",\"desc\":\"tit\xc3\xa9l\",\"result\":\"WARN\"}]}],\"end\":1795200009}",
     false},
    {"docker-bench -c", "docker-bench",
     "{\"dockerbenchsecurity\":\"1.6\",\"start\":1795200000,\"tests\":[{\"id\":\"1.1\",\"desc\":"
     "\"tit\xc3\xa9l\",\"result\":\"WARN\"}],\"end\":1795200009}",
     false},
    {"Prowler", "prowler-ocsf",
     "[{\"class_uid\":2004,\"metadata\":{\"event_code\":\"e\",\"product\":{\"name\":\"Prowler\"}},"
     "\"finding_info\":{\"title\":\"tit\xc3\xa9l\"},\"cloud\":{\"account\":{\"uid\":\"h\"}},"
     "\"status_code\":\"FAIL\",\"time\":1795200000}]",
     true},
    {"OSCAL", "oscal-ar",
     "{\"assessment-results\":{\"uuid\":\"u\",\"results\":[{\"title\":\"T\",\"start\":"
     "\"2026-11-20T10:00:00Z\",\"findings\":[{\"title\":\"tit\xc3\xa9l\",\"target\":{\"target-id\":"
     "\"a\",\"status\":{\"state\":\"not-satisfied\"}}}]}]}}",
     false},
    {"CIS-CAT", "ciscat",
     "{\"benchmark-id\":\"b\",\"benchmark-title\":\"B\",\"rules\":[{\"rule-id\":\"r\","
     "\"rule-title\":\"tit\xc3\xa9l\",\"result\":\"fail\"}]}",
     false},
    {"Wazuh event", "wazuh-sca",
     "{\"type\":\"check\",\"id\":5,\"policy_id\":\"p\",\"policy\":\"P\"," CHECK_1 "}", false},
    {"Wazuh alert", "wazuh-sca",
     "{\"timestamp\":\"2026-11-20T10:00:00.123+0000\",\"agent\":{\"id\":\"1\",\"name\":\"h\"},"
     "\"decoder\":{\"name\":\"sca\"},\"data\":{\"sca\":{\"type\":\"check\",\"policy\":\"P\","
     "\"scan_id\":\"5\"," CHECK_1 "}}}",
     false},
    {"Wazuh state", "wazuh-sca",
     "{\"wazuh\":{\"agent\":{\"name\":\"h\"}},\"state\":{\"modified_at\":\"2026-11-20T10:00:00Z\"},"
     "\"policy\":{\"id\":\"p\"}," CHECK_1 "}",
     false},
    {"Wazuh API", "wazuh-api",
     "{\"data\":{\"affected_items\":[{\"id\":1,\"policy_id\":\"p\",\"title\":\"tit\xc3\xa9l\","
     "\"result\":\"failed\"}],\"total_affected_items\":1},\"error\":0}",
     false},
};

enum { N_JSON = sizeof json / sizeof *json };

static void
parse(struct drive *v, struct str bytes)
{
    v->rc = ingest_bytes(&v->ctx, bytes, v->a, &v->file, &v->d);
}

/* Failures in all scans of the file. */
static int64_t
count_failures(const struct drive *v)
{
    int64_t n = 0;
    for (size_t i = 0; v->rc == 0 && i < v->file.scans.n; i++)
        n += v->file.scans.v[i].counts[STATUS_FAIL];
    return n;
}

static void
check_read(struct drive *v, size_t i, struct str bytes, int64_t failures, const char *how)
{
    drive_setup(v);
    parse(v, bytes);
    bool ok = v->rc == 0 && count_failures(v) == failures &&
              str_eqc(v->file.scans.v[0].format, json[i].format);
    if (!ok)
        fprintf(stderr, "%s, %s: %lld failures, %s\n", json[i].name, how,
                (long long)count_failures(v), diag_text(&v->d).s);
    CHECK(ok);
}

static void
check_reads(size_t i, struct buf *bytes, int64_t failures, const char *how)
{
    struct drive v;
    check_read(&v, i, buf_view(bytes), failures, how);
    drive_free(&v);
    buf_cut(bytes, 0);
}

static void
put_preamble(struct buf *b)
{
    for (size_t i = 0; i < PREAMBLE; i++)
        buf_putc(b, "abcdefgh"[i % 8]);
}

/* ---- before what tells the format ---- */

static void
test_preamble(void)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < N_JSON; i++) {
        const char *rest = json[i].text + (json[i].is_list ? 2 : 1);
        buf_puts(&b, json[i].is_list ? "[{\"aaa\":\"" : "{\"aaa\":\"");
        put_preamble(&b);
        buf_fmt(&b, "\",%s", rest);
        check_reads(i, &b, 1, "a long member first");
        buf_puts(&b, json[i].is_list ? "[{\"passthrough\":{" : "{\"passthrough\":{");
        for (int k = 0; k < 8000; k++)
            buf_fmt(&b, "\"key %d\":[{\"x\":%d}],", k, k);
        buf_fmt(&b, "\"last\":null},%s", rest);
        check_reads(i, &b, 1, "a large structure first");
        for (size_t k = 0; k < PREAMBLE; k++)
            buf_putc(&b, " \n\t"[k % 3]);
        buf_puts(&b, json[i].text);
        check_reads(i, &b, 1, "blanks first");
    }
}

/* What is passed through may be the result of any other scanner: it tells nothing of the file. */
static void
test_passthrough(void)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < N_JSON; i++) {
        buf_puts(&b, "{\"passthrough\":");
        buf_fmt(&b, "{\"raw\":%s,\"also\":[%s],\"%s\":\"<agent_data \"},%s", json[i].text,
                json[i].text, "stigs", json[0].text + 1);
        check_reads(0, &b, 1, json[i].name);
    }
}

static void
test_sorted_keys(void)
{
    for (size_t i = 0; i < N_JSON; i++) {
        json_t *v = json_loads(json[i].text, 0, NULL);
        char *text = json_dumps(v, JSON_SORT_KEYS | JSON_INDENT(2));
        AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
        buf_puts(&b, text);
        check_reads(i, &b, 1, "sorted and indented");
        free(text);
        json_decref(v);
    }
}

static void
test_log_lines(void)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < N_JSON; i++) {
        struct drive v;
        buf_fmt(&b, "W0101 10:00:00.000000    1 util.go:1] {a warning}\n[INFO] go on\n\n%s",
                json[i].text);
        check_read(&v, i, buf_view(&b), 1, "behind lines of a log");
        CHECK(drive_warned(&v, "3 lines before the JSON were left out"));
        drive_free(&v);
        buf_cut(&b, 0);
    }
}

/* ---- one byte of another encoding ---- */

/* The title "titél" with the byte of windows-1252 in it. */
static struct str
with_byte(struct arena *a, const char *text)
{
    const char *at = strstr(text, "tit\xc3\xa9l");
    while (at && strstr(at + 1, "tit\xc3\xa9l"))
        at = strstr(at + 1, "tit\xc3\xa9l");
    return arena_fmt(a, "%.*stit\xe9l%s", (int)(at - text), text, at + strlen("tit\xc3\xa9l"));
}

static struct str
title_of(const struct drive *v)
{
    return v->rc == 0 && v->file.scans.v[0].checks.n ? v->file.scans.v[0].checks.v[0].title
                                                     : STR("(none)");
}

static void
test_foreign_byte(void)
{
    for (size_t i = 0; i < N_JSON; i++) {
        struct drive v;
        drive_setup(&v);
        struct str bytes = with_byte(v.a, json[i].text);
        parse(&v, bytes);
        CHECK_STR(title_of(&v), "tit\xef\xbf\xbdl");
        CHECK(v.rc == 0 && count_failures(&v) == 1);
        CHECK(drive_warned(&v, "replaced"));
        drive_free(&v);
        drive_setup(&v);
        v.ctx.fallback_encoding = STR("windows-1252");
        bytes = with_byte(v.a, json[i].text);
        parse(&v, bytes);
        CHECK_STR(title_of(&v), "tit\xc3\xa9l");
        CHECK(drive_warned(&v, "read as windows-1252, the fallback-encoding"));
        drive_free(&v);
        drive_setup(&v); /* no encoding at hand fits: as without one */
        v.ctx.fallback_encoding = STR("EUC-JP");
        bytes = with_byte(v.a, json[i].text);
        parse(&v, bytes);
        CHECK_STR(title_of(&v), "tit\xef\xbf\xbdl");
        drive_free(&v);
    }
}

/* ---- several documents ---- */

static void
test_many(void)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < N_JSON; i++) {
        const char *text = json[i].text;
        bool is_wazuh = str_starts(str_c(json[i].format), "wazuh");
        int64_t two = is_wazuh ? 1 : 2; /* of one agent and policy the last word counts */
        buf_fmt(&b, "%s%s", text, text);
        check_reads(i, &b, two, "one behind the other");
        buf_fmt(&b, "%s\n\n%s\n", text, text);
        check_reads(i, &b, two, "with line feeds between");
        if (json[i].is_list)
            continue;
        buf_fmt(&b, "[%s, %s]\n", text, text);
        check_reads(i, &b, two, "in a list");
        buf_fmt(&b, "[\n%s\n,\n\n%s\n] ", text, text);
        check_reads(i, &b, two, "in a list with line feeds");
        buf_fmt(&b, "\xef\xbb\xbf[%s]", text);
        check_reads(i, &b, 1, "in a list behind a byte order mark");
        buf_fmt(&b,
                "{\"took\":1,\"hits\":{\"total\":{\"value\":2},\"hits\":[{\"_index\":\"i\","
                "\"_source\":%s,\"sort\":[1]},{\"_id\":\"[{\",\"_source\":%s}]}}",
                text, text);
        check_reads(i, &b, two, "in the answer of a search");
        buf_fmt(&b, "[{\"_index\":\"i\",\"_source\":%s},{\"_source\":%s}]", text, text);
        check_reads(i, &b, two, "in hits alone");
        buf_fmt(&b, "{\"_index\":\"i\",\"_source\":%s}\n{\"_source\":%s}\n", text, text);
        check_reads(i, &b, two, "in records one a line");
        buf_puts(&b, "{\"took\":1,\"profile\":\"");
        put_preamble(&b);
        buf_fmt(&b, "\",\"hits\":{\"hits\":[{\"_source\":%s}]}}", text);
        check_reads(i, &b, 1, "in the answer of a search, late");
    }
}

/* Findings are elements of a list, however they come. */
static void
test_findings(void)
{
    enum { PROWLER = 6 };
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    const char *list = json[PROWLER].text;
    int n = (int)strlen(list) - 2;
    const char *one = list + 1;
    buf_fmt(&b, "%.*s\n%.*s\n", n, one, n, one);
    check_reads(PROWLER, &b, 2, "findings one a line");
    buf_fmt(&b, "%.*s%.*s", n, one, n, one);
    check_reads(PROWLER, &b, 2, "findings one behind the other");
    buf_fmt(&b, "%.*s", n, one);
    check_reads(PROWLER, &b, 1, "one finding");
    buf_fmt(&b, "{\"hits\":{\"hits\":[{\"_source\":%.*s},{\"_source\":%.*s}]}}", n, one, n, one);
    check_reads(PROWLER, &b, 2, "findings in the answer of a search");
}

/* ---- what is wrong with one of them ---- */

static void
check_refused(const char *text, const char *says)
{
    struct drive v;
    drive_setup(&v);
    parse(&v, str_c(text));
    bool ok = v.rc == -1 && str_find(diag_text(&v.d), says) >= 0;
    if (!ok)
        fprintf(stderr, "%s\n  said %s\n", text, diag_text(&v.d).s);
    CHECK(ok && !v.file.scans.n);
    drive_free(&v);
}

#define DOCUMENT                                                                                   \
    "{\"dockerbenchsecurity\":\"1\",\"tests\":[{\"id\":\"1.1\",\"result\":\"WARN\"}],\"end\":"     \
    "1795200000}"

static void
test_refused(void)
{
    check_refused(DOCUMENT "{\"dockerbenchsecurity\":1,\"tests\":[]}",
                  "document 2 of the file, whose lines are counted from its beginning: "
                  "docker-bench: no results");
    check_refused(DOCUMENT "\n{\"dockerbenchsecurity\":", "document 2");
    check_refused(DOCUMENT " and more", "text after the end of the JSON document");
    check_refused("[" DOCUMENT "," DOCUMENT, "ends before its last bracket");
    check_refused("[" DOCUMENT ",]", "an element is missing");
    check_refused("[," DOCUMENT "]", "an element of the list is missing");
    check_refused("[" DOCUMENT " " DOCUMENT "]", "no comma between");
    check_refused("[" DOCUMENT ",7]", "elements of the list that are no objects");
    check_refused("[" DOCUMENT "] x", "something else behind the list");
    check_refused("[\n" DOCUMENT "}", "test:2: not JSON");
    check_refused("{\"hits\":{\"hits\":[]}}", "the answer of a search");
    check_refused("{\"hits\":{\"hits\":[{\"_source\":{\"a\":1}}]}}", "the answer of a search");
    check_refused("{\"hits\":{\"hits\":[{\"_source\":" DOCUMENT "}", "ends before its last");
    check_refused("{\"error\":null,\"results\":[{\"passed\":3}]}", "no reader knows");
    check_refused("{\"error\":\"Unauthorized\"}", "looks like the error answer");
    check_refused("{\"total\":1,\"subtotal\":1,\"per_page\":20,\"error\":null,\"results\":[]}",
                  "of Satellite or Foreman");
    check_refused("** Alert 1795200000.1: - sca\n2026 Nov 20 10:00:00 (h) any->sca\nRule: 19007 "
                  "(level 7)\n" DOCUMENT,
                  "alerts.log): take alerts.json");
    check_refused("I0101 1 x.go:1] line\n<?xml version='1.0'?><TestResult/>",
                  "remove what is before <?xml");
    check_refused("<!DOCTYPE REPORT SYSTEM 'x.dtd'><REPORT/>", "a DOCTYPE is refused");
}

/* What nobody knows is given up before it fills the memory. */
static void
test_unknown(void)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "{\"list\":[0");
    while (b.len < LIMIT_DETECT_MOST + LIMIT_DETECT)
        buf_puts(&b, ",123456789012345678901234567890123456789012345678901234567890123456789");
    drive_setup(&v);
    parse(&v, buf_view(&b));
    CHECK(v.rc == -1 && v.d.first.code == DIAG_FORMAT_UNKNOWN);
    drive_free(&v);
}

/* ---- XML and text ---- */

static void
test_xml_prologue(void)
{
    static const char *const texts[] = {
        "<TestResult xmlns='http://checklists.nist.gov/xccdf/1.2' id='t'><benchmark id='b'/>"
        "<target>h</target><rule-result idref='r'><result>fail</result></rule-result></TestResult>",
        "<TestResult xmlns='http://checklists.nist.gov/xccdf/1.1' id='t'><benchmark id='b'/>"
        "<target>h</target><rule-result idref='r'><result>fail</result></rule-result></TestResult>",
        "<asset-report-collection xmlns='http://scap.nist.gov/schema/asset-reporting-format/1.1'>"
        "<reports><report id='r'><content><TestResult "
        "xmlns='http://checklists.nist.gov/xccdf/1.2' id='t'><benchmark id='b'/><target>h</target>"
        "<rule-result idref='r'><result>fail</result></rule-result></TestResult></content></report>"
        "</reports></asset-report-collection>",
        "<CHECKLIST><ASSET><HOST_NAME>h</HOST_NAME></ASSET><STIGS><iSTIG><STIG_INFO><SI_DATA>"
        "<SID_NAME>stigid</SID_NAME><SID_DATA>s</SID_DATA></SI_DATA></STIG_INFO><VULN><STIG_DATA>"
        "<VULN_ATTRIBUTE>Vuln_Num</VULN_ATTRIBUTE><ATTRIBUTE_DATA>V-1</ATTRIBUTE_DATA></STIG_DATA>"
        "<STATUS>Open</STATUS></VULN></iSTIG></STIGS></CHECKLIST>",
        "<NessusClientData_v2 xmlns:cm='http://www.nessus.org/cm'><Report><ReportHost name='h'>"
        "<ReportItem pluginID='1' pluginName='p' pluginFamily='Policy Compliance'>"
        "<compliance>true</compliance><cm:compliance-check-name>c</cm:compliance-check-name>"
        "<cm:compliance-result>FAILED</cm:compliance-result></ReportItem></ReportHost></Report>"
        "</NessusClientData_v2>",
        "<agent_data agent_name='h' timestamp='2026-11-20 10:00:00'><hardening "
        "policy_id='p'><check "
        "id='c' status='fail'/></hardening></agent_data>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct drive v;
        AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
        buf_puts(&b, "<?xml version='1.0'?>\n");
        for (int k = 0; k < 3; k++) {
            buf_puts(&b, "<!-- <Root> ");
            put_preamble(&b);
            buf_puts(&b, " --><?style ");
            put_preamble(&b);
            buf_puts(&b, "?>\n");
        }
        buf_puts(&b, texts[i]);
        drive_setup(&v);
        parse(&v, buf_view(&b));
        CHECK(v.rc == 0 && count_failures(&v) == 1);
        if (v.rc != 0)
            fprintf(stderr, "%s\n  %s\n", texts[i], diag_text(&v.d).s);
        drive_free(&v);
    }
}

#define LYNIS(host, warning)                                                                       \
    "# Lynis Report\nreport_version_major=1\nreport_version_minor=0\nreport_datetime_start="       \
    "2026-11-20 10:00:00\nhostname=" host "\nwarning[]=" warning "|text|-|-|\ntests_executed="     \
    "A-1|B-2|" warning "|\nreport_datetime_end=2026-11-20 10:01:00\nfinish=true\n"

static void
test_lynis_reports(void)
{
    struct drive v;
    drive_setup(&v);
    parse(&v, STR(LYNIS("one", "C-3") LYNIS("two", "D-4")));
    CHECK(v.rc == 0 && v.file.scans.n == 2 && count_failures(&v) == 2);
    CHECK_STR(v.file.scans.v[0].asset.name, "one");
    CHECK_STR(v.file.scans.v[1].asset.name, "two");
    CHECK(v.file.scans.v[0].checks.n == 3 && v.file.scans.v[1].checks.n == 3);
    CHECK_STR(v.file.scans.v[1].checks.v[2].id, "D-4");
    drive_free(&v);
    check_refused(LYNIS("one", "C-3") "# Lynis Report\nreport_version_major=1\nhostname=two\n",
                  "no test in this Lynis report");
}

/* ---- numbers with a comma ---- */

static void
test_comma(void)
{
    static const struct {
        const char *text;
        double score;
    } rows[] = {
        {"<agent_data agent_name='h' timestamp='2026-11-20 10:00:00'><module><name>Hardening - "
         "Passed checks</name><data>5</data></module><module><name>Hardening - Failed "
         "checks</name><data>1</data></module><module><name>Hardening - Score</name>"
         "<data>83,3</data></module></agent_data>",
         83.3},
        {"<TestResult xmlns='http://checklists.nist.gov/xccdf/1.2' id='t'><benchmark id='b'/>"
         "<target>h</target><rule-result idref='r'><result>fail</result></rule-result>"
         "<score system='s' maximum='100,0'>83,25</score></TestResult>",
         83.25},
        {"# Lynis Report\nhostname=h\ntests_executed=A-1|\nhardening_index=83,5\n", 83.5},
        {"{\"benchmark-id\":\"b\",\"score\":\"83,3\",\"rules\":[{\"rule-id\":\"r\",\"result\":"
         "\"pass\"}]}",
         83.3},
        {"{\"type\":\"summary\",\"scan_id\":5,\"policy_id\":\"p\",\"name\":\"P\",\"passed\":1,"
         "\"failed\":0,\"invalid\":0,\"score\":\"83,3\"}",
         83.3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct drive v;
        drive_setup(&v);
        parse(&v, str_c(rows[i].text));
        bool ok = v.rc == 0 && v.file.scans.v[0].scores.n == 1;
        CHECK(ok);
        double got = ok ? v.file.scans.v[0].scores.v[0].value : 0;
        CHECK(got > rows[i].score - 1e-9 && got < rows[i].score + 1e-9);
        drive_free(&v);
    }
}

int
main(void)
{
    test_preamble();
    test_passthrough();
    test_sorted_keys();
    test_log_lines();
    test_foreign_byte();
    test_many();
    test_findings();
    test_refused();
    test_unknown();
    test_xml_prologue();
    test_lynis_reports();
    test_comma();
    return CHECK_DONE();
}
