/* Rounds what it reads as a report would, for tests/e2e/report/rounding.sh, which compares with another
 * language. A line is "share DECIMALS N OF", "ratio DECIMALS N OF" or "mean DECIMALS N OF N OF …"; the
 * answer is digits and text, or "none". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"
#include "model/exact.h"

static struct rounded
answer(const char *word, int decimals, const struct share *v, size_t n, struct arena *a)
{
    if (strcmp(word, "share") == 0)
        return exact_percent(v[0], decimals);
    if (strcmp(word, "ratio") == 0)
        return exact_ratio(v[0].n, v[0].of, decimals);
    struct exact x = exact_mean(v, n, a);
    return exact_mean_percent(&x, decimals, a);
}

int
main(void)
{
    static char line[1 << 20];
    while (fgets(line, sizeof line, stdin)) {
        struct arena *a = arena_new();
        VEC(struct share) v = {0};
        char word[8] = "", *at = line;
        int used = 0, decimals = 0;
        if (sscanf(at, "%7s %d%n", word, &decimals, &used) != 2)
            return 1;
        long long n, of;
        for (at += used; sscanf(at, "%lld %lld%n", &n, &of, &used) == 2; at += used)
            *VEC_PUSH(a, &v) = (struct share){n, of};
        struct rounded r = answer(word, decimals, v.v, v.n, a);
        if (r.none)
            puts("none");
        else
            printf("%s\t%s\n", exact_digits(a, &r).s, exact_text(a, &r).s);
        arena_free(a);
    }
    return 0;
}
