/* Every field with a time of every format takes every form of time; one warning a file tells what is none. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "drive.h"
#include "ingest/ingest.h"
#include "ingest/limits.h"

enum { DAY_S = 86400, NOON = 1795205575 /* 2026-11-20T20:12:55Z */ };

/* The forms of one instant; those that name no zone are of the site, which is UTC here. */
static const char *const texts[] = {"2026-11-20T20:12:55Z",
                                    "2026-11-20T21:12:55.25+0100",
                                    "20261120T201255Z",
                                    "2026-11-20  20:12:55",
                                    "2026/11/20 20:12:55",
                                    "Fri, 20 Nov 2026 20:12:55 GMT",
                                    "Fri Nov 20 20:12:55 2026",
                                    "Nov 20 2026 20:12:55",
                                    "11/20/2026 08:12:55 PM",
                                    "1795205575",
                                    "1795205575000"};
static const char *const numbers[] = {"1795205575", "1795205575.5", "1795205575123",
                                      "1795205575123456", "1.795205575123e12"};

#define XCCDF(version, attrs, result)                                                              \
    "<TestResult xmlns='http://checklists.nist.gov/xccdf/" version "' id='t' " attrs               \
    "><benchmark id='b'/><target>h</target><rule-result idref='r' " result                         \
    "><result>pass</result></rule-result></TestResult>"
#define NESSUS(tag)                                                                                \
    "<NessusClientData_v2 xmlns:cm='http://www.nessus.org/cm'><Report><ReportHost name='h'>"       \
    "<HostProperties><tag name='" tag "'>@</tag></HostProperties><ReportItem pluginID='1' "        \
    "pluginName='p' pluginFamily='Policy Compliance'><compliance>true</compliance>"                \
    "<cm:compliance-check-name>c</cm:compliance-check-name><cm:compliance-result>PASSED"           \
    "</cm:compliance-result></ReportItem></ReportHost></Report></NessusClientData_v2>"
#define FINDING(time)                                                                              \
    "[{\"class_uid\":1,\"metadata\":{\"event_code\":\"e\",\"product\":{\"name\":\"P\"}},"          \
    "\"cloud\":{\"account\":{\"uid\":\"a\"}},\"status_code\":\"PASS\"," time "}]"
#define CHECK_1 "\"check\":{\"id\":1,\"title\":\"t\",\"result\":\"passed\"}"
#define EVENT(time)                                                                                \
    "{\"type\":\"check\",\"id\":5,\"policy_id\":\"p\",\"policy\":\"P\"," CHECK_1                   \
    "}\n{\"type\":\"summary\",\"scan_id\":5,\"policy_id\":\"p\",\"name\":\"P\",\"passed\":1,"      \
    "\"failed\":0,\"invalid\":0," time "}"
#define API(time)                                                                                  \
    "{\"data\":{\"affected_items\":[{\"policy_id\":\"p\",\"name\":\"P\",\"pass\":1,\"fail\":0,"    \
    "\"invalid\":0,\"total_checks\":1," time "}],\"total_affected_items\":1}}"
#define OSCAL(result, props)                                                                       \
    "{\"assessment-results\":{\"results\":[{\"title\":\"T\"," result                               \
    "\"observations\":[{\"description\":\"d\"," props                                              \
    "\"props\":[{\"name\":\"result\",\"value\":\"pass\"}]}]}]}}"
#define PANDORA(attrs, more)                                                                       \
    "<agent_data agent_name='h' " attrs "><hardening policy_id='p' " more                          \
    "><check id='c' status='pass'/></hardening></agent_data>"

/* Which time of the scan the field becomes. */
enum what { START, END, RESULT };

static const struct {
    const char *name, *text; /* '@' is the time; quotes around it when it is a member of JSON */
    enum what what;
} fields[] = {
    {"XCCDF 1.2 start-time", XCCDF("1.2", "start-time='@'", ""), START},
    {"XCCDF 1.2 end-time", XCCDF("1.2", "end-time='@'", ""), END},
    {"XCCDF 1.2 rule-result", XCCDF("1.2", "", "time='@'"), RESULT},
    {"XCCDF 1.1 end-time", XCCDF("1.1", "end-time='@'", ""), END},
    {"ARF end-time",
     "<asset-report-collection xmlns='http://scap.nist.gov/schema/asset-reporting-format/1.1'>"
     "<reports><report id='r'><content>" XCCDF("1.2", "end-time='@'",
                                               "") "</content></report></reports>"
                                                   "</asset-report-collection>",
     END},
    {"Nessus HOST_START", NESSUS("HOST_START"), START},
    {"Nessus HOST_END", NESSUS("HOST_END"), END},
    {"Nessus HOST_START_TIMESTAMP", NESSUS("HOST_START_TIMESTAMP"), START},
    {"Nessus HOST_END_TIMESTAMP", NESSUS("HOST_END_TIMESTAMP"), END},
    {"Pandora timestamp", PANDORA("timestamp='@'", ""), END},
    {"Pandora start", PANDORA("", "start='@'"), START},
    {"Pandora end", PANDORA("", "end='@'"), END},
    {"Lynis start", "# Lynis Report\nreport_datetime_start=@\nhostname=h\ntests_executed=A-1|\n",
     START},
    {"Lynis end", "# Lynis Report\nhostname=h\ntests_executed=A-1|\nreport_datetime_end=@\n", END},
    {"InSpec start_time",
     "{\"version\":\"5\",\"profiles\":[{\"name\":\"p\",\"controls\":[{\"id\":\"c\",\"impact\":1,"
     "\"results\":[{\"status\":\"passed\",\"start_time\":\"@\"}]}]}]}",
     END},
    {"OCSF time", FINDING("\"time\":\"@\""), END},
    {"OCSF time_dt", FINDING("\"time_dt\":\"@\""), END},
    {"Prowler event_time", FINDING("\"event_time\":\"@\""), END},
    {"OCSF created_time", FINDING("\"finding_info\":{\"created_time\":\"@\"}"), END},
    {"OCSF created_time_dt", FINDING("\"finding_info\":{\"created_time_dt\":\"@\"}"), END},
    {"Wazuh event start", EVENT("\"start_time\":\"@\""), START},
    {"Wazuh event end", EVENT("\"end_time\":\"@\""), END},
    {"Wazuh alert",
     "{\"timestamp\":\"@\",\"agent\":{\"name\":\"h\"},\"decoder\":{\"name\":\"sca\"},\"data\":"
     "{\"sca\":{\"type\":\"check\",\"policy\":\"P\",\"scan_id\":\"5\"," CHECK_1 "}}}",
     END},
    {"Wazuh API start", API("\"start_scan\":\"@\""), START},
    {"Wazuh API end", API("\"end_scan\":\"@\""), END},
    {"Wazuh state", "{\"state\":{\"modified_at\":\"@\"},\"policy\":{\"id\":\"p\"}," CHECK_1 "}",
     END},
    {"Wazuh state timestamp", "{\"timestamp\":\"@\",\"policy\":{\"id\":\"p\"}," CHECK_1 "}", END},
    {"docker-bench start",
     "{\"dockerbenchsecurity\":\"1\",\"start\":\"@\",\"tests\":[{\"id\":\"1\",\"results\":[{\"id\":"
     "\"1.1\",\"result\":\"PASS\"}]}]}",
     START},
    {"docker-bench end",
     "{\"dockerbenchsecurity\":\"1\",\"tests\":[{\"id\":\"1\",\"results\":[{\"id\":\"1.1\","
     "\"result\":\"PASS\"}]}],\"end\":\"@\"}",
     END},
    {"OSCAL start", OSCAL("\"start\":\"@\",", ""), START},
    {"OSCAL end", OSCAL("\"end\":\"@\",", ""), END},
    {"OSCAL collected", OSCAL("", "\"collected\":\"@\","), RESULT},
};

enum { N_FIELDS = sizeof fields / sizeof *fields };

/* The field's text with that time in it; bare: without quotes. */
static struct str
with_time(struct arena *a, const char *text, const char *time, bool bare)
{
    const char *at = strchr(text, '@');
    return arena_fmt(a, "%.*s%s%s", (int)(at - text) - bare, text, time, at + 1 + bare);
}

static void
parse(struct drive *v, struct str bytes)
{
    v->rc = ingest_bytes(&v->ctx, bytes, v->a, &v->file, &v->d);
}

static int64_t
time_in(const struct drive *v, enum what what)
{
    if (v->rc != 0 || !v->file.scans.n)
        return CLOCK_NONE;
    const struct scan *s = &v->file.scans.v[0];
    return what == START ? s->start : what == END ? s->end : s->results.v[0].time;
}

static void
check_field(size_t i, const char *time, bool bare)
{
    struct drive v;
    drive_setup(&v);
    parse(&v, with_time(v.a, fields[i].text, time, bare));
    int64_t t = time_in(&v, fields[i].what);
    if (t != NOON)
        fprintf(stderr, "%s: %s: %lld %s\n", fields[i].name, time, (long long)t, diag_text(&v.d).s);
    CHECK(t == NOON);
    CHECK(fields[i].what != END || !v.file.scans.v[0].end_assumed);
    drive_free(&v);
}

static void
test_forms(void)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        bool is_json = strchr("{[", fields[i].text[0]) != NULL;
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            check_field(i, texts[k], false);
        for (size_t k = 0; is_json && k < sizeof numbers / sizeof *numbers; k++)
            check_field(i, numbers[k], true);
    }
}

/* What is no time, ahead of the clock or older than scanners are is not used, and one warning says so. */
static void
test_refused(void)
{
    static const struct {
        const char *time, *says;
    } rows[] = {
        {"2026-13-01T00:00:00Z", "is not a time"},    {"25:61", "is not a time"},
        {"1970-01-01T00:00:07Z", "lies before 1990"}, {"2099-01-01T00:00:00Z", "in the future"},
        {"4070908800000", "in the future"}, /* milliseconds of 2099 */
    };
    for (size_t i = 0; i < N_FIELDS; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            struct drive v;
            drive_setup(&v);
            parse(&v, with_time(v.a, fields[i].text, rows[k].time, false));
            CHECK(v.rc == 0 && drive_warned(&v, rows[k].says));
            if (v.rc != 0 || !drive_warned(&v, rows[k].says))
                fprintf(stderr, "%s: %s\n", fields[i].name, rows[k].time);
            CHECK(time_in(&v, fields[i].what) ==
                  (fields[i].what == END ? DRIVE_MTIME : CLOCK_NONE));
            drive_free(&v);
        }
}

static size_t
count_warnings(const struct drive *v, enum diag_code code)
{
    size_t n = 0;
    for (size_t i = 0; i < v->d.warnings.n; i++)
        n += v->d.warnings.v[i].code == code;
    return n;
}

/* Eighty-eight controls with eighty-eight odd times: what is wrong, and whose time was taken. */
static void
test_once_a_file(void)
{
    struct drive v;
    AUTO_BUF text = buf_init(BUF_MAX_DEFAULT);
    drive_setup(&v);
    buf_puts(&text, "{\"version\":\"5\",\"profiles\":[{\"name\":\"p\",\"controls\":[");
    for (int i = 0; i < 88; i++)
        buf_fmt(&text,
                "%s{\"id\":\"c%d\",\"impact\":1,\"results\":[{\"status\":\"passed\",\"start_time\":"
                "\"day %d\"}]}",
                i ? "," : "", i, i);
    buf_puts(&text, "]}]}");
    parse(&v, buf_view(&text));
    CHECK(v.rc == 0 && v.file.scans.v[0].end_assumed && count_warnings(&v, DIAG_WARN_TIME) == 2);
    CHECK(drive_warned(&v, "\"day 0\" is not a time") && drive_warned(&v, "no usable end-time"));
    drive_free(&v);
}

/* Formats that hold no times say so, once, however many scans are in the file. */
static void
test_no_times(void)
{
    struct drive v;
    drive_setup(&v);
    parse(&v, STR("{\"Controls\":[{\"id\":\"1\",\"node_type\":\"master\",\"tests\":[{\"results\":[{"
                  "\"test_number\":\"1.1\",\"status\":\"PASS\"}]}]},{\"id\":\"2\",\"node_type\":"
                  "\"node\",\"tests\":[{\"results\":[{\"test_number\":\"2.1\",\"status\":\"PASS\"}]"
                  "}]}]}"));
    CHECK(v.rc == 0 && v.file.scans.n == 2 && v.file.scans.v[1].end == DRIVE_MTIME);
    CHECK(count_warnings(&v, DIAG_WARN_TIME) == 1);
    drive_free(&v);
}

/* 05/06/2023 may be two days: the first reading is taken, and told. */
static void
test_order(void)
{
    struct drive v;
    drive_setup(&v);
    parse(&v, with_time(v.a, fields[1].text, "10/11/2026 04:57 PM", false));
    CHECK(time_in(&v, END) == 1791737820 && drive_warned(&v, "read with the month first"));
    CHECK(v.file.scans.v[0].zone_assumed);
    drive_free(&v);
}

/* The name of a CIS-CAT report is where its time stands. */
static void
test_name_of_file(void)
{
    static const char *const names[] = {"h-b-20261120T201255Z.json", "h-b-20261120T201255.json",
                                        "h-b-20261120T211255+0100.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct drive v;
        drive_setup(&v);
        v.ctx.path = names[i];
        parse(&v, STR("{\"benchmark-id\":\"b\",\"benchmark-title\":\"b\",\"rules\":[{\"rule-id\":"
                      "\"r\",\"result\":\"pass\"}]}"));
        CHECK(time_in(&v, END) == NOON);
        CHECK(v.rc == 0 && v.file.scans.v[0].zone_assumed == (i == 1));
        drive_free(&v);
    }
}

int
main(void)
{
    test_forms();
    test_refused();
    test_once_a_file();
    test_no_times();
    test_order();
    test_name_of_file();
    return CHECK_DONE();
}
