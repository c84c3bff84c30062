/* CSV: exact bytes, the guard against formulas, and reading back what was written. */
#include <stdlib.h>

#include "check.h"

#include "fake_report.h"
#include "read_back.h"
#include "render/renderers.h"

static struct render_files
write_files(struct arena *a, unsigned flags, bool guard, bool bom)
{
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {.file_stem = STR("r"), .csv_formula_guard = guard, .csv_bom = bom};
    CHECK(csv_renderer.write(fake_report(a, "en", flags), &o, a, &f, &d) == 0);
    CHECK(!diag_failed(&d));
    return f;
}

static void
test_exact(struct arena *a)
{
    struct render_files f = write_files(a, 0, true, false);
    CHECK(f.files.n == 4);
    CHECK_STR(f.files.v[0].name, "r.top-checks.csv"); /* reading order, inside columns too */
    CHECK_STR(f.files.v[0].media_type, "text/csv; charset=utf-8; header=present");
    CHECK_STR(read_file_of(&f, "r.top-checks.csv"),
              "check,reference,agents_failing,agents_failing_of,mean_age_days,mean_age_days_n,mean_age_days_of\r\n"
              "Ensure /etc/hosts.deny is configured,CIS 3.4.1,5,6,1234.3,4937,4\r\n"
              "Ensure default deny firewall policy,CIS 3.5.2,4,6,1235.3,4941,4\r\n"
              "Ensure loopback traffic is configured,CIS 3.6.3,3,6,,,\r\n");
    CHECK_STR(read_file_of(&f, "r.appeared.csv"), "title\r\n");
    struct str agents = read_file_of(&f, "r.top-agents.csv");
    CHECK(str_starts(agents, "rank,agent,group,last_scan,passed,failed,score,score_n,score_of,is_total\r\n"
                             "1,DESKTOP-UUKUE87,Servers,2023-09-21T09:28:00Z,3,430,0.69,3,433,0\r\n"));
    CHECK(str_ends(agents, "7,web-09,Servers,2023-09-21T09:25:00Z,0,0,,,,0\r\n"
                           ",All agents,,,400,1066,27.29,400,1466,1\r\n"));
}

/* One file for the checks of all agents, its columns the same in every report. */
static void
test_all_checks(struct arena *a)
{
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {
        .file_stem = STR("r"), .csv_formula_guard = true, .csv_separator = ';', .csv_bom = true};
    struct report *r = fake_report(a, "ja", FAKE_LISTS);
    /* a second section lists some of them again, with more to say */
    struct report_section *again = report_add_section(a, r, "checks-3", STR("Again"));
    fake_list(a, again, 7);
    struct report_table *t = again->blocks.v[again->blocks.n - 1].table;
    t->key = "again";
    t->rows.n = 3;
    fake_note(a, &t->rows.v[1], "remediation", "Remediation", STR("a;b\nc"));
    CHECK(csv_renderer.write(r, &o, a, &f, &d) == 0);
    CHECK(f.files.n == 5); /* four tables, and not one an agent */
    struct str file = read_file_of(&f, "r.all-checks.csv");
    CHECK(str_starts(file, "\xef\xbb\xbf"
                           "agent;agent_alias;agent_group;os;policy;policy_title;policy_version;"
                           "profile;scanned_at;check_id;title;category;status;severity;evidence;"
                           "waiver;description;rationale;impact;remediation;mappings;references;"
                           "idents\r\nhost000.example;;Desktops;Debian 12;cis_debian12;"
                           "CIS Debian 12;1.1.0;;2023-09-21T09:25:00Z;30000;"
                           "Ensure setting 0 of the service is on;Data Protection;fail;low;"
                           "'=value is 0;"));
    size_t n = read_count(file, "\r\n");
    CHECK(n == 1 + FAKE_AGENTS * FAKE_AGENT_CHECKS);
    CHECK(str_find(file, "host007.example;;Servers;Debian 12;cis_debian12;CIS Debian 12;1.1.0;;"
                         "2023-09-21T09:25:07Z;30001;Ensure setting 1 of the service is on;"
                         "Data Protection;pass;high;;;;;;\"a;b\nc\";;;\r\n") > 0);
}

static void
test_notes(struct arena *a)
{
    struct render_files f = write_files(a, 0, true, false);
    read_rows rows = read_csv(a, read_file_of(&f, "r.checks.csv"));
    CHECK(rows.n == 11);
    for (size_t i = 0; i < rows.n; i++)
        CHECK(rows.v[i].n == 9);
    CHECK_STR(rows.v[0].v[6], "evidence");
    CHECK_STR(rows.v[0].v[8], "waiver");
    CHECK_STR(rows.v[3].v[3], "fail"); /* the stable word, not the reader's */
    CHECK_STR(rows.v[3].v[4], "2023-09-21");
    CHECK_STR(rows.v[3].v[6], "net.ipv4.conf.all.send_redirects = 1, expected 0");
    CHECK(str_starts(rows.v[3].v[7], "Set it to 0 in /etc/sysctl.conf and reload:\n# sysctl"));
    CHECK_STR(rows.v[4].v[6], "");
}

static void
test_hostile(struct arena *a)
{
    struct render_files f = write_files(a, FAKE_HOSTILE | FAKE_MEGABYTE, true, false);
    struct str bytes = read_file_of(&f, "r.hostile.csv");
    read_rows rows = read_csv(a, bytes);
    CHECK(rows.n == FAKE_HOSTILE_TEXTS + 2);
    for (size_t i = 1; i < rows.n; i++) {
        CHECK(rows.v[i].n == 3);
        CHECK(!rows.v[i].v[1].len || !strchr("=+-@\t\r\n", rows.v[i].v[1].s[0]));
    }
    CHECK_STR(rows.v[2].v[0], "-1"); /* our own numbers are not guarded */
    CHECK_STR(rows.v[1].v[1], "<script>alert(1)</script>");
    CHECK_STR(rows.v[3].v[1], "'=cmd|' /C calc'!A0");
    CHECK_STR(rows.v[3].v[2], "'=cmd|' /C calc'!A0");
    CHECK_STR(rows.v[5].v[1], "'+1");
    CHECK_STR(rows.v[7].v[1], "'\tTAB");
    CHECK_STR(rows.v[8].v[1], "'⟨U+000D⟩CR");
    CHECK_STR(rows.v[9].v[1], "a, \"quoted\" cell");
    CHECK_STR(rows.v[10].v[1], "two\nlines\nand three");
    CHECK_STR(rows.v[11].v[1], "safe⟨U+202E⟩fdp.exe");
    CHECK_STR(rows.v[13].v[1], "esc ⟨U+001B⟩[31m and ⟨U+007F⟩");
    CHECK(rows.v[rows.n - 1].v[1].len == 1000000);
    CHECK(str_ends(rows.v[rows.n - 1].v[1], "END-OF-IT."));
}

static void
test_options(struct arena *a)
{
    struct render_files f = write_files(a, FAKE_HOSTILE, false, true);
    struct str bytes = read_file_of(&f, "r.hostile.csv");
    CHECK(str_starts(bytes, "\xef\xbb\xbfn,text,evidence\r\n"));
    CHECK(str_find(bytes, "\r\n-2,=cmd|' /C calc'!A0,") > 0);
}

int
main(void)
{
    setenv("TZ", "UTC", 1);
    struct arena *a = arena_new();
    test_exact(a);
    test_all_checks(a);
    test_notes(a);
    test_hostile(a);
    test_options(a);
    arena_free(a);
    return CHECK_DONE();
}
