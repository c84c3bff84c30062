/* Words of filters: every known one, and what is said of one that is not. */
#include "settings/filters.h"

#include "check.h"

static struct arena *a;

typedef int bits_fn(struct str word, enum diag_code code, unsigned *bits, struct diag *d);

static unsigned
bits_of(bits_fn *fn, const char *word)
{
    struct diag d = diag_init(a);
    unsigned bits = 0;
    CHECK(fn(str_c(word), DIAG_USAGE, &bits, &d) == 0);
    return bits;
}

static struct str
refused(bits_fn *fn, const char *word)
{
    struct diag d = diag_init(a);
    unsigned bits = 0;
    CHECK(fn(str_c(word), DIAG_USAGE, &bits, &d) != 0 && bits == 0);
    CHECK(d.first.code == DIAG_USAGE);
    return d.first.text;
}

static void
test_bits(void)
{
    CHECK(bits_of(filters_status, "passed") == 1u << CLASS_PASSED);
    CHECK(bits_of(filters_status, "waived") == 1u << CLASS_WAIVED);
    CHECK(bits_of(filters_severity, "high") == 1u << SEVERITY_HIGH);
    CHECK(bits_of(filters_severity, "unknown") == 1u << SEVERITY_UNKNOWN);
    CHECK_STR(refused(filters_status, "fail"),
              "no status \"fail\"; the nearest is \"failed\"");
    CHECK_STR(refused(filters_status, "open"),
              "no status \"open\"; there is: passed, failed, skipped, waived");
    CHECK_STR(refused(filters_severity, "hihg"),
              "no severity \"hihg\"; the nearest is \"high\"");
    CHECK_STR(refused(filters_severity, ""),
              "no severity \"\"; there is: unknown, informational, low, medium, high, critical");
}

static int
number(int (*fn)(struct str, enum diag_code, int *, struct diag *), const char *word)
{
    struct diag d = diag_init(a);
    int n = -99;
    return fn(str_c(word), DIAG_CONFIG, &n, &d) == 0 ? n : d.first.code == DIAG_CONFIG ? -77 : -78;
}

static void
test_numbers(void)
{
    static const struct {
        const char *word;
        int n;
    } scores[] = {{"0", 0},       {"50", 5000},      {"49.5", 4950},  {"49.55", 4955},
                  {"100", 10000}, {"100.00", 10000}, {"100.01", -77}, {"49.555", -77},
                  {"-1", -77},    {"", -77},         {".5", -77},     {"5.5.", -77},
                  {"1e2", -77},   {"101", -77},      {"9999999", -77}};
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        CHECK(number(filters_score, scores[i].word) == scores[i].n);
    CHECK(number(filters_category, "1") == 1 && number(filters_category, "18") == 18);
    CHECK(number(filters_category, "account management") == 5);
    CHECK(number(filters_category, "uncategorised") == CATEGORY_WITHOUT);
    CHECK(number(filters_category, "all") == CATEGORY_ALL);
    CHECK(number(filters_category, "19") == -77 && number(filters_category, "each") == -77);
}

static void
test_unknown_category(void)
{
    struct diag d = diag_init(a), other = diag_init(a);
    int n;
    CHECK(filters_category(STR("Acount Management"), DIAG_USAGE, &n, &d) != 0);
    CHECK_STR(d.first.text, "no category \"Acount Management\"; the nearest is \"Account Management\"");
    CHECK(filters_category(STR("19"), DIAG_USAGE, &n, &other) != 0);
    CHECK_STR(other.first.text, "no category \"19\"; there is: 1..18, a name of CIS Controls v8 such as "
                                "\"Account Management\", uncategorised, all");
}

/* The same filter is the same text: it stands in the id of a report. */
static void
test_spelling(void)
{
    struct report_filter f = {.policy = STR(""), .score_from = -1, .score_below = -1};
    CHECK_STR(filters_spell(&f, a), "");
    *VEC_PUSH(a, &f.os) = STR("Debian*");
    f.policy = STR("p");
    f.score_from = 0;
    f.score_below = 4955;
    f.severities = bits_of(filters_severity, "critical") | bits_of(filters_severity, "high");
    f.statuses = bits_of(filters_status, "failed");
    f.category = CATEGORY_WITHOUT;
    *VEC_PUSH(a, &f.tags) = STR("pci_dss:8.*");
    CHECK_STR(filters_spell(&f, a),
              "os=Debian*;score-from=0.00;score-below=49.55;status=failed;severity=high;"
              "severity=critical;tag=pci_dss:8.*;category=uncategorised");
    CHECK_STR(str_c(filters_status_word(CLASS_FAILED)), "failed");
}

int
main(void)
{
    a = arena_new();
    test_bits();
    test_numbers();
    test_unknown_category();
    test_spelling();
    arena_free(a);
    return CHECK_DONE();
}
