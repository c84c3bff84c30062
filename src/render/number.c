/* Decimals and the percent sign; below render.c and chart.c. */
#include "render/number.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

struct str
number_int(const struct lang *l, struct arena *a, int64_t n)
{
    return lang_number(l, a, arena_fmt(a, "%" PRId64, n));
}

struct str
number_fixed(const struct lang *l, struct arena *a, const struct rounded *v)
{
    return lang_number(l, a, exact_digits(a, v));
}

struct str
number_percent(const struct lang *l, struct arena *a, const struct rounded *pct)
{
    assert(!pct->none);
    return LANG(l, a, "number.percent", {"value", exact_text(a, pct)});
}

struct str
number_tick(const struct lang *l, struct arena *a, double v)
{
    assert(isfinite(v));
    return lang_number(l, a, arena_fmt(a, "%.*f", v == floor(v) ? 0 : 1, v));
}

struct str
number_point(const struct lang *l, struct arena *a, const struct report_chart *ch,
             const struct chart_series *s, size_t i)
{
    if (!isfinite(s->values[i]) || (s->digits && s->digits[i].none))
        return STR("–");
    if (s->digits)
        return ch->percent ? number_percent(l, a, &s->digits[i]) : number_fixed(l, a, &s->digits[i]);
    struct str n = number_tick(l, a, s->values[i]);
    return ch->percent ? LANG(l, a, "number.percent", {"value", n}) : n;
}
