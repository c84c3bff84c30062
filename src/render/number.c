/* Grouping of digits and the percent sign; below render.c and chart.c. */
#include "render/number.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "model/report.h"

/* Puts the group sign between thousands of the whole part of a printed number. */
static struct str
group(const struct lang *l, struct arena *a, struct str digits)
{
    size_t sign = digits.len && digits.s[0] == '-';
    const char *point = memchr(digits.s, '.', digits.len);
    size_t whole = point ? (size_t)(point - digits.s) : digits.len;
    if (whole - sign <= 3)
        return digits;
    struct str mark = lang_get(l, "number.group");
    AUTO_BUF b = buf_init(digits.len * (mark.len + 1) + 1);
    for (size_t i = 0; i < digits.len; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0)
            buf_str(&b, mark);
        buf_putc(&b, digits.s[i]);
    }
    return arena_str(a, buf_view(&b));
}

struct str
number_int(const struct lang *l, struct arena *a, int64_t n)
{
    return group(l, a, arena_fmt(a, "%" PRId64, n));
}

struct str
number_fixed(const struct lang *l, struct arena *a, double v, int decimals)
{
    assert(isfinite(v) && decimals >= 0);
    return group(l, a, arena_fmt(a, "%.*f", decimals, v));
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
