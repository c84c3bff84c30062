/* What names a host and what does not: the rules by themselves; every rule's example in every format;
 * and files of several hosts, named, not named, and both. */
#include "ingest/identity.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "check.h"
#include "ingest/tables.h"

/* ---- the rules ---- */

static const char *const no_names[] = {
    "cpe:/o:redhat:enterprise_linux:9",
    "cpe:2.3:o:debian:debian_linux:12",
    "chroot:///host",
    "podman-image://sha256:1234",
    "docker-container://web",
    "https://shop.example/login",
    "urn:uuid:1",
    "unknown",
    "UNKNOWN",
    "Unknown host",
    "(none)",
    "none",
    "n/a",
    "N/A",
    "-",
    "--",
    "...",
    "?",
    "(null)",
    "localhost",
    "LOCALHOST.",
    "localhost.localdomain",
    "localhost6",
    "localhost6.localdomain6",
    "ip6-localhost",
    "127.0.0.1",
    "127.1.2.3",
    "::1",
    "0:0:0:0:0:0:0:1",
    "[::1]",
    "::ffff:127.0.0.1",
    "0.0.0.0",
    "::",
    "fe80::1",
    "169.254.10.10",
    "00:00:00:00:00:00",
    "FF-FF-FF-FF-FF-FF",
    "00000000-0000-0000-0000-000000000000",
    "Prowler",
    "kube-bench",
    "Heimdall Tools",
    "loc\xe2\x80\x8b"
    "alhost", /* with a character that does not show */
    "\xe2\x80\x8b\xe2\x80\xae",
    "\xc2\xa0",
    "\xe2\x80\xa6", /* an ellipsis */
};

static const char *const names[] = {
    "web01",
    "WEB01.example.net",
    "localhost-db", /* begins like one that is none */
    "unknown01",
    "nonesuch",
    "prowler01",
    "10.0.0.5",
    "2001:db8::7",
    "::ffff:192.0.2.1",
    "52:54:00:12:34:56",
    "6a0e7c1c-0000-4000-8000-000000000001",
    "arn:aws:ec2:eu-central-1:1:instance/i-1",
    "123456789012",
    "\xe3\x82\xb5\xe3\x83\xbc\xe3\x83\x90", /* サーバ */
    "b\xc3\xbcro",
    "d",
    "web 1",
};

static void
test_rules(void)
{
    CHECK(identity_why_none(STR("")).len);
    CHECK(identity_why_none(STR("   ")).len);
    for (size_t i = 0; i < sizeof no_names / sizeof *no_names; i++) {
        CHECK(identity_why_none(str_c(no_names[i])).len);
        if (!identity_why_none(str_c(no_names[i])).len)
            fprintf(stderr, "  %s names a host\n", no_names[i]);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_STR(identity_why_none(str_c(names[i])), "");
    CHECK_STR(identity_why_none(STR("prowler")), "the name of a product");
    CHECK_STR(identity_why_none(STR("127.0.0.1")), "an address that every host has");
}

/* A site knows better what its hosts are called. */
static void
test_table_of_a_site(struct arena *a)
{
    char room[] = "/tmp/assay-identity-XXXXXX";
    struct diag d = diag_init(a);
    if (!mkdtemp(room))
        exit(1);
    struct str dir = file_join(a, room, "mappings"), path = file_join(a, dir.s, "no-names.tsv");
    struct str rows = STR("host\tprowler\tours is called so\nnone\tgolden-*\tan image\n");
    CHECK(file_mkdirs(dir.s, 0700, &d) == 0 && file_write_atomic(path.s, rows, 0600, &d) == 0);
    CHECK(tables_load(room, &d) == 0);
    CHECK_STR(identity_why_none(STR("Prowler")), "");
    CHECK_STR(identity_why_none(STR("golden-12")), "an image");
    CHECK(identity_why_none(STR("localhost")).len);
    CHECK(tables_load(NULL, &d) == 0 && identity_why_none(STR("Prowler")).len);
    CHECK_STR(identity_why_none(STR("golden-12")), "");
    CHECK(unlink(path.s) == 0 && rmdir(dir.s) == 0 && rmdir(room) == 0);
}

/* ---- in every format ---- */

#define XCCDF(version)                                                                             \
    "<TestResult xmlns='http://checklists.nist.gov/xccdf/" version "' id='t'"                      \
    " end-time='2026-11-10T10:00:05Z'><benchmark id='b'/><target>%s</target>"                      \
    "<rule-result idref='r'><result>fail</result></rule-result></TestResult>"
#define VULN                                                                                       \
    "<VULN><STIG_DATA><VULN_ATTRIBUTE>Vuln_Num</VULN_ATTRIBUTE><ATTRIBUTE_DATA>V-1"                \
    "</ATTRIBUTE_DATA></STIG_DATA><STATUS>Open</STATUS></VULN>"
#define OCSF                                                                                       \
    "{\"class_uid\":2004,\"metadata\":{\"event_code\":\"c\",\"product\":{\"name\":\"Prowler\"}},"  \
    "\"finding_info\":{\"title\":\"t\"},\"status_code\":\"FAIL\",\"time\":1795200000,"             \
    "\"cloud\":{\"account\":{\"uid\":\"%s\"}}}"
#define ALERT                                                                                      \
    "{\"timestamp\":\"2026-11-20T10:00:00.123+0000\",\"rule\":{\"id\":\"19007\"},"                 \
    "\"agent\":{\"id\":\"%s\",\"name\":\"%s\"},\"decoder\":{\"name\":\"sca\"},\"location\":\"s\"," \
    "\"data\":{\"sca\":{\"type\":\"check\",\"scan_id\":\"3\",\"policy\":\"p\",\"check\":"          \
    "{\"id\":\"1\",\"title\":\"t\",\"result\":\"failed\"}}}}\n"

/* A small file of each format; %s is where it names its host, or could. */
static const struct {
    const char *format, *text;
    bool named_by_file; /* the name of the file counts: <name>-… */
    bool names_itself;  /* something else in it names the host at last */
} formats[] = {
    {"xccdf-1.2", XCCDF("1.2"), false, false},
    {"xccdf-1.1", XCCDF("1.1"), false, false},
    {"arf-1.1",
     "<arf:asset-report-collection xmlns:arf='http://scap.nist.gov/schema/"
     "asset-reporting-format/1.1' xmlns:ai='http://scap.nist.gov/schema/asset-identification/1.1'>"
     "<arf:assets><arf:asset id='a'><ai:computing-device><ai:hostname>%s</ai:hostname>"
     "</ai:computing-device></arf:asset></arf:assets><arf:reports><arf:report id='x'>"
     "<arf:content>" XCCDF("1.2") "</arf:content></arf:report></arf:reports>"
                                  "</arf:asset-report-collection>",
     false, false},
    {"ckl",
     "<CHECKLIST><ASSET><HOST_NAME>%s</HOST_NAME></ASSET><STIGS><iSTIG><STIG_INFO><SI_DATA>"
     "<SID_NAME>stigid</SID_NAME><SID_DATA>S</SID_DATA></SI_DATA></STIG_INFO>" VULN
     "</iSTIG></STIGS></CHECKLIST>",
     false, false},
    {"cklb",
     "{\"title\":\"t\",\"target_data\":{\"host_name\":\"%s\"},\"stigs\":[{\"stig_id\":\"S\","
     "\"rules\":[{\"group_id\":\"V-1\",\"status\":\"open\"}]}]}",
     false, false},
    {"nessus",
     "<NessusClientData_v2><Report name='r' xmlns:cm='http://www.nessus.org/cm'><ReportHost "
     "name='%s'><ReportItem pluginFamily='Policy Compliance' pluginName='p'><cm:compliance-check-"
     "name>c</cm:compliance-check-name><cm:compliance-result>FAILED</cm:compliance-result>"
     "</ReportItem></ReportHost></Report></NessusClientData_v2>",
     false, false},
    {"kube-bench",
     "{\"Controls\":[{\"id\":\"4\",\"text\":\"%s\",\"node_type\":\"node\",\"tests\":[{\"results\":"
     "[{\"test_number\":\"4.1\",\"status\":\"FAIL\"}]}]}]}",
     false, false},
    {"docker-bench",
     "{\"dockerbenchsecurity\":\"%s\",\"tests\":[{\"results\":[{\"id\":\"1.1\",\"result\":"
     "\"WARN\"}]}]}",
     false, false},
    {"prowler-ocsf", "[" OCSF "]", false, false},
    {"inspec",
     "{\"platform\":{\"name\":\"x\",\"target_id\":\"%s\"},\"version\":\"5\",\"profiles\":[{"
     "\"name\":\"p\",\"controls\":[{\"id\":\"c\",\"impact\":0.5,\"results\":[{\"status\":"
     "\"failed\"}]}]}]}",
     false, false},
    {"oscal-ar",
     "{\"assessment-results\":{\"results\":[{\"title\":\"p\",\"local-definitions\":{\"inventory-"
     "items\":[{\"uuid\":\"11111111-1111-4111-8111-111111111111\",\"props\":[{\"name\":"
     "\"hostname\",\"value\":\"%s\"}]}]},\"observations\":[{\"description\":\"c\",\"props\":[{"
     "\"name\":\"result\",\"value\":\"fail\"}],\"subjects\":[{\"subject-uuid\":"
     "\"11111111-1111-4111-8111-111111111111\",\"type\":\"inventory-item\"}]}]}]}}",
     false, true},
    {"ciscat",
     "{\"benchmark-id\":\"xccdf_x_benchmark_1.0.0_Bench\",\"benchmark-title\":\"Bench\",\"rules\":"
     "[{\"rule-id\":\"r\",\"rule-title\":\"%s\",\"result\":\"fail\"}]}",
     true, false},
    {"wazuh-sca",
     "{\"type\":\"check\",\"id\":1,\"policy\":\"p\",\"policy_id\":\"p\",\"agent\":{\"name\":"
     "\"%s\"},\"check\":{\"id\":1,\"title\":\"t\",\"result\":\"failed\"}}\n",
     false, false},
    {"lynis",
     "# Lynis Report\nreport_version_major=1\nhostname=%s\nwarning[]=SSH-7408|x|-|-|\n"
     "finish=true\n",
     false, false},
    {"pandora",
     "<agent_data agent_name='%s' timestamp='2026/10/20 09:24:00'><hardening policy_id='p' "
     "policy_version='1' policy_title='t' start='2026-10-20T09:00:00Z' end='2026-10-20T09:00:01Z'>"
     "<check id='1' status='FAIL'><title>t</title></check></hardening></agent_data>",
     false, false},
};

enum { N_FORMATS = sizeof formats / sizeof *formats };

/* text with name at each %s. */
static struct str
fill(struct arena *a, const char *text, const char *name)
{
    struct str out = STR(""), rest = str_c(text);
    for (long at; (at = str_find(rest, "%s")) >= 0;) {
        out = arena_fmt(a, "%.*s%.*s%s", STR_ARG(out), (int)at, rest.s, name);
        rest = str_n(rest.s + at + 2, rest.len - (size_t)at - 2);
    }
    return arena_fmt(a, "%.*s%.*s", STR_ARG(out), STR_ARG(rest));
}

struct read {
    struct scan_file f;
    struct diag d;
    int rc;
};

static struct read
read_text(struct arena *a, struct str text, const char *path, const char *given)
{
    struct read r = {.d = diag_init(a)};
    struct ingest_context c = {.path = path,
                               .mtime = 1795000000,
                               .asset_name = str_c(given),
                               .fallback_encoding = STR("")};
    r.rc = ingest_bytes(&c, text, a, &r.f, &r.d);
    return r;
}

static struct read
read_named(struct arena *a, size_t format, const char *name, const char *given)
{
    const char *path = formats[format].named_by_file
                           ? arena_fmt(a, "%s-Bench-20261120T100000Z.json", name).s
                           : "file";
    struct read r = read_text(a, fill(a, formats[format].text, name), path, given);
    CHECK(r.rc == 0 && r.f.scans.n == 1);
    if (r.rc == 0 && r.f.scans.n == 1)
        CHECK(str_starts(r.f.scans.v[0].format, formats[format].format));
    else
        fprintf(stderr, "  %s of \"%s\": %s\n", formats[format].format, name, diag_text(&r.d).s);
    return r;
}

static bool
has_warning(const struct diag *d, const char *words)
{
    for (size_t i = 0; i < d->warnings.n; i++)
        if (str_find(d->warnings.v[i].text, words) >= 0)
            return true;
    return false;
}

static bool
is_bearer(size_t format) /* of no name inside: the transport knows best */
{
    return formats[format].named_by_file || strcmp(formats[format].format, "kube-bench") == 0 ||
           strcmp(formats[format].format, "docker-bench") == 0;
}

/* In no format does an agent get such a name; the transport's counts then, and only then. */
static void
test_formats(struct arena *a)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        for (size_t k = 0; k < sizeof no_names / sizeof *no_names; k++) {
            const char *name = no_names[k];
            if (formats[i].named_by_file && strchr(name, '/'))
                continue;
            struct read r = read_named(a, i, name, ""), given = read_named(a, i, name, "given01");
            const struct scan_asset *as = &r.f.scans.v[0].asset;
            const struct scan_asset *to = &given.f.scans.v[0].asset;
            CHECK(!str_eqc(as->name, name) && !str_eqc(as->alias, name));
            CHECK(formats[i].names_itself ? !as->is_given : as->is_given && !as->name.len);
            CHECK(formats[i].names_itself ? !to->is_given : str_eqc(to->name, "given01"));
            struct diag d = diag_init(a);
            CHECK(identity_refuse(as, &d) == -1 && d.first.code == DIAG_BAD_DATA);
            bool is_told = as->no_names.n && str_find(d.first.text, ", only \"") >= 0;
            CHECK(is_bearer(i) || formats[i].named_by_file || is_told);
            CHECK(is_bearer(i) || formats[i].named_by_file ||
                  has_warning(&r.d, "is no name of a host"));
        }
        struct read named = read_named(a, i, "web01", "given01");
        const char *want = is_bearer(i) ? "given01" : "web01";
        CHECK_STR(named.f.scans.v[0].asset.name, want);
        CHECK(is_bearer(i) || has_warning(&named.d, "its own word counts"));
        CHECK_STR(read_named(a, i, "web01", "").f.scans.v[0].asset.name,
                  strcmp(want, "web01") == 0 || formats[i].named_by_file ? "web01" : "");
        struct read same = read_named(a, i, "web01", "web01");
        CHECK(!has_warning(&same.d, "its own word counts"));
    }
}

/* ---- other facts of a file ---- */

static struct str
name_of(struct arena *a, const char *text, const char *given)
{
    struct read r = read_text(a, str_c(text), "file", given);
    CHECK(r.rc == 0 && r.f.scans.n > 0);
    return r.rc == 0 ? r.f.scans.v[0].asset.name : diag_text(&r.d);
}

#define FACT(name, value) "<fact name='urn:xccdf:fact:" name "' type='string'>" value "</fact>"
#define TARGET(inside)                                                                             \
    "<TestResult xmlns='http://checklists.nist.gov/xccdf/1.2' end-time='2026-11-10T10:00:05Z'>"    \
    "<benchmark id='b'/>" inside "<rule-result idref='r'><result>fail</result></rule-result>"      \
    "</TestResult>"

static void
test_facts(struct arena *a)
{
    CHECK_STR(name_of(a,
                      TARGET("<target>localhost.localdomain</target><target-facts>" FACT(
                          "asset:identifier:host_name", "web7")
                                 FACT("asset:identifier:fqdn", "web7.example") "</target-facts>"),
                      "x"),
              "web7.example");
    CHECK_STR(
        name_of(a,
                TARGET("<target>unknown</target><target-facts>" FACT("identifier", "node-3")
                           FACT("asset:identifier:fqdn", "scanner.example") "</target-facts>"),
                "x"),
        "node-3");
    CHECK_STR(name_of(a,
                      TARGET("<target>unknown</target><target-address>127.0.0.1</target-address>"
                             "<target-address>0:0:0:0:0:0:0:1</target-address>"
                             "<target-address>2001:0db8:0:0:0:0:0:7/64</target-address>"),
                      "x"),
              "2001:db8::7");
    CHECK_STR(name_of(a,
                      TARGET("<target>unknown</target><target-facts>" FACT(
                          "asset:identifier:mac", "52:54:00:12:34:56") "</target-facts>"),
                      "x"),
              "52:54:00:12:34:56");
    /* the addresses of an image's scan are the scanner's */
    CHECK_STR(name_of(a,
                      TARGET("<target>podman-image://1</target>"
                             "<target-address>192.0.2.1</target-address>"),
                      "x"),
              "x");
    CHECK_STR(name_of(a,
                      "<CHECKLIST><ASSET><HOST_NAME></HOST_NAME><HOST_FQDN>db.example</HOST_FQDN>"
                      "<WEB_OR_DATABASE>true</WEB_OR_DATABASE><WEB_DB_SITE>s</WEB_DB_SITE>"
                      "<WEB_DB_INSTANCE>i</WEB_DB_INSTANCE></ASSET><STIGS><iSTIG><STIG_INFO>"
                      "<SI_DATA><SID_NAME>stigid</SID_NAME><SID_DATA>S</SID_DATA></SI_DATA>"
                      "</STIG_INFO>" VULN "</iSTIG></STIGS></CHECKLIST>",
                      "x"),
              "db.example:s:i");
    CHECK_STR(name_of(a,
                      "{\"title\":\"t\",\"target_data\":{\"host_name\":\"\",\"ip_address\":"
                      "\"127.0.0.1,192.0.2.8\"},\"stigs\":[{\"stig_id\":\"S\",\"rules\":[{"
                      "\"group_id\":\"V-1\",\"status\":\"open\"}]}]}",
                      "x"),
              "192.0.2.8");
    CHECK_STR(name_of(a,
                      "{\"platform\":{\"name\":\"Heimdall Tools\",\"target_id\":\"cpe:/o:x:y\"},"
                      "\"version\":\"2\",\"passthrough\":{\"checklist\":{\"asset\":{\"hostname\":"
                      "\"sea01\"}}},\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\","
                      "\"results\":[{\"status\":\"failed\"}]}]}]}",
                      "x"),
              "sea01");
}

/* ---- several hosts in a file ---- */

#define ITEM(uuid, prop)  "{\"uuid\":\"" uuid "\",\"props\":[" prop "]}"
#define PROP(name, value) "{\"name\":\"" name "\",\"value\":\"" value "\"}"
#define SEEN(uuid, word)                                                                           \
    "{\"description\":\"c\",\"props\":[" PROP("result", word) "],\"subjects\":[{\"subject-uuid\":" \
                                                              "\"" uuid                            \
                                                              "\",\"type\":\"inventory-item\"}]}"
#define OSCAL(items, seen)                                                                         \
    "{\"assessment-results\":{\"results\":[{\"title\":\"p\",\"local-definitions\":{"               \
    "\"inventory-items\":[" items "]},\"observations\":[" seen "]}]}}"

static void
check_hosts(struct arena *a, struct str text, const char *given, const char *want)
{
    struct read r = read_text(a, text, "file", given);
    struct str got = STR("");
    for (size_t i = 0; r.rc == 0 && i < r.f.scans.n; i++)
        got = arena_fmt(a, "%.*s%s%.*s:%lld", STR_ARG(got), i ? " " : "",
                        STR_ARG(r.f.scans.v[i].asset.name),
                        (long long)r.f.scans.v[i].counts[STATUS_FAIL]);
    if (r.rc != 0)
        got = arena_fmt(a, "refused: %.*s", STR_ARG(r.d.first.text));
    CHECK(str_starts(got, want));
    if (!str_starts(got, want))
        fprintf(stderr, "  got %s\n  want %s\n", got.s, want);
}

static void
test_several(struct arena *a)
{
    struct str alpha = fill(a, ALERT, "alpha"), beta = fill(a, ALERT, "beta");
    struct str both = arena_fmt(a, "%.*s%.*s", STR_ARG(alpha), STR_ARG(beta));
    check_hosts(a, both, "mgr01", "alpha:1 beta:1");
    check_hosts(a, fill(a, "[" OCSF "," OCSF "]", "1"), "x", "1:2");
    check_hosts(a,
                STR(OSCAL(ITEM("1", PROP("Computer_Name", "alpha.example")) "," ITEM(
                              "2", PROP("computer-name", "beta.example")),
                          SEEN("1", "pass") "," SEEN("2", "fail"))),
                "x", "alpha.example:0 beta.example:1");
    /* not named, but told apart: by uuid, by number, as elements */
    check_hosts(
        a, STR(OSCAL(ITEM("aa", "") "," ITEM("bb", ""), SEEN("aa", "pass") "," SEEN("bb", "fail"))),
        "x", "aa:0 bb:1");
    check_hosts(a, STR(OSCAL("", SEEN("aa", "pass") "," SEEN("bb", "fail"))), "x", "aa:0 bb:1");
    static const char nameless[] =
        "{\"timestamp\":\"2026-11-20T10:00:00.123+0000\",\"rule\":{\"id\":\"19007\"},\"agent\":{"
        "\"id\":\"%s\"},\"decoder\":{\"name\":\"sca\"},\"location\":\"s\",\"data\":{\"sca\":{"
        "\"type\":\"check\",\"scan_id\":\"3\",\"policy\":\"p\",\"check\":{\"id\":\"1\",\"title\":"
        "\"t\",\"result\":\"failed\"}}}}\n";
    struct str one = fill(a, nameless, "007"), two = fill(a, nameless, "008");
    check_hosts(a, one, "web01", "web01:1");
    check_hosts(a, arena_fmt(a, "%.*s%.*s", STR_ARG(one), STR_ARG(two)), "web01",
                "refused: the file holds scans of 2 hosts and does not name them (\"agent 007\", "
                "\"agent 008\")");
    /* what nobody names beside what is named */
    struct str mixed = arena_fmt(a, "%.*s%.*s", STR_ARG(alpha), STR_ARG(one));
    check_hosts(a, mixed, "", "refused: 1 of 2 scans name no host, beside others of \"alpha\"");
    check_hosts(a, mixed, "mgr01", "refused: 1 of 2 scans name no host");
    check_hosts(a, mixed, "alpha", "alpha:1 alpha:1");
    static const char host[] =
        "<ReportHost name='%s'><ReportItem pluginFamily='Policy Compliance' pluginName='p'>"
        "<cm:compliance-check-name>c</cm:compliance-check-name><cm:compliance-result>FAILED"
        "</cm:compliance-result></ReportItem></ReportHost>";
    static const char report[] = "<NessusClientData_v2><Report name='r' "
                                 "xmlns:cm='http://www.nessus.org/cm'>%s</Report>"
                                 "</NessusClientData_v2>";
    struct str lo = fill(a, host, "localhost"), web = fill(a, host, "web01");
    struct str los = arena_fmt(a, "%.*s%.*s", STR_ARG(lo), STR_ARG(lo));
    struct str webs = arena_fmt(a, "%.*s%.*s", STR_ARG(web), STR_ARG(fill(a, host, "db01")));
    check_hosts(a, fill(a, report, lo.s), "x", "x:1");
    check_hosts(a, fill(a, report, los.s), "x", "refused: the file holds scans of 2 hosts");
    check_hosts(a, fill(a, report, webs.s), "x", "web01:1 db01:1");
    check_hosts(a, fill(a, "[" OCSF "]", "unknown"), "x", "x:1");
    struct str accounts = arena_fmt(a, "[%.*s,%.*s]", STR_ARG(fill(a, OCSF, "unknown")),
                                    STR_ARG(fill(a, OCSF, "n/a")));
    check_hosts(a, accounts, "x", "refused: the file holds scans of 2 hosts");
}

/* A name that does not show as it is is kept, and told of. */
static void
test_disguise(struct arena *a)
{
    struct read r = read_named(a, N_FORMATS - 1,
                               "srv\xe2\x80\xae"
                               "60",
                               "");
    CHECK_STR(r.f.scans.v[0].asset.name, "srv\xe2\x80\xae"
                                         "60");
    CHECK(has_warning(&r.d, "\"srv\xe2\x9f\xa8U+202E\xe2\x9f\xa9"
                            "60\" holds characters that do not"));
}

int
main(void)
{
    struct arena *a = arena_new();
    env_set_now(1795900000);
    test_rules();
    test_table_of_a_site(a);
    test_formats(a);
    test_facts(a);
    test_several(a);
    test_disguise(a);
    arena_free(a);
    return CHECK_DONE();
}
