/* XCCDF as SCC, ACAS, HBSS and CIS-CAT write it, on files of our own, from detection to the scan.
 */
#include "check.h"
#include "drive.h"
#include "ingest/readers/xccdf/xccdf.h"

static const struct scan *
read_sample(struct drive *v, const char *path)
{
    drive_setup(v);
    v->ctx.path = path;
    v->ctx.zone_offset_s = 3600;
    v->rc = ingest_file(&v->ctx, v->a, &v->file, &v->d);
    category_settle(v->a, &v->file);
    CHECK(v->rc == 0 && v->file.scans.n == 1);
    return v->rc == 0 && v->file.scans.n == 1 ? &v->file.scans.v[0] : NULL;
}

static void
test_scc(void)
{
    struct drive v;
    const struct scan *s = read_sample(&v, "samples/xccdf/scc.xml");
    if (!s)
        return;
    CHECK_STR(s->format, "xccdf-1.2");
    CHECK_STR(s->asset.name, "MAIL-02");
    CHECK_STR(s->asset.alias, "mail-02");
    CHECK_STR(s->asset.os, "Example Linux 12");
    CHECK(s->asset.addresses.n == 3);
    CHECK_STR(s->asset.addresses.v[1], "::1/128");
    CHECK_STR(s->policy.id, "xccdf_net.example.stig_benchmark_EXAMPLE_12");
    CHECK_STR(s->policy.version, "002.001");
    CHECK_STR(s->policy.profile, "xccdf_net.example.stig_profile_MAC-3_Public");
    CHECK(s->zone_assumed && s->end == 1795293970 && !s->end_assumed && !s->bare);
    CHECK(s->checks.n == 3 && s->results.n == 3);
    CHECK_STR(s->checks.v[0].id, "xccdf_net.example.stig_rule_SV-990101r700123_rule");
    CHECK_STR(s->checks.v[0].key, "SV-990101");
    CHECK_STR(s->checks.v[0].description, "A release without maintenance keeps its holes.");
    CHECK(drive_has_ident(&s->checks.v[0], "EXMP-12-000010") &&
          drive_has_ident(&s->checks.v[0], "V-10101"));
    CHECK(drive_has_ident(&s->checks.v[0], "CCI-000366") && s->checks.v[0].idents.n == 3);
    CHECK(drive_maps_to(&s->checks.v[0], "cci", "", "CCI-000366"));
    CHECK_STR(s->results.v[1].evidence, "ENCRYPT_METHOD is DES");
    CHECK(s->results.v[1].time == 1795293906);
    CHECK_STR(s->checks.v[2].key, "SV-990103"); /* not in the benchmark */
    CHECK(drive_has_ident(&s->checks.v[2], "EXMP-12-000030") && s->checks.v[2].idents.n == 2);
    CHECK(s->checks.v[2].severity == SEVERITY_LOW && drive_warned(&v, "not in the benchmark"));
    drive_free(&v);
}

static void
test_no_times(void)
{
    struct drive v;
    const struct scan *s = read_sample(&v, "samples/xccdf/testresult-no-times.xml");
    if (!s)
        return;
    CHECK_STR(s->format, "xccdf-1.1");
    CHECK_STR(s->asset.name, "print-03.example.net");
    CHECK_STR(s->policy.id, "EXAMPLE_12_STIG");
    CHECK(s->start == CLOCK_NONE && s->end_assumed && s->bare && !s->partial);
    CHECK(drive_warned(&v, "no usable end-time") && s->results.v[0].time == CLOCK_NONE);
    CHECK(s->counts[STATUS_PASS] == 1 && s->counts[STATUS_FAIL] == 1);
    CHECK_STR(s->checks.v[0].key, "SV-990101");
    CHECK(s->checks.v[0].severity == SEVERITY_HIGH && s->checks.v[0].idents.n == 2);
    CHECK(drive_has_ident(&s->checks.v[0], "EXMP-12-000010"));
    CHECK(drive_maps_to(&s->checks.v[0], "cci", "", "CCI-000366"));
    CHECK(s->checks.v[1].idents.n == 0); /* "1" is a version, and no id */
    drive_free(&v);
}

static void
test_ciscat(void)
{
    struct drive v;
    const struct scan *s = read_sample(&v, "samples/xccdf/ciscat-arf.xml");
    if (!s)
        return;
    CHECK_STR(s->format, "arf-1.1");
    CHECK_STR(s->asset.name, "lab-04");
    CHECK_STR(s->engine, "cpe:/a:cisecurity:cis-cat_pro_assessor:4.40.0");
    CHECK_STR(s->policy.profile, "xccdf_org.cisecurity.benchmarks_profile_Level_1_-_Server");
    CHECK(s->counts[STATUS_PASS] == 1 && s->counts[STATUS_FAIL] == 0);
    CHECK(s->counts[STATUS_INFORMATIONAL] == 1 && s->counts[STATUS_NOTCHECKED] == 1);
    CHECK_STR(s->results.v[1].native, "fail");
    const struct scan_check *c = s->checks.v;
    CHECK(drive_maps_to(c, "cis_csc", "v8", "4.8") && drive_maps_to(c, "cis_csc", "v7", "9.2"));
    CHECK(drive_maps_to(c, "cis", "", "1.1.1") && c->idents.n == 0);
    CHECK_STR(c->category, "Secure Configuration of Enterprise Assets and Software");
    CHECK(drive_maps_to(c + 1, "cis_csc", "v8", "7") && drive_maps_to(c + 2, "cis", "", "1.3"));
    CHECK_STR(c[1].category, "Continuous Vulnerability Management");
    CHECK(c[2].mappings.n == 1 && drive_warned(&v, "no CIS Control"));
    drive_free(&v);
}

static void
test_stig_ids(void)
{
    static const char *const yes[] = {"RHEL-08-010000", "WN10-CC-000005", "DTBC-0001",
                                      "AS24-U1-000010"};
    static const char *const no[] = {"",    "1",           "V2R5",     "002.001",       "SV-1",
                                     "1-2", "rhel-08-010", "A B-0001", "RHEL-08-01000x"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        CHECK(xccdf_is_stig_id(str_c(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        CHECK(!xccdf_is_stig_id(str_c(no[i])));
}

static void
test_recommendations(void)
{
    static const char *const rows[][2] = {{"xccdf_x_rule_1.1.4_L1_Ensure", "1.1.4"},
                                          {"xccdf_x_rule_1.1", "1.1"},
                                          {"x_rule_2_a", "2"},
                                          {"x_rule_1._a", ""},
                                          {"x_rule_.1_a", ""},
                                          {"x_rule_1a", ""},
                                          {"x_rule_", ""},
                                          {"1.1.4", ""},
                                          {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(xccdf_recommendation(str_c(rows[i][0])), rows[i][1]);
}

int
main(void)
{
    test_scc();
    test_no_times();
    test_ciscat();
    test_stig_ids();
    test_recommendations();
    return CHECK_DONE();
}
