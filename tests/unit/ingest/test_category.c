/* The CIS Control that a check belongs to: every step, their order, and what once led them astray. */
#include "ingest/category/category.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "check.h"
#include "ingest/frameworks.h"
#include "ingest/ingest.h"
#include "ingest/tables.h"

static struct arena *a;
static struct diag d;

/* A check: id, section, title, then mappings as "key values". */
static struct scan_check
make(const char *id, const char *section, const char *title, const char *const *mappings)
{
    struct scan_check c = scan_check_new(str_c(id));
    c.section = str_c(section);
    c.title = str_c(title);
    for (; mappings && *mappings; mappings++) {
        struct str values = str_c(*mappings), key = str_cut(&values, ' ');
        frameworks_add(a, &c, key, values, &d);
    }
    return c;
}

/* Number of the category and its source, "5 rule:sudo_*". */
static struct str
derived(struct scan_check c)
{
    category_derive(a, &c);
    return arena_fmt(a, "%d %.*s", scan_category_number(c.category), STR_ARG(c.category_source));
}

#define MAPPED(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct str
of_title(const char *title)
{
    return derived(make("1", "", title, NULL));
}

static void
test_own(void)
{
    struct scan_check c = make("1", "", "Ensure auditing", MAPPED("cis_csc_v8 5.1"));
    c.own_category = STR("3");
    CHECK_STR(derived(c), "3 own");
    c.own_category = STR("data protection");
    CHECK_STR(derived(c), "3 own");
    c.own_category = STR("House rules");
    category_derive(a, &c);
    CHECK_STR(c.category, "House rules");
    CHECK_STR(c.own_category, "House rules");
}

static void
test_cis(void)
{
    CHECK_STR(derived(make("1", "", "x", MAPPED("cis_csc_v8 5.1,5.4"))), "5 cis-v8");
    CHECK_STR(derived(make("1", "", "x", MAPPED("cis_csc_v8 5.1", "cis_csc_v8.1 5.4"))),
              "5 cis-v8");
    /* several controls: a step that agrees with one of them, never the first because it is the first */
    CHECK_STR(derived(make("1", "", "Ensure permissions of logs", MAPPED("cis_csc_v8 8.2,3.3"))),
              "3 title:permission*");
    CHECK_STR(derived(make("x_rule_auditd_name", "", "Ensure permissions of logs",
                           MAPPED("cis_csc_v8 3.3,8.2"))),
              "8 rule:auditd_*");
    CHECK_STR(derived(make("1", "", "Ensure permissions of logs", MAPPED("cis_csc_v8 16.1,1.1"))),
              "16 cis-v8-first");
    CHECK_STR(derived(make("1", "", "nothing to say", MAPPED("cis_csc_v8 20.1,x"))), "0 none");
}

/* An old crosswalk, many-valued and sorted as text: kept as a mapping, silent here. */
static void
test_crosswalk(void)
{
    const char *const list[] = {"cis_csc 1",  "cis_csc 12", "cis_csc 15",
                                "cis_csc 16", "cis_csc 5",  NULL};
    CHECK_STR(derived(make("1", "", "Minimum password length", list)), "5 title:password*");
    CHECK_STR(derived(make("1", "", "nothing to say", list)), "0 none");
    CHECK_STR(derived(make("1", "", "nothing to say", MAPPED("cis_csc 3"))), "0 none");
}

static void
test_old_cis(void)
{
    CHECK_STR(derived(make("1", "", "nothing to say", MAPPED("cis_csc_v7 16.4"))), "5 cis-v7");
    CHECK_STR(derived(make("1", "", "nothing to say", MAPPED("cis_csc 14.4"))), "3 cis-v7");
    /* 5 and 11 of version 7 are both 4 of version 8 */
    CHECK_STR(derived(make("1", "", "nothing to say", MAPPED("cis_csc_v7 5.1,9.2"))), "4 cis-v7");
    CHECK_STR(derived(make("1", "", "nothing to say", MAPPED("cis_csc_v7 6.2,9.2"))),
              "8 cis-v7-first");
    /* by number it is wrong nearly half the time: the title is asked first */
    CHECK_STR(derived(make("1", "", "Ensure nodev on /tmp", MAPPED("cis_csc_v7 5.1"))),
              "3 title:nodev");
    CHECK_STR(derived(make("1", "", "nothing to say", MAPPED("cis_csc_v7 20.1"))), "18 cis-v7");
}

static void
test_rules_and_groups(void)
{
    const char *ssg = "xccdf_org.ssgproject.content_rule_sshd_use_approved_ciphers";
    CHECK_STR(derived(make(ssg, "group:ssh_server/ssh/services", "x", NULL)), "3 rule:sshd_use_*");
    CHECK_STR(derived(make(ssg, "", "x", NULL)), "3 rule:sshd_use_*"); /* OSCAL has no groups */
    CHECK_STR(
        derived(make("xccdf_org.ssgproject.content_rule_zz", "group:zz/ntp/services", "x", NULL)),
        "8 group:ntp");
    CHECK_STR(derived(make("x_rule_zz", "group:accounts/openshift", "x", NULL)),
              "5 group:openshift/accounts");
    /* files stand in the groups of cron, ssh and auditing, and are data all the same */
    CHECK_STR(derived(make("x_rule_file_owner_cron", "group:cron_and_at/services", "x", NULL)),
              "3 rule:file_owner*");
    /* XCCDF 1.1 has bare ids; ids of other scanners are no names of rules */
    CHECK_STR(derived(make("sudo_x", "group:zz", "nothing", NULL)), "5 rule:sudo_*");
    CHECK_STR(derived(make("sudo_x", "", "nothing", NULL)), "0 none");
    CHECK_STR(
        derived(make("xccdf_org.cisecurity.benchmarks_rule_1.1_usbguard", "", "nothing", NULL)),
        "0 none");
    CHECK_STR(derived(make("xccdf_mil.disa.stig_rule_SV-230221r743913_rule", "", "nothing", NULL)),
              "0 none");
}

static void
test_sections(void)
{
    CHECK_STR(derived(make("AUTH-9328", "lynis:AUTH-9328", "x", NULL)), "3 section:AUTH-9328");
    CHECK_STR(derived(make("AUTH-9999", "lynis:AUTH-9999", "x", NULL)), "5 section:AUTH");
    CHECK_STR(derived(make("CORE-1000", "lynis:CORE-1000", "x", NULL)), "0 none");
    CHECK_STR(derived(make("1.1.17", "docker-bench:1.1.17", "x", NULL)), "8 section:1.1");
    CHECK_STR(derived(make("2.13", "docker-bench:2.13", "x", NULL)), "8 section:2.13");
    CHECK_STR(
        derived(make("1.2.1", "kube-bench:API Server|Control Plane Components", "Ensure x", NULL)),
        "4 section:api server");
    CHECK_STR(derived(make("1.2.1", "kube-bench:API Server|Control Plane Components",
                           "Ensure that the --audit-log-path argument is set", NULL)),
              "8 title:audit");
    /* "authorization-mode" is no mode of a file */
    CHECK_STR(derived(make("1.2.7", "kube-bench:API Server|Control Plane Components",
                           "Ensure that the --authorization-mode argument is right", NULL)),
              "4 section:api server");
    CHECK_STR(derived(make("9.1", "kube-bench:Odd|Worker Node Security", "x", NULL)),
              "4 section:worker node");
    CHECK_STR(derived(make("iam_user_mfa_enabled", "prowler:iam|", "x", NULL)), "6 section:mfa");
    CHECK_STR(derived(make("zz_zz", "prowler:cloudtrail|encryption", "x", NULL)),
              "8 section:cloudtrail");
    CHECK_STR(derived(make("zz_zz", "prowler:zz|zz,encryption", "x", NULL)),
              "3 section:encryption");
    CHECK_STR(derived(make("1", "another:AUTH-9328", "nothing to say", NULL)), "0 none");
}

static void
test_chapters(void)
{
    const char *before = "cis:CIS_Microsoft_Windows_Server_2022_Benchmark|2.3.10.1";
    const char *after = "cis:CIS_Microsoft_Windows_Server_2022_Benchmark|18.9.5";
    CHECK_STR(derived(make("1", before, "Ensure passwords are long", NULL)), "3 section:2.3.10");
    CHECK_STR(derived(make("1", after, "Ensure passwords are long", NULL)), "5 title:password*");
    CHECK_STR(derived(make("1", after, "Ensure the firewall is on", NULL)), "4 section:18");
    CHECK_STR(derived(make("1", "cis:CIS_Debian_Linux_12_Benchmark|2.3.10.1", "nothing", NULL)),
              "0 none");
}

static void
test_controls(void)
{
    CHECK_STR(derived(make("SV-1", "", "nothing", MAPPED("cci CCI-000015"))), "5 cci:CCI-000015");
    /* of several controls the one that tells most: 366 is DISA's catch-all */
    CHECK_STR(derived(make("SV-1", "", "nothing", MAPPED("cci CCI-000366,CCI-000015"))),
              "5 cci:CCI-000015");
    CHECK_STR(derived(make("SV-1", "", "Ensure auditing", MAPPED("cci CCI-000366"))),
              "8 title:auditing");
    CHECK_STR(derived(make("SV-1", "", "nothing", MAPPED("cci CCI-000366"))), "4 800-53-general");
    CHECK_STR(derived(make("1", "", "nothing", MAPPED("cci CCI-000366", "nist SC-8 (1)"))),
              "3 800-53:SC-8(1)");
    /* "(5)" of CM-3 (5) once got lost */
    CHECK_STR(derived(make("1", "", "nothing", MAPPED("cci CCI-000366", "nist CM-3 (5)"))),
              "3 800-53:CM-3(5)");
    CHECK_STR(derived(make("1", "", "nothing", MAPPED("cci CCI-000366", "nist AC-2(4)(a)"))),
              "8 800-53:AC-2(4)(a)");
    CHECK_STR(derived(make("1", "", "nothing", MAPPED("cci CCI-000366", "nist IA-5 (1) (c)"))),
              "3 800-53:IA-5(1)(c)");
    CHECK_STR(derived(make("1", "", "nothing", MAPPED("nist_800_53 CM-6.1(iv)"))),
              "4 800-53-general");
    CHECK_STR(derived(make("1", "", "nothing", MAPPED("nist_800_53 AU-99"))), "8 800-53-general");
    CHECK_STR(derived(make("1", "", "nothing", MAPPED("nist_800_53 ZZ-1", "cci CCI-999999"))),
              "0 none");
    /* lists without a CCI are crosswalks: they stand behind the title */
    CHECK_STR(derived(make("1", "", "Ensure nodev", MAPPED("nist_800_53 AU.2,AC.2,SC.8"))),
              "3 title:nodev");
}

static void
test_titles(void)
{
    CHECK_STR(of_title("Ensure 'Allow log on locally' is set to 'Administrators'"),
              "6 title:logon locally");
    CHECK_STR(of_title("Ensure Shadow Is Set To 'audit'"), "5 title:shadow");
    CHECK_STR(of_title("Ensure TCP SYN cookies is enabled"), "4 title:enabled");
    CHECK_STR(of_title("Ensure permissions on audit log files are configured"),
              "3 title:permission*");
    CHECK_STR(of_title("Stop   IPv6 \t forwarding"), "4 title:ipv6");
    CHECK_STR(of_title("Message   of \n the  day"), "4 title:message of the day");
    CHECK_STR(of_title("catalog of prelogs"), "0 none");
    CHECK_STR(of_title(""), "0 none");
    CHECK_STR(of_title("x"), "0 none");
    CHECK_STR(of_title("log"), "8 title:log");
    char big[5000];
    memset(big, 'a', sizeof big - 1);
    big[sizeof big - 1] = 0;
    CHECK_STR(of_title(big), "0 none");
}

static void
test_of_schema_13(void)
{
    struct scan_check c = make("1", "", "x", MAPPED("cis_csc 1", "cis_csc 5"));
    CHECK_STR(category_of_schema_13(&c), "Inventory and Control of Enterprise Assets");
    c = make("1", "", "x", MAPPED("cis_csc_v7 5.1", "cis_csc_v8 11.2"));
    CHECK_STR(category_of_schema_13(&c), "Data Recovery");
    c = make("1", "", "x", MAPPED("cis 5.1"));
    CHECK_STR(category_of_schema_13(&c), "");
}

/* Rows of the site come first; a row that is none is named by line and column. */
static void
test_own_tables(void)
{
    char room[] = "/tmp/assay-category-XXXXXX";
    const char *dir = mkdtemp(room);
    struct str before = arena_str(a, category_tables());
    const struct {
        const char *name, *rows, *want;
    } tables[] = {
        {"category-rules.tsv", "sudo_*\t18\n", NULL},
        {"category-groups.tsv", "house\t17\n", NULL},
        {"category-titles.tsv", "unicorn*, rainbow\t14\n", NULL},
        {"category-sections.tsv", "lynis\tAUTH\t2\n", NULL},
        {"category-cci.tsv", "15\t15\tAT-1\n", NULL},
        {"category-controls.tsv", "AC-2\t19\t3\n", "column 2: want a CIS Control, 1 to 18"},
        {"category-controls.tsv", "AC-2\t5\n", "want 3 columns"},
        {"category-cci.tsv", "x\t15\tAT-1\n", "column 1: want a number"}};
    CHECK(file_mkdirs(arena_fmt(a, "%s/mappings", dir).s, 0700, &d) == 0);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct diag trouble = diag_init(a);
        const char *path = arena_fmt(a, "%s/mappings/%s", dir, tables[i].name).s;
        CHECK(file_write_atomic(path, str_c(tables[i].rows), 0600, &d) == 0);
        if (!tables[i].want)
            continue;
        CHECK(tables_load(dir, &trouble) == -1 && trouble.first.code == DIAG_CONFIG);
        CHECK(str_find(diag_text(&trouble), tables[i].want) >= 0);
        unlink(path);
    }
    CHECK(tables_load(dir, &d) == 0);
    CHECK(!str_eq(before, category_tables()) && category_tables().len == 12);
    CHECK_STR(derived(make("x_rule_sudo_x", "", "x", NULL)), "18 rule:sudo_*");
    CHECK_STR(derived(make("x_rule_zz", "group:house", "x", NULL)), "17 group:house");
    CHECK_STR(derived(make("1", "", "Unicorns are audited", NULL)), "14 title:unicorn*");
    CHECK_STR(derived(make("1", "lynis:AUTH-1", "x", NULL)), "2 section:AUTH");
    CHECK(tables_load(NULL, &d) == 0);
    CHECK(str_eq(before, category_tables()));
    CHECK_STR(derived(make("x_rule_sudo_x", "", "x", NULL)), "5 rule:sudo_*");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        unlink(arena_fmt(a, "%s/mappings/%s", dir, tables[i].name).s);
    rmdir(arena_fmt(a, "%s/mappings", dir).s);
    rmdir(dir);
}

/* From bytes: nested groups without their prefixes, the nearest first; DISA's groups of one rule say nothing. */
static void
test_groups_of_a_file(void)
{
    static const char text[] =
        "<Benchmark xmlns='http://checklists.nist.gov/xccdf/1.2' id='b'><version>1</version>"
        "<Group id='xccdf_org.x_group_services'><title>S</title>"
        "<Group id='xccdf_org.x_group_ntp'><title>N</title>"
        "<Rule id='xccdf_org.x_rule_zz'><title>Keep the time</title></Rule></Group>"
        "<Group id='xccdf_mil.disa.stig_group_V-230221'><title>V</title>"
        "<Rule id='xccdf_org.x_rule_yy'><title>y</title></Rule></Group></Group>"
        "<Rule id='xccdf_org.x_rule_top'><title>t</title></Rule>"
        "<TestResult id='t' end-time='2026-10-18T12:00:00Z'><target>h</target>"
        "<rule-result idref='xccdf_org.x_rule_zz'><result>pass</result></rule-result>"
        "</TestResult></Benchmark>";
    struct ingest_context ctx = {.path = "t", .asset_name = STR("")};
    struct scan_file f = {0};
    env_set_now(1795900000);
    CHECK(ingest_bytes(&ctx, str_c(text), a, &f, &d) == 0);
    category_settle(a, &f);
    const struct scan *s = &f.scans.v[0];
    CHECK_STR(s->checks.v[0].section, "group:ntp/services");
    CHECK_STR(s->checks.v[0].category_source, "group:ntp");
    CHECK_STR(s->checks.v[1].section, "group:services");
    CHECK_STR(s->checks.v[2].section, "");
    CHECK(str_eq(s->category_tables, category_tables()));
}

int
main(void)
{
    a = arena_new();
    d = diag_init(a);
    test_own();
    test_cis();
    test_crosswalk();
    test_old_cis();
    test_rules_and_groups();
    test_sections();
    test_chapters();
    test_controls();
    test_titles();
    test_of_schema_13();
    test_own_tables();
    test_groups_of_a_file();
    arena_free(a);
    return CHECK_DONE();
}
