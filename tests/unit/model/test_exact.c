/* Rounding of shares and of means: ties, the two ends, sums whose quotients are no tie but nearly. */
#include "base/arena.h"
#include "check.h"
#include "model/exact.h"

static struct str
percent(struct arena *a, int64_t n, int64_t of, int decimals)
{
    struct rounded r = exact_percent((struct share){n, of}, decimals);
    return r.none ? STR("none") : exact_text(a, &r);
}

static struct str
ratio(struct arena *a, int64_t n, int64_t of, int decimals)
{
    struct rounded r = exact_ratio(n, of, decimals);
    return r.none ? STR("none") : exact_digits(a, &r);
}

/* What printf makes of the nearest double is wrong for most of these. */
static void
test_ties(struct arena *a)
{
    static const struct {
        int64_t n, of;
        int decimals;
        const char *want;
    } ratios[] = {{2973, 60, 1, "49.6"}, {105, 4, 1, "26.3"},  {567, 20, 1, "28.4"},
                  {1, 4, 1, "0.3"},      {3, 4, 1, "0.8"},     {1, 20, 1, "0.1"},
                  {1, 21, 1, "0.0"},     {1, 2, 0, "1"},       {5, 2, 0, "3"},
                  {0, 9, 1, "0.0"},      {100, 1, 1, "100.0"}, {1005, 1000, 2, "1.01"},
                  {49, 100, 0, "0"},     {0, 0, 1, "none"}},
      shares[] = {{1, 8, 1, "12.5"},     {1, 8, 0, "13"},      {1, 16, 1, "6.3"},
                  {1, 32, 2, "3.13"},    {3, 32, 2, "9.38"},   {23, 4000, 2, "0.58"},
                  {1, 200, 0, "1"},      {1, 201, 0, "0.5"},   {1706, 10000, 2, "17.06"},
                  {7, 1000, 2, "0.7"},   {1, 1, 2, "100.0"},   {0, 7, 2, "0.0"},
                  {0, 7, 0, "0"},        {7, 7, 0, "100"},     {0, 0, 2, "none"},
                  {1, 3, 1, "33.3"},     {2, 3, 1, "66.7"},    {1999, 4000, 1, "50.0"}};
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
        CHECK_STR(ratio(a, ratios[i].n, ratios[i].of, ratios[i].decimals), ratios[i].want);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        CHECK_STR(percent(a, shares[i].n, shares[i].of, shares[i].decimals), shares[i].want);
}

/* Never 100 while something failed, never 0 while something passed. */
static void
test_ends(struct arena *a)
{
    CHECK_STR(percent(a, 2499, 2500, 0), "99.96");
    CHECK_STR(percent(a, 1, 2500, 0), "0.04");
    CHECK_STR(percent(a, 2499, 2500, 1), "99.96");
    CHECK_STR(percent(a, 399, 400, 0), "99.8"); /* 99.75: one more decimal is enough */
    CHECK_STR(percent(a, 1, 400, 0), "0.3");
    CHECK_STR(percent(a, 99999, 100000, 2), ">\xc2\xa0" "99.9");
    CHECK_STR(percent(a, 1, 100000, 2), "<\xc2\xa0" "0.1");
    CHECK_STR(percent(a, 1, 100000, 0), "<\xc2\xa0" "0.1");
    CHECK_STR(percent(a, INT64_MAX / 2 - 1, INT64_MAX / 2, 0), ">\xc2\xa0" "99.9");
    struct rounded r = exact_percent((struct share){99999, 100000}, 2);
    CHECK_STR(exact_digits(a, &r), "99.99");
    r = exact_percent((struct share){1, 100000}, 0);
    CHECK_STR(exact_digits(a, &r), "0.01");
    for (int64_t of = 1; of < 600; of++)
        for (int64_t n = 0; n <= of; n++)
            for (int d = 0; d <= 2; d++) {
                r = exact_percent((struct share){n, of * 37}, d);
                bool is_0 = r.units == 0, is_100 = str_starts(exact_digits(a, &r), "100");
                CHECK(is_0 == (n == 0) && is_100 == (n == of * 37));
            }
}

static struct str
mean(struct arena *a, const struct share *v, size_t n, int decimals)
{
    struct exact x = exact_mean(v, n, a);
    struct rounded r = exact_mean_percent(&x, decimals, a);
    return r.none ? STR("none") : exact_text(a, &r);
}

/* 1/3 + 2/3 is 1, and a mean that is a tie in fractions is one in digits. */
static void
test_means(struct arena *a)
{
    const struct share thirds[] = {{1, 3}, {2, 3}, {0, 0}, {1, 8}};
    CHECK_STR(mean(a, thirds, 4, 1), "37.5");
    CHECK_STR(mean(a, thirds, 3, 1), "50.0");
    CHECK_STR(mean(a, thirds, 0, 1), "none");
    /* (1/3 + 2/3 + 1/7 + 6/7 + 1/40 + 0 … ) / 20 = 2.025 / 20 = 10.125 % */
    struct share tie[20] = {{1, 3}, {2, 3}, {1, 7}, {6, 7}, {1, 40}};
    for (size_t i = 5; i < 20; i++)
        tie[i] = (struct share){0, 9};
    CHECK_STR(mean(a, tie, 20, 2), "10.13");
    tie[4] = (struct share){24999999, 1000000000}; /* just below the tie */
    CHECK_STR(mean(a, tie, 20, 2), "10.12");
    struct share all[2500];
    for (size_t i = 0; i < 2500; i++)
        all[i] = (struct share){(int64_t)i + 1, (int64_t)i + 1};
    CHECK_STR(mean(a, all, 2500, 1), "100.0");
    all[7].n--;
    CHECK_STR(mean(a, all, 2500, 1), ">\xc2\xa0" "99.9"); /* 99.995 is no 99.99 and no 100 */
    all[7].n = 0;
    CHECK_STR(mean(a, all, 2500, 1), "99.96");
    struct exact x = exact_mean(thirds, 4, a);
    struct rounded r = exact_mean_percent(&x, 1, a);
    CHECK(r.of.n == 3 && r.of.of == 8);
}

/* Pairs p/q and (q-p)/q of many denominators: whole in sum, far from it in quotients. */
static void
test_many_denominators(struct arena *a)
{
    enum { PAIRS = 400 };
    struct share v[2 * PAIRS];
    for (int64_t i = 0; i < PAIRS; i++) {
        int64_t q = 2 * i + 3, p = i % (q - 1) + 1;
        v[2 * i] = (struct share){p, q};
        v[2 * i + 1] = (struct share){5 * (q - p), 5 * q};
    }
    struct exact x = exact_mean(v, (size_t)2 * PAIRS, a);
    CHECK(x.n == 0 && x.whole == PAIRS);
    /* the same with denominators that only their product hides: 1/6 + 1/10 + 1/15 = 1/3 */
    const struct share hidden[] = {{1, 6}, {1, 10}, {1, 15}}, third[] = {{1, 3}, {0, 1}, {0, 1}};
    struct exact y = exact_mean(hidden, 3, a), z = exact_mean(third, 3, a);
    CHECK(exact_cmp(&y, &z, a) == 0 && exact_cmp(&z, &y, a) == 0);
    const struct share more[] = {{1, 6}, {1, 10}, {66666667, 1000000000}};
    struct exact w = exact_mean(more, 3, a);
    CHECK(exact_cmp(&w, &z, a) > 0 && exact_cmp(&z, &w, a) < 0);
}

/* Small denominators and large ones, in no order: each stands once, and they ascend. */
static void
test_terms(struct arena *a)
{
    const struct share v[] = {{1, 5000}, {1, 2047}, {7, 2048}, {2, 3},  {2045, 2047}, {3, 5000},
                              {4, 8},    {1, 2047}, {1, 2048}, {0, 77}, {5, 5},       {2999, 3000}};
    static const struct exact_term want[] = {
        {1, 2}, {2, 3}, {8, 2048}, {2999, 3000}, {4, 5000}};
    struct exact x = exact_mean(v, sizeof v / sizeof *v, a);
    CHECK(x.whole == 2 && x.divisor == 12 && x.n == sizeof want / sizeof *want);
    for (size_t i = 0; i < x.n; i++)
        CHECK(x.terms[i].num == want[i].num && x.terms[i].den == want[i].den);
}

static void
test_changes(struct arena *a)
{
    const struct share now[] = {{2499, 2500}}, before[] = {{1, 1}}, old[] = {{3, 8}};
    struct exact x = exact_mean(now, 1, a), y = exact_mean(before, 1, a), z = exact_mean(old, 1, a);
    int direction = 9;
    struct rounded r = exact_change(&x, &y, 1, &direction, a);
    CHECK(direction == -1);
    CHECK_STR(exact_text(a, &r), "0.04");
    r = exact_change(&y, &z, 1, &direction, a);
    CHECK(direction == 1);
    CHECK_STR(exact_text(a, &r), "62.5");
    r = exact_change(&z, &z, 1, &direction, a);
    CHECK(direction == 0 && r.units == 0);
    const struct share tiny[] = {{99999, 100000}};
    struct exact t = exact_mean(tiny, 1, a);
    r = exact_change(&y, &t, 1, &direction, a);
    CHECK(direction == 1);
    CHECK_STR(exact_text(a, &r), "<\xc2\xa0" "0.1");
}

int
main(void)
{
    struct arena *a = arena_new();
    test_ties(a);
    test_ends(a);
    test_means(a);
    test_many_denominators(a);
    test_terms(a);
    test_changes(a);
    arena_free(a);
    return CHECK_DONE();
}
