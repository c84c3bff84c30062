/* Counts and scores; between status.c and all that counts: ingest, store, engine, compose. */
#include "model/tally.h"

#include <assert.h>
#include <math.h>

struct tally
tally_of(const int64_t counts[STATUS__COUNT])
{
    struct tally t = {.not_applicable = counts[STATUS_NOTAPPLICABLE]};
    for (int s = STATUS_NONE; s < STATUS__COUNT; s++) {
        enum status_class class = status_class((enum status)s);
        assert(counts[s] >= 0);
        t.passed += class == CLASS_PASSED ? counts[s] : 0;
        t.failed += class == CLASS_FAILED ? counts[s] : 0;
        t.skipped += class == CLASS_SKIPPED ? counts[s] : 0;
        t.waived += class == CLASS_WAIVED ? counts[s] : 0;
    }
    return t;
}

void
tally_add(struct tally *a, const struct tally *b)
{
    a->passed += b->passed;
    a->failed += b->failed;
    a->skipped += b->skipped;
    a->waived += b->waived;
    a->not_applicable += b->not_applicable;
}

double
tally_score(int64_t passed, int64_t failed)
{
    assert(passed >= 0 && failed >= 0);
    return passed + failed ? 100.0 * (double)passed / (double)(passed + failed) : NAN;
}

int64_t
tally_score_rounded(int64_t passed, int64_t failed, int decimals)
{
    __extension__ typedef __int128 wide; /* counts come from hosts: products must not overflow */
    wide unit = 100, sum = (wide)passed + failed;
    assert(passed >= 0 && failed >= 0 && decimals >= 0 && decimals <= 4);
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    return sum ? (int64_t)((2 * unit * passed + sum) / (2 * sum)) : -1;
}

int64_t
tally_score_shown(int64_t passed, int64_t failed, int decimals)
{
    int64_t score = tally_score_rounded(passed, failed, decimals),
            all = tally_score_rounded(1, 0, decimals);
    if (score == all && failed > 0)
        return all - 1;
    return score == 0 && passed > 0 ? 1 : score;
}
