/* tag.c: checks by identifier, framework and control. */
#include "engine/tag.h"

#include "check.h"
#include "make_fleet.h"

/* Two checks: one with an identifier and two controls, one with nothing. */
static struct fleet
two(struct arena *a)
{
    struct fleet f = {0};
    size_t p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 2, "");
    struct scan_check *c = &f.policies.v[p].checks.v[0];
    *VEC_PUSH(a, &c->idents) = STR("CCE-80644-8");
    *VEC_PUSH(a, &c->mappings) = (struct scan_mapping){STR("pci_dss"), STR("4.0"), STR("8.2.3")};
    *VEC_PUSH(a, &c->mappings) = (struct scan_mapping){STR("nist_800_53"), STR("r5"), STR("AC-2(1)")};
    return f;
}

static void
test_fits(struct arena *a, const struct fleet *f)
{
    static const struct {
        const char *pattern;
        bool fits;
    } cases[] = {
        {"CCE-80644-8", true},      {"cce-80644-8", true},         {"cce-*", true},  {"CCE-80644", false},
        {"pci_dss", true},          {"PCI_DSS", true},             {"pci_ds", false}, {"pci_dss:8.2.3", true},
        {"pci_dss:8.*", true},      {"pci_dss:8.2", false},        {"pci_dss:4.0", false},
        {"nist_800_53:ac-2(1)", true}, {"nist_800_53:AC-2", false}, {"*", true},      {"", false},
    };
    const struct scan_check *v = f->policies.v[0].checks.v;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str pattern = str_c(cases[i].pattern);
        CHECK(tag_fits(&v[0], &pattern, 1, a) == cases[i].fits);
        CHECK(!tag_fits(&v[1], &pattern, 1, a)); /* without a tag nothing fits, not even * */
    }
    struct str either[] = {STR("none"), STR("pci_dss")};
    CHECK(tag_fits(&v[0], either, 2, a));
    CHECK(tag_fits(&v[1], NULL, 0, a));
}

static struct str
said(struct arena *a, const struct fleet *f, const char *pattern)
{
    struct diag d = diag_init(a);
    struct str tags[] = {STR("pci_dss"), str_c(pattern)};
    int rc = tag_check(f, tags, 2, DIAG_USAGE, &d);
    CHECK((rc == 0) == !diag_failed(&d) && (rc == 0 || d.first.code == DIAG_USAGE));
    return rc ? d.first.text : STR("");
}

static void
test_check(struct arena *a, const struct fleet *f)
{
    struct fleet none = {0};
    struct diag d = diag_init(a);
    struct str tag = STR("anything");
    CHECK_STR(said(a, f, "CCE-*"), "");
    CHECK_STR(said(a, f, "pci_ds"), "no tag \"pci_ds\"; the nearest is \"pci_dss\"");
    CHECK_STR(said(a, f, "zzz"), "no tag \"zzz\"; there is: CCE-80644-8, pci_dss, pci_dss:8.2.3, "
                                 "nist_800_53, nist_800_53:AC-2(1)");
    CHECK(tag_check(&none, &tag, 1, DIAG_USAGE, &d) == 0);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct fleet f = two(a);
    test_fits(a, &f);
    test_check(a, &f);
    arena_free(a);
    return CHECK_DONE();
}
