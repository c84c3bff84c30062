/* Normalising of native compliance keys: one name, edition and spelling, whatever the scanner writes. */
#include "ingest/frameworks.h"

#include "base/buf.h"
#include "check.h"

static struct arena *a;
static struct diag d;

/* "framework/edition/control" of the mapping at i. */
static struct str
mapping(const struct scan_check *c, size_t i)
{
    if (i >= c->mappings.n)
        return STR("(none)");
    const struct scan_mapping *m = &c->mappings.v[i];
    return arena_fmt(a, "%s/%s/%s", m->framework.s, m->edition.s, m->control.s);
}

static struct scan_check
check_of(const char *key, const char *values)
{
    struct scan_check c = scan_check_new(STR("1"));
    frameworks_add(a, &c, str_c(key), str_c(values), &d);
    return c;
}

static void
test_keys(void)
{
    static const struct {
        const char *key, *values, *want;
    } rows[] = {
        {"cis", "3.1.2", "cis//3.1.2"},
        {"cis_csc", "5.1", "cis_csc//5.1"},
        {"cis_csc_v7", "5.1", "cis_csc/v7/5.1"},
        {"CIS_CSC_V8", "4.1", "cis_csc/v8/4.1"},
        {"cis_csc_v9", "4.1", "cis_csc/v9/4.1"},
        {"pci_dss", "Req-2.2.4", "pci_dss//2.2.4"},
        {"pci_dss_v3.2.1", "2.2", "pci_dss/3.2.1/2.2"},
        {"pci_dss_3.2.1", "2.2", "pci_dss/3.2.1/2.2"},
        {"pci_dss_v4.0", "2.2.1", "pci_dss/4.0/2.2.1"},
        {"PCI-DSS", "2.2.1", "pci_dss//2.2.1"},
        {"nist_800_53", "CM.1", "nist_800_53//CM-1"},
        {"nist_sp_800-53", "AU-2", "nist_800_53//AU-2"},
        {"nist_800_53", "14.6", "nist_800_53//14.6"},
        {"nist_800_171", "3.1.1", "nist_800_171//3.1.1"},
        {"tsc", "CC5.2", "tsc//CC5.2"},
        {"soc_2", "CC5.2", "tsc//CC5.2"},
        {"iso_27001-2013", "A.8.1.3", "iso27001/2013/A.8.1.3"},
        {"iso_27001", "A.13.1.3", "iso27001//A.13.1.3"},
        {"gdpr_IV", "35.7.d", "gdpr//35.7.d"},
        {"gpg_13", "4.12", "gpg_13//4.12"},
        {"hipaa", "164.312.b", "hipaa//164.312.b"},
        {"cmmc_v2.0", "AC.1.002", "cmmc/2.0/AC.1.002"},
        {"fedramp", "ac.2", "fedramp//AC-2"},
        {"nist_800_53", "AC-6 (1)", "nist_800_53//AC-6(1)"},
        {"nist_800_53", "AU-2 d", "nist_800_53//AU-2(d)"},
        {"nist_800_53", "CM-3 (5)", "nist_800_53//CM-3(5)"},
        {"nist_800_53", "IA-5(1)(c)", "nist_800_53//IA-5(1)(c)"},
        {"nist_800_53", "IA-5 (1) (c)", "nist_800_53//IA-5(1)(c)"},
        {"nist_800_53", "CM-6.1(iv)", "nist_800_53//CM-6.1(iv)"},
        {"nist_800_53", "ac-2.1", "nist_800_53//AC-2(1)"},
        {"nist_800_53", "AC-02(01)", "nist_800_53//AC-2(1)"},
        {"nist_800_53", "AC-2i.2", "nist_800_53//AC-2(i)(2)"},
        {"nist_800_53", "AC", "nist_800_53//AC"},
        {"nist_800_53", "A-1", "nist_800_53//A-1"},
        {"hipaa", "164.308(a)(1)(ii)(D)", "hipaa//164.308(a)(1)(ii)(D)"},
        {"nis2", "21.2.g", "nis2//21.2.g"},
        {"mitre_technique", "T1110", "mitre_techniques//T1110"},
        {"House Rules", "7", "house_rules//7"},
        {"house_rules_v2.1", "7", "house_rules/2.1/7"},
        {"_v2", "7", "_v2//7"},
        /* Prowler */
        {"NIST-800-53-Revision-5", "ac_2_1", "nist_800_53/r5/AC-2(1)"},
        {"NIST-800-53-Revision-4", "ac_2_12_a", "nist_800_53/r4/AC-2(12)(a)"},
        {"NIST-800-171-Revision-2", "3_1_1", "nist_800_171/r2/3.1.1"},
        {"NIST-CSF-1.1", "ae_1", "nist_csf/1.1/AE-1"},
        {"NIST-CSF-2.0", "de_cm_1", "nist_csf/2.0/DE.CM-1"},
        {"SOC2", "cc_1_3", "tsc//CC1.3"},
        {"SOC2", "cc_a_1_1", "tsc//A1.1"},
        {"PCI-3.2.1", "1.1.4.c", "pci_dss/3.2.1/1.1.4.c"},
        {"ISO27001-2022", "A.5.1", "iso27001/2022/A.5.1"},
        {"HIPAA", "164_308_a_1_ii_a", "hipaa//164.308(a)(1)(ii)(A)"},
        {"FedRamp-Moderate-Revision-4", "ac-2-1", "fedramp/moderate r4/AC-2(1)"},
        {"FedRAMP-Low-Revision-4", "ac-2-f", "fedramp/low r4/AC-2(f)"},
        {"MITRE-ATTACK", "T1190", "mitre_techniques//T1190"},
        {"ENS-RD2022", "op.acc.1", "ens/RD2022/op.acc.1"},
        {"CIS-1.10", "1.2.11", "cis/1.10/1.2.11"},
        {"CIS-Controls-8.1", "5.4", "cis_csc/v8.1/5.4"},
        {"cis_controls_8.1", "5.4", "cis_csc/v8.1/5.4"},
        {"C5-2025", "OIS-01.01B", "c5/2025/OIS-01.01B"},
        {"KISA-ISMS-P-2023", "2.1", "kisa_isms_p/2023/2.1"},
        {"GxP-21-CFR-Part-11", "11.10-a", "gxp/21 CFR part 11/11.10-a"},
        /* editions, however they are written */
        {"CIS Controls v8.0", "5", "cis_csc/v8/5"},
        {"cis_csc_v7.1", "5.1", "cis_csc/v7/5.1"},
        {"CSCv8.1", "5.1", "cis_csc/v8.1/5.1"},
        {"800-53r5", "AC-6", "nist_800_53/r5/AC-6"},
        {"NIST SP 800-53 Rev 5", "AC-6", "nist_800_53/r5/AC-6"},
        {"nist_800_53_rev4", "AC-6", "nist_800_53/r4/AC-6"},
        {"800-171r3", "03.01.05", "nist_800_171/r3/03.01.05"},
        {"PCI-DSSv4.0.1", "8.3", "pci_dss/4.0.1/8.3"},
        {"ISO/IEC-27001", "A.9.2.3", "iso27001//A.9.2.3"},
        {"swift_cscv1", "5.1", "swift_cscv1//5.1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scan_check c = check_of(rows[i].key, rows[i].values);
        CHECK_STR(mapping(&c, 0), rows[i].want);
        CHECK(c.mappings.n == 1);
    }
}

static void
test_lists(void)
{
    struct scan_check c = check_of("nist_800_53", " AC.1 , AC-2(1,3);SI.2(c),, AC-1 ");
    CHECK(c.mappings.n == 3);
    CHECK_STR(mapping(&c, 0), "nist_800_53//AC-1");
    CHECK_STR(mapping(&c, 1), "nist_800_53//AC-2(1,3)");
    CHECK_STR(mapping(&c, 2), "nist_800_53//SI-2(c)");
    frameworks_add_edition(a, &c, STR("ISO 27001"), STR("2022"), STR("8.9"), &d);
    CHECK_STR(mapping(&c, 3), "iso27001/2022/8.9");
    frameworks_add_edition(a, &c, STR("cis_csc"), STR("8.1"), STR("4.2"), &d);
    CHECK_STR(mapping(&c, 4), "cis_csc/v8.1/4.2");
    frameworks_add_edition(a, &c, STR("nist"), STR("Revision 5"), STR("ac_2_1"), &d);
    CHECK_STR(mapping(&c, 5), "nist_800_53/r5/AC-2(1)");
    frameworks_add_edition(a, &c, STR("cis"), STR("2.0"), STR("1.1"), &d);
    CHECK_STR(mapping(&c, 6), "cis/2.0/1.1");
    CHECK(d.warnings.n == 0);
}

static void
test_limits(void)
{
    struct scan_check c = check_of("", "1");
    CHECK(c.mappings.n == 0 && d.warnings.n == 1);
    AUTO_BUF b = buf_init(1 << 20);
    for (int i = 0; i < 300; i++)
        buf_putc(&b, 'x');
    frameworks_add(a, &c, STR("cis"), buf_view(&b), &d);
    CHECK(c.mappings.n == 0 && d.warnings.n == 2);
    buf_cut(&b, 0);
    for (int i = 0; i < 2500; i++)
        buf_fmt(&b, "%d,", i);
    frameworks_add(a, &c, STR("cis"), buf_view(&b), &d);
    CHECK(c.mappings.n == 2000 && d.warnings.n == 3);
    c.mappings.n = 0;
    frameworks_add(a, &c, STR("cis"),
                   STR("a\xff"
                       "b,("),
                   &d);
    CHECK_STR(mapping(&c, 0), "cis//a\xef\xbf\xbd"
                              "b");
    CHECK_STR(mapping(&c, 1), "cis//(");
}

int
main(void)
{
    a = arena_new();
    d = diag_init(a);
    test_keys();
    test_lists();
    test_limits();
    arena_free(a);
    return CHECK_DONE();
}
