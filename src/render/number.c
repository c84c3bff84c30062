/* Decimals and the percent sign; below render.c and chart.c. */
#include "render/number.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "model/report.h"

struct str
number_int(const struct lang *l, struct arena *a, int64_t n)
{
    return lang_number(l, a, arena_fmt(a, "%" PRId64, n));
}

struct str
number_fixed(const struct lang *l, struct arena *a, double v, int decimals)
{
    assert(isfinite(v) && decimals >= 0);
    return lang_number(l, a, arena_fmt(a, "%.*f", decimals, v));
}

struct str
number_percent(const struct lang *l, struct arena *a, double pct, int decimals)
{
    assert(isfinite(pct));
    return LANG(l, a, "number.percent", {"value", report_score_text(a, pct, decimals)});
}

struct str
number_short(const struct lang *l, struct arena *a, double v)
{
    return number_fixed(l, a, v, v == floor(v) ? 0 : 1);
}
