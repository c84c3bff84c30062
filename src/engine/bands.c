/* Score bands: after score. */
#include "engine/bands.h"

#include <assert.h>

static const int edges[BANDS_N + 1] = {0, 25, 50, 75, 90, 100};

/* In integers: an agent that is exactly at an edge is not below it. */
static bool
reaches(const struct score_agent *s, int pct)
{
    __extension__ typedef __int128 wide;
    struct share share = score_share(s);
    return (wide)100 * share.n >= (wide)pct * share.of;
}

struct bands
bands_count(const struct score *s)
{
    struct bands b = {.n_not_evaluated = s->n_wanted - s->n_evaluated};
    assert(s->n_evaluated <= s->n_wanted);
    for (size_t k = 0; k < BANDS_N; k++) {
        b.from[k] = edges[k];
        b.to[k] = edges[k + 1];
    }
    for (size_t i = 0; i < s->n; i++) {
        if (!s->agents[i].is_evaluated)
            continue;
        size_t k = 0;
        while (k + 1 < BANDS_N && reaches(&s->agents[i], edges[k + 1])) /* the last has its upper end */
            k++;
        b.n[k]++;
        b.n_evaluated++;
        b.n_below_half += !reaches(&s->agents[i], 50);
    }
    assert(b.n_evaluated == s->n_evaluated);
    return b;
}
