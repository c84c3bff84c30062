/* The Lynis reader on small reports of our own. */
#include "check.h"
#include "drive.h"

static const char whole[] =
    "# Lynis Report\n"
    "report_version_major=1\n"
    "report_datetime_start=2026-11-21 19:40:00\n"
    "lynis_version=3.0.8\n"
    "os_name=Debian\n"
    "os_version=12\n"
    "hostname=web01\n"
    "domainname=example.net\n"
    "test_category=all\n"
    "network_ipv4_address[]=127.0.0.1\n"
    "network_ipv4_address[]=192.0.2.10\n"
    "network_mac_address[]=02:00:00:00:00:01\n"
    "suggestion[]=LYNIS|A newer release is out|-|-|\n"
    "suggestion[]=SSH-7408|Consider a change|PermitRootLogin (FORCED|NO|PROHIBIT)|-|\n"
    "suggestion[]=SSH-7408|Consider a change|PermitRootLogin (FORCED|NO|PROHIBIT)|-|\n"
    "suggestion[]=SSH-7408|Consider a change|Port|text:Set another|\n"
    "warning[]=KRNL-5830|Reboot needed||text:reboot|\n"
    "suggestion[]=KRNL-5830|Also this|-|-|\n"
    "exception_event[]=NETW-2704:2|No answer|\n"
    "manual_event[]=AUTH-9328:03\n"
    "manual[]=Look at the rules of the firewall\n"
    "hardening_index=67\n"
    "tests_executed=SSH-7408|KRNL-5830|NETW-2704|AUTH-9328|ZZZZ-0001|\n"
    "tests_skipped=DBS-1804|\n"
    "report_datetime_end=2026-11-21 19:41:00\n"
    "finish=true\n";

static const struct scan_result *
result_of(const struct scan *s, const char *id)
{
    for (size_t i = 0; i < s->results.n; i++)
        if (str_eqc(s->checks.v[s->results.v[i].check].id, id))
            return &s->results.v[i];
    return NULL;
}

static void
test_head(const struct scan *s)
{
    CHECK_STR(s->format, "lynis");
    CHECK_STR(s->asset.name, "web01");
    CHECK_STR(s->asset.alias, "web01.example.net");
    CHECK_STR(s->asset.os, "Debian 12");
    CHECK(s->asset.addresses.n == 2);
    CHECK_STR(s->asset.addresses.v[0], "192.0.2.10");
    CHECK_STR(s->policy.id, "lynis");
    CHECK_STR(s->policy.version, "3.0.8");
    CHECK_STR(s->policy.profile, "all");
    CHECK_STR(s->engine, "Lynis 3.0.8");
    CHECK(s->start == DRIVE_MTIME - 1200 && s->end == DRIVE_MTIME - 1140);
    CHECK(s->zone_assumed && !s->end_assumed && !s->partial && !s->delta && !s->score_only);
    CHECK(s->scores.n == 1 && s->scores.v[0].value == 67 && s->scores.v[0].maximum == 100);
}

static void
test_whole(void)
{
    struct drive v;
    drive_text(&v, &lynis_format, whole);
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    test_head(s);
    CHECK(s->checks.n == 6 && s->results.n == 6);
    CHECK(s->counts[STATUS_FAIL] == 2 && s->counts[STATUS_ERROR] == 1);
    CHECK(s->counts[STATUS_PASS] == 2 && s->counts[STATUS_NOTAPPLICABLE] == 1);
    CHECK(drive_native(s, "executed_with_suggestion_only") == 1);
    const struct scan_result *ssh = result_of(s, "SSH-7408");
    CHECK_STR(ssh->evidence,
              "suggestion: Consider a change [PermitRootLogin (FORCED|NO|PROHIBIT)]\n"
              "suggestion: Consider a change [Port] -> Set another");
    CHECK(ssh->severity == SEVERITY_LOW && ssh->ordinal == 0);
    CHECK_STR(s->checks.v[ssh->check].title, "The SSH daemon is configured safely");
    const struct scan_result *kernel = result_of(s, "KRNL-5830");
    CHECK(kernel->severity == SEVERITY_HIGH && kernel->status == STATUS_FAIL);
    CHECK_STR(kernel->evidence, "warning: Reboot needed -> reboot\nsuggestion: Also this");
    CHECK_STR(result_of(s, "NETW-2704")->evidence, "exception NETW-2704:2: No answer");
    CHECK(result_of(s, "AUTH-9328")->status == STATUS_PASS);
    CHECK_STR(s->checks.v[result_of(s, "ZZZZ-0001")->check].title, "ZZZZ-0001");
    CHECK(!result_of(s, "LYNIS"));
    CHECK(drive_warned(&v, "1 points to be checked by hand"));
    drive_free(&v);
}

/* The same bytes in any pieces give the same scan. */
static void
test_pieces(void)
{
    static const size_t steps[] = {1, 2, 7, 64};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct drive v;
        drive_setup(&v);
        drive_bytes(&v, &lynis_format, str_c(whole), steps[i]);
        CHECK(v.rc == 0 && v.file.scans.n == 1 && v.file.scans.v[0].results.n == 6);
        CHECK(v.file.scans.v[0].counts[STATUS_FAIL] == 2);
        drive_free(&v);
    }
}

static void
test_informational(void)
{
    struct drive v;
    drive_setup(&v);
    v.ctx.suggestion_informational = true;
    drive_bytes(&v, &lynis_format, str_c(whole), sizeof whole);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->counts[STATUS_FAIL] == 1 && s->counts[STATUS_INFORMATIONAL] == 1);
    drive_free(&v);
}

static void
test_odd(void)
{
    struct drive v;
    drive_text(&v, &lynis_format,
               "\xef\xbb\xbf# Lynis Report\r\n"
               "hostname=db\xff"
               "01\r\n"
               "report_datetime_end=2026-13-01 10:00:00\r\n"
               "hardening_index=many\r\n"
               "no equals sign\r\n=x\r\nwarning[]=\r\n"
               "warning[]=A-1|M|old form|\r\n"
               "warning[]=A-2|a|b|c|d|e|\r\n"
               "suggestion[]=A-3");
    CHECK(v.rc == 0 && v.file.scans.n == 1);
    const struct scan *s = &v.file.scans.v[0];
    CHECK(s->partial && s->end_assumed && s->end == DRIVE_MTIME && s->scores.n == 0);
    CHECK_STR(s->asset.name, "db\xef\xbf\xbd"
                             "01");
    CHECK(s->results.n == 3 && s->counts[STATUS_FAIL] == 3);
    CHECK_STR(s->results.v[0].evidence, "warning: old form");
    CHECK_STR(s->results.v[1].evidence, "warning: a|b|c [d] -> e");
    CHECK_STR(s->results.v[2].evidence, "suggestion: (no text)");
    CHECK(drive_warned(&v, "finish=true") && drive_warned(&v, "3 lines"));
    CHECK(drive_warned(&v, "is not a time") && drive_warned(&v, "0 to 100"));
    drive_free(&v);
}

static void
test_refused(void)
{
    struct drive v;
    drive_text(&v, &lynis_format, "# Lynis Report\nhostname=x\nfinish=true\n");
    CHECK(v.rc < 0 && v.d.first.code == DIAG_BAD_DATA);
    drive_free(&v);
    drive_setup(&v);
    struct str line = str_n(arena_alloc(v.a, 2 << 20), 2 << 20);
    memset((char *)line.s, 'x', line.len);
    drive_bytes(&v, &lynis_format, line, 65536);
    CHECK(v.rc < 0 && v.d.first.code == DIAG_TOO_BIG);
    CHECK_STR(v.d.first.place, "test:1");
    drive_free(&v);
}

static void
test_bid(void)
{
    struct ingest_head head = {.bytes = STR("# Lynis Report\n")};
    CHECK(lynis_format.bid(&head) == 100);
    head.bytes = STR("x=1\nreport_version_major=1\n");
    CHECK(lynis_format.bid(&head) == 90);
    head.bytes = STR("{}");
    CHECK(lynis_format.bid(&head) == 0);
}

int
main(void)
{
    test_whole();
    test_pieces();
    test_informational();
    test_odd();
    test_refused();
    test_bid();
    return CHECK_DONE();
}
