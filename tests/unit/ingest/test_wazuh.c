/* The Wazuh SCA reader on small documents of our own, one test a shape. */
#include "base/buf.h"
#include "check.h"
#include "drive.h"

#define CHECK_EVENT(scan, id, result)                                                              \
    "{\"type\":\"check\",\"id\":" scan ",\"policy\":\"House policy\",\"policy_id\":\"house\","     \
    "\"check\":{\"id\":" id ",\"title\":\"T" id "\",\"compliance\":{\"cis\":\"1." id "\","         \
    "\"cis_csc_v8\":\"5.2\"},\"references\":\"https://a.example,https://b.example\","              \
    "\"file\":\"/etc/x\"," result "}}\n"
#define SUMMARY(scan, passed, failed, invalid, total)                                              \
    "{\"type\":\"summary\",\"scan_id\":" scan                                                      \
    ",\"name\":\"House policy\",\"policy_id\":\"house\","                                          \
    "\"passed\":" passed ",\"failed\":" failed ",\"invalid\":" invalid ",\"total_checks\":" total  \
    ",\"score\":50.0,\"start_time\":1795290000,\"end_time\":1795290060,"                           \
    "\"hash_file\":\"0123456789abcdef0123456789abcdef\"}\n"

static void
test_events(void)
{
    struct drive v;
    drive_setup(&v);
    v.ctx.asset_name = STR("web01");
    drive_bytes(&v, &wazuh_format,
                str_c(CHECK_EVENT("7", "101", "\"result\":\"passed\"")
                          CHECK_EVENT("7", "102", "\"result\":\"failed\"") CHECK_EVENT(
                              "7", "103", "\"status\":\"Not applicable\",\"reason\":\"no file\"")
                              SUMMARY("7", "1", "1", "1",
                                      "3") "{\"type\":\"policies\",\"policies\":[\"house\"]}\n"
                                           "{\"type\":\"dump_end\",\"policy_id\":\"house\","
                                           "\"elements_sent\":3}\n"),
                11);
    CHECK(v.rc == 0 && v.file.scans.n == 1 && v.d.warnings.n == 0);
    const struct scan *s = &v.file.scans.v[0];
    CHECK_STR(s->format, "wazuh-sca");
    CHECK_STR(s->asset.name, "web01");
    CHECK_STR(s->policy.id, "house");
    CHECK_STR(s->policy.title, "House policy");
    CHECK_STR(s->policy.version, "0123456789ab");
    CHECK(s->start == 1795290000 && s->end == 1795290060);
    CHECK(!s->partial && !s->delta && !s->score_only && !s->end_assumed);
    CHECK(s->counts[STATUS_PASS] == 1 && s->counts[STATUS_FAIL] == 1);
    CHECK(s->counts[STATUS_NOTAPPLICABLE] == 1 && drive_native(s, "Not applicable") == 1);
    CHECK_STR(s->results.v[2].evidence, "no file\nfile: /etc/x");
    CHECK_STR(s->checks.v[0].category, "Account Management");
    CHECK(s->checks.v[1].mappings.n == 2 && s->checks.v[1].references.n == 2);
    CHECK_STR(s->checks.v[1].references.v[1], "https://b.example");
    CHECK(s->scores.n == 1 && s->scores.v[0].value == 50);
    drive_free(&v);
}

/* Two scans and two policies in one file; a repeated check; counts that do not agree. */
static void
test_events_many(void)
{
    struct drive v;
    drive_text(&v, &wazuh_format,
               CHECK_EVENT("7", "101", "\"result\":\"passed\"") CHECK_EVENT("8", "101",
                                                                            "\"result\":\"failed\"")
                   CHECK_EVENT("8", "101", "\"result\":\"passed\"") SUMMARY("7", "1", "0", "0", "1")
                       SUMMARY("8", "0", "1", "0", "1") SUMMARY("9", "5", "5", "2", "12"));
    CHECK(v.rc == 0 && v.file.scans.n == 3);
    const struct scan *s = v.file.scans.v;
    CHECK(!s[0].delta && s[0].results.n == 1);
    CHECK(s[1].results.n == 1 && s[1].counts[STATUS_PASS] == 1);
    CHECK(drive_warned(&v, "reported again") && drive_warned(&v, "the summary says"));
    CHECK(s[2].score_only && s[2].counts[STATUS_PASS] == 5 && s[2].checks.n == 0);
    CHECK(drive_native(&s[2], "not applicable") == 2);
    drive_free(&v);
}

static void
test_events_changes(void)
{
    struct drive v;
    drive_text(&v, &wazuh_format,
               CHECK_EVENT("7", "101", "\"result\":\"passed\"") SUMMARY("7", "9", "0", "0", "9"));
    CHECK(v.file.scans.n == 1 && v.file.scans.v[0].delta && v.file.scans.v[0].partial);
    CHECK(drive_warned(&v, "1 results for a summary of 9"));
    drive_free(&v);
    drive_text(&v, &wazuh_format, CHECK_EVENT("7", "101", "\"result\":\"passed\""));
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->delta && s->partial && s->end_assumed && s->end == DRIVE_MTIME);
    drive_free(&v);
}

#define ALERT(agent, time, sca)                                                                    \
    "{\"timestamp\":\"" time                                                                       \
    "\",\"rule\":{\"level\":3},\"agent\":{\"id\":\"007\",\"name\":\"" agent                        \
    "\",\"ip\":\"192.0.2.7\"},\"decoder\":{\"name\":\"sca\"},\"data\":{\"sca\":" sca               \
    "},\"location\":\"sca\"}\n"
#define ALERT_CHECK(scan, id, result)                                                              \
    "{\"type\":\"check\",\"scan_id\":\"" scan "\",\"policy\":\"House policy\",\"check\":{"         \
    "\"id\":\"" id "\",\"title\":\"T\",\"command\":[\"a\",\"b\"],\"result\":\"" result "\"}}"

static void
test_alerts(void)
{
    struct drive v;
    drive_text(
        &v, &wazuh_format,
        ALERT("web01", "2026-11-21T20:00:00.000+0100",
              ALERT_CHECK(
                  "7", "101",
                  "failed")) "{\"timestamp\":\"2026-11-21T20:00:01+0100\",\"decoder\":{\"name\":"
                             "\"sshd\"},\"rule\":{}}\n" ALERT("web01",
                                                              "2026-11-21T20:00:05.000+0100",
                                                              ALERT_CHECK("6", "102", "passed"))
                                 ALERT("db01", "2026-11-21T20:00:06.000+0100",
                                       ALERT_CHECK("7", "101", "passed"))
                                     ALERT("web01", "2026-11-21T20:01:00.000+0100",
                                           "{\"type\":\"summary\",\"scan_id\":\"7\",\"policy\":"
                                           "\"House policy\","
                                           "\"policy_id\":\"house\",\"passed\":\"8\",\"failed\":"
                                           "\"1\",\"invalid\":\"0\","
                                           "\"total_checks\":\"9\",\"score\":\"88\"}"));
    CHECK(v.rc == 0 && v.file.scans.n == 3);
    const struct scan *s = v.file.scans.v;
    CHECK_STR(s[0].asset.name, "web01");
    CHECK_STR(s[0].asset.addresses.v[0], "192.0.2.7");
    CHECK_STR(s[0].policy.id, "house");
    CHECK_STR(s[1].policy.id, "house"); /* lent by the other scan of this agent */
    CHECK_STR(s[2].asset.name, "db01");
    CHECK_STR(s[2].policy.id, "House policy");
    CHECK(drive_warned(&v, "no policy id"));
    CHECK(s[0].delta && s[0].partial && s[1].delta && s[2].delta);
    CHECK(s[0].end == 1795287660 && s[0].results.v[0].time == 1795287600);
    CHECK_STR(s[0].results.v[0].evidence, "command: a, b");
    CHECK(s[0].scores.v[0].value == 88);
    drive_free(&v);
}

static void
test_api(void)
{
    static const char page[] =
        "{\n \"data\": {\n  \"affected_items\": [\n"
        "   {\"policy_id\": \"house\", \"id\": 101, \"title\": \"T\", \"result\": \"failed\",\n"
        "    \"compliance\": [{\"key\": \"nist_800_53\", \"value\": \"CM.1,AC.2\"}],\n"
        "    \"rules\": [{\"type\": \"file\", \"rule\": \"f:/x\"}]}\n"
        "  ],\n  \"total_affected_items\": 501\n },\n \"error\": 0\n}\n";
    struct drive v;
    drive_setup(&v);
    drive_bytes(&v, &wazuh_format, str_c(page), 10);
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    CHECK_STR(s->format, "wazuh-api");
    CHECK(s->partial && !s->delta && s->checks.v[0].mappings.n == 2);
    CHECK(drive_warned(&v, "1 of 501 checks"));
    drive_free(&v);
    drive_text(&v, &wazuh_format,
               "{\"data\":{\"affected_items\":[{\"policy_id\":\"house\",\"name\":\"House\","
               "\"pass\":1,\"fail\":2,\"invalid\":3,\"total_checks\":7,\"score\":33,"
               "\"hash_file\":\"abc\",\"start_scan\":\"2026-11-21T19:00:00Z\","
               "\"end_scan\":\"2026-11-21T19:01:00Z\"}],\"total_affected_items\":1}}");
    s = &v.file.scans.v[0];
    CHECK(v.file.scans.n == 1 && s->score_only && s->counts[STATUS_FAIL] == 2);
    CHECK(s->end == DRIVE_MTIME - 3540 && drive_warned(&v, "its total is 7"));
    CHECK_STR(s->policy.version, "abc");
    drive_free(&v);
}

static void
test_states(void)
{
    struct drive v;
    drive_text(
        &v, &wazuh_format,
        "{\"check\":{\"id\":\"a1\",\"name\":\"N\",\"result\":\"Not run\",\"reason\":null,"
        "\"compliance\":{\"pci_dss\":[\"2.2\",\"2.3\"]},"
        "\"mitre\":{\"technique\":{\"id\":[\"T1\"],\"name\":[\"x\"]}}},"
        "\"policy\":{\"id\":\"p\",\"name\":\"P\"},\"state\":{\"modified_at\":\"2026-11-21T19:00:"
        "00Z\"},"
        "\"wazuh\":{\"agent\":{\"id\":\"1\",\"name\":\"web01\",\"version\":\"v5.0.0\","
        "\"groups\":[\"web\"],\"host\":{\"ip\":[\"192.0.2.1\"],\"os\":{\"name\":\"Debian\","
        "\"version\":\"12\"}}}}}\n"
        "{\"_index\":\"i\",\"_source\":{\"check\":{\"id\":\"a2\",\"name\":\"N\",\"result\":"
        "\"Passed\"},"
        "\"policy\":{\"id\":\"p\"},\"wazuh\":{\"agent\":{\"id\":\"1\",\"name\":\"web01\"}}}}\n"
        "{\"collector\":\"check\",\"module\":\"sca\",\"data\":{\"check\":{\"id\":\"a3\","
        "\"compliance\":[\"cis:1.2.1\"],\"result\":\"Failed\"},\"policy\":{\"id\":\"p\"}}}\n");
    CHECK(v.rc == 0 && v.file.scans.n == 2);
    const struct scan *s = v.file.scans.v;
    CHECK(s[0].delta && s[0].partial && s[0].results.n == 2);
    CHECK_STR(s[0].asset.os, "Debian 12");
    CHECK_STR(s[0].asset.group, "web");
    CHECK_STR(s[0].asset.addresses.v[0], "192.0.2.1");
    CHECK_STR(s[0].engine, "Wazuh SCA v5.0.0");
    CHECK(s[0].checks.v[0].mappings.n == 3 && s[0].results.v[0].status == STATUS_NOTCHECKED);
    CHECK_STR(s[0].checks.v[0].mappings.v[2].framework, "mitre_techniques");
    CHECK(s[0].end == DRIVE_MTIME - 3600);
    CHECK_STR(s[1].checks.v[0].mappings.v[0].control, "1.2.1");
    drive_free(&v);
}

static void
test_damage(void)
{
    struct drive v;
    drive_text(
        &v, &wazuh_format,
        "\xef\xbb\xbf" CHECK_EVENT("7", "101", "\"result\":\"passed\"") "\r\n{bad\r\n" CHECK_EVENT(
            "7", "102", "\"result\":\"maybe\"")
            CHECK_EVENT("7", "103", "\"reason\":\"x\\u0000y\xff\"")
                CHECK_EVENT("7", "null", "\"result\":\"passed\"") "{\"x\":1}\n{\"type\":\"che");
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->results.n == 3 && s->partial && s->counts[STATUS_UNKNOWN] == 2);
    CHECK(drive_native(s, "maybe") == 1 && drive_native(s, "(none)") == 1);
    CHECK(str_starts(s->results.v[2].evidence, "x\xef\xbf\xbdy\xef\xbf\xbd"));
    CHECK(drive_warned(&v, "line 3") && drive_warned(&v, "\"maybe\""));
    CHECK(drive_warned(&v, "without a usable id") && drive_warned(&v, "the file ends inside"));
    CHECK(drive_warned(&v, "not a Wazuh SCA document"));
    drive_free(&v);
}

static void
refused(const char *text, enum diag_code code)
{
    struct drive v;
    drive_text(&v, &wazuh_format, text);
    CHECK(v.rc < 0 && v.d.first.code == code && v.file.scans.n == 0);
    drive_free(&v);
}

/* Messages and alerts of other kinds alone are nothing to store; one line that Wazuh does not write, or
 * that is none, is something wrong. */
static void
test_nothing(void)
{
    static const struct {
        const char *text;
        bool is_nothing;
    } rows[] = {
        {"{\"type\":\"policies\",\"policies\":[\"a\"]}\n", true},
        {"{\"timestamp\":\"x\",\"decoder\":{\"name\":\"sshd\"},\"rule\":{\"id\":\"1\"}}\n", true},
        {"{\"decoder\":{}}\n{\"x\":1}\n", false},
        {"{\"decoder\":{}}\nnot JSON\n", false},
        {"{\"decoder\":{}}\n{\"decoder\":{", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct drive v;
        drive_text(&v, &wazuh_format, rows[i].text);
        CHECK((v.rc == 0) == rows[i].is_nothing && v.file.holds_nothing == rows[i].is_nothing);
        drive_free(&v);
    }
}

static void
test_refused(void)
{
    refused("", DIAG_BAD_DATA);
    refused("{bad\n", DIAG_BAD_DATA);
    refused("{\"type\":\"check\",\"id\":1", DIAG_TRUNCATED);
    refused("{\"data\":{\n\"affected_items\":[\n", DIAG_TRUNCATED);
    refused("{\"a\":1}{\"a\":2}\n", DIAG_BAD_DATA);
    refused("{\"type\":\"check\",\"check\":{\"id\":1,\"result\":\"passed\"}}\n", DIAG_BAD_DATA);
}

/* A policy id is an identity: too long it refuses the file. Long check ids are replaced by
 * something as unique, texts are cut with a mark. */
static void
test_long(void)
{
    static const struct {
        size_t policy, id, title;
        bool ok;
    } rows[] = {
        {255, 255, 513, true}, {256, 1, 1, false}, {1, 256, 513, true}, {9999, 1, 1, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct drive v;
        drive_setup(&v);
        AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
        char x[10000];
        memset(x, 'x', sizeof x);
        buf_fmt(&b, "{\"type\":\"check\",\"policy_id\":\"%.*s\",\"check\":{\"id\":\"%.*s\",",
                (int)rows[i].policy, x, (int)rows[i].id, x);
        buf_fmt(&b, "\"title\":\"%.*s\",\"result\":\"passed\"}}\n", (int)rows[i].title, x);
        drive_bytes(&v, &wazuh_format, buf_view(&b), 1 << 20);
        CHECK((v.rc == 0) == rows[i].ok);
        if ((v.rc == 0) != rows[i].ok)
            fprintf(stderr, "  in row %zu\n", i);
        if (v.rc < 0)
            CHECK(v.d.first.code == DIAG_TOO_BIG);
        else
            CHECK(v.file.scans.v[0].checks.v[0].id.len <= 255 &&
                  v.file.scans.v[0].checks.v[0].title.len <= 512 &&
                  str_ends(v.file.scans.v[0].checks.v[0].title, "[cut: 513 bytes in all]"));
        drive_free(&v);
    }
}

static void
test_bid(void)
{
    static const struct {
        const char *keys;
        int least;
    } rows[] = {
        {"1:data\n2:affected_items\n2:total_affected_items\n1:error\n", 90},
        {"1:type\n1:id\n1:policy_id\n1:check\n2:id\n", 90},
        {"1:timestamp\n1:rule\n1:agent\n1:decoder\n1:location\n", 80},
        {"1:check\n2:id\n1:policy\n", 90},
        {"1:collector\n1:data\n2:check\n2:policy\n1:module\n", 60},
        {"1:profiles\n1:platform\n", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ingest_head head = {.bytes = STR(""), .json_keys = str_c(rows[i].keys)};
        int bid = wazuh_format.bid(&head);
        CHECK(rows[i].least ? bid >= rows[i].least : bid == 0);
    }
}

int
main(void)
{
    test_events();
    test_events_many();
    test_events_changes();
    test_alerts();
    test_api();
    test_states();
    test_damage();
    test_nothing();
    test_refused();
    test_long();
    test_bid();
    return CHECK_DONE();
}
