/* Up to where classes were pruned. Called by whoever stores, reports or decides. */
#include "base/auto.h"
#include "base/clock.h"
#include "store/month.h"
#include "store/prune.h"

AUTO_DEFINE(struct arena *, arena_free)

int
prune_load_bound(struct store *st, const char *class, int64_t *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct clock_time t;
    struct str value;
    *ret = CLOCK_NONE;
    if (store_load_setting(st, arena_fmt(a, "pruned:%s", class), a, &value, d) != 0)
        return -1;
    if (value.len && clock_parse(str_cut(&value, ' '), 0, &t))
        *ret = t.t;
    return 0;
}

int
prune_load_closed(struct store *st, int64_t *ret, struct diag *d)
{
    if (prune_load_bound(st, "scans", ret, d) != 0)
        return -1;
    if (*ret != CLOCK_NONE)
        *ret = month_start(month_after(month_of(*ret - 1)));
    return 0;
}
