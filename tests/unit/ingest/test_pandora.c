/* The Pandora reader on small agent data files of our own. */
#include "base/buf.h"
#include "check.h"
#include "drive.h"

#define HEAD                                                                                       \
    "<?xml version='1.0' encoding='UTF-8'?>\n<agent_data group='Web' group_password='s3cret' "     \
    "os_name='linux' os_version='Debian GNU/Linux 12' version='7.0' "                              \
    "timestamp='2026/11/21 17:00:00' agent_name='web01' agent_alias='Web &amp; co' "               \
    "timezone_offset='3' address='192.0.2.10, 2001:db8::1,'>\n"
#define MODULE(name, data)                                                                         \
    "<module><name><![CDATA[" name "]]></name><type>generic_data</type><data><![CDATA[" data       \
    "]]></data><datalist><data><value>9</value></data></datalist></module>\n"
#define MODULES(failed, skipped, passed, score)                                                    \
    MODULE("Hardening - Failed checks", failed)                                                    \
    MODULE("Hardening - Not applied checks", skipped)                                              \
    MODULE("Load", "0.4")                                                                          \
    MODULE("Hardening - Passed checks", passed) MODULE("Hardening - Score", score)
#define CHECK_XML(id, status) "<check id='" id "' status='" status "'/>\n"

static void
test_modules(void)
{
    struct drive v;
    drive_text(&v, &pandora_format, HEAD MODULES("2", "192", "10", "83.3") "</agent_data>");
    CHECK(v.rc == 0 && v.file.scans.n == 1 && v.d.warnings.n == 0);
    const struct scan *s = &v.file.scans.v[0];
    CHECK_STR(s->format, "pandora");
    CHECK_STR(s->asset.name, "web01");
    CHECK_STR(s->asset.alias, "Web & co");
    CHECK_STR(s->asset.group, "Web");
    CHECK_STR(s->asset.os, "Debian GNU/Linux 12");
    CHECK(s->asset.addresses.n == 2);
    CHECK_STR(s->asset.addresses.v[1], "2001:db8::1");
    CHECK_STR(s->policy.id, "pandora_hardening");
    CHECK_STR(s->engine, "Pandora FMS agent 7.0");
    CHECK(s->score_only && !s->partial && s->zone_assumed && !s->end_assumed);
    CHECK(s->end == DRIVE_MTIME); /* 17:00 and three hours, once */
    CHECK(s->counts[STATUS_PASS] == 10 && s->counts[STATUS_FAIL] == 2);
    CHECK(s->counts[STATUS_NOTAPPLICABLE] == 192 && drive_native(s, "not applied") == 192);
    CHECK(s->scores.n == 1 && s->scores.v[0].value == 83.3);
    drive_free(&v);
}

static const char checks[] = HEAD
    "<hardening policy_id='house' policy_version='2' policy_title='House' profile='server' "
    "scanner='audit 1' start='2026-11-21T19:58:00Z' end='2026-11-21T19:59:00Z' new='x'>\n"
    "<check id='1' category='5' status='PASS' severity='high'><title>One</title>"
    "<description>a <b>bold</b> &lt;word&gt;</description><rationale>r</rationale>"
    "<impact>i</impact><remediation><![CDATA[do <this>]]></remediation>"
    "<compliance framework='cis_csc_v8' control='5.4, 5.5'/>"
    "<compliance framework='PCI-DSS' edition='4.0' control='Req-2.2.1'/>"
    "<evidence>e</evidence><reference>https://a.example</reference><later><x/></later></check>\n"
    "<check id='2' category='data protection' status='fail'/>\n"
    "<check id='2' status='INVALID'><title>again</title></check>\n"
    "<check id='3' category='My own' status='odd'/>\n"
    "<check id='4' status='Not run'><compliance framework='cis_csc' edition='v8' control='8.2'/>"
    "</check>\n"
    "<note>passed over<check id='5' status='PASS'/></note>\n</hardening>\n";

static void
test_checks(void)
{
    struct drive v;
    drive_setup(&v);
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, checks);
    buf_puts(&b, "</agent_data>\n");
    drive_bytes(&v, &pandora_format, buf_view(&b), 17);
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    CHECK_STR(s->policy.id, "house");
    CHECK_STR(s->policy.version, "2");
    CHECK_STR(s->policy.title, "House");
    CHECK_STR(s->policy.profile, "server");
    CHECK_STR(s->engine, "audit 1");
    CHECK(s->start == DRIVE_MTIME - 120 && s->end == DRIVE_MTIME - 60 && !s->zone_assumed);
    CHECK(s->checks.n == 4 && s->results.n == 5);
    CHECK(s->results.v[2].check == 1 && s->results.v[2].ordinal == 1);
    CHECK(s->counts[STATUS_PASS] == 1 && s->counts[STATUS_FAIL] == 1);
    CHECK(s->counts[STATUS_NOTAPPLICABLE] == 1 && s->counts[STATUS_UNKNOWN] == 1);
    CHECK(s->counts[STATUS_NOTCHECKED] == 1 && drive_native(s, "odd") == 1);
    const struct scan_check *c = s->checks.v;
    CHECK_STR(c[0].title, "One");
    CHECK_STR(c[0].description, "a bold <word>");
    CHECK_STR(c[0].remediation, "do <this>");
    CHECK_STR(c[0].category, "Account Management");
    CHECK(c[0].severity == SEVERITY_HIGH && c[0].mappings.n == 3 && c[0].references.n == 1);
    CHECK_STR(c[0].mappings.v[2].framework, "pci_dss");
    CHECK_STR(c[0].mappings.v[2].edition, "4.0");
    CHECK_STR(c[0].mappings.v[2].control, "2.2.1");
    CHECK_STR(s->results.v[0].evidence, "e");
    CHECK_STR(c[1].title, "2");
    CHECK_STR(c[1].category, "Data Protection");
    CHECK_STR(c[2].category, "My own");
    CHECK_STR(c[3].category, "Audit Log Management");
    CHECK(drive_warned(&v, "unknown status \"odd\"") && drive_warned(&v, "no category"));
    CHECK(v.d.warnings.n == 2);
    drive_free(&v);
}

/* Two policies; the modules agree or not. */
static void
test_both(void)
{
    struct drive v;
    drive_text(
        &v, &pandora_format,
        HEAD MODULES("1", "0", "1", "50") "<hardening policy_id='a'>" CHECK_XML(
            "1", "PASS") "</hardening><hardening policy_id='b'>" CHECK_XML("1",
                                                                           "FAIL") "</hardening></"
                                                                                   "agent_data>");
    CHECK(v.rc == 0 && v.file.scans.n == 2 && v.d.warnings.n == 0);
    CHECK(v.file.scans.v[0].end == DRIVE_MTIME && v.file.scans.v[0].zone_assumed);
    CHECK(v.file.scans.v[1].scores.n == 0 && !v.file.scans.v[1].score_only);
    drive_free(&v);
    drive_text(&v, &pandora_format,
               HEAD "<hardening policy_id='a'>" CHECK_XML("1", "PASS") "</hardening>" MODULES(
                   "7", "0", "1", "12.5") "</agent_data>");
    CHECK(v.rc == 0 && v.file.scans.n == 1 && v.file.scans.v[0].scores.v[0].value == 12.5);
    CHECK(drive_warned(&v, "the modules say 1 and 7"));
    drive_free(&v);
}

/* Windows agents: double quotes, another order, dashes, ISO-8859-1. */
static void
test_windows(void)
{
    struct drive v;
    drive_text(
        &v, &pandora_format,
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<agent_data agent_name=\"B\xfcro\" "
        "timestamp=\"2026-11-21  21:00:00\" os_name=\"Windows\" os_version=\"11\" "
        "timezone_offset=\"-1\">" MODULES("1", "0", "1", "50") "</agent_data>");
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    CHECK_STR(v.file.scans.v[0].asset.name, "B\xc3\xbcro");
    CHECK_STR(v.file.scans.v[0].asset.os, "Windows 11");
    CHECK(v.file.scans.v[0].end == DRIVE_MTIME);
    drive_free(&v);
}

static int64_t
end_of(const char *attributes, int zone_offset_s, bool *assumed)
{
    struct drive v;
    drive_setup(&v);
    v.ctx.zone_offset_s = zone_offset_s;
    v.ctx.asset_name = STR("by transport");
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&b, "<agent_data %s>%s</agent_data>", attributes, MODULES("1", "0", "1", "50"));
    drive_bytes(&v, &pandora_format, buf_view(&b), 1 << 20);
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    int64_t t = v.rc == 0 ? v.file.scans.v[0].end : 0;
    *assumed = v.rc == 0 && v.file.scans.v[0].end_assumed;
    if (v.rc == 0)
        CHECK_STR(v.file.scans.v[0].asset.name, "by transport");
    drive_free(&v);
    return t;
}

static void
test_times(void)
{
    bool assumed;
    CHECK(end_of("timestamp='AUTO' timezone_offset='2'", 3600, &assumed) == DRIVE_MTIME && assumed);
    CHECK(end_of("", 3600, &assumed) == DRIVE_MTIME && assumed);
    CHECK(end_of("timestamp='2026-11-31 10:00:00'", 0, &assumed) == DRIVE_MTIME && assumed);
    CHECK(end_of("timestamp='2026/11/21 21:00:00'", 3600, &assumed) == DRIVE_MTIME && !assumed);
    CHECK(end_of("timestamp='2026/11/21 19:00:00' timezone_offset='2'", 3600, &assumed) ==
          DRIVE_MTIME);
    CHECK(end_of("timestamp='2026/11/21 20:00:00' timezone_offset='many'", 0, &assumed) ==
          DRIVE_MTIME);
}

static void
refused(const char *text, enum diag_code code, const char *says)
{
    struct drive v;
    drive_text(&v, &pandora_format, text);
    CHECK(v.rc < 0 && v.d.first.code == code);
    if (str_find(v.d.first.text, says) < 0)
        CHECK_STR(v.d.first.text, says);
    drive_free(&v);
}

/* What agents send every few minutes: no hardening, and nothing wrong. */
static void
test_nothing(void)
{
    static const char *const texts[] = {
        HEAD MODULE("Load", "1") "</agent_data>", HEAD "</agent_data>",
        HEAD "<inventory><item/></inventory><module><name>Hardening</name></module></agent_data>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct drive v;
        drive_text(&v, &pandora_format, texts[i]);
        CHECK(v.rc == 0 && v.file.scans.n == 0 && v.file.holds_nothing);
        CHECK(v.file.sender.len > 0);
        drive_free(&v);
    }
}

static void
test_refused(void)
{
    refused(HEAD MODULE("Hardening - Score", "x") "</agent_data>", DIAG_BAD_DATA,
            "no module of the hardening holds a usable number");
    refused("<agent_data server_name='sat1' status='1'/>", DIAG_BAD_DATA, "server_name");
    refused("<server_data server_name='sat1' status='1'/>", DIAG_BAD_DATA, "server_name");
    refused("<html/>", DIAG_BAD_DATA, "the root is not <agent_data>");
    refused("<agent_data agent_name='o'brien'></agent_data>", DIAG_BAD_DATA, "without escaping");
    refused(HEAD MODULE("Hardening - Passed checks", "1") "</agent_data>", DIAG_BAD_DATA,
            "'Hardening - Failed checks' is missing");
    refused(HEAD MODULES("-1", "x", "1", "50") "</agent_data>", DIAG_BAD_DATA, "missing");
    refused(HEAD "<hardening>" CHECK_XML("1", "PASS") "</hardening></agent_data>", DIAG_BAD_DATA,
            "policy_id");
    refused(HEAD "<hardening policy_id='a'></hardening></agent_data>", DIAG_BAD_DATA, "no <check>");
    refused(HEAD "<hardening policy_id='a'><check status='PASS'/></hardening></agent_data>",
            DIAG_BAD_DATA, "without id");
}

static void
test_place(void)
{
    struct drive v;
    drive_text(&v, &pandora_format, "<?xml version='1.0'?>\n<agent_data agent_name='o'brien'>\n");
    CHECK(v.rc < 0 && str_find(v.d.first.place, "2") >= 0); /* line and column */
    drive_free(&v);
    drive_text(&v, &pandora_format, HEAD MODULES("1", "0", "1", "50"));
    CHECK(v.rc < 0);
    drive_free(&v);
    /* bytes that the declared encoding does not have */
    drive_text(&v, &pandora_format,
               "<?xml version='1.0' encoding='Shift_JIS'?>\n<agent_data agent_name='w'>" MODULES(
                   "1", "0", "1", "50") "<x>\xfd\xfe\xff\xa0</x></agent_data>");
    CHECK(v.rc < 0 && v.d.first.code == DIAG_BAD_DATA);
    drive_free(&v);
}

/* The group password stands in the file in clear and must not reach anything that is kept. */
static void
test_password(void)
{
    struct drive v;
    drive_text(&v, &pandora_format, HEAD MODULES("1", "0", "1", "50") "</agent_data>");
    const struct scan *s = &v.file.scans.v[0];
    const struct str kept[] = {s->asset.name, s->asset.alias,  s->asset.group, s->asset.os,
                               s->engine,     s->policy.title, s->policy.id};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        CHECK(str_find(kept[i], "s3cret") < 0);
    drive_free(&v);
}

static void
test_bid(void)
{
    struct ingest_head head = {.bytes = STR("<agent_data "), .xml_name = STR("agent_data")};
    CHECK(pandora_format.bid(&head) >= 90);
    head.xml_name = STR("");
    CHECK(pandora_format.bid(&head) > 0);
    head.bytes = STR("<Benchmark/>");
    head.xml_name = STR("Benchmark");
    CHECK(pandora_format.bid(&head) == 0);
}

int
main(void)
{
    test_modules();
    test_checks();
    test_both();
    test_windows();
    test_times();
    test_nothing();
    test_refused();
    test_place();
    test_password();
    test_bid();
    return CHECK_DONE();
}
