/* ingest/detect: what a file is by its first bytes, and what is said of files that are no scans. */
#include "ingest/detect.h"

#include "check.h"
#include "ingest/ingest.h"
#include "ingest/limits.h"

#define XCCDF "http://checklists.nist.gov/xccdf/"

/* The reader's name that takes the bytes, or what is said against them. */
static struct str
verdict(struct arena *a, struct str bytes, bool whole)
{
    struct diag d = diag_init(a);
    struct ingest_head h;
    const struct ingest_format *f = NULL;
    if (detect_head(bytes, whole, a, &h, &d) != 0 || detect_format(&h, a, &f, &d) != 0)
        return diag_text(&d);
    return str_c(f->name);
}

static void
check_reader(const char *bytes, const char *name)
{
    struct arena *a = arena_new();
    CHECK_STR(verdict(a, str_c(bytes), true), name);
    arena_free(a);
}

static void
check_said_n(struct str bytes, const char *words)
{
    struct arena *a = arena_new();
    struct str said = verdict(a, bytes, true);
    if (str_find(said, words) < 0)
        CHECK_STR(said, words);
    else
        CHECK(true);
    arena_free(a);
}

static void
check_said(const char *bytes, const char *words)
{
    check_said_n(str_c(bytes), words);
}

static void
test_readers(void)
{
    check_reader("<Benchmark xmlns='" XCCDF "1.2'/>", "xccdf");
    check_reader("<x:TestResult xmlns:x='" XCCDF "1.1'/>", "xccdf");
    check_reader("\xef\xbb\xbf<TestResult xmlns='" XCCDF "1.2'/>", "xccdf");
    check_reader("<?xml version='1.0'?>\n<!-- <a> - > -->\n<?go on?>\n<TestResult xmlns='" XCCDF
                 "1.2'/>",
                 "xccdf");
    check_reader("<!-- c --><a:asset-report-collection "
                 "xmlns:a='http://scap.nist.gov/schema/asset-reporting-format/1.1'/>",
                 "xccdf");
    check_reader("<agent_data agent_name='a'></agent_data>", "pandora");
    check_reader("{\"type\":\"summary\",\"policy_id\":\"p\"}", "wazuh-sca");
    check_reader("# Lynis Report\nreport_version_major=1\n", "lynis");
}

/* The root is found whatever its tag holds. */
static void
test_root(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct ingest_head h;
    CHECK(detect_head(STR("<p:Root a='>' xmlns:p=\"urn:&lt;x&gt;\"><Other/></p:Root>"), true, a, &h,
                      &d) == 0);
    CHECK_STR(h.xml_ns, "urn:<x>");
    CHECK_STR(h.xml_name, "Root");
    CHECK(h.whole && h.json_keys.len == 0);
    arena_free(a);
}

static void
test_utf16(void)
{
    static const char text[] =
        "<?xml version='1.0' encoding='UTF-16'?><TestResult xmlns='" XCCDF "1.2'/>";
    char le[2 + 2 * sizeof text] = "\xff\xfe", be[2 + 2 * sizeof text] = "\xfe\xff";
    size_t n = 2;
    for (size_t i = 0; text[i]; i++, n += 2) {
        le[n] = be[n + 1] = text[i];
        le[n + 1] = be[n] = 0;
    }
    struct arena *a = arena_new();
    CHECK_STR(verdict(a, str_n(le, n), true), "xccdf");
    CHECK_STR(verdict(a, str_n(be, n), true), "xccdf");
    CHECK_STR(verdict(a, str_n(le + 2, n - 2), true), "xccdf");
    arena_free(a);
    check_said_n(str_n("\xff\xfe\0\0<\0\0\0", 8), "UTF-32");
    check_said_n(str_n("\0\0\xfe\xff\0\0\0<", 8), "UTF-32");
}

static void
test_keys(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct ingest_head h;
    CHECK(detect_head(STR("{\"a\" : [{\"b\":\"c\",\"q\\\"}\":{}}], \"d\":1}"), true, a, &h, &d) ==
          0);
    CHECK_STR(h.json_keys, "1:a\n3:b\n3:q\\\"}\n1:d\n");
    CHECK(!h.is_json_lines);
    CHECK(detect_head(STR("{\"a\":1}\n{\"a\":2}\n"), true, a, &h, &d) == 0 && h.is_json_lines);
    CHECK(detect_head(STR("[1]]]}} {\"a\":"), true, a, &h, &d) == 0);
    CHECK_STR(h.json_keys, "1:a\n");
    CHECK(detect_head(STR("{\"cut in a string"), false, a, &h, &d) == 0 && h.json_keys.len == 0);
    CHECK(detect_head(STR("{\"backslash at the end\\"), true, a, &h, &d) == 0);
    arena_free(a);
}

static void
test_xml_refusals(void)
{
    check_said("<html><body/></html>", "an HTML page, not a scan result (an error page saved by");
    check_said("<HTML>\n<br></HTML>", "an HTML page");
    check_said("<!DOCTYPE html><html/>", "an HTML page");
    check_said("<!DOCTYPE Benchmark><Benchmark/>", "DOCTYPE is refused");
    check_said(
        "<ds:data-stream-collection xmlns:ds='http://scap.nist.gov/schema/scap/source/1.2'/>",
        "SCAP source data stream");
    check_said("<oval_results xmlns='http://oval.mitre.org/XMLSchema/oval-results-5'/>", "OVAL");
    check_said("<NessusClientData_v2/>", "nessus");
    check_said("<CHECKLIST/>", "ckl");
    check_said("<CHECKLIST xmlns='urn:other'/>", "root element no reader knows");
    check_said("<assessment-results xmlns='http://csrc.nist.gov/ns/oscal/1.0'/>",
               "their JSON form");
    check_said("<get_reports_response/>", "OpenVAS");
    check_said("<Benchmark/>", "<Benchmark> is not in the namespace of XCCDF 1.1 or 1.2");
    check_said("<TestResult xmlns='" XCCDF "9.9'/>", "not in the namespace of XCCDF");
    check_said("<nobody xmlns='urn:n'/>", "root element no reader knows");
    check_said("<?xml version='1.0'?><!-- cut", "");
    check_said("<a", "");
    check_said("<>", "");
}

static void
test_json_keys(void)
{
    check_said("{\"assessment-results\":{}}", "oscal-ar");
    check_said("{\"results\":[{\"reviewed-controls\":1}]}", "oscal-ar");
    check_said("{\"results\":[{\"reviewed\":1}]}", "no reader knows this content");
    check_said("{\"platform\":{},\"profiles\":[{\"controls\":[]}]}", "inspec");
    check_said("{\"name\":\"p\",\"controls\":[],\"sha256\":\"0\"}", "an InSpec profile");
    check_said("{\"title\":\"c\",\"stigs\":[]}", "cklb");
    check_said("{\"dockerbenchsecurity\":\"1\"}", "docker-bench");
    check_said("[{\"node_type\":\"m\",\"tests\":[]}]", "kube-bench");
    check_said("{\"benchmark-id\":1,\"rules\":[]}", "ciscat");
    check_said("[{\"class_uid\":2003}]", "prowler-ocsf");
    check_said("[{\"SchemaVersion\":\"2018\",\"AwsAccountId\":\"1\"}]", "ASFF");
}

static void
test_other_refusals(void)
{
    check_said("", "the file is empty");
    check_said("\xef\xbb\xbf", "the file is empty");
    check_said(" \n\t ", "the file is empty");
    check_said("\x1f\x8b\x08 once more", "packed twice");
    check_said("hello\n\x1b[2Jworld", "no reader knows this content: text");
    check_said("\x7f"
               "ELF\x02",
               "a program, not a scan result");
}

/* A prologue longer than what is looked at. */
static void
test_long_prologue(void)
{
    struct arena *a = arena_new();
    char *bytes = arena_alloc(a, LIMIT_DETECT + 1);
    memset(bytes, ' ', LIMIT_DETECT);
    memcpy(bytes, "<!--", 4);
    struct str said = verdict(a, str_n(bytes, LIMIT_DETECT), false);
    CHECK(str_find(said, "without a root element in the first") >= 0);
    arena_free(a);
}

int
main(void)
{
    test_readers();
    test_root();
    test_utf16();
    test_keys();
    test_xml_refusals();
    test_json_keys();
    test_other_refusals();
    test_long_prologue();
    return CHECK_DONE();
}
