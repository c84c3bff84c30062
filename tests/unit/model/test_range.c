/* Ranges of monitoring plugins: the table of the guidelines, what is none, and ends that belong to the range. */
#include "model/range.h"

#include "check.h"

static const struct {
    const char *text;
    double value;
    bool alerts;
} cases[] = {
    {"10", 10, false},      {"10", 10.01, true},  {"10", -0.01, true},   {"10", 0, false},
    {"10:", 10, false},     {"10:", 9.99, true},  {"10:", 1e12, false},  {"~:10", -1e12, false},
    {"~:10", 10, false},    {"~:10", 10.5, true}, {"10:20", 9, true},    {"10:20", 20, false},
    {"@10:20", 10, true},   {"@10:20", 20, true}, {"@10:20", 21, false}, {"@10", 3, true},
    {"@10", -1, false},     {"0", 0, false},      {"0", 1, true},        {":5", 3, false},
    {":5", 6, true},        {"", 1e9, false},     {"70:", 69.99, true},  {"70:", 70, false},
    {"-5:-1", -3, false},   {"-5:-1", 0, true},   {"~:", 5, false},      {"1.5:2.5", 2, false},
};

static const char *const broken[] = {"x", "10:x", "20:10", "@", "10:20:30", "1 0", "~", "~10", "nan", "inf:", "10%", ":~", "--1"};

int
main(void)
{
    struct arena *a = arena_new();
    struct range r;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = diag_init(a);
        CHECK(range_parse(str_c(cases[i].text), &r, &d) == 0);
        CHECK(range_alerts(&r, cases[i].value) == cases[i].alerts);
    }
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct diag d = diag_init(a);
        CHECK(range_parse(str_c(broken[i]), &r, &d) == -1 && d.first.code == DIAG_USAGE);
    }
    arena_free(a);
    return CHECK_DONE();
}
