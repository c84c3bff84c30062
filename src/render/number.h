/* Numbers as readers of a language write them.
 * What:   digits in groups of three, a percent sign that never leaves its number.
 * Owner:  texts live in the given arena.
 * Units:  percent 0..100.   Errors: none. */
#ifndef RENDER_NUMBER_H
#define RENDER_NUMBER_H

#include "model/lang.h"

/* 1066 -> "1,066". */
struct str number_int(const struct lang *l, struct arena *a, int64_t n);
/* v with exactly the given decimals. */
struct str number_fixed(const struct lang *l, struct arena *a, double v, int decimals);
/* "46.1 %": as report_score_text, with its unit behind a no-break space. */
struct str number_percent(const struct lang *l, struct arena *a, double pct, int decimals);
/* An axis or bar value: whole numbers without decimals, others with one. */
struct str number_short(const struct lang *l, struct arena *a, double v);

#endif
