/* STIG checklists in both writings: what is kept, in whatever order it comes, and what is refused.
 */
#include "base/buf.h"
#include "check.h"
#include "drive.h"
#include "ingest/limits.h"
#include "ingest/readers/stig/stig.h"

#define INFO                                                                                       \
    "<STIG_INFO><SI_DATA><SID_NAME>stigid</SID_NAME><SID_DATA>HOUSE_STIG</SID_DATA></SI_DATA>"     \
    "<SI_DATA><SID_NAME>version</SID_NAME><SID_DATA>2</SID_DATA></SI_DATA><SI_DATA>"               \
    "<SID_NAME>releaseinfo</SID_NAME><SID_DATA>Release: 3</SID_DATA></SI_DATA><SI_DATA>"           \
    "<SID_NAME>customname</SID_NAME></SI_DATA></STIG_INFO>"
#define ASSET "<ASSET><HOST_NAME>web01</HOST_NAME><HOST_IP>192.0.2.1</HOST_IP></ASSET>"
#define DATA(name, value)                                                                          \
    "<STIG_DATA><VULN_ATTRIBUTE>" name "</VULN_ATTRIBUTE><ATTRIBUTE_DATA>" value                   \
    "</ATTRIBUTE_DATA></STIG_DATA>"
#define VULN(id, status) "<VULN>" DATA("Rule_ID", id) "<STATUS>" status "</STATUS></VULN>"
#define CKL(inner)       "<CHECKLIST>" ASSET "<STIGS><iSTIG>" inner "</iSTIG></STIGS></CHECKLIST>"

static void
test_rule(void)
{
    struct drive v;
    drive_text(
        &v, &ckl_format,
        "\xef\xbb\xbf<?xml version=\"1.0\"?>\r\n<!--tool-->" CKL(
            INFO "<VULN>" DATA("Vuln_Num", "V-1") DATA("Severity", "high") DATA(
                "Rule_ID", "SV-1r2_rule") DATA("Rule_Ver", "HO-01-000010")
                DATA("Rule_Title", "The house is &lt;locked&gt;") DATA("Vuln_Discuss", "Why.") DATA(
                    "Check_Content", "Look.") DATA("Fix_Text", "Lock.") DATA("CCI_REF",
                                                                             "CCI-000366")
                    DATA("CCI_REF", "CCI-000367") DATA("LEGACY_ID", "V-9") DATA(
                        "Group_Title",
                        "SRG-OS-000480-GPOS-00227") "<STATUS>Open</STATUS><FINDING_DETAILS>door "
                                                    "open</FINDING_DETAILS>"
                                                    "<COMMENTS>again</"
                                                    "COMMENTS><SEVERITY_OVERRIDE>low</"
                                                    "SEVERITY_OVERRIDE>"
                                                    "<SEVERITY_JUSTIFICATION>guarded</"
                                                    "SEVERITY_JUSTIFICATION></VULN>"));
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    const struct scan_check *c = &s->checks.v[0];
    CHECK_STR(s->format, "ckl");
    CHECK_STR(s->asset.name, "web01");
    CHECK(s->asset.addresses.n == 1 && s->end_assumed && s->end == DRIVE_MTIME);
    CHECK_STR(s->policy.id, "HOUSE_STIG");
    CHECK_STR(s->policy.version, "V2 Release: 3");
    CHECK_STR(c->id, "SV-1r2_rule");
    CHECK_STR(c->key, "SV-1");
    CHECK_STR(c->title, "The house is <locked>");
    CHECK_STR(c->description, "Why.\n\nCheck: Look.");
    CHECK_STR(c->remediation, "Lock.");
    CHECK(c->severity == SEVERITY_HIGH && c->idents.n == 5 && c->mappings.n == 3);
    CHECK(s->results.v[0].status == STATUS_FAIL && s->results.v[0].severity == SEVERITY_LOW);
    CHECK_STR(s->results.v[0].evidence,
              "door open\n\nComments: again\n\nSeverity set to: low\n\nWhy: guarded");
    drive_free(&v);
}

static const struct {
    const char *word;
    enum status status;
    bool is_warned;
} words[] = {
    {"NotAFinding", STATUS_PASS, false},
    {"Not a Finding", STATUS_PASS, false},
    {"Open", STATUS_FAIL, false},
    {"OPEN", STATUS_FAIL, false},
    {"Not_Reviewed", STATUS_NOTCHECKED, false},
    {"No_Data", STATUS_NOTCHECKED, false},
    {"Not_Applicable", STATUS_NOTAPPLICABLE, false},
    {"CAT III", STATUS_UNKNOWN, true},
    {"", STATUS_UNKNOWN, true},
    {"Passed", STATUS_UNKNOWN, true},
};

static void
test_words(void)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct drive v;
        char text[2048];
        snprintf(text, sizeof text,
                 CKL("%s<VULN>" DATA("Rule_ID", "SV-1r1_rule") "<STATUS>%s</STATUS></VULN>"), INFO,
                 words[i].word);
        drive_text(&v, &ckl_format, text);
        CHECK(v.rc == 0 && v.file.scans.v[0].results.v[0].status == words[i].status);
        CHECK(drive_warned(&v, "is not known: counted as unknown") == words[i].is_warned);
        drive_free(&v);
    }
}

/* The asset last, the rules before the STIG's name; twice the same rule. */
static void
test_order(void)
{
    struct drive v;
    drive_text(&v, &ckl_format,
               "<CHECKLIST><STIGS><iSTIG>" VULN("SV-1r1_rule", "Open")
                   VULN("SV-1r1_rule", "NotAFinding") INFO "</iSTIG></STIGS>" ASSET "</CHECKLIST>");
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    CHECK_STR(v.file.scans.v[0].asset.name, "web01");
    CHECK(v.file.scans.v[0].checks.n == 1 && v.file.scans.v[0].results.n == 2);
    CHECK(v.file.scans.v[0].results.v[1].ordinal == 1);
    drive_free(&v);
}

static void
test_web_site(void)
{
    struct drive v;
    drive_text(&v, &ckl_format,
               "<CHECKLIST><ASSET><HOST_NAME>db</HOST_NAME><WEB_OR_DATABASE>true"
               "</WEB_OR_DATABASE><WEB_DB_SITE>shop</WEB_DB_SITE><WEB_DB_INSTANCE>main"
               "</WEB_DB_INSTANCE></ASSET><STIGS><iSTIG>" INFO VULN(
                   "SV-1r1_rule", "Open") "</iSTIG></STIGS></CHECKLIST>");
    CHECK_STR(v.file.scans.v[0].asset.name, "db:shop:main");
    drive_free(&v);
}

/* What a reviewer pasted, or somebody else slipped in, changes no status. */
static void
test_field_in_field(void)
{
    struct drive v;
    drive_text(
        &v, &ckl_format,
        CKL(INFO "<VULN>" DATA("Rule_ID", "SV-1r1_rule") DATA(
            "Rule_ID", "SV-2r1_rule") "<STATUS>Open</STATUS><FINDING_DETAILS>it said "
                                      "<STATUS>NotAFinding</STATUS> once</FINDING_DETAILS>"
                                      "<COMMENTS>one</COMMENTS><COMMENTS>two</COMMENTS></VULN>"));
    CHECK(v.rc == 0 && v.file.scans.v[0].checks.n == 1);
    CHECK_STR(v.file.scans.v[0].checks.v[0].id, "SV-1r1_rule");
    CHECK(v.file.scans.v[0].results.v[0].status == STATUS_FAIL);
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence,
              "it said NotAFinding once\n\nComments: one\ntwo");
    CHECK(drive_warned(&v, "markup inside a field") && drive_warned(&v, "the first counts"));
    drive_free(&v);
}

static void
test_two_statuses(void)
{
    static const char *const pairs[][2] = {{"Open", "NotAFinding"}, {"NotAFinding", "Open"}};
    for (size_t i = 0; i < 2; i++) {
        struct drive v;
        char text[2048];
        snprintf(text, sizeof text,
                 CKL("%s<VULN>" DATA("Rule_ID", "SV-1r1_rule") "<STATUS>%s</STATUS>"
                                                               "<STATUS>%s</STATUS></VULN>"),
                 INFO, pairs[i][0], pairs[i][1]);
        drive_text(&v, &ckl_format, text);
        CHECK(v.rc == 0 && v.file.scans.v[0].results.v[0].status == STATUS_FAIL);
        CHECK(drive_warned(&v, "more than one status"));
        drive_free(&v);
    }
}

/* A category is a severity; why it was set stays in the evidence however long the details are. */
static void
test_override(void)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(
        &b,
        "<CHECKLIST>" ASSET "<STIGS><iSTIG>" INFO "<VULN>" DATA("Rule_ID", "SV-1r1_rule") DATA(
            "Severity",
            "high") "<STATUS>Open</STATUS><SEVERITY_OVERRIDE>CAT III</SEVERITY_OVERRIDE>"
                    "<SEVERITY_JUSTIFICATION>guarded</SEVERITY_JUSTIFICATION><FINDING_DETAILS>");
    for (int i = 0; i < 100000; i++)
        buf_puts(&b, "x");
    buf_puts(&b, "</FINDING_DETAILS></VULN></iSTIG></STIGS></CHECKLIST>");
    drive_text(&v, &ckl_format, b.data);
    const struct scan_result *r = &v.file.scans.v[0].results.v[0];
    CHECK(v.rc == 0 && r->severity == SEVERITY_LOW && r->evidence.len <= LIMIT_TEXT);
    CHECK(r->evidence.len > LIMIT_TEXT - 1000);
    CHECK(str_ends(r->evidence, "Severity set to: CAT III\n\nWhy: guarded"));
    drive_free(&v);
}

/* Lists that no real rule has cost neither time nor room. */
static void
test_long_list(void)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "{\"stigs\":[{\"stig_id\":\"a\",\"rules\":[{\"rule_id\":\"SV-1\",\"ccis\":[");
    for (int i = 0; i < 20000; i++)
        buf_fmt(&b, "%s\"CCI-%06d\"", i ? "," : "", i);
    buf_puts(&b, "]}]}],\"target_data\":{\"host_name\":\"h\"}}");
    drive_text(&v, &cklb_format, b.data);
    CHECK(v.rc == 0 && v.file.scans.v[0].checks.v[0].idents.n == 400);
    CHECK(drive_warned(&v, "more than 400 CCIs") && v.d.warnings.n < 10);
    drive_free(&v);
}

static void
test_refused(void)
{
    drive_refused(&ckl_format, "<CHECKLIST/>", "no <iSTIG> with rules");
    drive_refused(&ckl_format, CKL(INFO), "no <iSTIG> with rules");
    drive_refused(&ckl_format, CKL(VULN("SV-1r1_rule", "Open")), "neither an id nor a title");
    drive_refused(&ckl_format, "<CHECKLIST><VULN/></CHECKLIST>", "<VULN> outside of <iSTIG>");
    drive_refused(&ckl_format, CKL(INFO "<iSTIG/>"), "<iSTIG> outside of <STIGS>");
    drive_refused(&ckl_format, CKL(INFO "<x>" VULN("SV-1r1_rule", "Open") "</x>"),
                  "<VULN> outside of <iSTIG>");
    drive_refused(&ckl_format, "<CHECKLIST>" ASSET ASSET "</CHECKLIST>", "a second <ASSET>");
    drive_refused(&ckl_format, "<CHECKLIST><STIGS>", "the file ends inside an element");
    drive_refused(&cklb_format, "{\"stigs\":{}}", "\"stigs\" is not a list");
    drive_refused(&cklb_format, "{\"stigs\":[]}", "holds no rules");
    drive_refused(&cklb_format, "{\"stigs\":[{\"rules\":[]}]}", "holds no rules");
    drive_refused(&cklb_format, "{\"stigs\":[{\"rules\":[{\"rule_id\":\"SV-1\"}]}]}",
                  "neither an id nor a title");
    drive_refused(&cklb_format,
                  "{\"stigs\":[{\"stig_id\":\"a\",\"rules\":[{\"rule_id\":\"1\"}]}],"
                  "\"stigs\":[{\"stig_id\":\"b\",\"rules\":[{\"rule_id\":\"1\"}]}]}",
                  "duplicate object key");
    drive_refused(&cklb_format,
                  "{\"stigs\":[{\"rules\":[{\"status\":\"open\",\n\"status\":\"not_a_finding\"",
                  "the JSON ends");
    drive_refused(
        &cklb_format,
        "{\"stigs\":[{\"rules\":[{\"status\":\"open\",\n\"status\":\"not_a_finding\"}]}]}",
        "test:2:");
    drive_refused(&cklb_format, "{\"stigs\":[{\"rules\":[{\"rule_id\":", "the JSON ends");
}

/* Members in any order, nulls, numbers and lists where texts belong. */
static void
test_cklb(void)
{
    struct drive v;
    drive_text(&v, &cklb_format,
               "{\"stigs\":[{\"rules\":[7,{\"rule_id\":\"SV-2r1\",\"rule_id_src\":\"SV-2r1_rule\","
               "\"status\":\"open\",\"severity\":\"medium\",\"overrides\":{\"severity\":{"
               "\"severity\":\"high\",\"reason\":\"public\"}},\"ccis\":[\"CCI-000001\",null,3],"
               "\"legacy_ids\":null,\"rule_title\":[1],\"finding_details\":null,\"comments\":12},"
               "{\"status\":\"open\"},{\"group_id\":\"V-7\",\"status\":null}],"
               "\"stig_id\":\"HOUSE\",\"version\":1,\"release_info\":null}],"
               "\"target_data\":{\"host_name\":\"web01\",\"is_web_database\":true,"
               "\"web_db_site\":\"shop\",\"web_db_instance\":null}}");
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    CHECK_STR(s->asset.name, "web01:shop:");
    CHECK_STR(s->policy.version, "V1");
    CHECK(s->checks.n == 3 && s->results.n == 3);
    CHECK_STR(s->checks.v[0].id, "SV-2r1_rule");
    CHECK_STR(s->checks.v[0].key, "SV-2");
    CHECK_STR(s->checks.v[0].title, "SV-2r1_rule");
    CHECK(s->results.v[0].severity == SEVERITY_HIGH && s->checks.v[0].mappings.n == 1);
    CHECK_STR(s->results.v[0].evidence, "Comments: 12\n\nSeverity set to: high\n\nWhy: public");
    CHECK_STR(s->checks.v[1].id, "(no id)");
    CHECK(s->results.v[1].status == STATUS_FAIL && s->results.v[2].status == STATUS_UNKNOWN);
    CHECK(drive_warned(&v, "an entry that is no rule") && drive_warned(&v, "without any id"));
    drive_free(&v);
}

int
main(void)
{
    test_rule();
    test_words();
    test_order();
    test_web_site();
    test_field_in_field();
    test_two_statuses();
    test_override();
    test_long_list();
    test_cklb();
    test_refused();
    return CHECK_DONE();
}
