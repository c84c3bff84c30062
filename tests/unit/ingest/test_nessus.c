/* The Nessus reader on small exports of our own, whole and broken. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "check.h"
#include "drive.h"

#define CM " xmlns:cm=\"http://www.nessus.org/cm\""
#define ITEM(inside)                                                                               \
    "<ReportItem severity=\"3\" pluginID=\"21157\" pluginName=\"Unix Compliance Checks\" "         \
    "pluginFamily=\"Policy Compliance\">" inside "</ReportItem>"
#define CHECK_ITEM(id, name, result)                                                               \
    ITEM("<cm:compliance-check-name>" name                                                         \
         "</cm:compliance-check-name><cm:compliance-check-id>" id                                  \
         "</cm:compliance-check-id><cm:compliance-audit-file>a.audit</cm:compliance-audit-file>"   \
         "<cm:compliance-result>" result "</cm:compliance-result>")
#define HOST(inside)                                                                               \
    "<ReportHost name=\"192.0.2.1\"><HostProperties><tag name=\"host-fqdn\">h.example.net</tag>"   \
    "<tag name=\"HOST_START\">Sat Nov 21 19:00:00 2026</tag>"                                      \
    "<tag name=\"HOST_END\">Sat Nov  1 19:10:00 2026</tag></HostProperties>" inside                \
    "</ReportHost>"
#define FILE_OF(ns, hosts)                                                                         \
    "<NessusClientData_v2" ns                                                                      \
    "><Policy><policyName>P</policyName></Policy><Report name=\"r\">" hosts                        \
    "</Report></NessusClientData_v2>"

/* Drives a file; the only scan of it, or NULL. */
static const struct scan *
only_scan(struct drive *v, const char *text)
{
    drive_text(v, &nessus_format, text);
    CHECK(v->rc == 0 && v->file.scans.n == 1);
    return v->rc == 0 && v->file.scans.n == 1 ? &v->file.scans.v[0] : NULL;
}

/* The prefix may be bound on the root, on Report, or nowhere. */
static void
test_prefix(void)
{
    static const char *const files[] = {
        FILE_OF(CM, HOST(CHECK_ITEM("1", "one", "PASSED") CHECK_ITEM("2", "two", "FAILED"))),
        FILE_OF("", HOST(CHECK_ITEM("1", "one", "PASSED") CHECK_ITEM("2", "two", "FAILED"))),
        "<NessusClientData_v2><Report" CM ">" HOST(CHECK_ITEM("1", "one", "PASSED") CHECK_ITEM(
            "2", "two", "FAILED")) "</Report>"
                                   "</NessusClientData_v2>",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct drive v;
        const struct scan *s = only_scan(&v, files[i]);
        CHECK(s && s->counts[STATUS_PASS] == 1 && s->counts[STATUS_FAIL] == 1);
        CHECK(s && str_eqc(s->policy.id, "a.audit") && s->checks.n == 2);
        drive_free(&v);
    }
}

/* The samples that the documentation speaks of. */
static void
test_two_hosts(void)
{
    struct drive v;
    struct str bytes;
    drive_setup(&v);
    CHECK(file_slurp("samples/nessus/two-hosts.nessus", 1 << 20, v.a, &bytes, &v.d) == 0);
    drive_bytes(&v, &nessus_format, bytes, 7);
    CHECK(v.rc == 0 && v.file.scans.n == 3);
    if (v.file.scans.n != 3)
        return;
    const struct scan *s = &v.file.scans.v[0], *stig = &v.file.scans.v[1];
    CHECK_STR(s->asset.name, "shop01.example.org");
    CHECK_STR(s->asset.alias, "shop01");
    CHECK_STR(s->asset.os, "Linux Kernel 6.1 on Debian 12");
    CHECK_STR(s->engine, "Nessus 10.8.3");
    CHECK(s->asset.addresses.n == 3 && !s->zone_assumed && !s->partial && !s->end_assumed);
    CHECK(s->start == 1795290000 && s->end == 1795290489);
    CHECK_STR(s->policy.version, "1.2.0");
    CHECK_STR(s->policy.profile, "Level 1");
    CHECK_STR(s->checks.v[0].id, "10d4c2be55"); /* by id, not as they came */
    const struct scan_check *c = &s->checks.v[s->results.v[0].check];
    CHECK_STR(c->id, "7b60f7c1a1");
    CHECK(drive_maps_to(c, "nist_800_53", "r5", "IA-2(5)") &&
          drive_maps_to(c, "cis_csc", "v8", "5.4"));
    CHECK(drive_maps_to(c, "pci_dss", "4.0", "8.2.2") &&
          drive_maps_to(c, "iso27001", "", "A.9.2.3"));
    CHECK(drive_maps_to(c, "cci", "", "CCI-000770") && drive_maps_to(c, "nist_csf", "", "PR.AC-4"));
    CHECK(drive_has_ident(c, "CCI-000770") && drive_has_ident(c, "LEVEL 1A"));
    CHECK_STR(c->category, "Account Management");
    CHECK(c->severity == SEVERITY_UNKNOWN && c->references.n == 1);
    CHECK_STR(s->results.v[0].evidence, "found: PermitRootLogin yes\nexpected: PermitRootLogin no");
    CHECK_STR(stig->checks.v[0].key, "SV-990310");
    CHECK(stig->checks.v[0].severity == SEVERITY_MEDIUM &&
          drive_has_ident(&stig->checks.v[0], "CAT II"));
    CHECK(stig->counts[STATUS_ERROR] == 1);
    CHECK_STR(v.file.scans.v[2].asset.name, "192.0.2.32");
    CHECK(v.file.scans.v[2].zone_assumed && drive_warned(&v, "1 of 3 hosts"));
    drive_free(&v);
}

static void
test_old_export(void)
{
    struct drive v;
    struct str bytes;
    drive_setup(&v);
    CHECK(file_slurp("samples/nessus/old-export.nessus", 1 << 20, v.a, &bytes, &v.d) == 0);
    drive_bytes(&v, &nessus_format, bytes, 11);
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    CHECK_STR(s->policy.id, "servers-basic");
    CHECK(s->checks.n == 3 && s->results.n == 4 && s->results.v[3].ordinal == 1);
    CHECK(s->counts[STATUS_FAIL] == 2 && s->counts[STATUS_ERROR] == 1);
    CHECK(drive_native(s, "FAILED") == 3 && drive_native(s, "PASSED") == 1);
    CHECK_STR(s->checks.v[1].title, "L.2 Owner of /etc/passwd");
    CHECK_STR(s->results.v[3].evidence, "- error message: owner is uucp");
    drive_free(&v);
}

static void
test_words(void)
{
    static const struct {
        const char *word;
        enum status status;
        bool warned;
    } rows[] = {
        {"PASSED", STATUS_PASS, false},           {" passed\n", STATUS_PASS, false},
        {"FAILED", STATUS_FAIL, false},           {"WARNING", STATUS_NOTCHECKED, false},
        {"ERROR", STATUS_ERROR, false},           {"SKIPPED", STATUS_UNKNOWN, true},
        {"PASSED?", STATUS_UNKNOWN, true},        {"<![CDATA[FAILED]]>", STATUS_FAIL, false},
        {"PASS<!-- x -->ED", STATUS_PASS, false}, {"", STATUS_UNKNOWN, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct drive v;
        char text[2048];
        snprintf(text, sizeof text, FILE_OF(CM, HOST(CHECK_ITEM("1", "one", "%s"))), rows[i].word);
        const struct scan *s = only_scan(&v, text);
        CHECK(s && s->counts[rows[i].status] == 1);
        CHECK(drive_warned(&v, "not known") == rows[i].warned);
        drive_free(&v);
    }
}

/* Refusals, and what each says. */
static void
test_refused(void)
{
    static const struct {
        const char *text, *says;
        enum diag_code code;
    } rows[] = {
        {FILE_OF("", HOST("<ReportItem pluginFamily=\"Misc.\"><description>x</description>"
                          "</ReportItem>")),
         "no compliance item in the report of 1 hosts", DIAG_BAD_DATA},
        {FILE_OF("", ""), "no compliance item in the report of 0 hosts", DIAG_BAD_DATA},
        {"<NessusClientData_v2><Report>" HOST(CHECK_ITEM("1", "one", "PASSED")), "",
         DIAG_TRUNCATED},
        {"<!DOCTYPE x [<!ENTITY a 'b'>]>" FILE_OF(CM, HOST(CHECK_ITEM("1", "one", "&a;"))),
         "DOCTYPE", DIAG_BAD_DATA},
        {FILE_OF(CM, HOST(CHECK_ITEM("1", "caf\xe9", "PASSED"))), "", DIAG_BAD_DATA},
        {FILE_OF(CM, HOST(CHECK_ITEM("1", "one", "PASSED"))) "<more/>", "", DIAG_BAD_DATA},
        {FILE_OF(CM, HOST(ITEM("<compliance>true</compliance>"))), "no compliance item",
         DIAG_BAD_DATA},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct drive v;
        drive_text(&v, &nessus_format, rows[i].text);
        CHECK(v.rc < 0 && v.d.first.code == rows[i].code);
        CHECK(str_find(v.d.first.text, rows[i].says) >= 0);
        if (v.rc == 0 || v.d.first.code != rows[i].code)
            fprintf(stderr, "  in row %zu: %s\n", i, v.d.first.text.s);
        drive_free(&v);
    }
}

/* Elements that look like results but are not, and items that say little. */
static void
test_odd_items(void)
{
    struct drive v;
    const struct scan *s = only_scan(
        &v,
        FILE_OF(
            CM,
            HOST(CHECK_ITEM("1", "one", "FAILED") CHECK_ITEM("1", "one", "PASSED")
                     ITEM("<cm:compliance-result>PASSED</cm:compliance-result>") ITEM(
                         "<cm:compliance-check-name>two</cm:compliance-check-name>"
                         "<x xmlns=\"urn:x\"><compliance-result>PASSED</compliance-result>"
                         "</x><compliance-result xmlns=\"urn:x\">PASSED"
                         "</compliance-result><cm:compliance-audit-file>a.audit"
                         "</cm:compliance-audit-file>")
                         ITEM("<cm:compliance-check-name>three</cm:compliance-check-name>"
                              "<cm:compliance-result>PASSED</cm:compliance-result>"
                              "<cm:compliance-result>FAILED</cm:compliance-result>"
                              "<cm:compliance-audit-file>a.audit</cm:compliance-audit-file>"))));
    CHECK(s && s->checks.n == 3 && s->results.n == 4);
    CHECK(s && s->counts[STATUS_PASS] == 1 && s->counts[STATUS_FAIL] == 1);
    CHECK(s && s->counts[STATUS_UNKNOWN] == 2 && s->partial);
    CHECK(drive_warned(&v, "name neither check nor result"));
    CHECK(s && drive_native(s, "(empty)") == 1 && drive_native(s, "PASSED, FAILED") == 1);
    drive_free(&v);
}

/* Properties behind the items, no end, times that are none. */
static void
test_host(void)
{
    struct drive v;
    const struct scan *s = only_scan(
        &v,
        FILE_OF(
            CM,
            "<ReportHost name=\"10.0.0.9\">" CHECK_ITEM(
                "1", "one",
                "PASSED") "<HostProperties><tag name=\"host-ip\">10.0.0.9</tag><tag "
                          "name=\"operating-system\">A\nB</tag><tag name=\"HOST_START\">Sat Nov "
                          "21 19:00:00 2026</tag></HostProperties></ReportHost>"));
    CHECK(s && s->partial && s->end_assumed && s->end == DRIVE_MTIME);
    CHECK(s && str_eqc(s->asset.name, "10.0.0.9") && str_eqc(s->asset.os, "A or B"));
    CHECK(drive_warned(&v, "HOST_END"));
    drive_free(&v);
    s = only_scan(&v,
                  FILE_OF(CM, "<ReportHost name=\"h\"><HostProperties><tag name=\"HOST_END\">Sat "
                              "Foo 41 19:00:00 2026</tag></HostProperties>" CHECK_ITEM(
                                  "1", "one", "PASSED") "</ReportHost>"));
    CHECK(s && s->end_assumed && drive_warned(&v, "not a time"));
    drive_free(&v);
    s = only_scan(
        &v, FILE_OF(CM, "<ReportHost name=\"h\"><HostProperties><tag name=\"HOST_END\">Sat "
                        "Nov 21 19:00:00 2026</tag><tag name=\"HOST_END_TIMESTAMP\">"
                        "99999999999</tag></HostProperties>" CHECK_ITEM("1", "one",
                                                                        "PASSED") "</ReportHost>"));
    CHECK(s && s->end == DRIVE_MTIME - 3600 && s->zone_assumed && drive_warned(&v, "future"));
    drive_free(&v);
    s = only_scan(&v, FILE_OF(CM, "<ReportHost>" CHECK_ITEM("1", "one", "PASSED") "</ReportHost>"));
    CHECK(s && s->asset.name.len == 0 && !s->partial && s->end_assumed);
    drive_free(&v);
}

static void
test_references(void)
{
    struct drive v;
#define REF(id, text)                                                                              \
    ITEM("<cm:compliance-check-id>" id "</cm:compliance-check-id><cm:compliance-result>FAILED"     \
         "</cm:compliance-result><cm:compliance-reference>" text "</cm:compliance-reference>")
    const struct scan *s = only_scan(
        &v, FILE_OF(CM, HOST(REF("a", "Rule-ID|SV-1r2_rule,CAT|I,CCI|CCI-000001,CCI-000002")
                                 REF("b", "Rule-ID|SV-1r2_rule,CAT|IV") REF(
                                     "c", "Rule-ID|SV-2r9_rule,,|x,y|,CAT|III") REF("d", "lost"))));
    CHECK(s && s->checks.n == 4);
    if (s && s->checks.n == 4) {
        const struct scan_check *c = s->checks.v;
        CHECK_STR(c[0].key, "a"); /* one rule, two checks: the rule is no key */
        CHECK_STR(c[1].key, "b");
        CHECK_STR(c[2].key, "SV-2");
        CHECK_STR(c[3].key, "d");
        CHECK(c[0].severity == SEVERITY_HIGH && c[1].severity == SEVERITY_UNKNOWN);
        CHECK(c[2].severity == SEVERITY_LOW && drive_maps_to(&c[0], "cci", "", "CCI-000002"));
        CHECK(drive_has_ident(&c[0], "SV-1r2_rule") && c[3].mappings.n == 0 && c[3].idents.n == 0);
    }
    CHECK(drive_warned(&v, "a reference without a key") && drive_warned(&v, "without a value"));
    drive_free(&v);
}

/* A file given to one agent keeps the hosts that it names. */
static void
test_transport(void)
{
    static const char one[] = FILE_OF(CM, HOST(CHECK_ITEM("1", "one", "PASSED")));
    static const char two[] = FILE_OF(
        CM, HOST(CHECK_ITEM("1", "one", "PASSED")) "<ReportHost name=\"192.0.2.2\">" CHECK_ITEM(
                "1", "one", "FAILED") "</ReportHost>");
    struct drive v;
    drive_setup(&v);
    v.ctx.asset_name = STR("web01");
    drive_bytes(&v, &nessus_format, str_c(one), 100);
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    drive_free(&v);
    drive_setup(&v);
    v.ctx.asset_name = STR("web01");
    drive_bytes(&v, &nessus_format, str_c(two), 100);
    CHECK(v.rc == 0 && v.file.scans.n == 2);
    CHECK(!v.file.scans.v[0].asset.is_given && !v.file.scans.v[1].asset.is_given);
    CHECK_STR(v.file.scans.v[1].asset.name, "192.0.2.2");
    drive_free(&v);
    drive_text(&v, &nessus_format, two);
    CHECK(v.rc == 0 && v.file.scans.n == 2);
    drive_free(&v);
}

/* A file with one text of n bytes in a place. */
static struct str
long_file(struct drive *v, const char *before, size_t n, const char *after)
{
    struct buf b = buf_init(BUF_MAX_DEFAULT);
    drive_setup(v);
    buf_puts(&b, "<NessusClientData_v2" CM "><Report><ReportHost name=\"h\">");
    buf_puts(&b, before);
    for (size_t i = 0; i < n; i++)
        buf_putc(&b, 'x');
    buf_puts(&b, after);
    buf_puts(&b, "</ReportHost></Report></NessusClientData_v2>");
    struct str s = arena_str(v->a, buf_view(&b));
    buf_done(&b);
    return s;
}

static void
test_long(void)
{
    static const char head[] = "<ReportItem><cm:compliance-result>FAILED</cm:compliance-result>"
                               "<cm:compliance-check-id>";
    static const char tail[] = "</cm:compliance-check-id></ReportItem>";
    struct drive v;
    drive_bytes(&v, &nessus_format, long_file(&v, head, 300, tail), 4096);
    CHECK(v.rc == 0 && v.file.scans.v[0].checks.v[0].id.len <= 255 && drive_warned(&v, "hash"));
    drive_free(&v);
    drive_bytes(&v, &nessus_format, long_file(&v, head, 70000, tail), 4096);
    CHECK(v.rc < 0 && v.d.first.code == DIAG_TOO_BIG);
    drive_free(&v);
    drive_bytes(&v, &nessus_format,
                long_file(&v,
                          "<ReportItem><cm:compliance-result>FAILED</cm:compliance-result>"
                          "<cm:compliance-check-id>1</cm:compliance-check-id>"
                          "<cm:compliance-actual-value>",
                          3000000, "</cm:compliance-actual-value></ReportItem>"),
                4096);
    CHECK(v.rc == 0 && v.file.scans.v[0].results.v[0].evidence.len <= 65536 &&
          drive_warned(&v, "cut") && arena_used(v.a) < 5000000);
    drive_free(&v);
    drive_bytes(&v, &nessus_format,
                long_file(&v,
                          "<ReportItem><cm:compliance-result>FAILED</cm:compliance-result>"
                          "<cm:compliance-check-id>1</cm:compliance-check-id>"
                          "<cm:compliance-audit-file>",
                          300, "</cm:compliance-audit-file></ReportItem>"),
                4096);
    CHECK(v.rc < 0 && v.d.first.code == DIAG_TOO_BIG);
    drive_free(&v);
}

/* A check can name 400 references, and says when there were more. */
static void
test_many_references(void)
{
    struct drive v;
    struct buf b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "<NessusClientData_v2" CM "><Report><ReportHost name=\"h\"><ReportItem>"
                 "<cm:compliance-check-id>1</cm:compliance-check-id><cm:compliance-result>FAILED"
                 "</cm:compliance-result><cm:compliance-reference>");
    for (int i = 0; i < 500; i++)
        buf_fmt(&b, "800-53|AC-%d,", i);
    buf_puts(&b, "</cm:compliance-reference></ReportItem></ReportHost></Report>"
                 "</NessusClientData_v2>");
    drive_setup(&v);
    drive_bytes(&v, &nessus_format, buf_view(&b), 1000);
    CHECK(v.rc == 0 && v.file.scans.v[0].checks.v[0].mappings.n == 400);
    CHECK(drive_warned(&v, "more than 400 references"));
    drive_free(&v);
    buf_done(&b);
}

/* Keys that no scanner writes, a new one each time, must not take time for ever. */
static void
test_many_keys(void)
{
    struct drive v;
    struct buf b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "<NessusClientData_v2><Report><ReportHost name=\"h\">");
    for (int i = 0; i < 6000; i++)
        buf_fmt(&b,
                "<ReportItem><compliance-check-id>%d</compliance-check-id><compliance-result>FAILED"
                "</compliance-result><compliance-reference>k%d|v</compliance-reference>"
                "</ReportItem>",
                i, i);
    buf_puts(&b, "</ReportHost></Report></NessusClientData_v2>");
    drive_setup(&v);
    drive_bytes(&v, &nessus_format, buf_view(&b), 65536);
    CHECK(v.rc < 0 && v.d.first.code == DIAG_TOO_BIG && v.file.scans.n == 0);
    CHECK(str_find(v.d.first.text, "different keys") >= 0);
    drive_free(&v);
    buf_done(&b);
}

int
main(void)
{
    test_prefix();
    test_two_hosts();
    test_old_export();
    test_words();
    test_refused();
    test_odd_items();
    test_host();
    test_references();
    test_transport();
    test_long();
    test_many_references();
    test_many_keys();
    return CHECK_DONE();
}
