/* Numbers as readers of a language write them.
 * What:   digits in groups of three, a percent sign that never leaves its number.
 * Owner:  texts live in the given arena.
 * Units:  percent 0..100.   Errors: none. */
#ifndef RENDER_NUMBER_H
#define RENDER_NUMBER_H

#include "model/report.h"

/* 1066 -> "1,066". */
struct str number_int(const struct lang *l, struct arena *a, int64_t n);
/* A number with all its decimals. */
struct str number_fixed(const struct lang *l, struct arena *a, const struct rounded *v);
/* "46.1 %", "> 99.9 %": as exact_text, with its unit behind a no-break space. */
struct str number_percent(const struct lang *l, struct arena *a, const struct rounded *pct);
/* A tick of an axis, which is drawn where it says: whole numbers without decimals, others with one. */
struct str number_tick(const struct lang *l, struct arena *a, double v);
/* Point i of a chart as it is written: its digits where it has some; "–" without a value. */
struct str number_point(const struct lang *l, struct arena *a, const struct report_chart *ch,
                        const struct chart_series *s, size_t i);

#endif
