/* Counts to passed, failed, skipped, waived; the score and how it is rounded. */
#include <limits.h>
#include <math.h>

#include "check.h"
#include "model/tally.h"

/* Every status counts for exactly one of the four, or for none. */
static void
test_classes(void)
{
    int64_t counts[STATUS__COUNT];
    for (int s = 0; s < STATUS__COUNT; s++)
        counts[s] = (int64_t)1 << 4 * s;
    struct tally t = tally_of(counts);
    CHECK(t.passed == counts[STATUS_PASS] + counts[STATUS_FIXED]);
    CHECK(t.failed == counts[STATUS_FAIL] && t.waived == counts[STATUS_WAIVED]);
    CHECK(t.skipped == counts[STATUS_ERROR] + counts[STATUS_UNKNOWN] + counts[STATUS_NOTCHECKED] +
                           counts[STATUS_NOTAPPLICABLE] + counts[STATUS_INFORMATIONAL]);
    CHECK(t.not_applicable == counts[STATUS_NOTAPPLICABLE]);
    struct tally sum = t;
    tally_add(&sum, &t);
    CHECK(sum.passed == 2 * t.passed && sum.failed == 2 * t.failed &&
          sum.skipped == 2 * t.skipped && sum.waived == 2 * t.waived &&
          sum.not_applicable == 2 * t.not_applicable);
}

static void
test_score(void)
{
    CHECK(isnan(tally_score(0, 0)) && tally_score(0, 7) == 0 && tally_score(7, 0) == 100);
    CHECK(fabs(tally_score(10, 2) - 83.3333333) < 1e-6);
    CHECK(tally_score_rounded(78, 193, 0) == 29 && tally_score_rounded(21, 126, 0) == 14);
    CHECK(tally_score_rounded(6, 20, 0) == 23 && tally_score_rounded(1, 7, 0) == 13);
    CHECK(tally_score_rounded(1, 1, 0) == 50 && tally_score_rounded(0, 0, 0) == -1);
    CHECK(tally_score_rounded(0, 0, 2) == -1 && tally_score_rounded(0, 9, 2) == 0);
    CHECK(tally_score_shown(24999, 1, 2) == 9999 && tally_score_shown(1, 24999, 2) == 1);
    CHECK(tally_score_shown(5, 0, 2) == 10000 && tally_score_shown(0, 5, 2) == 0 &&
          tally_score_shown(0, 0, 2) == -1);
    CHECK(tally_score_shown(2499, 1, 2) == 9996 && tally_score_shown(1, 31, 2) == 313);
    CHECK(tally_score_rounded(INT64_MAX / 2, INT64_MAX / 2, 4) == 500000);
}

/* Halves go up, also those that no double holds: 23 of 4000 are 0.575 %. */
static void
test_halves(void)
{
    CHECK(tally_score_rounded(1, 31, 2) == 313 && tally_score_rounded(3, 29, 2) == 938);
    CHECK(tally_score_rounded(23, 3977, 2) == 58 && tally_score_rounded(41, 3959, 2) == 103);
    CHECK(tally_score_rounded(1, 199, 0) == 1 && tally_score_rounded(1, 200, 0) == 0);
}

/* Beside every rounded score lies the exact one, by at most half a unit. */
static void
test_nearest(void)
{
    for (int64_t sum = 1; sum <= 400; sum++)
        for (int64_t passed = 0; passed <= sum; passed++)
            for (int decimals = 0, unit = 100; decimals <= 4; decimals++, unit *= 10) {
                int64_t v = tally_score_rounded(passed, sum - passed, decimals);
                int64_t twice = 2 * (v * sum - unit * passed); /* the error, in halves / sum */
                if (twice > sum || twice <= -sum)
                    CHECK(!"not the nearest");
            }
}

int
main(void)
{
    test_classes();
    test_score();
    test_halves();
    test_nearest();
    return CHECK_DONE();
}
