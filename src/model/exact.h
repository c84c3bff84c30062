/* Ratios of counts, means of them, and the one rule by which they are rounded.
 * What:   shares n / of of integers, and sums of such shares (a mean of scores) kept as fractions, so
 *         that no error of a quotient decides a digit. Rounding: to the nearest unit, halves away
 *         from zero. A percentage is never 100 while something is missing, nor 0 while something is
 *         there: it gets the next decimal as long as that helps, two at most, and is then printed as
 *         "> 99.9" or "< 0.1".
 * Owner:  a struct exact lives in the arena it was made in; the rest is by value.
 * Units:  shares 0..1, printed in percent; changes in percentage points.
 * Errors: none; a share of nothing is no number (none).
 * See:    doc/reports/sections.md (rounding) */
#ifndef MODEL_EXACT_H
#define MODEL_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct share {
    int64_t n, of; /* 0 <= n; of >= 0, and 0 = of nothing */
};

/* A number as it is printed: units / 10^decimals. */
struct rounded {
    bool none;    /* there is no number */
    int8_t bound; /* > 0: it is above, < 0: it is below what the last decimal can say */
    int8_t decimals;
    int64_t units;
    double value;    /* for drawings and for the order of rows in a browser, never for digits */
    struct share of; /* exactly this, as far as it fits; of.of = 0: it does not */
};

/* A sum of fractions, divided by a number: (whole + sum of num / den) / divisor. */
struct exact_term {
    uint64_t num, den; /* 0 < num < den; dens ascend, each stands once */
};

struct exact {
    int64_t whole;
    int64_t divisor; /* 0 = the mean of nothing */
    size_t n;
    struct exact_term *terms;
};

/* The mean of shares, each weighing the same; those of nothing are left out. */
struct exact exact_mean(const struct share *v, size_t n, struct arena *a);
/* < 0, 0, > 0 as a is less than, equal to or more than b; the mean of nothing is less than all. */
int exact_cmp(const struct exact *a, const struct exact *b, struct arena *arena);
/* Nearly the value, 0..1: for drawings. */
double exact_value(const struct exact *x);

/* n / of in percent, by the rule of percentages. */
struct rounded exact_percent(struct share s, int decimals);
/* A mean of shares in percent, by the rule of percentages. */
struct rounded exact_mean_percent(const struct exact *x, int decimals, struct arena *a);
/* now - before in percentage points without its sign; *ret_direction = the sign. It is 0 only when
 * the two are equal. */
struct rounded exact_change(const struct exact *now, const struct exact *before, int decimals,
                            int *ret_direction, struct arena *a);
/* n / of as a number (a mean of counts), halves away from zero. */
struct rounded exact_ratio(int64_t n, int64_t of, int decimals);

/* The number as data: digits with all its decimals, "99.96". One that is out of bounds is the last
 * that can be said, 99.99 or 0.01. */
struct str exact_digits(struct arena *a, const struct rounded *r);
/* The number for people: trailing zeros behind the first decimal are left out (46.1, 17.06, 100.0);
 * "> 99.9" and "< 0.1" beyond the bounds, with a no-break space. */
struct str exact_text(struct arena *a, const struct rounded *r);

#endif
