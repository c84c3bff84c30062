/* Normalising of native compliance keys, and the category that follows from them. */
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
    struct scan_check c = {.id = STR("1"), .category = STR("")};
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
        {"nis2", "21.2.g", "nis2//21.2.g"},
        {"mitre_technique", "T1110", "mitre_techniques//T1110"},
        {"House Rules", "7", "house_rules//7"},
        {"house_rules_v2.1", "7", "house_rules/2.1/7"},
        {"_v2", "7", "_v2//7"},
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

static struct str
category_of(const char *own, const char *key, const char *values)
{
    struct scan_check c = check_of(key, values);
    c.category = str_c(own);
    frameworks_settle_category(&c);
    return c.category;
}

static void
test_categories(void)
{
    CHECK_STR(category_of("3", "cis_csc_v8", "5.1"), "Data Protection");
    CHECK_STR(category_of("data protection", "cis", "1"), "Data Protection");
    CHECK_STR(category_of("House rules", "cis_csc_v8", "5.1"), "House rules");
    CHECK_STR(category_of("", "cis_csc_v8", "5.1"), "Account Management");
    CHECK_STR(category_of("", "cis_csc_v7", "5.1"),
              "Secure Configuration of Enterprise Assets and Software");
    CHECK_STR(category_of("", "cis_csc", "6.2,4.1"), "Audit Log Management");
    CHECK_STR(category_of("", "cis_csc_v7", "20.1"), "Penetration Testing");
    CHECK_STR(category_of("", "cis_csc_v8", "20.1"), "");
    CHECK_STR(category_of("", "cis_csc_v8", "x"), "");
    CHECK_STR(category_of("", "cis", "5.1"), "");
    struct scan_check c = check_of("cis_csc_v7", "5.1");
    frameworks_add(a, &c, STR("cis_csc_v8"), STR("11.2"), &d);
    frameworks_settle_category(&c);
    CHECK_STR(c.category, "Data Recovery");
}

int
main(void)
{
    a = arena_new();
    d = diag_init(a);
    test_keys();
    test_lists();
    test_limits();
    test_categories();
    arena_free(a);
    return CHECK_DONE();
}
