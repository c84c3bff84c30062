/* What counts of results add up to: passed, failed, skipped, waived, and the score.
 * What:   the one place where C says which statuses pass or fail (status_class) and what a score is.
 *         SQL has its own words for it in one view, v_scores, and the column scan.score that this
 *         file fills; unit/store/test_score holds both to the same digits.
 *         Rounding: to the nearest unit, halves up, in integers, so that no error of a quotient
 *         moves a half.
 * Owner:  by value.
 * Units:  counts of results; percent.
 * Errors: none; without a pass or a failure there is no score (NaN, -1).
 * See:    sql/schema/002-views.sql, doc/reports/sections.md */
#ifndef MODEL_TALLY_H
#define MODEL_TALLY_H

#include "model/status.h"

struct tally {
    int64_t passed, failed, skipped, waived;
    int64_t not_applicable; /* of the skipped */
};

/* Folds the counts of the ten statuses. */
struct tally tally_of(const int64_t counts[STATUS__COUNT]);
/* Adds b to *a. */
void tally_add(struct tally *a, const struct tally *b);
/* The score: passed / (passed + failed) in percent; NaN = nothing was evaluated. */
double tally_score(int64_t passed, int64_t failed);
/* The same in units of 10^-decimals percent (at most 4), rounded; -1 = nothing was evaluated. */
int64_t tally_score_rounded(int64_t passed, int64_t failed, int decimals);
/* The same as it is printed where there is one number of that many decimals: never 100 while something failed, never 0
 * while something passed, but the last number before (the rule of model/exact.h, without more decimals). */
int64_t tally_score_shown(int64_t passed, int64_t failed, int decimals);

#endif
